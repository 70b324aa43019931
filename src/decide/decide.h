// Deciding: tiers, then propose (every customer alone), then allocate (all candidates together).
#ifndef PATRON_DECIDE_DECIDE_H
#define PATRON_DECIDE_DECIDE_H

#include "base/host.h"
#include "decide/referral.h"
#include "policy/policy.h"

// What became of a customer and a campaign.
enum reason {
    REASON_GRANTED,        // the offer is made
    REASON_HOLDOUT,        // won, but held out as a control of the campaign
    REASON_POLICY_HOLDOUT, // won, but held out as a control of the policy
    REASON_OUTBID,         // the customer got another offer
    REASON_BUDGET,         // what was left of the budget was too little
    REASON_CAPACITY,       // the channels were full
    REASON_TOTAL_CAP,      // the offer was made as often as it may
    REASON_CLASS_CAP,      // ... to the customer's class
    REASON_CUSTOMER_CAP,   // ... to the customer, by the history
    REASON_CONTACT_POLICY, // the customer was contacted as often as may be, by the history
    REASON_NO_CHANNEL,     // no channel of the campaign reaches the customer
    REASON_NEVER,          // `never` holds
    REASON_SUPPRESSED,     // a value that `never` needs is missing: no contact
    REASON_UNKNOWN,        // a value that another rule needs is missing: no offer
    REASON_FAULT,          // a rule failed, which is recorded
    REASON_INELIGIBLE,     // `when` does not hold
    REASON_PERIOD,         // the campaign is not running on that day
    REASONS
};

const char *reason_name(enum reason r); // as files have it: "granted", ...
const char *reason_help(enum reason r);
bool reason_is_control(enum reason r); // won, and held out
bool reason_is_won(enum reason r);     // granted or held out
// The campaign's own rules let it be offered; who else got something keeps it back, if anything.
bool reason_is_open(enum reason r);

// Every customer's class in a scheme.
struct standing {
    const struct scheme *scheme;
    const struct column *class;     // a label; missing where no class holds
    const struct column *undecided; // a flag: a class above was passed over for a missing value
    const struct column **column;   // all columns of the scheme, as in scheme->column
    const uint64_t *hits;           // of a table that collects, by customer: its rows as bits
    int64_t *count;                 // by class; at [n]: without one. (Collected: all that hold)
    const uint8_t *fault;           // [customer] 1: a rule failed, so no class
    int64_t undecided_count, faults;
    // Of a scheme with a memory, else NULL: labels and dates, by customer.
    const struct column *state, *until, *entered, *reviewed;
    int64_t state_count[TIER_STATES];
    const int32_t *before; // [customer] the class before, or -1
    int64_t strange;       // customers whose tier before is none of the policy's,
    int64_t later;         // or is from after the as-of date: to both it is as if there were none
};

// Whether the class is the customer's; where a table collects, whether it is one of them.
bool standing_holds(const struct standing *t, int64_t customer, int class);

// A customer and a campaign that could be offered: `when` holds and nothing forbids it.
struct candidate {
    int64_t customer;
    int32_t campaign;
    int32_t channel;          // by its place among the campaign's; -1: it has none
    uint32_t ways;            // a bit for each channel, by its place, that could be taken instead
    int64_t cost, value, net; // minor units; the cost is that of the offer and of the contact
    double amount; // of an offer that counts: whole points, or money as expressions see it
};

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

// What offers draw on, each one piece or its cost, until too little is left.
enum stock_kind { STOCK_BUDGET, STOCK_CAPACITY, STOCK_TOTAL, STOCK_CLASS };
struct stock {
    enum stock_kind kind;
    int campaign;               // -1 of a channel's capacity
    int owner;                  // of a capacity the channel, of a class's cap the class
    int64_t size, before, left; // pieces or minor units: in all, gone by the history, left now
    int64_t refused;            // candidates for whom too little was left
    int64_t first, net;         // the first of them, a customer (-1: nobody), and what it would net
};

struct decisions {
    const struct policy *policy;
    const struct dataset *data;
    struct board *board;
    struct standing *standing; // policy->schemes of them
    struct history history;
    struct reach *reach; // policy->channels of them
    uint8_t **reason;    // [campaign][customer]: an enum reason
    int64_t candidates;  // in order of customer, then campaign
    struct candidate *candidate;
    int stocks;
    struct stock *stock;       // of the campaigns, in their order, then of the channels
    int64_t *chosen;           // [customer]: the candidate granted or held out, or -1
    int64_t (*count)[REASONS]; // [campaign][reason]; each campaign's add up to the customers
    int64_t granted_cost;      // of all granted offers, minor units
    int64_t granted_value;
    const struct edges *edges; // NULL: the policy has no referrals, or this is a customer alone
    struct referred *referred; // policy->referrals of them
    int64_t faulty;            // customers for whom a rule failed
    int64_t first_faulty;      // the first of them, or -1
    int64_t failures;          // what failed, in order of customer, then line
    const struct failure *failure;
    struct evaluator *evaluator; // by worker
};

enum reason stock_reason(enum stock_kind k); // of whom it did not suffice for
const char *stock_name(enum stock_kind k);   // as files have it: "budget", ...

// What a candidate is offered: "points 340", with the amount that is the customer's.
struct str decide_offer(struct arena *a, const struct decisions *d, const struct candidate *c);
// The channel by which a candidate is reached; NULL if there is none.
const struct channel *decide_channel(const struct decisions *d, const struct candidate *c);
// The limits on contacts with a customer, of the campaigns, then of the contact policies.
int decide_pressures(struct arena *a, const struct decisions *d, int64_t customer,
                     const struct pressure **out);
// Whether a contact policy keeps a customer from an offer of the campaign, by a channel of its.
bool decide_presses(const struct decisions *d, int contact_policy, const struct campaign *c,
                    int64_t customer);
// What failed of a campaign, or of a channel of its, for a customer; NULL: nothing.
const struct failure *decide_failure(const struct decisions *d, int64_t customer, int campaign);

// Decides for every customer of the dataset by a policy compiled against the board. Puts the
// columns of the schemes on the board. Bit-identical for any number of threads.
enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err);

#endif
