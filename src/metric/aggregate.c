// What selects a row (first, last, min, max) finds the row first and copies its value then; what
// adds up computes. Missing values are dropped from the rows that count before a kernel runs.
#include "metric/aggregate.h"

#include <math.h>

#include "base/money.h"
#include "metric/block.h"
#include "metric/runs.h"

static const char *const names[] = {"expression", "count", "sum",   "mean",
                                    "min",        "max",   "first", "last"};

const char *aggregate_name(enum aggregate how) {
    return names[how];
}

int aggregate_type(enum aggregate how, enum type value) {
    switch (how) {
    case AGGREGATE_COUNT: return TYPE_INTEGER;
    case AGGREGATE_SUM: return type_numeric(value) ? (int)value : -1;
    case AGGREGATE_MEAN:
        if (!type_numeric(value))
            return -1;
        return value == TYPE_MONEY ? TYPE_MONEY : TYPE_NUMBER;
    case AGGREGATE_MIN:
    case AGGREGATE_MAX: return type_numeric(value) || value == TYPE_DATE ? (int)value : -1;
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST: return value == TYPE_TEXT ? -1 : (int)value;
    case AGGREGATE_NONE: break;
    }
    return -1;
}

struct work {
    const struct aggregation *a;
    struct runs runs;
    struct column *out;
    struct faults *faults; // of each block
};

// A block at work.
struct part {
    const struct aggregation *a;
    const struct runs *runs;
    struct column *out;
    int64_t first;
    int n;
    uint8_t failed[BLOCK];
};

static void put_money(struct part *p, int i, double major) {
    int64_t minor;
    if (money_round(major, p->out->decimals, &minor))
        column_set_integer(p->out, p->first + i, minor);
    else
        p->failed[i] = 1;
}

static void put_number(struct part *p, int i, double x) {
    if (isfinite(x))
        column_set_number(p->out, p->first + i, x);
    else
        p->failed[i] = 1;
}

// Whole numbers may be summed into a column of numbers (units).
static void put_sum(struct part *p, int i, int64_t sum) {
    if (p->out->type == TYPE_NUMBER)
        column_set_number(p->out, p->first + i, (double)sum);
    else if (p->out->type == TYPE_MONEY && (sum < -MONEY_MAX || sum > MONEY_MAX))
        p->failed[i] = 1;
    else
        column_set_integer(p->out, p->first + i, sum);
}

static void count(struct part *p) {
    int64_t rows[BLOCK];
    runs_count(p->runs, p->first, p->n, rows);
    for (int i = 0; i < p->n; i++)
        column_set_integer(p->out, p->first + i, rows[i]);
}

static void sum_up(struct part *p) {
    if (p->a->value->type == TYPE_NUMBER) {
        double sum[BLOCK];
        runs_sum_number(p->runs, p->a->value->number, p->first, p->n, sum);
        for (int i = 0; i < p->n; i++)
            put_number(p, i, sum[i]);
        return;
    }
    int64_t sum[BLOCK];
    runs_sum_integer(p->runs, p->a->value->integer, p->first, p->n, sum, p->failed);
    for (int i = 0; i < p->n; i++)
        put_sum(p, i, sum[i]);
}

static void average(struct part *p) {
    const struct column *value = p->a->value;
    int64_t rows[BLOCK], whole[BLOCK];
    double sum[BLOCK];
    runs_count(p->runs, p->first, p->n, rows);
    if (value->type == TYPE_NUMBER)
        runs_sum_number(p->runs, value->number, p->first, p->n, sum);
    else
        runs_sum_integer(p->runs, value->integer, p->first, p->n, whole, p->failed);
    for (int i = 0; i < p->n; i++) {
        if (rows[i] == 0)
            continue;
        if (value->type == TYPE_NUMBER)
            put_number(p, i, sum[i] / (double)rows[i]);
        else if (value->type == TYPE_INTEGER)
            put_number(p, i, (double)whole[i] / (double)rows[i]);
        else
            put_money(p, i, money_major(whole[i], value->decimals) / (double)rows[i]);
    }
}

static void copy(struct column *out, int64_t i, const struct column *from, int64_t row) {
    switch (from->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: column_set_integer(out, i, from->integer[row]); break;
    case TYPE_NUMBER: column_set_number(out, i, from->number[row] + 0.0); break; // -0 is 0
    case TYPE_DATE: column_set_date(out, i, from->date[row]); break;
    case TYPE_FLAG: column_set_flag(out, i, bit_get(from->flag, row)); break;
    case TYPE_LABEL: column_set_code(out, i, from->code[row]); break;
    case TYPE_TEXT: break; // refused by aggregate_type
    }
}

static void find_extreme(const struct part *p, int64_t *row) {
    const struct column *value = p->a->value;
    bool greatest = p->a->how == AGGREGATE_MAX;
    if (value->type == TYPE_DATE)
        runs_extreme_date(p->runs, value->date, greatest, p->first, p->n, row);
    else if (value->type == TYPE_NUMBER)
        runs_extreme_number(p->runs, value->number, greatest, p->first, p->n, row);
    else
        runs_extreme_integer(p->runs, value->integer, greatest, p->first, p->n, row);
}

static void pick(struct part *p) {
    int64_t row[BLOCK];
    if (p->a->how == AGGREGATE_FIRST)
        runs_first(p->runs, p->first, p->n, row);
    else if (p->a->how == AGGREGATE_LAST)
        runs_last(p->runs, p->first, p->n, row);
    else
        find_extreme(p, row);
    for (int i = 0; i < p->n; i++)
        if (row[i] >= 0)
            copy(p->out, p->first + i, p->a->value, row[i]);
}

static void mark_failed_rows(struct part *p) {
    struct runs failed = {p->runs->start, p->a->fault};
    int64_t row[BLOCK];
    runs_first(&failed, p->first, p->n, row);
    for (int i = 0; i < p->n; i++)
        p->failed[i] |= row[i] >= 0;
}

static enum status run_block(const struct block *b, struct err *err) {
    (void)err;
    const struct work *w = b->arg;
    struct part p = {.a = w->a, .runs = &w->runs, .out = w->out, .first = b->first, .n = b->n};
    switch (w->a->how) {
    case AGGREGATE_COUNT: count(&p); break;
    case AGGREGATE_SUM: sum_up(&p); break;
    case AGGREGATE_MEAN: average(&p); break;
    default: pick(&p);
    }
    if (w->a->fault)
        mark_failed_rows(&p);
    struct faults *faults = &w->faults[b->index];
    for (int i = p.n; i-- > 0;)
        if (p.failed[i]) {
            column_set_missing(w->out, b->first + i);
            faults->first = b->first + i;
            faults->n++;
        }
    return DONE;
}

const uint64_t *aggregate_keep(struct arena *a, const uint64_t *keep, const struct column *value) {
    if (!keep || !value || !value->valid)
        return value && value->valid ? value->valid : keep;
    int64_t words = bit_words(value->n);
    uint64_t *both = arena_array(a, (size_t)words, sizeof *both);
    for (int64_t i = 0; i < words; i++)
        both[i] = keep[i] & value->valid[i];
    return both;
}

enum status aggregate_run(struct arena *scratch, const struct host *host,
                          const struct aggregation *a, struct column *out, struct faults *faults,
                          struct err *err) {
    struct work w = {a, {a->table->start, aggregate_keep(scratch, a->keep, a->value)}, out, NULL};
    size_t blocks = block_count(out->n);
    w.faults = arena_array(scratch, blocks, sizeof *w.faults);
    TRY(block_run(host, out->n, run_block, &w, err));
    *faults = (struct faults){0, -1};
    for (size_t i = 0; i < blocks; i++) {
        if (faults->n == 0 && w.faults[i].n > 0)
            faults->first = w.faults[i].first;
        faults->n += w.faults[i].n;
    }
    return DONE;
}
