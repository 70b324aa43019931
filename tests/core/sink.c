// Opens src/sink to Lua.
#include <lauxlib.h>

#include "module.h"
#include "sink/page.h"
#include "sink/tables.h"

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

// tables(folder, run): writes the tables of a run; { name = sha256 }.
static int tables(lua_State *L) {
    struct arena *a = arena_new();
    struct err err = {DONE};
    struct folder *folder;
    struct host host = {.threads = 1};
    struct sheet_options options = {.path = NULL};
    struct tables *t = arena_alloc(a, sizeof *t);
    enum status status = folder_make(a, luaL_checkstring(L, 1), &folder, &err);
    if (status == DONE)
        status = tables_write(a, &host, check_str(L, 2), folder, &options, t, &err);
    if (status == DONE)
        status = folder_commit(folder, &err);
    lua_newtable(L);
    for (int i = 0; i < t->n; i++) {
        lua_pushstring(L, t->file[i].sha256);
        lua_setfield(L, -2, t->file[i].name);
    }
    arena_free(a);
    return status == DONE ? 1 : luaL_error(L, "%s", err.text);
}

int open_sink(lua_State *L) {
    static const luaL_Reg functions[] = {{"page", page}, {"tables", tables}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
