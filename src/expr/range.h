// What a condition says of one numeric column, as a set of numbers: for checking rules against one
// another without data.
#ifndef PATRON_EXPR_RANGE_H
#define PATRON_EXPR_RANGE_H

#include "expr/expr.h"

// A set of numbers: whether its lower end is in it, and the cuts, in rising order, at which that
// changes. A cut lies just below its number, or just above.
struct range {
    bool first;
    int cuts;
    const struct cut {
        double at;
        bool above;
    } * cut;
};

// The numbers of the column that a slot stands for with which the condition can hold, whatever the
// other columns are: perhaps too many, never too few.
struct range range_possible(struct arena *a, const struct expr *e, int slot);
// The numbers with which it does hold: perhaps too few, never too many. None where it reads any
// other column, since that might be missing.
struct range range_certain(struct arena *a, const struct expr *e, int slot);

struct range range_union(struct arena *a, struct range x, struct range y);
bool range_within(struct arena *a, struct range x, struct range y); // all of x is in y
bool range_is(struct range x, bool everything);                     // all numbers, or none

#endif
