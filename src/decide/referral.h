// Referrals: every row of the table referrals against every referral block of the policy, and what
// is to be paid for it.
#ifndef PATRON_DECIDE_REFERRAL_H
#define PATRON_DECIDE_REFERRAL_H

#include "policy/policy.h"

// What became of a referral and a referral block.
enum referral_reason {
    REFERRAL_GRANTED,    // the reward is to be paid
    REFERRAL_PAID,       // it was paid before
    REFERRAL_TAKEN_BACK, // it was paid before, and is taken back
    REFERRAL_CAP,
    REFERRAL_BUDGET,
    REFERRAL_PENDING,     // `hold` is not over
    REFERRAL_UNQUALIFIED, // `qualifies` does not hold
    REFERRAL_UNREWARDED,  // no part of `reward` is for such a customer
    REFERRAL_BLOCKED,     // `block` holds
    REFERRAL_SUPPRESSED,  // a value that `block` needs is missing: not rewarded
    REFERRAL_UNKNOWN,     // a value that another rule needs is missing: not rewarded
    REFERRAL_FAULT,       // a rule failed, which is recorded
    REFERRAL_OTHER,       // another referrer is credited with the friend
    REFERRAL_UNCREDITED,  // nobody is: it would close a ring of credits
    REFERRAL_REPEATED,    // an earlier row says the same
    REFERRAL_SELF,
    REFERRAL_EARLY,     // it is from before the referrer joined
    REFERRAL_STRANGER,  // the friend is no customer (yet)
    REFERRAL_ELSEWHERE, // of another programme
    REFERRAL_REASONS
};

const char *referral_reason_name(enum referral_reason r); // as files have it: "granted", ...
const char *referral_reason_help(enum referral_reason r);

// The rows of referrals, in order of referrer, day and friend; of one day and pair as their columns
// stand. So the order of the input changes nothing.
struct edges {
    int64_t n;
    const struct table *table;
    int32_t *referrer, *friend; // customers; a friend may be NOBODY (metric/graph.h)
    int64_t *row;               // of the table
    uint8_t *standing;          // an enum referral_reason, before any block is asked
};

// The day of one that has one.
int32_t edge_date(const struct edges *e, int64_t edge);

// What is paid for a referral, in minor units; negative where it is taken back.
struct reward {
    int64_t edge;
    int64_t amount[PARTIES];
    int64_t value;
};

// What became of all referrals under one block of the policy.
struct referred {
    const struct referral *referral;
    uint8_t *reason;                 // [edge]: an enum referral_reason
    int64_t count[REFERRAL_REASONS]; // they add up to the edges
    int64_t rewards;                 // granted or taken back, in order of edge
    struct reward *reward;
    int64_t paid, taken_back, value; // sums, of what is granted and of what is taken back
};

struct decisions;

// Fills d->edges and d->referred, with nothing for a customer alone, whose friends are not here.
enum status decide_referrals(struct arena *a, const struct host *host, struct decisions *d,
                             struct err *err);

// The columns by slot that a referral's rule reads, of one edge, as row 0. Decided it must be.
const struct column *const *referral_columns(struct arena *a, const struct decisions *d,
                                             int64_t edge, const struct rule *rule);
// The first day on which a referral of that day can be rewarded.
int32_t referral_due(const struct referral *k, int32_t date);
// What failed of a block for an edge; NULL: nothing.
const struct failure *referral_failure(const struct decisions *d, const struct referral *k,
                                       int64_t edge);

#endif
