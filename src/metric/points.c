// The figures of a loyalty programme. All but the liability come from one walk over the rows of a
// customer, so whichever is asked for first, all are kept. Points are whole: a computed amount is
// cut towards 0, so that a refund takes back exactly what the purchase brought; one that misses a
// whole number by less than a billionth (0.1 * 30 in doubles) is that number.
#include "metric/points.h"

#include <math.h>

#include "base/date.h"
#include "base/money.h"
#include "metric/block.h"
#include "metric/entry.h"
#include "metric/lots.h"
#include "table/seal.h"

static const char *const names[POINTS_FIGURES] = {
    [POINTS_EARNED] = "earned",       [POINTS_REDEEMED] = "redeemed",
    [POINTS_EXPIRED] = "expired",     [POINTS_BALANCE] = "balance",
    [POINTS_EXPIRING] = "expiring",   [POINTS_EXPIRES_ON] = "expires_on",
    [POINTS_LIABILITY] = "liability",
};

static const enum type types[POINTS_FIGURES] = {
    [POINTS_EXPIRES_ON] = TYPE_DATE, [POINTS_LIABILITY] = TYPE_MONEY, // the others are integers
};

const char *points_figure_name(enum points_figure f) {
    return names[f];
}

// ---- opening ----------------------------------------------------------------------------------

static enum status refuse(const struct points *p, const char *what, struct err *err) {
    return err_at(err, REFUSED, p->at, "%.*s: %s", (int)p->name.n, p->name.p, what);
}

// The table of that name, if there is one; it must be of customers and days.
static enum status find_table(const struct board *b, const struct points *p, struct str name,
                              const struct table **out, struct err *err) {
    *out = dataset_table(b->o.data, name);
    if (*out && (!(*out)->start || !(*out)->date))
        return err_at(err, REFUSED, p->at, "%.*s: the table %.*s has no customers or no dates",
                      (int)p->name.n, p->name.p, (int)name.n, name.p);
    return DONE;
}

static enum status check_ledger(const struct points *p, const struct table *t, struct err *err) {
    const struct column *c = t ? table_column(t, STR("points")) : NULL;
    if (t && (!c || (c->type != TYPE_INTEGER && c->type != TYPE_NUMBER)))
        return refuse(p, "the table points needs a column points of whole numbers", err);
    return DONE;
}

static enum status find_tables(struct board *b, struct entry *e, struct err *err) {
    const struct points *p = e->declared->points;
    if (p->earn.text.p)
        TRY(find_table(b, p, STR("transactions"), &e->opened.table, err));
    if (p->earn.text.p && !e->opened.table)
        return refuse(p, "`earn` counts rows of transactions, and the data has no such table", err);
    TRY(find_table(b, p, STR("points"), &e->opened.ledger, err));
    if (!e->opened.table && !e->opened.ledger)
        return refuse(p, "nothing earns points: write `earn`, or bring a table points", err);
    return check_ledger(p, e->opened.ledger, err);
}

// The balance is in the table's place of the declaration.
static enum status open_liability(struct board *b, struct entry *e, struct err *err) {
    const struct points *p = e->declared->points;
    struct opened *o = &e->opened;
    const struct dict *labels;
    enum type type;
    TRY(board_type(b, e->declared->table, &type, &labels, err));
    TRY(declared_formula(b, e, p->name, &p->unit_value, WANT_NUMBER, &o->value, err));
    if (p->redeems.text.p)
        TRY(declared_formula(b, e, p->name, &p->redeems, WANT_NUMBER, &o->redeems, err));
    return DONE;
}

enum status points_open(struct board *b, struct entry *e, struct err *err) {
    const struct points *p = e->declared->points;
    struct opened *o = &e->opened;
    const struct str transactions = STR("transactions"), ledger = STR("points");
    e->type = types[e->declared->figure];
    if (e->declared->figure == POINTS_LIABILITY)
        return open_liability(b, e, err);
    if (b->o.data)
        TRY(find_tables(b, e, err));
    TRY(declared_parse(b, p->name, &p->earn, transactions, o->table, WANT_NUMBER, &o->value, err));
    TRY(declared_parse(b, p->name, &p->where, transactions, o->table, WANT_CONDITION, &o->where,
                       err));
    return declared_parse(b, p->name, &p->booked, ledger, o->ledger, WANT_CONDITION, &o->booked,
                          err);
}

// ---- points by row ------------------------------------------------------------------------------

struct source {
    const struct table *table;
    const struct expr *where, *value; // value NULL: the column points
    const struct column *column;
    struct expr_scratch **scratch; // by worker
    int64_t *points;
};

int64_t points_whole(double x) {
    double near = nearbyint(x);
    double cut = fabs(x - near) <= 1e-9 * fmax(1, fabs(x)) ? near : trunc(x);
    return fabs(cut) <= (double)LOTS_MOST ? (int64_t)cut : LOTS_FAILED; // NaN fails too
}

static int64_t column_points(const struct column *c, int64_t row) {
    if (!column_has(c, row))
        return 0;
    if (c->type == TYPE_NUMBER)
        return points_whole(c->number[row]);
    bool fits = c->integer[row] >= -LOTS_MOST && c->integer[row] <= LOTS_MOST;
    return fits ? c->integer[row] : LOTS_FAILED;
}

static void fill_rows(const struct source *s, struct expr_scratch *scratch, int64_t first, int n) {
    uint8_t truth[EXPR_BLOCK], no[EXPR_BLOCK] = {0}, stop[EXPR_BLOCK] = {0};
    double x[EXPR_BLOCK];
    if (s->where)
        expr_condition(s->where, s->table->column, first, n, scratch, truth, no);
    if (s->value)
        expr_number(s->value, s->table->column, first, n, scratch, x, stop);
    for (int i = 0; i < n; i++) {
        int64_t row = first + i;
        bool dated = column_has(s->table->date, row);
        if (dated && no[i] == STOP_FAULT)
            s->points[row] = LOTS_FAILED;
        else if (!dated || (s->where && !truth[i]) || stop[i] == STOP_MISSING)
            s->points[row] = 0;
        else if (stop[i] == STOP_FAULT)
            s->points[row] = LOTS_FAILED;
        else
            s->points[row] = s->value ? points_whole(x[i]) : column_points(s->column, row);
    }
}

static enum status fill_block(const struct block *b, struct err *err) {
    (void)err;
    const struct source *s = b->arg;
    struct expr_scratch **scratch = &s->scratch[b->worker];
    if (!*scratch)
        *scratch = expr_scratch_new(b->arena);
    for (int done = 0; done < b->n; done += EXPR_BLOCK)
        fill_rows(s, *scratch, b->first + done,
                  b->n - done < EXPR_BLOCK ? b->n - done : EXPR_BLOCK);
    return DONE;
}

// The points that each row of a table moves; NULL without a table.
static enum status find_moves(struct board *b, struct arena *a, const struct table *t,
                              const struct expr *where, const struct expr *value,
                              const struct moves **out, struct err *err) {
    struct source s = {.table = t, .where = where, .value = value};
    struct moves *m = arena_alloc(a, sizeof *m);
    *out = t ? m : NULL;
    if (!t)
        return DONE;
    TRY(seal_check_groups(t, err));
    TRY(seal_check(t->date, err));
    TRY(declared_check(t, where, err));
    TRY(declared_check(t, value, err));
    s.column = value ? NULL : table_column(t, STR("points"));
    if (s.column)
        TRY(seal_check(s.column, err));
    s.scratch = arena_array(a, (size_t)block_threads(b->o.host), sizeof *s.scratch);
    s.points = arena_array(a, (size_t)t->n, sizeof *s.points);
    *m = (struct moves){t->start, t->date->date, s.points};
    return block_run(b->o.host, t->n, fill_block, &s, err);
}

// ---- figures of customers -----------------------------------------------------------------------

struct work {
    const struct moves *spend, *booked;
    struct lot_rules rules;
    struct column *figure[POINTS_LIABILITY];
    int64_t *failed; // by block
};

static int64_t rows_of(const struct moves *m, int64_t customer) {
    return m ? m->start[customer + 1] - m->start[customer] : 0;
}

static int64_t longest(const struct work *w, const struct block *b) {
    int64_t most = 0;
    for (int64_t i = b->first; i < b->first + b->n; i++) {
        int64_t rows = rows_of(w->spend, i) + rows_of(w->booked, i);
        most = rows > most ? rows : most;
    }
    return most;
}

static void set_figures(const struct work *w, int64_t i, const struct account *a) {
    column_set_integer(w->figure[POINTS_EARNED], i, a->earned);
    column_set_integer(w->figure[POINTS_REDEEMED], i, a->redeemed);
    column_set_integer(w->figure[POINTS_EXPIRED], i, a->expired);
    column_set_integer(w->figure[POINTS_BALANCE], i, a->balance);
    column_set_integer(w->figure[POINTS_EXPIRING], i, a->expiring);
    if (a->expires_on < INT32_MAX)
        column_set_date(w->figure[POINTS_EXPIRES_ON], i, a->expires_on);
}

static enum status settle_block(const struct block *b, struct err *err) {
    (void)err;
    const struct work *w = b->arg;
    struct arena *a = arena_child(b->arena);
    struct lot *lots = arena_array(a, (size_t)longest(w, b), sizeof *lots);
    for (int64_t i = b->first; i < b->first + b->n; i++) {
        struct account account = lots_settle(w->spend, w->booked, &w->rules, i, lots);
        w->failed[b->index] += account.failed;
        if (!account.failed)
            set_figures(w, i, &account);
    }
    arena_free(a);
    return DONE;
}

static struct str figure_column(struct board *b, const struct points *p, enum points_figure f) {
    return str_of(arena_printf(b->arena, "%.*s_%s", (int)p->name.n, p->name.p, names[f]));
}

static int32_t later(int32_t day, struct duration d) {
    return date_add_months(day, (long)d.months) + (int32_t)d.days;
}

static enum status settle(struct board *b, struct entry *e, struct arena *a, struct work *w,
                          struct err *err) {
    const struct opened *o = &e->opened;
    const struct points *p = e->declared->points;
    int32_t as_of = b->o.data->as_of;
    TRY(find_moves(b, a, o->table, o->where, o->value, &w->spend, err));
    TRY(find_moves(b, a, o->ledger, o->booked, NULL, &w->booked, err));
    w->rules = (struct lot_rules){p->expire, as_of, later(as_of, p->soon)};
    w->failed = arena_array(a, block_count(b->customers), sizeof *w->failed);
    TRY(block_run(b->o.host, b->customers, settle_block, w, err));
    for (size_t i = 0; i < block_count(b->customers); i++)
        b->faults += w->failed[i];
    return DONE;
}

static enum status compute_figures(struct board *b, struct entry *e, const struct column **out,
                                   struct err *err) {
    struct arena *a = arena_child(b->values);
    struct work w = {.spend = NULL};
    for (int f = 0; f < POINTS_LIABILITY; f++)
        w.figure[f] =
            column_new(b->values, figure_column(b, e->declared->points, f), types[f], b->customers);
    if (b->o.data)
        TRY(settle(b, e, a, &w, err));
    for (int f = 0; f < POINTS_LIABILITY; f++)
        column_finish(w.figure[f]);
    for (int f = 0; f < POINTS_LIABILITY && b->o.data; f++)
        b->columns[entry_slot(b, w.figure[f]->name)] = w.figure[f];
    arena_free(a);
    *out = w.figure[e->declared->figure];
    return DONE;
}

// ---- what is owed for them ------------------------------------------------------------------

struct debt {
    const struct opened *opened;
    const struct column *const *columns;
    const struct column *balance;
    struct expr_scratch **scratch;
    struct column *out;
    int64_t *failed; // by block
};

static void number(const struct expr *e, const struct debt *d, struct expr_scratch *scratch,
                   int64_t first, int n, double *x, uint8_t *stop) {
    for (int i = 0; i < n; i++) {
        x[i] = 1;
        stop[i] = STOP_NONE;
    }
    if (e)
        expr_number(e, d->columns, first, n, scratch, x, stop);
}

// A balance below 0 is owed by the customer, not to.
static void owe(const struct debt *d, struct expr_scratch *scratch, int64_t first, int n,
                int64_t *failed) {
    double value[EXPR_BLOCK], share[EXPR_BLOCK];
    uint8_t stop[EXPR_BLOCK], stop_share[EXPR_BLOCK];
    number(d->opened->value, d, scratch, first, n, value, stop);
    number(d->opened->redeems, d, scratch, first, n, share, stop_share);
    for (int i = 0; i < n; i++) {
        int64_t row = first + i, minor;
        if (!column_has(d->balance, row) || stop[i] == STOP_MISSING ||
            stop_share[i] == STOP_MISSING)
            continue;
        double points = fmax(0, (double)d->balance->integer[row]);
        if (!stop[i] && !stop_share[i] && share[i] >= 0 && share[i] <= 1 && value[i] >= 0 &&
            money_round(points * value[i] * share[i], d->out->decimals, &minor))
            column_set_integer(d->out, row, minor);
        else
            ++*failed;
    }
}

static enum status owe_block(const struct block *b, struct err *err) {
    (void)err;
    const struct debt *d = b->arg;
    struct expr_scratch **scratch = &d->scratch[b->worker];
    if (!*scratch)
        *scratch = expr_scratch_new(b->arena);
    for (int done = 0; done < b->n; done += EXPR_BLOCK)
        owe(d, *scratch, b->first + done, b->n - done < EXPR_BLOCK ? b->n - done : EXPR_BLOCK,
            &d->failed[b->index]);
    return DONE;
}

static enum status compute_liability(struct board *b, struct entry *e, const struct column **out,
                                     struct err *err) {
    struct arena *a = arena_child(b->values);
    struct debt d = {.opened = &e->opened};
    const struct expr *const formula[] = {d.opened->value, d.opened->redeems};
    TRY(board_column(b, e->declared->table, &d.balance, err));
    for (int i = 0; i < 2; i++) {
        const int *slots;
        int n = formula[i] ? expr_slots(formula[i], &slots) : 0;
        if (n > 0)
            TRY(board_columns(b, slots, n, &d.columns, err));
    }
    d.out = column_new(b->values, e->name, TYPE_MONEY, b->customers);
    d.out->decimals = b->decimals;
    d.scratch = arena_array(a, (size_t)block_threads(b->o.host), sizeof *d.scratch);
    d.failed = arena_array(a, block_count(b->customers), sizeof *d.failed);
    TRY(block_run(b->o.host, b->customers, owe_block, &d, err));
    for (size_t i = 0; i < block_count(b->customers); i++)
        b->faults += d.failed[i];
    arena_free(a);
    column_finish(d.out);
    *out = d.out;
    return DONE;
}

enum status points_compute(struct board *b, struct entry *e, const struct column **out,
                           struct err *err) {
    return e->declared->figure == POINTS_LIABILITY ? compute_liability(b, e, out, err)
                                                   : compute_figures(b, e, out, err);
}
