#include "budget/best.h"

#include <string.h>

#include "budget/curve.h"
#include "budget/grant.h"
#include "budget/refine.h"
#include "budget/search.h"

enum {
    GAP = 1000,     // prices are bettered when the gap is more than 1 part in so many
    SAMPLE = 20000, // customers who tell prices to begin with
    ROUNDS = 4,     // through all prices, of such a sample
    FEW = 2000,     // customers of whom the best use is searched
};

// ---- a sample -----------------------------------------------------------------------------------

struct choices best_sample(struct arena *a, const struct choices *c, int64_t most, int64_t *every) {
    struct choices s = *c;
    *every = c->customers > most ? (c->customers + most - 1) / most : 1;
    s.customers = (c->customers + *every - 1) / *every;
    int64_t *first = arena_array(a, (size_t)s.customers + 1, sizeof *first);
    const struct choice *from;
    for (int64_t i = 0; i < s.customers; i++)
        first[i + 1] = first[i] + choices_of(c, i * *every, &from);
    struct choice *choice = arena_array(a, (size_t)first[s.customers], sizeof *choice);
    for (int64_t i = 0; i < s.customers; i++) {
        int n = choices_of(c, i * *every, &from);
        memcpy(choice + first[i], from, (size_t)n * sizeof *from);
    }
    struct supply *supply = arena_array(a, (size_t)c->supplies, sizeof *supply);
    for (int i = 0; i < c->supplies; i++)
        supply[i] = (struct supply){c->supply[i].size / *every, c->supply[i].money};
    s.first = first;
    s.choice = choice;
    s.supply = supply;
    return s;
}

// ---- the best use -------------------------------------------------------------------------------

static int get_points(const void *ctx, int64_t customer, struct point *out) {
    const struct choice *list;
    int n = choices_of(ctx, customer, &list);
    for (int i = 0; i < n; i++)
        out[i] = (struct point){list[i].cost, list[i].value, i, list[i].control};
    return n;
}

struct offers best_offers(const struct choices *c) {
    return (struct offers){c, c->customers, get_points};
}

static int64_t price_of(const struct prices *p, struct step s) {
    return (int64_t)(((__int128)s.value * ((int64_t)1 << p->shift) + s.cost - 1) / s.cost);
}

static enum status use_curve(struct arena *a, const struct host *host, const struct choices *c,
                             struct best *out, struct err *err) {
    struct offers offers = best_offers(c);
    struct curve *curve;
    struct optimum o;
    TRY(curve_new(a, host, &offers, &curve, err));
    TRY(curve_best(a, host, curve, c->supply[0].size, &o, err));
    out->cost = o.cost;
    out->value = o.value;
    out->bound = o.bound;
    out->price = o.price;
    out->choice = o.offer;
    if (o.price.cost > 0)
        out->prices.at[0] = price_of(&out->prices, o.price);
    return DONE;
}

static enum status take(struct arena *a, const struct host *host, const struct choices *c,
                        struct best *out, struct err *err) {
    struct granted g;
    TRY(grant(a, host, c, &out->prices, &g, err));
    out->cost = g.used[0];
    out->value = g.value;
    out->bound = g.bound;
    out->choice = g.choice;
    return DONE;
}

static int64_t gap_of(const struct best *b) {
    return b->bound - b->value;
}

// Where one price after the other is stuck, all move together, and the better end counts. Too many
// customers for that go round all prices once, from those of a sample, which stay if they are many.
static enum status better(struct arena *a, const struct host *host, const struct choices *c,
                          struct best *best, struct err *err) {
    struct best other = *best;
    const bool large = c->customers > SAMPLE;
    if (gap_of(best) <= best->bound / GAP || (large && prices_many(&best->prices)))
        return DONE;
    other.prices = prices_copy(a, c, &best->prices);
    TRY(large ? prices_find(a, host, c, &other.prices, 1, err)
              : refine_prices(a, host, c, &other.prices, best->value, err));
    TRY(take(a, host, c, &other, err));
    if (gap_of(&other) < gap_of(best))
        *best = other;
    return DONE;
}

static enum status use_prices(struct arena *a, const struct host *host, const struct choices *c,
                              const struct prices *near, struct best *out, struct err *err);

// Prices to begin with: of a sample, of other supplies, or of nothing.
static enum status begin(struct arena *a, const struct host *host, const struct choices *c,
                         const struct prices *near, struct prices *out, struct err *err) {
    for (int i = 0; near && i < out->scarces; i++)
        out->at[out->scarce[i]] = near->at[out->scarce[i]];
    if (c->customers <= SAMPLE)
        return near || prices_many(out) ? DONE : prices_find(a, host, c, out, ROUNDS, err);
    struct arena *own = arena_child(a);
    struct best few = {.prices = *out};
    int64_t every;
    const struct choices sample = best_sample(own, c, SAMPLE, &every);
    TRY(use_prices(own, host, &sample, near, &few, err));
    *out = prices_copy(a, c, &few.prices);
    arena_free(own);
    return DONE;
}

static enum status use_prices(struct arena *a, const struct host *host, const struct choices *c,
                              const struct prices *near, struct best *out, struct err *err) {
    TRY(begin(a, host, c, near, &out->prices, err));
    TRY(take(a, host, c, out, err));
    TRY(better(a, host, c, out, err));
    int64_t money = out->prices.at[0];
    out->price = (struct step){money > 0 ? (int64_t)1 << out->prices.shift : 0, money};
    return DONE;
}

enum status best_use(struct arena *a, const struct host *host, const struct choices *c,
                     const struct prices *near, struct best *out, struct err *err) {
    *out = (struct best){0};
    TRY(prices_new(a, host, c, &out->prices, err));
    for (int i = 0; i < out->prices.scarces; i++)
        out->sided |= out->prices.scarce[i] != 0;
    TRY(out->sided ? use_prices(a, host, c, near, out, err) : use_curve(a, host, c, out, err));
    const bool few = c->customers <= FEW && !prices_many(&out->prices);
    return few ? search(a, host, c, out, err) : DONE;
}
