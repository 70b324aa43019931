// Trees by the parent of each vertex. What stands in a ring of parents, or below one, is in no
// tree.
#ifndef PATRON_METRIC_FOREST_H
#define PATRON_METRIC_FOREST_H

#include "metric/graph.h"

enum { FOREST_NONE = -1 };

struct forest {
    int64_t n;
    const int32_t *parent; // NOBODY: a root
    int64_t ordered;
    int32_t *order; // those outside rings, every one before its parent
};

struct forest forest_new(struct arena *a, const int32_t *parent, int64_t n);

// Each fills out[0 .. n - 1], with FOREST_NONE where there is no answer.
void forest_generation(const struct forest *f, int32_t *out); // parents above: 0 is a root
void forest_depth(const struct forest *f, int32_t *out);      // the longest way down: 0 is a leaf
void forest_below(const struct forest *f, int32_t *out);      // how many stand below

#endif
