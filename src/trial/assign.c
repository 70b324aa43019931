#include "trial/assign.h"

#include <stdlib.h>

#include "base/hash.h"

int assign_arm(const struct planned_arm *arm, int arms, double x) {
    double end = arm[0].share;
    int i = 0;
    while (i < arms - 1 && x >= end)
        end += arm[++i].share;
    return i;
}

static int by_stratum(const void *a, const void *b) {
    const struct drawn *u = *(struct drawn *const *)a, *v = *(struct drawn *const *)b;
    if (u->stratum != v->stratum)
        return u->stratum < v->stratum ? -1 : 1;
    return u->x != v->x ? (u->x < v->x ? -1 : 1) : (u > v) - (u < v);
}

// Rank r of n draws (r + u) / n, u by a hash of the stratum: so each is still as likely as any to
// get an arm, also where a stratum is too small for all arms.
void assign_evenly(struct arena *a, struct drawn *unit, int64_t n, struct str salt,
                   const struct str *stratum) {
    struct drawn **order = arena_array(a, (size_t)n, sizeof *order);
    for (int64_t i = 0; i < n; i++)
        order[i] = &unit[i];
    qsort(order, (size_t)n, sizeof *order, by_stratum);
    for (int64_t first = 0, end; first < n; first = end) {
        int32_t own = order[first]->stratum;
        for (end = first; end < n && order[end]->stratum == own;)
            end++;
        double u = hash_share(salt, stratum[own]);
        for (int64_t i = first; i < end; i++)
            order[i]->x = ((double)(i - first) + u) / (double)(end - first);
    }
}
