// A policy as plain data: what the helper process read from the Lua file, checked against the
// vocabulary, and its expressions compiled against a board. No Lua type shows here.
#ifndef PATRON_POLICY_POLICY_H
#define PATRON_POLICY_POLICY_H

#include "base/finding.h"
#include "base/hash.h"
#include "metric/board.h"
#include "metric/points.h"
#include "policy/playbook.h"
#include "policy/rule.h"

struct input {
    struct str name;
    enum type type;
    const struct dict *labels; // the closed set of a label, or NULL
    struct place at;
};

struct param {
    struct str name;
    enum type type; // TYPE_INTEGER, TYPE_NUMBER, TYPE_FLAG or TYPE_LABEL
    struct value value;
    bool ranged;
    double from, to;
    bool changed; // by --set
    struct place at;
};

// One class of a scheme: who has it, and what they are called.
struct class {
    struct str name;
    struct rule when; // not given: always holds
    struct rule keep; // what keeps it; not given: `when`
    struct place at;
};

// How a tier came to be a customer's; a scheme without memory has none.
enum tier_state { STATE_NEW, STATE_ENTERED, STATE_KEPT, STATE_GRACE, STATE_FELL, TIER_STATES };
extern const char *const tier_states[TIER_STATES]; // as files have them: "in grace"

// Where a customer goes who keeps a tier no more.
enum fall { FALL_TO_WHAT_HOLDS, FALL_ONE_TIER, FALL_NEVER };

// A column of the data that a block names.
struct named {
    struct str name; // empty: none
    struct place at;
};

// What tiers know of the tier before, and how long that stands. docs/tiers.md
struct memory {
    bool on;
    struct named previous, since, reviewed; // without `previous`: from the table tier_history
    struct duration review;                 // how often; 0/0: every run is one
    struct duration valid;                  // before the first; 0/0: as `review`
    struct duration grace;
    enum fall fall;
};

enum scheme_kind { SCHEME_TIERS, SCHEME_SEGMENTS, SCHEME_MATRIX, SCHEME_TREE, SCHEME_TABLE };

// What the kinds of schemes are called, by kind.
struct scheme_words {
    const char *block;   // the word that declares one: "tiers"
    const char *class;   // one of its classes: "tier",
    const char *classes; // and several
    const char *first;   // what the first of them is called beside its own name: "tier"; or NULL
};
extern const struct scheme_words scheme_words[];

// A column that a scheme brings.
enum aspect {
    ASPECT_CLASS,
    ASPECT_UNDECIDED,
    ASPECT_STATE,    // these with a memory only
    ASPECT_UNTIL,    // how long nothing takes the tier away
    ASPECT_ENTERED,  // since when it is the customer's
    ASPECT_REVIEWED, // and which review it passed last
    ASPECT_DETAIL,
};

struct scheme_column {
    struct str name; // "card", "card_undecided", "card_owner"
    enum aspect aspect;
    bool again;                  // of the first of a kind: "tier", "tier_undecided", "tier_owner"
    const struct column *detail; // by class: what the class says of it, or missing
    struct place at;
};

// What sorts customers: of its classes, in order, the first that holds is a customer's. Tiers,
// from high to low, are ordered.
struct scheme {
    enum scheme_kind kind;
    struct str name; // of the column: "card"
    bool collects;   // of a table: all rows that hold count, not the first alone
    int n;
    struct class *class;
    const struct dict *labels; // the names of the classes, in their order
    const struct dict *names;  // the same as expressions see them: only tiers have an order
    const struct dict *states; // of a memory: tier_states
    struct memory memory;
    int columns; // the class, whether it is undecided, the details; then perhaps all of them again
    const struct scheme_column *column;
    struct place at;
};

struct offer {
    struct str kind; // "waive_fee"; empty if there is none
    struct str text; // for people and files: "waive_fee up_to=300 after_purchases=6"
    struct place at;
};

// A way to reach customers. One that only campaigns name is open to all, free and without end.
struct channel {
    struct str name;
    struct rule when, never, cost;
    int64_t capacity; // contacts a run; -1: any number
    struct place at;
};

enum { CHANNELS_MOST = 32 };

// So many of something, within a window that ends at the as-of date; without one since the
// campaign's period began.
struct limit {
    bool given;
    double most; // a whole number, or an amount of money
    struct duration per;
};

enum effect_kind {
    EFFECT_NONE,
    EFFECT_RETENTION,
    EFFECT_FREQUENCY,
    EFFECT_SPEND,
    EFFECT_REFERRAL,
};

const char *effect_name(enum effect_kind kind); // the word: "retention"; "" of none

// What an offer changes: its net is uplift x value - cost, uplift = size, or size x base.
struct effect {
    enum effect_kind kind;
    struct rule size, base;
    bool relative;
    double sd;
    struct str evidence;
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

// Who gets a reward for a referral.
enum party { PARTY_REFERRER, PARTY_FRIEND, PARTIES };

// What a referral brings, if it is the first prize of its block that fits.
struct prize {
    struct rule when;            // the class of customer; not given: any
    int64_t least;               // it is at least the referrer's so many-th qualified referral
    struct rule amount[PARTIES]; // not given: nothing
    struct place at;
};

struct referral {
    struct str name, programme; // programme: of the rows that it is about; empty: all
    struct rule qualifies, block, claw_back, value;
    struct duration hold; // from the day of the referral
    int prizes;
    struct prize *prize;
    struct caps caps; // per customer: per referrer
    struct place at;
};

// A value that a test gives to a column; a date is given as "YYYY-MM-DD".
struct given {
    struct str name;
    struct value value;
    struct place at;
};

// What a column of that type takes: "a day such as ...".
const char *given_takes(enum type type);

// Rows that a test gives to a table.
struct given_table {
    struct str name;
    struct place at;
    int rows;
    struct given_row {
        struct place at;
        int given;
        const struct given *give;
    } * row;
};

// A test: one customer, and what the policy must give. Of a `test` block with cases each case is
// one, which has what the block says unless it says otherwise itself.
struct expectation {
    struct str name; // of a case "the block's: the case's"
    struct place at;
    bool has_customer, has_gives; // both must have
    int given;
    const struct given *give;
    bool has_today;
    int32_t today;
    int tables; // whose rows are given; values over the other tables are missing
    const struct given_table *table;
    int columns; // of schemes: the customer's class in one, or what that says
    struct given *column;
    bool has_friend; // whom the customer brought, by this row of referrals
    int friend_given, row_given;
    const struct given *friend, *row;
    struct place friend_at;
    bool has_reward[PARTIES]; // what they get for it was written
    double reward[PARTIES];
    bool has_offers; // `offers` was written: exactly these campaigns, {} is none
    int offers;
    const struct str *offer;
    struct expected_amount { // of all offers together
        bool given;
        double amount;
    } cost, value;
};

// Where a rule of the policy stands. Everything that goes through all rules walks the sites.
enum site_kind { SITE_CONDITION, SITE_AMOUNT, SITE_SHOWN }; // shown: any value, in a text

struct site {
    struct rule *rule;
    enum site_kind kind;
    const char *word;          // under which it is written: "when", "never", "cost"
    struct scheme *scheme;     // of a class, or NULL
    struct class *class;       // the class, or NULL
    struct campaign *campaign; // or NULL
    struct channel *channel;   // or NULL
    struct referral *referral; // or NULL
    struct playbook *playbook; // or NULL
};

struct policy {
    struct str path, source; // the file's text
    struct str title, currency;
    char sha256[HASH_HEX];
    double holdout; // the share of customers who get nothing at all
    enum allocation allocate;
    int inputs, params, metrics, loyalties, schemes, channels, playbooks, campaigns,
        contact_policies, referrals, tests, routines;
    const struct input *input;
    struct param *param;
    const struct declared *metric; // also the figures of the loyalty programmes
    struct points *loyalty;
    struct scheme *scheme;
    const int *order; // the schemes so that each comes behind those that it reads; compiled
    struct channel *channel;
    struct playbook *playbook;
    struct campaign *campaign;
    const struct contact_policy *contact_policy;
    struct referral *referral;
    struct pairs *pairs; // what the rules of referrals read, once they are compiled; or NULL
    const struct expectation *test;
    struct routine **routine; // in the order in which they were read
    int sites;
    struct site
        *site; // every rule: of schemes, channels, campaigns, referrals, playbooks, in their order
    struct pool *pool;         // of processes that call them
    struct outcomes *outcomes; // where what clauses come to is recorded; or NULL (outcomes.h)
};

// One --set name=value.
struct setting {
    struct str name, value;
};

struct policy_options {
    const struct setting *settings;
    int n_settings;
    // The program that is spawned to run the script; it calls policy_helper_main then
    // (policy/helper.h). NULL: this program. Hosts other than patron itself must set it.
    const char *helper;
    const struct host *host; // asked whether to go on; may be NULL
    int deadline_ms;         // for running the script; 0: 2000
    int customer_ms;         // of the processor, for a function and a customer; 0: 200
};

// Reads the policy through the helper process and checks its words. What is wrong with it goes to
// `findings`, with its place: REFUSED then. A setting that fits no param is MISUSED.
enum status policy_load(struct arena *a, const char *path, const struct policy_options *o,
                        struct findings *findings, struct policy **out, struct err *err);

// (Again) lists the rules of the policy as p->site, once all of its blocks are there. (sites.c)
void policy_list_sites(struct arena *a, struct policy *p);
// The type (and the labels) of a column of a scheme.
struct expected scheme_expected(const struct scheme *s, const struct scheme_column *c);
// "a tiers block", "the mark of a tiers block", "a detail of a tiers block".
const char *scheme_column_what(struct arena *a, const struct scheme *s,
                               const struct scheme_column *c);
// The column of that name, and in *scheme (unless NULL) whose it is; NULL if no scheme has it.
const struct scheme_column *scheme_find_column(const struct policy *p, struct str name,
                                               const struct scheme **scheme);

// What a rule is of, and its name: a "scheme", "channel", "campaign", "referral" or "playbook".
const char *site_owner(const struct site *s, struct str *name);
// Where a rule of the policy stands.
const struct site *policy_site(const struct policy *p, const struct rule *rule);

// A copy to compile by itself, so that one that is held open can be used by many runs at once. It
// shares all but the rules.
struct policy *policy_copy(struct arena *a, const struct policy *p);

// A board for the policy: its metrics, params and inputs over a dataset (or none), with its
// schemes announced.
struct board *policy_board(struct arena *a, const struct policy *p, const struct host *host,
                           const struct dataset *data);

// Compiles every rule against the board and checks it: names, types, labels,
// inputs that the data lacks or has with another type. REFUSED if a finding is an error.
enum status policy_compile(struct arena *a, struct policy *p, struct board *board,
                           const struct dataset *data, struct findings *findings, struct err *err);

// What is wrong with the sense of a compiled policy, told without data: classes that nobody has,
// campaigns that never fire, clauses that say nothing ... Each finding shows a customer for whom it
// is so, or the clauses from which it follows. (audit.c)
void policy_audit(struct arena *a, const struct policy *p, struct board *board,
                  struct findings *findings);

// What to do about findings with that code; NULL where the text says it. (remedy.c)
const char *policy_remedy(const char *code);

// Where those findings end that stand at a word of the policy, for editors. (audit.c)
void policy_mark_ends(struct arena *a, const struct policy *p, struct findings *findings);

// Disables the functions that were seen to keep state, and says so to the host. True if there is a
// new one: then whatever was evaluated meanwhile has to be evaluated again. (What such a function
// gave depends on which customers it met before.)
bool policy_settle(const struct policy *p, const struct host *host);

// ---- the vocabulary, for documentation and editors ------------------------------------------

struct word {
    const char *block; // where it stands: "campaign"; "" for the blocks themselves
    const char *name;  // "when"
    const char *takes; // "a condition", "text", "a share from 0 to below 1", ...
    bool required;
    bool global;      // a name that the script may use anywhere, no key
    const char *help; // a sentence
};
const struct word *policy_word(size_t i); // NULL behind the last

#endif
