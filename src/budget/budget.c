#include "budget/budget.h"

#include <math.h>

#include "base/money.h"
#include "budget/curve.h"
#include "trial/belief.h"
#include "trial/shrink.h"

enum {
    THIN = 90,      // a curve's points differ by 1 part in so many of its cost or its value
    SAMPLE = 20000, // customers who tell such a curve: as many who could be offered something,
    SPARSE = 50,    // but of no more than so many times them
    SIDED = 12,     // budgets that are tried where more than the budget is scarce
    FLAT = 100,     // the best net, but for 1 part in so many
    APART = 200, // what is believed and what is promised differ, if by more than 1 part in so many
    STEP = 100,  // "more money" is about 1 part in so many of the budget
};

// ---- what is believed -------------------------------------------------------------------------

static bool same_effect(const struct effect *x, const struct effect *y) {
    return x->kind == y->kind && x->relative == y->relative;
}

// The mean effect of a campaign's candidates, in the units of its sd.
static double *mean_effects(struct arena *a, const struct decisions *d, const struct stake *stake) {
    size_t campaigns = (size_t)d->policy->campaigns;
    double *sum = arena_array(a, campaigns, sizeof *sum), *n = arena_array(a, campaigns, sizeof *n);
    for (int64_t i = 0; i < d->candidates; i++) {
        int k = d->candidate[i].campaign;
        bool relative = d->policy->campaign[k].effect.relative;
        if (relative && !(stake[i].base > 0))
            continue;
        sum[k] += relative ? stake[i].uplift / stake[i].base : stake[i].uplift;
        n[k]++;
    }
    for (size_t k = 0; k < campaigns; k++)
        sum[k] = n[k] > 0 ? sum[k] / n[k] : 0;
    return sum;
}

static bool is_estimate(const struct campaign *c, double mean) {
    return c->effect.kind != EFFECT_NONE && c->effect.sd > 0 && mean > 0;
}

// By itself. An effect that is `from` an experiment was drawn towards its own number already, which
// knows nothing of the other campaigns: what it measured counts, so that nothing is drawn twice.
static struct group_effect group_of(const struct campaign *c, double mean) {
    const struct belief *b = c->effect.measured ? c->effect.belief : NULL;
    if (!b)
        return (struct group_effect){.effect = mean, .error = c->effect.sd};
    const struct estimate *e = b->relative ? &b->all.lift : &b->all.difference;
    if (!(e->error > 0))
        return (struct group_effect){.effect = 0, .error = INFINITY};
    return (struct group_effect){.effect = e->value, .error = e->error};
}

// Fills in what is believed of all effects that are like that of a campaign.
static void believe_like(struct arena *a, const struct policy *p, int like, const double *mean,
                         double *believed) {
    struct group_effect *group = arena_array(a, (size_t)p->campaigns, sizeof *group);
    int *campaign = arena_array(a, (size_t)p->campaigns, sizeof *campaign), n = 0;
    struct common_effect common;
    for (int k = 0; k < p->campaigns; k++)
        if (is_estimate(&p->campaign[k], mean[k]) &&
            same_effect(&p->campaign[k].effect, &p->campaign[like].effect)) {
            group[n] = group_of(&p->campaign[k], mean[k]);
            campaign[n++] = k;
        }
    if (!shrink(group, n, &common))
        return;
    for (int i = 0; i < n; i++)
        believed[campaign[i]] = fmax(group[i].shrunk, 0) / mean[campaign[i]];
}

static double *believe(struct arena *a, const struct decisions *d, const struct stake *stake) {
    const struct policy *p = d->policy;
    double *believed = arena_array(a, (size_t)p->campaigns, sizeof *believed);
    double *mean = mean_effects(a, d, stake);
    for (int k = 0; k < p->campaigns; k++)
        believed[k] = 1;
    for (int k = 0; k < p->campaigns; k++)
        if (believed[k] == 1 && is_estimate(&p->campaign[k], mean[k]))
            believe_like(a, p, k, mean, believed);
    return believed;
}

// ---- the optimum --------------------------------------------------------------------------------

// Adds up what is offered, and what it would earn as the policy states it.
static void add_up(struct budget *b) {
    const struct market *m = b->market;
    for (int64_t i = 0; i < m->choices.customers; i++) {
        struct choice list[HULL_MOST];
        struct way way[HULL_MOST];
        int32_t k = b->best.choice[i];
        if (k < 0)
            continue;
        market_get(m, i, list, way);
        if (list[k].control)
            continue;
        b->offers++;
        b->promise += m->decisions->candidate[way[k].candidate].value;
    }
    int64_t apart = b->promise - b->best.value;
    b->believed = apart > b->promise / APART || -apart > b->promise / APART;
}

static int64_t find_cheapest(const struct market *m) {
    int64_t least = -1;
    for (int64_t i = 0; i < m->choices.customers; i++) {
        struct choice list[HULL_MOST];
        int n = m->choices.get(m, i, list);
        for (int k = 0; k < n; k++)
            if (!list[k].control && (least < 0 || list[k].cost < least))
                least = list[k].cost;
    }
    return least;
}

// A round amount of money, about 1 % of the budget, at the price at which that ends.
static struct budget_point find_next(const struct budget *b, int64_t budget) {
    int64_t scale = money_scale(b->market->decisions->data->decimals), more = scale;
    while (more <= budget / STEP / 10)
        more *= 10;
    const struct step *price = &b->best.price;
    return (struct budget_point){
        more, price->cost > 0 ? (int64_t)((__int128)more * price->value / price->cost) : 0};
}

// ---- the curve ----------------------------------------------------------------------------------

static int64_t net_of(const struct budget_point *p) {
    return p->value - p->cost;
}

// All of the curve's corners tell the best net and what is near it; only some of them are kept.
static void find_top(struct budget *b, const struct budget_point *point, int n) {
    b->top = point[0];
    for (int i = 1; i < n; i++)
        if (net_of(&point[i]) > net_of(&b->top))
            b->top = point[i];
    int64_t least = net_of(&b->top) - net_of(&b->top) / FLAT;
    b->flat_from = b->flat_to = b->top.cost;
    for (int i = 0; i < n; i++) {
        if (net_of(&point[i]) < least)
            continue;
        b->flat_from = point[i].cost < b->flat_from ? point[i].cost : b->flat_from;
        b->flat_to = point[i].cost > b->flat_to ? point[i].cost : b->flat_to;
    }
    b->all = point[n - 1].cost;
}

static void thin(struct arena *a, struct budget *b, const struct budget_point *point, int n) {
    struct budget_point *kept = arena_array(a, (size_t)n, sizeof *kept), *last = kept;
    kept[0] = point[0];
    for (int i = 1; i < n; i++) {
        bool far = (point[i].cost - last->cost) > point[n - 1].cost / THIN ||
                   (point[i].value - last->value) > point[n - 1].value / THIN;
        if (far || i == n - 1)
            *++last = point[i];
    }
    b->point = kept;
    b->points = (int)(last - kept) + 1;
}

static enum status exact_curve(struct arena *a, const struct host *host, struct budget *b,
                               struct err *err) {
    struct offers offers = best_offers(&b->market->choices);
    struct curve *curve;
    const struct corner *corner;
    TRY(curve_new(a, host, &offers, &curve, err));
    int n = curve_corners(a, curve, &corner);
    struct budget_point *point = arena_array(a, (size_t)n, sizeof *point);
    for (int i = 0; i < n; i++)
        point[i] = (struct budget_point){corner[i].cost, corner[i].value};
    find_top(b, point, n);
    thin(a, b, point, n);
    return DONE;
}

// Where few can be offered something, the sample is larger, so that it has some of them.
static int64_t sample_size(const struct market *m) {
    int64_t most = SAMPLE, candidates = m->decisions->candidates;
    while (most < SAMPLE * SPARSE && candidates < SAMPLE * (m->choices.customers / most))
        most += SAMPLE;
    return most;
}

static enum status use(struct arena *a, const struct host *host, const struct market *m,
                       int64_t budget, struct budget_point *out, struct err *err) {
    struct arena *own = arena_child(a);
    const struct choices all = market_with(own, m, budget);
    int64_t every;
    const struct choices c = best_sample(own, &all, sample_size(m), &every);
    struct best best;
    TRY(best_use(own, host, &c, &best, err));
    *out = (struct budget_point){best.cost * every, best.value * every};
    arena_free(own);
    return DONE;
}

// What a sample of the customers tells of some budgets, the steps growing with them. The best of
// them is not below what was reached with all.
static enum status sided_curve(struct arena *a, const struct host *host, struct budget *b,
                               struct err *err) {
    struct budget_point *point = arena_array(a, SIDED + 1, sizeof *point);
    TRY(use(a, host, b->market, MONEY_MAX, &point[SIDED], err));
    for (int i = 0; i < SIDED; i++)
        TRY(use(a, host, b->market, point[SIDED].cost * i / SIDED * i / SIDED, &point[i], err));
    find_top(b, point, SIDED + 1);
    struct budget_point reached = {b->best.cost, b->best.value};
    if (net_of(&reached) > net_of(&b->top)) {
        b->top = reached;
        b->flat_from = b->flat_to = reached.cost;
    }
    b->point = point;
    b->points = SIDED + 1;
    return DONE;
}

enum status budget_of(struct arena *a, const struct host *host, const struct decisions *d,
                      const struct stake *stake, int64_t budget, struct budget **out,
                      struct err *err) {
    struct budget *b = arena_alloc(a, sizeof *b);
    struct market *m;
    TRY(market_new(a, host, d, budget, believe(a, d, stake), &m, err));
    b->market = m;
    TRY(best_use(a, host, &m->choices, &b->best, err));
    add_up(b);
    b->cheapest = find_cheapest(m);
    b->next = find_next(b, budget);
    TRY(b->best.sided ? sided_curve(a, host, b, err) : exact_curve(a, host, b, err));
    *out = b;
    return rivals_of(a, host, m, stake, b->rival, err);
}
