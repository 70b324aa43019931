// A result is linear in each factor, but where a chance to stay reaches its ends: so the sums of
// the cells give it exactly.
#include <math.h>

#include "simulate/forecast.h"

double result_contact(const struct result *r) {
    return r->contact;
}

double result_offers(const struct result *r) {
    return r->offers;
}

double result_sure(const struct result *r) {
    return r->sure;
}

double result_gain(const struct result *r) {
    return r->gain;
}

double result_cost(const struct result *r) {
    return r->contact + r->offers;
}

double result_net(const struct result *r) {
    return r->gain - result_cost(r);
}

double result_roi(const struct result *r) {
    return result_cost(r) > 0 ? result_net(r) / result_cost(r) : 0;
}

// The factors as they bear on one campaign: the shifts of its effect and of its bases, and the
// multiples of its bases and of the value.
struct shifts {
    double effect, base, pace, value;
};

static struct shifts *shifts_of(struct arena *a, const struct forecast *f, const double *x) {
    int campaigns = f->cells->campaigns;
    struct shifts *out = arena_array(a, (size_t)campaigns, sizeof *out);
    for (int k = 0; k < campaigns; k++)
        out[k].pace = out[k].value = 1;
    for (int i = 0; i < f->factors.n; i++) {
        const struct factor *factor = &f->factors.factor[i];
        if (factor->kind == FACTOR_EFFECT)
            out[factor->campaign].effect = x[i] - factor->mean;
        for (int k = 0; k < campaigns && factor->kind != FACTOR_EFFECT; k++) {
            if (factor->kind == FACTOR_BASE && factor->bears[k])
                *(factor->multiple ? &out[k].pace : &out[k].base) = x[i];
            else if (factor->kind == FACTOR_VALUE)
                out[k].value = x[i];
        }
    }
    return out;
}

static double clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

// The sum over a cell of y x uplift, for the y of `s`.
static double uplifted(const struct sums *s, const struct effect *e, const struct shifts *x) {
    if (!e->relative)
        return s->uplift + x->effect * s->all;
    return s->uplift + x->effect * s->base + x->base * s->size + x->effect * x->base * s->all;
}

static struct result cell_result(const struct cell *c, const struct effect *e, bool base_known,
                                 const struct shifts *x) {
    double n = (double)c->offers, base = c->one.base / n,
           shifted = fmax(base * x->pace + x->base, 0);
    double uplift = uplifted(&c->one, e, x) / n, possible = uplift;
    if (e->kind == EFFECT_RETENTION) {
        shifted = fmin(shifted, 1);
        possible = base_known ? clamp(uplift, -shifted, 1 - shifted) : clamp(uplift, -1, 1);
    }
    double share = uplift != 0 ? possible / uplift : 1;
    double sure = c->offer.base + (shifted - base) * c->offer.all;
    if (e->kind != EFFECT_RETENTION && !e->on_success) // more than one a customer
        sure = shifted > 0 ? c->offer.all * fmin(shifted / (shifted + possible), 1) : 0;
    struct result out = {.contact = c->contact, .sure = base_known ? sure : 0};
    out.gain = x->value * share * uplifted(&c->worth, e, x);
    out.offers = e->on_success ? sure + share * uplifted(&c->offer, e, x) : c->offer.all;
    return out;
}

static void add_result(struct result *into, struct result r) {
    into->contact += r.contact;
    into->offers += r.offers;
    into->sure += r.sure;
    into->gain += r.gain;
}

struct result forecast_at(struct arena *a, const struct forecast *f, const double *x,
                          struct result *by_campaign) {
    const struct shifts *shifts = shifts_of(a, f, x);
    const struct cells *cells = f->cells;
    struct result all = {0};
    for (int k = 0; by_campaign && k < cells->campaigns; k++)
        by_campaign[k] = (struct result){0};
    for (const struct cell *c = cells->cell; c < cells->cell + cells->n; c++) {
        const struct effect *e = &f->decisions->policy->campaign[c->campaign].effect;
        struct result r = cell_result(c, e, cells->base_known[c->campaign], &shifts[c->campaign]);
        add_result(&all, r);
        if (by_campaign)
            add_result(&by_campaign[c->campaign], r);
    }
    return all;
}

double *forecast_means(struct arena *a, const struct forecast *f) {
    double *x = arena_array(a, (size_t)f->factors.n, sizeof *x);
    for (int i = 0; i < f->factors.n; i++)
        x[i] = f->factors.factor[i].mean;
    return x;
}
