#include "trial/upshot.h"

#include <math.h>

// Beyond it squares of squares, which errors of errors are made of, have no number.
static const double VALUE_MOST = 1e60;

enum status upshot_values(struct arena *a, const struct column *c, double **out, struct err *err) {
    double *value = *out = arena_array(a, (size_t)c->n, sizeof *value);
    bool counts = type_numeric(c->type) || c->type == TYPE_FLAG;
    for (int64_t i = 0; i < c->n; i++) {
        value[i] = counts && column_has(c, i) ? column_double(c, i) : NAN;
        if (fabs(value[i]) > VALUE_MOST)
            return err_set(err, REFUSED,
                           "%.*s has a value of %g, and beyond %g no mean can be told; correct it",
                           (int)c->name.n, c->name.p, value[i], VALUE_MOST);
    }
    return DONE;
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

// ---- arms against the control -------------------------------------------------------------------

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

// Who is on which side: 0 the control, 1 the arm (or any, of all of them together), -1 neither.
static void take_sides(const struct experiment *x, int arm, int32_t *side) {
    for (int64_t i = 0; i < x->customers; i++)
        side[i] = x->of[i] <= 0 ? x->of[i] : !arm || x->of[i] == arm ? 1 : -1;
}

static struct contrast contrast_sides(struct arena *a, const struct comparing *k,
                                      const double *value, const int32_t *side) {
    struct moments m[2];
    moments_of_clusters(a, value, side, k->clusters, k->experiment->customers, 2, m);
    return contrast_of(m[0], m[1], &k->precision);
}

// Members of a household are in several segments, so that its errors do not lie side by side there:
// the stratified estimate has them from what each customer adds to it, summed by cluster. m: the
// moments of the segments in the control, then in the arm.
static struct estimate stratify_clusters(struct arena *a, const struct comparing *k,
                                         const double *value, const int32_t *side,
                                         const struct moments *m) {
    const struct moments *const of[] = {m, m + k->segments};
    double in[2] = {0}, sum[2] = {0}; // of the segments that are in both arms
    double *size = arena_array(a, (size_t)k->segments, sizeof *size);
    double *part = arena_array(a, (size_t)k->experiment->customers, sizeof *part);
    for (int s = 0; s < k->segments; s++) {
        if (!of[0][s].n || !of[1][s].n)
            continue;
        size[s] = (double)(of[0][s].n + of[1][s].n);
        for (int g = 0; g < 2; g++) {
            in[g] += (double)of[g][s].n;
            sum[g] += size[s] * of[g][s].mean;
        }
    }
    for (int64_t i = 0; i < k->experiment->customers; i++) {
        int g = side[i], s = k->segment[i];
        part[i] = NAN;
        if (g >= 0 && size[s] > 0)
            part[i] = (sum[g] + size[s] * in[g] / (double)of[g][s].n * (value[i] - of[g][s].mean)) /
                      (in[0] + in[1]);
    }
    return contrast_sides(a, k, part, side).difference;
}

static struct segment_effects contrast_segments(struct arena *a, const struct comparing *k,
                                                const double *value, const int32_t *side) {
    int64_t n = k->experiment->customers;
    int32_t *cell = arena_array(a, (size_t)n, sizeof *cell);
    struct moments *m = arena_array(a, 2 * (size_t)k->segments, sizeof *m);
    for (int64_t i = 0; i < n; i++)
        cell[i] = side[i] < 0 ? -1 : side[i] * k->segments + k->segment[i];
    moments_of_clusters(a, value, cell, k->clusters, n, 2 * k->segments, m);
    struct segment_effects s =
        segment_effects_of(a, m, m + k->segments, k->segments, &k->precision);
    if (k->clusters && s.n)
        s.stratified = stratify_clusters(a, k, value, side, m);
    return s;
}

static void find_effects(struct arena *a, const struct comparing *k, struct upshot *o) {
    const struct experiment *x = k->experiment;
    int32_t *side = arena_array(a, (size_t)x->customers, sizeof *side);
    double *best = o->value;
    if (k->before) {
        double *adjusted = arena_array(a, (size_t)x->customers, sizeof *adjusted);
        o->before =
            adjust(a, o->value, k->before, x->of, k->clusters, x->customers, x->arms, adjusted);
        best = o->before.helps ? adjusted : best;
    }
    for (int e = 0; e < o->effects; e++) {
        struct arm_effect *f = &o->effect[e];
        take_sides(x, f->arm, side);
        f->plain = f->best = contrast_sides(a, k, o->value, side);
        if (best != o->value)
            f->best = contrast_sides(a, k, best, side);
        if (o->answer)
            f->sure = sure_things_of(x, f->arm, o->value, &f->plain);
        if (k->segment)
            f->segments = contrast_segments(a, k, best, side);
    }
}

static void find_winner(const struct comparing *k, struct upshot *o) {
    const struct contrast *arm[ARMS_MOST];
    int arms = 0;
    for (int e = 0; e < o->effects; e++)
        if (o->effect[e].arm)
            arm[arms++] = &o->effect[e].best;
    o->winner = winner_of(arm, arms, &k->precision);
}

enum status upshot_of(struct arena *a, const struct column *c, const struct comparing *k,
                      struct upshot *out, struct err *err) {
    const struct experiment *x = k->experiment;
    *out = (struct upshot){.name = c->name, .type = c->type};
    if (!type_numeric(c->type) && c->type != TYPE_FLAG)
        return err_set(err, REFUSED,
                       "%.*s is a %s, which has no mean; an outcome is a number, money or a flag",
                       (int)c->name.n, c->name.p, type_name(c->type));
    TRY(upshot_values(a, c, &out->value, err));
    moments_of_clusters(a, out->value, x->of, k->clusters, x->customers, x->arms, out->moments);
    TRY(check_arms(out, x, err));
    for (int i = 0; i < x->arms; i++)
        out->missing[i] = x->arm[i].customers - out->moments[i].n;
    out->answer = is_answer(out, x);
    name_effects(out, x);
    find_effects(a, k, out);
    find_winner(k, out);
    return DONE;
}

int upshot_together(struct arena *a, struct upshot *outcome, int outcomes) {
    double **p = arena_array(a, (size_t)outcomes * ARMS_MOST, sizeof *p);
    int n = 0;
    for (int i = 0; i < outcomes; i++)
        for (int e = 0; e < outcome[i].effects; e++) {
            struct arm_effect *f = &outcome[i].effect[e];
            f->together = f->arm ? f->best.difference.p : NAN;
            if (!isnan(f->together))
                p[n++] = &f->together;
        }
    multiple_holm(p, n);
    return n;
}
