#include "trial/upshot.h"

#include <math.h>

double *upshot_values(struct arena *a, const struct column *c) {
    double *value = arena_array(a, (size_t)c->n, sizeof *value);
    bool counts = type_numeric(c->type) || c->type == TYPE_FLAG;
    for (int64_t i = 0; i < c->n; i++)
        value[i] = counts && column_has(c, i) ? column_double(c, i) : NAN;
    return value;
}

static bool is_answer(const struct upshot *o, const struct experiment *x) {
    for (int64_t i = 0; i < x->customers; i++)
        if (x->of[i] >= 0 && !isnan(o->value[i]) && o->value[i] != 0 && o->value[i] != 1)
            return false;
    return true;
}

static enum status check_arms(const struct upshot *o, const struct experiment *x, struct err *err) {
    for (int k = 0; k < x->arms; k++)
        if (o->moments[k].n == 0)
            return err_set(err, REFUSED, "%.*s is missing for all %lld customers of the arm %.*s",
                           (int)o->name.n, o->name.p, (long long)x->arm[k].customers,
                           (int)x->arm[k].name.n, x->arm[k].name.p);
    return DONE;
}

// ---- arms together ------------------------------------------------------------------------------

// The moments of what an effect is of, from those of every arm, which stand `step` apart.
static struct moments treated_of(const struct moments *m, int step, int arms, int arm) {
    struct moments sum = m[(arm ? arm : 1) * step];
    for (int k = 2; !arm && k < arms; k++)
        sum = moments_merge(sum, m[k * step]);
    return sum;
}

static void name_effects(struct upshot *o, const struct experiment *x) {
    for (int k = 1; k < x->arms; k++)
        o->effect[o->effects++] =
            (struct arm_effect){x->arm[k].name, k, x->arm[k].customers, x->arm[k].cost};
    if (x->arms == 2)
        return;
    struct arm_effect all = {STR("all arms"), 0, 0, 0};
    for (int k = 1; k < x->arms; k++) {
        all.customers += x->arm[k].customers;
        all.cost += x->arm[k].cost;
    }
    o->effect[o->effects++] = all;
}

// ---- by segment ---------------------------------------------------------------------------------

static void find_segments(struct arena *a, const double *value, const struct comparing *k,
                          struct upshot *o) {
    const struct experiment *x = k->experiment;
    size_t cells = (size_t)x->arms * (size_t)k->segments;
    int32_t *cell = arena_array(a, (size_t)x->customers, sizeof *cell);
    struct moments *m = arena_array(a, cells, sizeof *m);
    struct moments *treated = arena_array(a, (size_t)k->segments, sizeof *treated);
    for (int64_t i = 0; i < x->customers; i++)
        cell[i] = x->of[i] < 0 ? -1 : x->of[i] * k->segments + k->segment[i];
    moments_of(value, cell, x->customers, (int)cells, m);
    for (int e = 0; e < o->effects; e++) {
        for (int s = 0; s < k->segments; s++)
            treated[s] = treated_of(m + s, k->segments, x->arms, o->effect[e].arm);
        o->effect[e].segments = segment_effects_of(a, m, treated, k->segments, &k->precision);
    }
}

// ---- all of it ----------------------------------------------------------------------------------

static void find_effects(struct arena *a, const struct comparing *k, struct upshot *o) {
    const struct experiment *x = k->experiment;
    struct moments adjusted_moments[ARMS_MOST];
    double *best = o->value;
    if (k->before) {
        double *adjusted = arena_array(a, (size_t)x->customers, sizeof *adjusted);
        o->before = adjust(o->value, k->before, x->of, x->customers, x->arms, adjusted);
        best = o->before.helps ? adjusted : best;
    }
    moments_of(best, x->of, x->customers, x->arms, adjusted_moments);
    for (int e = 0; e < o->effects; e++) {
        struct arm_effect *f = &o->effect[e];
        f->plain =
            contrast_of(o->moments[0], treated_of(o->moments, 1, x->arms, f->arm), &k->precision);
        f->best = contrast_of(adjusted_moments[0], treated_of(adjusted_moments, 1, x->arms, f->arm),
                              &k->precision);
        if (o->answer)
            f->sure = sure_things_of(x, f->arm, o->value, &f->plain);
    }
    if (k->segment)
        find_segments(a, best, k, o);
}

enum status upshot_of(struct arena *a, const struct column *c, const struct comparing *k,
                      struct upshot *out, struct err *err) {
    const struct experiment *x = k->experiment;
    *out = (struct upshot){.name = c->name, .type = c->type};
    if (!type_numeric(c->type) && c->type != TYPE_FLAG)
        return err_set(err, REFUSED,
                       "%.*s is a %s, which has no mean; an outcome is a number, money or a flag",
                       (int)c->name.n, c->name.p, type_name(c->type));
    out->value = upshot_values(a, c);
    moments_of(out->value, x->of, x->customers, x->arms, out->moments);
    TRY(check_arms(out, x, err));
    for (int i = 0; i < x->arms; i++)
        out->missing[i] = x->arm[i].customers - out->moments[i].n;
    out->answer = is_answer(out, x);
    name_effects(out, x);
    find_effects(a, k, out);
    return DONE;
}
