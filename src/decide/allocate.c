// Allocate: who gets what, of all candidates. A customer gets one offer: the first, in the order of
// rank.c, for which there is enough of everything that it draws on (stocks: budgets, caps,
// channels' capacities). When the best one's budget is gone, the next is tried.
//
// Only what is scarce makes customers depend on each other: a stock that would not suffice if every
// candidate drew on it. Where nothing that stands before a customer's first plentiful offer is
// scarce, that offer is the customer's, whatever the others get. So only scarce candidates stand in
// line, and who gets none of them takes the plentiful one in the end.
//
// Holdout comes last, on winners only: holding out earlier would compare the control with people
// who would not have got the offer, and bias the evaluation. A control draws on nothing, so that
// what it would have got goes to the next in line.
#include "base/money.h"
#include "decide/holdout.h"
#include "decide/plan.h"
#include "decide/stages.h"

// What a campaign's offers draw on: indices of stocks, -1 for none.
struct terms {
    int budget, total;
    int *class;                // by the customer's class; NULL: none
    const struct column *code; // of that class
    bool scarce;
};

struct market {
    struct decisions *d;
    struct arena *arena;
    struct terms *terms; // by campaign
    int *capacity;       // by channel: its stock, -1 for none
    struct holdouts holdouts;
    struct waiting *line; // scarce candidates
    int64_t waiting;
    int64_t *open; // first candidates of customers whom the line decides
    int64_t opens;
};

// ---- stocks -------------------------------------------------------------------------------------

static int add_stock(struct decisions *d, enum stock_kind kind, int campaign, int owner,
                     int64_t size, int64_t before) {
    int64_t left = size > before ? size - before : 0;
    d->stock[d->stocks] = (struct stock){.kind = kind,
                                         .campaign = campaign,
                                         .owner = owner,
                                         .size = size,
                                         .before = before,
                                         .left = left,
                                         .first = -1};
    return d->stocks++;
}

static int most_stocks(const struct policy *p) {
    int n = p->channels;
    for (int i = 0; i < p->campaigns; i++)
        n += 2 + (p->campaign[i].caps.most ? p->scheme[p->campaign[i].caps.scheme].n : 0);
    return n;
}

static enum status add_budget(struct decisions *d, int campaign, int *out, struct err *err) {
    const struct campaign *c = &d->policy->campaign[campaign];
    int64_t size;
    if (!c->caps.budget.given)
        return DONE;
    if (!money_round(c->caps.budget.most, d->data->decimals, &size))
        return err_at(err, REFUSED, c->at, "the budget is too large an amount of money");
    *out = add_stock(d, STOCK_BUDGET, campaign, 0, size, d->history.spent[campaign]);
    return DONE;
}

static void add_classes(struct market *m, int campaign, struct terms *t) {
    struct decisions *d = m->d;
    const struct caps *caps = &d->policy->campaign[campaign].caps;
    if (!caps->most)
        return;
    int n = d->policy->scheme[caps->scheme].n;
    t->code = d->standing[caps->scheme].class;
    t->class = arena_array(m->arena, (size_t)n, sizeof *t->class);
    for (int i = 0; i < n; i++)
        t->class[i] = caps->most[i] < 0 ? -1
                                        : add_stock(d, STOCK_CLASS, campaign, i, caps->most[i],
                                                    d->history.made_to[campaign][i]);
}

// Of one customer of a base nobody knows what the others take: no stock is kept then.
static enum status open_market(struct market *m, struct err *err) {
    struct decisions *d = m->d;
    const struct policy *p = d->policy;
    m->holdouts = holdouts_new(m->arena, d);
    m->terms = arena_array(m->arena, (size_t)p->campaigns, sizeof *m->terms);
    m->capacity = arena_array(m->arena, (size_t)p->channels, sizeof *m->capacity);
    d->stock = arena_array(m->arena, (size_t)most_stocks(p), sizeof *d->stock);
    for (int i = 0; i < p->campaigns; i++) {
        const struct caps *caps = &p->campaign[i].caps;
        struct terms *t = &m->terms[i];
        *t = (struct terms){-1, -1};
        if (d->data->alone)
            continue;
        TRY(add_budget(d, i, &t->budget, err));
        if (caps->total.given)
            t->total =
                add_stock(d, STOCK_TOTAL, i, 0, (int64_t)caps->total.most, d->history.made[i]);
        add_classes(m, i, t);
    }
    for (int i = 0; i < p->channels; i++) {
        bool kept = p->channel[i].capacity >= 0 && !d->data->alone;
        m->capacity[i] = kept ? add_stock(d, STOCK_CAPACITY, -1, i, p->channel[i].capacity, 0) : -1;
    }
    return DONE;
}

static int class_stock(const struct terms *t, const struct candidate *c) {
    return t->class && column_has(t->code, c->customer) ? t->class[t->code->code[c->customer]] : -1;
}

static int64_t contact_cost(const struct market *m, const struct candidate *c, int place) {
    const struct reach *r;
    if (place < 0)
        return 0;
    r = &m->d->reach[m->d->policy->campaign[c->campaign].channel[place]];
    return r->cost ? r->cost[c->customer] : 0;
}

// ---- what is scarce -----------------------------------------------------------------------------

// Takes from `room` what is asked for; it stays below 0 once it did not suffice.
static void ask(int64_t *room, int stock, int64_t amount) {
    if (stock >= 0 && room[stock] >= 0)
        room[stock] -= amount;
}

// What a candidate may draw on, whichever channel is taken.
static void ask_all(const struct market *m, const struct candidate *c, int64_t *room) {
    const struct terms *t = &m->terms[c->campaign];
    const int *channel = m->d->policy->campaign[c->campaign].channel;
    int64_t dearest = contact_cost(m, c, c->channel);
    int64_t offer = c->cost - dearest;
    for (uint32_t ways = c->ways; ways; ways &= ways - 1) {
        int place = __builtin_ctz(ways);
        int64_t cost = contact_cost(m, c, place);
        dearest = cost > dearest ? cost : dearest;
        ask(room, m->capacity[channel[place]], 1);
    }
    ask(room, t->budget, offer + dearest);
    ask(room, t->total, 1);
    ask(room, class_stock(t, c), 1);
}

static bool is_scarce(const struct market *m, int campaign, const int64_t *room) {
    const struct campaign *c = &m->d->policy->campaign[campaign];
    const struct terms *t = &m->terms[campaign];
    bool scarce = (t->budget >= 0 && room[t->budget] < 0) || (t->total >= 0 && room[t->total] < 0);
    for (int i = 0; t->class && i < t->code->dict->n; i++)
        scarce |= t->class[i] >= 0 && room[t->class[i]] < 0;
    for (int i = 0; i < c->channels; i++) {
        int stock = m->capacity[c->channel[i]];
        scarce |= stock >= 0 && room[stock] < 0;
    }
    return scarce;
}

static void find_scarce(struct market *m) {
    struct decisions *d = m->d;
    int64_t *room = arena_array(m->arena, (size_t)d->stocks, sizeof *room);
    if (d->stocks == 0)
        return;
    for (int i = 0; i < d->stocks; i++)
        room[i] = d->stock[i].left;
    for (int64_t i = 0; i < d->candidates; i++)
        ask_all(m, &d->candidate[i], room);
    for (int i = 0; i < d->policy->campaigns; i++)
        m->terms[i].scarce = is_scarce(m, i, room);
}

// ---- giving -------------------------------------------------------------------------------------

static void take(struct decisions *d, int stock, int64_t amount) {
    if (stock >= 0)
        d->stock[stock].left -= amount;
}

// The candidate wins: as a control, or it draws on its stocks.
static void settle(struct market *m, int64_t winner) {
    struct decisions *d = m->d;
    const struct candidate *c = &d->candidate[winner];
    const struct campaign *campaign = &d->policy->campaign[c->campaign];
    const struct terms *t = &m->terms[c->campaign];
    uint8_t *reason = &d->reason[c->campaign][c->customer];
    d->chosen[c->customer] = winner;
    *reason = (uint8_t)holdout_of(&m->holdouts, c);
    if (*reason != REASON_GRANTED)
        return;
    take(d, t->budget, c->cost);
    take(d, t->total, 1);
    take(d, class_stock(t, c), 1);
    if (c->channel >= 0)
        take(d, m->capacity[campaign->channel[c->channel]], 1);
}

// Whether there is enough left; if not, that is kept.
static bool suffices(struct decisions *d, int stock, int64_t amount, const struct candidate *c) {
    struct stock *s = stock >= 0 ? &d->stock[stock] : NULL;
    if (!s || s->left >= amount)
        return true;
    if (s->refused++ == 0) {
        s->first = c->customer;
        s->net = candidate_net(c);
    }
    return false;
}

// Tries the ways of reaching the customer, the preferred first. What the candidate is refused for
// is what came next to being enough.
static uint8_t try_ways(struct market *m, struct candidate *c) {
    struct decisions *d = m->d;
    const struct terms *t = &m->terms[c->campaign];
    const int *channel = d->policy->campaign[c->campaign].channel;
    int64_t offer = c->cost - contact_cost(m, c, c->channel);
    uint8_t reason = REASON_CAPACITY;
    if (c->channel < 0)
        return suffices(d, t->budget, c->cost, c) ? REASON_GRANTED : REASON_BUDGET;
    for (uint32_t ways = c->ways; ways; ways &= ways - 1) {
        int place = __builtin_ctz(ways);
        int64_t cost = offer + contact_cost(m, c, place);
        if (!suffices(d, m->capacity[channel[place]], 1, c))
            continue;
        if (!suffices(d, t->budget, cost, c)) {
            reason = REASON_BUDGET;
            continue;
        }
        c->channel = place;
        c->cost = cost;
        return REASON_GRANTED;
    }
    return reason;
}

static void try_candidate(struct market *m, int64_t i) {
    struct decisions *d = m->d;
    struct candidate *c = &d->candidate[i];
    const struct terms *t = &m->terms[c->campaign];
    uint8_t *reason = &d->reason[c->campaign][c->customer];
    if (d->chosen[c->customer] >= 0)
        return;
    *reason = !suffices(d, t->total, 1, c)            ? REASON_TOTAL_CAP
              : !suffices(d, class_stock(t, c), 1, c) ? REASON_CLASS_CAP
                                                      : try_ways(m, c);
    if (*reason == REASON_GRANTED)
        settle(m, i);
}

// The line leads from customer to customer all over memory: what a turn takes is fetched ahead of
// it. (Not inlined this would be taken for a function without any effect, and dropped.)
static inline __attribute__((always_inline)) void look_ahead(const struct market *m, int64_t i) {
    enum { AHEAD = 12 };
    const struct decisions *d = m->d;
    if (i + 2 * AHEAD < m->waiting)
        __builtin_prefetch(&d->candidate[m->line[i + 2 * AHEAD].candidate]);
    if (i + AHEAD >= m->waiting)
        return;
    const struct candidate *c = &d->candidate[m->line[i + AHEAD].candidate];
    __builtin_prefetch(&d->chosen[c->customer]);
    __builtin_prefetch(&d->reason[c->campaign][c->customer], 1);
    if (m->terms[c->campaign].class)
        __builtin_prefetch(&m->terms[c->campaign].code->code[c->customer]);
}

// ---- all customers ------------------------------------------------------------------------------

// The candidates first .. end - 1 are one customer's. The best plentiful one; -1 if none is.
static int64_t best_plentiful(const struct market *m, int64_t first, int64_t end) {
    const struct candidate *c = m->d->candidate;
    int64_t best = -1;
    for (int64_t i = first; i < end; i++)
        if (!m->terms[c[i].campaign].scarce &&
            (best < 0 || rank_compare(m->d, &c[i], &c[best]) < 0))
            best = i;
    return best;
}

static int64_t end_of_customer(const struct decisions *d, int64_t first) {
    int64_t end = first + 1;
    while (end < d->candidates && d->candidate[end].customer == d->candidate[first].customer)
        end++;
    return end;
}

// Puts in line what is scarce and better than the best plentiful offer; if that is nothing, this
// is the customer's.
static void line_up(struct market *m, int64_t first, int64_t end) {
    const struct decisions *d = m->d;
    int64_t plentiful = best_plentiful(m, first, end), before = m->waiting;
    for (int64_t i = first; i < end; i++) {
        const struct candidate *c = &d->candidate[i];
        if (m->terms[c->campaign].scarce &&
            (plentiful < 0 || rank_compare(d, c, &d->candidate[plentiful]) < 0))
            m->line[m->waiting++].candidate = i;
    }
    if (m->waiting == before)
        settle(m, plentiful);
    else
        m->open[m->opens++] = first;
}

// Everybody whom the line left without an offer gets the best plentiful one.
static void settle_open(struct market *m) {
    struct decisions *d = m->d;
    for (int64_t i = 0; i < m->opens; i++) {
        int64_t first = m->open[i];
        int64_t plentiful = best_plentiful(m, first, end_of_customer(d, first));
        if (d->chosen[d->candidate[first].customer] < 0 && plentiful >= 0)
            settle(m, plentiful);
    }
}

// ---- by a plan --------------------------------------------------------------------------------

// A control of the plan draws on nothing, so that nothing can be too little for it.
static void try_planned(struct market *m, int64_t i) {
    struct decisions *d = m->d;
    struct candidate *c = &d->candidate[i];
    const struct planned *planned = &d->policy->plan->of[c->customer];
    uint8_t *reason = &d->reason[c->campaign][c->customer];
    uint32_t way = planned->channel < 0 ? 0 : (uint32_t)1 << planned->channel;
    *reason = REASON_PLAN;
    if (planned->campaign != c->campaign)
        return;
    if (c->ways && !(c->ways & way)) {
        *reason = REASON_NO_CHANNEL;
        return;
    }
    c->ways &= way;
    if (holdout_of(&m->holdouts, c) == REASON_GRANTED)
        try_candidate(m, i);
    else
        settle(m, i);
}

static void allocate_planned(struct market *m) {
    for (int64_t i = 0; i < m->d->candidates; i++)
        try_planned(m, i);
}

// ---- by the policy ----------------------------------------------------------------------------

static enum status allocate_ranked(const struct host *host, struct market *m, struct err *err) {
    struct decisions *d = m->d;
    find_scarce(m);
    m->line = arena_array(m->arena, (size_t)d->candidates, sizeof *m->line);
    m->open = arena_array(m->arena, (size_t)d->data->customers, sizeof *m->open);
    for (int64_t first = 0, end; first < d->candidates; first = end) {
        end = end_of_customer(d, first);
        line_up(m, first, end);
    }
    TRY(host_poll(host, err));
    m->line = rank_sort(m->arena, d, m->line, m->waiting);
    for (int64_t i = 0; i < m->waiting; i++) {
        if (i % POLL_EACH == 0)
            TRY(host_poll(host, err));
        look_ahead(m, i);
        try_candidate(m, m->line[i].candidate);
    }
    settle_open(m);
    return DONE;
}

enum status allocate(struct arena *a, const struct host *host, struct decisions *d,
                     struct err *err) {
    struct market m = {.d = d, .arena = a};
    size_t customers = (size_t)d->data->customers;
    TRY(open_market(&m, err));
    d->chosen = arena_array(a, customers, sizeof *d->chosen);
    for (size_t i = 0; i < customers; i++)
        d->chosen[i] = -1;
    if (!d->policy->plan)
        return allocate_ranked(host, &m, err);
    allocate_planned(&m);
    return DONE;
}
