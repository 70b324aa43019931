// Metrics that a policy declares. An expression is evaluated over the customer's columns. An
// aggregate is opened over its table, whose columns are its names; then the rows that count are
// found, and the kernels of the registry run over them.
#include "load/role.h"
#include "metric/aggregate.h"
#include "metric/block.h"
#include "metric/entry.h"
#include "metric/filter.h"
#include "table/seal.h"

// ---- formulas, and errors in them -----------------------------------------------------------

struct place formula_place(const struct formula *f, size_t offset) {
    return f->locate ? f->locate(f->ctx, f, offset) : f->at;
}

static enum status refuse_formula(struct str name, const struct formula *f,
                                  const struct expr_error *error, struct err *err) {
    return err_at(err, REFUSED, formula_place(f, error->offset), "%.*s: %s", (int)name.n, name.p,
                  error->text);
}

// ---- the names of an aggregate's table ------------------------------------------------------

// What names mean in an aggregate: the columns of its table, the constants of the board.
struct rows {
    struct board *board;
    const struct table *table; // NULL without a dataset
    struct str name;           // of the table
    bool unknown;              // a name was met that nothing can be said about without data
};

// The type that a column of that name has by its role, for checking a policy without data.
static bool role_type(struct str table, struct str column, enum type *type) {
    const struct role *role = role_find(table_role_find(table), column);
    if (!role || role->type < 0)
        return false;
    *type = (enum type)role->type;
    return true;
}

static bool find_constant(struct board *b, struct str name, struct symbol *out) {
    struct scope scope = board_scope(b);
    int slot = entry_slot(b, name);
    enum origin origin = slot < 0 ? ORIGIN_PUT : b->entry[slot]->origin;
    return (origin == ORIGIN_CONSTANT || origin == ORIGIN_TODAY) && scope.find(b, name, out);
}

static bool find_in_rows(void *ctx, struct str name, struct symbol *out) {
    struct rows *rows = ctx;
    *out = (struct symbol){.slot = 0};
    for (int i = 0; rows->table && i < rows->table->columns; i++)
        if (str_eq(rows->table->column[i]->name, name)) {
            *out = (struct symbol){.type = rows->table->column[i]->type, .slot = i};
            return true;
        }
    if (!rows->table && role_type(rows->name, name, &out->type))
        return true;
    if (find_constant(rows->board, name, out))
        return true;
    rows->unknown = !rows->table;
    return false;
}

static bool name_in_rows(const void *ctx, size_t i, struct str *out) {
    const struct rows *rows = ctx;
    size_t columns = rows->table ? (size_t)rows->table->columns : 0;
    if (i < columns)
        *out = rows->table->column[i]->name;
    else if (i - columns < (size_t)rows->board->o.n_constants)
        *out = rows->board->o.constants[i - columns].name;
    return i < columns + (size_t)rows->board->o.n_constants;
}

enum status declared_parse(struct board *b, struct str name, const struct formula *f,
                           struct str table, const struct table *t, enum want want,
                           const struct expr **out, struct err *err) {
    struct rows rows = {b, t, table, false};
    struct scope scope = {&rows, find_in_rows, name_in_rows, t ? t->name : STR("")};
    struct expr_error error;
    struct expr *expr;
    if (!f->text.p)
        return DONE;
    if (expr_parse(b->arena, f->text, &scope, want, &expr, &error))
        *out = expr;
    else if (!rows.unknown)
        return refuse_formula(name, f, &error, err);
    return DONE;
}

static enum status parse_in_rows(struct board *b, struct entry *e, const struct formula *f,
                                 enum want want, const struct expr **out, struct err *err) {
    return declared_parse(b, e->name, f, e->declared->table, e->opened.table, want, out, err);
}

// ---- opening: types and errors, before anything is computed -----------------------------------

static bool next_table(const void *ctx, size_t i, struct str *out) {
    const struct dataset *data = ctx;
    if (i >= (size_t)data->tables)
        return false;
    *out = data->table[i]->name;
    return true;
}

static enum status refuse_table(struct board *b, const struct declared *d, const char *what,
                                struct err *err) {
    return err_at(err, REFUSED, d->at, "%.*s: the table %.*s %s; tables of this dataset: %s",
                  (int)d->name.n, d->name.p, (int)d->table.n, d->table.p, what,
                  b->o.data->tables ? str_listed(b->arena, next_table, b->o.data) : "none");
}

static enum status find_table(struct board *b, struct entry *e, struct err *err) {
    const struct declared *d = e->declared;
    const struct table *t = dataset_table(b->o.data, d->table);
    if (!t)
        return refuse_table(b, d, "is not in the data", err);
    if (t == b->o.data->people)
        return refuse_table(b, d, "has one row a customer: write an expression over its columns",
                            err);
    if (!t->start)
        return refuse_table(b, d, "has no customer column", err);
    if (!t->date && filter_has_window(d))
        return refuse_table(b, d, "has no date, so there is no `last` or `ending`", err);
    e->opened.table = t;
    return DONE;
}

// What is aggregated, and its type: a column of the table as it is, else an expression.
static enum status open_value(struct board *b, struct entry *e, enum type *type, struct err *err) {
    const struct declared *d = e->declared;
    const struct table *t = e->opened.table;
    if (!d->value.text.p)
        return err_at(err, REFUSED, d->at, "%.*s: say what to take the %s of: a column of %.*s",
                      (int)d->name.n, d->name.p, aggregate_name(d->aggregate), (int)d->table.n,
                      d->table.p);
    e->opened.column = t ? table_column(t, d->value.text) : NULL;
    if (e->opened.column) {
        *type = e->opened.column->type;
        return DONE;
    }
    TRY(parse_in_rows(b, e, &d->value, WANT_ANY, &e->opened.value, err));
    *type = e->opened.value ? expr_type(e->opened.value) : TYPE_NUMBER;
    return DONE;
}

static enum status open_aggregate(struct board *b, struct entry *e, struct err *err) {
    const struct declared *d = e->declared;
    enum type value = TYPE_INTEGER;
    if (b->o.data)
        TRY(find_table(b, e, err));
    if (d->aggregate != AGGREGATE_COUNT)
        TRY(open_value(b, e, &value, err));
    TRY(parse_in_rows(b, e, &d->where, WANT_CONDITION, &e->opened.where, err));
    int type = aggregate_type(d->aggregate, value);
    if (type < 0)
        return err_at(err, REFUSED, formula_place(&d->value, 0), "%.*s: there is no %s of a %s",
                      (int)d->name.n, d->name.p, aggregate_name(d->aggregate), type_name(value));
    e->type = (enum type)type;
    return DONE;
}

static enum status open_computed(struct board *b, struct entry *e, struct err *err) {
    const struct computed *c = e->declared->computed;
    struct scope scope = board_scope(b);
    enum status status = c->bind(c->ctx, b->arena, &scope, &e->bound, &e->slots, &e->n_slots, err);
    if (e->error)
        return e->error->status; // a metric that it reads is broken, which says more
    e->type = c->type;
    e->labels = c->labels;
    return status;
}

enum status declared_formula(struct board *b, struct entry *e, struct str name,
                             const struct formula *f, enum want want, const struct expr **out,
                             struct err *err) {
    struct scope scope = board_scope(b);
    struct expr_error error;
    struct expr *expr;
    bool parsed = expr_parse(b->arena, f->text, &scope, want, &expr, &error);
    if (e->error)
        return e->error->status; // a metric that it reads is broken, which says more
    if (!parsed)
        return refuse_formula(name, f, &error, err);
    *out = expr;
    return DONE;
}

enum status declared_open(struct board *b, struct entry *e, struct err *err) {
    const struct declared *d = e->declared;
    if (d->computed)
        return open_computed(b, e, err);
    if (d->points)
        return points_open(b, e, err);
    if (d->aggregate != AGGREGATE_NONE)
        return open_aggregate(b, e, err);
    TRY(declared_formula(b, e, e->name, &d->value, d->line.kind ? WANT_NUMBER : WANT_ANY, &e->expr,
                         err));
    e->type = expr_type(e->expr);
    if (d->line.kind)
        e->type = line_type(d, e->type);
    e->labels = expr_labels(e->expr);
    return DONE;
}

// ---- values ---------------------------------------------------------------------------------

// An expression as a column of the table, NULL if there is none (a count). Where it fails in a row
// that counts, that row fails.
static const struct column *value_column(struct board *b, const struct entry *e, struct filter *f,
                                         struct arena *a) {
    const struct expr *value = e->opened.value;
    const struct table *t = e->opened.table;
    int64_t faults, first;
    if (!value)
        return NULL;
    // Labels outlive the rows: the result has the same dictionary.
    struct arena *home = expr_type(value) == TYPE_LABEL ? b->values : a;
    struct column *c = expr_column(home, value, t->column, t->n, e->name, block_threads(b->o.host),
                                   &faults, &first);
    for (int64_t row = first; faults > 0 && row < t->n; row++)
        if (!column_has(c, row) && (!f->keep || bit_get(f->keep, row)) &&
            expr_row(value, t->column, row, a).kind == OUTCOME_FAULT)
            bit_set(f->fault, row);
    return c;
}

static const uint64_t *unless_empty(const uint64_t *bits, int64_t n) {
    for (int64_t i = 0; i < bit_words(n); i++)
        if (bits[i])
            return bits;
    return NULL;
}

enum status declared_check(const struct table *t, const struct expr *e, struct err *err) {
    const int *slots;
    int n = e ? expr_slots(e, &slots) : 0;
    for (int i = 0; i < n; i++)
        TRY(seal_check(t->column[slots[i]], err));
    return DONE;
}

static enum status check_opened(const struct opened *o, struct err *err) {
    TRY(seal_check_groups(o->table, err));
    if (o->column)
        TRY(seal_check(o->column, err));
    TRY(declared_check(o->table, o->value, err));
    return declared_check(o->table, o->where, err);
}

static enum status compute_aggregate(struct board *b, struct entry *e, struct arena *a,
                                     struct column *out, struct err *err) {
    const struct opened *o = &e->opened;
    struct aggregation how = {.how = e->declared->aggregate, .table = o->table};
    struct filter f;
    struct faults faults;
    TRY(check_opened(o, err));
    TRY(filter_run(a, b->o.host, o->table, e->declared, o->where, b->o.data->as_of, &f, err));
    how.value = o->column ? o->column : value_column(b, e, &f, a);
    how.keep = f.keep;
    how.fault = unless_empty(f.fault, o->table->n);
    if (how.value) {
        out->decimals = how.value->decimals;
        out->dict = how.value->dict;
    }
    TRY(aggregate_run(a, b->o.host, &how, out, &faults, err));
    b->faults += faults.n;
    return DONE;
}

static enum status compute_expression(struct board *b, struct entry *e, const struct column **out,
                                      struct err *err) {
    const struct column *const *columns;
    const int *slots;
    int n = expr_slots(e->expr, &slots);
    int64_t faults, first;
    TRY(board_columns(b, slots, n, &columns, err));
    *out = expr_column(b->values, e->expr, columns, b->customers, e->name, block_threads(b->o.host),
                       &faults, &first);
    b->faults += faults;
    return DONE;
}

static enum status compute_itself(struct board *b, struct entry *e, const struct column **out,
                                  struct err *err) {
    const struct computed *how = e->declared->computed;
    const struct column *const *columns;
    int64_t faults = 0;
    TRY(board_columns(b, e->slots, e->n_slots, &columns, err));
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    c->decimals = e->type == TYPE_MONEY ? b->decimals : 0;
    c->dict = how->labels;
    struct arena *a = arena_child(b->values);
    enum status status = how->run(how->ctx, a, e->bound, b->o.host, columns,
                                  b->o.data ? b->o.data->id : NULL, c, &faults, err);
    arena_free(a);
    TRY(status);
    column_finish(c);
    b->faults += faults;
    *out = c;
    return DONE;
}

enum status declared_compute(struct board *b, struct entry *e, const struct column **out,
                             struct err *err) {
    if (e->declared->computed)
        return compute_itself(b, e, out, err);
    if (e->declared->line.kind)
        return line_compute(b, e, out, err);
    if (e->declared->points)
        return points_compute(b, e, out, err);
    if (e->declared->aggregate == AGGREGATE_NONE)
        return compute_expression(b, e, out, err);
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    struct arena *a = arena_child(b->values);
    enum status status = DONE;
    if (b->o.data)
        status = compute_aggregate(b, e, a, c, err);
    arena_free(a);
    column_finish(c);
    *out = c;
    return status;
}
