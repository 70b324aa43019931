// The best allocation of offers to customers within a budget and all other supplies.
#ifndef PATRON_BUDGET_BEST_H
#define PATRON_BUDGET_BEST_H

#include "budget/dual.h"

struct best {
    int64_t cost, value;
    int64_t bound;        // no allocation brings more to those who are not held out at its prices
    struct step price;    // of money; cost 0: more of it changes nothing
    bool sided;           // other supplies than the budget were scarce
    struct prices prices; // of all supplies
    int32_t *choice;      // [customer]: its number among the customer's, a control's, too; -1: none
};

// Of many customers a sample tells prices to begin with; value and bound are those of all of them.
// With the budget alone the value is below the bound by less than one step of one customer; of few
// customers mostly nothing is better, and the bound is the value.
// `near`: prices of the same choices under other supplies, from which to begin; or NULL.
enum status best_use(struct arena *a, const struct host *host, const struct choices *c,
                     const struct prices *near, struct best *out, struct err *err);

// Every so many-th customer, so that there are at most `most`, with that share of all supplies.
struct choices best_sample(struct arena *a, const struct choices *c, int64_t most, int64_t *every);

// The choices as offers of the budget's curve, as if nothing else were scarce; they stay valid with
// the choices.
struct offers best_offers(const struct choices *c);

#endif
