// What a function can change are its upvalues and the tables and functions behind them. After the
// script has run all of these are listed, in a list that keeps them alive; a digest of their
// contents is taken then, and again when somebody asks.
//
// Invariant: the digest only depends on contents. Strings count by their bytes; tables and
// functions by their address, which is theirs for good since the list holds them, so whatever is
// put in their place differs; the entries of a table add up in any order, since the order in which
// Lua walks them tells of writes that have been undone. (What stays unseen: the room that a table
// has left of such writes, which can be told by its `#` while it is filled again with holes.)
#include "policy/state.h"

#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>
#include <string.h>

// What has a metatable is the sandbox's, which nobody can change, or a word, which is a userdata.
static bool is_open_table(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TTABLE)
        return false;
    if (!lua_getmetatable(L, index))
        return true;
    lua_pop(L, 1);
    return false;
}

// ---- listing ----------------------------------------------------------------------------------

enum { LIST = 1, SEEN = 2 }; // where they are on the stack of list_reachable

// Pops a value, and lists it if it is new and can hold others.
static void list_value(lua_State *L) {
    if (!lua_isfunction(L, -1) && !is_open_table(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    lua_pushvalue(L, -1);
    if (lua_rawget(L, SEEN) == LUA_TNIL) {
        lua_pushvalue(L, -2);
        lua_rawseti(L, LIST, (lua_Integer)lua_rawlen(L, LIST) + 1);
        lua_pushvalue(L, -2);
        lua_pushboolean(L, 1);
        lua_rawset(L, SEEN);
    }
    lua_pop(L, 2);
}

// What the object on top holds.
static void list_contents(lua_State *L) {
    int object = lua_gettop(L);
    if (lua_isfunction(L, object)) {
        for (int i = 1; lua_getupvalue(L, object, i); i++)
            list_value(L);
        return;
    }
    for (lua_pushnil(L); lua_next(L, object);) {
        list_value(L);
        lua_pushvalue(L, -1);
        list_value(L);
    }
}

// A function -> the list of what it reaches, itself first.
static int list_reachable(lua_State *L) {
    lua_newtable(L);
    lua_insert(L, LIST);
    lua_newtable(L);
    lua_insert(L, SEEN);
    list_value(L);
    for (lua_Integer i = 1; lua_rawgeti(L, LIST, i) != LUA_TNIL; i++) {
        list_contents(L);
        lua_settop(L, SEEN);
    }
    lua_settop(L, LIST);
    return 1;
}

// ---- digests ----------------------------------------------------------------------------------

static uint64_t mix(uint64_t h, uint64_t x) { // splitmix64
    h ^= x + 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 27) * 0x94D049BB133111EBu;
    return h ^ h >> 31;
}

static uint64_t mix_bytes(uint64_t h, const char *p, size_t n) {
    uint64_t word;
    h = mix(h, n);
    for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
        memcpy(&word, p, sizeof word);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, p, n);
    return mix(h, word);
}

static uint64_t mix_value(lua_State *L, uint64_t h, int index) {
    lua_Number number;
    uint64_t bits;
    size_t n;
    h = mix(h, (uint64_t)lua_type(L, index));
    switch (lua_type(L, index)) {
    case LUA_TNIL: return h;
    case LUA_TBOOLEAN: return mix(h, (uint64_t)lua_toboolean(L, index));
    case LUA_TNUMBER:
        if (lua_isinteger(L, index))
            return mix(mix(h, 1), (uint64_t)lua_tointeger(L, index));
        number = lua_tonumber(L, index);
        memcpy(&bits, &number, sizeof bits);
        return mix(h, bits);
    case LUA_TSTRING: {
        const char *p = lua_tolstring(L, index, &n);
        return mix_bytes(h, p, n);
    }
    default: return mix(h, (uint64_t)(uintptr_t)lua_topointer(L, index));
    }
}

static uint64_t digest_object(lua_State *L) {
    int object = lua_gettop(L);
    uint64_t h = 0;
    if (lua_isfunction(L, object)) {
        for (int i = 1; lua_getupvalue(L, object, i); i++, lua_pop(L, 1))
            h = mix_value(L, h, object + 1);
        return h;
    }
    h = mix(h, lua_rawlen(L, object)); // of a list with holes the contents do not tell it
    for (lua_pushnil(L); lua_next(L, object); lua_pop(L, 1))
        h += mix_value(L, mix_value(L, 0, object + 1), object + 2);
    return h;
}

// Of the list on top.
static uint64_t digest(lua_State *L) {
    int list = lua_gettop(L);
    uint64_t h = 0;
    for (lua_Integer i = 1; lua_rawgeti(L, list, i) != LUA_TNIL; i++, lua_settop(L, list))
        h = mix(h, digest_object(L));
    lua_settop(L, list);
    return h;
}

// ---- all functions ----------------------------------------------------------------------------

static const char lists_key; // its address names the lists in the registry; digests are items 0

void state_remember(void *state) {
    lua_State *L = state;
    int functions = lua_gettop(L);
    luaL_checkstack(L, 10, NULL);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, functions); i++) {
        lua_pushcfunction(L, list_reachable);
        lua_rawgeti(L, functions, i);
        lua_call(L, 1, 1);
        lua_pushinteger(L, (lua_Integer)digest(L));
        lua_rawseti(L, -2, 0);
        lua_rawseti(L, -2, i);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lists_key);
    lua_pop(L, 1);
}

bool state_changed(void *state, unsigned function) {
    lua_State *L = state;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &lists_key);
    lua_rawgeti(L, -1, (lua_Integer)function + 1);
    uint64_t now = digest(L);
    lua_rawgeti(L, -1, 0);
    bool changed = (uint64_t)lua_tointeger(L, -1) != now;
    lua_pop(L, 3);
    return changed;
}
