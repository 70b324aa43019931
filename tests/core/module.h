// What opens each stage to Lua: pushes one table of functions.
#ifndef PATRON_TESTS_MODULE_H
#define PATRON_TESTS_MODULE_H

#include <lua.h>

int open_base(lua_State *L);
int open_table(lua_State *L);
int open_expr(lua_State *L);
int open_load(lua_State *L);
int open_model(lua_State *L);
int open_metric(lua_State *L);
int open_policy(lua_State *L);
int open_trial(lua_State *L);
int open_plan(lua_State *L);
int open_budget(lua_State *L);
int open_months(lua_State *L);
int open_sink(lua_State *L);

#endif
