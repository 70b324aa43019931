// The hierarchical normal model (Rubin 1981; Gelman and others, Bayesian Data Analysis, chapter 5):
// true effects are normal about a common mean with deviation s. Were s known, a group's effect
// would be mean + (estimate - mean) * s^2 / (s^2 + error^2). One estimate of s is often 0 when
// there are few groups, which promises too much; so the formula is averaged over what the estimates
// say of s, which was as likely to be one value as another before them. That has an end from three
// groups on; or s is half-normal, and the common mean normal, by what was believed before.
#include "trial/shrink.h"

#include <math.h>
#include <stddef.h>

#define STEPS 400

// What follows from one value of s.
struct point {
    double s, weight; // the logarithm of the weight at first
    double mean;      // the common mean
    double variance;  // of that mean
};

static struct point point_at(const struct common_prior *prior, const struct group_effect *group,
                             int n, double s) {
    struct point p = {.s = s};
    double known = prior ? pow(prior->deviation, -2) : 0, sum = known, squares = 0, logs = 0;
    p.mean = prior ? known * prior->mean : 0;
    for (int i = 0; i < n; i++) {
        double precision = 1 / (s * s + group[i].error * group[i].error);
        sum += precision;
        p.mean += precision * group[i].effect;
        logs += precision > 0 ? log(precision) : 0;
    }
    p.mean /= sum;
    p.variance = 1 / sum;
    for (int i = 0; i < n; i++) {
        double off = group[i].effect - p.mean;
        squares += off * off / (s * s + group[i].error * group[i].error);
    }
    if (prior)
        squares += known * pow(prior->mean - p.mean, 2) + known * s * s;
    p.weight = (logs - log(sum) - squares) / 2;
    return p;
}

// Of one whose error is infinite nothing is known: it is as all are.
static bool is_known(const struct group_effect *g) {
    return isfinite(g->error);
}

static int count_known(const struct group_effect *group, int n) {
    int known = 0;
    for (int i = 0; i < n; i++)
        known += is_known(&group[i]);
    return known;
}

// The scale on which s is looked for: both how far the estimates lie apart and how unsure they are.
static double scale_of(const struct common_prior *prior, const struct group_effect *group, int n) {
    double mean = 0, square = 0;
    int known = count_known(group, n);
    if (prior)
        return prior->deviation;
    for (int i = 0; i < n; i++)
        mean += is_known(&group[i]) ? group[i].effect / known : 0;
    for (int i = 0; i < n; i++)
        if (is_known(&group[i]))
            square += (pow(group[i].effect - mean, 2) + pow(group[i].error, 2)) / known;
    return sqrt(square);
}

// The middles of equal steps of u, where s = scale * u / (1 - u): all of (0, infinity).
static void make_points(const struct common_prior *prior, const struct group_effect *group, int n,
                        struct point point[STEPS]) {
    double scale = scale_of(prior, group, n), most = -INFINITY, sum = 0;
    for (int k = 0; k < STEPS; k++) {
        double u = (k + 0.5) / STEPS;
        point[k] = point_at(prior, group, n, scale * u / (1 - u));
        point[k].weight -= 2 * log1p(-u);
        most = fmax(most, point[k].weight);
    }
    for (int k = 0; k < STEPS; k++)
        sum += point[k].weight = exp(point[k].weight - most);
    for (int k = 0; k < STEPS; k++)
        point[k].weight /= sum;
}

// How much of a group's own estimate is kept, and what then is unsure about it alone.
static double kept(const struct group_effect *g, const struct point *p) {
    return p->s * p->s / (p->s * p->s + g->error * g->error);
}

static double own_variance(const struct group_effect *g, const struct point *p) {
    return isinf(g->error) ? p->s * p->s : kept(g, p) * g->error * g->error;
}

static void shrink_group(struct group_effect *g, const struct point point[STEPS]) {
    double mean = 0, square = 0;
    for (int k = 0; k < STEPS; k++) {
        const struct point *p = &point[k];
        double keep = kept(g, p);
        double away = keep * (g->effect - p->mean) + p->mean - g->effect; // small beside the effect
        mean += p->weight * away;
        square += p->weight * (away * away + own_variance(g, p) + pow(1 - keep, 2) * p->variance);
    }
    g->shrunk = g->effect + mean;
    g->deviation = sqrt(square - mean * mean);
}

// From the variance of the sum of all groups, which are shrunk already.
static double shared_of(const struct group_effect *group, int n, const struct point point[STEPS]) {
    double variance = 0, own = 0, least = INFINITY;
    for (int k = 0; k < STEPS; k++) {
        const struct point *p = &point[k];
        double off = 0, alone = 0, common = 0;
        for (int i = 0; i < n; i++) {
            double keep = kept(&group[i], p);
            off += keep * group[i].effect + (1 - keep) * p->mean - group[i].shrunk;
            alone += own_variance(&group[i], p);
            common += 1 - keep;
        }
        variance += p->weight * (off * off + alone + common * common * p->variance);
    }
    for (int i = 0; i < n; i++) {
        own += group[i].deviation * group[i].deviation;
        least = fmin(least, group[i].deviation * group[i].deviation);
    }
    return n > 1 ? fmin(fmax((variance - own) / n / (n - 1), 0), least) : least;
}

static struct common_effect common_of(const struct point point[STEPS]) {
    struct common_effect c = {0};
    double below = 0;
    for (int k = 0; k < STEPS; k++) {
        c.mean += point[k].weight * point[k].mean;
        if (below < 0.5)
            c.spread = point[k].s;
        below += point[k].weight;
    }
    return c;
}

static void draw_together(const struct common_prior *prior, struct group_effect *group, int n,
                          struct common_effect *out) {
    struct point point[STEPS];
    make_points(prior, group, n, point);
    for (int i = 0; i < n; i++)
        shrink_group(&group[i], point);
    *out = common_of(point);
    out->shared = shared_of(group, n, point);
}

bool shrink(struct group_effect *group, int n, struct common_effect *out) {
    if (count_known(group, n) < SHRINK_LEAST) {
        for (int i = 0; i < n; i++) {
            group[i].shrunk = group[i].effect;
            group[i].deviation = group[i].error;
        }
        return false;
    }
    draw_together(NULL, group, n, out);
    return true;
}

void shrink_from(const struct common_prior *prior, struct group_effect *group, int n,
                 struct common_effect *out) {
    draw_together(prior, group, n, out);
}

double shrink_deviation(const double *deviation, double shared, const double *weight, int n) {
    double variance = shared;
    for (int i = 0; i < n; i++)
        variance += weight[i] * weight[i] * (deviation[i] * deviation[i] - shared);
    return sqrt(fmax(variance, 0));
}
