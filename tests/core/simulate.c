// Opens src/simulate to Lua.
#include <lauxlib.h>

#include "module.h"
#include "simulate/curve.h"

// From a table { { { cost, value }, ... }, ... }: the offers to each customer.
struct base {
    int64_t customers;
    const struct point *point;
    const int64_t *first; // of each customer's points; one more
};

static int get(const void *ctx, int64_t customer, struct point *out) {
    const struct base *b = ctx;
    int n = 0;
    for (int64_t i = b->first[customer]; i < b->first[customer + 1]; i++)
        out[n++] = b->point[i];
    return n;
}

static struct base read_base(lua_State *L, struct arena *a) {
    struct base b = {.customers = luaL_len(L, 1)};
    int64_t *first = arena_array(a, (size_t)b.customers + 1, sizeof *first), n = 0;
    struct point *point = arena_array(a, (size_t)b.customers * HULL_MOST, sizeof *point);
    for (int64_t c = 0; c < b.customers; c++) {
        lua_geti(L, 1, c + 1);
        lua_Integer offers = luaL_len(L, -1);
        for (lua_Integer k = 1; k <= offers; k++) {
            lua_geti(L, -1, k);
            lua_geti(L, -1, 1);
            lua_geti(L, -2, 2);
            point[n++] = (struct point){lua_tointeger(L, -2), lua_tointeger(L, -1), (int32_t)k};
            lua_pop(L, 3);
        }
        first[c + 1] = n;
        lua_pop(L, 1);
    }
    b.point = point;
    b.first = first;
    return b;
}

static void field(lua_State *L, const char *name, int64_t x) {
    lua_pushinteger(L, x);
    lua_setfield(L, -2, name);
}

// best(offers, threads, budget...): for each budget { cost, value, bound, price cost, price value,
// offers (0: none) }.
static int best(lua_State *L) {
    struct arena *a = arena_new();
    struct base base = read_base(L, a);
    struct host host = {.threads = (int)luaL_checkinteger(L, 2)};
    struct offers offers = {&base, base.customers, get};
    struct curve *curve;
    struct err err = {DONE};
    int budgets = lua_gettop(L);
    lua_newtable(L);
    enum status status = curve_new(a, &host, &offers, &curve, &err);
    for (int i = 3; i <= budgets && status == DONE; i++) {
        struct optimum o;
        status = curve_best(a, &host, curve, lua_tointeger(L, i), &o, &err);
        if (status != DONE)
            break;
        lua_newtable(L);
        field(L, "cost", o.cost);
        field(L, "value", o.value);
        field(L, "bound", o.bound);
        field(L, "price_cost", o.price.cost);
        field(L, "price_value", o.price.value);
        lua_newtable(L);
        for (int64_t c = 0; c < base.customers; c++) {
            lua_pushinteger(L, o.offer[c] < 0 ? 0 : o.offer[c]);
            lua_rawseti(L, -2, c + 1);
        }
        lua_setfield(L, -2, "offer");
        lua_rawseti(L, -2, i - 2);
    }
    if (status != DONE)
        lua_pushstring(L, err.text);
    arena_free(a);
    return status == DONE ? 1 : luaL_error(L, "%s", lua_tostring(L, -1));
}

// corners(offers): { { cost, value, price cost, price value }, ... }
static int corners(lua_State *L) {
    struct arena *a = arena_new();
    struct base base = read_base(L, a);
    struct offers offers = {&base, base.customers, get};
    struct curve *curve;
    struct corner c;
    struct err err = {DONE};
    lua_newtable(L);
    if (curve_new(a, NULL, &offers, &curve, &err) == DONE)
        for (int i = 0; curve_corner(curve, i, &c); i++) {
            lua_newtable(L);
            field(L, "cost", c.cost);
            field(L, "value", c.value);
            lua_rawseti(L, -2, i + 1);
        }
    arena_free(a);
    return 1;
}

int open_simulate(lua_State *L) {
    static const luaL_Reg functions[] = {{"best", best}, {"corners", corners}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
