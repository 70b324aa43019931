// Names become entries when they are first asked for, and an entry's column is computed when its
// values are. Both go depth first; the entries on the way form a stack, and coming back to one of
// them is a cycle.
#include "metric/board.h"

#include <string.h>

#include "base/money.h"
#include "metric/entry.h"

enum { DEEPEST = 200 }; // metrics that read metrics; far from the end of the C stack

static const struct str today = {"today", 5};

// Every name that the board was made with. What is put on it later is among the entries.
static void list_names(struct board *b) {
    size_t metrics, n = 0;
    const struct metric *metric = metric_all(&metrics);
    const struct table *people = b->o.data ? b->o.data->people : NULL;
    size_t most = (people ? (size_t)people->columns : 0) + (size_t)b->o.n_expected +
                  (size_t)b->o.n_constants + (size_t)b->o.n_declared + metrics + 1;
    b->name = arena_array(b->arena, most, sizeof *b->name);
    for (int i = 0; people && i < people->columns; i++)
        b->name[n++] = people->column[i]->name;
    for (int i = 0; !people && i < b->o.n_expected; i++)
        b->name[n++] = b->o.expected[i].name;
    for (int i = 0; i < b->o.n_constants; i++)
        b->name[n++] = b->o.constants[i].name;
    for (int i = 0; i < b->o.n_declared; i++)
        b->name[n++] = b->o.declared[i].name;
    for (size_t i = 0; i < metrics; i++)
        b->name[n++] = str_of(metric[i].name);
    b->name[n++] = today;
    b->names = n;
}

struct board *board_new(struct arena *a, const struct board_options *o) {
    struct board *b = arena_alloc(a, sizeof *b);
    int decimals = money_decimals(o->currency);
    *b = (struct board){.arena = a, .o = *o};
    b->customers = o->data ? o->data->customers : 1;
    b->decimals = o->data ? o->data->decimals : decimals < 0 ? 2 : decimals;
    b->stack = arena_array(a, DEEPEST, sizeof *b->stack);
    list_names(b);
    return b;
}

static int add_entry(struct board *b, struct entry e) {
    if (b->n == b->size) {
        size_t size = b->size ? 2 * (size_t)b->size : 64, old = (size_t)b->size;
        b->entry =
            arena_resize(b->arena, b->entry, old * sizeof *b->entry, size * sizeof *b->entry);
        b->columns =
            arena_resize(b->arena, b->columns, old * sizeof *b->columns, size * sizeof *b->columns);
        b->size = (int)size;
    }
    b->entry[b->n] = arena_alloc(b->arena, sizeof e);
    *b->entry[b->n] = e;
    b->columns[b->n] = NULL;
    return b->n++;
}

static int find_entry(const struct board *b, struct str name) {
    for (int i = 0; i < b->n; i++)
        if (str_eq(b->entry[i]->name, name))
            return i;
    return -1;
}

// ---- what a name stands for -----------------------------------------------------------------

static const struct expected *find_expected(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_expected; i++)
        if (str_eq(b->o.expected[i].name, name))
            return &b->o.expected[i];
    return NULL;
}

static const struct constant *find_constant(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_constants; i++)
        if (str_eq(b->o.constants[i].name, name))
            return &b->o.constants[i];
    return NULL;
}

static const struct declared *find_declared(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_declared; i++)
        if (str_eq(b->o.declared[i].name, name))
            return &b->o.declared[i];
    return NULL;
}

static const struct dict *metric_labels(struct arena *a, const struct metric *m) {
    struct str labels[16];
    int32_t n = 0;
    if (!m->labels)
        return NULL;
    while (m->labels[n]) {
        labels[n] = str_of(m->labels[n]);
        n++;
    }
    return dict_new(a, labels, n, m->ordered);
}

// A column of the data has the labels that the policy expects of it; the data's own are not all
// that there may be.
static struct entry of_column(const struct column *c, enum origin origin,
                              const struct expected *expected) {
    return (struct entry){.name = c->name,
                          .origin = origin,
                          .type = c->type,
                          .labels = expected && c->type == TYPE_LABEL ? expected->labels : NULL,
                          .given = c,
                          .typed = true};
}

static struct entry of_expected(const struct expected *e, enum origin origin) {
    return (struct entry){
        .name = e->name, .origin = origin, .type = e->type, .labels = e->labels, .typed = true};
}

static bool resolve(struct board *b, struct str name, struct entry *out) {
    const struct expected *expected = find_expected(b, name);
    const struct column *column = b->o.data ? table_column(b->o.data->people, name) : NULL;
    const struct constant *constant = find_constant(b, name);
    const struct declared *declared = find_declared(b, name);
    const struct metric *metric = metric_find(name);
    if (column)
        *out = of_column(column, ORIGIN_PEOPLE, expected);
    else if (str_eq(name, today))
        *out = (struct entry){.name = today, .origin = ORIGIN_TODAY, .type = TYPE_DATE};
    else if (!b->o.data && expected)
        *out = of_expected(expected, ORIGIN_EXPECTED);
    else if (constant)
        *out = (struct entry){.name = constant->name,
                              .origin = ORIGIN_CONSTANT,
                              .type = constant->type,
                              .constant = constant};
    else if (declared)
        *out =
            (struct entry){.name = declared->name, .origin = ORIGIN_DECLARED, .declared = declared};
    else if (metric)
        *out = (struct entry){.name = str_of(metric->name),
                              .origin = ORIGIN_METRIC,
                              .type = metric->type,
                              .labels = metric_labels(b->arena, metric),
                              .metric = metric};
    else
        return false;
    out->typed = out->origin != ORIGIN_DECLARED;
    return true;
}

int board_slot(struct board *b, struct str name) {
    struct entry e;
    int slot = find_entry(b, name);
    if (slot >= 0)
        return slot;
    return resolve(b, name, &e) ? add_entry(b, e) : -1;
}

void board_put(struct board *b, const struct column *c) {
    struct entry e = of_column(c, ORIGIN_PUT, find_expected(b, c->name));
    int slot = find_entry(b, c->name);
    if (slot < 0) {
        add_entry(b, e);
        return;
    }
    e.labels = b->entry[slot]->labels;
    *b->entry[slot] = e;
    b->columns[slot] = NULL;
}

void board_announce(struct board *b, struct expected e) {
    int slot = find_entry(b, e.name);
    struct entry announced = of_expected(&e, ORIGIN_PUT);
    if (slot < 0)
        add_entry(b, announced);
    else
        *b->entry[slot] = announced;
}

bool board_name(struct board *b, size_t i, struct str *out) {
    size_t entries = (size_t)b->n;
    if (i >= entries + b->names)
        return false;
    *out = i < entries ? b->entry[i]->name : b->name[i - entries];
    return true;
}

static struct value constant_value(const struct board *b, const struct entry *e) {
    if (e->origin == ORIGIN_CONSTANT)
        return e->constant->value;
    return (struct value){.tag = VALUE_INTEGER, .integer = b->o.data->as_of};
}

static struct place place_of(const struct entry *e) {
    return e->origin == ORIGIN_DECLARED ? e->declared->at : (struct place){NULL, 0, 0};
}

// ---- types ----------------------------------------------------------------------------------

enum status board_enter(struct board *b, int slot, struct err *err) {
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

void board_leave(struct board *b) {
    b->entry[b->stack[--b->depth]]->busy = false;
}

// Finds the type of an entry, once; an error too is found once.
static enum status find_type(struct board *b, int slot, struct err *err) {
    struct entry *e = b->entry[slot];
    if (!e->typed && !e->error) {
        TRY(board_enter(b, slot, err));
        struct err own = {.status = DONE};
        bool failed = declared_open(b, e, &own) != DONE;
        board_leave(b);
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

static bool find_symbol(void *ctx, struct str name, struct symbol *out) {
    struct board *b = ctx;
    int slot = board_slot(b, name);
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

static bool next_name(void *ctx, size_t i, struct str *out) {
    return board_name(ctx, i, out);
}

struct scope board_scope(struct board *b) {
    return (struct scope){b, find_symbol, next_name};
}

static enum status find_slot(struct board *b, struct str name, int *slot, struct err *err) {
    *slot = board_slot(b, name);
    if (*slot >= 0)
        return DONE;
    struct str near = str_nearest(name, next_name, b);
    return err_set(err, REFUSED, "there is no column or metric %.*s%s%.*s%s", (int)name.n, name.p,
                   near.n ? ": did you mean " : "", (int)near.n, near.n ? near.p : "",
                   near.n ? "?" : " (`patron metrics` lists what can be computed)");
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
    struct column *c = column_new(b->arena, e->name, e->type, b->customers);
    struct value v = constant_value(b, e);
    if (e->type == TYPE_LABEL)
        c->dict = dict_new(b->arena, &v.string, 1, false);
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
    struct column *c = column_new(b->arena, e->name, e->type, b->customers);
    c->decimals = e->type == TYPE_MONEY ? b->decimals : 0;
    c->dict = e->labels;
    return c;
}

static enum status compute(struct board *b, struct entry *e, const struct column **out,
                           struct err *err) {
    switch (e->origin) {
    case ORIGIN_PEOPLE: *out = e->given; return DONE;
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
    TRY(board_enter(b, slot, err));
    enum status status = compute(b, b->entry[slot], &column, err);
    board_leave(b);
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

int64_t board_faults(const struct board *b) {
    return b->faults;
}
