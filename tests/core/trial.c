// Opens src/trial to Lua.
#include <lauxlib.h>

#include "module.h"
#include "trial/adjust.h"
#include "trial/belief.h"
#include "trial/multiple.h"
#include "trial/ratio.h"
#include "trial/segments.h"

static double number_at(lua_State *L, int table, lua_Integer i) {
    lua_geti(L, table, i);
    double x = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return x;
}

static void push_list(lua_State *L, const double *x, int n) {
    lua_newtable(L);
    for (int i = 0; i < n; i++) {
        lua_pushnumber(L, x[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

// effects, errors -> shrunk, deviations, common mean, spread (none with too few groups)
static int shrink_effects(lua_State *L) {
    struct group_effect group[64];
    struct common_effect common;
    double shrunk[64], deviation[64];
    int n = (int)luaL_len(L, 1);
    luaL_argcheck(L, n <= 64, 1, "too many groups");
    for (int i = 0; i < n; i++)
        group[i] = (struct group_effect){number_at(L, 1, i + 1), number_at(L, 2, i + 1)};
    bool known = shrink(group, n, &common);
    for (int i = 0; i < n; i++) {
        shrunk[i] = group[i].shrunk;
        deviation[i] = group[i].deviation;
    }
    push_list(L, shrunk, n);
    push_list(L, deviation, n);
    if (!known)
        return 2;
    lua_pushnumber(L, common.mean);
    lua_pushnumber(L, common.spread);
    return 4;
}

// prior mean, deviation, effects, errors -> shrunk, deviations, what they share of the variance
static int shrink_from_prior(lua_State *L) {
    struct common_prior prior = {luaL_checknumber(L, 1), luaL_checknumber(L, 2)};
    struct group_effect group[64];
    struct common_effect common;
    double shrunk[64], deviation[64];
    int n = (int)luaL_len(L, 3);
    luaL_argcheck(L, n <= 64, 3, "too many groups");
    for (int i = 0; i < n; i++)
        group[i] = (struct group_effect){number_at(L, 3, i + 1), number_at(L, 4, i + 1)};
    shrink_from(&prior, group, n, &common);
    for (int i = 0; i < n; i++) {
        shrunk[i] = group[i].shrunk;
        deviation[i] = group[i].deviation;
    }
    push_list(L, shrunk, n);
    push_list(L, deviation, n);
    lua_pushnumber(L, common.shared);
    return 3;
}

// {n, mean, squares, units, squares of units}; without the last two each customer is one
static struct moments moments_at(lua_State *L, int i) {
    int64_t n = (int64_t)number_at(L, i, 1);
    double squares = number_at(L, i, 3);
    if (luaL_len(L, i) < 5)
        return (struct moments){n, n, number_at(L, i, 2), squares, squares};
    return (struct moments){n, (int64_t)number_at(L, i, 4), number_at(L, i, 2), squares,
                            number_at(L, i, 5)};
}

static void field(lua_State *L, const char *name, double x) {
    lua_pushnumber(L, x);
    lua_setfield(L, -2, name);
}

static void push_estimate(lua_State *L, const struct estimate *e) {
    lua_newtable(L);
    field(L, "value", e->value);
    field(L, "error", e->error);
    field(L, "freedom", e->freedom);
    field(L, "p", e->p);
    field(L, "low", e->fixed.low);
    field(L, "high", e->fixed.high);
    field(L, "always_low", e->always.low);
    field(L, "always_high", e->always.high);
}

// control, treated, alpha, planned -> the difference, the lift
static int effect(lua_State *L) {
    struct precision k = {luaL_checknumber(L, 3), luaL_checknumber(L, 4)};
    struct contrast e = contrast_of(moments_at(L, 1), moments_at(L, 2), &k);
    push_estimate(L, &e.difference);
    push_estimate(L, &e.lift);
    return 2;
}

// list of p -> the same by Holm
static int holm(lua_State *L) {
    double p[64], *list[64];
    int n = (int)luaL_len(L, 1);
    luaL_argcheck(L, n <= 64, 1, "too many");
    for (int i = 0; i < n; i++) {
        p[i] = number_at(L, 1, i + 1);
        list[i] = &p[i];
    }
    multiple_holm(list, n);
    push_list(L, p, n);
    return 1;
}

// control, list of arms, alpha -> which is highest (none: no errors), what to count on, interval
static int winner(lua_State *L) {
    struct precision k = {luaL_checknumber(L, 3), 5000};
    struct contrast contrast[64];
    const struct contrast *arm[64];
    int n = (int)luaL_len(L, 2);
    luaL_argcheck(L, n <= 64, 2, "too many arms");
    for (int i = 0; i < n; i++) {
        lua_geti(L, 2, i + 1);
        contrast[i] = contrast_of(moments_at(L, 1), moments_at(L, lua_gettop(L)), &k);
        arm[i] = &contrast[i];
        lua_pop(L, 1);
    }
    struct winner w = winner_of(arm, n, &k);
    if (w.arm < 0)
        return 0;
    lua_pushinteger(L, w.arm + 1);
    lua_pushnumber(L, w.value);
    lua_pushnumber(L, w.any.low);
    lua_pushnumber(L, w.any.high);
    return 4;
}

static double *values_of(lua_State *L, int table, struct arena *a) {
    lua_Integer n = luaL_len(L, table);
    double *x = arena_array(a, (size_t)n + 1, sizeof *x);
    for (lua_Integer i = 0; i < n; i++)
        x[i] = number_at(L, table, i + 1);
    return x;
}

static int32_t *groups_of(lua_State *L, int table, struct arena *a) {
    lua_Integer n = luaL_len(L, table);
    int32_t *x = arena_array(a, (size_t)n + 1, sizeof *x);
    for (lua_Integer i = 0; i < n; i++)
        x[i] = (int32_t)number_at(L, table, i + 1);
    return x;
}

static void push_moments(lua_State *L, struct moments m) {
    push_list(L, (const double[]){(double)m.n, m.mean, m.squares, (double)m.units, m.unit_squares},
              5);
}

// The names as a label of so many customers; false is none.
static const struct column *labels_of(lua_State *L, int table, struct arena *a) {
    lua_Integer n = luaL_len(L, table);
    struct str *name = arena_array(a, (size_t)n, sizeof *name);
    struct column *c = column_new(a, STR("cluster"), TYPE_LABEL, n);
    for (lua_Integer i = 0; i < n; i++) {
        lua_geti(L, table, i + 1);
        name[i] = lua_toboolean(L, -1) ? str_of(lua_tostring(L, -1)) : STR("");
        lua_pop(L, 1); // the table keeps the text
    }
    c->dict = dict_new(a, name, (int32_t)n, false);
    for (lua_Integer i = 0; i < n; i++)
        if (name[i].n)
            column_set_code(c, i, dict_find(c->dict, name[i]));
    column_finish(c);
    return c;
}

// values, groups from 0, how many, clusters or nil -> moments of each, how many clusters are split
static int moments(lua_State *L) {
    struct arena *a = arena_new();
    struct moments m[64];
    struct clusters clusters = {0};
    bool clustered = lua_istable(L, 4);
    int groups = (int)luaL_checkinteger(L, 3);
    int32_t *group = groups_of(L, 2, a);
    if (clustered)
        clusters = clusters_of(a, labels_of(L, 4, a));
    moments_of_clusters(a, values_of(L, 1, a), group, clustered ? &clusters : NULL, luaL_len(L, 1),
                        groups, m);
    lua_newtable(L);
    for (int g = 0; g < groups; g++) {
        push_moments(L, m[g]);
        lua_rawseti(L, -2, g + 1);
    }
    int64_t count[64] = {0};
    lua_pushinteger(L, clusters_count(&clusters, group, count));
    arena_free(a);
    return 2;
}

// values, values before, arms from 0, how many -> what it came to, the adjusted values
static int adjust_values(lua_State *L) {
    struct arena *a = arena_new();
    lua_Integer n = luaL_len(L, 1);
    double *adjusted = arena_array(a, (size_t)n + 1, sizeof *adjusted);
    struct adjustment x = adjust(a, values_of(L, 1, a), values_of(L, 2, a), groups_of(L, 3, a),
                                 NULL, n, (int)luaL_checkinteger(L, 4), adjusted);
    lua_newtable(L);
    field(L, "slope", x.slope);
    field(L, "rho2", x.rho2);
    field(L, "narrower", x.narrower);
    field(L, "p", x.p);
    field(L, "missing", (double)x.missing);
    lua_pushboolean(L, x.helps);
    lua_setfield(L, -2, "helps");
    push_list(L, adjusted, (int)n);
    arena_free(a);
    return 2;
}

// customers by arm, shares -> statistic, p, whether it holds
static int ratio(lua_State *L) {
    int arms = (int)luaL_len(L, 1);
    int64_t drawn[ARMS_MOST];
    double share[ARMS_MOST];
    for (int i = 0; i < arms; i++) {
        drawn[i] = (int64_t)number_at(L, 1, i + 1);
        share[i] = number_at(L, 2, i + 1);
    }
    struct ratio r = ratio_of(arms, drawn, share);
    lua_pushnumber(L, r.statistic);
    lua_pushnumber(L, r.p);
    lua_pushboolean(L, r.holds);
    return 3;
}

// moments by segment in the control, in the arm -> the stratified estimate, shrunk differences,
// how many customers are outside
static int segments(lua_State *L) {
    static const struct precision k = {0.05, 5000};
    struct arena *a = arena_new();
    struct moments control[64], treated[64];
    double shrunk[64];
    int n = (int)luaL_len(L, 1);
    for (int i = 0; i < n; i++) {
        lua_geti(L, 1, i + 1);
        lua_geti(L, 2, i + 1);
        control[i] = moments_at(L, lua_gettop(L) - 1);
        treated[i] = moments_at(L, lua_gettop(L));
        lua_pop(L, 2);
    }
    struct segment_effects s = segment_effects_of(a, control, treated, n, &k);
    for (int i = 0; i < s.n; i++)
        shrunk[i] = s.segment[i].shrunk;
    push_estimate(L, &s.stratified);
    push_list(L, shrunk, s.n);
    lua_pushinteger(L, s.outside);
    arena_free(a);
    return 3;
}

// prior mean, deviation, control moments, treated moments by class, relative or not, weights ->
// effects, deviations, deviation of the weighted mean, firm or not
static int belief(lua_State *L) {
    struct arena *a = arena_new();
    struct common_prior prior = {luaL_checknumber(L, 1), luaL_checknumber(L, 2)};
    struct moments control[64], treated[64];
    struct belief b;
    double weight[64];
    int n = (int)luaL_len(L, 3);
    luaL_argcheck(L, n <= 64, 3, "too many classes");
    for (int i = 0; i < n; i++) {
        lua_geti(L, 3, i + 1);
        control[i] = moments_at(L, lua_gettop(L));
        lua_geti(L, 4, i + 1);
        treated[i] = moments_at(L, lua_gettop(L));
        lua_pop(L, 2);
        weight[i] = number_at(L, 6, i + 1);
    }
    belief_of(a, &prior, control, treated, n, lua_toboolean(L, 5), &b);
    push_list(L, b.effect, n);
    push_list(L, b.deviation, n);
    lua_pushnumber(L, belief_deviation(&b, weight));
    lua_pushboolean(L, b.firm);
    arena_free(a);
    return 4;
}

int open_trial(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"belief", belief},
        {"shrink", shrink_effects},
        {"shrink_from", shrink_from_prior},
        {"effect", effect},
        {"moments", moments},
        {"adjust", adjust_values},
        {"ratio", ratio},
        {"segments", segments},
        {"holm", holm},
        {"winner", winner},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
