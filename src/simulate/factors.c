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
    f.spread = f.assumed ? ASSUME_EFFECT_SPREAD : ASSUMPTIONS;
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

// A shift of the base of every campaign that has it from there, or of the one campaign.
static struct factor base_of(struct arena *a, const struct policy *p, const struct bases *bases,
                             enum base_source from, int campaign) {
    bool *bears = arena_array(a, (size_t)p->campaigns, sizeof *bears);
    for (int k = 0; k < p->campaigns; k++)
        bears[k] = campaign < 0 ? bases->base[k].from == from : k == campaign;
    return (struct factor){
        .kind = FACTOR_BASE, .campaign = -1, .bears = bears, .low = -INFINITY, .high = INFINITY};
}

static struct factor stated_base(struct arena *a, const struct policy *p, const struct bases *bases,
                                 const struct assumptions *assume) {
    struct factor f = base_of(a, p, bases, BASE_STATED, -1);
    f.name = STR("base rate");
    f.sd = assume->value[ASSUME_BASE_SPREAD];
    f.spread = ASSUME_BASE_SPREAD;
    f.grade = GRADE_ASSUMED;
    f.source = STR("stated in the policy");
    f.assumed = true;
    return f;
}

// Of every campaign with an effect of that kind: how many stay is shifted, all else multiplied.
static struct factor seen_base(struct arena *a, const struct policy *p, const struct bases *bases,
                               enum effect_kind kind, const struct assumptions *assume) {
    static const char *const name[EFFECT_KINDS] = {[EFFECT_RETENTION] = FACTOR_OF_HISTORY,
                                                   [EFFECT_FREQUENCY] =
                                                       "purchases without an offer",
                                                   [EFFECT_SPEND] = "spend without an offer",
                                                   [EFFECT_REFERRAL] = "friends without an offer"};
    const struct seen *h = &bases->seen[kind];
    struct factor f = base_of(a, p, bases, BASE_HISTORY, -1);
    bool *bears = arena_array(a, (size_t)p->campaigns, sizeof *bears);
    for (int k = 0; k < p->campaigns; k++)
        bears[k] = f.bears[k] && p->campaign[k].effect.kind == kind;
    f.bears = bears;
    f.name = str_of(name[kind]);
    f.sd = hypot(h->deviation, assume->value[ASSUME_BASE_SPREAD]);
    f.spread = ASSUME_BASE_SPREAD;
    f.grade = h->grade;
    f.source = h->source;
    if (kind == EFFECT_RETENTION)
        return f;
    f.multiple = true;
    f.shape = SHAPE_LOGNORMAL;
    f.spread = ASSUME_PACE_SPREAD;
    f.low = 0;
    f.mean = 1;
    f.sd = hypot(h->mean > 0 ? h->deviation / h->mean : 0, assume->value[ASSUME_PACE_SPREAD]);
    return f;
}

static struct factor control_base(struct arena *a, const struct policy *p,
                                  const struct bases *bases, int campaign) {
    struct str name = p->campaign[campaign].name;
    struct factor f = base_of(a, p, bases, BASE_EXPERIMENT, campaign);
    f.name = str_of(arena_printf(a, "base rate of %.*s", (int)name.n, name.p));
    f.sd = bases->base[campaign].deviation;
    f.spread = ASSUMPTIONS;
    f.grade = GRADE_EXPERIMENT;
    f.source = bases->base[campaign].source;
    return f;
}

struct factor factor_of_value(const struct assumptions *assume) {
    return (struct factor){.name = STR("value of a success"),
                           .kind = FACTOR_VALUE,
                           .campaign = -1,
                           .shape = SHAPE_LOGNORMAL,
                           .mean = 1,
                           .sd = assume->value[ASSUME_VALUE_SPREAD],
                           .spread = ASSUME_VALUE_SPREAD,
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
    f->spread = ASSUMPTIONS;
    f->grade = b->firm ? GRADE_EXPERIMENT : GRADE_ASSUMED;
    f->source = b->firm ? b->source
                        : str_of(arena_printf(a, "stated in the policy; too few in the %.*s",
                                              (int)b->source.n, b->source.p));
}

struct factors factors_of(struct arena *a, const struct policy *p, const struct cells *cells,
                          const struct bases *bases, const struct assumptions *assume) {
    struct factors all = {0};
    bool stated = false, history[EFFECT_KINDS] = {false};
    all.factor = arena_array(a, 2 * (size_t)p->campaigns + EFFECT_KINDS + 2, sizeof *all.factor);
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
        stated |= bases->base[k].from == BASE_STATED;
        history[p->campaign[k].effect.kind] |= bases->base[k].from == BASE_HISTORY;
        if (bases->base[k].from == BASE_EXPERIMENT)
            all.factor[all.n++] = control_base(a, p, bases, k);
    }
    if (stated)
        all.factor[all.n++] = stated_base(a, p, bases, assume);
    for (enum effect_kind kind = EFFECT_RETENTION; kind < EFFECT_KINDS; kind++)
        if (history[kind])
            all.factor[all.n++] = seen_base(a, p, bases, kind, assume);
    if (all.n > 0)
        all.factor[all.n++] = factor_of_value(assume);
    return all;
}
