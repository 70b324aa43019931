// Opens src/model to Lua: a sample is an array of parts, each an array of numbers, that are added
// one by one and merged.
#include <lauxlib.h>

#include "model/cuts.h"
#include "model/share.h"
#include "module.h"

static void read_part(lua_State *L, int index, struct sample *s) {
    lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, index, i);
        double x = lua_tonumber(L, -1);
        sample_add(s, &x, 1);
        lua_pop(L, 1);
    }
}

static struct sample read_sample(lua_State *L, struct arena *a) {
    struct sample whole = {.arena = a};
    lua_Integer parts = luaL_len(L, 1);
    for (lua_Integer i = 1; i <= parts; i++) {
        struct sample part = {.arena = a};
        lua_geti(L, 1, i);
        read_part(L, lua_gettop(L), &part);
        lua_pop(L, 1);
        sample_merge(&whole, &part);
    }
    return whole;
}

static int sorted(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    sample_sort(&s);
    lua_newtable(L);
    for (int64_t i = 0; i < s.n; i++) {
        lua_pushnumber(L, s.x[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    arena_free(a);
    return 1;
}

// cuts(sample, parts, x...): the cuts, and the part of each x; nothing without values.
static int cuts(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    struct cuts c;
    int top = lua_gettop(L);
    bool solved = cuts_solve(&s, (int)luaL_checkinteger(L, 2), &c);
    arena_free(a);
    if (!solved)
        return 0;
    lua_newtable(L);
    for (int i = 0; i < c.n; i++) {
        lua_pushnumber(L, c.at[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_newtable(L);
    for (int i = 3; i <= top; i++) {
        lua_pushinteger(L, cuts_part(&c, luaL_checknumber(L, i)));
        lua_rawseti(L, -2, i - 2);
    }
    return 2;
}

// share(sample, top percent, tail percent, x...): total, top, tail, and the class of each x.
static int share(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    struct share lines;
    int top = lua_gettop(L);
    bool solved =
        share_solve(&s, (int)luaL_checkinteger(L, 2), (int)luaL_checkinteger(L, 3), &lines);
    arena_free(a);
    if (!solved)
        return 0;
    lua_pushnumber(L, lines.total);
    lua_pushnumber(L, lines.top);
    lua_pushnumber(L, lines.tail);
    lua_newtable(L);
    for (int i = 4; i <= top; i++) {
        lua_pushinteger(L, share_of(&lines, luaL_checknumber(L, i)));
        lua_rawseti(L, -2, i - 3);
    }
    return 4;
}

int open_model(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"sorted", sorted}, {"cuts", cuts}, {"share", share}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
