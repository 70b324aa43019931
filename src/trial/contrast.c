// Differences of means by Welch (1947): each arm has a variance of its own. The always-valid
// interval is the normal mixture of Robbins (1970) in its asymptotic form (Waudby-Smith and others
// 2021): over all looks at a growing trial together it misses no more often than alpha.
#include "trial/contrast.h"

#include <math.h>

#include "base/chance.h"

// ---- groups -------------------------------------------------------------------------------------

static bool counts(const double *value, const int32_t *group, int64_t i) {
    return group[i] >= 0 && !isnan(value[i]);
}

void moments_of(const double *value, const int32_t *group, int64_t n, int groups,
                struct moments *out) {
    for (int g = 0; g < groups; g++)
        out[g] = (struct moments){0, 0, 0};
    for (int64_t i = 0; i < n; i++)
        if (counts(value, group, i)) {
            out[group[i]].n++;
            out[group[i]].mean += value[i];
        }
    for (int g = 0; g < groups; g++)
        out[g].mean /= out[g].n ? (double)out[g].n : 1;
    for (int64_t i = 0; i < n; i++)
        if (counts(value, group, i)) {
            double off = value[i] - out[group[i]].mean;
            out[group[i]].squares += off * off;
        }
}

struct moments moments_merge(struct moments a, struct moments b) {
    double n = (double)(a.n + b.n), off = b.mean - a.mean;
    if (n == 0)
        return a;
    return (struct moments){a.n + b.n, a.mean + off * (double)b.n / n,
                            a.squares + b.squares + off * off * (double)a.n * (double)b.n / n};
}

double moments_variance(struct moments m) {
    return m.n > 1 ? m.squares / (double)(m.n - 1) : NAN;
}

// ---- estimates ----------------------------------------------------------------------------------

static struct interval around(double value, double half) {
    return (struct interval){value - half, value + half};
}

static double half_always(double error, double n, const struct precision *k) {
    double log_alpha = -2 * log(k->alpha);
    double rho2 = (log_alpha + log1p(log_alpha)) / k->planned, all = n * rho2 + 1;
    return error * sqrt(n) * sqrt(2 * all * log(sqrt(all) / k->alpha) / (n * n * rho2));
}

struct estimate estimate_of(double value, double error, double freedom, int64_t n,
                            const struct precision *k) {
    struct estimate e = {.value = value, .error = error, .freedom = freedom, .p = NAN};
    e.fixed = e.always = (struct interval){NAN, NAN};
    if (!(error > 0))
        return e;
    e.p = 2 * chance_t(freedom, -fabs(value) / error);
    e.fixed = around(value, error * chance_t_quantile(freedom, 1 - k->alpha / 2));
    e.always = around(value, half_always(error, (double)n, k));
    return e;
}

// Of the mean's variance.
static double welch_freedom(double a, int64_t n, double b, int64_t m) {
    return (a + b) * (a + b) / (a * a / (double)(n - 1) + b * b / (double)(m - 1));
}

// The error of a ratio is that of its linear part (the delta method).
struct contrast contrast_of(struct moments control, struct moments treated,
                            const struct precision *k) {
    struct contrast e = {control, treated};
    double a = moments_variance(control) / (double)control.n;
    double b = moments_variance(treated) / (double)treated.n;
    double freedom = welch_freedom(a, control.n, b, treated.n), lift = NAN, lift_error = NAN;
    int64_t n = control.n + treated.n;
    if (control.mean > 0) {
        double ratio = treated.mean / control.mean;
        lift = ratio - 1;
        lift_error = sqrt(b + ratio * ratio * a) / control.mean;
    }
    e.difference = estimate_of(treated.mean - control.mean, sqrt(a + b), freedom, n, k);
    e.lift = estimate_of(lift, lift_error, freedom, n, k);
    return e;
}

bool contrast_known(const struct contrast *e) {
    return e->difference.error > 0;
}
