// What the transactions say. A row is a purchase unless its amount is negative: a refund lowers
// spend, units and margin, and is no order and no day of purchase. An amount of 0 is a purchase
// (a free item was ordered), and so is a row whose amount is missing.
#include "metric/aggregate.h"
#include "metric/block.h"
#include "metric/family.h"
#include "metric/runs.h"

struct mark {
    const struct column *amount, *date;
    uint64_t *keep;
    int64_t n;
};

static bool is_refund(const struct column *amount, int64_t row) {
    return column_has(amount, row) && amount->integer[row] < 0;
}

static enum status mark_block(const struct block *b, struct err *err) {
    (void)err;
    const struct mark *m = b->arg;
    for (int64_t row = b->first; row < b->first + b->n; row++)
        if (!(m->amount && is_refund(m->amount, row)) && column_has(m->date, row))
            bit_set(m->keep, row);
    return DONE;
}

static bool has_refunds(const struct column *amount) {
    for (int64_t row = 0; row < amount->n; row++)
        if (amount->integer[row] < 0 && column_has(amount, row))
            return true;
    return false;
}

// The rows that are purchases; NULL if all are.
static enum status purchases(struct metric_run *r, const struct column *amount,
                             const uint64_t **keep, struct err *err) {
    struct mark m = {amount, r->table->date, NULL, r->table->n};
    *keep = NULL;
    if (!m.date->valid && !(amount && has_refunds(amount)))
        return DONE;
    m.keep = arena_array(r->arena, (size_t)bit_words(m.n), sizeof *m.keep);
    *keep = m.keep;
    return block_run(r->host, m.n, mark_block, &m, err);
}

static enum status refuse_overflow(const struct metric_run *r, int64_t row, struct err *err) {
    struct buf id = {.arena = r->arena};
    column_print(r->id, row, &id);
    return err_set(err, REFUSED, "%s of customer %s is beyond what a column can hold: %s of %s.%s",
                   r->metric->name, buf_text(&id), "check the values", r->metric->table,
                   r->metric->columns);
}

static enum status aggregate(struct metric_run *r, enum aggregate how, const uint64_t *keep,
                             const struct column *value, struct err *err) {
    struct aggregation a = {how, r->table, keep, NULL, value};
    struct faults faults;
    TRY(aggregate_run(r->arena, r->host, &a, r->out, &faults, err));
    return faults.n ? refuse_overflow(r, faults.first, err) : DONE;
}

enum status purchase_first(struct metric_run *r, struct err *err) {
    const uint64_t *keep;
    TRY(purchases(r, r->column[1], &keep, err));
    return aggregate(r, AGGREGATE_FIRST, keep, r->column[0], err);
}

enum status purchase_last(struct metric_run *r, struct err *err) {
    const uint64_t *keep;
    TRY(purchases(r, r->column[1], &keep, err));
    return aggregate(r, AGGREGATE_LAST, keep, r->column[0], err);
}

struct days {
    struct runs runs;
    const int32_t *date;
    struct column *out;
};

static enum status count_days(const struct block *b, struct err *err) {
    (void)err;
    const struct days *d = b->arg;
    int64_t days[BLOCK];
    runs_days(&d->runs, d->date, b->first, b->n, days);
    for (int i = 0; i < b->n; i++)
        column_set_integer(d->out, b->first + i, days[i]);
    return DONE;
}

enum status purchase_days(struct metric_run *r, struct err *err) {
    struct days d = {{r->table->start, NULL}, r->column[0]->date, r->out};
    TRY(purchases(r, r->column[1], &d.runs.keep, err));
    return block_run(r->host, r->out->n, count_days, &d, err);
}

// Orders are the distinct order ids; a purchase without an id is an order of its own.
struct orders {
    struct runs purchases, named; // all, and those that have an id
    const int64_t *key;
    struct column *out;
};

static int64_t longest_run(const int64_t *start, int n) {
    int64_t longest = 0;
    for (int i = 0; i < n; i++)
        if (start[i + 1] - start[i] > longest)
            longest = start[i + 1] - start[i];
    return longest;
}

static enum status count_orders(const struct block *b, struct err *err) {
    (void)err;
    const struct orders *o = b->arg;
    int64_t distinct[BLOCK], all[BLOCK], named[BLOCK];
    struct arena *a = arena_child(b->arena);
    int64_t longest = longest_run(o->named.start + b->first, b->n);
    int64_t *scratch = arena_array(a, (size_t)longest, sizeof *scratch);
    runs_distinct(&o->named, o->key, b->first, b->n, distinct, scratch);
    runs_count(&o->purchases, b->first, b->n, all);
    runs_count(&o->named, b->first, b->n, named);
    for (int i = 0; i < b->n; i++)
        column_set_integer(o->out, b->first + i, all[i] - named[i] + distinct[i]);
    arena_free(a);
    return DONE;
}

// Order ids as integers; NULL if their type has none.
static const int64_t *order_keys(struct arena *a, const struct column *order) {
    if (order->type == TYPE_INTEGER)
        return order->integer;
    if (order->type != TYPE_LABEL)
        return NULL;
    int64_t *key = arena_array(a, (size_t)order->n, sizeof *key);
    for (int64_t i = 0; i < order->n; i++)
        key[i] = order->code[i];
    return key;
}

enum status purchase_orders(struct metric_run *r, struct err *err) {
    const struct column *amount = r->column[1], *order = r->column[2];
    const uint64_t *keep;
    TRY(purchases(r, amount, &keep, err));
    if (!order)
        return aggregate(r, AGGREGATE_COUNT, keep, NULL, err);
    struct orders o = {{r->table->start, keep}, {r->table->start, keep}, NULL, r->out};
    o.named.keep = aggregate_keep(r->arena, keep, order);
    o.key = order_keys(r->arena, order);
    if (!o.key)
        return err_set(err, REFUSED,
                       "orders needs the order ids of %s as integer or label, and they are %s: "
                       "change their type in dataset.json",
                       r->metric->table, type_name(order->type));
    return block_run(r->host, r->out->n, count_orders, &o, err);
}

enum status purchase_sum(struct metric_run *r, struct err *err) {
    return aggregate(r, AGGREGATE_SUM, NULL, r->column[0], err);
}
