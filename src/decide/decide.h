// Deciding: schemes, then propose (every customer alone), then allocate (all candidates together).
#ifndef PATRON_DECIDE_DECIDE_H
#define PATRON_DECIDE_DECIDE_H

#include "base/host.h"
#include "decide/reason.h"
#include "decide/referral.h"
#include "decide/standing.h"
#include "decide/stock.h"
#include "policy/policy.h"

// A customer and a campaign that could be offered: `when` holds and nothing forbids it. There are
// more of them than customers: they are kept small.
struct candidate {
    int32_t customer, campaign;
    int32_t channel;     // by its place among the campaign's; -1: it has none
    uint32_t ways;       // a bit for each channel, by its place, that could be taken instead
    int64_t cost, value; // minor units; the cost is that of the offer and of the contact
    double amount;       // of an offer that counts: whole points, or money as expressions see it
    double uplift;       // by its effect; 0 without one
};

// What a candidate's cost and value were made of: value = uplift x worth; cost = contact + offer,
// or contact + offer x (base + uplift) of an effect that is paid on success. Money in major units,
// before it was rounded.
struct stake {
    double base;         // what there is without the offer; NAN: not said
    double uplift;       // 1 without an effect: then the worth is all that the offer brings
    double worth, offer; // of one unit of the effect; what the offer costs
};

static inline int64_t candidate_net(const struct candidate *c) {
    return c->value - c->cost;
}

// Whom a channel reaches, and what a contact costs. Of customers to whom nothing was to be sent,
// nothing is known.
struct reach {
    uint8_t *state; // [customer] an enum reach_state; NULL: it reaches everybody
    int64_t *cost;  // [customer] minor units; NULL: nothing
};
enum reach_state { REACH_OPEN, REACH_CLOSED, REACH_FAULT };

// What the tables `contacts` and `rewards` say was done before. Sums stand for one campaign, and
// count what its caps count.
struct history {
    const uint64_t **capped;  // [campaign] bits of customers who had it often enough; or NULL
    const uint64_t **pressed; // [contact policy] bits of customers contacted often enough; or NULL
    int64_t *made;            // [campaign] contacts
    int64_t **made_to;        // [campaign][class] of the scheme of its class caps
    int64_t *spent;           // [campaign] minor units
};

// How far one customer's history fills a limit.
struct pressure {
    const struct limit *limit;
    int campaign;        // of whose caps it is, or -1,
    int contact_policy;  // or of which contact policy
    int64_t times;       // contacts that count,
    int32_t first, last; // from that day on (DATE_MIN: all there are), and the last of them
    int32_t open;        // the first day on which there is room; DATE_MAX: no day is known
};

struct decisions {
    const struct policy *policy;
    const struct dataset *data;
    struct board *board;
    struct standing *standing; // policy->schemes of them
    const uint8_t *gone;       // [customer] 1: is not there any more; NULL: all are
    struct history history;
    struct reach *reach; // policy->channels of them
    uint8_t **reason;    // [campaign][customer]: an enum reason
    int64_t candidates;  // in order of customer, then campaign
    struct candidate *candidate;
    bool staking;
    struct stake *stake; // of each candidate, if `staking`; else NULL
    int stocks;
    struct stock *stock;       // of the campaigns, in their order, then of the channels
    int64_t *chosen;           // [customer]: the candidate granted or held out, or -1
    int64_t (*count)[REASONS]; // [campaign][reason]; each campaign's add up to the customers;
                               // like those of the standings not counted by decide_by
    int64_t granted_cost;      // of all granted offers, minor units
    int64_t granted_value;
    int64_t losing; // of the granted offers, those whose stated value is below their cost
    const struct edges *edges; // NULL: the policy has no referrals, or this is a customer alone
    struct referred *referred; // policy->referrals of them
    int64_t faulty;            // customers for whom a rule failed
    int64_t first_faulty;      // the first of them, or -1
    int64_t failures;          // what failed, in order of customer, then line
    const struct failure *failure;
    struct evaluator *evaluator; // by worker
};

// What a candidate is offered: "points 340", with the amount that is the customer's.
struct str decide_offer(struct arena *a, const struct decisions *d, const struct candidate *c);
// Whether its stated value is below its cost.
static inline bool decide_losing(const struct decisions *d, const struct candidate *c) {
    return c->value < c->cost && rule_given(&d->policy->campaign[c->campaign].value);
}
// Whether the candidate's offer is made.
static inline bool decide_granted(const struct decisions *d, const struct candidate *c) {
    return d->reason[c->campaign][c->customer] == REASON_GRANTED;
}
// What the customer gets: a candidate that is granted; NULL: nothing.
const struct candidate *decide_grant(const struct decisions *d, int64_t customer);
// The customer's class in the policy's first scheme; its number of classes: none. 0 without
// schemes.
int decide_class(const struct decisions *d, int64_t customer);
// The channel by which a candidate is reached; NULL if there is none.
const struct channel *decide_channel(const struct decisions *d, const struct candidate *c);
// What a contact by it costs, in minor units.
int64_t decide_contact_cost(const struct decisions *d, const struct candidate *c);
// The limits on contacts with a customer, of the campaigns, then of the contact policies.
int decide_pressures(struct arena *a, const struct decisions *d, int64_t customer,
                     const struct pressure **out);
// Whether a contact policy keeps a customer from an offer of the campaign, by a channel of its.
bool decide_presses(const struct decisions *d, int contact_policy, const struct campaign *c,
                    int64_t customer);
// The first candidate of the customer and a campaign from this one on, or of a customer behind;
// d->candidates: there is none.
int64_t decide_candidates_from(const struct decisions *d, int64_t customer, int campaign);
// What failed of a campaign, or of a channel of its, for a customer; NULL: nothing.
const struct failure *decide_failure(const struct decisions *d, int64_t customer, int campaign);

// Decides for every customer of the dataset by a policy compiled against the board. Puts the
// columns of the schemes on the board. Bit-identical for any number of threads.
enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err);
// The same, and keeps what is at stake with every candidate.
enum status decide_staking(struct arena *a, const struct host *host, const struct policy *p,
                           struct board *board, const struct dataset *data, struct decisions **out,
                           struct err *err);
// The same by what the caller gives: `policy`, `data`, `board`, and the `evaluator` of each worker,
// which may have decided before. To whom is `gone` nothing is proposed: they are ineligible.
enum status decide_by(struct arena *a, const struct host *host, struct decisions *d,
                      struct err *err);

#endif
