#include "budget/budget.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "budget/curve.h"
#include "trial/belief.h"
#include "trial/shrink.h"

enum {
    THIN = 90,      // a curve's points differ by 1 part in so many of its cost or its value
    SAMPLE = 20000, // customers who tell such a curve
    SIDED = 24,     // budgets that are tried where more than the budget is scarce
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
        if (b->best.choice[i] < 0)
            continue;
        const struct way way = market_way(m, i, b->best.choice[i]);
        if (way.choice->control)
            continue;
        b->offers++;
        const struct candidate *c = &m->decisions->candidate[way.candidate];
        b->promise += c->value;
        b->believed |= m->believed[c->campaign] != 1;
    }
    int64_t apart = b->promise - b->best.value;
    b->apart = apart > b->promise / APART || -apart > b->promise / APART;
}

// Who is let go gets no offer.
static void find_costs(struct budget *b) {
    const struct choices *c = &b->market->choices;
    const struct choice *end = c->choice + c->first[c->customers];
    b->cheapest = -1;
    for (const struct choice *x = c->choice; x < end; x++) {
        if (x->control || (x->cost == 0 && x->value == 0))
            continue;
        if (b->cheapest < 0 || x->cost < b->cheapest)
            b->cheapest = x->cost;
        b->dearest = x->cost > b->dearest ? x->cost : b->dearest;
    }
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

// Of the flat region.
static int64_t least_net(const struct budget *b) {
    return net_of(&b->top) - net_of(&b->top) / FLAT;
}

// All of the curve's corners tell the best net and what is near it; only some of them are kept.
static void find_top(struct budget *b, const struct budget_point *point, int n) {
    b->top = point[0];
    for (int i = 1; i < n; i++)
        if (net_of(&point[i]) > net_of(&b->top))
            b->top = point[i];
    int64_t least = least_net(b);
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

// A sample of the customers.
struct sided {
    struct choices choices;
    int64_t every; // so many-th customer
    struct supply *supply;
    struct prices near; // where the last budget ended; none at first
};

static struct sided sided_of(struct arena *a, const struct market *m) {
    struct sided s = {0};
    s.choices = best_sample(a, &m->choices, SAMPLE, &s.every);
    s.supply = arena_array(a, (size_t)s.choices.supplies, sizeof *s.supply);
    memcpy(s.supply, s.choices.supply, (size_t)s.choices.supplies * sizeof *s.supply);
    s.choices.supply = s.supply;
    return s;
}

// What the sample reaches with a budget, for all; its prices are where the next begin.
static enum status use(struct arena *a, const struct host *host, struct sided *s, int64_t budget,
                       struct budget_point *out, struct err *err) {
    struct arena *own = arena_child(a);
    struct best best;
    s->supply[0].size = budget / s->every;
    TRY(best_use(own, host, &s->choices, s->near.at ? &s->near : NULL, &best, err));
    s->near = prices_copy(a, &s->choices, &best.prices);
    *out = (struct budget_point){best.cost * s->every, best.value * s->every};
    arena_free(own);
    return DONE;
}

static struct choices by_net(struct arena *a, const struct choices *c) {
    struct choices nets = *c;
    int64_t n = c->first[c->customers];
    struct choice *choice = arena_array(a, (size_t)n, sizeof *choice);
    for (int64_t i = 0; i < n; i++) {
        choice[i] = c->choice[i];
        choice[i].value -= choice[i].cost;
    }
    nets.choice = choice;
    return nets;
}

// The budget of the greatest net is what the best use of all the money draws, counted by net.
static enum status find_best(struct arena *a, const struct host *host, struct sided *s,
                             struct budget_point *out, struct err *err) {
    struct arena *own = arena_child(a);
    const struct choices nets = by_net(own, &s->choices);
    struct best best;
    s->supply[0].size = MONEY_MAX;
    TRY(best_use(own, host, &nets, NULL, &best, err));
    *out = (struct budget_point){best.cost * s->every, (best.value + best.cost) * s->every};
    arena_free(own);
    return DONE;
}

// Where between two points the net is as much.
static int64_t cost_at(const struct budget_point *p, const struct budget_point *q, int64_t net) {
    double share = (double)(net - net_of(p)) / (double)(net_of(q) - net_of(p));
    return p->cost + (int64_t)(share * (double)(q->cost - p->cost));
}

// Between two points the curve is straight, or above, but for an offer that does not fit: so where
// offers are dear the region ends at points.
static void find_flat(struct budget *b, int top) {
    int64_t least = least_net(b);
    int from = top, to = top;
    const struct budget_point *p = b->point;
    while (from > 0 && net_of(&p[from - 1]) >= least)
        from--;
    while (to + 1 < b->points && net_of(&p[to + 1]) >= least)
        to++;
    b->flat_from = p[from].cost;
    b->flat_to = p[to].cost;
    int64_t low = from > 0 ? cost_at(&p[from - 1], &p[from], least) + b->dearest : b->flat_from;
    int64_t high =
        to + 1 < b->points ? cost_at(&p[to], &p[to + 1], least) - b->dearest : b->flat_to;
    b->flat_from = low < b->flat_from ? low : b->flat_from;
    b->flat_to = high > b->flat_to ? high : b->flat_to;
}

// What is reached with less money is reached with more.
static void hold_reached(struct budget_point *point, int n) {
    for (int i = 1; i < n; i++)
        if (point[i].value < point[i - 1].value)
            point[i] = point[i - 1];
}

// Puts the best among the points, at their end, where it costs less than those that follow.
static int put_top(struct budget_point *point, int n, const struct budget_point *top) {
    for (; n > 0 && point[n - 1].cost > top->cost; n--)
        point[n] = point[n - 1];
    point[n] = *top;
    return n;
}

// What a sample of the customers tells of some budgets, their steps growing with them. Among them
// is the best, which is not below what was reached with all.
static enum status sided_curve(struct arena *a, const struct host *host, struct budget *b,
                               struct err *err) {
    struct arena *own = arena_child(a);
    struct sided s = sided_of(own, b->market);
    struct budget_point *point = arena_array(a, SIDED + 2, sizeof *point);
    struct budget_point reached = {b->best.cost, b->best.value};
    TRY(use(own, host, &s, MONEY_MAX, &point[SIDED], err));
    for (int i = SIDED - 1; i >= 0; i--)
        TRY(use(own, host, &s, point[SIDED].cost * i / SIDED * i / SIDED, &point[i], err));
    hold_reached(point, SIDED + 1);
    TRY(find_best(own, host, &s, &b->top, err));
    if (net_of(&reached) > net_of(&b->top))
        b->top = reached;
    b->point = point;
    b->points = SIDED + 2;
    find_flat(b, put_top(point, SIDED + 1, &b->top));
    b->all = point[SIDED + 1].cost;
    arena_free(own);
    return DONE;
}

enum status budget_of(struct arena *a, const struct host *host, const struct decisions *d,
                      const struct stake *stake, int64_t budget, struct budget **out,
                      struct err *err) {
    struct budget *b = arena_alloc(a, sizeof *b);
    struct market *m;
    TRY(market_new(a, host, d, stake, budget, believe(a, d, stake), &m, err));
    b->market = m;
    TRY(best_use(a, host, &m->choices, NULL, &b->best, err));
    add_up(b);
    find_costs(b);
    b->next = find_next(b, budget);
    TRY(b->best.sided ? sided_curve(a, host, b, err) : exact_curve(a, host, b, err));
    *out = b;
    return rivals_of(host, m, stake, b->cheapest, b->rival, err);
}
