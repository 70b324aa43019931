// Opens src/trial to Lua.
#include <lauxlib.h>

#include "module.h"
#include "trial/shrink.h"

static double number_at(lua_State *L, int table, lua_Integer i) {
    lua_geti(L, table, i);
    double x = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return x;
}

static void push_list(lua_State *L, const double *x, int n) {
    lua_newtable(L);
    for (int i = 0; i < n; i++) {
        lua_pushnumber(L, x[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

// effects, errors -> shrunk, deviations, common mean, spread (none with too few groups)
static int shrink_effects(lua_State *L) {
    struct group_effect group[64];
    struct common_effect common;
    double shrunk[64], deviation[64];
    int n = (int)luaL_len(L, 1);
    luaL_argcheck(L, n <= 64, 1, "too many groups");
    for (int i = 0; i < n; i++)
        group[i] = (struct group_effect){number_at(L, 1, i + 1), number_at(L, 2, i + 1)};
    bool known = shrink(group, n, &common);
    for (int i = 0; i < n; i++) {
        shrunk[i] = group[i].shrunk;
        deviation[i] = group[i].deviation;
    }
    push_list(L, shrunk, n);
    push_list(L, deviation, n);
    if (!known)
        return 2;
    lua_pushnumber(L, common.mean);
    lua_pushnumber(L, common.spread);
    return 4;
}

int open_trial(lua_State *L) {
    static const luaL_Reg functions[] = {{"shrink", shrink_effects}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
