#include "trial/adjust.h"

#include <math.h>

#include "trial/experiment.h"

#define WORTH_IT 0.01  // narrower by less is not worth a second figure
#define SUSPECT  0.001 // lots give arms that differ as much this rarely

// Sums of products of deviations from the means of each arm.
struct within {
    struct moments value[ARMS_MOST], before[ARMS_MOST];
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
        w->value[arm[i]].mean += value[i];
        w->before[arm[i]].mean += before[i];
        w->before[arm[i]].n++;
        w->mean += before[i];
        w->n++;
    }
    w->mean /= (double)w->n;
    for (int g = 0; g < arms; g++) {
        w->value[g].mean /= (double)w->before[g].n;
        w->before[g].mean /= (double)w->before[g].n;
    }
    for (int64_t i = 0; i < n; i++) {
        if (!counts(value, before, arm, i))
            continue;
        double v = value[i] - w->value[arm[i]].mean, b = before[i] - w->before[arm[i]].mean;
        w->vv += v * v;
        w->vb += v * b;
        w->bb += b * b;
        w->before[arm[i]].squares += b * b;
    }
}

// That the arms differ before the experiment says that the value is not from before it.
static double least_chance(const struct within *w, int arms) {
    static const struct precision any = {0.05, 5000};
    double least = 1;
    for (int g = 1; g < arms; g++)
        least = fmin(least, contrast_of(w->before[0], w->before[g], &any).difference.p);
    return least;
}

struct adjustment adjust(const double *value, const double *before, const int32_t *arm, int64_t n,
                         int arms, double *adjusted) {
    struct within w = {0};
    struct adjustment a = {0};
    sum_within(&w, value, before, arm, n, arms);
    double freedom = (double)(w.n - arms);
    if (w.bb > 0 && w.vv > 0 && freedom > 1) {
        a.slope = w.vb / w.bb;
        a.rho2 = a.slope * w.vb / w.vv;
        a.narrower = 1 - sqrt((1 - a.rho2) * freedom / (freedom - 1));
    }
    a.p = least_chance(&w, arms);
    a.suspect = a.p < SUSPECT;
    a.helps = a.narrower >= WORTH_IT && !a.suspect;
    for (int64_t i = 0; i < n; i++) {
        bool known = counts(value, before, arm, i);
        a.missing += arm[i] >= 0 && !isnan(value[i]) && !known;
        adjusted[i] = known ? value[i] - a.slope * (before[i] - w.mean) : value[i];
    }
    return a;
}
