// Opens src/sink to Lua.
#include <lauxlib.h>

#include "module.h"
#include "sink/page.h"

static struct str check_str(lua_State *L, int arg) {
    struct str s;
    s.p = luaL_checklstring(L, arg, &s.n);
    return s;
}

// page(path, run): writes the page of a run, a JSON document.
static int page(lua_State *L) {
    struct arena *a = arena_new();
    struct err err = {DONE};
    struct out *out;
    enum status status = page_write(a, NULL, luaL_checkstring(L, 1), check_str(L, 2), &out, &err);
    if (status == DONE)
        status = out_commit(out, &err);
    arena_free(a);
    return status == DONE ? 0 : luaL_error(L, "%s", err.text);
}

int open_sink(lua_State *L) {
    static const luaL_Reg functions[] = {{"page", page}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
