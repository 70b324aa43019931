// Opens src/metric to Lua.
#include "module.h"

int open_metric(lua_State *L) {
    lua_newtable(L);
    return 1;
}
