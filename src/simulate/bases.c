// Where what there is without an offer is known from: the policy says it, or the control of the
// experiment that measured the effect, or the firm's own history does.
#include <math.h>

#include "simulate/forecast.h"
#include "simulate/habit.h"

static enum base_source source_of(const struct campaign *c) {
    const struct effect *e = &c->effect;
    if (rule_given(&e->base))
        return BASE_STATED;
    if (e->measured)
        return BASE_EXPERIMENT;
    return e->kind == EFFECT_RETENTION ? BASE_HISTORY : BASE_UNKNOWN;
}

static void take_control(const struct belief *b, struct base *out) {
    out->mean = b->all.control.mean;
    out->deviation = sqrt(moments_variance(b->all.control) / (double)b->all.control.n);
    if (isnan(out->deviation))
        out->from = BASE_UNKNOWN;
    out->source = b->source;
}

static bool any_from(const struct bases *all, int campaigns, enum base_source from) {
    for (int k = 0; k < campaigns; k++)
        if (all->base[k].from == from)
            return true;
    return false;
}

// Each candidate's base, and how sure the history is of those that are granted, together.
static double apply_habit(struct arena *a, const struct decisions *d, const struct habit *h,
                          const struct bases *all, struct stake *stake) {
    double *weight = arena_array(a, HABIT_STATES, sizeof *weight), sum = 0;
    for (int64_t i = 0; i < d->candidates; i++) {
        const struct candidate *c = &d->candidate[i];
        int state = h->state[c->customer];
        if (all->base[c->campaign].from != BASE_HISTORY || state == HABIT_STATES)
            continue;
        stake[i].base = h->mean[state];
        if (!decide_granted(d, c))
            continue;
        weight[state] += stake[i].offer;
        sum += stake[i].offer;
    }
    for (int s = 0; s < HABIT_STATES; s++)
        weight[s] = sum > 0 ? weight[s] / sum : 1.0 / HABIT_STATES;
    return shrink_deviation(h->deviation, h->shared, weight, HABIT_STATES);
}

static enum status add_history(struct arena *a, const struct host *host, const struct decisions *d,
                               struct bases *all, struct stake *stake, struct err *err) {
    struct habit *h = arena_alloc(a, sizeof *h);
    TRY(habit_of(a, host, d->data, h, err));
    all->unknown = h->unknown;
    if (!h->unknown) {
        all->deviation = apply_habit(a, d, h, all, stake);
        all->customers = h->customers;
        return DONE;
    }
    for (int k = 0; k < d->policy->campaigns; k++)
        if (all->base[k].from == BASE_HISTORY)
            all->base[k].from = BASE_UNKNOWN;
    return DONE;
}

enum status bases_of(struct arena *a, const struct host *host, const struct decisions *d,
                     struct stake *stake, struct bases *out, struct err *err) {
    const struct policy *p = d->policy;
    *out = (struct bases){.base = arena_array(a, (size_t)p->campaigns, sizeof *out->base)};
    for (int k = 0; k < p->campaigns; k++) {
        out->base[k].from = source_of(&p->campaign[k]);
        if (out->base[k].from == BASE_EXPERIMENT)
            take_control(p->campaign[k].effect.belief, &out->base[k]);
    }
    for (int64_t i = 0; i < d->candidates; i++)
        if (out->base[d->candidate[i].campaign].from == BASE_EXPERIMENT)
            stake[i].base = out->base[d->candidate[i].campaign].mean;
    if (!any_from(out, p->campaigns, BASE_HISTORY))
        return DONE;
    struct arena *own = arena_child(a);
    TRY(add_history(own, host, d, out, stake, err));
    arena_free(own);
    return DONE;
}
