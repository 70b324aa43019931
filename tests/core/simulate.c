// Opens src/simulate to Lua.
#include <lauxlib.h>
#include <string.h>

#include "load/load.h"
#include "module.h"
#include "simulate/best.h"
#include "simulate/curve.h"
#include "simulate/months.h"

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

// From { { { cost, value, { supply, ... }, control }, ... }, ... }.
struct market {
    int64_t customers;
    struct choice *choice;
    int64_t *first; // of each customer's; one more
};

static int get_choices(const void *ctx, int64_t customer, struct choice *out) {
    const struct market *m = ctx;
    int n = 0;
    for (int64_t i = m->first[customer]; i < m->first[customer + 1]; i++)
        out[n++] = m->choice[i];
    return n;
}

static int64_t integer_at(lua_State *L, int table, int i) {
    lua_geti(L, table, i);
    int64_t x = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return x;
}

static struct choice read_choice(lua_State *L) {
    int at = lua_gettop(L);
    struct choice x = {.cost = integer_at(L, at, 1), .value = integer_at(L, at, 2)};
    lua_geti(L, at, 3);
    x.n_draws = (int)luaL_len(L, -1);
    for (int i = 0; i < x.n_draws; i++)
        x.draws[i] = (int32_t)integer_at(L, at + 1, i + 1) - 1;
    lua_geti(L, at, 4);
    x.control = lua_toboolean(L, -1);
    lua_settop(L, at);
    return x;
}

static struct market read_market(lua_State *L, struct arena *a) {
    struct market m = {.customers = luaL_len(L, 1)};
    int64_t n = 0;
    m.first = arena_array(a, (size_t)m.customers + 1, sizeof *m.first);
    m.choice = arena_array(a, (size_t)m.customers * HULL_MOST, sizeof *m.choice);
    for (int64_t c = 0; c < m.customers; c++) {
        lua_geti(L, 1, c + 1);
        for (lua_Integer k = 1, all = luaL_len(L, -1); k <= all; k++) {
            lua_geti(L, -1, k);
            m.choice[n++] = read_choice(L);
            lua_pop(L, 1);
        }
        m.first[c + 1] = n;
        lua_pop(L, 1);
    }
    return m;
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

// use(customers, supplies, threads): { cost, value, bound, sided, choice = { by customer; 0: none }
// }.
static int use(lua_State *L) {
    struct arena *a = arena_new();
    struct market market = read_market(L, a);
    int n = (int)luaL_len(L, 2);
    struct choices choices = {&market, market.customers, n, read_supplies(L, a, n), get_choices};
    struct host host = {.threads = (int)luaL_checkinteger(L, 3)};
    struct best best;
    struct err err = {DONE};
    enum status status = best_use(a, &host, &choices, &best, &err);
    lua_newtable(L);
    if (status == DONE) {
        field(L, "cost", best.cost);
        field(L, "value", best.value);
        field(L, "bound", best.bound);
        lua_pushboolean(L, best.sided);
        lua_setfield(L, -2, "sided");
        lua_newtable(L);
        for (int64_t c = 0; c < market.customers; c++) {
            lua_pushinteger(L, best.choice[c] + 1);
            lua_rawseti(L, -2, c + 1);
        }
        lua_setfield(L, -2, "choice");
    } else {
        lua_pushstring(L, err.text);
    }
    arena_free(a);
    return status == DONE ? 1 : luaL_error(L, "%s", lua_tostring(L, -1));
}

// ---- months -----------------------------------------------------------------------------------

struct simulated {
    struct arena *arena;
    const char *data, *policy, *helper, *elasticity;
    struct months_options options;
    struct host host;
    struct loaded loaded;
    struct decisions *decisions;
    struct months *months;
    struct err err;
};

static enum status simulate(void *arg) {
    struct simulated *s = arg;
    struct findings findings = {.arena = s->arena};
    const struct policy_options options = {.helper = s->helper, .host = &s->host};
    const struct load_options load = {.path = s->data};
    struct policy *policy;
    if (s->elasticity)
        TRY(elasticity_read(s->elasticity, &s->options.change, &s->err));
    TRY(load_dataset(s->arena, &s->host, &load, &s->loaded, &s->err));
    TRY(policy_load(s->arena, s->policy, &options, &findings, &policy, &s->err));
    struct board *board = policy_board(s->arena, policy, &s->host, &s->loaded.data);
    TRY(policy_compile(s->arena, policy, board, &s->loaded.data, &findings, &s->err));
    TRY(decide(s->arena, &s->host, policy, board, &s->loaded.data, &s->decisions, &s->err));
    return months_run(s->arena, &s->host, s->decisions, &s->options, &s->months, &s->err);
}

static double number_of(lua_State *L, const char *name, double otherwise) {
    lua_getfield(L, 1, name);
    double x = luaL_optnumber(L, -1, otherwise);
    lua_pop(L, 1);
    return x;
}

static const char *text_of(lua_State *L, const char *name) {
    lua_getfield(L, 1, name); // stays on the stack, and so alive
    return lua_tostring(L, -1);
}

static void push_figures(lua_State *L, const struct months *m, const struct figures *f) {
    lua_newtable(L);
    field(L, "customers", f->customers);
    field(L, "revenue", f->revenue);
    field(L, "margin", f->margin);
    field(L, "cost", f->cost);
    field(L, "offers", f->offers);
    field(L, "equity", f->equity);
    field(L, "joined", f->joined);
    lua_newtable(L);
    for (int i = 0; i < m->classes; i++) {
        lua_pushinteger(L, f->class[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "classes");
}

static void push_months(lua_State *L, const struct months *m) {
    lua_newtable(L);
    field(L, "equity", m->equity);
    field(L, "strangers", m->life->strangers);
    field(L, "clamped", m->life->clamped);
    lua_newtable(L);
    for (int i = 0; i < m->evolution->listed; i++) {
        struct str name = m->evolution->frozen_name[i];
        lua_pushlstring(L, name.p, name.n);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "frozen");
    lua_newtable(L);
    for (int run = 0; run < m->options.runs; run++) {
        lua_newtable(L);
        for (int k = 0; k < m->options.months; k++) {
            push_figures(L, m, &m->figures[run * m->options.months + k]);
            lua_rawseti(L, -2, k + 1);
        }
        lua_pushnumber(L, months_earned(m, run));
        lua_setfield(L, -2, "earned");
        lua_rawseti(L, -2, run + 1);
    }
    lua_setfield(L, -2, "runs");
}

// months{ data =, policy =, helper =, months =, runs =, seed =, sample =, threads =, elasticity =,
//         most =, discount =, ... } -> { equity, frozen, runs = { { { customers, ... } ... } ... }
//         }
static int months(lua_State *L) {
    struct simulated s = {.arena = arena_new(), .options.assume = assumptions_default()};
    struct months_options *o = &s.options;
    o->months = (int)number_of(L, "months", 1);
    o->runs = (int)number_of(L, "runs", 1);
    o->seed = (uint64_t)number_of(L, "seed", 1);
    o->sample = (int64_t)number_of(L, "sample", 100000);
    for (int i = 0; i < ASSUMPTIONS; i++)
        o->assume.value[i] = number_of(L, assumption[i].name, o->assume.value[i]);
    s.host.threads = (int)number_of(L, "threads", 1);
    s.data = text_of(L, "data");
    s.policy = text_of(L, "policy");
    s.helper = text_of(L, "helper");
    s.elasticity = text_of(L, "elasticity");
    enum status status = arena_run(simulate, &s, &s.err);
    if (status == DONE)
        push_months(L, s.months);
    else
        lua_pushstring(L, s.err.text);
    arena_free(s.arena);
    return status == DONE ? 1 : (lua_pushnil(L), lua_insert(L, -2), 2);
}

int open_simulate(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"best", best}, {"corners", corners}, {"use", use}, {"months", months}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
