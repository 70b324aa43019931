// The test-only Lua module that opens the core to busted: one table a stage of src/.
#include <lauxlib.h>

#include "module.h"

__attribute__((visibility("default"))) int luaopen_patron_core(lua_State *L);

int luaopen_patron_core(lua_State *L) {
    static const luaL_Reg stages[] = {
        {"base", open_base},
        {"table", open_table},
        {"expr", open_expr},
        {"load", open_load},
        {"model", open_model},
        {"metric", open_metric},
        {"policy", open_policy},
        {"trial", open_trial},
        {"budget", open_budget},
        {"months", open_months},
        {"sink", open_sink},
        {"plan", open_plan},
        {NULL, NULL},
    };
    lua_newtable(L);
    for (const luaL_Reg *stage = stages; stage->name; stage++) {
        stage->func(L);
        lua_setfield(L, -2, stage->name);
    }
    return 1;
}
