#include "budget/market.h"

#include <math.h>

#include "base/money.h"
#include "budget/hull.h"
#include "decide/holdout.h"
#include "metric/block.h"

// What a campaign's offers draw on. Supplies; -1: none.
struct ties {
    int budget, total;
    int *class; // by the customer's class; NULL: none
    int classes;
    const struct column *code;
    uint32_t limited; // a bit for each channel, by its place: whether it has a capacity
    int kinds;        // the first kind of its choices: without a class, without a channel
};

// ---- supplies -----------------------------------------------------------------------------------

static struct ties *ties_new(struct arena *a, const struct decisions *d) {
    const struct policy *p = d->policy;
    struct ties *ties = arena_array(a, (size_t)p->campaigns, sizeof *ties);
    for (int k = 0; k < p->campaigns; k++) {
        const struct caps *caps = &p->campaign[k].caps;
        ties[k] = (struct ties){.budget = -1, .total = -1};
        if (!caps->most)
            continue;
        int n = p->scheme[caps->scheme].n;
        ties[k].code = d->standing[caps->scheme].class;
        ties[k].classes = n;
        ties[k].class = arena_array(a, (size_t)n, sizeof *ties[k].class);
        for (int i = 0; i < n; i++)
            ties[k].class[i] = -1;
    }
    return ties;
}

static void draw(struct kind *x, int supply) {
    if (supply >= 0)
        x->supply[x->n++] = supply;
}

// What an offer can draw on: of each campaign by class, none first, and by channel, likewise.
static void kinds_new(struct arena *a, struct market *m, struct ties *ties, const int *capacity) {
    const struct policy *p = m->decisions->policy;
    struct choices *c = &m->choices;
    for (int k = 0; k < p->campaigns; k++) {
        ties[k].kinds = c->kinds;
        c->kinds += (ties[k].classes + 1) * (p->campaign[k].channels + 1);
    }
    struct kind *kind = arena_array(a, (size_t)c->kinds, sizeof *kind);
    c->kind = kind;
    for (struct ties *t = ties; t < ties + p->campaigns; t++)
        for (int class = -1; class < t->classes; class ++)
            for (int place = -1; place < p->campaign[t - ties].channels; place++, kind++) {
                int room = place < 0 ? -1 : capacity[p->campaign[t - ties].channel[place]];
                draw(kind, 0);
                draw(kind, t->budget);
                draw(kind, t->total);
                draw(kind, class < 0 ? -1 : t->class[class]);
                draw(kind, room);
                t->limited |= room < 0 ? 0 : (uint32_t)1 << place;
            }
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
    kinds_new(a, m, ties, capacity);
    m->ties = ties;
}

// ---- choices ----------------------------------------------------------------------------------

static int64_t contact_cost(const struct decisions *d, const struct candidate *c, int place) {
    if (place < 0)
        return 0;
    const struct reach *r = &d->reach[d->policy->campaign[c->campaign].channel[place]];
    return r->cost ? r->cost[c->customer] : 0;
}

int64_t market_value(const struct market *m, const struct candidate *c) {
    const struct stake *s = &m->stake[c - m->decisions->candidate];
    double share = m->believed[c->campaign], most = 1 - s->base;
    if (m->decisions->policy->campaign[c->campaign].effect.kind == EFFECT_RETENTION &&
        share * s->uplift > most) // never of NAN
        share = fmax(most, 0) / s->uplift;
    return share == 1 ? c->value : money_within((double)c->value * share);
}

// What its choices draw on, without a channel.
static int kinds_of(const struct market *m, const struct candidate *c) {
    const struct ties *t = &m->ties[c->campaign];
    bool classed = t->class && column_has(t->code, c->customer);
    int class = classed ? t->code->code[c->customer] + 1 : 0;
    return t->kinds + class * (m->decisions->policy->campaign[c->campaign].channels + 1);
}

static struct choice by_way(const struct market *m, const struct candidate *c, struct choice x,
                            int place) {
    x.cost += contact_cost(m->decisions, c, place);
    x.kind += place + 1;
    x.place = (int8_t)place;
    return x;
}

// Of ways without a capacity only the cheapest can be best; that one, and each with a capacity.
static int count_ways(const struct market *m, const struct candidate *c) {
    uint32_t limited = m->ties[c->campaign].limited;
    return __builtin_popcount(c->ways & limited) + (!c->ways || c->ways & ~limited);
}

static struct choice *put_ways(const struct market *m, const struct candidate *c, struct choice x,
                               struct choice *out) {
    struct choice cheapest = by_way(m, c, x, -1);
    for (uint32_t ways = c->ways; ways; ways &= ways - 1) {
        int place = __builtin_ctz(ways);
        struct choice way = by_way(m, c, x, place);
        if (m->ties[c->campaign].limited >> place & 1)
            *out++ = way;
        else if (cheapest.place < 0 || way.cost < cheapest.cost)
            cheapest = way;
    }
    if (!c->ways || cheapest.place >= 0)
        *out++ = cheapest;
    return out;
}

struct way market_way(const struct market *m, int64_t customer, int32_t k) {
    const struct choice *x = &m->choices.choice[m->choices.first[customer] + k];
    return (struct way){x, m->first[customer] + x->candidate, x->place};
}

// ---- making it ----------------------------------------------------------------------------------

static int64_t count_customers(const struct decisions *d) {
    int64_t n = 0;
    for (int64_t i = 0; i < d->candidates; i++)
        n += i == 0 || d->candidate[i].customer != d->candidate[i - 1].customer;
    return n;
}

// Where each customer's candidates and choices begin.
static enum status index_customers(struct arena *a, struct market *m, struct err *err) {
    const struct decisions *d = m->decisions;
    int64_t customers = count_customers(d), at = 0;
    int64_t *first = arena_array(a, (size_t)customers + 1, sizeof *first);
    int64_t *choice = arena_array(a, (size_t)customers + 1, sizeof *choice);
    for (int64_t i = 0; i < customers; i++) {
        int32_t customer = d->candidate[at].customer;
        int ways = 0;
        for (first[i] = at; at < d->candidates && d->candidate[at].customer == customer; at++)
            ways += count_ways(m, &d->candidate[at]);
        choice[i + 1] = choice[i] + ways;
        if (ways > HULL_MOST) {
            struct str id = column_str(d->data->id, customer);
            return err_set(err, REFUSED,
                           "customer %.*s could be offered %d things, and a budget weighs %d at "
                           "most: narrow the campaigns' `when`",
                           (int)id.n, id.p, ways, HULL_MOST);
        }
    }
    first[customers] = at;
    m->first = first;
    m->choices.customers = customers;
    m->choices.first = choice;
    return DONE;
}

struct making {
    const struct market *market;
    struct holdouts holdouts;
    uint8_t *outcome;      // [candidate]
    struct choice *choice; // of all
};

static enum status make_block(const struct block *b, struct err *err) {
    const struct making *k = b->arg;
    const struct market *m = k->market;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        struct choice *out = k->choice + m->choices.first[customer];
        for (int64_t i = m->first[customer]; i < m->first[customer + 1]; i++) {
            const struct candidate *c = &m->decisions->candidate[i];
            k->outcome[i] = (uint8_t)holdout_of(&k->holdouts, c);
            struct choice x = {.cost = c->cost - contact_cost(m->decisions, c, c->channel),
                               .value = market_value(m, c),
                               .kind = kinds_of(m, c),
                               .candidate = (uint8_t)(i - m->first[customer]),
                               .control = k->outcome[i] != REASON_GRANTED};
            out = put_ways(m, c, x, out);
        }
    }
    return DONE;
}

enum status market_new(struct arena *a, const struct host *host, const struct decisions *d,
                       const struct stake *stake, int64_t budget, const double *believed,
                       struct market **out, struct err *err) {
    struct market *m = arena_alloc(a, sizeof *m);
    *m = (struct market){.decisions = d, .stake = stake, .believed = believed};
    supplies_new(a, m, budget);
    TRY(index_customers(a, m, err));
    struct making k = {m, holdouts_new(a, d), arena_alloc(a, (size_t)d->candidates), NULL};
    k.choice = arena_array(a, (size_t)m->choices.first[m->choices.customers], sizeof *k.choice);
    m->outcome = k.outcome;
    m->choices.choice = k.choice;
    *out = m;
    return block_run(host, m->choices.customers, make_block, &k, err);
}
