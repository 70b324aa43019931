// The best allocation of offers to customers within a budget and all other supplies.
#ifndef PATRON_SIMULATE_BEST_H
#define PATRON_SIMULATE_BEST_H

#include "simulate/dual.h"

struct best {
    int64_t cost, value;
    int64_t bound;        // no allocation brings more to those who are not held out at its prices
    struct step price;    // of money; cost 0: more of it changes nothing
    bool sided;           // other supplies than the budget were scarce
    struct prices prices; // then: of all supplies
    int32_t *choice;      // [customer]: its number among the customer's, a control's, too; -1: none
};

// With the budget alone the value is below the bound by less than one step of one customer.
enum status best_use(struct arena *a, const struct host *host, const struct choices *c,
                     struct best *out, struct err *err);

// The choices as offers of the budget's curve, as if nothing else were scarce; they stay valid with
// the choices.
struct offers best_offers(const struct choices *c);

#endif
