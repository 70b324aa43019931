// Opens src/table to Lua.
#include <lauxlib.h>

#include "module.h"
#include "table/seal.h"

// sum(bytes): what seals them.
static int sum(lua_State *L) {
    struct str bytes;
    bytes.p = luaL_checklstring(L, 1, &bytes.n);
    lua_pushinteger(L, seal_sum(bytes));
    return 1;
}

int open_table(lua_State *L) {
    static const luaL_Reg functions[] = {{"sum", sum}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
