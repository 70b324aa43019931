#include "budget/rival.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
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
        rng_start(&r, 0, (uint64_t)m->decisions->candidate[m->first[customer]].customer, STREAM);
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
                             enum rival_kind kind) {
    int64_t n = m->choices.customers;
    struct turn *turn = arena_array(a, (size_t)n, sizeof *turn);
    for (int64_t i = 0; i < n; i++)
        turn[i] = turn_of(m, stake, kind, i);
    if (n > 1)
        qsort(turn, (size_t)n, sizeof *turn, compare);
    return turn;
}

// ---- giving -------------------------------------------------------------------------------------

static bool fits(const struct choices *c, const struct choice *x, const int64_t *left) {
    const struct kind *kind = &c->kind[x->kind];
    for (int i = 0; i < kind->n; i++)
        if (left[kind->supply[i]] < choice_draws(c, x, kind->supply[i]))
            return false;
    return true;
}

// Who is let go gets no offer: it costs nothing, and brings nothing.
static void count(struct rival *out, int64_t cost, int64_t value) {
    out->offers += cost != 0 || value != 0;
    out->cost += cost;
    out->value += value;
}

static void give(const struct choices *c, int64_t customer, int64_t *left, struct rival *out) {
    const struct choice *list, *best = NULL;
    int n = choices_of(c, customer, &list);
    for (const struct choice *x = list; x < list + n; x++)
        if (fits(c, x, left) && (!best || x->value - x->cost > best->value - best->cost))
            best = x;
    if (!best || best->control)
        return;
    const struct kind *kind = &c->kind[best->kind];
    for (int i = 0; i < kind->n; i++)
        left[kind->supply[i]] -= choice_draws(c, best, kind->supply[i]);
    count(out, best->cost, best->value);
}

static enum status by_turns(struct arena *a, const struct host *host, const struct market *m,
                            const struct stake *stake, int64_t cheapest, enum rival_kind kind,
                            struct rival *out, struct err *err) {
    struct arena *own = arena_child(a);
    int64_t *left = arena_array(own, (size_t)m->choices.supplies, sizeof *left);
    const struct turn *turn = turns_of(own, m, stake, kind);
    for (int i = 0; i < m->choices.supplies; i++)
        left[i] = m->choices.supply[i].size;
    for (int64_t i = 0; i < m->choices.customers && left[0] >= cheapest; i++) {
        if (i % POLL_EACH == 0)
            TRY(host_poll(host, err));
        give(&m->choices, turn[i].customer, left, out);
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
