// Prices where one alone can't move on: all move together.
#ifndef PATRON_BUDGET_REFINE_H
#define PATRON_BUDGET_REFINE_H

#include "budget/dual.h"

// From prices that were found, towards a bound that may be as low as `value`, which an allocation
// reached.
enum status refine_prices(struct arena *a, const struct host *host, const struct choices *c,
                          struct prices *p, int64_t value, struct err *err);

#endif
