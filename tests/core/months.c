// Opens src/months to Lua.
#include <lauxlib.h>

#include "load/load.h"
#include "module.h"
#include "months/months.h"

static void field(lua_State *L, const char *name, int64_t x) {
    lua_pushinteger(L, x);
    lua_setfield(L, -2, name);
}

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
    field(L, "retained", f->retained);
    field(L, "developed", f->developed);
    field(L, "acquired", f->acquired);
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
//         idle =, most =, discount =, ... } -> { equity, frozen, runs = { { { customers, ... } ...
//         } ... }
//         }
static int months(lua_State *L) {
    struct simulated s = {.arena = arena_new(), .options.assume = assumptions_default()};
    struct months_options *o = &s.options;
    o->months = (int)number_of(L, "months", 1);
    o->runs = (int)number_of(L, "runs", 1);
    o->seed = (uint64_t)number_of(L, "seed", 1);
    o->sample = (int64_t)number_of(L, "sample", 100000);
    o->assume.value[ASSUME_BASE_SPREAD] = o->assume.value[ASSUME_VALUE_SPREAD] = 0; // unless asked
    for (int i = 0; i < ASSUMPTIONS; i++)
        o->assume.value[i] = number_of(L, assumption[i].name, o->assume.value[i]);
    s.host.threads = (int)number_of(L, "threads", 1);
    lua_getfield(L, 1, "idle");
    o->idle = lua_toboolean(L, -1);
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

int open_months(lua_State *L) {
    static const luaL_Reg functions[] = {{"months", months}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
