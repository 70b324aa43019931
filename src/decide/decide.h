// Deciding: propose looks at every customer alone, allocate at all candidates together.
#ifndef PATRON_DECIDE_DECIDE_H
#define PATRON_DECIDE_DECIDE_H

#include "base/host.h"
#include "policy/policy.h"

// What became of a customer and a campaign.
enum reason {
    REASON_GRANTED,    // the offer is made
    REASON_INELIGIBLE, // `when` is false
    REASON_NEVER,      // `never` is true
    REASON_UNKNOWN,    // a missing value in `when`, `cost` or `value`: no offer
    REASON_SUPPRESSED, // a missing value in `never`: no offer
    REASON_FAULT,      // an expression failed, which is recorded
    REASON_OUTBID,     // another campaign had the better net
    REASON_HOLDOUT,    // won, but held out as a control
    REASONS
};
const char *reason_name(enum reason r); // as files have it: "granted", "ineligible", ...
const char *reason_help(enum reason r);

// The customer's tier in one system.
struct tiering {
    const struct tiers *system;
    struct column *column; // a label; missing when no tier holds
    uint8_t *undecided;    // 1: a tier above was passed over for a missing value
    uint8_t *fault;        // 1: an expression failed: no tier
};

// One customer and one campaign that could be offered: `when` holds and nothing forbids it.
struct candidate {
    uint32_t customer;
    uint16_t campaign;
    uint8_t reason;
    int64_t cost, value, net; // minor units
};

struct decisions {
    const struct policy *policy;
    const struct dataset *data;
    const struct board *board;
    int64_t customers;
    struct tiering *tiering; // policy->tier_systems of them
    uint8_t **reason;        // [campaign][customer], an enum reason
    int64_t candidates;      // in order of customer, then campaign
    struct candidate *candidate;
    int64_t *chosen;             // [customer]: index of the granted or held-out candidate, or -1
    int64_t count[REASONS];      // customer-campaign pairs by reason
    int64_t faults, first_fault; // customers for whom an expression failed; -1 if none
};

// Compiled policy and board (over the whole dataset) to decisions.
enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err);

#endif
