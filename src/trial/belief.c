#include "trial/belief.h"

#include <math.h>

// The variance within arms, of all classes together.
static double within(const struct moments *control, const struct moments *treated, int classes) {
    double squares = 0;
    int64_t freedom = 0;
    for (int i = 0; i < classes; i++) {
        squares += control[i].squares + treated[i].squares;
        freedom += control[i].n + treated[i].n;
        freedom -= (control[i].n > 0) + (treated[i].n > 0);
    }
    return freedom > 0 ? squares / (double)freedom : NAN;
}

static struct moments merge(const struct moments *m, int classes) {
    struct moments all = {0};
    for (int i = 0; i < classes; i++)
        all = moments_merge(all, m[i]);
    return all;
}

static struct group_effect group_of(const struct moments *control, const struct moments *treated,
                                    double variance) {
    if (control->n == 0 || treated->n == 0 || !(variance > 0))
        return (struct group_effect){.effect = 0, .error = INFINITY};
    return (struct group_effect){.effect = treated->mean - control->mean,
                                 .error = hypot(moments_cautious_error(control, variance),
                                                moments_cautious_error(treated, variance))};
}

// A share of what there is without the offer, which is itself not known for sure.
static void make_relative(struct group_effect *g, const struct moments *base, double variance) {
    if (isinf(g->error))
        return;
    if (!(base->mean > 0)) {
        *g = (struct group_effect){.effect = 0, .error = INFINITY};
        return;
    }
    double share = g->effect / base->mean;
    g->error = hypot(g->error, share * moments_cautious_error(base, variance)) / base->mean;
    g->effect = share;
}

void belief_of(struct arena *a, const struct common_prior *prior, const struct moments *control,
               const struct moments *treated, int classes, bool relative, struct belief *out) {
    struct moments base = merge(control, classes), all = merge(treated, classes);
    double variance = within(control, treated, classes);
    double *share = arena_array(a, (size_t)classes, sizeof *share);
    struct group_effect *group = arena_array(a, (size_t)classes, sizeof *group);
    struct common_effect common;
    for (int i = 0; i < classes; i++) {
        group[i] = group_of(&control[i], &treated[i], variance);
        if (relative)
            make_relative(&group[i], &base, variance);
    }
    shrink_from(prior, group, classes, &common);
    const struct precision precision = {.alpha = 0.1, .planned = (double)(base.n + all.n)};
    *out = (struct belief){.all = contrast_of(base, all, &precision), .classes = classes};
    out->effect = arena_array(a, (size_t)classes, sizeof *out->effect);
    out->deviation = arena_array(a, (size_t)classes, sizeof *out->deviation);
    for (int i = 0; i < classes; i++) {
        out->effect[i] = group[i].shrunk;
        out->deviation[i] = group[i].deviation;
    }
    out->shared = common.shared;
    out->relative = relative;
    for (int i = 0; i < classes; i++)
        share[i] = (double)(control[i].n + treated[i].n) / (double)(base.n + all.n);
    out->firm = belief_deviation(out, share) < prior->deviation / 2;
}

double belief_deviation(const struct belief *b, const double *weight) {
    return shrink_deviation(b->deviation, b->shared, weight, b->classes);
}
