// The values that a column can hold, as integers of the same order: flags are 0 and 1, integers and
// days themselves, money its minor units, numbers the doubles in their order. Questions of the kind
// "what if it were ..." are asked there, where each value has a next one.
#ifndef PATRON_EXPR_GRID_H
#define PATRON_EXPR_GRID_H

#include "expr/value.h"

struct grid {
    const struct column *column; // numeric, a date or a flag
    int64_t least, most;
};

struct grid grid_of(const struct column *c);
int64_t grid_at(const struct grid *g, int64_t row); // where a value stands that is not missing
int64_t grid_of_double(double x);                   // where a number stands; both zeros are 0
struct value grid_value(const struct grid *g, int64_t at);
// One step of that length from a place up (or down), at most to the end.
int64_t grid_step(const struct grid *g, int64_t at, uint64_t step, bool up);
// `holds` is false at `near` and true at `far`: the last place on the way from far to near where it
// is seen to be true, found by halving; the place before it is seen to be false.
int64_t grid_halve(int64_t near, int64_t far, bool (*holds)(void *ctx, int64_t at), void *ctx);

#endif
