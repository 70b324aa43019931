#include <math.h>

#include "base/money.h"
#include "base/number.h"
#include "trial/ratio.h"
#include "verb/figures.h"
#include "verb/lineup.h"
#include "verb/plan_test.h"

// ---- people -------------------------------------------------------------------------------------

// With four digits.
static void put(struct buf *out, double x, const char *unit) {
    char text[NUMBER_MAX];
    buf_put(out, text, (size_t)number_print(round_digits(x, 4), text));
    buf_z(out, unit);
}

// A rate in per cent, a mean with how much it varies.
static const char *level(struct arena *a, const struct outcome_spread *y) {
    struct buf b = {.arena = a};
    if (y->rate) {
        put(&b, 100 * y->mean, " %");
        return buf_text(&b);
    }
    if (!isnan(y->mean))
        put(&b, y->mean, ", ");
    buf_z(&b, "sd ");
    put(&b, y->sd, "");
    return buf_text(&b);
}

static void effect_text(struct buf *out, const struct outcome_spread *y, double effect) {
    if (isnan(effect)) {
        buf_z(out, "none");
        return;
    }
    if (effect > 0)
        buf_char(out, '+');
    put(out, y->rate ? 100 * effect : effect, y->rate ? " points" : "");
}

static const char *share_of_it(struct arena *a, const struct outcome_spread *y, double effect) {
    struct buf b = {.arena = a};
    if (!isnan(effect) && fabs(y->mean) > 0)
        buf_printf(&b, "%.3g %%", 100 * effect / fabs(y->mean));
    return buf_text(&b);
}

struct str plan_test_outcome_name(const struct test_outcome *y) {
    return y->name.n ? y->name : y->baseline.spread.rate ? STR("the rate") : STR("the outcome");
}

static void head_text(const struct test_plan *p, struct buf *out) {
    const struct dataset *d = &p->opened.loaded.data;
    if (p->name.n)
        buf_printf(out, "plan '%.*s': ", (int)p->name.n, p->name.p);
    if (p->based)
        buf_printf(out, "%lld customer%s of %.*s", (long long)p->members, plural(p->members),
                   (int)d->name.n, d->name.p);
    else
        buf_z(out, "without data");
    if (p->campaign)
        buf_printf(out, ", whom '%.*s' reaches", (int)p->campaign->name.n, p->campaign->name.p);
    buf_printf(out, "; two-sided at %.3g %%, power %.3g %%\n", 100 * p->design.alpha,
               100 * p->design.power);
}

// Where the normal approximation does not hold.
static void few_text(const struct test_plan *p, struct buf *out) {
    for (int i = 0; p->based && i < p->arms; i++)
        if (p->units[i] < UNITS_LEAST)
            buf_printf(out,
                       "  %.*s has %lld %s%s: with fewer than %d, what is said here is too good\n",
                       (int)p->arm[i].name.n, p->arm[i].name.p, (long long)p->units[i],
                       p->clusters ? "cluster" : "customer", plural(p->units[i]), UNITS_LEAST);
}

// Rarer than this, chance is told of before the arms are used.
#define UNEVEN 0.01

static void uneven_text(const struct test_plan *p, struct buf *out) {
    double share[ARMS_MOST];
    for (int i = 0; i < p->arms; i++)
        share[i] = p->arm[i].share;
    struct ratio r = ratio_of(p->arms, p->units, share);
    if (r.p < UNEVEN)
        buf_printf(out,
                   "  these arms are as far from their shares as chance makes them once in %.0f "
                   "times;\n  `evaluate` refuses what it makes less than once in %.0f times: "
                   "--even draws exact shares\n",
                   1 / r.p, 1 / RATIO_LEAST);
}

static void arms_text(struct arena *a, const struct test_plan *p, struct buf *out) {
    struct lineup l = {.arena = a, .columns = 2 + p->based + (p->clusters > 0)};
    buf_z(out, "\narms\n");
    for (int i = 0; i < p->arms; i++) {
        struct str name = p->arm[i].name;
        bool told = i > 0 || str_is(name, "control");
        lineup_put_z(&l, arena_printf(a, "%.*s%s", (int)name.n, name.p, told ? "" : " (control)"));
        lineup_put_z(&l, arena_printf(a, "%.4g %%", 100 * p->arm[i].share));
        if (p->based)
            lineup_put_z(&l, arena_printf(a, "%lld", (long long)p->size[i]));
        if (p->clusters)
            lineup_put_z(&l, arena_printf(a, "in %lld", (long long)p->units[i]));
    }
    lineup_text(out, &l);
    if (p->clusters)
        buf_printf(out, "  drawn as a whole: %d clusters, in which a customer is one of %.3g\n",
                   (int)p->clusters, p->cluster_size);
    few_text(p, out);
    if (p->based)
        uneven_text(p, out);
}

static void strata_text(struct arena *a, const struct test_plan *p, struct buf *out) {
    struct lineup l = {.arena = a, .columns = 2 * p->arms + 1};
    if (!p->strata.n)
        return;
    buf_z(out, "\nstrata\n");
    for (int s = 0; s < p->strata.n; s++) {
        double all = 0;
        for (int i = 0; i < p->arms; i++)
            all += (double)p->in_stratum[s][i];
        lineup_put(&l, p->strata.name[s]);
        for (int i = 0; i < p->arms; i++) {
            lineup_put_z(&l, arena_printf(a, "%lld", (long long)p->in_stratum[s][i]));
            lineup_put_z(&l, arena_printf(a, "%.1f %%", 100 * (double)p->in_stratum[s][i] / all));
        }
    }
    lineup_text(out, &l);
    if (p->even)
        buf_printf(out, "  drawn evenly: each arm has its share of %s, but for one\n",
                   p->clusters ? "the clusters" : "the customers");
    else
        buf_printf(out,
                   "  lots are this uneven with p %.3g (chi-square %.4g, %g degree%s of freedom); "
                   "--even draws exact shares\n",
                   p->balance.p, p->balance.statistic, p->balance.freedom,
                   p->balance.freedom == 1 ? "" : "s");
}

static void factors_text(const struct test_plan *p, const struct test_outcome *y, struct buf *out) {
    const struct baseline *b = &y->baseline;
    struct str name = plan_test_outcome_name(y);
    if (p->strata.n && y->name.n)
        buf_printf(out, "  strata explain %.2g %% of how %.*s varies\n", 100 * b->explained,
                   (int)name.n, name.p);
    if (p->clusters)
        buf_printf(out,
                   "  customers of a cluster are alike in %.*s by %.2g (icc): the design effect is "
                   "%.3g\n",
                   (int)name.n, name.p, b->icc, b->design);
    if (y->unknown)
        buf_printf(out, "  %.*s is missing for %lld, who are not counted\n", (int)name.n, name.p,
                   (long long)y->unknown);
}

static void sight_text(struct arena *a, const struct test_plan *p, struct buf *out) {
    struct lineup l = {.arena = a, .columns = 5};
    if (!p->based)
        return;
    buf_z(out, "\nthe smallest effect that is seen\n");
    for (int i = 0; i < p->outcomes; i++) {
        const struct test_outcome *y = &p->outcome[i];
        struct str name = plan_test_outcome_name(y);
        for (int k = 1; k < p->arms; k++) {
            struct buf effect = {.arena = a};
            effect_text(&effect, &y->baseline.spread, y->sight[k].smallest);
            lineup_put(&l, name);
            lineup_put_z(&l, level(a, &y->baseline.spread));
            lineup_put(&l, p->arm[k].name);
            lineup_put_z(&l, buf_text(&effect));
            lineup_put_z(&l, share_of_it(a, &y->baseline.spread, y->sight[k].smallest));
        }
    }
    lineup_text(out, &l);
    for (int i = 0; i < p->outcomes; i++)
        factors_text(p, &p->outcome[i], out);
    if (p->best >= 0) {
        struct str best = p->outcome[p->best].name;
        buf_printf(out, "  decide by %.*s: of itself it needs to change least to be seen\n",
                   (int)best.n, best.p);
    }
}

// What the effect takes of an arm, or of all (-1), in whole customers.
static double needed(const struct test_plan *p, const struct test_outcome *y, int arm) {
    double all = 0;
    if (arm >= 0)
        return ceil(y->customers * p->arm[arm].share);
    for (int i = 0; i < p->arms; i++)
        all += needed(p, y, i);
    return all;
}

static void wanted_text(const struct test_plan *p, const struct test_outcome *y, struct buf *out) {
    struct str name = plan_test_outcome_name(y);
    if (isnan(y->effect))
        return;
    buf_printf(out, "\nto see %.*s change by ", (int)name.n, name.p);
    effect_text(out, &y->baseline.spread, y->effect);
    buf_printf(out, " it takes %.0f customers:", needed(p, y, -1));
    for (int i = 0; i < p->arms; i++)
        buf_printf(out, "%s %.0f %.*s", i ? "," : "", needed(p, y, i), (int)p->arm[i].name.n,
                   p->arm[i].name.p);
    buf_char(out, '\n');
    for (int k = 1; p->based && k < p->arms; k++)
        buf_printf(out, "  with these customers %.*s is seen with probability %.3g\n",
                   (int)p->arm[k].name.n, p->arm[k].name.p, y->sight[k].power);
}

static void holdout_text(const struct test_plan *p, struct buf *out) {
    const struct dataset *d = &p->opened.loaded.data;
    char amount[NUMBER_MAX];
    bool loss = p->not_earned < 0;
    if (!p->decisions)
        return;
    buf_printf(out,
               "\nthe control %s %.*s%s%.*s: the %s that the policy expects of its %lld "
               "customer%s\n",
               loss ? "saves" : "costs",
               money_print(loss ? -p->not_earned : p->not_earned, d->decimals, amount), amount,
               d->currency.n ? " " : "", (int)d->currency.n, d->currency.p, loss ? "loss" : "net",
               (long long)p->size[0], plural(p->size[0]));
}

void plan_test_text(const void *result, struct buf *out) {
    const struct test_plan *p = result;
    head_text(p, out);
    arms_text(out->arena, p, out);
    strata_text(out->arena, p, out);
    sight_text(out->arena, p, out);
    for (int i = 0; i < p->outcomes; i++)
        wanted_text(p, &p->outcome[i], out);
    holdout_text(p, out);
    if (p->arms > 2)
        buf_z(out,
              "\neach arm is compared with the control by itself; of several comparisons, more "
              "go wrong by chance\n");
}

// ---- programs -----------------------------------------------------------------------------------

static void arms_json(const struct test_plan *p, struct json *j) {
    json_field_open(j, "arms", '[');
    for (int i = 0; i < p->arms; i++) {
        json_open(j, '{');
        json_field_str(j, "arm", p->arm[i].name);
        json_field_number(j, "share", p->arm[i].share);
        if (p->based)
            json_field_integer(j, "customers", p->size[i]);
        if (p->clusters)
            json_field_integer(j, "clusters", p->units[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void sight_json(const struct test_plan *p, const struct test_outcome *y, struct json *j) {
    json_field_open(j, "arms", '[');
    for (int k = 1; k < p->arms; k++) {
        const struct sight *s = &y->sight[k];
        json_open(j, '{');
        json_field_str(j, "arm", p->arm[k].name);
        json_field_number(j, "smallest_effect", s->smallest);
        json_field_number(j, "relative", s->smallest / fabs(y->baseline.spread.mean));
        json_field_number(j, "power", s->power);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void needed_json(const struct test_plan *p, const struct test_outcome *y, struct json *j) {
    if (isnan(y->effect))
        return;
    json_field_number(j, "effect", y->effect);
    json_field_open(j, "needed", '{');
    json_field_number(j, "customers", needed(p, y, -1));
    json_field_open(j, "arms", '{');
    for (int i = 0; i < p->arms; i++) {
        json_key(j, p->arm[i].name);
        json_number(j, needed(p, y, i));
    }
    json_close(j, '}');
    json_close(j, '}');
}

static void outcome_json(const struct test_plan *p, const struct test_outcome *y, struct json *j) {
    const struct baseline *b = &y->baseline;
    json_open(j, '{');
    if (y->name.n)
        json_field_str(j, "outcome", y->name);
    json_field_bool(j, "rate", b->spread.rate);
    json_field_number(j, "mean", b->spread.mean);
    json_field_number(j, "sd", b->spread.sd);
    json_field_integer(j, "missing", y->unknown);
    json_field_number(j, "explained_by_strata", b->explained);
    json_field_number(j, "icc", b->icc);
    json_field_number(j, "design_effect", b->design);
    sight_json(p, y, j);
    needed_json(p, y, j);
    json_close(j, '}');
}

static void strata_json(const struct test_plan *p, struct json *j) {
    json_field_open(j, "strata", '[');
    for (int s = 0; s < p->strata.n; s++) {
        json_open(j, '{');
        json_field_str(j, "stratum", p->strata.name[s]);
        json_field_open(j, "arms", '{');
        for (int i = 0; i < p->arms; i++) {
            json_key(j, p->arm[i].name);
            json_integer(j, p->in_stratum[s][i]);
        }
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, ']');
    if (!p->strata.n)
        return;
    json_field_open(j, "balance", '{');
    json_field_number(j, "chi_square", p->balance.statistic);
    json_field_number(j, "freedom", p->balance.freedom);
    json_field_number(j, "p", p->balance.p);
    json_close(j, '}');
}

static void based_json(const struct test_plan *p, struct json *j) {
    json_key(j, STR("data"));
    data_json(j, &p->opened.loaded);
    json_field_integer(j, "customers", p->members);
    if (p->campaign) {
        json_field_str(j, "campaign", p->campaign->name);
        json_field_money(j, "not_earned", p->not_earned, p->opened.loaded.data.decimals);
    }
    json_field_bool(j, "even", p->even);
    strata_json(p, j);
    if (p->clusters) {
        json_field_integer(j, "clusters", p->clusters);
        json_field_number(j, "cluster_size", p->cluster_size);
    }
}

void plan_test_json(const void *result, struct json *j) {
    const struct test_plan *p = result;
    json_open(j, '{');
    json_field_str(j, "plan", p->name);
    json_field_number(j, "alpha", p->design.alpha);
    json_field_number(j, "power", p->design.power);
    arms_json(p, j);
    if (p->based)
        based_json(p, j);
    json_field_open(j, "outcomes", '[');
    for (int i = 0; i < p->outcomes; i++)
        outcome_json(p, &p->outcome[i], j);
    json_close(j, ']');
    if (p->best >= 0)
        json_field_str(j, "decide_by", p->outcome[p->best].name);
    json_close(j, '}');
}
