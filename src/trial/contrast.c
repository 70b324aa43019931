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
        out[g] = (struct moments){0};
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
    for (int g = 0; g < groups; g++) {
        out[g].units = out[g].n;
        out[g].unit_squares = out[g].squares;
    }
}

// The squared sums of deviations of every cluster's part in a group.
static void add_clusters(const double *value, const int32_t *group, const struct clusters *c,
                         double *sum, bool *open, struct moments *out) {
    for (int64_t k = 0; k < c->n; k++) {
        for (int64_t m = c->start[k]; m < c->start[k + 1]; m++) {
            int64_t i = c->customer[m];
            if (!counts(value, group, i))
                continue;
            sum[group[i]] += value[i] - out[group[i]].mean;
            open[group[i]] = true;
        }
        for (int64_t m = c->start[k]; m < c->start[k + 1]; m++) {
            int32_t g = group[c->customer[m]];
            if (g < 0 || !open[g])
                continue;
            out[g].unit_squares += sum[g] * sum[g];
            out[g].units++;
            sum[g] = 0;
            open[g] = false;
        }
    }
}

void moments_of_clusters(struct arena *a, const double *value, const int32_t *group,
                         const struct clusters *clusters, int64_t n, int groups,
                         struct moments *out) {
    moments_of(value, group, n, groups, out);
    if (!clusters)
        return;
    for (int g = 0; g < groups; g++)
        out[g].units = 0, out[g].unit_squares = 0;
    add_clusters(value, group, clusters, arena_array(a, (size_t)groups, sizeof(double)),
                 arena_array(a, (size_t)groups, sizeof(bool)), out);
}

struct moments moments_merge(struct moments a, struct moments b) {
    double n = (double)(a.n + b.n), off = b.mean - a.mean;
    if (n == 0)
        return a;
    double squares = a.squares + b.squares + off * off * (double)a.n * (double)b.n / n;
    return (struct moments){a.n + b.n, a.n + b.n, a.mean + off * (double)b.n / n, squares, squares};
}

double moments_variance(struct moments m) {
    return m.n > 1 ? m.squares / (double)(m.n - 1) : NAN;
}

// The error of the mean, squared: of a ratio of sums over the units, by its linear part.
static double error2(struct moments m) {
    double units = (double)m.units, n = (double)m.n;
    return m.units > 1 ? m.unit_squares / (n * n) * units / (units - 1) : NAN;
}

double moments_error(struct moments m) {
    return sqrt(error2(m));
}

double moments_cautious_error(const struct moments *m, double within) {
    return sqrt(m->squares + within) / (double)m->n;
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

struct estimate estimate_of(double value, double error, double freedom, int64_t units,
                            const struct precision *k) {
    struct estimate e = {.value = value, .error = error, .freedom = freedom, .p = NAN};
    e.fixed = e.always = (struct interval){NAN, NAN};
    if (!(error > 0))
        return e;
    e.p = 2 * chance_t(freedom, -fabs(value) / error);
    e.fixed = around(value, error * chance_t_quantile(freedom, 1 - k->alpha / 2));
    e.always = around(value, half_always(error, (double)units, k));
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
    double a = error2(control), b = error2(treated);
    double freedom = welch_freedom(a, control.units, b, treated.units);
    double lift = NAN, lift_error = NAN;
    int64_t n = control.units + treated.units;
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
