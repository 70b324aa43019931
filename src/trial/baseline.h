// An outcome before a test: how much it varies, how much of that strata explain, and how alike the
// customers of a cluster are.
#ifndef PATRON_TRIAL_BASELINE_H
#define PATRON_TRIAL_BASELINE_H

#include <stdint.h>

#include "base/mem.h"
#include "trial/power.h"

// Members of a test with their groups: numbers from 0 on; none: 0, and NULL.
struct members {
    int64_t n; // at least 1
    int32_t strata, clusters;
    const int32_t *stratum, *cluster;
};

struct baseline {
    struct outcome_spread spread;
    double explained; // share of the variance that lies between strata, 0 to 1
    double icc;       // intraclass correlation of clusters, 0 to 1
    double design; // how much larger a variance gets because whole clusters are drawn, at least 1
};

// All but the design and the factor, of `y` by member.
struct baseline baseline_of(struct arena *a, const struct members *m, const double *y);
// These two: what follows for tests of members in clusters of that size (1: there are none).
void baseline_factor(struct baseline *b, double cluster_size);

// The mean size of clusters as their members see it: the sum of n^2 by the sum of n.
double baseline_cluster_size(struct arena *a, const struct members *m);

#endif
