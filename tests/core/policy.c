// Opens src/policy to Lua.
//
// load{ path =, helper =, deadline =, set = { {name, value} ... }, compile = true, currency =,
//       people = { {name, type, value} ... } } -> the result as tables. `people` is a dataset of
//       one
// customer. With `change`, a param: every metric is computed, and `unmoved` names those that it
// leaves alone.
#include <lauxlib.h>
#include <string.h>

#include "module.h"
#include "policy/helper.h"
#include "policy/policy.h"
#include "policy/unmoved.h"
#include "policy/wire.h"

struct run {
    struct arena *arena;
    const char *path;
    struct policy_options options;
    bool compile, audit;
    const char *change;
    const struct column *const *unmoved;
    int n_unmoved;
    struct dataset *data;
    struct findings findings;
    struct policy *policy;
    struct err err;
};

static struct str str_at(lua_State *L, int i) {
    struct str s;
    s.p = luaL_checklstring(L, i, &s.n);
    return s;
}

static const char *option(lua_State *L, const char *name) {
    lua_getfield(L, 1, name); // stays on the stack, and so alive
    return lua_tostring(L, -1);
}

static void read_settings(lua_State *L, struct run *r) {
    if (lua_getfield(L, 1, "set") != LUA_TTABLE)
        return;
    int n = (int)luaL_len(L, -1), list = lua_gettop(L);
    struct setting *set = lua_newuserdatauv(L, sizeof *set * (size_t)(n + 1), 0);
    for (int i = 0; i < n; i++) {
        lua_geti(L, list, i + 1);
        lua_geti(L, -1, 1);
        set[i].name = str_at(L, -1);
        lua_geti(L, -2, 2);
        set[i].value = str_at(L, -1);
    }
    r->options.settings = set;
    r->options.n_settings = n;
}

// ---- a dataset of one customer --------------------------------------------------------------

static struct column *one_value(lua_State *L, struct arena *a, int entry) {
    lua_geti(L, entry, 1);
    struct str name = str_at(L, -1), label;
    lua_geti(L, entry, 2);
    struct column *c = column_new(a, name, (enum type)type_of_name(str_at(L, -1)), 1);
    switch (lua_geti(L, entry, 3), c->type) {
    case TYPE_LABEL:
        label = str_at(L, -1);
        c->dict = dict_new(a, &label, 1, false);
        column_set_code(c, 0, 0);
        break;
    case TYPE_NUMBER: column_set_number(c, 0, lua_tonumber(L, -1)); break;
    case TYPE_FLAG: column_set_flag(c, 0, lua_toboolean(L, -1)); break;
    case TYPE_DATE: column_set_date(c, 0, (int32_t)lua_tointeger(L, -1)); break;
    default: column_set_integer(c, 0, lua_tointeger(L, -1));
    }
    column_finish(c);
    return c;
}

static void read_people(lua_State *L, struct run *r) {
    const char *currency = option(L, "currency");
    if (lua_getfield(L, 1, "people") != LUA_TTABLE)
        return;
    int n = (int)luaL_len(L, -1), list = lua_gettop(L);
    const struct column **columns = arena_array(r->arena, (size_t)n, sizeof *columns);
    for (int i = 0; i < n; i++) {
        lua_geti(L, list, i + 1);
        columns[i] = one_value(L, r->arena, lua_gettop(L));
    }
    struct table *people = arena_alloc(r->arena, sizeof *people);
    *people = (struct table){.name = STR("customers"), .n = 1, .columns = n, .column = columns};
    r->data = arena_alloc(r->arena, sizeof *r->data);
    *r->data = (struct dataset){.currency = str_of(currency ? currency : ""),
                                .decimals = 2,
                                .customers = 1,
                                .people = people,
                                .id = columns[0]};
}

// ---- the result -----------------------------------------------------------------------------

static void put(struct buf *b, const char *before, struct str s) {
    if (s.p)
        buf_printf(b, "%s%.*s", before, (int)s.n, s.p);
}

static void put_value(struct buf *b, const char *before, const struct value *v) {
    buf_z(b, before);
    switch (v->tag) {
    case VALUE_BOOLEAN: buf_z(b, v->boolean ? "true" : "false"); break;
    case VALUE_INTEGER: buf_printf(b, "%lld", (long long)v->integer); break;
    case VALUE_FLOAT: buf_printf(b, "%.17gf", v->number); break;
    case VALUE_STRING: put(b, "", v->string); break;
    }
}

static void put_labels(struct buf *b, const struct dict *labels) {
    for (int32_t i = 0; labels && i < labels->n; i++)
        put(b, i ? "|" : " ", dict_at(labels, i));
}

static void put_list(struct buf *b, const char *before, const struct str *list, int n) {
    for (int i = 0; i < n; i++)
        put(b, i ? "|" : before, list[i]);
}

static void put_duration(struct buf *b, const char *before, struct duration d) {
    if (d.days || d.months)
        buf_printf(b, "%s%lld%s", before, (long long)(d.days ? d.days : d.months),
                   d.days ? "d" : "m");
}

static void put_names(struct buf *b, const struct policy *p) {
    put(b, "policy ", p->title);
    put(b, " currency=", p->currency);
    for (int i = 0; i < p->inputs; i++) {
        put(b, "\ninput ", p->input[i].name);
        buf_printf(b, " %s", type_name(p->input[i].type));
        put_labels(b, p->input[i].labels);
    }
    for (int i = 0; i < p->params; i++) {
        const struct param *param = &p->param[i];
        put(b, "\nparam ", param->name);
        buf_printf(b, " %s", type_name(param->type));
        put_value(b, " ", &param->value);
        if (param->ranged)
            buf_printf(b, " %g..%g", param->from, param->to);
        buf_z(b, param->changed ? " changed" : "");
    }
    for (int i = 0; i < p->metrics; i++) {
        const struct declared *m = &p->metric[i];
        put(b, "\nmetric ", m->name);
        buf_printf(b, " %d", m->aggregate);
        put(b, " table=", m->table);
        put(b, " value=", m->value.text);
        put(b, " where=", m->where.text);
        put_duration(b, " last=", m->last);
        put_duration(b, " ending=", m->ending);
    }
}

static void put_rules(struct buf *b, const struct policy *p) {
    for (int s = 0; s < p->schemes; s++) {
        put(b, "\ntiers ", p->scheme[s].name);
        for (int i = 0; i < p->scheme[s].n; i++) {
            put(b, "\n  ", p->scheme[s].class[i].name);
            put(b, " when=", p->scheme[s].class[i].when.formula.text);
        }
        put_labels(b, p->scheme[s].labels);
    }
    for (int i = 0; i < p->campaigns; i++) {
        const struct campaign *c = &p->campaign[i];
        put(b, "\ncampaign ", c->name);
        put(b, "\n  goal=", c->goal);
        put(b, "\n  when=", c->when.formula.text);
        put(b, "\n  never=", c->never.formula.text);
        put(b, "\n  offer=", c->offer.text);
        put(b, "\n  cost=", c->cost.formula.text);
        put(b, "\n  value=", c->value.formula.text);
        for (int k = 0; k < c->channels; k++)
            put(b, k ? "|" : "\n  channel=", p->channel[c->channel[k]].name);
        if (c->holdout > 0)
            buf_printf(b, "\n  holdout=%g", c->holdout);
    }
    for (int i = 0; i < p->tests; i++) {
        const struct expectation *e = &p->test[i];
        put(b, "\ntest ", e->name);
        for (int k = 0; k < e->given; k++) {
            put(b, k ? " " : "\n  ", e->give[k].name);
            put_value(b, "=", &e->give[k].value);
        }
        for (int k = 0; k < e->columns; k++) {
            put(b, "\n  tier ", e->column[k].name);
            put_value(b, "=", &e->column[k].value);
        }
        buf_z(b, e->has_offers ? "\n  offers " : "");
        put_list(b, "", e->offer, e->offers);
    }
}

static void push_policy(lua_State *L, struct run *r) {
    struct buf b = {.arena = r->arena};
    put_names(&b, r->policy);
    put_rules(&b, r->policy);
    lua_pushlstring(L, b.p, b.n);
    lua_setfield(L, -2, "policy");
    lua_pushstring(L, r->policy->sha256);
    lua_setfield(L, -2, "sha256");
}

// Findings as "severity code line:column text".
static void push_findings(lua_State *L, const struct run *r) {
    lua_newtable(L);
    for (int i = 0; i < r->findings.n; i++) {
        const struct finding *f = &r->findings.list[i];
        lua_pushfstring(L, "%s %s %d:%d %s", severity_name(f->severity), f->code, (int)f->at.line,
                        (int)f->at.column, f->text);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "findings");
}

static void push_unmoved(lua_State *L, const struct run *r) {
    lua_newtable(L);
    for (int i = 0; i < r->n_unmoved; i++) {
        lua_pushlstring(L, r->unmoved[i]->name.p, r->unmoved[i]->name.n);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "unmoved");
}

static enum status find_unmoved(struct run *r, struct board *board) {
    const struct str change = str_of(r->change);
    const struct column *c;
    for (int i = 0; i < r->policy->metrics; i++)
        TRY(board_column(board, r->policy->metric[i].name, &c, &r->err));
    r->n_unmoved = unmoved_columns(r->arena, board, &change, 1, &r->unmoved);
    return DONE;
}

static enum status load_it(void *arg) {
    struct run *r = arg;
    TRY(policy_load(r->arena, r->path, &r->options, &r->findings, &r->policy, &r->err));
    if (!r->compile)
        return DONE;
    static const struct host host = {.threads = 1};
    struct board *board = policy_board(r->arena, r->policy, &host, r->data);
    TRY(policy_compile(r->arena, r->policy, board, r->data, &r->findings, &r->err));
    if (r->audit)
        policy_audit(r->arena, r->policy, board, &r->findings);
    findings_sort(&r->findings);
    return r->change ? find_unmoved(r, board) : DONE;
}

static int load(lua_State *L) {
    struct run r = {.arena = arena_new()};
    char line[3000];
    r.path = option(L, "path");
    r.options.helper = option(L, "helper");
    r.change = option(L, "change");
    lua_getfield(L, 1, "deadline");
    r.options.deadline_ms = (int)lua_tointeger(L, -1);
    lua_getfield(L, 1, "compile");
    r.compile = lua_toboolean(L, -1);
    lua_getfield(L, 1, "audit");
    r.audit = lua_toboolean(L, -1);
    r.findings.arena = r.arena;
    read_settings(L, &r);
    read_people(L, &r);
    lua_getfield(L, 1, "fail_at");
    mem_fail_at((long)lua_tointeger(L, -1), 1);
    enum status status = arena_run(load_it, &r, &r.err);
    mem_fail_at(0, 0);
    lua_newtable(L);
    lua_pushinteger(L, status);
    lua_setfield(L, -2, "status");
    err_line(&r.err, line, sizeof line);
    lua_pushstring(L, line);
    lua_setfield(L, -2, "error");
    push_findings(L, &r);
    push_unmoved(L, &r);
    if (r.policy)
        push_policy(L, &r);
    arena_free(r.arena);
    return 1;
}

// ---- the wire -------------------------------------------------------------------------------

// bytes -> whether they are an answer
static int wire(lua_State *L) {
    struct arena *a = arena_new();
    struct answer answer;
    size_t n;
    const char *bytes = luaL_checklstring(L, 1, &n);
    char *copy = memcpy(arena_alloc(a, n + 1), bytes, n); // its own block, for the sanitizers
    lua_pushboolean(L, wire_read(a, (struct str){copy, n}, &answer));
    arena_free(a);
    return 1;
}

// -> the vocabulary, a table a word
static int words(lua_State *L) {
    lua_newtable(L);
    for (size_t i = 0; policy_word(i); i++) {
        const struct word *w = policy_word(i);
        lua_newtable(L);
        lua_pushstring(L, w->block);
        lua_setfield(L, -2, "block");
        lua_pushstring(L, w->name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, w->takes);
        lua_setfield(L, -2, "takes");
        lua_pushboolean(L, w->required);
        lua_setfield(L, -2, "required");
        lua_pushboolean(L, w->global);
        lua_setfield(L, -2, "global");
        lua_pushstring(L, w->help);
        lua_setfield(L, -2, "help");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

int open_policy(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"load", load}, {"wire", wire}, {"words", words}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}
