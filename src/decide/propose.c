// Propose: every customer alone against every campaign, a block of customers at a time. What could
// be offered becomes a candidate; what could not keeps its reason.
#include <string.h>

#include "base/money.h"
#include "decide/stages.h"

// The candidates of one block, in its own arena until they are put together.
struct list {
    struct arena *arena;
    struct candidate *p;
    int64_t n, size;
};

struct run {
    struct decisions *d;
    const struct column *const *columns;
    struct verdict **verdict; // by worker, made at its first block; then by campaign
    struct list *list;        // by block
};

// A block, with what is needed to judge it.
struct batch {
    int64_t first;
    int n;
    struct evaluator *evaluator;
    const struct column *const *columns;
};

// What became of a campaign there.
struct verdict {
    uint8_t reason[BLOCK];
    double cost[BLOCK], value[BLOCK];
};

// A stop of a kind that means "no offer": by a missing value, or by a fault.
static uint8_t stopped(uint8_t stop, enum reason missing) {
    return stop == STOP_FAULT ? REASON_FAULT : (uint8_t)missing;
}

static enum status apply_when(const struct batch *b, const struct rule *when, struct verdict *v,
                              struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    memset(v->reason, REASON_GRANTED, (size_t)b->n);
    if (!rule_given(when))
        return DONE;
    TRY(rule_condition(when, b->evaluator, b->columns, b->first, b->n, NULL, truth, stop, err));
    for (int i = 0; i < b->n; i++)
        if (!truth[i])
            v->reason[i] = stop[i] ? stopped(stop[i], REASON_UNKNOWN) : REASON_INELIGIBLE;
    return DONE;
}

// Who is still open has REASON_GRANTED, which is 0; the others are skipped.
static bool any_open(const struct batch *b, const struct verdict *v) {
    return memchr(v->reason, REASON_GRANTED, (size_t)b->n) != NULL;
}

static enum status apply_never(const struct batch *b, const struct rule *never, struct verdict *v,
                               struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    if (!rule_given(never) || !any_open(b, v))
        return DONE;
    TRY(rule_condition(never, b->evaluator, b->columns, b->first, b->n, v->reason, truth, stop,
                       err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && (truth[i] || stop[i]))
            v->reason[i] = truth[i] ? REASON_NEVER : stopped(stop[i], REASON_SUPPRESSED);
    return DONE;
}

static enum status apply_amount(const struct batch *b, const struct rule *amount, struct verdict *v,
                                double *out, struct err *err) {
    uint8_t stop[BLOCK];
    memset(out, 0, (size_t)b->n * sizeof *out);
    if (!rule_given(amount) || !any_open(b, v))
        return DONE;
    TRY(rule_number(amount, b->evaluator, b->columns, b->first, b->n, v->reason, out, stop, err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && stop[i])
            v->reason[i] = stopped(stop[i], REASON_UNKNOWN);
    return DONE;
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
static bool round_amount(const struct run *r, const struct batch *b, int i, const struct rule *rule,
                         double amount, int64_t *out) {
    if (money_round(amount, r->d->data->decimals, out))
        return true;
    evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line,
                   "it is not finite, or too large an amount of money");
    return false;
}

static void add_candidate(const struct run *r, const struct batch *b, int i, int campaign,
                          struct verdict *v, struct list *list) {
    const struct campaign *rules = &r->d->policy->campaign[campaign];
    struct candidate c = {.customer = b->first + i, .campaign = campaign};
    if (!round_amount(r, b, i, &rules->cost, v->cost[i], &c.cost) ||
        !round_amount(r, b, i, &rules->value, v->value[i], &c.value)) {
        v->reason[i] = REASON_FAULT;
        return;
    }
    c.net = c.value - c.cost;
    list_add(list, c);
}

static enum status propose_batch(const struct run *r, const struct batch *b,
                                 struct verdict *verdicts, struct list *list, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int c = 0; c < p->campaigns; c++) {
        TRY(apply_when(b, &p->campaign[c].when, &verdicts[c], err));
        TRY(apply_never(b, &p->campaign[c].never, &verdicts[c], err));
        TRY(apply_amount(b, &p->campaign[c].cost, &verdicts[c], verdicts[c].cost, err));
        TRY(apply_amount(b, &p->campaign[c].value, &verdicts[c], verdicts[c].value, err));
    }
    for (int i = 0; i < b->n; i++)
        for (int c = 0; c < p->campaigns; c++)
            if (verdicts[c].reason[i] == REASON_GRANTED)
                add_candidate(r, b, i, c, &verdicts[c], list);
    for (int c = 0; c < p->campaigns; c++)
        memcpy(r->d->reason[c] + b->first, verdicts[c].reason, (size_t)b->n);
    return DONE;
}

static enum status propose_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct evaluator *own = &r->d->evaluator[b->worker];
    struct verdict **verdict = &r->verdict[b->worker];
    struct list *list = &r->list[b->index];
    if (!*verdict)
        *verdict = arena_array(own->arena, (size_t)r->d->policy->campaigns, sizeof **verdict);
    list->n = 0;
    struct batch batch = {b->first, b->n, own, r->columns};
    return propose_batch(r, &batch, *verdict, list, err);
}

static enum status gather_columns(struct run *r, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int i = 0; i < p->sites; i++)
        if (p->site[i].campaign)
            TRY(rule_columns(r->d->board, p->site[i].rule, &r->columns, err));
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
    r.verdict = arena_array(a, (size_t)block_threads(host), sizeof *r.verdict);
    r.list = arena_array(a, blocks, sizeof *r.list);
    TRY(gather_columns(&r, err));
    d->reason = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->reason);
    for (int c = 0; c < d->policy->campaigns; c++)
        d->reason[c] = arena_alloc(a, (size_t)d->data->customers);
    for (size_t i = 0; i < blocks; i++)
        r.list[i].arena = arena_child(a);
    TRY(decide_blocks(host, d, propose_block, &r, err));
    join(a, d, r.list, blocks);
    return DONE;
}
