// Sets of the values that something can have: places on the grid of its type (or codes of labels,
// or 0 and 1 of a flag), that it is missing, that it is no number.
#ifndef PATRON_EXPR_SET_H
#define PATRON_EXPR_SET_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

struct set {
    bool missing; // it may be missing
    bool nan;     // what is computed may be no number
    int n;
    const struct stretch { int64_t low, high; } * part; // rising, with gaps between them
};

struct set set_stretch(struct arena *a, int64_t low, int64_t high); // empty if high < low
struct set set_meet(struct arena *a, struct set x, struct set y);
struct set set_join(struct arena *a, struct set x, struct set y);
// The places (nothing else) between low and high that are not in x.
struct set set_rest(struct arena *a, struct set x, int64_t low, int64_t high);
bool set_empty(struct set x);
bool set_meets(struct set x, struct set y);  // in a place
bool set_covers(struct set x, struct set y); // all places of y are in x
bool set_equal(struct set x, struct set y);

#endif
