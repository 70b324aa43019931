#include "trial/baseline.h"

#include <math.h>

struct sums {
    double n, total;
};

static struct sums *group_sums(struct arena *a, const double *y, int64_t n, const int32_t *group,
                               int32_t groups) {
    struct sums *s = arena_array(a, (size_t)groups, sizeof *s);
    for (int64_t i = 0; i < n; i++) {
        s[group[i]].n++;
        s[group[i]].total += y[i];
    }
    return s;
}

// The sum of squares around the means of the groups.
static double within(const struct sums *s, const double *y, int64_t n, const int32_t *group) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        double d = y[i] - s[group[i]].total / s[group[i]].n;
        sum += d * d;
    }
    return sum;
}

static int32_t used_groups(const struct sums *s, int32_t groups) {
    int32_t n = 0;
    for (int32_t i = 0; i < groups; i++)
        n += s[i].n > 0;
    return n;
}

static double share(double x) {
    return x > 0 ? fmin(x, 1) : 0;
}

// Unbiased variances: within strata against all.
static double explained(struct arena *a, const struct members *m, const double *y, double total) {
    const struct sums *s = group_sums(a, y, m->n, m->stratum, m->strata);
    double freedom = (double)m->n - used_groups(s, m->strata);
    if (freedom < 1 || total == 0)
        return 0;
    double inside = within(s, y, m->n, m->stratum) / freedom;
    return share(1 - inside / (total / ((double)m->n - 1)));
}

// (MSB - MSW) / (MSB + (n0 - 1) MSW), Fisher's; n0 is what the clusters' size would be if all were
// of one.
static double correlation(struct arena *a, const struct members *m, const double *y, double total) {
    const struct sums *s = group_sums(a, y, m->n, m->cluster, m->clusters);
    double n = (double)m->n, k = used_groups(s, m->clusters), squares = 0;
    for (int32_t i = 0; i < m->clusters; i++)
        squares += s[i].n * s[i].n;
    if (k < 2 || k == n)
        return 0;
    double inside = within(s, y, m->n, m->cluster);
    double between = (total - inside) / (k - 1), rest = inside / (n - k);
    double each = (n - squares / n) / (k - 1);
    return share((between - rest) / (between + (each - 1) * rest));
}

double baseline_cluster_size(struct arena *a, const struct members *m) {
    int64_t *n = arena_array(a, (size_t)m->clusters, sizeof *n);
    double squares = 0;
    for (int64_t i = 0; i < m->n; i++)
        squares += 2 * (double)n[m->cluster[i]]++ + 1;
    return squares / (double)m->n;
}

void baseline_factor(struct baseline *b, double cluster_size) {
    b->design = 1 + (cluster_size - 1) * b->icc;
    b->spread.factor = (1 - b->explained) * b->design;
}

struct baseline baseline_of(struct arena *a, const struct members *m, const double *y) {
    struct baseline b = {.spread.rate = true};
    struct arena *scratch = arena_child(a);
    double sum = 0, total = 0;
    for (int64_t i = 0; i < m->n; i++) {
        sum += y[i];
        b.spread.rate = b.spread.rate && (y[i] == 0 || y[i] == 1);
    }
    b.spread.mean = sum / (double)m->n;
    for (int64_t i = 0; i < m->n; i++)
        total += (y[i] - b.spread.mean) * (y[i] - b.spread.mean);
    b.spread.sd = m->n > 1 ? sqrt(total / ((double)m->n - 1)) : 0;
    b.explained = m->strata ? explained(scratch, m, y, total) : 0;
    b.icc = m->clusters ? correlation(scratch, m, y, total) : 0;
    arena_free(scratch);
    return b;
}
