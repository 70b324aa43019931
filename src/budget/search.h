// The best use for few customers, where the bound stays apart from what is reached: a search
// through all allocations that can be better, until there is none or it takes too long.
#ifndef PATRON_BUDGET_SEARCH_H
#define PATRON_BUDGET_SEARCH_H

#include "budget/best.h"

// From a use that was found at its prices: raises its value and lowers its bound, if it can. They
// are equal if it is the best there is.
enum status search(struct arena *a, const struct host *host, const struct choices *c,
                   struct best *best, struct err *err);

#endif
