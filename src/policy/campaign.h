// Campaigns: to whom, what, over which channels, and how much of it.
#ifndef PATRON_POLICY_CAMPAIGN_H
#define PATRON_POLICY_CAMPAIGN_H

#include "policy/playbook.h"
#include "policy/rule.h"

struct offer {
    struct str kind;    // "waive_fee"; empty if there is none
    struct str text;    // for people and files: "waive_fee up_to=300 after_purchases=6"
    bool counts;        // points or cash: so many of them,
    double number;      // or, if it is given, what this comes to for the customer, whole points or
    struct rule amount; // minor units of money
    struct place at;
};

// A way to reach customers. One that only campaigns name is open to all, free and without end.
struct channel {
    struct str name;
    struct rule when, never, cost;
    int64_t capacity; // contacts a run; -1: any number. Or a quota says it
    struct place at;
};

enum { CHANNELS_MOST = 32 };

// So many of something, within a window that ends at the as-of date; without one since the
// campaign's period began.
struct limit {
    bool given;
    double most; // a whole number, or an amount of money; or a quota says it
    struct duration per;
};

enum effect_kind {
    EFFECT_NONE,
    EFFECT_RETENTION,
    EFFECT_FREQUENCY,
    EFFECT_SPEND,
    EFFECT_REFERRAL,
};
#define EFFECT_KINDS (EFFECT_REFERRAL + 1)

const char *effect_name(enum effect_kind kind); // the word: "retention"; "" of none

struct belief; // what an experiment says (trial/belief.h)

// What an offer changes: its net is uplift x value - cost, uplift = size, or size x base. A size
// that comes `from` an experiment is a plain number, and what was believed before it.
struct effect {
    enum effect_kind kind;
    struct rule size, base; // the base is what there is without the offer
    bool relative;
    bool on_success; // the cost is for each of base + uplift, not for the offer
    double sd;       // below 0: it was not said
    struct str evidence;
    struct str from, arm;   // a campaign in contacts, and one of its arms; empty: none, and all
    double stated;          // the size, if it is `from`
    const double *measured; // then by class of the first scheme, at their number of who has none;
                            // NULL: nothing was measured, and the size holds
    const struct belief *belief; // of its experiment, or NULL
};

struct caps {
    struct limit customer, total, budget;
    int scheme;          // whose classes have caps
    const int64_t *most; // by class, -1: any number; NULL: none has
};

struct period {
    int32_t from, to; // the first and the last day
};

struct campaign {
    struct str name, goal;
    struct rule when, never, cost, value;
    struct offer offer;
    struct effect effect;
    int channels;
    const int *channel; // of the policy's, in order of preference
    int playbooks;      // at most one a channel
    const struct attached *playbook;
    struct caps caps;
    struct period period;
    int64_t priority; // 1 to PRIORITY_MOST, 1 is the first; 0: none, so behind all that have one
    double holdout;   // share, 0 to below 1
    struct place at;
};

bool campaign_lets_go(const struct campaign *c); // its offer is to do nothing

// How often a customer may be contacted, by several campaigns together.
struct contact_policy {
    struct str name;
    struct limit customer, rest; // a rest is a limit of one
    uint32_t channels;           // a bit each; 0: all
    const bool *campaign; // by campaign, whether it counts; NULL: all do, and any in the history
    struct place at;
};

enum { PRIORITY_MOST = 1000 };
enum allocation { ALLOCATE_NET, ALLOCATE_NET_PER_COST, ALLOCATE_PRIORITY };

#endif
