// Opens src/expr to Lua.
#include "module.h"

int open_expr(lua_State *L) {
    lua_newtable(L);
    return 1;
}
