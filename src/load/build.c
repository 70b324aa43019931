// Every worker fills its own cells: a piece a chunk, whose labels are codes of the worker's own
// dictionary. A row counts when its record ends well; until then its cells are written over.
#include "load/build.h"

#include "base/money.h"
#include "load/cell.h"
#include "load/header.h"

enum { FIRST_ROWS = 64 };

// ---- plan ---------------------------------------------------------------------------------

static enum fault (*const puts_of[])(struct cells *c, int64_t row, struct str text) = {
    [TYPE_INTEGER] = cell_put_integer, [TYPE_NUMBER] = cell_put_number,
    [TYPE_MONEY] = cell_put_money,     [TYPE_DATE] = cell_put_date,
    [TYPE_FLAG] = cell_put_flag,       [TYPE_LABEL] = cell_put_label,
    [TYPE_TEXT] = cell_put_text,
};

static const struct intern *closed_set(struct arena *a, const struct described_column *c) {
    struct intern *set = intern_new(a);
    for (int i = 0; i < c->values; i++)
        intern_add(set, c->value[i]);
    return set;
}

static struct cell_plan plan_column(struct arena *a, const struct description *d,
                                    const struct described_table *t,
                                    const struct described_column *c) {
    struct cell_plan plan = {
        .name = c->name,
        .type = (enum type)c->type,
        .put = puts_of[c->type],
        .required = c->role && c->role->required,
        .missing = description_missing(a, d, t, c),
        .decimal = d->decimal ? d->decimal : '.',
        .decimals = d->decimals,
        .formats = c->format.n ? 1 : d->formats,
        .format = c->format.n ? &c->format : d->format,
        .unknown = FAULT_LABEL,
    };
    if (c->values)
        plan.closed = closed_set(a, c);
    return plan;
}

static int column_of(const struct described_table *t, const char *role) {
    const struct described_column *c = role ? description_column(t, role) : NULL;
    return c && c->role ? (int)(c - t->column) : -1;
}

static void plan_columns(struct build *b, const struct description *d,
                         const struct described_table *t) {
    bool computed = header_lacks_amount(t);
    b->columns = t->columns + (computed || t->numbered);
    b->plan = arena_array(b->arena, (size_t)b->columns, sizeof *b->plan);
    for (int i = 0; i < t->columns; i++)
        if (!t->column[i].ignored)
            b->plan[i] = plan_column(b->arena, d, t, &t->column[i]);
    b->label = arena_array(b->arena, (size_t)b->columns, sizeof *b->label);
    for (int i = 0; i < t->columns; i++)
        if (b->plan[i].put && b->plan[i].type == TYPE_LABEL)
            b->label[b->labels++] = i;
    b->key = column_of(t, t->role->key);
    b->date = str_is(t->name, "customers") ? -1 : column_of(t, "date");
    b->numbered = t->numbered;
    if (t->numbered) {
        b->key = t->columns;
        b->plan[b->key] =
            (struct cell_plan){.name = STR("customer"), .type = TYPE_LABEL, .put = cell_put_label};
    }
    if (b->key >= 0)
        b->plan[b->key].required = true;
    if (b->date >= 0)
        b->plan[b->date].required = true;
    b->amount = -1;
    if (!computed)
        return;
    b->amount = t->columns;
    b->price = column_of(t, "price");
    b->quantity = column_of(t, "quantity");
    b->plan[b->price].required = b->plan[b->quantity].required = true;
    b->plan[b->amount] = (struct cell_plan){
        .name = STR("amount"),
        .type = TYPE_MONEY,
        .put = cell_put_money,
        .decimals = d->decimals,
    };
}

static void stores_new(struct build *b, int workers) {
    b->workers = workers;
    b->worker = arena_array(b->arena, (size_t)workers, sizeof *b->worker);
    for (int i = 0; i < workers; i++)
        b->worker[i] = arena_child(b->arena);
    b->store = arena_array(b->arena, (size_t)(workers * b->columns), sizeof *b->store);
    for (int i = 0; i < workers * b->columns; i++) {
        const struct cell_plan *plan = &b->plan[i % b->columns];
        struct store *s = &b->store[i];
        if (!plan->put)
            continue;
        s->values = arena_child(b->arena);
        s->strings = arena_child(b->arena);
        if (plan->type == TYPE_LABEL && !plan->closed)
            s->intern = intern_new(s->strings);
        if (plan->type == TYPE_LABEL)
            s->ask = arena_array(s->strings, BUILD_BATCH, sizeof *s->ask);
        if (plan->type == TYPE_DATE)
            s->memo = arena_array(s->strings, MEMO_SIZE, sizeof *s->memo);
    }
}

// ---- reading ------------------------------------------------------------------------------

static void grow(struct piece *p) {
    int64_t rows = p->room ? p->room * 2 : FIRST_ROWS;
    for (int i = 0; i < p->build->columns; i++)
        if (p->cells[i].plan->put)
            cell_grow(&p->cells[i], p->room, rows);
    p->room = rows;
}

static void *open_piece(void *arg, int worker) {
    struct build *b = arg;
    struct arena *a = b->worker[worker];
    struct piece *p = arena_alloc(a, sizeof *p);
    p->build = b;
    p->worker = worker;
    p->cells = arena_array(a, (size_t)b->columns, sizeof *p->cells);
    for (int i = 0; i < b->columns; i++)
        p->cells[i] = (struct cells){
            .plan = &b->plan[i],
            .store = build_store(b, worker, i),
            .last = -1,
        };
    grow(p);
    return p;
}

static void take_field(void *state, int column, struct str text) {
    struct piece *p = state;
    struct cells *c = &p->cells[column];
    enum fault fault = FAULT_NONE;
    int64_t row = p->n + p->waiting;
    if (!c->plan->put)
        return;
    if (text.n > 0 && !missing_has(&c->plan->missing, text))
        fault = c->plan->put(c, row, text);
    else if (c->plan->required)
        fault = FAULT_EMPTY;
    else
        cell_clear(c, row);
    if (fault && !p->flaw.fault) {
        p->flaw.fault = fault;
        p->flaw.column = column;
    }
}

static void reject(struct piece *p, struct record r) {
    if (p->rejects == p->reject_room) {
        size_t was = (size_t)p->reject_room;
        p->reject_room = was ? p->reject_room * 2 : 16;
        p->reject = arena_resize(p->build->worker[p->worker], p->reject, was * sizeof r,
                                 (size_t)p->reject_room * sizeof r);
    }
    p->reject[p->rejects++] = r;
}

// The amount of a row that has a price and a quantity.
static void compute_amount(struct piece *p, int64_t row) {
    const struct build *b = p->build;
    const struct cells *q = &p->cells[b->quantity];
    double quantity = q->plan->type == TYPE_INTEGER ? (double)q->integer[row] : q->number[row];
    struct cells *amount = &p->cells[b->amount];
    double product = quantity * p->cells[b->price].number[row];
    if (!money_round(product, amount->plan->decimals, &amount->integer[row]))
        p->flaw = (struct record){.fault = FAULT_MONEY, .column = b->price};
}

static void forget_row(struct piece *p, int64_t row) {
    for (int i = 0; i < p->build->columns; i++)
        if (p->cells[i].plan->put)
            cell_forget(&p->cells[i], row);
}

// Looks up the labels of the rows that wait, and rejects those that name one there is not.
static void settle(struct piece *p) {
    const struct build *b = p->build;
    struct record flaws[BUILD_BATCH];
    int flawed = 0, rows = p->waiting;
    for (int k = 0; k < rows; k++)
        flaws[k] = (struct record){.at = p->at[k]};
    for (int i = 0; i < b->labels; i++)
        for (int k = 0; k < rows; k++) {
            enum fault fault = cell_look_up(&p->cells[b->label[i]], p->n + k);
            if (!fault || flaws[k].fault)
                continue;
            flaws[k].fault = fault;
            flaws[k].column = b->label[i];
            flawed++;
        }
    for (int i = 0; flawed && i < b->columns; i++)
        if (b->plan[i].put)
            cell_keep(&p->cells[i], p->n, rows, flaws);
    for (int k = 0; flawed && k < rows; k++)
        if (flaws[k].fault)
            reject(p, flaws[k]);
    p->n += rows - flawed;
    p->waiting = 0;
    if (p->n + BUILD_BATCH > p->room)
        grow(p);
}

static void take_record(void *state, const struct record *r) {
    struct piece *p = state;
    const struct build *b = p->build;
    int64_t row = p->n + p->waiting;
    p->read++;
    if (b->amount >= 0 && !r->fault && !p->flaw.fault)
        compute_amount(p, row);
    if (b->numbered)
        p->cells[b->key].code[row] = (int32_t)p->read;
    struct record flaw = r->fault ? *r : p->flaw;
    p->flaw.fault = FAULT_NONE;
    if (flaw.fault) {
        flaw.at = r->at;
        forget_row(p, row);
        settle(p); // rejects stand in file order
        reject(p, flaw);
    } else if (b->date >= 0 && p->cells[b->date].date[row] > b->as_of) {
        p->after_as_of++;
        forget_row(p, row);
    } else {
        p->at[p->waiting++] = r->at;
        if (p->waiting == BUILD_BATCH)
            settle(p);
    }
}

static void close_piece(void *state) {
    settle(state);
}

enum status build_table(struct arena *a, const struct host *host, const struct description *d,
                        const struct described_table *t, const struct scan *s,
                        const struct intern *customers, int32_t as_of, struct build **out,
                        struct err *err) {
    struct build *b = arena_alloc(a, sizeof *b);
    struct reader reader = {b, open_piece, take_field, take_record, close_piece};
    void **states = NULL;
    *out = b;
    b->arena = a;
    b->scan = s;
    b->as_of = as_of;
    plan_columns(b, d, t);
    if (customers && b->key >= 0) {
        b->plan[b->key].closed = customers;
        b->plan[b->key].unknown = FAULT_CUSTOMER;
    }
    stores_new(b, host->threads);
    TRY(scan_run(a, host, s, &reader, &states, &b->pieces, err));
    b->piece = arena_array(a, b->pieces, sizeof(struct piece *));
    for (size_t i = 0; i < b->pieces; i++) {
        b->piece[i] = states[i];
        b->rows += b->piece[i]->n;
    }
    for (int i = 0; i < b->workers * b->columns; i++)
        if (b->store[i].intern)
            intern_seal(b->store[i].intern);
    if (b->rows > INT32_MAX)
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "has more than 2,147,483,647 rows; split it by years");
    return DONE;
}
