// Opens src/policy to Lua.
#include "module.h"

int open_policy(lua_State *L) {
    lua_newtable(L);
    return 1;
}
