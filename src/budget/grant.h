// An allocation within all supplies from prices, and how far it can be from the best.
#ifndef PATRON_BUDGET_GRANT_H
#define PATRON_BUDGET_GRANT_H

#include "budget/dual.h"

struct granted {
    int64_t value;
    int64_t bound;   // no allocation brings more (to those who are not held out at these prices)
    int64_t *used;   // [supply]; of the first, the money
    int32_t *choice; // [customer]: its number among the customer's, a control's, too; -1: none
};

// Everybody's best choice at these prices, as far as the supplies go, and then what fits in what is
// left, the best first.
enum status grant(struct arena *a, const struct host *host, const struct choices *c,
                  const struct prices *p, struct granted *out, struct err *err);

#endif
