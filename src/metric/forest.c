// The order comes from taking leaves away until none is left, so nothing recurses and a chain of a
// million is a loop. A ring of parents never becomes a leaf.
#include "metric/forest.h"

struct forest forest_new(struct arena *a, const int32_t *parent, int64_t n) {
    struct forest f = {n, parent, 0, arena_array(a, (size_t)n, sizeof *f.order)};
    int32_t *children = arena_array(a, (size_t)n, sizeof *children);
    for (int64_t i = 0; i < n; i++)
        if (parent[i] != NOBODY)
            children[parent[i]]++;
    for (int64_t i = 0; i < n; i++)
        if (children[i] == 0)
            f.order[f.ordered++] = (int32_t)i;
    for (int64_t at = 0; at < f.ordered; at++) {
        int32_t up = parent[f.order[at]];
        if (up != NOBODY && --children[up] == 0)
            f.order[f.ordered++] = up;
    }
    return f;
}

static void fill(int32_t *out, int64_t n, int32_t x) {
    for (int64_t i = 0; i < n; i++)
        out[i] = x;
}

void forest_generation(const struct forest *f, int32_t *out) {
    fill(out, f->n, FOREST_NONE);
    for (int64_t at = f->ordered; at-- > 0;) {
        int32_t i = f->order[at], up = f->parent[i];
        if (up == NOBODY)
            out[i] = 0;
        else if (out[up] != FOREST_NONE)
            out[i] = out[up] + 1;
    }
}

// A vertex that is looked at has heard of all that stands below it.
static void sum_up(const struct forest *f, int32_t *out, bool longest) {
    fill(out, f->n, FOREST_NONE);
    for (int64_t at = 0; at < f->ordered; at++)
        out[f->order[at]] = 0;
    for (int64_t at = 0; at < f->ordered; at++) {
        int32_t i = f->order[at], up = f->parent[i];
        if (up == NOBODY || out[up] == FOREST_NONE)
            continue;
        if (!longest)
            out[up] += out[i] + 1;
        else if (out[up] <= out[i])
            out[up] = out[i] + 1;
    }
}

void forest_depth(const struct forest *f, int32_t *out) {
    sum_up(f, out, true);
}

void forest_below(const struct forest *f, int32_t *out) {
    sum_up(f, out, false);
}
