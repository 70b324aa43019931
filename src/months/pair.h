// Two courses of the months with the same luck: how much more one brings than the other, run by
// run. So luck that meets both cancels out, and a policy against itself differs by exactly 0.
#ifndef PATRON_MONTHS_PAIR_H
#define PATRON_MONTHS_PAIR_H

#include "months/months.h"
#include "simulate/forecast.h"

// Of all months, or (customers and equity) after the last.
enum paired { PAIRED_EARNED, PAIRED_CUSTOMERS, PAIRED_EQUITY, PAIRED_COST, PAIRED_FIGURES };
extern const char *const paired_name[PAIRED_FIGURES];

struct pair {
    struct spread more[PAIRED_FIGURES]; // money in minor units
    double chance[PAIRED_FIGURES];      // share of the runs in which it is more
};

// By how much it is more after than before; both are of as many runs and months.
struct pair pair_of(struct arena *a, const struct months *before, const struct months *after);

#endif
