// Propose: every customer alone against every campaign, a block of customers at a time. What could
// be offered becomes a candidate; what could not keeps its reason.
#include <string.h>

#include "decide/verdict.h"

// The candidates of one block, in its own arena until they are put together.
struct list {
    struct arena *arena;
    struct candidate *p;
    struct stake *stake; // of each, or NULL
    int n;
};

struct run {
    struct decisions *d;
    const struct column *const *columns;
    bool *running;     // by campaign: it is within its period
    struct list *list; // by block
};

static int64_t reach_cost(const struct reach *r, int64_t customer) {
    return r->cost ? r->cost[customer] : 0;
}

// ---- candidates -------------------------------------------------------------------------------

// Room for all who are still open, and who they are.
static void list_open(struct list *l, const struct batch *b, const struct verdict *verdicts,
                      uint8_t *restrict open) {
    const int n = b->n, campaigns = b->d->policy->campaigns;
    int most = 0;
    memset(open, 0, (size_t)n);
    for (int c = 0; c < campaigns; c++)
        for (int i = 0; i < n; i++) {
            uint8_t is = verdicts[c].reason[i] == REASON_GRANTED;
            open[i] |= is;
            most += is;
        }
    l->p = arena_array(l->arena, (size_t)most, sizeof *l->p);
    l->stake = b->d->staking ? arena_array(l->arena, (size_t)most, sizeof *l->stake) : NULL;
    l->n = 0;
}

// Value is what the effect is worth: uplift x value. What is paid on success is paid for those,
// too, who would have come anyway.
static void add_candidate(const struct batch *b, int i, int campaign, struct verdict *v,
                          struct list *list) {
    const struct campaign *rules = &b->d->policy->campaign[campaign];
    struct candidate c = {.customer = (int32_t)(b->first + i), .campaign = campaign, .channel = -1};
    double successes = rules->effect.on_success ? v->base[i] + v->uplift[i] : 1;
    if (!verdict_cost(b, i, &rules->cost, v->cost[i] * successes, &c.cost) ||
        !verdict_money(b, i, &rules->value, v->value[i] * v->uplift[i], &c.value) ||
        !verdict_offer(b, i, &rules->offer, v->amount[i], &c.amount)) {
        v->reason[i] = REASON_FAULT;
        return;
    }
    if (rules->channels > 0) {
        c.ways = v->ways[i];
        c.channel = __builtin_ctz(c.ways);
        c.cost += reach_cost(&b->d->reach[rules->channel[c.channel]], c.customer);
    }
    if (rules->effect.kind != EFFECT_NONE)
        c.uplift = v->uplift[i];
    v->reason[i] = REASON_OUTBID; // until it is granted, or something else is in its way
    if (list->stake)
        list->stake[list->n] = (struct stake){v->base[i], v->uplift[i], v->value[i], v->cost[i]};
    list->p[list->n++] = c;
}

// Everybody is open to a campaign that is running, but who is gone.
static void open_all(const struct batch *b, bool running, uint8_t *restrict reason) {
    const uint8_t *restrict gone = b->d->gone ? b->d->gone + b->first : NULL;
    const int n = b->n;
    memset(reason, running ? REASON_GRANTED : REASON_PERIOD, (size_t)n);
    for (int i = 0; gone && running && i < n; i++)
        reason[i] = gone[i] ? REASON_INELIGIBLE : REASON_GRANTED;
}

static enum status propose_batch(const struct run *r, const struct batch *b,
                                 struct verdict *verdicts, struct list *list, struct err *err) {
    const struct policy *p = r->d->policy;
    uint8_t open[BLOCK];
    for (int c = 0; c < p->campaigns; c++) {
        open_all(b, r->running[c], verdicts[c].reason);
        if (!r->running[c])
            continue;
        TRY(verdict_when(b, &p->campaign[c].when, &verdicts[c], err));
        TRY(verdict_never(b, &p->campaign[c].never, &verdicts[c], err));
        reach_cap(b, c, &verdicts[c]);
    }
    for (int k = 0; k < p->channels; k++)
        TRY(reach_try(b, k, verdicts, &verdicts[p->campaigns], err));
    for (int c = 0; c < p->campaigns; c++) {
        if (!verdict_any_open(b, &verdicts[c]))
            continue;
        reach_apply(b, c, &verdicts[c]);
        if (rule_given(&p->campaign[c].offer.amount))
            TRY(verdict_amount(b, &p->campaign[c].offer.amount, &verdicts[c], verdicts[c].amount,
                               err));
        TRY(verdict_amount(b, &p->campaign[c].cost, &verdicts[c], verdicts[c].cost, err));
        TRY(verdict_amount(b, &p->campaign[c].value, &verdicts[c], verdicts[c].value, err));
        TRY(verdict_effect(b, &p->campaign[c].effect, &verdicts[c], err));
    }
    list_open(list, b, verdicts, open);
    for (int i = 0; i < b->n; i++)
        for (int c = 0; open[i] && c < p->campaigns; c++)
            if (verdicts[c].reason[i] == REASON_GRANTED)
                add_candidate(b, i, c, &verdicts[c], list);
    for (int c = 0; c < p->campaigns; c++)
        memcpy(r->d->reason[c] + b->first, verdicts[c].reason, (size_t)b->n);
    return DONE;
}

// By campaign, and one more for the channel that is being tried. It is large, and so it is kept for
// the blocks to come.
static struct verdict *verdicts_of(struct evaluator *own, int campaigns) {
    if (!own->verdict)
        own->verdict = arena_array(own->arena, (size_t)campaigns + 1, sizeof *own->verdict);
    return own->verdict;
}

static enum status propose_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct evaluator *own = &r->d->evaluator[b->worker];
    struct batch batch = {r->d, b->first, b->n, own, r->columns};
    struct verdict *verdicts = verdicts_of(own, r->d->policy->campaigns);
    return propose_batch(r, &batch, verdicts, &r->list[b->index], err);
}

static enum status gather_columns(struct run *r, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int i = 0; i < p->sites; i++)
        if (p->site[i].campaign || p->site[i].channel)
            TRY(rule_columns(r->d->board, p->site[i].rule, &r->columns, err));
    return DONE;
}

// One list from the blocks' lists, in order.
static void join(struct arena *a, struct decisions *d, struct list *list, size_t blocks) {
    for (size_t i = 0; i < blocks; i++)
        d->candidates += list[i].n;
    if (blocks == 1 && list->arena == a) {
        d->candidate = list->p;
        d->stake = list->stake;
        return;
    }
    d->candidate = arena_array(a, (size_t)d->candidates, sizeof *d->candidate);
    if (d->staking)
        d->stake = arena_array(a, (size_t)d->candidates, sizeof *d->stake);
    for (size_t i = 0, at = 0; i < blocks; at += (size_t)list[i].n, i++) {
        if (list[i].n)
            memcpy(d->candidate + at, list[i].p, (size_t)list[i].n * sizeof *d->candidate);
        if (list[i].n && d->staking)
            memcpy(d->stake + at, list[i].stake, (size_t)list[i].n * sizeof *d->stake);
        if (list[i].arena != a)
            arena_free(list[i].arena);
    }
}

// A policy's own test may know no day, and then means one on which everything runs.
static void find_running(struct arena *a, struct run *r) {
    const struct policy *p = r->d->policy;
    bool known = r->d->data->people;
    int32_t day = r->d->data->as_of;
    r->running = arena_array(a, (size_t)p->campaigns, sizeof *r->running);
    for (int c = 0; c < p->campaigns; c++) {
        struct period period = p->campaign[c].period;
        r->running[c] = !known || (period.from <= day && day <= period.to);
    }
}

enum status propose(struct arena *a, const struct host *host, struct decisions *d,
                    struct err *err) {
    size_t blocks = block_count(d->data->customers);
    struct run r = {.d = d};
    r.list = arena_array(a, blocks, sizeof *r.list);
    TRY(gather_columns(&r, err));
    find_running(a, &r);
    reach_open(a, d);
    d->reason = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->reason);
    for (int c = 0; c < d->policy->campaigns; c++)
        d->reason[c] = arena_alloc(a, (size_t)d->data->customers);
    for (size_t i = 0; i < blocks; i++)
        r.list[i].arena =
            block_threads(host) > 1 ? arena_child(a) : a; // which no other thread uses then
    TRY(decide_blocks(host, d, propose_block, &r, err));
    join(a, d, r.list, blocks);
    return DONE;
}
