// Opens src/base to Lua.
#include "module.h"

int open_base(lua_State *L) {
    lua_newtable(L);
    return 1;
}
