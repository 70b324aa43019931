// Whole columns of what an expression yields. Tasks own whole blocks, so they share no word of the
// bitmaps. Strings are read row by row and interned, on one thread: a label that is an expression
// is rare, and its dictionary is one.
#include "base/date.h"
#include "base/money.h"
#include "base/parallel.h"
#include "expr/block.h"
#include "expr/row.h"

enum { TASK = 16 * EXPR_BLOCK }; // rows

struct fill {
    const struct expr *expr;
    const struct column *const *columns;
    struct column *out;
    struct expr_scratch **scratch; // of the workers
    int64_t *faults, *fault_row;   // of the tasks
};

// One value for each row of a block, by the shape of the expression.
union values {
    uint8_t flag[EXPR_BLOCK];
    int64_t integer[EXPR_BLOCK];
    double number[EXPR_BLOCK];
};

static void set_date(struct column *c, int64_t row, int64_t x) {
    if (x >= DATE_MIN && x <= DATE_MAX)
        column_set_date(c, row, (int32_t)x);
}

static void set_money(struct column *c, int64_t row, double x) {
    int64_t minor;
    if (money_round(x, c->decimals, &minor))
        column_set_integer(c, row, minor);
}

static void set(struct column *c, int64_t row, const union values *v, int i, enum shape shape) {
    switch (c->type) {
    case TYPE_FLAG: column_set_flag(c, row, v->flag[i]); break;
    case TYPE_INTEGER: column_set_integer(c, row, v->integer[i]); break;
    case TYPE_DATE: set_date(c, row, v->integer[i]); break;
    case TYPE_MONEY:
        set_money(c, row, shape == SHAPE_INTEGER ? (double)v->integer[i] : v->number[i]);
        break;
    default: column_set_number(c, row, v->number[i]); break;
    }
}

static void fill_block(struct fill *f, struct expr_scratch *s, int64_t first, int n, size_t task) {
    union values values;
    uint8_t stop[EXPR_BLOCK];
    enum shape shape = f->expr->root->kind.shape;
    block_eval(f->expr, f->columns, first, n, s, &values, stop);
    for (int i = 0; i < n; i++) {
        if (stop[i] == STOP_NONE)
            set(f->out, first + i, &values, i, shape);
        else if (stop[i] == STOP_FAULT && f->faults[task]++ == 0)
            f->fault_row[task] = first + i;
    }
}

static enum status fill_task(struct task *t, struct err *err) {
    struct fill *f = t->arg;
    struct expr_scratch **s = &f->scratch[t->worker];
    int64_t first = (int64_t)t->index * TASK, end = first + TASK;
    (void)err;
    if (!*s)
        *s = expr_scratch_new(t->arena);
    if (end > f->out->n)
        end = f->out->n;
    for (; first < end; first += EXPR_BLOCK) {
        int64_t left = end - first;
        fill_block(f, *s, first, left < EXPR_BLOCK ? (int)left : EXPR_BLOCK, t->index);
    }
    return DONE;
}

static void fill_parallel(struct arena *a, struct fill *f, int threads, int64_t *faults,
                          int64_t *fault_row) {
    struct err err = {DONE};
    struct host host = {.threads = threads};
    size_t tasks = (size_t)((f->out->n + TASK - 1) / TASK);
    f->scratch = arena_array(a, threads > 1 ? (size_t)threads : 1, sizeof(struct expr_scratch *));
    f->faults = arena_array(a, tasks, sizeof *f->faults);
    f->fault_row = arena_array(a, tasks, sizeof *f->fault_row);
    if (parallel_run(&host, tasks, fill_task, f, &err) != DONE)
        mem_exhausted(); // tasks fail for want of memory only
    for (size_t i = tasks; i-- > 0;) {
        *faults += f->faults[i];
        if (f->faults[i])
            *fault_row = f->fault_row[i];
    }
}

// ---- labels -----------------------------------------------------------------------------------

// Distinct strings, numbered in the order in which they came: a hash table with open addressing.
struct intern {
    struct arena *arena;
    struct str *list;
    int32_t n, *slots; // number + 1, 0 is free
    size_t size;       // of slots and list, a power of 2; at most half full
};

static size_t string_hash(struct str s) {
    uint64_t h = 1469598103934665603u; // FNV-1a
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static int32_t *intern_slot(struct intern *t, struct str s) {
    size_t i = string_hash(s) & (t->size - 1);
    while (t->slots[i] && !str_eq(t->list[t->slots[i] - 1], s))
        i = (i + 1) & (t->size - 1);
    return &t->slots[i];
}

static void intern_grow(struct intern *t) {
    struct intern old = *t;
    t->size = old.size ? old.size * 2 : 64;
    t->slots = arena_array(t->arena, t->size, sizeof *t->slots);
    t->list = arena_array(t->arena, t->size, sizeof *t->list);
    for (int32_t i = 0; i < t->n; i++) {
        t->list[i] = old.list[i];
        *intern_slot(t, t->list[i]) = i + 1;
    }
}

static int32_t intern(struct intern *t, struct str s) {
    if ((size_t)t->n * 2 >= t->size)
        intern_grow(t);
    int32_t *slot = intern_slot(t, s);
    if (!*slot) {
        t->list[t->n] = (struct str){arena_copy(t->arena, s.p, s.n), s.n};
        *slot = ++t->n;
    }
    return *slot - 1;
}

// The closed set if every value is in it, else the values.
static const struct dict *labels(struct arena *a, const struct intern *t,
                                 const struct dict *closed) {
    for (int32_t i = 0; closed && i < t->n; i++)
        if (dict_find(closed, t->list[i]) < 0)
            closed = NULL;
    return closed ? closed : dict_new(a, t->list, t->n, false);
}

static void fill_labels(struct arena *a, struct fill *f, int64_t *faults, int64_t *fault_row) {
    struct column *c = f->out;
    struct intern t = {.arena = a};
    for (int64_t first = 0; first < c->n; first += EXPR_BLOCK) {
        struct arena *strings = arena_child(a);
        for (int64_t row = first; row < c->n && row < first + EXPR_BLOCK; row++) {
            struct outcome o = expr_row(f->expr, f->columns, row, strings);
            if (o.kind == OUTCOME_VALUE)
                column_set_code(c, row, intern(&t, o.value.string));
            else if (o.kind == OUTCOME_FAULT && (*faults)++ == 0)
                *fault_row = row;
        }
        arena_free(strings);
    }
    c->dict = labels(a, &t, f->expr->root->kind.labels);
    int32_t *code = arena_array(a, (size_t)t.n, sizeof *code);
    for (int32_t i = 0; i < t.n; i++)
        code[i] = dict_find(c->dict, t.list[i]);
    for (int64_t row = 0; row < c->n; row++)
        if (column_has(c, row))
            column_set_code(c, row, code[c->code[row]]);
}

// One currency a dataset: money is computed from columns of money.
static int money_decimals_of(const struct fill *f) {
    for (int i = 0; i < f->expr->n_slots; i++)
        if (f->columns[f->expr->slots[i]]->type == TYPE_MONEY)
            return f->columns[f->expr->slots[i]]->decimals;
    return 2;
}

struct column *expr_column(struct arena *a, const struct expr *e,
                           const struct column *const *columns, int64_t n, struct str name,
                           int threads, int64_t *faults, int64_t *fault_row) {
    struct column *out = column_new(a, name, expr_type(e), n);
    struct fill f = {.expr = e, .columns = columns, .out = out};
    *faults = 0;
    *fault_row = -1;
    if (out->type == TYPE_MONEY)
        out->decimals = money_decimals_of(&f);
    if (out->type == TYPE_LABEL)
        fill_labels(a, &f, faults, fault_row);
    else
        fill_parallel(a, &f, threads, faults, fault_row);
    column_finish(out);
    return out;
}
