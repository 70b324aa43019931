// What others would do with the same budget, under the same limits: the allocations that a firm
// would think of first, for comparison.
#ifndef PATRON_BUDGET_RIVAL_H
#define PATRON_BUDGET_RIVAL_H

#include "budget/market.h"
#include "decide/decide.h"

enum rival_kind {
    RIVAL_NOBODY,
    RIVAL_EVERYBODY, // as far as the money goes, in no particular order
    RIVAL_WORTH,     // who is worth most goes first
    RIVAL_RISK,      // who has the lowest base rate goes first
    RIVAL_POLICY,    // what the policy grants, in its own order
    RIVALS,
};

struct rival {
    bool known; // else no base rate is said, by which to tell risk
    int64_t offers, cost, value;
};

const char *rival_name(enum rival_kind k); // for people and files

// Of each kind. But for the policy's own, who has their turn gets the offer of the best net that
// fits, until less than the cheapest choice costs is left.
enum status rivals_of(const struct host *host, const struct market *m, const struct stake *stake,
                      int64_t cheapest, struct rival out[RIVALS], struct err *err);

#endif
