// Where what there is without an offer is known from: the policy says it, or the control of the
// experiment that measured the effect, or the firm's own history does.
#include <math.h>

#include "simulate/forecast.h"
#include "simulate/habit.h"
#include "simulate/told.h"

// Of the campaigns that ask the history about one kind of effect.
struct asking {
    const struct decisions *d;
    enum effect_kind kind;
    int months; // in which all but retention is counted
    struct stake *stake;
    struct bases *out;
};

static enum base_source source_of(const struct campaign *c) {
    const struct effect *e = &c->effect;
    if (rule_given(&e->base))
        return BASE_STATED;
    if (e->measured)
        return BASE_EXPERIMENT;
    return e->kind != EFFECT_NONE ? BASE_HISTORY : BASE_UNKNOWN;
}

static void take_control(const struct belief *b, struct base *out) {
    out->mean = b->all.control.mean;
    out->deviation = sqrt(moments_variance(b->all.control) / (double)b->all.control.n);
    if (isnan(out->deviation))
        out->from = BASE_UNKNOWN;
    out->source = b->source;
}

static bool is_asked(const struct bases *all, const struct policy *p, enum effect_kind kind) {
    for (int k = 0; k < p->campaigns; k++)
        if (all->base[k].from == BASE_HISTORY && p->campaign[k].effect.kind == kind)
            return true;
    return false;
}

static bool is_of(const struct asking *q, const struct candidate *c) {
    return q->out->base[c->campaign].from == BASE_HISTORY &&
           q->d->policy->campaign[c->campaign].effect.kind == q->kind;
}

// By what the offers that are granted cost.
static double weight_of(const struct asking *q, int64_t i) {
    double cost = q->stake[i].offer;
    return !decide_granted(q->d, &q->d->candidate[i]) ? 0 : cost > 0 ? cost : 1;
}

// ---- what a column tells ------------------------------------------------------------------------

static void apply_told(struct arena *a, const struct asking *q, const struct column *c) {
    const struct policy *p = q->d->policy;
    struct seen *out = &q->out->seen[q->kind];
    const char *name = told_name(q->kind);
    bool stated = policy_param(p, str_of(name)) >= 0;
    double years = q->kind == EFFECT_RETENTION ? 1 : q->months / 12.0;
    for (int64_t i = 0; i < q->d->candidates; i++) {
        int64_t customer = q->d->candidate[i].customer;
        if (!is_of(q, &q->d->candidate[i]) || !column_has(c, customer))
            continue;
        q->stake[i].base = column_double(c, customer) * years;
    }
    out->grade = stated ? GRADE_ASSUMED : GRADE_HISTORY;
    out->source =
        str_of(arena_printf(a, stated ? "%s, stated in the policy" : "%s of each customer", name));
}

// ---- what customers did -------------------------------------------------------------------------

// Each candidate's base, and how sure the history is of those that are granted, together.
static void apply_habit(struct arena *a, const struct asking *q, const struct habit *h) {
    struct seen *out = &q->out->seen[q->kind];
    struct habit_mix mix = {0};
    for (int64_t i = 0; i < q->d->candidates; i++) {
        const struct candidate *c = &q->d->candidate[i];
        if (!is_of(q, c))
            continue;
        q->stake[i].base = habit_expected(h, c->customer);
        habit_add(h, c->customer, weight_of(q, i), &mix);
    }
    out->mean = habit_mean(&mix);
    out->deviation = habit_deviation(h, &mix);
    out->grade = GRADE_HISTORY;
    out->source = str_of(arena_printf(a, "%s", h->source));
}

static void forget(struct arena *a, const struct asking *q, const char *unknown) {
    if (!q->out->unknown)
        q->out->unknown = arena_printf(a, "%s", unknown);
    for (int k = 0; k < q->d->policy->campaigns; k++)
        if (q->d->policy->campaign[k].effect.kind == q->kind &&
            q->out->base[k].from == BASE_HISTORY)
            q->out->base[k].from = BASE_UNKNOWN;
}

static enum status add_history(struct arena *a, const struct host *host, const struct asking *q,
                               struct err *err) {
    const struct column *told;
    int months = q->kind == EFFECT_RETENTION ? 12 : q->months;
    TRY(told_of(q->d, q->kind, &told, err));
    if (told) {
        apply_told(a, q, told);
        return DONE;
    }
    struct arena *own = arena_child(a);
    struct habit *h = arena_alloc(own, sizeof *h);
    TRY(habit_of(own, host, q->d, q->kind, months, h, err));
    if (h->unknown)
        forget(a, q, h->unknown);
    else
        apply_habit(a, q, h);
    arena_free(own);
    return DONE;
}

enum status bases_of(struct arena *a, const struct host *host, const struct decisions *d,
                     const struct assumptions *assume, struct stake *stake, struct bases *out,
                     struct err *err) {
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
    struct asking q = {.d = d, .stake = stake, .out = out};
    q.months = (int)lround(assume->value[ASSUME_HORIZON]);
    for (q.kind = EFFECT_RETENTION; q.kind < EFFECT_KINDS; q.kind++)
        if (is_asked(out, p, q.kind))
            TRY(add_history(a, host, &q, err));
    return DONE;
}
