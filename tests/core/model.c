// Opens src/model to Lua: a sample is an array of parts, each an array of numbers, that are added
// one by one and merged.
#include <lauxlib.h>

#include "model/model.h"
#include "module.h"

static void read_part(lua_State *L, int index, struct sample *s) {
    lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, index, i);
        double x = lua_tonumber(L, -1);
        sample_add(s, &x, 1);
        lua_pop(L, 1);
    }
}

static struct sample read_sample(lua_State *L, struct arena *a) {
    struct sample whole = {.arena = a};
    lua_Integer parts = luaL_len(L, 1);
    for (lua_Integer i = 1; i <= parts; i++) {
        struct sample part = {.arena = a};
        lua_geti(L, 1, i);
        read_part(L, lua_gettop(L), &part);
        lua_pop(L, 1);
        sample_add(&whole, part.x, part.n);
    }
    return whole;
}

static int sorted(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    sample_sort(&s);
    lua_newtable(L);
    for (int64_t i = 0; i < s.n; i++) {
        lua_pushnumber(L, s.x[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    arena_free(a);
    return 1;
}

// cuts(sample, parts, x...): the cuts, and the part of each x; nothing without values.
static int cuts(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    struct cuts c;
    int top = lua_gettop(L);
    bool solved = cuts_solve(&s, (int)luaL_checkinteger(L, 2), &c);
    arena_free(a);
    if (!solved)
        return 0;
    lua_newtable(L);
    for (int i = 0; i < c.n; i++) {
        lua_pushnumber(L, c.at[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_newtable(L);
    for (int i = 3; i <= top; i++) {
        lua_pushinteger(L, cuts_part(&c, luaL_checknumber(L, i)));
        lua_rawseti(L, -2, i - 2);
    }
    return 2;
}

// share(sample, top percent, tail percent, x...): total, top, tail, and the class of each x.
static int share(lua_State *L) {
    struct arena *a = arena_new();
    struct sample s = read_sample(L, a);
    struct share lines;
    int top = lua_gettop(L);
    bool solved =
        share_solve(&s, (int)luaL_checkinteger(L, 2), (int)luaL_checkinteger(L, 3), &lines);
    arena_free(a);
    if (!solved)
        return 0;
    lua_pushnumber(L, lines.total);
    lua_pushnumber(L, lines.top);
    lua_pushnumber(L, lines.tail);
    lua_newtable(L);
    for (int i = 4; i <= top; i++) {
        lua_pushinteger(L, share_of(&lines, luaL_checknumber(L, i)));
        lua_rawseti(L, -2, i - 3);
    }
    return 4;
}

static void push_learned(lua_State *L, const struct learned *l) {
    lua_newtable(L);
    lua_pushstring(L, type_name(l->from));
    lua_setfield(L, -2, "from");
    lua_pushinteger(L, l->values);
    lua_setfield(L, -2, "values");
    if (l->kind == LEARNED_CUTS) {
        lua_newtable(L);
        for (int i = 0; i < l->cuts.n; i++) {
            lua_pushnumber(L, l->cuts.at[i]);
            lua_rawseti(L, -2, i + 1);
        }
        lua_setfield(L, -2, "cuts");
    } else if (l->kind == LEARNED_SHARE) {
        lua_pushnumber(L, l->share.total);
        lua_setfield(L, -2, "total");
        lua_pushnumber(L, l->share.top);
        lua_setfield(L, -2, "top");
        lua_pushnumber(L, l->share.tail);
        lua_setfield(L, -2, "tail");
    }
}

struct reading {
    struct arena *arena;
    const char *path;
    struct model model;
    struct err err;
};

static enum status read_it(void *arg) {
    struct reading *r = arg;
    return model_read(r->arena, r->path, &r->model, &r->err);
}

// read(path): what was learned, by metric, and the model as it is printed; or nil, error, status.
static int read_model(lua_State *L) {
    struct reading r = {.arena = arena_new(), .path = luaL_checkstring(L, 1)};
    char line[2200];
    if (arena_run(read_it, &r, &r.err) != DONE) {
        err_line(&r.err, line, sizeof line);
        lua_pushnil(L);
        lua_pushstring(L, line);
        lua_pushinteger(L, r.err.status);
        arena_free(r.arena);
        return 3;
    }
    lua_newtable(L);
    for (int i = 0; i < r.model.n; i++) {
        lua_pushlstring(L, r.model.learned[i].metric.p, r.model.learned[i].metric.n);
        push_learned(L, &r.model.learned[i]);
        lua_rawset(L, -3);
    }
    struct str text = model_print(r.arena, &r.model, "0.1.0");
    lua_pushlstring(L, text.p, text.n);
    arena_free(r.arena);
    return 2;
}

int open_model(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"sorted", sorted}, {"cuts", cuts}, {"share", share}, {"read", read_model}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
