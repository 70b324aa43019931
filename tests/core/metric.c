// Opens src/metric to Lua: makes datasets and boards from tables.
//
// board{ as_of=, decimals=, threads=, n=, people={columns}, tables={{name=, n=, start=, date=,
// columns={...}}}, constants=, declared=, expected= }; a column is {name=, type=, n values with
// holes}. Money is in minor units, dates are day numbers. Without as_of there is no dataset.
#include <lauxlib.h>
#include <string.h>

#include "expr/expr.h"
#include "metric/board.h"
#include "metric/exact.h"
#include "metric/help.h"
#include "metric/metric.h"
#include "module.h"

#define BOARD "patron.test.board"

struct test {
    struct arena *arena;
    struct board *board;
    struct host host;
    struct buf notes;
};

// ---- reading Lua tables ---------------------------------------------------------------------

static struct str field_str(lua_State *L, struct arena *a, int t, const char *key) {
    struct str s = {NULL, 0};
    lua_getfield(L, t, key);
    const char *p = lua_tolstring(L, -1, &s.n);
    if (p)
        s.p = arena_copy(a, p, s.n);
    lua_pop(L, 1);
    return s;
}

static lua_Integer field_integer(lua_State *L, int t, const char *key, lua_Integer otherwise) {
    lua_getfield(L, t, key);
    lua_Integer x = lua_isnil(L, -1) ? otherwise : lua_tointeger(L, -1);
    lua_pop(L, 1);
    return x;
}

static enum type field_type(lua_State *L, struct arena *a, int t) {
    int type = type_of_name(field_str(L, a, t, "type"));
    if (type < 0)
        luaL_error(L, "no such type");
    return (enum type)type;
}

static struct dict *read_labels(lua_State *L, struct arena *a, int t, lua_Integer n, bool ordered) {
    struct str *labels = arena_array(a, (size_t)n + 1, sizeof *labels);
    int32_t present = 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, t, i);
        struct str s;
        const char *p = lua_tolstring(L, -1, &s.n);
        if (p)
            labels[present++] = (struct str){arena_copy(a, p, s.n), s.n};
        lua_pop(L, 1);
    }
    return dict_new(a, labels, present, ordered);
}

static void set(lua_State *L, struct column *c, int64_t row) {
    struct str s;
    switch (c->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: column_set_integer(c, row, lua_tointeger(L, -1)); break;
    case TYPE_NUMBER: column_set_number(c, row, lua_tonumber(L, -1)); break;
    case TYPE_DATE: column_set_date(c, row, (int32_t)lua_tointeger(L, -1)); break;
    case TYPE_FLAG: column_set_flag(c, row, lua_toboolean(L, -1)); break;
    case TYPE_LABEL:
        s.p = lua_tolstring(L, -1, &s.n);
        column_set_code(c, row, dict_find(c->dict, s));
        break;
    case TYPE_TEXT: luaL_error(L, "no text in tests");
    }
}

// The column described by the table on top of the stack, which it pops.
static const struct column *read_column(lua_State *L, struct arena *a, int64_t n, int decimals) {
    int t = lua_gettop(L);
    enum type type = field_type(L, a, t);
    struct str name = field_str(L, a, t, "name");
    if (type == TYPE_TEXT) { // empty texts: enough to be refused
        struct column *c = arena_alloc(a, sizeof *c);
        *c = (struct column){.name = name, .type = type, .n = n, .bytes = ""};
        c->offset = arena_array(a, (size_t)n + 1, sizeof *c->offset);
        lua_pop(L, 1);
        return c;
    }
    struct column *c = column_new(a, name, type, n);
    c->decimals = type == TYPE_MONEY ? decimals : 0;
    if (type == TYPE_LABEL)
        c->dict = read_labels(L, a, t, n, false);
    for (int64_t row = 0; row < n; row++) {
        if (lua_geti(L, t, (lua_Integer)row + 1) != LUA_TNIL)
            set(L, c, row);
        lua_pop(L, 1);
    }
    column_finish(c);
    lua_pop(L, 1);
    return c;
}

// The table described by the table on top of the stack, which it pops.
static const struct table *read_table(lua_State *L, struct arena *a, int64_t customers,
                                      int decimals) {
    int at = lua_gettop(L);
    struct table *t = arena_alloc(a, sizeof *t);
    t->name = field_str(L, a, at, "name");
    t->n = field_integer(L, at, "n", customers);
    lua_getfield(L, at, "columns");
    t->columns = (int)luaL_len(L, -1);
    const struct column **columns = arena_array(a, (size_t)t->columns + 1, sizeof *columns);
    for (int i = 0; i < t->columns; i++) {
        lua_geti(L, -1, i + 1);
        columns[i] = read_column(L, a, t->n, decimals);
    }
    lua_pop(L, 1);
    t->column = columns;
    struct str date = field_str(L, a, at, "date");
    t->date = date.p ? table_column(t, date) : NULL;
    if (lua_getfield(L, at, "start") == LUA_TTABLE) {
        int64_t *start = arena_array(a, (size_t)customers + 1, sizeof *start);
        for (int64_t i = 0; i <= customers; i++) {
            lua_geti(L, -1, (lua_Integer)i + 1);
            start[i] = lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
        t->start = start;
    }
    lua_pop(L, 2);
    return t;
}

static const struct dataset *read_dataset(lua_State *L, struct arena *a) {
    struct dataset *d = arena_alloc(a, sizeof *d);
    d->decimals = (int)field_integer(L, 1, "decimals", 2);
    d->as_of = (int32_t)field_integer(L, 1, "as_of", 0);
    d->alone = field_integer(L, 1, "alone", 0) != 0;
    lua_getfield(L, 1, "people");
    d->customers = field_integer(L, lua_gettop(L), "n", 0);
    d->people = read_table(L, a, d->customers, d->decimals);
    d->id = d->people->column[0];
    lua_getfield(L, 1, "tables");
    d->tables = (int)luaL_len(L, -1);
    const struct table **tables = arena_array(a, (size_t)d->tables + 1, sizeof *tables);
    for (int i = 0; i < d->tables; i++) {
        lua_geti(L, -1, i + 1);
        tables[i] = read_table(L, a, d->customers, d->decimals);
    }
    lua_pop(L, 1);
    d->table = tables;
    return d;
}

static struct value field_value(lua_State *L, struct arena *a, int t) {
    struct value v = {.tag = VALUE_STRING};
    int type = lua_getfield(L, t, "value");
    if (type == LUA_TBOOLEAN)
        v = (struct value){.tag = VALUE_BOOLEAN, .boolean = lua_toboolean(L, -1)};
    else if (lua_isinteger(L, -1))
        v = (struct value){.tag = VALUE_INTEGER, .integer = lua_tointeger(L, -1)};
    else if (type == LUA_TNUMBER)
        v = (struct value){.tag = VALUE_FLOAT, .number = lua_tonumber(L, -1)};
    lua_pop(L, 1);
    if (v.tag == VALUE_STRING)
        v.string = field_str(L, a, t, "value");
    return v;
}

static struct constant read_constant(lua_State *L, struct arena *a) {
    int t = lua_gettop(L);
    return (struct constant){field_str(L, a, t, "name"), field_type(L, a, t), field_value(L, a, t)};
}

static struct expected read_expected(lua_State *L, struct arena *a) {
    int t = lua_gettop(L);
    struct expected e = {field_str(L, a, t, "name"), field_type(L, a, t), NULL};
    if (lua_getfield(L, t, "labels") == LUA_TTABLE)
        e.labels = read_labels(L, a, lua_gettop(L), luaL_len(L, -1), true);
    lua_pop(L, 1);
    return e;
}

// A formula stands at column 10 of its metric's line, and its text begins there.
static struct place locate(const void *ctx, const struct formula *f, size_t offset) {
    (void)ctx;
    struct place at = f->at;
    at.column += (long)offset;
    return at;
}

static struct formula read_formula(lua_State *L, struct arena *a, int t, const char *key,
                                   struct place at) {
    at.column = 10;
    return (struct formula){field_str(L, a, t, key), at, locate, NULL};
}

static struct duration read_duration(lua_State *L, int t, const char *key) {
    struct duration d = {0, 0};
    if (lua_getfield(L, t, key) == LUA_TTABLE) {
        d.days = field_integer(L, lua_gettop(L), "days", 0);
        d.months = field_integer(L, lua_gettop(L), "months", 0);
    }
    lua_pop(L, 1);
    return d;
}

static struct declared read_declared(lua_State *L, struct arena *a, int number) {
    static const char *const how[] = {"expression", "count", "sum",  "mean", "min",
                                      "max",        "first", "last", NULL};
    int t = lua_gettop(L);
    struct declared d = {.name = field_str(L, a, t, "name"), .at = {"policy.lua", number, 3}};
    struct str name = field_str(L, a, t, "aggregate");
    while (name.p && how[d.aggregate] && !str_is(name, how[d.aggregate]))
        d.aggregate++;
    d.table = field_str(L, a, t, "table");
    d.value = read_formula(L, a, t, "value", d.at);
    d.where = read_formula(L, a, t, "where", d.at);
    d.last = read_duration(L, t, "last");
    d.ending = read_duration(L, t, "ending");
    return d;
}

static void read_options(lua_State *L, struct arena *a, struct board_options *o) {
    lua_getfield(L, 1, "constants");
    o->n_constants = (int)luaL_len(L, -1);
    struct constant *constants = arena_array(a, (size_t)o->n_constants + 1, sizeof *constants);
    for (int i = 0; i < o->n_constants; i++, lua_pop(L, 1)) {
        lua_geti(L, -1, i + 1);
        constants[i] = read_constant(L, a);
    }
    lua_getfield(L, 1, "expected");
    o->n_expected = (int)luaL_len(L, -1);
    struct expected *expected = arena_array(a, (size_t)o->n_expected + 1, sizeof *expected);
    for (int i = 0; i < o->n_expected; i++, lua_pop(L, 1)) {
        lua_geti(L, -1, i + 1);
        expected[i] = read_expected(L, a);
    }
    lua_getfield(L, 1, "declared");
    o->n_declared = (int)luaL_len(L, -1);
    struct declared *declared = arena_array(a, (size_t)o->n_declared + 1, sizeof *declared);
    for (int i = 0; i < o->n_declared; i++, lua_pop(L, 1)) {
        lua_geti(L, -1, i + 1);
        declared[i] = read_declared(L, a, i + 1);
    }
    lua_pop(L, 3);
    o->constants = constants;
    o->expected = expected;
    o->declared = declared;
}

// ---- the board ------------------------------------------------------------------------------

static struct test *check_test(lua_State *L) {
    return luaL_checkudata(L, 1, BOARD);
}

static int push_err(lua_State *L, const struct err *err) {
    char line[2200];
    err_line(err, line, sizeof line);
    lua_pushnil(L);
    lua_pushstring(L, line);
    lua_pushinteger(L, err->status);
    return 3;
}

static void note(void *ctx, const char *text) {
    struct test *t = ctx;
    buf_z(&t->notes, text);
    buf_char(&t->notes, '\n');
}

static int new_board(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    struct test *t = lua_newuserdata(L, sizeof *t);
    *t = (struct test){.arena = arena_new()};
    luaL_setmetatable(L, BOARD);
    t->host = (struct host){(int)field_integer(L, 1, "threads", 1), t, note, NULL};
    t->notes.arena = t->arena;
    struct board_options o = {.host = &t->host};
    lua_getfield(L, 1, "as_of");
    if (!lua_isnil(L, -1))
        o.data = read_dataset(L, t->arena);
    lua_settop(L, 2);
    o.currency = field_str(L, t->arena, 1, "currency");
    read_options(L, t->arena, &o);
    t->board = board_new(t->arena, &o);
    return 1;
}

static int free_board(lua_State *L) {
    struct test *t = check_test(L);
    arena_free(t->arena);
    t->arena = NULL;
    return 0;
}

static void push_value(lua_State *L, const struct column *c, int64_t row) {
    struct str s;
    if (!column_has(c, row)) {
        lua_pushnil(L);
        return;
    }
    switch (c->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: lua_pushinteger(L, c->integer[row]); break;
    case TYPE_NUMBER: lua_pushnumber(L, c->number[row]); break;
    case TYPE_DATE: lua_pushinteger(L, c->date[row]); break;
    case TYPE_FLAG: lua_pushboolean(L, bit_get(c->flag, row)); break;
    case TYPE_LABEL:
    case TYPE_TEXT: s = column_str(c, row); lua_pushlstring(L, s.p, s.n);
    }
}

struct ask {
    struct board *board;
    struct str name;
    const struct column *column;
    struct err err;
};

static enum status ask_column(void *arg) {
    struct ask *ask = arg;
    return board_column(ask->board, ask->name, &ask->column, &ask->err);
}

// board:column(name): {values with holes, n=, type=, missing=, decimals=}, or nil, error, status.
static int get_column(lua_State *L) {
    struct test *t = check_test(L);
    struct ask ask = {.board = t->board};
    ask.name.p = luaL_checklstring(L, 2, &ask.name.n);
    ask.name.p = arena_copy(t->arena, ask.name.p, ask.name.n);
    if (arena_run(ask_column, &ask, &ask.err) != DONE)
        return push_err(L, &ask.err);
    lua_newtable(L);
    for (int64_t i = 0; i < ask.column->n; i++) {
        push_value(L, ask.column, i);
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, ask.column->n);
    lua_setfield(L, -2, "n");
    lua_pushinteger(L, ask.column->missing);
    lua_setfield(L, -2, "missing");
    lua_pushinteger(L, ask.column->decimals);
    lua_setfield(L, -2, "decimals");
    lua_pushstring(L, type_name(ask.column->type));
    lua_setfield(L, -2, "type");
    return 1;
}

// board:type(name): type, labels or nil, whether these are ordered; or nil, error.
static int get_type(lua_State *L) {
    struct test *t = check_test(L);
    struct err err = {.status = DONE};
    struct str name;
    enum type type;
    const struct dict *labels;
    name.p = luaL_checklstring(L, 2, &name.n);
    if (board_type(t->board, name, &type, &labels, &err) != DONE)
        return push_err(L, &err);
    lua_pushstring(L, type_name(type));
    if (!labels)
        return 1;
    lua_newtable(L);
    for (int32_t i = 0; i < labels->n; i++) {
        struct str label = dict_at(labels, i);
        lua_pushlstring(L, label.p, label.n);
        lua_seti(L, -2, i + 1);
    }
    lua_pushboolean(L, labels->ordered);
    return 3;
}

// board:learned(): the model that the board can give by now, as a file.
static int get_learned(lua_State *L) {
    struct test *t = check_test(L);
    struct str text = model_print(t->arena, board_learned(t->board), "0.1.0");
    lua_pushlstring(L, text.p, text.n);
    return 1;
}

// board:use_model(path)
static int use_model(lua_State *L) {
    struct test *t = check_test(L);
    struct model *m = arena_alloc(t->arena, sizeof *m);
    struct err err = {.status = DONE};
    const char *path = luaL_checkstring(L, 2);
    if (model_read(t->arena, arena_copy(t->arena, path, strlen(path)), m, &err) != DONE)
        return push_err(L, &err);
    board_use_model(t->board, m);
    return 0;
}

static int names(lua_State *L) {
    struct test *t = check_test(L);
    struct str name;
    lua_newtable(L);
    for (size_t i = 0; board_name(t->board, i, &name); i++) {
        lua_pushlstring(L, name.p, name.n);
        lua_pushboolean(L, true);
        lua_settable(L, -3);
    }
    return 1;
}

static int put(lua_State *L) {
    struct test *t = check_test(L);
    lua_Integer n = field_integer(L, 2, "n", 1);
    lua_settop(L, 2);
    board_put(t->board, read_column(L, t->arena, n, (int)luaL_optinteger(L, 3, 2)));
    return 0;
}

static int announce(lua_State *L) {
    struct test *t = check_test(L);
    lua_settop(L, 2);
    board_announce(t->board, read_expected(L, t->arena));
    return 0;
}

// board:condition(text): parses in the board's scope, evaluates at every row: {true, false, ...}.
static int condition(lua_State *L) {
    struct test *t = check_test(L);
    struct scope scope = board_scope(t->board);
    struct expr_error error;
    struct expr *expr;
    const struct column *const *columns;
    const int *slots;
    struct err err = {.status = DONE};
    struct str text;
    text.p = luaL_checklstring(L, 2, &text.n);
    if (!expr_parse(t->arena, text, &scope, WANT_CONDITION, &expr, &error)) {
        lua_pushnil(L);
        lua_pushstring(L, error.text);
        return 2;
    }
    int n = expr_slots(expr, &slots);
    if (board_columns(t->board, slots, n, &columns, &err) != DONE)
        return push_err(L, &err);
    lua_Integer rows = luaL_checkinteger(L, 3);
    lua_newtable(L);
    for (lua_Integer row = 0; row < rows; row++) {
        struct outcome o = expr_row(expr, columns, row, t->arena);
        if (o.kind == OUTCOME_VALUE)
            lua_pushboolean(L, o.value.boolean);
        else
            lua_pushnil(L);
        lua_seti(L, -2, row + 1);
    }
    return 1;
}

static int faults(lua_State *L) {
    lua_pushinteger(L, board_faults(check_test(L)->board));
    return 1;
}

static int notes(lua_State *L) {
    struct test *t = check_test(L);
    lua_pushlstring(L, t->notes.p ? t->notes.p : "", t->notes.n);
    return 1;
}

// ---- the registry ---------------------------------------------------------------------------

static int push_text(lua_State *L, void (*print)(struct buf *out, const void *arg),
                     const void *arg) {
    struct buf text = {.arena = arena_new()};
    print(&text, arg);
    lua_pushlstring(L, text.p, text.n);
    arena_free(text.arena);
    return 1;
}

static void print_list(struct buf *out, const void *arg) {
    (void)arg;
    metric_list_text(out);
}

static void print_markdown(struct buf *out, const void *arg) {
    (void)arg;
    metric_markdown(out);
}

static void print_help(struct buf *out, const void *arg) {
    metric_help_text(out, arg);
}

static int list(lua_State *L) {
    return push_text(L, print_list, NULL);
}

static int markdown(lua_State *L) {
    return push_text(L, print_markdown, NULL);
}

static int help(lua_State *L) {
    struct str name;
    name.p = luaL_checklstring(L, 1, &name.n);
    const struct metric *m = metric_find(name);
    return m ? push_text(L, print_help, m) : 0;
}

// registry(): {{name=, type=, labels={...}, ordered=, ...}}
static int registry(lua_State *L) {
    size_t n;
    const struct metric *m = metric_all(&n);
    lua_newtable(L);
    for (size_t i = 0; i < n; i++) {
        lua_newtable(L);
        lua_pushstring(L, m[i].name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, type_name(m[i].type));
        lua_setfield(L, -2, "type");
        lua_pushstring(L, m[i].help);
        lua_setfield(L, -2, "help");
        lua_pushstring(L, m[i].title);
        lua_setfield(L, -2, "title");
        lua_pushstring(L, m[i].source);
        lua_setfield(L, -2, "source");
        lua_pushstring(L, m[i].inputs ? m[i].inputs : "");
        lua_setfield(L, -2, "inputs");
        lua_pushboolean(L, m[i].ordered);
        lua_setfield(L, -2, "ordered");
        lua_newtable(L);
        for (int k = 0; m[i].labels && m[i].labels[k]; k++) {
            lua_pushstring(L, m[i].labels[k]);
            lua_seti(L, -2, k + 1);
        }
        lua_setfield(L, -2, "labels");
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int inputs(lua_State *L) {
    size_t n;
    const struct metric_input *input = metric_inputs(&n);
    lua_newtable(L);
    for (size_t i = 0; i < n; i++) {
        lua_pushstring(L, type_name(input[i].type));
        lua_setfield(L, -2, input[i].name);
    }
    return 1;
}

// exact(x...): the sum, as a kernel takes it.
static int exact(lua_State *L) {
    struct exact sum = {0};
    int n = lua_gettop(L);
    for (int i = 1; i <= n; i++)
        exact_add(&sum, luaL_checknumber(L, i));
    lua_pushnumber(L, exact_sum(&sum));
    return 1;
}

// fail_at(n): the n-th allocation from now on fails (0: none).
static int fail_at(lua_State *L) {
    mem_fail_at((long)luaL_checkinteger(L, 1), 1);
    return 0;
}

int open_metric(lua_State *L) {
    static const luaL_Reg methods[] = {{"column", get_column},   {"type", get_type},
                                       {"names", names},         {"put", put},
                                       {"announce", announce},   {"learned", get_learned},
                                       {"use_model", use_model}, {"condition", condition},
                                       {"faults", faults},       {"notes", notes},
                                       {"__gc", free_board},     {NULL, NULL}};
    static const luaL_Reg functions[] = {
        {"board", new_board}, {"list", list},         {"markdown", markdown},
        {"help", help},       {"registry", registry}, {"inputs", inputs},
        {"exact", exact},     {"fail_at", fail_at},   {NULL, NULL}};
    luaL_newmetatable(L, BOARD);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, functions);
    return 1;
}
