// Opens src/table to Lua.
#include "module.h"

int open_table(lua_State *L) {
    lua_newtable(L);
    return 1;
}
