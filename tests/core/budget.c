// Opens src/budget to Lua.
#include <lauxlib.h>
#include <string.h>

#include "budget/best.h"
#include "budget/curve.h"
#include "module.h"

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
    const struct corner *c;
    struct err err = {DONE};
    lua_newtable(L);
    if (curve_new(a, NULL, &offers, &curve, &err) == DONE)
        for (int i = 0, n = curve_corners(a, curve, &c); i < n; i++) {
            lua_newtable(L);
            field(L, "cost", c[i].cost);
            field(L, "value", c[i].value);
            lua_rawseti(L, -2, i + 1);
        }
    arena_free(a);
    return 1;
}

// ---- several supplies -------------------------------------------------------------------------

static int64_t integer_at(lua_State *L, int table, int i) {
    lua_geti(L, table, i);
    int64_t x = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return x;
}

static struct choice read_choice(lua_State *L, struct kind *kind) {
    int at = lua_gettop(L);
    struct choice x = {.cost = integer_at(L, at, 1), .value = integer_at(L, at, 2)};
    lua_geti(L, at, 3);
    kind->n = (int)luaL_len(L, -1);
    for (int i = 0; i < kind->n; i++)
        kind->supply[i] = (int32_t)integer_at(L, at + 1, i + 1) - 1;
    lua_geti(L, at, 4);
    x.control = lua_toboolean(L, -1);
    lua_settop(L, at);
    return x;
}

// From { { { cost, value, { supply, ... }, control }, ... }, ... }: each choice is a kind of its
// own.
static struct choices read_choices(lua_State *L, struct arena *a) {
    struct choices out = {.customers = luaL_len(L, 1)};
    size_t most = (size_t)out.customers * HULL_MOST;
    int64_t *first = arena_array(a, (size_t)out.customers + 1, sizeof *first);
    struct choice *choice = arena_array(a, most, sizeof *choice);
    struct kind *kind = arena_array(a, most, sizeof *kind);
    for (int64_t c = 0; c < out.customers; c++) {
        lua_geti(L, 1, c + 1);
        for (lua_Integer k = 1, all = luaL_len(L, -1); k <= all; k++, out.kinds++) {
            lua_geti(L, -1, k);
            choice[out.kinds] = read_choice(L, &kind[out.kinds]);
            choice[out.kinds].kind = out.kinds;
            lua_pop(L, 1);
        }
        first[c + 1] = out.kinds;
        lua_pop(L, 1);
    }
    out.first = first;
    out.choice = choice;
    out.kind = kind;
    return out;
}

static struct supply *read_supplies(lua_State *L, struct arena *a, int n) {
    struct supply *list = arena_array(a, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++) {
        lua_geti(L, 2, i + 1);
        list[i].size = integer_at(L, lua_gettop(L), 1);
        lua_geti(L, -1, 2);
        list[i].money = lua_toboolean(L, -1);
        lua_pop(L, 2);
    }
    return list;
}

// How often the work asks whether to go on, and after how many times it shall stop; 0: never.
struct asking {
    int64_t times, most;
};

static int is_enough(void *ctx) {
    struct asking *x = ctx;
    return ++x->times == x->most;
}

// use(customers, supplies, threads, asks): { cost, value, bound, sided, choice = { by customer; 0:
// none } }, and how often it asked whether to go on. Stops when it has asked so often.
static int use(lua_State *L) {
    struct arena *a = arena_new();
    struct choices choices = read_choices(L, a);
    choices.supplies = (int)luaL_len(L, 2);
    choices.supply = read_supplies(L, a, choices.supplies);
    struct asking asking = {.most = luaL_optinteger(L, 4, 0)};
    atomic_bool stopping = false;
    struct host host = {.threads = (int)luaL_checkinteger(L, 3),
                        .ctx = &asking,
                        .cancelled = is_enough,
                        .stopping = &stopping};
    struct best best;
    struct err err = {DONE};
    enum status status = best_use(a, &host, &choices, NULL, &best, &err);
    lua_newtable(L);
    if (status == DONE) {
        field(L, "cost", best.cost);
        field(L, "value", best.value);
        field(L, "bound", best.bound);
        lua_pushboolean(L, best.sided);
        lua_setfield(L, -2, "sided");
        lua_newtable(L);
        for (int64_t c = 0; c < choices.customers; c++) {
            lua_pushinteger(L, best.choice[c] + 1);
            lua_rawseti(L, -2, c + 1);
        }
        lua_setfield(L, -2, "choice");
        lua_pushinteger(L, asking.times);
    } else {
        lua_pushstring(L, err.text);
    }
    arena_free(a);
    return status == DONE ? 2 : luaL_error(L, "%s", lua_tostring(L, -1));
}

int open_budget(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"best", best}, {"corners", corners}, {"use", use}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
