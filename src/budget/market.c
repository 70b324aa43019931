#include "budget/market.h"

#include "base/money.h"
#include "budget/hull.h"
#include "decide/holdout.h"
#include "metric/block.h"

// Supplies; -1: none.
struct ties {
    int budget, total;
    int *class; // by the customer's class; NULL: none
    const struct column *code;
};

// ---- supplies -----------------------------------------------------------------------------------

static struct ties *ties_new(struct arena *a, const struct decisions *d) {
    const struct policy *p = d->policy;
    struct ties *ties = arena_array(a, (size_t)p->campaigns, sizeof *ties);
    for (int k = 0; k < p->campaigns; k++) {
        const struct caps *caps = &p->campaign[k].caps;
        ties[k] = (struct ties){-1, -1};
        if (!caps->most)
            continue;
        int n = p->scheme[caps->scheme].n;
        ties[k].code = d->standing[caps->scheme].class;
        ties[k].class = arena_array(a, (size_t)n, sizeof *ties[k].class);
        for (int i = 0; i < n; i++)
            ties[k].class[i] = -1;
    }
    return ties;
}

// The first supply is the budget over all; then those of the decisions, as they were at first.
static void supplies_new(struct arena *a, struct market *m, int64_t budget) {
    const struct decisions *d = m->decisions;
    struct supply *supply = arena_array(a, (size_t)d->stocks + 1, sizeof *supply);
    struct ties *ties = ties_new(a, d);
    int *capacity = arena_array(a, (size_t)d->policy->channels, sizeof *capacity);
    for (int i = 0; i < d->policy->channels; i++)
        capacity[i] = -1;
    supply[0] = (struct supply){budget, true};
    for (int i = 0; i < d->stocks; i++) {
        const struct stock *s = &d->stock[i];
        int64_t left = s->size > s->before ? s->size - s->before : 0;
        supply[i + 1] = (struct supply){left, s->kind == STOCK_BUDGET};
        switch (s->kind) {
        case STOCK_BUDGET: ties[s->campaign].budget = i + 1; break;
        case STOCK_TOTAL: ties[s->campaign].total = i + 1; break;
        case STOCK_CLASS: ties[s->campaign].class[s->owner] = i + 1; break;
        case STOCK_CAPACITY: capacity[s->owner] = i + 1; break;
        }
    }
    m->choices.supplies = d->stocks + 1;
    m->choices.supply = supply;
    m->capacity = capacity;
    m->ties = ties;
}

static int class_tie(const struct ties *t, int64_t customer) {
    return t->class && column_has(t->code, customer) ? t->class[t->code->code[customer]] : -1;
}

static void draw(struct choice *x, int supply) {
    if (supply >= 0)
        x->draws[x->n_draws++] = supply;
}

// ---- choices ----------------------------------------------------------------------------------

static int64_t contact_cost(const struct decisions *d, const struct candidate *c, int place) {
    if (place < 0)
        return 0;
    const struct reach *r = &d->reach[d->policy->campaign[c->campaign].channel[place]];
    return r->cost ? r->cost[c->customer] : 0;
}

int64_t market_value(const struct market *m, const struct candidate *c) {
    double share = m->believed[c->campaign];
    return share == 1 ? c->value : money_within((double)c->value * share);
}

// What the candidate costs and draws but for the way.
static struct choice without_way(const struct market *m, int64_t candidate) {
    const struct candidate *c = &m->decisions->candidate[candidate];
    const struct ties *t = &m->ties[c->campaign];
    struct choice x = {.cost = c->cost - contact_cost(m->decisions, c, c->channel),
                       .value = market_value(m, c),
                       .control = m->outcome[candidate] != REASON_GRANTED};
    draw(&x, 0);
    draw(&x, t->budget);
    draw(&x, t->total);
    draw(&x, class_tie(t, c->customer));
    return x;
}

// Of ways without a capacity only the cheapest can be best; that one, and each with a capacity.
static int get_ways(const struct market *m, int64_t candidate, struct choice *choice,
                    struct way *way) {
    const struct candidate *c = &m->decisions->candidate[candidate];
    const struct choice all = without_way(m, candidate);
    const int *channel = m->decisions->policy->campaign[c->campaign].channel;
    int n = 0, free = -1;
    if (c->channel < 0) {
        choice[0] = all;
        way[0] = (struct way){candidate, -1};
        return 1;
    }
    for (uint32_t ways = c->ways; ways; ways &= ways - 1) {
        int place = __builtin_ctz(ways), capacity = m->capacity[channel[place]];
        struct choice x = all;
        x.cost += contact_cost(m->decisions, c, place);
        draw(&x, capacity);
        if (capacity < 0 && free >= 0 && x.cost >= choice[free].cost)
            continue;
        int at = capacity < 0 && free >= 0 ? free : n++;
        free = capacity < 0 ? at : free;
        choice[at] = x;
        way[at] = (struct way){candidate, place};
    }
    return n;
}

int market_get(const struct market *m, int64_t customer, struct choice *choice, struct way *way) {
    int n = 0;
    for (int64_t i = m->first[customer]; i < m->first[customer + 1]; i++)
        n += get_ways(m, i, choice + n, way + n);
    return n;
}

static int get(const void *ctx, int64_t customer, struct choice *out) {
    struct way way[HULL_MOST];
    return market_get(ctx, customer, out, way);
}

// ---- making it ----------------------------------------------------------------------------------

static enum status index_candidates(struct arena *a, struct market *m, struct err *err) {
    const struct decisions *d = m->decisions;
    int64_t customers = d->data->customers, *first;
    first = arena_array(a, (size_t)customers + 1, sizeof *first);
    int64_t at = 0;
    for (int64_t i = 0; i < customers; i++) {
        int ways = 0;
        for (first[i] = at; at < d->candidates && d->candidate[at].customer == i; at++)
            ways += d->candidate[at].ways ? __builtin_popcount(d->candidate[at].ways) : 1;
        if (ways > HULL_MOST) {
            struct str id = column_str(d->data->id, i);
            return err_set(err, REFUSED,
                           "customer %.*s could be offered %d things, and a budget weighs %d at "
                           "most: narrow the campaigns' `when`",
                           (int)id.n, id.p, ways, HULL_MOST);
        }
    }
    first[customers] = at;
    m->first = first;
    return DONE;
}

struct holding {
    const struct decisions *decisions;
    struct holdouts holdouts;
    uint8_t *outcome;
};

static enum status hold_block(const struct block *b, struct err *err) {
    const struct holding *h = b->arg;
    (void)err;
    for (int64_t i = b->first; i < b->first + b->n; i++)
        h->outcome[i] = (uint8_t)holdout_of(&h->holdouts, &h->decisions->candidate[i]);
    return DONE;
}

enum status market_new(struct arena *a, const struct host *host, const struct decisions *d,
                       int64_t budget, const double *believed, struct market **out,
                       struct err *err) {
    struct market *m = arena_alloc(a, sizeof *m);
    struct holding h = {d, holdouts_new(a, d), arena_alloc(a, (size_t)d->candidates)};
    *m = (struct market){.decisions = d, .believed = believed, .outcome = h.outcome};
    m->choices = (struct choices){.ctx = m, .customers = d->data->customers, .get = get};
    supplies_new(a, m, budget);
    TRY(index_candidates(a, m, err));
    *out = m;
    return block_run(host, d->candidates, hold_block, &h, err);
}
