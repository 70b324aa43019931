// The words of the vocabulary as a script has them: each is a userdata that remembers what it was
// called with, and where. A block is written down as it is called, so later changes to a table
// change nothing; what is no block is only a value, until a block holds it.
//
// Invariant: what is written down is what the reader of the wire takes; nothing else is declared,
// and no more of it than fits an answer.
#include "policy/record.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "expr/expr.h"
#include "metric/metric.h"
#include "policy/policy.h"
#include "policy/sandbox.h"
#include "policy/wire.h"

// There is one script a process, and Lua calls what is here without an argument of ours.
static struct {
    struct buf *text; // what is being written down
    size_t written;   // bytes that were
    long values;
    lua_Integer functions; // that were written down
    bool closed;           // the script has run
} record;

// ---- words -----------------------------------------------------------------------------------

struct said {
    const struct word *word;
    long line; // of the first call; 0: the bare word
    int n;     // arguments, in the user value
};

static const char said_name[] = "word"; // the type, as Lua's messages show it

static struct said *push_said(lua_State *L, const struct word *word, long line) {
    struct said *s = lua_newuserdatauv(L, sizeof *s, 1);
    *s = (struct said){word, line, 0};
    lua_newtable(L);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, said_name);
    return s;
}

static bool is_block(const struct said *s) {
    return *s->word->block == '\0';
}

static void write_value(lua_State *L, int index, int depth);

static void write_said(lua_State *L, int index, int depth) {
    const struct said *s = luaL_checkudata(L, index, said_name);
    if (is_block(s))
        luaL_error(L, "`%s` is a block: it stands alone, not inside another", s->word->name);
    wire_word(record.text, str_of(s->word->name), (uint32_t)s->line, (uint32_t)s->n);
    lua_getiuservalue(L, index, 1);
    for (int i = 1; i <= s->n; i++) {
        lua_rawgeti(L, -1, i);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static struct str text_at(lua_State *L, int index) {
    struct str s;
    s.p = lua_tolstring(L, index, &s.n);
    return s;
}

// The values whose keys, in the sorted list on top, are 1, 2 ...; returns how many there are.
static int write_items(lua_State *L, int index, int depth) {
    int n = 0;
    while (lua_rawgeti(L, -1, n + 1) == LUA_TNUMBER) {
        lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        lua_pop(L, 1);
        if (key != ++n)
            luaL_error(L, "item %d of a list is missing (a name that means nothing is nil)", n);
    }
    lua_pop(L, 1);
    wire_count(record.text, (uint32_t)n);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    return n;
}

static void write_table(lua_State *L, int index, int depth) {
    sandbox_keys(L, index);
    int keys = (int)lua_rawlen(L, -1);
    wire_table(record.text);
    int items = write_items(L, index, depth);
    wire_count(record.text, (uint32_t)(keys - items));
    for (int i = items + 1; i <= keys; i++) {
        lua_rawgeti(L, -1, i);
        wire_bytes(record.text, text_at(L, -1));
        lua_rawget(L, index);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static const char functions_key; // its address names a list in the registry

// The names of the parameters, as the debug information has them. (A function of Lua's own has no
// line, and nothing else.)
static void write_function(lua_State *L, int index) {
    lua_Debug at;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">Su", &at);
    bool own = at.linedefined > 0;
    int parameters = own ? at.nparams : 0;
    wire_function(record.text, own ? (uint32_t)at.linedefined : 0, (uint32_t)record.functions,
                  (uint32_t)(parameters + (own && at.isvararg)));
    lua_pushvalue(L, index);
    for (int i = 1; i <= parameters; i++)
        wire_string(record.text, str_of(lua_getlocal(L, NULL, i)));
    lua_pop(L, 1);
    if (own && at.isvararg)
        wire_string(record.text, STR("..."));
    lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
    lua_pushvalue(L, index);
    lua_rawseti(L, -2, ++record.functions);
    lua_pop(L, 1);
}

void record_functions(void *state) {
    lua_rawgetp(state, LUA_REGISTRYINDEX, &functions_key);
}

void record_close(void) {
    record.closed = true;
}

static void write_value(lua_State *L, int index, int depth) {
    luaL_checkstack(L, 8, NULL);
    if (depth == 0)
        luaL_error(L, "tables stand too deep in one another here; does one contain itself?");
    if (++record.values > WIRE_NODES || record.written + record.text->n > WIRE_BYTES / 2)
        luaL_error(L, "a policy declares at most %d values and %d bytes", WIRE_NODES,
                   WIRE_BYTES / 2);
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN: wire_boolean(record.text, lua_toboolean(L, index)); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index))
            wire_integer(record.text, lua_tointeger(L, index));
        else
            wire_number(record.text, lua_tonumber(L, index));
        break;
    case LUA_TSTRING: wire_string(record.text, text_at(L, index)); break;
    case LUA_TTABLE: write_table(L, index, depth); break;
    case LUA_TFUNCTION: write_function(L, index); break;
    default: write_said(L, index, depth);
    }
}

// ---- calling words ------------------------------------------------------------------------------

static const char blocks_key, names_key; // their addresses name two lists in the registry

// Remembers the names that a block declares, to explain their use outside of an expression.
static void note_names(lua_State *L, const struct said *s, int index) {
    struct str word = str_of(s->word->name);
    bool names = str_is(word, "inputs") || str_is(word, "params") || str_is(word, "metrics");
    if (!names || lua_type(L, index) != LUA_TTABLE)
        return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushboolean(L, 1);
        lua_rawset(L, -5);
    }
    lua_pop(L, 1);
}

// Appends an argument to the user value, on top: blocks keep it written down.
static void add_argument(lua_State *L, struct said *s, int index) {
    if (lua_isnil(L, index))
        luaL_error(L, "`%s` got nil: is a name misspelt?", s->word->name);
    if (is_block(s)) {
        record.text->n = 0;
        write_value(L, index, WIRE_DEPTH - 2);
        record.written += record.text->n;
        lua_pushlstring(L, record.text->p, record.text->n);
    } else {
        lua_pushvalue(L, index);
    }
    lua_rawseti(L, -2, ++s->n);
}

// The block that is the first argument. (It counts as a value, though it may hold none.)
static void remember_block(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
    record.values++;
}

// What a call is about: a block goes on with itself; of a value the call makes another, so that
// `local recent = count "events"` can be called twice.
static struct said *begin_call(lua_State *L) {
    struct said *old = luaL_checkudata(L, 1, said_name);
    if (is_block(old) && old->line > 0)
        return old;
    struct said *s = push_said(L, old->word, old->line > 0 ? old->line : sandbox_line(L));
    lua_getiuservalue(L, -1, 1);
    lua_getiuservalue(L, 1, 1);
    for (; s->n < old->n; s->n++) {
        lua_rawgeti(L, -1, s->n + 1);
        lua_rawseti(L, -3, s->n + 1);
    }
    lua_pop(L, 2);
    lua_replace(L, 1);
    if (is_block(s))
        remember_block(L);
    return s;
}

// Expressions have functions of their own, which people miss in Lua.
static int expression_only(lua_State *L, const char *name) {
    static const char *const in_math[] = {"abs", "ceil", "exp", "floor",
                                          "log", "max",  "min", "sqrt"};
    const char *math = "";
    for (size_t i = 0; i < sizeof in_math / sizeof *in_math; i++)
        math = strcmp(in_math[i], name) == 0 ? "; in Lua it is math." : math;
    return luaL_error(L, "`%s` is a function of expressions, which stand in quotes%s%s", name, math,
                      *math ? name : "");
}

static bool is_expression_function(const char *name) {
    size_t n;
    const struct function_help *f = expr_functions(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].name, name) == 0)
            return true;
    return false;
}

static int call_word(lua_State *L) {
    const char *word = ((struct said *)luaL_checkudata(L, 1, said_name))->word->name;
    if (record.closed && is_expression_function(word))
        return expression_only(L, word);
    if (record.closed)
        return luaL_error(L, "the words of a policy declare; a function over a customer has none");
    struct said *s = begin_call(L);
    int last = lua_gettop(L);
    lua_getiuservalue(L, 1, 1);
    for (int i = 2; i <= last; i++) {
        add_argument(L, s, i);
        note_names(L, s, i);
    }
    lua_settop(L, 1);
    return 1;
}

// ---- names that mean nothing ------------------------------------------------------------------

static bool next_global(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    for (size_t k = 0; policy_word(k); k++) {
        if (!policy_word(k)->global || i-- > 0)
            continue;
        *out = str_of(policy_word(k)->name);
        return true;
    }
    return false;
}

static bool is_word_of_block(struct str name) {
    for (size_t k = 0; policy_word(k); k++)
        if (str_is(name, policy_word(k)->name))
            return true;
    return false;
}

// What to do without it; "" for nothing that could be said.
static const char *instead(struct str name) {
    return str_is(name, "print")  ? "; `patron explain` shows what a function took and gave"
           : str_is(name, "os")   ? "; the day of the run is the parameter `today`"
           : str_is(name, "next") ? "; write pairs"
                                  : "";
}

static bool is_absent(struct str name) {
    static const char *const absent[] = {
        "_G",           "_VERSION", "collectgarbage", "coroutine", "debug",      "dofile",
        "getmetatable", "io",       "load",           "loadfile",  "loadstring", "next",
        "os",           "package",  "print",          "rawequal",  "rawget",     "rawlen",
        "rawset",       "require",  "setmetatable",   "unpack",    "warn",       "xpcall",
    };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (str_is(name, absent[i]))
            return true;
    return false;
}

// What other languages call the types of columns.
static const char *type_meant(struct str name) {
    static const struct {
        const char *name, *type;
    } table[] = {
        {"boolean", "flag"},  {"bool", "flag"},      {"str", "text"},      {"varchar", "text"},
        {"int", "integer"},   {"float", "number"},   {"double", "number"}, {"decimal", "money"},
        {"datetime", "date"}, {"category", "label"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_is(name, table[i].name))
            return table[i].type;
    return NULL;
}

static bool is_column(lua_State *L, struct str name) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushvalue(L, 2);
    return lua_rawget(L, -2) != LUA_TNIL || metric_find(name);
}

static int missing_global(lua_State *L) {
    struct str name = str_of(sandbox_text(L, 2));
    struct str near = str_nearest(name, next_global, NULL);
    if (record.closed && is_column(L, name))
        return luaL_error(L, "`%s` is no parameter of the function: write function(%s, ...)",
                          name.p, name.p);
    if (is_column(L, name))
        return luaL_error(L,
                          "`%s` has no value while the policy is read; name it inside an "
                          "expression, in quotes: \"%s > 0\"",
                          name.p, name.p);
    if (is_absent(name))
        return luaL_error(L, "`%s` is not available in a policy%s", name.p, instead(name));
    if (is_expression_function(name.p))
        return expression_only(L, name.p);
    if (near.n || type_meant(name))
        return luaL_error(L, "unknown word `%s`; did you mean `%s`?", name.p,
                          near.n ? near.p : type_meant(name));
    if (record.closed)
        return luaL_error(L,
                          "unknown word `%s`; a name of your own begins with `local %s = ...`, and "
                          "what the customer has is a parameter",
                          name.p, name.p);
    if (is_word_of_block(name))
        return luaL_error(L, "`%s` is a word of a block: write `%s = ...`", name.p, name.p);
    return luaL_error(L,
                      "unknown word `%s`; a text stands in quotes, \"%s\", and a name of your own "
                      "begins with `local %s = ...`",
                      name.p, name.p, name.p);
}

// ---- the environment, and the answer ------------------------------------------------------------

static void make_registry(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &functions_key);
    luaL_newmetatable(L, said_name);
    lua_pushcfunction(L, call_word);
    lua_setfield(L, -2, "__call");
    lua_pop(L, 1);
}

void record_open(void *state, struct buf *text) {
    lua_State *L = state;
    record.text = text;
    make_registry(L);
    for (size_t i = 0; policy_word(i); i++) {
        if (!policy_word(i)->global)
            continue;
        push_said(L, policy_word(i), 0);
        lua_setfield(L, -2, policy_word(i)->name);
    }
    lua_pushcfunction(L, missing_global);
    sandbox_freeze(L);
}

void record_answer(void *state, struct buf *out) {
    lua_State *L = state;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    wire_head(out, ANSWER_BLOCKS, (uint32_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        const struct said *s = lua_touserdata(L, -1);
        wire_word(out, str_of(s->word->name), (uint32_t)s->line, (uint32_t)s->n);
        lua_getiuservalue(L, -1, 1);
        for (int k = 1; k <= s->n; k++) {
            lua_rawgeti(L, -1, k);
            buf_str(out, text_at(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 2);
    }
}
