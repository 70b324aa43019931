#include "budget/rival.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "budget/hull.h"
#include "decide/stages.h"

const char *rival_name(enum rival_kind k) {
    static const char *const names[RIVALS] = {"nobody", "everybody, as far as it goes",
                                              "highest value first", "highest risk first",
                                              "the policy as written"};
    return names[k];
}

enum { STREAM = 0x62756467 }; // of random numbers: who comes first where nothing tells

// ---- turns --------------------------------------------------------------------------------------

struct turn {
    double key; // the greatest first
    int64_t customer;
};

static int compare(const void *a, const void *b) {
    const struct turn *x = a, *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->customer > y->customer) - (x->customer < y->customer);
}

// By what a kind goes; NAN: nothing is known of the candidate.
static double key_of(enum rival_kind kind, const struct stake *s) {
    return kind == RIVAL_WORTH ? s->worth : -s->base;
}

// The customer's turn, by the best of their candidates.
static struct turn turn_of(const struct market *m, const struct stake *stake, enum rival_kind kind,
                           int64_t customer) {
    struct turn t = {-INFINITY, customer};
    if (kind == RIVAL_EVERYBODY) {
        struct rng r;
        rng_start(&r, 0, (uint64_t)customer, STREAM);
        t.key = rng_uniform(&r);
        return t;
    }
    for (int64_t i = m->first[customer]; i < m->first[customer + 1]; i++) {
        double key = key_of(kind, &stake[i]);
        t.key = key > t.key ? key : t.key; // never of NAN
    }
    return t;
}

static struct turn *turns_of(struct arena *a, const struct market *m, const struct stake *stake,
                             enum rival_kind kind, int64_t *n) {
    int64_t customers = m->choices.customers;
    struct turn *turn = arena_array(a, (size_t)customers, sizeof *turn);
    *n = 0;
    for (int64_t i = 0; i < customers; i++)
        if (m->first[i] < m->first[i + 1])
            turn[(*n)++] = turn_of(m, stake, kind, i);
    if (*n > 1)
        qsort(turn, (size_t)*n, sizeof *turn, compare);
    return turn;
}

// ---- giving -------------------------------------------------------------------------------------

static bool fits(const struct choices *c, const struct choice *x, const int64_t *left) {
    for (int i = 0; i < x->n_draws; i++)
        if (left[x->draws[i]] < choice_draws(c, x, i))
            return false;
    return true;
}

// Who is let go gets no offer: it costs nothing, and brings nothing.
static void count(struct rival *out, int64_t cost, int64_t value) {
    out->offers += cost != 0 || value != 0;
    out->cost += cost;
    out->value += value;
}

static void give(const struct market *m, int64_t customer, int64_t *left, struct rival *out) {
    struct choice list[HULL_MOST];
    const struct choices *c = &m->choices;
    int n = c->get(c->ctx, customer, list), best = -1;
    for (int i = 0; i < n; i++)
        if (fits(c, &list[i], left) &&
            (best < 0 || list[i].value - list[i].cost > list[best].value - list[best].cost))
            best = i;
    if (best < 0 || list[best].control)
        return;
    for (int i = 0; i < list[best].n_draws; i++)
        left[list[best].draws[i]] -= choice_draws(c, &list[best], i);
    count(out, list[best].cost, list[best].value);
}

static enum status by_turns(struct arena *a, const struct host *host, const struct market *m,
                            const struct stake *stake, int64_t cheapest, enum rival_kind kind,
                            struct rival *out, struct err *err) {
    struct arena *own = arena_child(a);
    int64_t n, *left = arena_array(own, (size_t)m->choices.supplies, sizeof *left);
    struct turn *turn = turns_of(own, m, stake, kind, &n);
    for (int i = 0; i < m->choices.supplies; i++)
        left[i] = m->choices.supply[i].size;
    for (int64_t i = 0; i < n && left[0] >= cheapest; i++) {
        if (i % POLL_EACH == 0)
            TRY(host_poll(host, err));
        give(m, turn[i].customer, left, out);
    }
    arena_free(own);
    return DONE;
}

// The policy has kept to its own limits.
static void by_policy(struct arena *a, const struct market *m, struct rival *out) {
    const struct decisions *d = m->decisions;
    struct arena *own = arena_child(a);
    struct waiting *line = arena_array(own, (size_t)d->candidates, sizeof *line);
    int64_t n = 0, left = m->choices.supply[0].size;
    for (int64_t i = 0; i < d->candidates; i++)
        if (d->chosen[d->candidate[i].customer] == i && m->outcome[i] == REASON_GRANTED)
            line[n++].candidate = i;
    line = rank_sort(own, d, line, n);
    for (int64_t i = 0; i < n; i++) {
        const struct candidate *c = &d->candidate[line[i].candidate];
        if (c->cost > left)
            continue;
        left -= c->cost;
        count(out, c->cost, market_value(m, c));
    }
    arena_free(own);
}

static bool knows_risk(const struct decisions *d, const struct stake *stake) {
    for (int64_t i = 0; i < d->candidates; i++)
        if (!isnan(stake[i].base))
            return true;
    return false;
}

enum status rivals_of(struct arena *a, const struct host *host, const struct market *m,
                      const struct stake *stake, int64_t cheapest, struct rival out[RIVALS],
                      struct err *err) {
    for (int k = 0; k < RIVALS; k++)
        out[k] = (struct rival){.known = k != RIVAL_RISK || knows_risk(m->decisions, stake)};
    for (enum rival_kind k = RIVAL_EVERYBODY; k <= RIVAL_RISK; k++)
        if (out[k].known)
            TRY(by_turns(a, host, m, stake, cheapest, k, &out[k], err));
    by_policy(a, m, &out[RIVAL_POLICY]);
    return DONE;
}
