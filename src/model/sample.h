// What a model learns from when no smaller exact statistic exists: the multiset of a column's
// values. Samples of parts of a base merge into the sample of the whole, and order is nothing.
#ifndef PATRON_MODEL_SAMPLE_H
#define PATRON_MODEL_SAMPLE_H

#include <stdint.h>

#include "base/mem.h"

// {.arena = a} is an empty one. No value is NaN.
struct sample {
    struct arena *arena;
    int64_t n, size;
    double *x;
};

void sample_add(struct sample *s, const double *x, int64_t n);
// Puts the values in rising order.
void sample_sort(struct sample *s);

#endif
