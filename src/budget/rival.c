#include "budget/rival.h"

#include <math.h>

#include "base/parallel.h"
#include "base/rng.h"
#include "decide/stages.h"

const char *rival_name(enum rival_kind k) {
    static const char *const names[RIVALS] = {"nobody", "everybody, as far as it goes",
                                              "highest value first", "highest risk first",
                                              "the policy as written"};
    return names[k];
}

enum { STREAM = 0x62756467 }; // of random numbers: who comes first where nothing tells

// All that a rival needs.
struct bidding {
    const struct host *host;
    const struct market *market;
    const struct stake *stake;
    int64_t cheapest;
    struct rival *out; // [kind]
};

// ---- turns --------------------------------------------------------------------------------------

// By what a kind goes; NAN: nothing is known of the candidate.
static double key_of(enum rival_kind kind, const struct stake *s) {
    return kind == RIVAL_WORTH ? s->worth : -s->base;
}

// The customer's, by the best of their candidates.
static double key_of_customer(const struct market *m, const struct stake *stake,
                              enum rival_kind kind, int64_t customer) {
    double best = -INFINITY;
    if (kind == RIVAL_EVERYBODY) {
        struct rng r;
        int32_t who = m->decisions->candidate[m->first[customer]].customer;
        rng_start(&r, 0, (uint64_t)who, STREAM);
        return rng_uniform(&r);
    }
    for (int64_t i = m->first[customer]; i < m->first[customer + 1]; i++) {
        double key = key_of(kind, &stake[i]);
        best = key > best ? key : best; // never of NAN
    }
    return best;
}

// The market's customers, not candidates.
static const struct waiting *turns_of(struct arena *a, const struct market *m,
                                      const struct stake *stake, enum rival_kind kind) {
    int64_t n = m->choices.customers;
    struct waiting *line = arena_array(a, (size_t)n, sizeof *line);
    for (int64_t i = 0; i < n; i++)
        line[i] = (struct waiting){rank_key(key_of_customer(m, stake, kind, i)), i};
    return rank_by_key(a, line, n);
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

static enum status by_turns(struct arena *a, const struct task *t, struct err *err) {
    const enum rival_kind kind = (enum rival_kind)t->index;
    const struct bidding *x = t->arg;
    const struct choices *c = &x->market->choices;
    const struct waiting *turn = turns_of(a, x->market, x->stake, kind);
    int64_t *left = arena_array(a, (size_t)c->supplies, sizeof *left);
    for (int i = 0; i < c->supplies; i++)
        left[i] = c->supply[i].size;
    for (int64_t i = 0; i < c->customers && left[0] >= x->cheapest; i++) {
        if (i % POLL_EACH == 0)
            TRY((t->worker == 0 ? host_poll : host_heard)(x->host, err));
        give(c, turn[i].candidate, left, &x->out[kind]);
    }
    return DONE;
}

// The policy has kept to its own limits.
static void by_policy(struct arena *a, const struct market *m, struct rival *out) {
    const struct decisions *d = m->decisions;
    struct waiting *line = arena_array(a, (size_t)d->candidates, sizeof *line);
    int64_t n = 0, left = m->choices.supply[0].size;
    for (int64_t i = 0; i < d->candidates; i++)
        if (d->chosen[d->candidate[i].customer] == i && m->outcome[i] == REASON_GRANTED)
            line[n++].candidate = i;
    line = rank_sort(a, d, line, n);
    for (int64_t i = 0; i < n; i++) {
        const struct candidate *c = &d->candidate[line[i].candidate];
        if (c->cost > left)
            continue;
        left -= c->cost;
        count(out, c->cost, market_value(m, c));
    }
}

static bool knows_risk(const struct decisions *d, const struct stake *stake) {
    for (int64_t i = 0; i < d->candidates; i++)
        if (!isnan(stake[i].base))
            return true;
    return false;
}

static enum status bid(struct task *t, struct err *err) {
    const struct bidding *x = t->arg;
    const enum rival_kind kind = (enum rival_kind)t->index;
    struct arena *own = arena_child(t->arena);
    if (kind == RIVAL_POLICY)
        by_policy(own, x->market, &x->out[kind]);
    else if (kind != RIVAL_NOBODY && x->out[kind].known)
        TRY(by_turns(own, t, err));
    arena_free(own);
    return DONE;
}

enum status rivals_of(const struct host *host, const struct market *m, const struct stake *stake,
                      int64_t cheapest, struct rival out[RIVALS], struct err *err) {
    struct bidding x = {host, m, stake, cheapest, out};
    for (int k = 0; k < RIVALS; k++)
        out[k] = (struct rival){.known = k != RIVAL_RISK || knows_risk(m->decisions, stake)};
    return parallel_run(host, RIVALS, bid, &x, err);
}
