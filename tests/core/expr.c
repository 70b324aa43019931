// Opens src/expr to Lua: a world of columns and constants that specs describe, and expressions over
// it. Columns are written past the table's own functions where a spec wants what they never hold
// (NaN and infinity).
#include <lauxlib.h>
#include <math.h>
#include <string.h>

#include "expr/expr.h"
#include "expr/prove.h"
#include "module.h"

struct world {
    struct arena *arena;
    int64_t rows;
    int n;
    struct named {
        struct str name;
        struct symbol symbol;
    } * named;
    struct column **columns; // by slot, which is the index in `named`
};

struct parsed {
    struct arena *arena;
    const struct world *world;
    const struct expr *expr;
};

static struct str check_str(lua_State *L, int i) {
    struct str s;
    s.p = luaL_checklstring(L, i, &s.n);
    return s;
}

static struct world *check_world(lua_State *L, int i) {
    return luaL_checkudata(L, i, "patron.world");
}

static struct parsed *check_parsed(lua_State *L, int i) {
    return luaL_checkudata(L, i, "patron.expr");
}

// Lua's own stack is out of reach inside arena_run, whose way out is a longjmp: results are
// computed there, and pushed outside.
static void run(lua_State *L, enum status (*fn)(void *arg), void *arg) {
    struct err err = {DONE};
    if (arena_run(fn, arg, &err) != DONE)
        luaL_error(L, "%s", err.text);
}

// ---- values -----------------------------------------------------------------------------------

static struct value to_value(lua_State *L, int i) {
    struct value v = {VALUE_BOOLEAN, .boolean = lua_toboolean(L, i)};
    if (lua_isinteger(L, i))
        v = (struct value){VALUE_INTEGER, .integer = lua_tointeger(L, i)};
    else if (lua_type(L, i) == LUA_TNUMBER)
        v = (struct value){VALUE_FLOAT, .number = lua_tonumber(L, i)};
    else if (lua_type(L, i) == LUA_TSTRING)
        v = (struct value){VALUE_STRING, .string = check_str(L, i)};
    return v;
}

static void push_value(lua_State *L, const struct value *v) {
    switch (v->tag) {
    case VALUE_BOOLEAN: lua_pushboolean(L, v->boolean); break;
    case VALUE_INTEGER: lua_pushinteger(L, v->integer); break;
    case VALUE_FLOAT: lua_pushnumber(L, v->number); break;
    case VALUE_STRING: lua_pushlstring(L, v->string.p, v->string.n); break;
    }
}

static void push_str(lua_State *L, struct str s) {
    lua_pushlstring(L, s.n ? s.p : "", s.n);
}

static void push_column_value(lua_State *L, const struct column *c, int64_t row) {
    if (!column_has(c, row))
        lua_pushnil(L);
    else if (c->type == TYPE_LABEL || c->type == TYPE_TEXT)
        push_str(L, column_str(c, row));
    else if (c->type == TYPE_FLAG)
        lua_pushboolean(L, bit_get(c->flag, row));
    else if (c->type == TYPE_NUMBER)
        lua_pushnumber(L, c->number[row]);
    else
        lua_pushinteger(L, c->type == TYPE_DATE ? c->date[row] : c->integer[row]);
}

// ---- the world --------------------------------------------------------------------------------

static void write(struct column *c, int64_t row, const struct value *v) {
    bit_set((uint64_t *)c->valid, row);
    switch (c->type) {
    case TYPE_NUMBER:
        ((double *)c->number)[row] = v->tag == VALUE_FLOAT ? v->number : (double)v->integer;
        break;
    case TYPE_FLAG: column_set_flag(c, row, v->boolean); break;
    case TYPE_DATE: column_set_date(c, row, (int32_t)v->integer); break;
    case TYPE_LABEL: column_set_code(c, row, dict_find(c->dict, v->string)); break;
    default: column_set_integer(c, row, v->integer); break; // money in minor units
    }
}

// The strings at index 1 .. n of the table on top of the stack; NULL where there is none.
static struct str *to_strings(lua_State *L, struct arena *a, int64_t n) {
    struct str *list = arena_array(a, (size_t)n, sizeof *list);
    for (int64_t i = 0; i < n; i++) {
        if (lua_rawgeti(L, -1, i + 1) == LUA_TSTRING) {
            struct str s = check_str(L, -1);
            list[i] = (struct str){arena_copy(a, s.p, s.n), s.n};
        }
        lua_pop(L, 1);
    }
    return list;
}

static void fill_text(struct arena *a, struct column *c, const struct str *list) {
    int64_t *offsets = (int64_t *)c->offset;
    struct buf bytes = {.arena = a};
    for (int64_t i = 0; i < c->n; i++) {
        buf_str(&bytes, list[i]);
        offsets[i + 1] = (int64_t)bytes.n;
        if (list[i].p)
            bit_set((uint64_t *)c->valid, i);
    }
    c->bytes = buf_text(&bytes);
}

static const struct dict *distinct(struct arena *a, const struct str *list, int64_t n, bool keep) {
    struct str *there = arena_array(a, (size_t)n, sizeof *there);
    int32_t k = 0;
    for (int64_t i = 0; i < n; i++)
        if (list[i].p)
            there[k++] = list[i];
    return dict_new(a, there, k, keep);
}

// The description of one name is on top of the stack.
static void make_column(lua_State *L, struct world *w, struct named *named, enum type type) {
    struct column *c = column_new(w->arena, named->name, type, w->rows);
    lua_getfield(L, -1, "in_order"); // the dictionary has every value, in the order of the rows
    bool in_order = lua_toboolean(L, -1);
    lua_getfield(L, -2, "decimals");
    c->decimals = (int)luaL_optinteger(L, -1, 2);
    lua_getfield(L, -3, "values");
    luaL_checktype(L, -1, LUA_TTABLE);
    struct str *strings = to_strings(L, w->arena, w->rows);
    if (type == TYPE_TEXT)
        fill_text(w->arena, c, strings);
    if (type == TYPE_LABEL)
        c->dict = distinct(w->arena, strings, w->rows, in_order);
    for (int64_t i = 0; i < w->rows && type != TYPE_TEXT; i++) {
        if (lua_rawgeti(L, -1, i + 1) != LUA_TNIL) {
            struct value v = to_value(L, -1);
            write(c, i, &v);
        }
        lua_pop(L, 1);
    }
    column_finish(c);
    lua_pop(L, 3);
    named->symbol.slot = (int)(named - w->named);
    w->columns[named->symbol.slot] = c;
}

static void make_constant(lua_State *L, struct world *w, struct named *named) {
    struct value v = to_value(L, -1);
    if (v.tag == VALUE_STRING)
        v.string.p = arena_copy(w->arena, v.string.p, v.string.n);
    named->symbol.slot = -1;
    named->symbol.constant = v;
}

static void make_named(lua_State *L, struct world *w, struct named *named) {
    lua_getfield(L, -1, "name");
    struct str name = check_str(L, -1);
    named->name = (struct str){arena_copy(w->arena, name.p, name.n), name.n};
    lua_getfield(L, -2, "type");
    named->symbol.type = (enum type)type_of_name(check_str(L, -1));
    lua_pop(L, 2);
    if (lua_getfield(L, -1, "labels") == LUA_TTABLE) {
        int64_t n = luaL_len(L, -1);
        lua_getfield(L, -2, "ordered");
        bool ordered = lua_toboolean(L, -1);
        lua_pop(L, 1);
        struct str *labels = to_strings(L, w->arena, n);
        named->symbol.labels = dict_new(w->arena, labels, (int32_t)n, ordered);
    }
    lua_pop(L, 1);
    if (lua_getfield(L, -1, "constant") != LUA_TNIL)
        make_constant(L, w, named);
    lua_pop(L, 1);
    if (lua_getfield(L, -1, "values") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    lua_pop(L, 1);
    make_column(L, w, named, named->symbol.type);
}

struct build {
    lua_State *L;
    struct world *world;
};

// Reads tables while it allocates: specs describe worlds that fit.
static enum status build_world(void *arg) {
    struct build *b = arg;
    struct world *w = b->world;
    w->n = (int)luaL_len(b->L, 2);
    w->named = arena_array(w->arena, (size_t)w->n, sizeof *w->named);
    w->columns = arena_array(w->arena, (size_t)w->n, sizeof *w->columns);
    for (int i = 0; i < w->n; i++) {
        lua_rawgeti(b->L, 2, i + 1);
        make_named(b->L, w, &w->named[i]);
        lua_pop(b->L, 1);
    }
    return DONE;
}

// rows, {{name=, type=, values= or constant=, labels=, ordered=, in_order=, decimals=}...}
static int world_new(lua_State *L) {
    int64_t rows = luaL_checkinteger(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    struct world *w = lua_newuserdatauv(L, sizeof *w, 0);
    *w = (struct world){.arena = arena_new(), .rows = rows};
    luaL_setmetatable(L, "patron.world");
    run(L, build_world, &(struct build){L, w});
    return 1;
}

static int world_free(lua_State *L) {
    struct world *w = check_world(L, 1);
    arena_free(w->arena);
    w->arena = NULL;
    return 0;
}

static bool find_name(void *ctx, struct str name, struct symbol *out) {
    const struct world *w = ctx;
    for (int i = 0; i < w->n; i++) {
        if (!str_eq(name, w->named[i].name))
            continue;
        *out = w->named[i].symbol;
        return true;
    }
    return false;
}

static bool next_name(const void *ctx, size_t i, struct str *out) {
    const struct world *w = ctx;
    if (i < (size_t)w->n)
        *out = w->named[i].name;
    return i < (size_t)w->n;
}

// name, row (from 1), value: changes a column that has values there
static int world_set(lua_State *L) {
    struct world *w = check_world(L, 1);
    struct symbol s = {.slot = -1};
    luaL_argcheck(L, find_name(w, check_str(L, 2), &s) && s.slot >= 0, 2, "no such column");
    struct value v = to_value(L, 4);
    struct column *c = w->columns[s.slot];
    luaL_argcheck(L, c->type != TYPE_TEXT, 2, "texts cannot be changed");
    int64_t row = luaL_checkinteger(L, 3) - 1;
    static uint64_t ignored[64]; // the validity of a column in which nothing is missing
    const uint64_t *valid = c->valid;
    if (!valid)
        c->valid = ignored;
    luaL_argcheck(L, row >= 0 && row < w->rows && row < 64 * 64, 3, "no such row");
    write(c, row, &v);
    c->valid = valid;
    return 0;
}

// ---- expressions ------------------------------------------------------------------------------

struct parse {
    struct parsed *parsed;
    struct str text;
    enum want want;
    struct expr_error error;
    bool done;
};

static enum status do_parse(void *arg) {
    struct parse *p = arg;
    struct scope scope = {(void *)p->parsed->world, find_name, next_name};
    struct expr *e = NULL;
    p->done = expr_parse(p->parsed->arena, p->text, &scope, p->want, &e, &p->error);
    p->parsed->expr = e;
    return DONE;
}

// text, want -> expression; or nil, text, offset (from 0), length
static int world_parse(lua_State *L) {
    static const char *const wants[] = {"any", "condition", "number", NULL};
    struct world *w = check_world(L, 1);
    struct parse p = {.text = check_str(L, 2)};
    p.want = (enum want)luaL_checkoption(L, 3, "any", wants);
    p.parsed = lua_newuserdatauv(L, sizeof *p.parsed, 1);
    *p.parsed = (struct parsed){arena_new(), w, NULL};
    luaL_setmetatable(L, "patron.expr");
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    run(L, do_parse, &p);
    if (p.done)
        return 1;
    lua_pushnil(L);
    lua_pushstring(L, p.error.text);
    lua_pushinteger(L, (lua_Integer)p.error.offset);
    lua_pushinteger(L, (lua_Integer)p.error.length);
    return 4;
}

static int parsed_free(lua_State *L) {
    struct parsed *p = check_parsed(L, 1);
    arena_free(p->arena);
    p->arena = NULL;
    return 0;
}

struct evaluation {
    const struct parsed *parsed;
    struct arena *arena;
    int64_t rows;
    struct outcome *outcome;
    int size, threads; // of a block
    uint8_t *truth, *stop;
    double *number;
    struct column *column;
    int64_t faults, fault_row;
    int clauses;
    struct clause *clause;
    struct reading reading;
    struct outcome result;
    char *pattern; // of every row its clauses
};

static const struct column *const *columns(const struct evaluation *v) {
    return (const struct column *const *)v->parsed->world->columns;
}

static struct evaluation evaluation(lua_State *L) {
    const struct parsed *p = check_parsed(L, 1);
    return (struct evaluation){.parsed = p, .arena = arena_new(), .rows = p->world->rows};
}

static enum status do_rows(void *arg) {
    struct evaluation *v = arg;
    v->outcome = arena_array(v->arena, (size_t)v->rows, sizeof *v->outcome);
    for (int64_t i = 0; i < v->rows; i++)
        v->outcome[i] = expr_row(v->parsed->expr, columns(v), i, v->arena);
    return DONE;
}

static void push_stop(lua_State *L, const struct world *w, const struct outcome *o) {
    if (o->kind == OUTCOME_MISSING)
        push_str(L, w->named[o->slot].name);
    else
        lua_pushstring(L, fault_text(o->fault));
}

// -> values, stops (the missing name, or what the fault says): of each row one of the two
static int parsed_rows(lua_State *L) {
    struct evaluation v = evaluation(L);
    run(L, do_rows, &v);
    lua_createtable(L, (int)v.rows, 0);
    lua_createtable(L, 0, 0);
    for (int64_t i = 0; i < v.rows; i++) {
        bool value = v.outcome[i].kind == OUTCOME_VALUE;
        if (value)
            push_value(L, &v.outcome[i].value);
        else
            push_stop(L, v.parsed->world, &v.outcome[i]);
        lua_rawseti(L, value ? -3 : -2, i + 1);
    }
    arena_free(v.arena);
    return 2;
}

static enum status do_blocks(void *arg) {
    struct evaluation *v = arg;
    const struct expr *e = v->parsed->expr;
    struct expr_scratch *s = expr_scratch_new(v->arena);
    v->truth = arena_alloc(v->arena, (size_t)v->rows);
    v->stop = arena_alloc(v->arena, (size_t)v->rows);
    v->number = arena_array(v->arena, (size_t)v->rows, sizeof *v->number);
    for (int64_t i = 0; i < v->rows; i += v->size) {
        int n = v->rows - i < v->size ? (int)(v->rows - i) : v->size;
        if (expr_type(e) == TYPE_FLAG)
            expr_condition(e, columns(v), i, n, s, v->truth + i, v->stop + i);
        else
            expr_number(e, columns(v), i, n, s, v->number + i, v->stop + i);
    }
    return DONE;
}

// rows of a block -> values, stops ("missing", "fault") of a condition or a numeric expression
static int parsed_blocks(lua_State *L) {
    struct evaluation v = evaluation(L);
    v.size = (int)luaL_checkinteger(L, 2);
    run(L, do_blocks, &v);
    lua_createtable(L, (int)v.rows, 0);
    lua_createtable(L, 0, 0);
    for (int64_t i = 0; i < v.rows; i++) {
        if (v.stop[i] != STOP_NONE) {
            lua_pushstring(L, v.stop[i] == STOP_MISSING ? "missing" : "fault");
            lua_rawseti(L, -2, i + 1);
            continue;
        }
        if (expr_type(v.parsed->expr) == TYPE_FLAG)
            lua_pushboolean(L, v.truth[i]);
        else
            lua_pushnumber(L, v.number[i]);
        lua_rawseti(L, -3, i + 1);
    }
    arena_free(v.arena);
    return 2;
}

static enum status do_record(void *arg) {
    struct evaluation *v = arg;
    const struct expr *e = v->parsed->expr;
    struct expr_scratch *s = expr_scratch_new(v->arena);
    int clauses = expr_clauses(e);
    uint8_t *outcome = arena_array(v->arena, (size_t)clauses, EXPR_BLOCK);
    v->truth = arena_alloc(v->arena, (size_t)v->rows);
    v->stop = arena_alloc(v->arena, (size_t)v->rows);
    v->pattern = arena_array(v->arena, (size_t)v->rows, (size_t)clauses);
    for (int64_t i = 0; i < v->rows; i += v->size) {
        int n = v->rows - i < v->size ? (int)(v->rows - i) : v->size;
        memset(outcome, 0xFF, (size_t)clauses * EXPR_BLOCK);
        expr_record(e, columns(v), i, n, s, v->truth + i, v->stop + i, outcome);
        for (int row = 0; row < n; row++)
            for (int k = 0; k < clauses; k++)
                v->pattern[(i + row) * clauses + k] = "-FT?!"[outcome[k * EXPR_BLOCK + row]];
    }
    return DONE;
}

// rows of a block -> of every row its clauses ("TF-?!"), their texts, values (false: stopped)
static int parsed_record(lua_State *L) {
    struct evaluation v = evaluation(L);
    int clauses = expr_clauses(v.parsed->expr);
    v.size = (int)luaL_checkinteger(L, 2);
    run(L, do_record, &v);
    lua_createtable(L, (int)v.rows, 0);
    for (int64_t i = 0; i < v.rows; i++) {
        lua_pushlstring(L, v.pattern + i * clauses, (size_t)clauses);
        lua_rawseti(L, -2, i + 1);
    }
    lua_newtable(L);
    for (int k = 0; k < clauses; k++) {
        push_str(L, expr_clause(v.parsed->expr, k).text);
        lua_rawseti(L, -2, k + 1);
    }
    lua_newtable(L);
    for (int64_t i = 0; i < v.rows; i++) {
        lua_pushboolean(L, v.truth[i]);
        lua_rawseti(L, -2, i + 1);
    }
    arena_free(v.arena);
    return 3;
}

static enum status do_column(void *arg) {
    struct evaluation *v = arg;
    v->column = expr_column(v->arena, v->parsed->expr, columns(v), v->rows, STR("result"),
                            v->threads, &v->faults, &v->fault_row);
    return DONE;
}

// threads -> values (nil: missing), type, how many are missing, faults, first row that faulted
static int parsed_column(lua_State *L) {
    struct evaluation v = evaluation(L);
    v.threads = (int)luaL_optinteger(L, 2, 1);
    run(L, do_column, &v);
    lua_createtable(L, (int)v.rows, 0);
    for (int64_t i = 0; i < v.rows; i++) {
        push_column_value(L, v.column, i);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushstring(L, type_name(v.column->type));
    lua_pushinteger(L, v.column->missing);
    lua_pushinteger(L, v.faults);
    lua_pushinteger(L, v.fault_row + 1);
    arena_free(v.arena);
    return 5;
}

static enum status do_explain(void *arg) {
    struct evaluation *v = arg;
    v->clauses =
        expr_explain(v->parsed->expr, columns(v), v->rows, v->arena, &v->clause, &v->reading);
    v->result = v->reading.outcome;
    return DONE;
}

static void push_clause(lua_State *L, const struct world *w, const struct clause *c) {
    static const char *const truths[] = {"not reached", "false", "true", "missing", "fault"};
    lua_newtable(L);
    push_str(L, c->text);
    lua_setfield(L, -2, "text");
    lua_pushinteger(L, (lua_Integer)c->offset);
    lua_setfield(L, -2, "offset");
    lua_pushstring(L, truths[c->truth]);
    lua_setfield(L, -2, "truth");
    lua_pushstring(L, truths[c->alone]);
    lua_setfield(L, -2, "alone");
    lua_pushboolean(L, c->wanted);
    lua_setfield(L, -2, "wanted");
    push_str(L, c->values);
    lua_setfield(L, -2, "values");
    push_str(L, c->missing);
    lua_setfield(L, -2, "missing");
    if (!c->has_threshold)
        return;
    push_str(L, w->named[c->slot].name);
    lua_setfield(L, -2, "column");
    push_value(L, &c->threshold);
    lua_setfield(L, -2, "threshold");
    lua_pushnumber(L, c->distance);
    lua_setfield(L, -2, "distance");
}

static enum status do_flip(void *arg) {
    struct evaluation *v = arg;
    v->clause = arena_alloc(v->arena, sizeof *v->clause);
    *v->clause = expr_flip(v->parsed->expr, v->size, columns(v), v->rows, v->arena);
    return DONE;
}

// row, clause (both from 1) -> the clause
static int parsed_flip(lua_State *L) {
    struct evaluation v = evaluation(L);
    v.rows = luaL_checkinteger(L, 2) - 1; // the row
    v.size = (int)luaL_checkinteger(L, 3) - 1;
    run(L, do_flip, &v);
    push_clause(L, v.parsed->world, v.clause);
    arena_free(v.arena);
    return 1;
}

// row (from 1) -> clauses, value, missing name or fault, misses, nearest clause (from 1, or 0)
static int parsed_explain(lua_State *L) {
    struct evaluation v = evaluation(L);
    v.rows = luaL_checkinteger(L, 2) - 1; // the row
    run(L, do_explain, &v);
    lua_createtable(L, v.clauses, 0);
    for (int i = 0; i < v.clauses; i++) {
        push_clause(L, v.parsed->world, &v.clause[i]);
        lua_rawseti(L, -2, i + 1);
    }
    bool value = v.result.kind == OUTCOME_VALUE;
    if (value)
        push_value(L, &v.result.value);
    else
        lua_pushnil(L);
    if (value)
        lua_pushnil(L);
    else
        push_stop(L, v.parsed->world, &v.result);
    lua_pushinteger(L, v.reading.misses);
    lua_pushinteger(L, v.reading.nearest ? v.reading.nearest - v.clause + 1 : 0);
    arena_free(v.arena);
    return 5;
}

struct question {
    const struct parsed *parsed;
    int64_t row;
    int slot;
    struct solution answer;
};

static enum status do_solve(void *arg) {
    struct question *q = arg;
    const struct world *w = q->parsed->world;
    struct arena *a = arena_new();
    q->answer =
        expr_solve(q->parsed->expr, (const struct column *const *)w->columns, q->row, q->slot, a);
    arena_free(a);
    return DONE;
}

// row (from 1), column -> "never", "mixed" or "value", and the value
static int parsed_solve(lua_State *L) {
    static const char *const kinds[] = {"value", "never", "mixed"};
    struct question q = {.parsed = check_parsed(L, 1), .row = luaL_checkinteger(L, 2) - 1};
    struct symbol s = {.slot = -1};
    luaL_argcheck(L, find_name((void *)q.parsed->world, check_str(L, 3), &s) && s.slot >= 0, 3,
                  "no column");
    q.slot = s.slot;
    run(L, do_solve, &q);
    lua_pushstring(L, kinds[q.answer.kind]);
    if (q.answer.kind != SOLVE_VALUE)
        return 1;
    push_value(L, &q.answer.value);
    lua_pushboolean(L, q.answer.rising);
    return 3;
}

// -> type, {label...} or nil, {name of each slot...}
static int parsed_about(lua_State *L) {
    const struct parsed *p = check_parsed(L, 1);
    const struct dict *labels = expr_labels(p->expr);
    const int *slots;
    int n = expr_slots(p->expr, &slots);
    lua_pushstring(L, type_name(expr_type(p->expr)));
    if (labels)
        lua_newtable(L);
    else
        lua_pushnil(L);
    for (int32_t i = 0; labels && i < labels->n; i++) {
        push_str(L, dict_at(labels, i));
        lua_rawseti(L, -2, i + 1);
    }
    lua_newtable(L);
    for (int i = 0; i < n; i++) {
        push_str(L, p->world->named[slots[i]].name);
        lua_rawseti(L, -2, i + 1);
    }
    return 3;
}

// ---- the prover -------------------------------------------------------------------------------

struct asking {
    const struct world *world;
    struct arena *arena;
    struct known *known; // by slot
    int n;
    struct asked *asked;
    struct answer answer;
};

static void know(void *ctx, int slot, struct known *out) {
    const struct asking *q = ctx;
    *out = q->known[slot];
    out->decimals = q->world->columns[slot]->decimals;
}

static unsigned to_outcomes(const char *text) {
    return (strstr(text, "true") ? HOLDS : 0) | (strstr(text, "false") ? FAILS : 0) |
           (strstr(text, "missing") ? LACKS : 0);
}

static const struct expr *field_expr(lua_State *L, const char *name) {
    const struct expr *e = NULL;
    if (lua_getfield(L, -1, name) != LUA_TNIL)
        e = check_parsed(L, -1)->expr;
    lua_pop(L, 1);
    return e;
}

static double field_number(lua_State *L, const char *name, double otherwise) {
    lua_getfield(L, -1, name);
    double x = luaL_optnumber(L, -1, otherwise);
    lua_pop(L, 1);
    return x;
}

// What is known of a column is on top of the stack: {least=, most=, value=, n=, expressions...}
static void read_known(lua_State *L, struct asking *q, struct known *out) {
    out->least = field_number(L, "least", -INFINITY);
    out->most = field_number(L, "most", INFINITY);
    out->value = field_expr(L, "value");
    out->classes = (int)field_number(L, "n", 0);
    const struct expr **class = arena_array(q->arena, (size_t)out->classes, sizeof *class);
    for (int i = 0; i < out->classes; i++) {
        lua_rawgeti(L, -1, i + 1);
        class[i] = lua_isnil(L, -1) ? NULL : check_parsed(L, -1)->expr;
        lua_pop(L, 1);
    }
    out->class = class;
}

static enum status do_ask(void *arg) {
    struct asking *q = arg;
    struct prover *s = prover_new(q->arena, know, q);
    q->answer = prover_ask(s, q->arena, q->asked, q->n);
    return DONE;
}

static enum status do_drop(void *arg) {
    struct evaluation *v = arg;
    struct parsed *p = (struct parsed *)v->parsed;
    p->expr = expr_without(p->arena, p->expr, v->size);
    return DONE;
}

static void push_witness(lua_State *L, const struct answer *answer) {
    lua_newtable(L);
    for (int i = 0; i < answer->columns; i++) {
        const struct column *c = answer->column[i];
        push_str(L, c->name);
        push_column_value(L, c, 0);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_pushliteral(L, "missing");
        }
        lua_rawset(L, -3);
    }
}

static void push_clashes(lua_State *L, const struct answer *answer) {
    lua_newtable(L);
    for (int i = 0; i < answer->clashes; i++) {
        const struct clash *c = &answer->clash[i];
        struct str text = expr_text(c->expr);
        lua_pushstring(L, c->outcomes & HOLDS ? "" : "not ");
        lua_pushlstring(L, text.p + c->offset, c->length);
        lua_concat(L, 2);
        lua_rawseti(L, -2, i + 1);
    }
}

// {{expression, "true false missing"}...}, {name = what is known}
// -> "open", "witness", {name = value or "missing"} or "proof", {clauses}
static int world_ask(lua_State *L) {
    static const char *const kinds[] = {"open", "witness", "proof"};
    struct asking q = {.world = check_world(L, 1), .arena = arena_new()};
    q.known = arena_array(q.arena, (size_t)q.world->n, sizeof *q.known);
    for (int i = 0; i < q.world->n; i++) {
        q.known[i] = (struct known){.least = -INFINITY, .most = INFINITY};
        lua_pushlstring(L, q.world->named[i].name.p, q.world->named[i].name.n);
        if (lua_istable(L, 3) && lua_rawget(L, 3) == LUA_TTABLE)
            read_known(L, &q, &q.known[i]);
        lua_pop(L, 1);
    }
    q.n = (int)luaL_len(L, 2);
    q.asked = arena_array(q.arena, (size_t)q.n, sizeof *q.asked);
    for (int i = 0; i < q.n; i++) {
        lua_rawgeti(L, 2, i + 1);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        q.asked[i] =
            (struct asked){check_parsed(L, -2)->expr, to_outcomes(luaL_checkstring(L, -1))};
        lua_pop(L, 3);
    }
    run(L, do_ask, &q);
    lua_pushstring(L, kinds[q.answer.kind]);
    if (q.answer.kind == ANSWER_PROOF)
        push_clashes(L, &q.answer);
    else
        push_witness(L, &q.answer);
    arena_free(q.arena);
    return 2;
}

// clause (from 1): the expression is without it then; false if nothing is left
static int parsed_drop(lua_State *L) {
    struct parsed *p = check_parsed(L, 1);
    struct evaluation v = {.parsed = p, .size = (int)luaL_checkinteger(L, 2) - 1};
    luaL_argcheck(L, v.size >= 0 && v.size < expr_clauses(p->expr), 2, "no such clause");
    run(L, do_drop, &v);
    lua_pushboolean(L, p->expr != NULL);
    return 1;
}

// ---- out of memory ------------------------------------------------------------------------------

struct exhaustion {
    struct arena *arena;
    const struct world *world;
    struct str text;
    int64_t missing;
};

// Parses, fills a column on two threads, explains a row.
static enum status do_everything(void *arg) {
    struct exhaustion *x = arg;
    struct parsed p = {x->arena, x->world, NULL};
    struct parse parse = {.parsed = &p, .text = x->text, .want = WANT_CONDITION};
    struct evaluation v = {.parsed = &p, .arena = x->arena, .threads = 2};
    v.rows = x->world->rows;
    do_parse(&parse);
    do_column(&v);
    v.rows = 0;
    do_explain(&v);
    x->missing = v.column->missing;
    return DONE;
}

// text -> how often memory ran out until it sufficed, missing rows of the column that was filled
static int world_exhaust(lua_State *L) {
    struct exhaustion x = {.world = check_world(L, 1), .text = check_str(L, 2)};
    lua_Integer tries = 0;
    enum status status;
    do {
        struct err err = {DONE};
        x.arena = arena_new();
        tries++;
        mem_fail_at(tries, 1);
        status = arena_run(do_everything, &x, &err);
        mem_fail_at(0, 0);
        arena_free(x.arena);
    } while (status == MACHINE);
    lua_pushinteger(L, tries - 1);
    lua_pushinteger(L, x.missing);
    return 2;
}

// -> {{name, signature, help}...}
static int functions(lua_State *L) {
    size_t n;
    const struct function_help *f = expr_functions(&n);
    lua_newtable(L);
    for (size_t i = 0; i < n; i++) {
        const char *const parts[] = {f[i].name, f[i].signature, f[i].help};
        lua_newtable(L);
        for (int k = 0; k < 3; k++) {
            lua_pushstring(L, parts[k]);
            lua_rawseti(L, -2, k + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static void make_class(lua_State *L, const char *name, const luaL_Reg *methods) {
    luaL_newmetatable(L, name);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

int open_expr(lua_State *L) {
    static const luaL_Reg world_methods[] = {{"parse", world_parse},     {"set", world_set},
                                             {"exhaust", world_exhaust}, {"ask", world_ask},
                                             {"__gc", world_free},       {NULL, NULL}};
    static const luaL_Reg parsed_methods[] = {{"rows", parsed_rows},
                                              {"blocks", parsed_blocks},
                                              {"column", parsed_column},
                                              {"record", parsed_record},
                                              {"explain", parsed_explain},
                                              {"flip", parsed_flip},
                                              {"solve", parsed_solve},
                                              {"about", parsed_about},
                                              {"drop", parsed_drop},
                                              {"__gc", parsed_free},
                                              {NULL, NULL}};
    static const luaL_Reg table[] = {{"world", world_new}, {"functions", functions}, {NULL, NULL}};
    make_class(L, "patron.world", world_methods);
    make_class(L, "patron.expr", parsed_methods);
    luaL_newlib(L, table);
    return 1;
}
