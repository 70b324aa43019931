// Prices where one alone can't move on: all move together.
#ifndef PATRON_BUDGET_REFINE_H
#define PATRON_BUDGET_REFINE_H

#include "budget/dual.h"

// From prices that were found, at which an allocation reached `value`, to those at which all that
// is scarce is just used up.
enum status refine_prices(struct arena *a, const struct host *host, const struct choices *c,
                          struct prices *p, int64_t value, struct err *err);

#endif
