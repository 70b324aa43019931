// Which factors a simulation has: the effect of every offer that is made, the base rate if an offer
// says one, and the value of a success.
#include <math.h>

#include "simulate/forecast.h"

static struct sums sum_of(const struct cells *cells, int campaign, int64_t *offers) {
    struct sums all = {0};
    *offers = 0;
    for (const struct cell *c = cells->cell; c < cells->cell + cells->n; c++) {
        if (c->campaign != campaign)
            continue;
        *offers += c->offers;
        all.base += c->one.base;
        all.uplift += c->one.uplift;
        all.size += c->one.size;
    }
    return all;
}

// How sure a measured effect is where it earns: classes count by what their uplift is worth.
static double measured_deviation(struct arena *a, const struct belief *b, const struct cells *cells,
                                 int campaign) {
    double *weight = arena_array(a, (size_t)b->classes, sizeof *weight), all = 0;
    for (const struct cell *c = cells->cell; c < cells->cell + cells->n; c++) {
        if (c->campaign != campaign)
            continue;
        double worth = fabs(b->relative ? c->worth.base : c->worth.all);
        weight[c->class] += worth;
        all += worth;
    }
    for (int i = 0; i < b->classes; i++)
        weight[i] = all > 0 ? weight[i] / all : 1.0 / b->classes;
    return belief_deviation(b, weight);
}

static struct factor effect_of(struct arena *a, const struct campaign *c, struct sums sum,
                               int64_t offers, const struct assumptions *assume) {
    const struct effect *e = &c->effect;
    struct factor f = {.kind = FACTOR_EFFECT, .low = -INFINITY, .high = INFINITY};
    f.name = str_of(arena_printf(a, "effect of %.*s", (int)c->name.n, c->name.p));
    f.mean = (e->relative ? sum.size : sum.uplift) / (double)offers;
    f.assumed = e->kind == EFFECT_NONE || e->sd < 0;
    f.sd = f.assumed ? assume->value[ASSUME_EFFECT_SPREAD] * fabs(f.mean) : e->sd;
    f.grade = GRADE_ASSUMED;
    f.source = e->evidence.n            ? e->evidence
               : e->kind == EFFECT_NONE ? STR("no effect is stated, only a value")
               : f.assumed              ? STR("stated in the policy, without sd")
                                        : STR("stated in the policy");
    if (e->kind == EFFECT_RETENTION && !e->relative) {
        f.low = -1;
        f.high = 1;
    }
    return f;
}

static struct factor base_of(const struct assumptions *assume) {
    return (struct factor){.name = STR("base rate"),
                           .kind = FACTOR_BASE,
                           .campaign = -1,
                           .sd = assume->value[ASSUME_BASE_SPREAD],
                           .low = -INFINITY,
                           .high = INFINITY,
                           .grade = GRADE_ASSUMED,
                           .source = STR("stated in the policy"),
                           .assumed = true};
}

static struct factor value_of(const struct assumptions *assume) {
    return (struct factor){.name = STR("value of a success"),
                           .kind = FACTOR_VALUE,
                           .campaign = -1,
                           .shape = SHAPE_LOGNORMAL,
                           .mean = 1,
                           .sd = assume->value[ASSUME_VALUE_SPREAD],
                           .low = 0,
                           .high = INFINITY,
                           .grade = GRADE_ASSUMED,
                           .source = STR("stated in the policy"),
                           .assumed = true};
}

// What an experiment measured takes the place of what was stated.
static void take_belief(struct arena *a, const struct belief *b, const struct cells *cells,
                        struct factor *f) {
    f->sd = measured_deviation(a, b, cells, f->campaign);
    f->assumed = false;
    f->grade = b->firm ? GRADE_EXPERIMENT : GRADE_ASSUMED;
    f->source = b->firm ? b->source
                        : str_of(arena_printf(a, "stated in the policy; too few in the %.*s",
                                              (int)b->source.n, b->source.p));
}

struct factors factors_of(struct arena *a, const struct policy *p, const struct cells *cells,
                          const struct assumptions *assume) {
    struct factors all = {0};
    bool based = false;
    all.factor = arena_array(a, (size_t)p->campaigns + 2, sizeof *all.factor);
    for (int k = 0; k < p->campaigns; k++) {
        int64_t offers;
        struct sums sum = sum_of(cells, k, &offers);
        if (offers == 0 || !rule_given(&p->campaign[k].value))
            continue;
        struct factor *f = &all.factor[all.n++];
        *f = effect_of(a, &p->campaign[k], sum, offers, assume);
        f->campaign = k;
        if (p->campaign[k].effect.measured)
            take_belief(a, p->campaign[k].effect.belief, cells, f);
        based |= rule_given(&p->campaign[k].effect.base);
    }
    if (based)
        all.factor[all.n++] = base_of(assume);
    if (all.n > 0)
        all.factor[all.n++] = value_of(assume);
    return all;
}
