// Prices are whole numbers of a small fraction of a minor unit, so that the bound is exact, and the
// same for any number of threads.
#include "budget/dual.h"

#include <string.h>

#include "budget/curve.h"
#include "budget/tally.h"
#include "metric/block.h"

enum { SHIFT_MOST = 20, VALUE_BITS = 50 };

// ---- at prices --------------------------------------------------------------------------------

struct tariff prices_tariff(struct arena *a, const struct choices *c, const struct prices *p) {
    struct fee *fee = arena_array(a, (size_t)c->kinds, sizeof *fee);
    for (int k = 0; k < c->kinds; k++)
        for (int i = 0; i < c->kind[k].n; i++) {
            int supply = c->kind[k].supply[i];
            *(c->supply[supply].money ? &fee[k].money : &fee[k].piece) += p->at[supply];
        }
    return (struct tariff){p->shift, fee};
}

int tariff_best(const struct tariff *t, const struct choice *x, int n) {
    __int128 most = 0;
    int best = -1;
    for (int i = 0; i < n; i++) {
        __int128 gain = tariff_gain(t, &x[i]);
        if (gain > most || (gain == most && best >= 0 && x[i].cost < x[best].cost)) {
            most = gain;
            best = i;
        }
    }
    return best;
}

// ---- what is scarce ---------------------------------------------------------------------------

// Of all choices together.
struct needs {
    int64_t *of;         // [supply]
    int64_t value, most; // the best values, and the greatest
    bool over;
};

struct survey {
    const struct choices *choices;
    struct needs *part; // by worker
};

static void survey_customer(const struct choices *c, int64_t customer, struct needs *out) {
    const struct choice *list;
    int n = choices_of(c, customer, &list);
    int64_t dearest = 0, best = 0;
    for (const struct choice *x = list; x < list + n; x++) {
        const struct kind *kind = &c->kind[x->kind];
        dearest = x->cost > dearest ? x->cost : dearest;
        best = x->value > best ? x->value : best;
        for (int k = 0; k < kind->n; k++)
            if (kind->supply[k] != 0)
                tally_add(&out->of[kind->supply[k]], choice_draws(c, x, kind->supply[k]),
                          &out->over);
    }
    tally_add(&out->of[0], dearest, &out->over);
    tally_add(&out->value, best, &out->over);
    out->most = best > out->most ? best : out->most;
}

static enum status survey_block(const struct block *b, struct err *err) {
    const struct survey *s = b->arg;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++)
        survey_customer(s->choices, customer, &s->part[b->worker]);
    return DONE;
}

static void merge(struct needs *into, const struct needs *part, int supplies) {
    for (int i = 0; i < supplies; i++)
        tally_add(&into->of[i], part->of[i], &into->over);
    tally_add(&into->value, part->value, &into->over);
    into->most = part->most > into->most ? part->most : into->most;
    into->over |= part->over;
}

static int bits_of(int64_t x) {
    return x > 0 ? 64 - __builtin_clzll((uint64_t)x) : 0;
}

// As fine as sums and single values allow.
static int find_shift(const struct needs *n) {
    int shift = SHIFT_MOST;
    shift = TALLY_BITS - bits_of(n->value) < shift ? TALLY_BITS - bits_of(n->value) : shift;
    shift = VALUE_BITS - bits_of(n->most) < shift ? VALUE_BITS - bits_of(n->most) : shift;
    return shift > 0 ? shift : 0;
}

enum status prices_new(struct arena *a, const struct host *host, const struct choices *c,
                       struct prices *out, struct err *err) {
    int workers = block_threads(host);
    struct survey s = {c, arena_array(a, (size_t)workers, sizeof *s.part)};
    for (int i = 0; i < workers; i++)
        s.part[i].of = arena_array(a, (size_t)c->supplies, sizeof(int64_t));
    TRY(block_run(host, c->customers, survey_block, &s, err));
    for (int i = 1; i < workers; i++)
        merge(&s.part[0], &s.part[i], c->supplies);
    if (s.part[0].over)
        return tally_refuse(err);
    *out = (struct prices){.shift = find_shift(&s.part[0])};
    out->at = arena_array(a, (size_t)c->supplies, sizeof *out->at);
    out->scarce = arena_array(a, (size_t)c->supplies, sizeof *out->scarce);
    for (int i = c->supplies - 1; i >= 0; i--)
        if (s.part[0].of[i] > c->supply[i].size)
            out->scarce[out->scarces++] = i;
    return DONE;
}

struct prices prices_copy(struct arena *a, const struct choices *c, const struct prices *p) {
    struct prices copy = *p;
    copy.at = arena_array(a, (size_t)c->supplies, sizeof *copy.at);
    memcpy(copy.at, p->at, (size_t)c->supplies * sizeof *copy.at);
    return copy;
}

// ---- one price after the other ----------------------------------------------------------------

// The choices as offers that cost what they draw on one supply; most draw nothing, of which only
// the best counts.
struct facing {
    const struct choices *choices;
    struct tariff others; // what they pay for all other supplies
    int supply;
};

static int get_facing(const void *ctx, int64_t customer, struct point *out) {
    const struct facing *f = ctx;
    const struct choices *c = f->choices;
    const struct choice *list;
    int n = choices_of(c, customer, &list), points = 0, free = -1;
    for (int i = 0; i < n; i++) {
        const struct choice *x = &list[i];
        __int128 gain = tariff_gain(&f->others, x);
        if (gain <= 0)
            continue;
        struct point p = {choice_draws_on(c, x, f->supply), (int64_t)gain, i, x->control};
        if (p.cost > 0)
            out[points++] = p;
        else if (free < 0)
            out[free = points++] = p;
        else if (p.value > out[free].value)
            out[free] = p;
    }
    return points;
}

static enum status find_price(struct arena *a, const struct host *host, const struct choices *c,
                              struct prices *p, int supply, struct err *err) {
    struct arena *own = arena_child(a);
    p->at[supply] = 0;
    const struct facing f = {c, prices_tariff(own, c, p), supply};
    const struct offers offers = {&f, c->customers, get_facing};
    struct curve *curve;
    struct step end;
    TRY(curve_new(own, host, &offers, &curve, err));
    TRY(curve_price(own, host, curve, c->supply[supply].size, &end, err));
    p->at[supply] = end.cost > 0 ? (end.value + end.cost - 1) / end.cost : 0;
    arena_free(own);
    return DONE;
}

static bool moved(int64_t before, int64_t after) {
    int64_t by = before > after ? before - after : after - before;
    return by > (after >> SHIFT_MOST) + 1;
}

enum status prices_find(struct arena *a, const struct host *host, const struct choices *c,
                        struct prices *p, int rounds, struct err *err) {
    bool moving = p->scarces > 0;
    for (int round = 0; moving && round < rounds; round++) {
        moving = false;
        for (int i = 0; i < p->scarces; i++) {
            int64_t before = p->at[p->scarce[i]];
            TRY(find_price(a, host, c, p, p->scarce[i], err));
            moving |= moved(before, p->at[p->scarce[i]]) && p->scarces > 1;
        }
    }
    return DONE;
}

// ---- all together -----------------------------------------------------------------------------

// Of choices of one kind.
struct drawn {
    int64_t pieces, money;
};

// What a worker adds up.
struct sums {
    int64_t value;
    struct drawn *drawn; // [kind]
    __int128 gained;     // in units of the prices
};

struct weighing {
    const struct choices *choices;
    struct tariff tariff;
    int32_t *choice;   // [customer], or NULL
    struct sums *part; // by worker
};

static enum status weigh_block(const struct block *b, struct err *err) {
    const struct weighing *w = b->arg;
    struct sums *part = &w->part[b->worker];
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        const struct choice *list;
        int n = choices_of(w->choices, customer, &list), best = tariff_best(&w->tariff, list, n);
        if (w->choice)
            w->choice[customer] = best;
        if (best < 0 || list[best].control)
            continue;
        struct drawn *drawn = &part->drawn[list[best].kind];
        part->value += list[best].value;
        part->gained += tariff_gain(&w->tariff, &list[best]);
        drawn->pieces++;
        drawn->money += list[best].cost;
    }
    return DONE;
}

static void add_drawn(const struct choices *c, const struct drawn *drawn, int64_t *used) {
    for (int k = 0; k < c->kinds; k++)
        for (int i = 0; i < c->kind[k].n; i++) {
            int supply = c->kind[k].supply[i];
            used[supply] += c->supply[supply].money ? drawn[k].money : drawn[k].pieces;
        }
}

enum status prices_weigh(struct arena *a, const struct host *host, const struct choices *c,
                         const struct prices *p, struct weighed *out, struct err *err) {
    int workers = block_threads(host);
    struct arena *own = arena_child(a);
    struct weighing w = {c, prices_tariff(own, c, p), out->choice,
                         arena_array(own, (size_t)workers, sizeof *w.part)};
    __int128 unit = (__int128)1 << p->shift, gained = unit - 1; // rounded up
    out->value = 0;
    memset(out->used, 0, (size_t)c->supplies * sizeof *out->used);
    for (int i = 0; i < workers; i++)
        w.part[i].drawn = arena_array(own, (size_t)c->kinds, sizeof *w.part[i].drawn);
    TRY(block_run(host, c->customers, weigh_block, &w, err));
    for (int i = 0; i < workers; i++) {
        out->value += w.part[i].value;
        gained += w.part[i].gained;
        add_drawn(c, w.part[i].drawn, out->used);
    }
    for (int k = 0; k < c->supplies; k++)
        gained += (__int128)p->at[k] * c->supply[k].size;
    out->bound = gained / unit < INT64_MAX ? (int64_t)(gained / unit) : INT64_MAX;
    arena_free(own);
    return DONE;
}
