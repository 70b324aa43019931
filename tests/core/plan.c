// Opens what plans and looks back on trials (src/trial: power, baseline, assign, offpolicy,
// uplift).
#include <lauxlib.h>
#include <math.h>

#include "base/hash.h"
#include "module.h"
#include "trial/assign.h"
#include "trial/baseline.h"
#include "trial/offpolicy.h"
#include "trial/uplift.h"

static double field(lua_State *L, int table, const char *name, double without) {
    lua_getfield(L, table, name);
    double x = lua_isnoneornil(L, -1) ? without : luaL_checknumber(L, -1);
    lua_pop(L, 1);
    return x;
}

static void set(lua_State *L, const char *name, double x) {
    lua_pushnumber(L, x);
    lua_setfield(L, -2, name);
}

// { mean =, sd = (none: a rate), factor = 1, alpha = .05, power = .8 }
static struct outcome_spread spread_of(lua_State *L, struct test_design *t) {
    struct outcome_spread y = {.mean = field(L, 1, "mean", 0), .sd = field(L, 1, "sd", -1)};
    y.rate = y.sd < 0;
    y.factor = field(L, 1, "factor", 1);
    *t = (struct test_design){field(L, 1, "alpha", .05), field(L, 1, "power", .8)};
    return y;
}

// (outcome, control, treated) -> the smallest effect
static int smallest(lua_State *L) {
    struct test_design t;
    struct outcome_spread y = spread_of(L, &t);
    lua_pushnumber(L, power_smallest(&t, &y, luaL_checknumber(L, 2), luaL_checknumber(L, 3)));
    return 1;
}

// (outcome, effect, share of control, share of treated) -> customers
static int customers(lua_State *L) {
    struct test_design t;
    struct outcome_spread y = spread_of(L, &t);
    lua_pushnumber(L, power_customers(&t, &y, luaL_checknumber(L, 2), luaL_checknumber(L, 3),
                                      luaL_checknumber(L, 4)));
    return 1;
}

// (outcome, effect, control, treated) -> power
static int power(lua_State *L) {
    struct test_design t;
    struct outcome_spread y = spread_of(L, &t);
    lua_pushnumber(L, power_of(t.alpha, &y, luaL_checknumber(L, 2), luaL_checknumber(L, 3),
                               luaL_checknumber(L, 4)));
    return 1;
}

static double number_at(lua_State *L, int table, lua_Integer i) {
    lua_geti(L, table, i);
    double x = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return x;
}

// Groups from 1 on as groups from 0 on; returns how many there are.
static int32_t groups_of(lua_State *L, int table, struct arena *a, int64_t n, const int32_t **out) {
    int32_t groups = 0, *group = arena_array(a, (size_t)n, sizeof *group);
    if (lua_isnoneornil(L, table))
        return 0;
    for (int64_t i = 0; i < n; i++) {
        group[i] = (int32_t)number_at(L, table, i + 1) - 1;
        groups = group[i] >= groups ? group[i] + 1 : groups;
    }
    *out = group;
    return groups;
}

// (values, strata or nil, clusters or nil) -> { mean, sd, rate, explained, icc, design, factor,
// size }
static int baseline(lua_State *L) {
    struct arena *a = arena_new();
    struct members m = {.n = luaL_len(L, 1)};
    double *y = arena_array(a, (size_t)m.n, sizeof *y);
    for (int64_t i = 0; i < m.n; i++)
        y[i] = number_at(L, 1, i + 1);
    m.strata = groups_of(L, 2, a, m.n, &m.stratum);
    m.clusters = groups_of(L, 3, a, m.n, &m.cluster);
    struct baseline b = baseline_of(a, &m, y);
    double size = m.clusters ? baseline_cluster_size(a, &m) : 1;
    baseline_factor(&b, size);
    arena_free(a);
    lua_newtable(L);
    set(L, "mean", b.spread.mean);
    set(L, "sd", b.spread.sd);
    set(L, "factor", b.spread.factor);
    set(L, "explained", b.explained);
    set(L, "icc", b.icc);
    set(L, "design", b.design);
    set(L, "size", size);
    lua_pushboolean(L, b.spread.rate);
    lua_setfield(L, -2, "rate");
    return 1;
}

// (shares, salt, key) -> the arm, from 1 on
static int arm(lua_State *L) {
    struct planned_arm arms[16];
    int n = (int)luaL_len(L, 1);
    for (int i = 0; i < n && i < 16; i++)
        arms[i] = (struct planned_arm){.share = number_at(L, 1, i + 1)};
    struct str salt = str_of(luaL_checkstring(L, 2)), key = str_of(luaL_checkstring(L, 3));
    lua_pushinteger(L, assign_arm(arms, n, hash_share(salt, key)) + 1);
    return 1;
}

static void set_estimate(lua_State *L, const char *name, struct estimate_of_policy e) {
    lua_newtable(L);
    set(L, "value", e.value);
    set(L, "error", e.error);
    lua_setfield(L, -2, name);
}

// Rows { propensity, target, reward, fitted, expected }, their units from 0 (or each one) -> what
// they say of the policy.
static int value(lua_State *L) {
    struct arena *a = arena_new();
    lua_settop(L, 2);
    int64_t n = luaL_len(L, 1);
    struct logged *row = arena_array(a, (size_t)n, sizeof *row);
    for (int64_t i = 0; i < n; i++) {
        lua_geti(L, 1, i + 1);
        int t = lua_gettop(L);
        row[i] = (struct logged){.propensity = number_at(L, t, 1),
                                 .target = number_at(L, t, 2),
                                 .reward = number_at(L, t, 3),
                                 .fitted = number_at(L, t, 4),
                                 .expected = number_at(L, t, 5),
                                 .unit = lua_istable(L, 2) ? (int64_t)number_at(L, 2, i + 1) : i};
        lua_pop(L, 1);
    }
    struct offpolicy o = offpolicy_value(a, row, n, n);
    arena_free(a);
    lua_newtable(L);
    set(L, "effective", o.effective);
    set(L, "heaviest", o.heaviest);
    set(L, "matched", (double)o.matched);
    lua_pushboolean(L, offpolicy_means(&o));
    lua_setfield(L, -2, "means");
    set_estimate(L, "inverse", o.inverse);
    set_estimate(L, "normalised", o.normalised);
    set_estimate(L, "direct", o.direct);
    set_estimate(L, "robust", o.robust);
    return 1;
}

// (rows { arm, reward, cell, fold, chance of each arm ... }, arms, cells): all from 1 on -> rows
// { fitted, expected }
static int fit(lua_State *L) {
    struct arena *a = arena_new();
    int64_t n = luaL_len(L, 1);
    int arms = (int)luaL_checkinteger(L, 2);
    struct logged *row = arena_array(a, (size_t)n, sizeof *row);
    int32_t *cell = arena_array(a, (size_t)n, sizeof *cell);
    uint8_t *fold = arena_array(a, (size_t)n, 1);
    double *chance = arena_array(a, (size_t)n * (size_t)arms, sizeof *chance);
    for (int64_t i = 0; i < n; i++) {
        lua_geti(L, 1, i + 1);
        int t = lua_gettop(L);
        row[i].arm = (int32_t)number_at(L, t, 1) - 1;
        row[i].reward = number_at(L, t, 2);
        cell[i] = (int32_t)number_at(L, t, 3) - 1;
        fold[i] = (uint8_t)(number_at(L, t, 4) - 1);
        for (int k = 0; k < arms; k++)
            chance[i * arms + k] = number_at(L, t, 5 + k);
        lua_pop(L, 1);
    }
    offpolicy_fit(a, row, n, chance, arms, cell, (int32_t)luaL_checkinteger(L, 3), fold);
    lua_newtable(L);
    for (int64_t i = 0; i < n; i++) {
        lua_newtable(L);
        set(L, "fitted", row[i].fitted);
        set(L, "expected", row[i].expected);
        lua_rawseti(L, -2, i + 1);
    }
    arena_free(a);
    return 1;
}

static void set_area(lua_State *L, const char *name, struct area area) {
    lua_newtable(L);
    set(L, "value", area.value);
    set(L, "above", area.above);
    set(L, "error", area.error);
    lua_setfield(L, -2, name);
}

// Rows { score, reward, treated (0, 1) } -> the curves; nil without treated or controls. Parts go
// round by the rows' order.
static int uplift(lua_State *L) {
    struct arena *a = arena_new();
    struct uplift u;
    int64_t n = luaL_len(L, 1);
    struct scored *row = arena_array(a, (size_t)n, sizeof *row);
    for (int64_t i = 0; i < n; i++) {
        lua_geti(L, 1, i + 1);
        int t = lua_gettop(L);
        row[i] = (struct scored){number_at(L, t, 1), number_at(L, t, 2), number_at(L, t, 3) != 0,
                                 (uint8_t)(i % UPLIFT_PARTS)};
        lua_pop(L, 1);
    }
    bool known = uplift_curve(row, n, &u);
    arena_free(a);
    if (!known)
        return 0;
    lua_newtable(L);
    set(L, "effect", u.effect);
    set_area(L, "qini", u.qini);
    set_area(L, "auuc", u.auuc);
    lua_newtable(L);
    for (int i = 0; i < UPLIFT_POINTS; i++) {
        lua_pushnumber(L, u.qini_at[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "at");
    return 1;
}

int open_plan(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"smallest", smallest}, {"customers", customers}, {"power", power}, {"baseline", baseline},
        {"arm", arm},           {"value", value},         {"fit", fit},     {"uplift", uplift},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
