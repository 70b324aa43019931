// What a budget is worth: its best use, what more or less of it would bring, and what others would
// do with it.
#ifndef PATRON_BUDGET_BUDGET_H
#define PATRON_BUDGET_BUDGET_H

#include "budget/best.h"
#include "budget/rival.h"

struct budget_point {
    int64_t cost, value;
};

struct budget {
    const struct market *market;
    struct best best; // values as they are believed
    int64_t offers;
    int64_t promise;          // what the same offers would earn as the policy states its effects
    bool apart;               // ... which is more, or less, than what is believed of them,
    bool believed;            // as other estimates say otherwise; or else as more stay anyway
    int64_t cheapest;         // what the cheapest offer costs; -1: there is none
    int64_t dearest;          // what the dearest costs
    struct budget_point next; // more money, and what it earns
    // The curve: exact if the budget alone is scarce, else reached for some budgets.
    int points;
    const struct budget_point *point;
    struct budget_point top;    // of the greatest net
    int64_t flat_from, flat_to; // between these costs the net is within 1 % of that
    int64_t all;                // more money than this changes nothing
    struct rival rival[RIVALS];
};

// The uplifts are believed as far as each was measured and as all together bear out: if there are
// enough with an sd, each is drawn towards what they have in common (trial/shrink.h);
// of those that are `from` an experiment what it measured.
enum status budget_of(struct arena *a, const struct host *host, const struct decisions *d,
                      const struct stake *stake, int64_t budget, struct budget **out,
                      struct err *err);

#endif
