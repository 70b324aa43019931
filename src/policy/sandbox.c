// The allow-list. What is not named here does not exist for a script: it can neither reach files,
// clocks, randomness and other code, nor what stock Lua 5.4 dies of (metatables, coroutines,
// patterns, finalisers), nor anything that differs from run to run (addresses, the order of pairs).
//
// Invariant: no function here runs for long without returning to the interpreter, whose hook ends
// a script that is late; and none can keep an error of the host's from ending the script.
#include "policy/sandbox.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdbool.h>
#include <string.h>

enum {
    MOST = 1 << 20,          // bytes of a text that is built, elements of a move
    MOST_SORTED = 100000,    // elements
    MOST_FIELDS = 1000,      // of a format
    MOST_CHARACTERS = 10000, // of string.char and utf8.char
    ALLOWANCE = 16 * MOST,   // room for a text that is built: escapes, doubling, the copy
};

long sandbox_line(void *state) {
    lua_State *L = state;
    lua_Debug at;
    for (int level = 0; lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "l", &at);
        if (at.currentline > 0)
            return at.currentline;
    }
    return 0;
}

// ---- replacements for functions of Lua that are not safe as they are -------------------------

static bool no_memory; // once memory ran out the script is over

// A pcall that cannot swallow the end of memory.
static int safe_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    no_memory |= status == LUA_ERRMEM;
    if (no_memory)
        return lua_error(L);
    lua_pushboolean(L, status == LUA_OK);
    lua_insert(L, 1);
    return lua_gettop(L);
}

const char *sandbox_text(void *state, int index) {
    lua_State *L = state;
    int type = lua_type(L, index);
    if (type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN || type == LUA_TNIL)
        return luaL_tolstring(L, index, NULL);
    return lua_pushstring(L, luaL_typename(L, index));
}

// Without the addresses that stock tostring shows of tables and functions.
static int safe_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    sandbox_text(L, 1);
    return 1;
}

// Calls the stock function, which is the upvalue, with the same arguments.
static int call_stock(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static size_t allowance;

size_t sandbox_allowance(void) {
    return allowance;
}

// The same for a function that builds a text, which is no longer than its caller made sure of.
static int build_stock(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    allowance = ALLOWANCE;
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    allowance = 0;
    return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

static int too_long(lua_State *L, const char *what) {
    return luaL_error(L, "%s makes at most %d bytes in a policy", what, (int)MOST);
}

// Whether a format has a %p, which shows an address.
static bool has_address(const char *p, const char *end) {
    for (; p < end; p++) {
        if (*p != '%')
            continue;
        p += 1 + strspn(p + 1, "-+ #0123456789.");
        if (*p == 'p')
            return true;
    }
    return false;
}

static int safe_format(lua_State *L) {
    size_t n;
    const char *format = luaL_checklstring(L, 1, &n);
    if (has_address(format, format + n))
        return luaL_error(L, "string.format has no %%p in a policy");
    if (lua_gettop(L) > MOST_FIELDS)
        return luaL_error(L, "string.format takes at most %d values in a policy",
                          (int)MOST_FIELDS - 1);
    for (int i = 2; i <= lua_gettop(L); i++) {
        if (!lua_isstring(L, i) && !lua_isboolean(L, i) && !lua_isnil(L, i))
            return luaL_error(L, "string.format takes strings and numbers in a policy, got a %s",
                              luaL_typename(L, i));
        n += lua_rawlen(L, i);
    }
    return n <= MOST ? build_stock(L) : too_long(L, "string.format");
}

static int safe_rep(lua_State *L) {
    size_t length, between;
    luaL_checklstring(L, 1, &length);
    lua_Integer n = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &between);
    if (n > MOST || (n > 0 && length + between > (size_t)(MOST / n)))
        return too_long(L, "string.rep");
    return build_stock(L);
}

// string.upper, lower and reverse.
static int safe_change(lua_State *L) {
    size_t n;
    luaL_checklstring(L, 1, &n);
    return n <= MOST ? build_stock(L) : too_long(L, "it");
}

// string.char and utf8.char.
static int safe_char(lua_State *L) {
    if (lua_gettop(L) > MOST_CHARACTERS)
        return luaL_error(L, "it makes at most %d characters in a policy", (int)MOST_CHARACTERS);
    return build_stock(L);
}

static int safe_concat(lua_State *L) {
    enum { NUMBER = 32 }; // bytes, at most
    size_t between, n = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_optlstring(L, 2, "", &between);
    lua_Integer first = luaL_optinteger(L, 3, 1),
                last = luaL_opt(L, luaL_checkinteger, 4, luaL_len(L, 1));
    for (lua_Integer i = first; i <= last && n <= MOST; i++) {
        bool text = lua_rawgeti(L, 1, i) == LUA_TSTRING;
        if (!lua_isstring(L, -1))
            break; // the stock function says it
        n += (text ? lua_rawlen(L, -1) : NUMBER) + between;
        lua_pop(L, 1);
        if (i == LUA_MAXINTEGER)
            break;
    }
    if (n > MOST + between)
        return too_long(L, "table.concat");
    lua_settop(L, 4);
    return build_stock(L);
}

// Whether the item i of the table comes before the item k: by the function, if there is one.
static bool is_before(lua_State *L, int table, lua_Integer i, lua_Integer k) {
    enum { FUNCTION = 2 };
    bool given = !lua_isnil(L, FUNCTION), before;
    if (given)
        lua_pushvalue(L, FUNCTION);
    lua_rawgeti(L, table, i);
    lua_rawgeti(L, table, k);
    if (given)
        lua_call(L, 2, 1);
    before = given ? lua_toboolean(L, -1) : lua_compare(L, -2, -1, LUA_OPLT);
    lua_pop(L, given ? 1 : 2);
    return before;
}

// Merges the runs first .. middle - 1 and middle .. end - 1.
static void merge(lua_State *L, int from, int to, lua_Integer first, lua_Integer middle,
                  lua_Integer end) {
    lua_Integer left = first, right = middle;
    for (lua_Integer i = first; i < end; i++) {
        bool later = left == middle || (right < end && is_before(L, from, right, left));
        lua_rawgeti(L, from, later ? right++ : left++);
        lua_rawseti(L, to, i);
    }
}

static lua_Integer least(lua_Integer x, lua_Integer y) {
    return x < y ? x : y;
}

// table.sort as a merge sort, whatever the function says: the stock one asks the clock for a pivot
// when a partition goes badly, so that who comes first of equals, or is compared with whom, would
// differ from run to run. The table changes when all is compared.
static int sort_values(lua_State *L) {
    enum { TABLE = 1, FUNCTION, SPARE, OTHER };
    lua_settop(L, FUNCTION);
    lua_Integer n = (lua_Integer)lua_rawlen(L, TABLE);
    lua_newtable(L);
    lua_newtable(L);
    int from = TABLE;
    for (lua_Integer run = 1; run < n; run *= 2) {
        int to = from == SPARE ? OTHER : SPARE;
        for (lua_Integer i = 1; i <= n; i += 2 * run)
            merge(L, from, to, i, least(i + run, n + 1), least(i + 2 * run, n + 1));
        from = to;
    }
    for (lua_Integer i = 1; from != TABLE && i <= n; i++) {
        lua_rawgeti(L, from, i);
        lua_rawseti(L, TABLE, i);
    }
    return 0;
}

static int safe_sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    if (lua_rawlen(L, 1) > MOST_SORTED)
        return luaL_error(L, "table.sort sorts at most %d values in a policy", (int)MOST_SORTED);
    return sort_values(L);
}

static int safe_move(lua_State *L) {
    lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
    if (to >= from && (lua_Unsigned)to - (lua_Unsigned)from >= MOST)
        return luaL_error(L, "table.move moves at most %d values in a policy", (int)MOST);
    return call_stock(L);
}

// ---- pairs in sorted order --------------------------------------------------------------------

static int key_less(lua_State *L) {
    int a = lua_type(L, 1), b = lua_type(L, 2);
    lua_pushboolean(L, a == b ? lua_compare(L, 1, 2, LUA_OPLT) : a < b);
    return 1;
}

void sandbox_keys(void *state, int index) {
    lua_State *L = state;
    index = lua_absindex(L, index);
    luaL_checkstack(L, 6, NULL);
    lua_newtable(L);
    lua_Integer n = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pushvalue(L, -1), lua_rawseti(L, -3, ++n)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TNUMBER && lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "the keys of a table are numbers and strings here, not a %s",
                       luaL_typename(L, -1));
    }
    lua_pushcfunction(L, sort_values);
    lua_pushvalue(L, -2);
    lua_pushcfunction(L, key_less);
    lua_call(L, 2, 0);
}

// Upvalues: the table, its keys, how many of them are done.
static int next_pair(lua_State *L) {
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        lua_settop(L, 0);
        i++;
        if (lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) // the loop may have removed it
            break;
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

static int safe_pairs(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    sandbox_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

// ---- the environment --------------------------------------------------------------------------

struct library {
    const char *name;
    lua_CFunction open;
    const char *const *allowed; // copied as they are, NULL-ended
    const luaL_Reg *replaced;   // with the stock function as upvalue
};

static const luaL_Reg no_replacements[] = {{NULL, NULL}};

static const struct library basics = {
    LUA_GNAME, luaopen_base,
    (const char *const[]){"assert", "error", "ipairs", "select", "tonumber", "type", NULL},
    (const luaL_Reg[]){
        {"pcall", safe_pcall}, {"tostring", safe_tostring}, {"pairs", safe_pairs}, {NULL, NULL}}};

static const struct library libraries[] = {
    {"string", luaopen_string, (const char *const[]){"byte", "len", "sub", NULL},
     (const luaL_Reg[]){{"char", safe_char},
                        {"format", safe_format},
                        {"lower", safe_change},
                        {"rep", safe_rep},
                        {"reverse", safe_change},
                        {"upper", safe_change},
                        {NULL, NULL}}},
    {"table", luaopen_table, (const char *const[]){"insert", "pack", "remove", "unpack", NULL},
     (const luaL_Reg[]){
         {"concat", safe_concat}, {"move", safe_move}, {"sort", safe_sort}, {NULL, NULL}}},
    {"math", luaopen_math,
     (const char *const[]){"abs", "acos",       "asin", "atan", "ceil", "cos", "deg",
                           "exp", "floor",      "fmod", "huge", "log",  "max", "maxinteger",
                           "min", "mininteger", "modf", "pi",   "rad",  "sin", "sqrt",
                           "tan", "tointeger",  "type", "ult",  NULL},
     no_replacements},
    {"utf8", luaopen_utf8, (const char *const[]){"codepoint", "codes", "len", "offset", NULL},
     (const luaL_Reg[]){{"char", safe_char}, {NULL, NULL}}},
};

// From the stock library, on top, what is allowed into the table under it.
static void copy_allowed(lua_State *L, const struct library *lib) {
    for (const char *const *name = lib->allowed; *name; name++) {
        lua_getfield(L, -1, *name);
        lua_setfield(L, -3, *name);
    }
    for (const luaL_Reg *f = lib->replaced; f->name; f++) {
        lua_getfield(L, -1, f->name);
        lua_pushcclosure(L, f->func, 1);
        lua_setfield(L, -3, f->name);
    }
}

static int missing_member(lua_State *L) {
    const char *name = sandbox_text(L, 2);
    static const char *const patterns[] = {"find", "gmatch", "gsub", "match"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (strcmp(name, patterns[i]) == 0)
            return luaL_error(L,
                              "`%s` is not available in a policy, which has no patterns; see "
                              "string.sub, and contains(...) of expressions",
                              name);
    return luaL_error(L, "`%s` is not available in a policy", name);
}

static int no_change(lua_State *L) {
    return luaL_error(L, "`%s` cannot be set; write `local` before a name of your own",
                      sandbox_text(L, 2));
}

static void set_metatable(lua_State *L, const char *event) {
    lua_newtable(L);
    lua_insert(L, -2);
    lua_setfield(L, -2, event);
    lua_setmetatable(L, -2);
}

void sandbox_freeze(void *state) {
    lua_State *L = state;
    set_metatable(L, "__index"); // of the table: the function
    lua_newtable(L);             // the stand-in, which stays empty
    lua_insert(L, -2);
    set_metatable(L, "__index"); // of the stand-in: the table
    lua_getmetatable(L, -1);
    lua_pushcfunction(L, no_change);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}

// ("x"):rep(3) finds the same frozen functions as string.rep does; strings know nothing else.
static void set_string_methods(lua_State *L) {
    lua_pushliteral(L, "");
    lua_pushvalue(L, -2);
    set_metatable(L, "__index");
    lua_pop(L, 1);
}

static void open_library(lua_State *L, const struct library *lib) {
    luaL_requiref(L, lib->name, lib->open, 0);
    copy_allowed(L, lib);
    lua_pop(L, 1);
}

// What the stock libraries left where Lua itself finds it.
static void forget_libraries(lua_State *L) {
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}

void sandbox_open(void *state) {
    lua_State *L = state;
    lua_newtable(L);
    open_library(L, &basics);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_newtable(L);
        open_library(L, &libraries[i]);
        lua_pushcfunction(L, missing_member);
        sandbox_freeze(L);
        if (libraries[i].open == luaopen_string)
            set_string_methods(L);
        lua_setfield(L, -2, libraries[i].name);
    }
    forget_libraries(L);
}
