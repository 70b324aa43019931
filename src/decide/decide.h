// Deciding: tiers, then propose (every customer alone), then allocate (all candidates together).
#ifndef PATRON_DECIDE_DECIDE_H
#define PATRON_DECIDE_DECIDE_H

#include "base/host.h"
#include "decide/referral.h"
#include "policy/policy.h"

// What became of a customer and a campaign.
enum reason {
    REASON_GRANTED,    // the offer is made
    REASON_HOLDOUT,    // won, but held out as a control
    REASON_OUTBID,     // another campaign had the better net
    REASON_NEVER,      // `never` holds
    REASON_SUPPRESSED, // a value that `never` needs is missing: no contact
    REASON_UNKNOWN,    // a value that `when`, `cost` or `value` needs is missing: no offer
    REASON_FAULT,      // a rule failed, which is recorded
    REASON_INELIGIBLE, // `when` does not hold
    REASONS
};

const char *reason_name(enum reason r); // as files have it: "granted", ...
const char *reason_help(enum reason r);

// Every customer's class in a scheme.
struct standing {
    const struct scheme *scheme;
    const struct column *class;     // a label; missing where no class holds
    const struct column *undecided; // a flag: a class above was passed over for a missing value
    const struct column **column;   // all columns of the scheme, as in scheme->column
    int64_t *count;                 // by class; at [n]: without one
    const uint8_t *fault;           // [customer] 1: a rule failed, so no class
    int64_t undecided_count, faults;
};

// A customer and a campaign that could be offered: `when` holds and nothing forbids it.
struct candidate {
    int64_t customer;
    int32_t campaign;
    int64_t cost, value, net; // minor units
};

struct decisions {
    const struct policy *policy;
    const struct dataset *data;
    struct board *board;
    struct standing *standing; // policy->schemes of them
    uint8_t **reason;          // [campaign][customer]: an enum reason
    int64_t candidates;        // in order of customer, then campaign
    struct candidate *candidate;
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

// What failed of a campaign for a customer; NULL: nothing.
const struct failure *decide_failure(const struct decisions *d, int64_t customer, int campaign);

// Decides for every customer of the dataset by a policy compiled against the board. Puts the
// columns of the schemes on the board. Bit-identical for any number of threads.
enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err);

#endif
