#include "trial/adjust.h"

#include <math.h>

#include "trial/experiment.h"

#define WORTH_IT 0.01  // narrower by less is not worth a second figure
#define SUSPECT  0.001 // lots give arms that differ as much this rarely

// Sums of products of deviations from the means of each arm.
struct within {
    double value[ARMS_MOST], before[ARMS_MOST]; // the means
    int64_t in[ARMS_MOST];
    double vv, vb, bb;
    int64_t n;
    double mean; // of the value before, over all arms
};

static bool counts(const double *value, const double *before, const int32_t *arm, int64_t i) {
    return arm[i] >= 0 && !isnan(value[i]) && !isnan(before[i]);
}

// The means are of those customers for whom both are known.
static void sum_within(struct within *w, const double *value, const double *before,
                       const int32_t *arm, int64_t n, int arms) {
    for (int64_t i = 0; i < n; i++) {
        if (!counts(value, before, arm, i))
            continue;
        w->value[arm[i]] += value[i];
        w->before[arm[i]] += before[i];
        w->in[arm[i]]++;
        w->mean += before[i];
        w->n++;
    }
    w->mean /= (double)w->n;
    for (int g = 0; g < arms; g++) {
        w->value[g] /= (double)w->in[g];
        w->before[g] /= (double)w->in[g];
    }
    for (int64_t i = 0; i < n; i++) {
        if (!counts(value, before, arm, i))
            continue;
        double v = value[i] - w->value[arm[i]], b = before[i] - w->before[arm[i]];
        w->vv += v * v;
        w->vb += v * b;
        w->bb += b * b;
    }
}

// That the arms differ before the experiment says that the value is not from before it.
static double least_chance(struct arena *a, const double *before, const int32_t *arm,
                           const struct clusters *clusters, int64_t n, int arms) {
    static const struct precision any = {0.05, 5000}; // of intervals, which nobody reads
    struct moments m[ARMS_MOST];
    double least = 1;
    moments_of_clusters(a, before, arm, clusters, n, arms, m);
    for (int k = 1; k < arms; k++)
        least = fmin(least, contrast_of(m[0], m[k], &any).difference.p);
    return least;
}

// What errors are made of, over all arms: also of those whose value before is missing.
static double spread(struct arena *a, const double *value, const int32_t *arm,
                     const struct clusters *clusters, int64_t n, int arms) {
    struct moments m[ARMS_MOST];
    double sum = 0;
    moments_of_clusters(a, value, arm, clusters, n, arms, m);
    for (int k = 0; k < arms; k++)
        sum += m[k].unit_squares;
    return sum;
}

struct adjustment adjust(struct arena *arena, const double *value, const double *before,
                         const int32_t *arm, const struct clusters *clusters, int64_t n, int arms,
                         double *adjusted) {
    struct within w = {0};
    struct adjustment a = {0};
    sum_within(&w, value, before, arm, n, arms);
    double freedom = (double)(w.n - arms);
    bool fits = w.bb > 0 && w.vv > 0 && freedom > 1;
    if (fits) {
        a.slope = w.vb / w.bb;
        a.rho2 = a.slope * w.vb / w.vv;
    }
    for (int64_t i = 0; i < n; i++) {
        bool known = counts(value, before, arm, i);
        a.missing += arm[i] >= 0 && !isnan(value[i]) && !known;
        adjusted[i] = known ? value[i] - a.slope * (before[i] - w.mean) : value[i];
    }
    if (fits)
        a.narrower =
            1 - sqrt(spread(arena, adjusted, arm, clusters, n, arms) /
                     spread(arena, value, arm, clusters, n, arms) * freedom / (freedom - 1));
    a.p = least_chance(arena, before, arm, clusters, n, arms);
    a.suspect = a.p < SUSPECT;
    a.helps = a.narrower >= WORTH_IT && !a.suspect;
    return a;
}
