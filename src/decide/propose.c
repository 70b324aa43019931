// Propose: every customer alone against every campaign, a block of customers at a time. What could
// be offered becomes a candidate; what could not keeps its reason.
#include <string.h>

#include "base/money.h"
#include "decide/stages.h"
#include "metric/block.h"

// The candidates of one block, in its own arena until they are put together.
struct list {
    struct arena *arena;
    struct candidate *p;
    int64_t n, size;
};

// What a worker needs for itself, made at its first block.
struct worker {
    struct expr_scratch *scratch;
    struct verdict *verdict; // by campaign
};

struct run {
    struct decisions *d;
    const struct column *const *columns;
    struct worker *worker; // by worker
    struct list *list;     // by block
};

// Part of a block, as many customers as an expression takes at once.
struct batch {
    int64_t first;
    int n;
    struct expr_scratch *scratch;
    const struct column *const *columns;
};

// What became of a campaign there.
struct verdict {
    uint8_t reason[EXPR_BLOCK];
    double cost[EXPR_BLOCK], value[EXPR_BLOCK];
};

// A stop of a kind that means "no offer": by a missing value, or by a fault.
static uint8_t stopped(uint8_t stop, enum reason missing) {
    return stop == STOP_FAULT ? REASON_FAULT : (uint8_t)missing;
}

static void apply_when(const struct batch *b, const struct expr *when, struct verdict *v) {
    uint8_t truth[EXPR_BLOCK], stop[EXPR_BLOCK];
    memset(v->reason, REASON_GRANTED, (size_t)b->n);
    if (!when)
        return;
    expr_condition(when, b->columns, b->first, b->n, b->scratch, truth, stop);
    for (int i = 0; i < b->n; i++)
        if (!truth[i])
            v->reason[i] = stop[i] ? stopped(stop[i], REASON_UNKNOWN) : REASON_INELIGIBLE;
}

static bool any_open(const struct batch *b, const struct verdict *v) {
    return memchr(v->reason, REASON_GRANTED, (size_t)b->n) != NULL;
}

static void apply_never(const struct batch *b, const struct expr *never, struct verdict *v) {
    uint8_t truth[EXPR_BLOCK], stop[EXPR_BLOCK];
    if (!never || !any_open(b, v))
        return;
    expr_condition(never, b->columns, b->first, b->n, b->scratch, truth, stop);
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && (truth[i] || stop[i]))
            v->reason[i] = truth[i] ? REASON_NEVER : stopped(stop[i], REASON_SUPPRESSED);
}

static void apply_amount(const struct batch *b, const struct expr *amount, struct verdict *v,
                         double *out) {
    uint8_t stop[EXPR_BLOCK];
    memset(out, 0, (size_t)b->n * sizeof *out);
    if (!amount || !any_open(b, v))
        return;
    expr_number(amount, b->columns, b->first, b->n, b->scratch, out, stop);
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && stop[i])
            v->reason[i] = stopped(stop[i], REASON_UNKNOWN);
}

static void list_add(struct list *l, struct candidate c) {
    if (l->n == l->size) {
        int64_t size = l->size ? 2 * l->size : 64;
        l->p = arena_resize(l->arena, l->p, (size_t)l->size * sizeof *l->p,
                            (size_t)size * sizeof *l->p);
        l->size = size;
    }
    l->p[l->n++] = c;
}

// Amounts become minor units here. One that is not finite or too large is a fault.
static void add_candidate(const struct run *r, const struct batch *b, int i, int campaign,
                          struct verdict *v, struct list *list) {
    struct candidate c = {.customer = b->first + i, .campaign = campaign};
    int decimals = r->d->data->decimals;
    if (!money_round(v->cost[i], decimals, &c.cost) ||
        !money_round(v->value[i], decimals, &c.value)) {
        v->reason[i] = REASON_FAULT;
        return;
    }
    c.net = c.value - c.cost;
    list_add(list, c);
}

static void propose_batch(const struct run *r, const struct batch *b, struct verdict *verdicts,
                          struct list *list) {
    const struct policy *p = r->d->policy;
    for (int c = 0; c < p->campaigns; c++) {
        apply_when(b, p->campaign[c].when.expr, &verdicts[c]);
        apply_never(b, p->campaign[c].never.expr, &verdicts[c]);
        apply_amount(b, p->campaign[c].cost.expr, &verdicts[c], verdicts[c].cost);
        apply_amount(b, p->campaign[c].value.expr, &verdicts[c], verdicts[c].value);
    }
    for (int i = 0; i < b->n; i++)
        for (int c = 0; c < p->campaigns; c++)
            if (verdicts[c].reason[i] == REASON_GRANTED)
                add_candidate(r, b, i, c, &verdicts[c], list);
    for (int c = 0; c < p->campaigns; c++)
        memcpy(r->d->reason[c] + b->first, verdicts[c].reason, (size_t)b->n);
}

static enum status propose_block(const struct block *b, struct err *err) {
    (void)err; // an expression's fault is a customer's, not the run's
    const struct run *r = b->arg;
    struct worker *own = &r->worker[b->worker];
    if (!own->scratch) {
        own->scratch = expr_scratch_new(b->arena);
        own->verdict = arena_array(b->arena, (size_t)r->d->policy->campaigns, sizeof *own->verdict);
    }
    for (int done = 0; done < b->n; done += EXPR_BLOCK) {
        int rest = b->n - done;
        struct batch batch = {b->first + done, rest < EXPR_BLOCK ? rest : EXPR_BLOCK, own->scratch,
                              r->columns};
        propose_batch(r, &batch, own->verdict, &r->list[b->index]);
    }
    return DONE;
}

static enum status gather_columns(struct run *r, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int c = 0; c < p->campaigns; c++) {
        TRY(rule_columns(r->d->board, &p->campaign[c].when, &r->columns, err));
        TRY(rule_columns(r->d->board, &p->campaign[c].never, &r->columns, err));
        TRY(rule_columns(r->d->board, &p->campaign[c].cost, &r->columns, err));
        TRY(rule_columns(r->d->board, &p->campaign[c].value, &r->columns, err));
    }
    return DONE;
}

// One list from the blocks' lists, in order.
static void join(struct arena *a, struct decisions *d, struct list *list, size_t blocks) {
    for (size_t i = 0; i < blocks; i++)
        d->candidates += list[i].n;
    d->candidate = arena_array(a, (size_t)d->candidates, sizeof *d->candidate);
    for (size_t i = 0, at = 0; i < blocks; at += (size_t)list[i].n, i++) {
        if (list[i].n)
            memcpy(d->candidate + at, list[i].p, (size_t)list[i].n * sizeof *d->candidate);
        arena_free(list[i].arena);
    }
}

enum status propose(struct arena *a, const struct host *host, struct decisions *d,
                    struct err *err) {
    size_t blocks = block_count(d->data->customers);
    struct run r = {.d = d};
    r.worker = arena_array(a, (size_t)block_threads(host), sizeof *r.worker);
    r.list = arena_array(a, blocks, sizeof *r.list);
    TRY(gather_columns(&r, err));
    d->reason = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->reason);
    for (int c = 0; c < d->policy->campaigns; c++)
        d->reason[c] = arena_alloc(a, (size_t)d->data->customers);
    for (size_t i = 0; i < blocks; i++)
        r.list[i].arena = arena_child(a);
    TRY(block_run(host, d->data->customers, propose_block, &r, err));
    join(a, d, r.list, blocks);
    return DONE;
}
