#include "metric/filter.h"

#include "base/date.h"
#include "metric/block.h"

struct work {
    const struct table *table;
    const struct expr *where;
    const struct column *date; // NULL: no window
    int32_t after, until;
    struct expr_scratch **scratch; // by worker
    uint64_t *keep, *fault;
};

bool filter_has_window(const struct declared *d) {
    return d->last.days || d->last.months || d->ending.days || d->ending.months;
}

static bool in_window(const struct work *w, int64_t row) {
    return !w->date || (column_has(w->date, row) && w->date->date[row] > w->after &&
                        w->date->date[row] <= w->until);
}

static void mark_rows(const struct work *w, struct expr_scratch *s, int64_t first, int n) {
    uint8_t truth[EXPR_BLOCK], stop[EXPR_BLOCK];
    if (w->where)
        expr_condition(w->where, w->table->column, first, n, s, truth, stop);
    for (int i = 0; i < n; i++) {
        if (!in_window(w, first + i))
            continue;
        if (w->where && stop[i] == STOP_FAULT)
            bit_set(w->fault, first + i);
        else if (!w->where || truth[i])
            bit_set(w->keep, first + i);
    }
}

static enum status mark_block(const struct block *b, struct err *err) {
    (void)err;
    const struct work *w = b->arg;
    struct expr_scratch **s = &w->scratch[b->worker];
    if (w->where && !*s)
        *s = expr_scratch_new(b->arena);
    for (int done = 0; done < b->n; done += EXPR_BLOCK) {
        int rest = b->n - done;
        mark_rows(w, *s, b->first + done, rest < EXPR_BLOCK ? rest : EXPR_BLOCK);
    }
    return DONE;
}

int32_t filter_before(int32_t date, struct duration d) {
    int32_t from = date_add_months(date, (long)-d.months);
    return d.days > from - DATE_MIN ? DATE_MIN - 1 : from - (int32_t)d.days;
}

// The window is (until - last, until]: calendar months are counted back from its own end.
static void set_window(struct work *w, const struct declared *d, int32_t as_of) {
    bool open = d->last.days == 0 && d->last.months == 0;
    w->date = w->table->date;
    w->until = filter_before(as_of, d->ending);
    w->after = open ? DATE_MIN - 1 : filter_before(w->until, d->last);
}

enum status filter_run(struct arena *a, const struct host *host, const struct table *t,
                       const struct declared *d, const struct expr *where, int32_t as_of,
                       struct filter *out, struct err *err) {
    struct work w = {.table = t, .where = where};
    size_t words = (size_t)bit_words(t->n);
    w.fault = arena_array(a, words, sizeof *w.fault);
    *out = (struct filter){NULL, w.fault};
    if (!where && !filter_has_window(d))
        return DONE;
    if (filter_has_window(d))
        set_window(&w, d, as_of);
    w.keep = arena_array(a, words, sizeof *w.keep);
    w.scratch = arena_array(a, (size_t)block_threads(host), sizeof *w.scratch);
    out->keep = w.keep;
    return block_run(host, t->n, mark_block, &w, err);
}
