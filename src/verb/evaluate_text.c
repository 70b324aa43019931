// The evaluation as a page for people: who was in it, whether that can be trusted, what it did, and
// what that cost and earned.
#include <math.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "verb/evaluate.h"
#include "verb/lineup.h"

// ---- figures ------------------------------------------------------------------------------------

// Shares are shown in per cent, all else as it is.
struct figures {
    struct arena *arena;
    bool percent;
};

static const char *figure(const struct figures *f, double x, bool sign) {
    if (isnan(x))
        return ".";
    if (f->percent)
        return arena_printf(f->arena, sign ? "%+.2f" : "%.2f", 100 * x);
    return arena_printf(f->arena, sign ? "%+.4g" : "%.4g", x);
}

static const char *range(const struct figures *f, struct interval i) {
    if (isnan(i.low))
        return ".";
    return arena_printf(f->arena, "%s .. %s", figure(f, i.low, true), figure(f, i.high, true));
}

static const char *chance(struct arena *a, double p) {
    return isnan(p) ? "." : p < 0.0001 ? "<0.0001" : arena_printf(a, "%.4f", p);
}

static void head(struct lineup *l, const char *const *names) {
    for (int i = 0; i < l->columns; i++)
        lineup_put_z(l, names[i]);
}

// ---- who was in it ------------------------------------------------------------------------------

static void head_text(struct buf *out, const struct evaluation *x) {
    const struct experiment *e = &x->experiment;
    const struct dataset *data = &x->opened.loaded.data;
    char as_of[11] = {0}, first[11] = {0}, last[11] = {0};
    date_print(data->as_of, as_of);
    date_print(e->first, first);
    date_print(e->last, last);
    buf_str(out, e->name);
    if (e->dated)
        buf_printf(out, e->first == e->last ? ", %s" : ", %s to %s", first, last);
    buf_printf(out, "; %.*s as of %s\n\n", (int)data->name.n, data->name.p, as_of);
}

static void arms_text(struct buf *out, const struct evaluation *x) {
    static const char *const names[] = {"arm", "customers", "share", "planned", "contacts", "cost"};
    const struct experiment *e = &x->experiment;
    struct lineup l = {.arena = out->arena, .columns = e->cost ? 6 : 4};
    double all = 0;
    for (int k = 0; k < e->arms; k++)
        all += (double)e->arm[k].customers;
    head(&l, names);
    for (int k = 0; k < e->arms; k++) {
        const struct arm *arm = &e->arm[k];
        lineup_put_z(&l, arena_printf(out->arena, "%.*s%s", (int)arm->name.n, arm->name.p,
                                      k || reason_is_control_arm(arm->name) ? "" : " (control)"));
        lineup_put_z(&l, arena_printf(out->arena, "%lld", (long long)arm->customers));
        lineup_put_z(&l, arena_printf(out->arena, "%.2f %%", 100 * (double)arm->customers / all));
        lineup_put_z(
            &l, x->propensity ? "." : arena_printf(out->arena, "%.2f %%", 100 * x->ratio.share[k]));
        if (!e->cost)
            continue;
        lineup_put_z(&l, arm->contacts ? arena_printf(out->arena, "%lld", (long long)arm->contacts)
                                       : ".");
        lineup_put_money(&l, arm->cost, x->opened.loaded.data.decimals);
    }
    lineup_text(out, &l);
}

static void ratio_text(struct buf *out, const struct evaluation *x) {
    const struct ratio *r = &x->ratio;
    buf_printf(out, "%s: chi-square %s%.6g, %g degree%s of freedom, p %s\n",
               r->holds ? "the arms are as they were planned" : "THE ARMS ARE NOT AS PLANNED",
               x->cluster ? "of clusters " : "", r->statistic, r->freedom,
               plural((int64_t)r->freedom), chance(out->arena, r->p));
    if (!r->holds)
        buf_printf(
            out,
            "By lot this happens less than once in %g times, so something else chose who is "
            "in which arm,\nand no difference between them is an effect. Usual causes: %s;\n"
            "contacts that failed, or were filtered, in one arm only; who left or was merged "
            "since was\nremoved from one arm; arms drawn anew for some. Find it before you look "
            "at any figure.\n",
            1 / RATIO_LEAST,
            x->shares_said ? "--shares was not what was planned"
                           : "without\n--shares the plan is taken to be equal arms");
}

// ---- what it did --------------------------------------------------------------------------------

static void lift_cell(struct lineup *l, const struct estimate *lift) {
    struct figures percent = {l->arena, true};
    lineup_put_z(l, isnan(lift->value)
                        ? "."
                        : arena_printf(l->arena, "%s %%", figure(&percent, lift->value, true)));
}

static void effect_cells(struct lineup *l, const struct figures *f, const struct contrast *e,
                         double together) {
    lineup_put_z(l, arena_printf(l->arena, "%lld", (long long)e->treated.n));
    lineup_put_z(l, figure(f, e->treated.mean, false));
    lineup_put_z(l, figure(f, e->difference.value, true));
    lineup_put_z(l, figure(f, e->difference.error, false));
    lineup_put_z(l, range(f, e->difference.fixed));
    lineup_put_z(l, range(f, e->difference.always));
    lift_cell(l, &e->lift);
    lineup_put_z(l, chance(l->arena, e->difference.p));
    if (l->n % l->columns)
        lineup_put_z(l, chance(l->arena, together));
}

static void control_cells(struct lineup *l, const struct figures *f, struct str name,
                          const struct moments *m) {
    lineup_put(l, name);
    lineup_put_z(l, arena_printf(l->arena, "%lld", (long long)m->n));
    lineup_put_z(l, figure(f, m->mean, false));
    while (l->n % l->columns)
        lineup_put_z(l, ".");
}

static void clusters_text(struct buf *out, const struct evaluation *x, const struct upshot *r) {
    int64_t clusters = 0;
    if (!x->cluster)
        return;
    for (int k = 0; k < x->experiment.arms; k++)
        clusters += r->moments[k].units;
    buf_printf(out, "  errors are those of %lld clusters by %s\n", (long long)clusters, x->cluster);
}

static void before_text(struct buf *out, const struct evaluation *x, const struct upshot *r) {
    const struct adjustment *b = &r->before;
    if (!x->before)
        return;
    buf_printf(out, "  %s foretells %.1f %% of its variance (rho^2 %.4f): ", x->before,
               100 * b->rho2, b->rho2);
    if (b->suspect)
        buf_z(out, "not used, for the arms differed in it already\n");
    else if (!b->helps)
        buf_z(out, "too little to help, so it is not used\n");
    else
        buf_printf(out, "intervals are %.1f %% narrower with it\n", 100 * b->narrower);
    if (b->missing)
        buf_printf(out, "  (it is missing for %lld customer%s, who are taken as they are)\n",
                   (long long)b->missing, plural(b->missing));
}

static void effects_table(struct buf *out, const struct evaluation *x, const struct upshot *r,
                          bool best) {
    static const char *const names[] = {"arm",  "customers",    "mean", "difference", "error",
                                        "95 %", "always valid", "lift", "p",          "Holm"};
    struct figures f = {out->arena, r->answer};
    bool last = best || !r->before.helps; // what is to go by
    struct lineup l = {.arena = out->arena, .columns = last && x->together > 1 ? 10 : 9};
    head(&l, names);
    for (int e = 0; e < r->effects; e++) {
        const struct contrast *k = best ? &r->effect[e].best : &r->effect[e].plain;
        if (e == 0)
            control_cells(&l, &f, x->experiment.arm[0].name, &k->control);
        lineup_put(&l, r->effect[e].name);
        effect_cells(&l, &f, k, r->effect[e].together);
    }
    lineup_text(out, &l);
}

static void winner_text(struct buf *out, const struct upshot *r) {
    const struct winner *w = &r->winner;
    struct figures f = {out->arena, r->answer};
    if (w->arm < 0)
        return;
    const struct arm_effect *e = &r->effect[w->arm];
    buf_printf(
        out,
        "  highest: %.*s, %s; without the luck of being picked %s (95 %% for whichever arm is "
        "picked: %s)\n",
        (int)e->name.n, e->name.p, figure(&f, e->best.difference.value, true),
        figure(&f, w->value, true), range(&f, w->any));
}

// p0 / p1, if an arm put nobody off.
static void sure_text(struct buf *out, const struct evaluation *x, const struct upshot *r) {
    static const char *const names[] = {"arm", "answers", "would have without", "cost of answers",
                                        "of it for nothing"};
    struct figures percent = {out->arena, true};
    struct lineup l = {.arena = out->arena, .columns = x->experiment.cost ? 5 : 3};
    int decimals = x->opened.loaded.data.decimals;
    if (!r->answer)
        return;
    head(&l, names);
    for (int e = 0; e < r->effects; e++) {
        const struct sure_things *s = &r->effect[e].sure;
        lineup_put(&l, r->effect[e].name);
        lineup_put_z(&l, arena_printf(out->arena, "%lld", (long long)s->answered));
        lineup_put_z(&l, isnan(s->share) ? "."
                                         : arena_printf(out->arena, "%s %%",
                                                        figure(&percent, s->share, false)));
        if (s->cost == NO_AMOUNT)
            continue;
        lineup_put_money(&l, s->cost, decimals);
        lineup_put_money(&l, s->wasted, decimals);
    }
    buf_z(out, "\n  sure things\n");
    lineup_text(out, &l);
}

static void segments_text(struct buf *out, const struct evaluation *x, const struct upshot *r,
                          const struct arm_effect *e) {
    const char *const names[] = {x->by,   "control", "arm",    "difference",
                                 "error", "95 %",    "shrunk", "95 %"};
    struct figures f = {out->arena, r->answer};
    const struct segment_effects *s = &e->segments;
    struct lineup l = {.arena = out->arena, .columns = 8};
    buf_printf(out, "\n  %.*s by %s\n", (int)e->name.n, e->name.p, x->by);
    if (s->n == 0) {
        buf_z(out, "  each is in one arm only: there is nothing to compare in them\n");
        return;
    }
    head(&l, names);
    for (int i = 0; i < s->n; i++) {
        const struct segment_effect *g = &s->segment[i];
        lineup_put(&l, x->segment[g->segment]);
        lineup_put_z(&l, arena_printf(out->arena, "%lld", (long long)g->effect.control.n));
        lineup_put_z(&l, arena_printf(out->arena, "%lld", (long long)g->effect.treated.n));
        lineup_put_z(&l, figure(&f, g->effect.difference.value, true));
        lineup_put_z(&l, figure(&f, g->effect.difference.error, false));
        lineup_put_z(&l, range(&f, g->effect.difference.fixed));
        lineup_put_z(&l, g->known ? figure(&f, g->shrunk, true) : ".");
        lineup_put_z(&l, g->known ? range(&f, g->believed) : ".");
    }
    lineup_text(out, &l);
    if (!s->drawn)
        buf_printf(out, "  with fewer than %d segments that have an error, none is shrunk\n",
                   SHRINK_LEAST);
    if (s->outside)
        buf_printf(out, "  left out: %lld customer%s in segments that are in one arm only\n",
                   (long long)s->outside, plural(s->outside));
    buf_printf(out, "  over the segments (stratified): %s, error %s, %s\n",
               figure(&f, s->stratified.value, true), figure(&f, s->stratified.error, false),
               range(&f, s->stratified.fixed));
}

static void result_text(struct buf *out, const struct evaluation *x, const struct upshot *r) {
    buf_printf(out, "\n%.*s%s\n", (int)r->name.n, r->name.p, r->answer ? ", in %" : "");
    effects_table(out, x, r, false);
    if (!(r->effect[0].plain.difference.error > 0))
        buf_z(out, "  nothing varies, or an arm has one customer or cluster: there is no error to "
                   "go by\n");
    clusters_text(out, x, r);
    before_text(out, x, r);
    if (r->before.helps)
        effects_table(out, x, r, true);
    winner_text(out, r);
    sure_text(out, x, r);
    for (int e = 0; x->by && e < r->effects; e++)
        segments_text(out, x, r, &r->effect[e]);
}

// ---- what it earned -----------------------------------------------------------------------------

static void amount_cells(struct lineup *l, const struct amount *a, int decimals) {
    char low[NUMBER_MAX], high[NUMBER_MAX];
    lineup_put_money(l, a->value, decimals);
    if (a->low == NO_AMOUNT)
        lineup_put_z(l, ".");
    else
        lineup_put_z(l, arena_printf(l->arena, "%.*s .. %.*s", money_print(a->low, decimals, low),
                                     low, money_print(a->high, decimals, high), high));
}

static void earnings_text(struct buf *out, const struct evaluation *x) {
    static const char *const names[] = {"arm", "cost", "earned", "95 %",
                                        "net", "95 %", "ROI",    "break-even"};
    const struct upshot *r = &x->result[0];
    const struct str currency = x->opened.loaded.data.currency;
    struct figures f = {out->arena, r->answer}, plain = {out->arena, false};
    struct lineup l = {.arena = out->arena, .columns = 8};
    int decimals = x->opened.loaded.data.decimals;
    if (!x->earnings)
        return;
    buf_printf(out, "\nearnings%s%.*s, by %.*s at %g a unit%s\n", currency.n ? " in " : "",
               (int)currency.n, currency.p, (int)r->name.n, r->name.p, x->worth,
               x->worth == 1 ? " (all of it counts; --worth 0.3: a margin of 30 %)" : "");
    head(&l, names);
    for (int e = 0; e < r->effects; e++) {
        const struct earnings *k = &x->earnings[e];
        lineup_put(&l, r->effect[e].name);
        lineup_put_money(&l, k->cost, decimals);
        amount_cells(&l, &k->earned, decimals);
        amount_cells(&l, &k->net, decimals);
        lineup_put_z(&l, figure(&plain, k->roi, true));
        lineup_put_z(&l, isnan(k->breakeven)
                             ? "."
                             : arena_printf(out->arena, "%s%s", figure(&f, k->breakeven, false),
                                            r->answer ? " %" : ""));
    }
    lineup_text(out, &l);
    if (!x->experiment.cost)
        buf_z(out, "  no cost is known, so none is counted; --cost NAME says it\n");
}

static void foretold_cell(struct lineup *l, const struct foretold *k, double x) {
    lineup_put_z(l, isnan(x) ? "." : arena_printf(l->arena, k->money ? "%.2f" : "%.6g", x));
}

static void forecast_text(struct buf *out, const struct evaluation *x) {
    static const char *const names[] = {"forecast", "mean", "5 %",  "95 %",
                                        "actual",   "low",  "high", "inside"};
    struct lineup l = {.arena = out->arena, .columns = 8};
    if (!x->forecast)
        return;
    head(&l, names);
    for (int i = 0; i < x->foretold; i++) {
        const struct foretold *k = &x->figure[i];
        lineup_put_z(&l, k->what);
        foretold_cell(&l, k, k->mean);
        foretold_cell(&l, k, k->ranged ? k->p5 : NAN);
        foretold_cell(&l, k, k->ranged ? k->p95 : NAN);
        foretold_cell(&l, k, k->actual);
        foretold_cell(&l, k, k->low);
        foretold_cell(&l, k, k->high);
        lineup_put_z(&l, !k->ranged ? "." : k->inside ? "yes" : "NO");
    }
    buf_printf(out, "\nforetold in %s\n", x->forecast);
    lineup_text(out, &l);
}

void evaluate_text(const void *result, struct buf *out) {
    const struct evaluation *x = result;
    head_text(out, x);
    arms_text(out, x);
    if (x->propensity)
        buf_printf(out, "the arms were given by the chances in %s: they are not compared\n",
                   x->propensity);
    else
        ratio_text(out, x);
    for (int i = 0; i < x->results; i++)
        result_text(out, x, &x->result[i]);
    if (x->together > 1)
        buf_printf(out, "\nHolm: p if all %d comparisons count, each arm by each outcome\n",
                   x->together);
    if (x->results) {
        earnings_text(out, x);
        forecast_text(out, x);
    }
    evaluate_offpolicy_text(out, x);
    evaluate_uplift_text(out, x);
}
