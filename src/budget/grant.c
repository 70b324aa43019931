// Three steps, each a pass over all customers in parallel and a short list that is gone through in
// order: everybody's best choice at the prices; back with what overdraws a supply, that which
// brings least for what it draws first; and forth with what fits in what is left, that which brings
// most for what it draws first.
#include "budget/grant.h"

#include <float.h>
#include <stdlib.h>

#include "metric/block.h"

enum {
    ROUNDS = 8, // of filling what is left:
    FILL = 64, // first with as many moves of a block, since mostly it is little; then twice as many
};

// A change of one customer's choice.
struct move {
    double worth;  // what it brings for what it draws, at the prices
    int64_t value; // what it brings
    int32_t customer, to;
};

// Those of a block.
struct moves {
    struct arena *arena;
    int n, size;
    bool cut; // the first of them are the best, in order; others were left out
    struct move *p;
};

// Those of all.
struct line {
    int64_t n;
    struct move *p;
};

struct granting {
    const struct choices *choices;
    struct tariff tariff;
    struct granted *out;
    int64_t *left;       // [supply]
    int supply;          // that is overdrawn
    int most;            // moves of a block that fill up
    struct moves *moves; // by block
};

// ---- everybody's best ---------------------------------------------------------------------------

static void draw(const struct choices *c, const struct choice *x, int sign, int64_t *used) {
    const struct kind *kind = &c->kind[x->kind];
    for (int i = 0; i < kind->n; i++)
        used[kind->supply[i]] += sign * choice_draws(c, x, kind->supply[i]);
}

static enum status grant_best(struct arena *a, const struct host *host, const struct prices *p,
                              struct granting *g, struct err *err) {
    const struct choices *c = g->choices;
    struct weighed w = {.used = g->out->used, .choice = g->out->choice};
    TRY(prices_weigh(a, host, c, p, &w, err));
    g->out->value = w.value;
    g->out->bound = w.bound;
    for (int k = 0; k < c->supplies; k++)
        g->left[k] = c->supply[k].size - w.used[k];
    return DONE;
}

// ---- moves ------------------------------------------------------------------------------------

static void moves_add(struct moves *l, struct move m) {
    l->p = arena_more(l->arena, l->p, l->n, &l->size, sizeof *l->p);
    l->p[l->n++] = m;
}

static int compare(const void *a, const void *b) {
    const struct move *x = a, *y = b;
    if (x->worth != y->worth)
        return x->worth > y->worth ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    return x->to - y->to;
}

// Adds it, if it can be among the best `most`; at least these stay.
static void moves_keep(struct moves *l, struct move m, int most) {
    if (l->cut && compare(&l->p[most - 1], &m) < 0)
        return;
    moves_add(l, m);
    if (l->n < 2 * most)
        return;
    qsort(l->p, (size_t)l->n, sizeof *l->p, compare);
    l->n = most;
    l->cut = true;
}

// The moves that fn lists for its block, the most worth first.
static enum status list_moves(struct arena *a, const struct host *host, struct granting *g,
                              enum status (*fn)(const struct block *b, struct err *err),
                              struct line *out, struct err *err) {
    size_t blocks = block_count(g->choices->customers), n = 0;
    g->moves = arena_array(a, blocks, sizeof *g->moves);
    for (size_t i = 0; i < blocks; i++)
        g->moves[i].arena = arena_child(a);
    TRY(block_run(host, g->choices->customers, fn, g, err));
    for (size_t i = 0; i < blocks; i++)
        n += (size_t)g->moves[i].n;
    *out = (struct line){0, arena_array(a, n, sizeof *out->p)};
    for (size_t i = 0; i < blocks; i++) {
        for (int k = 0; k < g->moves[i].n; k++)
            out->p[out->n++] = g->moves[i].p[k];
        arena_free(g->moves[i].arena);
    }
    if (n > 1)
        qsort(out->p, n, sizeof *out->p, compare);
    return DONE;
}

static double worth_of(__int128 value, __int128 cost) {
    return cost > 0 ? (double)value / (double)cost : DBL_MAX;
}

// ---- back ---------------------------------------------------------------------------------------

// Whether the choice fits in what is left once `now` (NULL: nothing) is given back.
static bool fits(const struct granting *g, const struct choice *now, const struct choice *to) {
    const struct kind *kind = &g->choices->kind[to->kind];
    for (int i = 0; i < kind->n; i++) {
        int supply = kind->supply[i];
        int64_t back = now ? choice_draws_on(g->choices, now, supply) : 0;
        if (g->left[supply] + back < choice_draws(g->choices, to, supply))
            return false;
    }
    return true;
}

// What the customer would best have in place of `now`, without the supply that is overdrawn; -1:
// nothing.
static int best_without(const struct granting *g, const struct choice *list, int n,
                        const struct choice *now) {
    struct choice may[HULL_MOST];
    for (int i = 0; i < n; i++) {
        bool out = list[i].control || choice_draws_on(g->choices, &list[i], g->supply) > 0 ||
                   !fits(g, now, &list[i]);
        may[i] = out ? (struct choice){0} : list[i]; // which brings nothing
    }
    return tariff_best(&g->tariff, may, n);
}

// What goes last is what loses most by going, for what it draws.
static enum status back_block(const struct block *b, struct err *err) {
    const struct granting *g = b->arg;
    const struct choices *c = g->choices;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        const struct choice *list;
        int32_t at = g->out->choice[customer];
        int n = choices_of(c, customer, &list);
        int64_t drawn = at < 0 || list[at].control ? 0 : choice_draws_on(c, &list[at], g->supply);
        if (drawn == 0)
            continue;
        int other = best_without(g, list, n, &list[at]);
        __int128 loss = tariff_gain(&g->tariff, &list[at]) -
                        (other < 0 ? 0 : tariff_gain(&g->tariff, &list[other]));
        moves_add(&g->moves[b->index],
                  (struct move){worth_of(loss, drawn), list[at].value, (int32_t)customer, -1});
    }
    return DONE;
}

// Puts the customer's choice in the place of what they have.
static void make(struct granting *g, const struct choice *list, int64_t customer, int32_t to) {
    int32_t now = g->out->choice[customer];
    if (now >= 0) {
        g->out->value -= list[now].value;
        draw(g->choices, &list[now], 1, g->left);
    }
    if (to >= 0) {
        g->out->value += list[to].value;
        draw(g->choices, &list[to], -1, g->left);
    }
    g->out->choice[customer] = to;
}

static enum status take_back(struct arena *a, const struct host *host, struct granting *g,
                             struct err *err) {
    for (g->supply = 0; g->supply < g->choices->supplies; g->supply++) {
        if (g->left[g->supply] >= 0)
            continue;
        struct arena *own = arena_child(a);
        struct line all;
        TRY(list_moves(own, host, g, back_block, &all, err));
        for (const struct move *m = all.p + all.n; m-- > all.p && g->left[g->supply] < 0;) {
            const struct choice *list;
            int n = choices_of(g->choices, m->customer, &list);
            const struct choice *now = &list[g->out->choice[m->customer]];
            make(g, list, m->customer, best_without(g, list, n, now));
        }
        arena_free(own);
    }
    return DONE;
}

// ---- forth --------------------------------------------------------------------------------------

static bool improves(const struct granting *g, const struct choice *now, const struct choice *to) {
    return !to->control && to->value > (now ? now->value : 0) && fits(g, now, to);
}

static enum status forth_block(const struct block *b, struct err *err) {
    const struct granting *g = b->arg;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        const struct choice *list;
        int n = choices_of(g->choices, customer, &list);
        int32_t at = g->out->choice[customer];
        const struct choice *now = at < 0 ? NULL : &list[at];
        if (now && now->control)
            continue;
        __int128 cost = now ? tariff_cost(&g->tariff, now) : 0;
        int64_t value = now ? now->value : 0;
        for (int i = 0; i < n; i++)
            if (improves(g, now, &list[i]))
                moves_keep(
                    &g->moves[b->index],
                    (struct move){worth_of((__int128)(list[i].value - value) << g->tariff.shift,
                                           tariff_cost(&g->tariff, &list[i]) - cost),
                                  list[i].value - value, (int32_t)customer, i},
                    g->most);
    }
    return DONE;
}

static enum status fill(struct arena *a, const struct host *host, struct granting *g, bool *moving,
                        struct err *err) {
    struct arena *own = arena_child(a);
    struct line all;
    *moving = false;
    TRY(list_moves(own, host, g, forth_block, &all, err));
    for (const struct move *m = all.p; m < all.p + all.n; m++) {
        const struct choice *list;
        int32_t at = g->out->choice[m->customer];
        choices_of(g->choices, m->customer, &list);
        if (!improves(g, at < 0 ? NULL : &list[at], &list[m->to]))
            continue;
        make(g, list, m->customer, m->to);
        *moving = true;
    }
    arena_free(own);
    return DONE;
}

enum status grant(struct arena *a, const struct host *host, const struct choices *c,
                  const struct prices *p, struct granted *out, struct err *err) {
    struct granting g = {.choices = c, .tariff = prices_tariff(a, c, p), .out = out};
    bool moving = true;
    *out = (struct granted){.used = arena_array(a, (size_t)c->supplies, sizeof *out->used),
                            .choice = arena_array(a, (size_t)c->customers, sizeof *out->choice)};
    g.left = arena_array(a, (size_t)c->supplies, sizeof *g.left);
    TRY(grant_best(a, host, p, &g, err));
    TRY(take_back(a, host, &g, err));
    g.most = FILL;
    for (int round = 0; moving && round < ROUNDS; round++, g.most *= 2)
        TRY(fill(a, host, &g, &moving, err));
    for (int i = 0; i < c->supplies; i++)
        out->used[i] = c->supply[i].size - g.left[i];
    return DONE;
}
