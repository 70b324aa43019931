// A line that is learned from a base: one number that every customer is held against.
#ifndef PATRON_MODEL_LINE_H
#define PATRON_MODEL_LINE_H

#include <stdbool.h>

#include "model/sample.h"

enum line_kind {
    LINE_NONE,
    LINE_QUANTILE,  // of type 7, as cuts are
    LINE_AVERAGE,   // the mean
    LINE_TOP_HEADS, // the least value among the best part of all heads; a part of one counts as one
    LINE_TOP_SHARE, // the least value among the best who together bring that part of the total
};

// The share that a quantile or a top part is of the whole, as a fraction in lowest terms: where it
// falls among n values is integer arithmetic then. 0/1 to 1/1.
struct line {
    enum line_kind kind;
    int64_t part, parts;
};

// Of a share with at most six decimals; false for any other, or one that is not from 0 to 1.
bool line_fraction(double share, int64_t *part, int64_t *parts);
// Sorts the sample. Equal values stand on the same side of a line, and the order in which they were
// added shows nowhere. Money is best added in minor units. False if there is nothing to learn from:
// no values, or for a share a total that is not above 0.
bool line_solve(struct sample *s, const struct line *l, double *out);

#endif
