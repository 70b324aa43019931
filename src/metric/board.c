// The types of entries are found and their columns computed when something asks. Both go depth
// first; the entries on the way form a stack, and coming back to one of them is a cycle.
#include "metric/board.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "expr/prove.h"
#include "metric/entry.h"
#include "table/seal.h"

enum { DEEPEST = 200 }; // metrics that read metrics; far from the end of the C stack

static int64_t customers_of(const struct board_options *o) {
    return o->data ? o->data->customers : 1;
}

struct board *board_new(struct arena *a, const struct board_options *o) {
    struct board *b = arena_alloc(a, sizeof *b);
    int decimals = money_decimals(o->currency);
    *b = (struct board){.arena = a, .values = a, .o = *o};
    b->customers = customers_of(o);
    b->decimals = o->data ? o->data->decimals : decimals < 0 ? 2 : decimals;
    if (o->data)
        b->learned = model_of(o->data);
    b->stack = arena_array(a, DEEPEST, sizeof *b->stack);
    entry_list_names(b);
    return b;
}

void board_use_model(struct board *b, const struct model *m) {
    b->model = m;
}

void board_renew(struct board *b, struct arena *values) {
    b->customers = customers_of(&b->o);
    b->values = values;
    b->learned.n = 0;
    b->faults = 0;
    b->depth = 0;
    for (int slot = 0; slot < b->n; slot++) {
        struct entry *e = b->entry[slot];
        b->columns[slot] = NULL;
        e->busy = false;
        if (e->origin == ORIGIN_PUT)
            e->given = NULL;
    }
}

void board_put(struct board *b, const struct column *c) {
    entry_put(b, c);
}

void board_announce(struct board *b, struct expected e) {
    entry_announce(b, &e);
}

bool board_name(const struct board *b, size_t i, struct str *out) {
    size_t entries = (size_t)b->n;
    if (i >= entries + b->names)
        return false;
    *out = i < entries ? b->entry[i]->name : b->name[i - entries];
    return true;
}

// ---- types ----------------------------------------------------------------------------------

static struct value constant_value(const struct board *b, const struct entry *e) {
    if (e->origin == ORIGIN_CONSTANT)
        return e->constant->value;
    return (struct value){.tag = VALUE_INTEGER, .integer = b->o.data->as_of};
}

static struct place place_of(const struct entry *e) {
    return e->origin == ORIGIN_DECLARED ? e->declared->at : (struct place){NULL, 0, 0};
}

// Entries on the way to an answer: coming back to one is a cycle, which is REFUSED.
static enum status enter(struct board *b, int slot, struct err *err) {
    struct entry *e = b->entry[slot];
    if (e->busy) {
        struct buf path = {.arena = b->arena};
        int from = 0;
        while (b->stack[from] != slot)
            from++;
        for (; from < b->depth; from++)
            buf_printf(&path, "%.*s → ", (int)b->entry[b->stack[from]]->name.n,
                       b->entry[b->stack[from]]->name.p);
        return err_at(err, REFUSED, place_of(e), "%s%.*s: a metric cannot depend on itself",
                      buf_text(&path), (int)e->name.n, e->name.p);
    }
    if (b->depth == DEEPEST)
        return err_at(err, REFUSED, place_of(e),
                      "%.*s stands on more than %d metrics one above the other: shorten the chain",
                      (int)e->name.n, e->name.p, DEEPEST);
    e->busy = true;
    b->stack[b->depth++] = slot;
    return DONE;
}

static void leave(struct board *b) {
    b->entry[b->stack[--b->depth]]->busy = false;
}

// Finds the type of an entry, once; an error too is found once.
static enum status find_type(struct board *b, int slot, struct err *err) {
    struct entry *e = b->entry[slot];
    if (!e->typed && !e->error) {
        TRY(enter(b, slot, err));
        struct err own = {.status = DONE};
        bool failed = declared_open(b, e, &own) != DONE;
        leave(b);
        if (failed && !e->error)
            e->error = memcpy(arena_alloc(b->arena, sizeof own), &own, sizeof own);
        e->typed = !e->error;
    }
    if (e->error && err->status == DONE)
        *err = *e->error;
    return e->error ? e->error->status : DONE;
}

// An expression that reads a broken metric is broken with it: for the same reason.
static void spoil(struct board *b, const struct err *err) {
    if (b->depth == 0)
        return;
    struct entry *e = b->entry[b->stack[b->depth - 1]];
    if (!e->error)
        e->error = memcpy(arena_alloc(b->arena, sizeof *err), err, sizeof *err);
}

// c["any header"] is asked for as "c.any header".
static struct str header_of(struct str name) {
    return name.n > 2 && memcmp(name.p, "c.", 2) == 0 ? (struct str){name.p + 2, name.n - 2} : name;
}

static bool find_symbol(void *ctx, struct str name, struct symbol *out) {
    struct board *b = ctx;
    int slot = entry_slot(b, header_of(name));
    if (slot < 0)
        return false;
    struct entry *e = b->entry[slot];
    struct err err = {.status = DONE};
    if (find_type(b, slot, &err) != DONE)
        spoil(b, &err);
    *out = (struct symbol){.type = e->type, .slot = slot, .labels = e->labels};
    if (e->origin == ORIGIN_CONSTANT || (e->origin == ORIGIN_TODAY && b->o.data)) {
        out->slot = -1;
        out->constant = constant_value(b, e);
    }
    return true;
}

static bool next_name(const void *ctx, size_t i, struct str *out) {
    return board_name(ctx, i, out);
}

struct scope board_scope(struct board *b) {
    return (struct scope){b, find_symbol, next_name};
}

// A table that has such a column, in rows of which a customer may have several; or NULL.
static const struct table *table_with(const struct board *b, struct str name) {
    for (int i = 0; b->o.data && i < b->o.data->tables; i++)
        if (table_column(b->o.data->table[i], name))
            return b->o.data->table[i];
    return NULL;
}

static enum status refuse_name(struct board *b, struct str name, struct err *err) {
    struct str near = str_nearest(name, next_name, b);
    const struct table *t = near.n ? NULL : table_with(b, name);
    struct buf text = {.arena = arena_child(b->arena)};
    buf_printf(&text, "there is no column or metric %.*s", (int)name.n, name.p);
    if (near.n)
        buf_printf(&text, ": did you mean %.*s?", (int)near.n, near.p);
    else if (t)
        buf_printf(&text,
                   " of customers; the table %.*s has it, of whose rows `metrics` of a policy "
                   "make one value a customer",
                   (int)t->name.n, t->name.p);
    else
        buf_z(&text, "; `patron metrics` lists what can be computed");
    if (b->o.lacking && !t)
        buf_printf(&text, "%s %s", near.n ? "" : ", and", b->o.lacking);
    enum status status = err_set(err, REFUSED, "%s", buf_text(&text));
    arena_free(text.arena);
    return status;
}

static enum status find_slot(struct board *b, struct str name, int *slot, struct err *err) {
    *slot = entry_slot(b, name);
    return *slot >= 0 ? DONE : refuse_name(b, name, err);
}

enum status board_type(struct board *b, struct str name, enum type *type,
                       const struct dict **labels, struct err *err) {
    int slot;
    TRY(find_slot(b, name, &slot, err));
    TRY(find_type(b, slot, err));
    *type = b->entry[slot]->type;
    *labels = b->entry[slot]->labels;
    return DONE;
}

// ---- values ---------------------------------------------------------------------------------

static const struct column *constant_column(struct board *b, const struct entry *e) {
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    struct value v = constant_value(b, e);
    if (e->type == TYPE_LABEL)
        c->dict = dict_new(b->values, &v.string, 1, false);
    for (int64_t i = 0; i < c->n; i++)
        switch (e->type) {
        case TYPE_DATE: column_set_date(c, i, (int32_t)v.integer); break;
        case TYPE_FLAG: column_set_flag(c, i, v.boolean); break;
        case TYPE_LABEL: column_set_code(c, i, 0); break;
        case TYPE_INTEGER: column_set_integer(c, i, v.integer); break;
        default: column_set_number(c, i, v.tag == VALUE_INTEGER ? (double)v.integer : v.number);
        }
    column_finish(c);
    return c;
}

static const struct column *missing_column(struct board *b, const struct entry *e) {
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    c->decimals = e->type == TYPE_MONEY ? b->decimals : 0;
    c->dict = e->labels;
    return c;
}

static enum status compute(struct board *b, struct entry *e, const struct column **out,
                           struct err *err) {
    switch (e->origin) {
    case ORIGIN_PEOPLE: *out = e->given; return seal_check(e->given, err);
    case ORIGIN_CONSTANT: *out = constant_column(b, e); return DONE;
    case ORIGIN_DECLARED: return declared_compute(b, e, out, err);
    case ORIGIN_METRIC: return registry_compute(b, e, out, err);
    case ORIGIN_EXPECTED: *out = missing_column(b, e); return DONE;
    case ORIGIN_TODAY: *out = b->o.data ? constant_column(b, e) : missing_column(b, e); return DONE;
    case ORIGIN_PUT: break;
    }
    if (!e->given && b->o.data)
        return err_set(err, REFUSED,
                       "%.*s is decided only after what reads it here: take it out of there",
                       (int)e->name.n, e->name.p);
    *out = e->given ? e->given : missing_column(b, e);
    return DONE;
}

enum status board_compute(struct board *b, int slot, struct err *err) {
    const struct column *column;
    if (b->columns[slot])
        return DONE;
    TRY(find_type(b, slot, err));
    TRY(enter(b, slot, err));
    enum status status = compute(b, b->entry[slot], &column, err);
    leave(b);
    if (status == DONE)
        b->columns[slot] = column;
    return status;
}

enum status board_column(struct board *b, struct str name, const struct column **out,
                         struct err *err) {
    int slot;
    TRY(find_slot(b, name, &slot, err));
    TRY(board_compute(b, slot, err));
    *out = b->columns[slot];
    return DONE;
}

enum status board_columns(struct board *b, const int *slots, int n,
                          const struct column *const **out, struct err *err) {
    for (int i = 0; i < n; i++)
        TRY(board_compute(b, slots[i], err));
    *out = b->columns;
    return DONE;
}

struct str board_slot_name(const struct board *b, int slot) {
    return b->entry[slot]->name;
}

int board_decimals(const struct board *b) {
    return b->decimals;
}

void board_know(const struct board *b, int slot, struct known *out) {
    const struct entry *e = b->entry[slot];
    *out = (struct known){.decimals = b->decimals, .least = -INFINITY, .most = INFINITY};
    if (e->given)
        out->decimals = e->given->decimals;
    if (e->origin == ORIGIN_METRIC)
        metric_bounds(e->metric, &out->least, &out->most);
    if (e->origin == ORIGIN_DECLARED && e->typed && e->declared->line.kind == LINE_NONE)
        out->value = e->expr;
    if (e->origin == ORIGIN_DECLARED && e->declared->aggregate == AGGREGATE_COUNT)
        out->least = 0;
}

const struct model *board_learned(const struct board *b) {
    return &b->learned;
}

int64_t board_faults(const struct board *b) {
    return b->faults;
}
