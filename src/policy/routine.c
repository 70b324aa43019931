// What a function gets of a customer is copied into the shared rows column by column, for the rows
// that are open and lack nothing; what it answers is checked like anything that comes from outside.
//
// Invariant: a batch begins with the state that the script left, and which rows are in it depends
// on the rows alone; so it does not matter which process calls it, or how many there are.
#include "policy/routine.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "metric/block.h"
#include "policy/pool.h"
#include "policy/script.h"

_Static_assert((int)SHARED_ROWS >= BLOCK, "a block fits");

struct taken {
    struct str name;
    enum type type;
    int slot;              // or -1:
    struct value constant; // of a param, or today
};

struct bound {
    struct routine *routine;
    enum shared_kind wanted;
    const struct dict *labels; // of a result that is a string
    int n;
    struct taken *taken;
    int n_slots;
    int *slots;
};

// ---- finding the columns ----------------------------------------------------------------------

static enum status no_such_name(const struct scope *scope, struct str name, struct err *err) {
    struct str near = str_nearest(name, scope->name, scope->ctx);
    if (str_is(name, "self"))
        return err_set(err, REFUSED,
                       "a method is no function over a customer: write function(...)");
    return err_set(err, REFUSED, "there is no column, metric or param `%.*s`%s%.*s%s", (int)name.n,
                   name.p, near.n ? ": did you mean `" : " for this parameter", (int)near.n,
                   near.n ? near.p : "",
                   near.n ? "`?" : "; check its spelling, or declare it under inputs or metrics");
}

enum status routine_bind(struct arena *a, struct routine *r, const struct scope *scope,
                         enum shared_kind wanted, const struct dict *labels,
                         const struct bound **out, struct place *at, struct err *err) {
    struct bound *b = arena_alloc(a, sizeof *b);
    *b = (struct bound){.routine = r, .wanted = wanted, .labels = labels, .n = r->parameters};
    b->taken = arena_array(a, (size_t)r->parameters, sizeof *b->taken);
    b->slots = arena_array(a, (size_t)r->parameters, sizeof *b->slots);
    for (int i = 0; i < r->parameters; i++) {
        struct symbol s = {.slot = -1};
        struct taken *t = &b->taken[i];
        *at = r->parameter[i].at;
        if (!scope->find(scope->ctx, r->parameter[i].name, &s))
            return no_such_name(scope, r->parameter[i].name, err);
        *t = (struct taken){r->parameter[i].name, s.type, s.slot, s.constant};
        if (s.slot >= 0)
            b->slots[b->n_slots++] = s.slot;
    }
    *out = b;
    return DONE;
}

int bound_slots(const struct bound *b, const int **slots) {
    *slots = b->slots;
    return b->n_slots;
}

// ---- filling in the shared rows ---------------------------------------------------------------

// The texts of a batch, each different one once as far as that is cheap to know: codes that came
// lately are found by their last bits.
enum { LATELY = 128 };

struct texts {
    struct shared *shared;
    uint32_t n, bytes;
    int columns;
    struct text_column {
        const struct column *column;
        union shared_value *out;
        int32_t code[LATELY];
        int64_t index[LATELY]; // negative: none
    } column[SHARED_PARAMETERS];
};

static bool put_text(struct texts *t, struct str text, int64_t *index) {
    if (text.n > SHARED_BYTES - t->bytes)
        return false;
    if (text.n)
        memcpy(t->shared->bytes + t->bytes, text.p, text.n);
    t->shared->string[t->n] = (struct shared_string){t->bytes, (uint32_t)text.n};
    t->bytes += (uint32_t)text.n;
    *index = t->n++;
    return true;
}

static bool put_label(struct texts *t, struct text_column *c, int64_t row, int64_t *index) {
    int32_t code = c->column->code[row];
    int at = code & (LATELY - 1);
    if (c->index[at] < 0 || c->code[at] != code) {
        if (!put_text(t, column_str(c->column, row), &c->index[at])) {
            c->index[at] = -1;
            return false;
        }
        c->code[at] = code;
    }
    *index = c->index[at];
    return true;
}

// Row by row, so that what finds no room is left for the next batch. Returns how many found it.
static int put_texts(struct texts *t, int64_t first, const int *row, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < t->columns; k++) {
            struct text_column *c = &t->column[k];
            int64_t at = first + row[i], *index = &c->out[i].integer;
            if (!(c->column->type == TYPE_LABEL ? put_label(t, c, at, index)
                                                : put_text(t, column_str(c->column, at), index)))
                return i;
        }
    return n;
}

static void add_text_column(struct texts *t, const struct column *column, union shared_value *out) {
    struct text_column *c = &t->column[t->columns++];
    c->column = column;
    c->out = out;
    memset(c->index, -1, sizeof c->index);
}

static enum shared_kind kind_of(enum type type) {
    static const uint8_t kinds[] = {
        [TYPE_INTEGER] = SHARED_INTEGER, [TYPE_NUMBER] = SHARED_NUMBER,
        [TYPE_MONEY] = SHARED_NUMBER,    [TYPE_DATE] = SHARED_INTEGER,
        [TYPE_FLAG] = SHARED_BOOLEAN,    [TYPE_LABEL] = SHARED_STRING,
        [TYPE_TEXT] = SHARED_STRING,
    };
    return (enum shared_kind)kinds[type];
}

static void put_column(struct texts *t, const struct column *c, int64_t first, const int *row,
                       int n, union shared_value *out) {
    double scale = (double)money_scale(c->type == TYPE_MONEY ? c->decimals : 0);
    switch (c->type) {
    case TYPE_INTEGER:
        for (int i = 0; i < n; i++)
            out[i].integer = c->integer[first + row[i]];
        break;
    case TYPE_NUMBER:
        for (int i = 0; i < n; i++)
            out[i].number = c->number[first + row[i]];
        break;
    case TYPE_MONEY:
        for (int i = 0; i < n; i++)
            out[i].number = (double)c->integer[first + row[i]] / scale;
        break;
    case TYPE_DATE:
        for (int i = 0; i < n; i++)
            out[i].integer = c->date[first + row[i]];
        break;
    case TYPE_FLAG:
        for (int i = 0; i < n; i++)
            out[i].integer = bit_get(c->flag, first + row[i]);
        break;
    case TYPE_LABEL:
    case TYPE_TEXT: add_text_column(t, c, out); break;
    }
}

static enum shared_kind put_constant(struct texts *t, const struct value *v, int n,
                                     union shared_value *out) {
    union shared_value x = {0};
    enum shared_kind kind = SHARED_NOTHING;
    switch (v->tag) {
    case VALUE_BOOLEAN:
        kind = SHARED_BOOLEAN;
        x.integer = v->boolean;
        break;
    case VALUE_INTEGER:
        kind = SHARED_INTEGER;
        x.integer = v->integer;
        break;
    case VALUE_FLOAT:
        kind = SHARED_NUMBER;
        x.number = v->number;
        break;
    case VALUE_STRING:
        kind = put_text(t, v->string, &x.integer) ? SHARED_STRING : SHARED_NOTHING;
        break;
    }
    for (int i = 0; i < n; i++)
        out[i] = x;
    return kind;
}

// The texts that a result can be, from the first on. False: there is no room for them.
static bool put_labels(struct texts *t, const struct dict *labels) {
    int64_t index;
    t->shared->labels = labels ? (uint32_t)labels->n : 0;
    for (int32_t i = 0; labels && i < labels->n; i++)
        if (!put_text(t, dict_at(labels, i), &index))
            return false;
    return true;
}

// The arguments of n rows; returns of how many they found room.
static int fill(const struct bound *b, const struct column *const *columns, int64_t first,
                const int *row, int n, struct shared *s) {
    struct texts texts;
    texts.shared = s;
    texts.n = texts.bytes = 0;
    texts.columns = 0;
    s->function = (uint32_t)b->routine->number;
    s->wanted = b->wanted;
    s->traced = 0;
    if (!put_labels(&texts, b->labels))
        return 0;
    s->parameters = (uint32_t)b->n;
    for (int i = 0; i < b->n; i++) {
        const struct taken *t = &b->taken[i];
        const struct column *c = t->slot < 0 ? NULL : columns[t->slot];
        s->kind[i] =
            (uint8_t)(c ? kind_of(c->type) : put_constant(&texts, &t->constant, n, s->argument[i]));
        if (c)
            put_column(&texts, c, first, row, n, s->argument[i]);
    }
    n = put_texts(&texts, first, row, n);
    s->strings = texts.n;
    return n;
}

// ---- calling ----------------------------------------------------------------------------------

// The calls of one function for one block.
struct calls {
    const struct bound *bound;
    const struct rule *rule;
    struct evaluator *e;
    const struct column *const *columns;
    int64_t first;
    uint8_t *stop;
    int lost;       // processes that were found dead
    long late_line; // where the last one was that took too long; 0: unknown
};

static struct pool_worker worker_of(const struct evaluator *e) {
    return (struct pool_worker){e->worker, e->host};
}

static void fail(const struct calls *c, int row, long line, const char *text) {
    c->stop[row] = STOP_FAULT;
    evaluator_fail(c->e, c->rule, c->first + row, line ? line : c->bound->routine->at.line, text);
}

static bool is_result(const struct bound *b, union shared_value v) {
    switch (b->wanted) {
    case SHARED_BOOLEAN: return v.integer == 0 || v.integer == 1;
    case SHARED_INTEGER: return true;
    case SHARED_STRING: return v.integer >= 0 && v.integer < b->labels->n;
    default: return isfinite(v.number);
    }
}

static void take_results(const struct calls *c, const struct shared *s, const int *row,
                         uint32_t from, uint32_t to) {
    const struct bound *b = c->bound;
    for (uint32_t i = from; i < to; i++) {
        union shared_value v = {.integer = *(const volatile int64_t *)&s->result[i].integer};
        if (*(const volatile uint8_t *)&s->result_kind[i] == b->wanted && is_result(b, v))
            c->e->value[row[i]] = v;
        else
            fail(c, row[i], 0, "its process gave a result that is none");
    }
}

// The row at which a process ended: it failed, unless it shall be called again.
static int ended(struct calls *c, const struct pool_result *r, const int *row, int n, bool again) {
    if ((int)r->at >= n)
        return n;
    if (again)
        return (int)r->at;
    if (r->event == POOL_LATE) {
        atomic_fetch_add(c->e->late, 1);
        c->late_line = r->line;
    }
    fail(c, row[r->at], r->line,
         r->event == POOL_MEMORY ? "it needs more than " SCRIPT_MEMORY : r->text);
    return (int)r->at + 1;
}

// Calls the rows that were filled in, until all are done or the process has ended; *done is how
// many are.
static enum status call_filled(struct calls *c, const struct shared *s, const int *row, int n,
                               bool fresh, int *done, struct err *err) {
    struct pool_result r;
    *done = n;
    for (uint32_t from = 0; from <= (uint32_t)n; from = r.at + 1, fresh = false) {
        TRY(pool_run(c->e->policy->pool, worker_of(c->e), from, (uint32_t)n, &r, err));
        if (r.event == POOL_NOT_BEGUN) {
            r.at = from;
            *done = ended(c, &r, row, n, ++c->lost < 3);
            return DONE;
        }
        take_results(c, s, row, from, r.at);
        if (r.changed)
            atomic_store(&c->bound->routine->keeps_state, true);
        // Memory that ran out may be that of the customers before: in a process that has called
        // nothing yet it is this one's own.
        bool again = r.event == POOL_MEMORY && !(fresh && r.at == 0);
        int known = ended(c, &r, row, n, again);
        if (r.event != POOL_FAULT || r.changed) {
            *done = known;
            return DONE;
        }
    }
    return DONE;
}

static enum status call_some(struct calls *c, const int *row, int n, int *done, struct err *err) {
    struct shared *s;
    bool fresh;
    TRY(pool_rows(c->e->policy->pool, worker_of(c->e), &s, &fresh, err));
    n = fill(c->bound, c->columns, c->first, row, n, s);
    *done = 1;
    if (n > 0)
        return call_filled(c, s, row, n, fresh, done, err);
    fail(c, row[0], 0, "its arguments and labels are longer than 2 MB");
    return DONE;
}

// The rows that count and lack nothing; returns how many. Without branches on who that is: it can't
// be foreseen.
static int open_rows(const struct bound *b, const struct rule_rows *rows, int *row, uint8_t *stop) {
    int open = 0;
    memset(stop, STOP_NONE, (size_t)rows->n);
    for (int i = 0; i < rows->n; i++) {
        row[open] = i;
        open += !(rows->skip && rows->skip[i]);
    }
    for (int k = 0; k < b->n_slots; k++) {
        const uint64_t *valid = rows->columns[b->slots[k]]->valid;
        int kept = 0;
        for (int i = 0; valid && i < open; i++) {
            bool has = bit_get(valid, rows->first + row[i]);
            stop[row[i]] = has ? STOP_NONE : STOP_MISSING;
            row[kept] = row[i];
            kept += has;
        }
        open = valid ? kept : open;
    }
    return open;
}

// A loop without end would take its limit for every customer: hours. Single customers, of whom a
// scorer meets any number, do not count.
static enum status check_patience(const struct calls *c, int n, struct err *err) {
    enum { PATIENCE = 50 };
    struct place at = c->bound->routine->at;
    if (n == 1 || atomic_load(c->e->late) <= PATIENCE)
        return DONE;
    if (c->late_line)
        at = (struct place){at.file, c->late_line, 0};
    return err_at(
        err, REFUSED, at,
        "functions took too long for more than %d customers, the last time here: is there "
        "a loop without end? `patron explain` tries it on one customer",
        (int)PATIENCE);
}

static const char disabled[] = "it keeps state from one customer to the next, so it is not called";

enum status bound_call(const struct bound *b, const struct rule *rule, struct evaluator *e,
                       const struct rule_rows *rows, uint8_t *stop, struct err *err) {
    struct calls c = {b, rule, e, rows->columns, rows->first, stop, 0, 0};
    evaluator_open(e);
    memset(e->value, 0, (size_t)rows->n * sizeof *e->value);
    int row[BLOCK];
    int open = open_rows(b, rows, row, stop);
    for (int done = 0, some; done < open; done += some) {
        some = 1;
        if (b->routine->disabled)
            fail(&c, row[done], 0, disabled);
        else
            TRY(call_some(&c, row + done, open - done, &some, err));
        TRY(check_patience(&c, rows->n, err));
    }
    return DONE;
}

// ---- one call, told ---------------------------------------------------------------------------

static bool argument_of(const struct taken *t, const struct column *const *columns, int64_t row,
                        struct value *out) {
    const struct column *c = t->slot >= 0 ? columns[t->slot] : NULL;
    *out = t->constant;
    if (!c)
        return true;
    if (!column_has(c, row))
        return false;
    switch (kind_of(c->type)) {
    case SHARED_STRING: *out = (struct value){VALUE_STRING, .string = column_str(c, row)}; break;
    case SHARED_NUMBER: *out = (struct value){VALUE_FLOAT, .number = column_double(c, row)}; break;
    case SHARED_BOOLEAN:
        *out = (struct value){VALUE_BOOLEAN, .boolean = bit_get(c->flag, row)};
        break;
    default:
        *out = (struct value){VALUE_INTEGER,
                              .integer = c->type == TYPE_DATE ? c->date[row] : c->integer[row]};
    }
    return true;
}

static void tell_arguments(const struct bound *b, const struct column *const *columns, int64_t row,
                           struct arena *a, struct called *out) {
    *out = (struct called){.n = b->n,
                           .argument = arena_array(a, (size_t)b->n, sizeof(struct argument))};
    for (int i = b->n; i-- > 0;) {
        struct argument *x = &out->argument[i];
        *x = (struct argument){.name = b->taken[i].name, .type = b->taken[i].type};
        x->missing = !argument_of(&b->taken[i], columns, row, &x->value);
        if (x->missing)
            out->outcome = (struct outcome){.kind = OUTCOME_MISSING, .slot = b->taken[i].slot};
    }
}

static struct value value_of(union shared_value v, enum shared_kind kind) {
    switch (kind) {
    case SHARED_BOOLEAN: return (struct value){VALUE_BOOLEAN, .boolean = v.integer == 1};
    case SHARED_INTEGER: return (struct value){VALUE_INTEGER, .integer = v.integer};
    default: return (struct value){VALUE_FLOAT, .number = v.number};
    }
}

// The same call again, for the line that returns.
static enum status trace(struct calls *c, int64_t row, long *line, struct err *err) {
    struct shared *s;
    struct pool_result r;
    bool fresh;
    TRY(pool_rows(c->e->policy->pool, worker_of(c->e), &s, &fresh, err));
    if (fill(c->bound, c->columns, row, &(int){0}, 1, s) < 1)
        return DONE;
    s->traced = 1;
    TRY(pool_run(c->e->policy->pool, worker_of(c->e), 0, 1, &r, err));
    *line = r.line;
    return DONE;
}

enum status bound_explain(const struct bound *b, const struct rule *rule, struct evaluator *e,
                          const struct column *const *columns, int64_t row, struct called *out,
                          struct err *err) {
    uint8_t stop;
    const struct rule_rows one = {columns, row, 1, NULL};
    struct calls c = {b, rule, e, columns, row, &stop, 0, 0};
    int64_t failures = e->failures;
    tell_arguments(b, columns, row, e->arena, out);
    TRY(bound_call(b, rule, e, &one, &stop, err));
    if (stop == STOP_FAULT) {
        out->outcome = (struct outcome){.kind = OUTCOME_FAULT};
        out->fault = e->failure[failures].text;
        out->line = e->failure[failures].line;
    } else if (stop == STOP_NONE) {
        out->outcome =
            (struct outcome){.kind = OUTCOME_VALUE, .value = value_of(e->value[0], b->wanted)};
        TRY(trace(&c, row, &out->line, err));
    }
    e->failures = failures;
    return DONE;
}
