// Quantile cuts: the values that divide a base into equal parts, frozen as plain data, so that one
// customer alone gets the part that it has among all.
#ifndef PATRON_MODEL_CUTS_H
#define PATRON_MODEL_CUTS_H

#include <stdbool.h>

#include "model/sample.h"

#define CUTS_MAX 99 // percentiles

struct cuts {
    int n;               // one less than the parts
    double at[CUTS_MAX]; // in rising order; equal ones leave a part empty
};

// The quantiles of type 7 (Hyndman and Fan 1996: what R and NumPy give) at 1/parts, 2/parts, ...
// Sorts the sample. False if it has no values.
bool cuts_solve(struct sample *s, int parts, struct cuts *out);
// The quantile at part/parts of a sorted sample that has values.
double cuts_quantile(const struct sample *s, int64_t part, int64_t parts);
// The part that x falls in, 1 .. n + 1: one more than the number of cuts that it exceeds. So equal
// values are in one part, the lower one.
int cuts_part(const struct cuts *c, double x);

#endif
