// Opens src/base to Lua.
#include <lauxlib.h>
#include <string.h>

#include "base/chance.h"
#include "base/date.h"
#include "base/file.h"
#include "base/finding.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/money.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "module.h"

static struct str check_str(lua_State *L, int i) {
    struct str s;
    s.p = luaL_checklstring(L, i, &s.n);
    return s;
}

static int integer_of(lua_State *L) {
    int64_t x;
    if (!number_integer(check_str(L, 1), &x))
        return 0;
    lua_pushinteger(L, x);
    return 1;
}

static int double_of(lua_State *L) {
    double x;
    if (!number_double(check_str(L, 1), *luaL_optstring(L, 2, "."), &x))
        return 0;
    lua_pushnumber(L, x);
    return 1;
}

static int print_double(lua_State *L) {
    char text[NUMBER_MAX];
    lua_pushlstring(L, text, (size_t)number_print(luaL_checknumber(L, 1), text));
    return 1;
}

static int print_integer(lua_State *L) {
    char text[NUMBER_MAX];
    lua_pushlstring(L, text, (size_t)number_print_integer(luaL_checkinteger(L, 1), text));
    return 1;
}

static int money_of(lua_State *L) {
    int64_t x;
    bool rounded;
    if (!money_parse(check_str(L, 1), *luaL_optstring(L, 3, "."), (int)luaL_checkinteger(L, 2), &x,
                     &rounded))
        return 0;
    lua_pushinteger(L, x);
    lua_pushboolean(L, rounded);
    return 2;
}

static int print_money(lua_State *L) {
    char text[NUMBER_MAX];
    int n = money_print(luaL_checkinteger(L, 1), (int)luaL_checkinteger(L, 2), text);
    lua_pushlstring(L, text, (size_t)n);
    return 1;
}

static int round_money(lua_State *L) {
    int64_t x;
    if (!money_round(luaL_checknumber(L, 1), (int)luaL_checkinteger(L, 2), &x))
        return 0;
    lua_pushinteger(L, x);
    return 1;
}

static int decimals_of(lua_State *L) {
    lua_pushinteger(L, money_decimals(check_str(L, 1)));
    return 1;
}

static int parse_date(lua_State *L) {
    int32_t date;
    bool had_time;
    if (!date_parse(check_str(L, 1), check_str(L, 2), &date, &had_time))
        return 0;
    lua_pushinteger(L, date);
    lua_pushboolean(L, had_time);
    return 2;
}

static int print_date(lua_State *L) {
    char text[NUMBER_MAX];
    lua_pushlstring(L, text, (size_t)date_print((int32_t)luaL_checkinteger(L, 1), text));
    return 1;
}

static int add_months(lua_State *L) {
    lua_pushinteger(L, date_add_months((int32_t)luaL_checkinteger(L, 1), luaL_checkinteger(L, 2)));
    return 1;
}

static int months_between(lua_State *L) {
    lua_pushinteger(
        L, date_months_between((int32_t)luaL_checkinteger(L, 1), (int32_t)luaL_checkinteger(L, 2)));
    return 1;
}

static int format_valid(lua_State *L) {
    lua_pushboolean(L, date_format_valid(check_str(L, 1)));
    return 1;
}

static int sha256(lua_State *L) {
    char hex[HASH_HEX];
    hash_hex(check_str(L, 1), hex);
    lua_pushstring(L, hex);
    return 1;
}

static int share(lua_State *L) {
    lua_pushnumber(L, hash_share(check_str(L, 1), check_str(L, 2)));
    return 1;
}

static bool next_name(const void *ctx, size_t i, struct str *out) {
    lua_State *L = *(lua_State *const *)ctx;
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    out->p = lua_tolstring(L, -1, &out->n);
    lua_pop(L, 1);
    return out->p != NULL;
}

static int nearest(lua_State *L) {
    struct str s = str_nearest(check_str(L, 1), next_name, &L);
    lua_pushlstring(L, s.n ? s.p : "", s.n);
    return 1;
}

static int json_text(lua_State *L) {
    struct arena *a = arena_new();
    struct buf b = {.arena = a};
    struct json j = {.out = &b};
    json_str(&j, check_str(L, 1)); // short texts only: no room for arena_run here
    lua_pushlstring(L, b.p, b.n);
    arena_free(a);
    return 1;
}

// ---- random numbers -------------------------------------------------------------------------

// key, key, counter x 4 -> four words
static int random_block(lua_State *L) {
    uint32_t words[6], out[4];
    for (int i = 0; i < 6; i++)
        words[i] = (uint32_t)luaL_checkinteger(L, i + 1);
    rng_block(words, words + 2, out);
    for (int i = 0; i < 4; i++)
        lua_pushinteger(L, out[i]);
    return 4;
}

// seed, customer, stream, what, n, shape -> n draws
static int random_draws(lua_State *L) {
    static const char *const names[] = {"bits",   "uniform", "below", "exponential",
                                        "normal", "gamma",   "pick",  NULL};
    int what = luaL_checkoption(L, 4, NULL, names);
    lua_Number shape = luaL_optnumber(L, 6, 1);
    struct rng r;
    rng_start(&r, (uint64_t)luaL_checkinteger(L, 1), (uint64_t)luaL_checkinteger(L, 2),
              (uint32_t)luaL_checkinteger(L, 3));
    lua_newtable(L);
    for (lua_Integer i = 1; i <= luaL_checkinteger(L, 5); i++) {
        if (what == 0)
            lua_pushinteger(L, (lua_Integer)rng_bits(&r));
        else if (what == 2)
            lua_pushinteger(L, rng_below(&r, (int64_t)shape));
        else if (what == 6)
            lua_pushinteger(L, rng_pick(&r, (const double[]){shape, 0.5 - shape, 0.5}, 3));
        else
            lua_pushnumber(L, what == 1   ? rng_uniform(&r)
                              : what == 3 ? rng_exponential(&r)
                              : what == 4 ? rng_normal(&r)
                                          : rng_gamma(&r, shape));
        lua_rawseti(L, -2, i);
    }
    return 1;
}

// name, arguments -> the function's value
static int chance(lua_State *L) {
    static const struct {
        const char *name;
        double (*of1)(double);
        double (*of2)(double, double);
        double (*of3)(double, double, double);
    } list[] = {
        {"normal", chance_normal},
        {"normal_quantile", chance_normal_quantile},
        {"t", NULL, chance_t},
        {"t_quantile", NULL, chance_t_quantile},
        {"chi_square_above", NULL, chance_chi_square_above},
        {"beta", NULL, NULL, chance_beta},
        {"beta_quantile", NULL, NULL, chance_beta_quantile},
    };
    const char *name = luaL_checkstring(L, 1);
    double x = luaL_checknumber(L, 2), y = luaL_optnumber(L, 3, 0), z = luaL_optnumber(L, 4, 0);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(name, list[i].name) == 0) {
            lua_pushnumber(L, list[i].of1   ? list[i].of1(x)
                              : list[i].of2 ? list[i].of2(x, y)
                                            : list[i].of3(x, y, z));
            return 1;
        }
    return luaL_error(L, "no distribution %s", name);
}

// ---- memory and threads ---------------------------------------------------------------------

struct mem_test {
    struct arena *arena;
    long allocations;
    bool intact;
};

static void mark(void *p) {
    *(int *)p += 1;
}

// Allocates, grows and nests for a while; every byte written must be read back.
static enum status use_memory(void *arg) {
    struct mem_test *t = arg;
    size_t size = 8;
    char *grown = arena_alloc(t->arena, size);
    memset(grown, 'x', size);
    for (int i = 0; i < 14; i++) {
        struct arena *child = arena_child(t->arena);
        memset(arena_alloc(child, 100), 1, 100);
        memset(arena_alloc(t->arena, 5000), 2, 5000);
        grown = arena_resize(t->arena, grown, size, size * 2);
        memset(grown + size, 'x', size);
        size *= 2;
        if (i % 2)
            arena_free(child);
    }
    t->intact = true;
    for (size_t i = 0; i < size; i++)
        t->intact = t->intact && grown[i] == 'x';
    return DONE;
}

// fail_at, for_good -> status, intact, how many deferred calls ran
static int memory(lua_State *L) {
    struct mem_test t = {.arena = arena_new()};
    struct err err = {DONE};
    int deferred = 0;
    arena_defer(t.arena, mark, &deferred);
    mem_fail_at(luaL_checkinteger(L, 1), lua_toboolean(L, 2));
    enum status status = arena_run(use_memory, &t, &err);
    mem_fail_at(0, 0);
    arena_free(t.arena);
    lua_pushinteger(L, status);
    lua_pushboolean(L, t.intact);
    lua_pushinteger(L, deferred);
    return 3;
}

struct again_test {
    struct arena *arena;
    int deferred;
    bool zeroed;
};

static enum status use_again(void *arg) {
    struct again_test *t = arg;
    t->zeroed = true;
    for (int round = 0; round < 6; round++) {
        for (size_t size = 40; size < 2000000; size = size * 3 + (size_t)round * 7) {
            char *p = arena_alloc(t->arena, size);
            for (size_t i = 0; i < size; i++)
                t->zeroed = t->zeroed && p[i] == 0;
            memset(p, 'x', size);
        }
        arena_alloc(arena_child(t->arena), 500000);
        arena_defer(t->arena, mark, &t->deferred);
        arena_clear(t->arena);
    }
    return DONE;
}

// Whether memory that is used again is zeroed, and how many deferred calls ran.
static int again(lua_State *L) {
    struct again_test t = {.arena = arena_new()};
    struct err err = {DONE};
    enum status status = arena_run(use_again, &t, &err);
    arena_free(t.arena);
    lua_pushboolean(L, status == DONE && t.zeroed);
    lua_pushinteger(L, t.deferred);
    return 2;
}

struct parallel_test {
    lua_Integer fail_from;
    unsigned char done[10000];
};

static enum status square(struct task *task, struct err *e) {
    struct parallel_test *t = task->arg;
    arena_alloc(task->arena, 64);
    if ((lua_Integer)task->index >= t->fail_from)
        return err_set(e, REFUSED, "task %zu", task->index);
    t->done[task->index]++;
    return DONE;
}

// threads, tasks, index from which tasks fail -> status, text, all done once
static int parallel(lua_State *L) {
    static struct parallel_test t;
    struct err err = {DONE};
    lua_Integer tasks = luaL_checkinteger(L, 2);
    memset(&t, 0, sizeof t);
    t.fail_from = luaL_checkinteger(L, 3);
    struct host host = {.threads = (int)luaL_checkinteger(L, 1)};
    enum status status = parallel_run(&host, (size_t)tasks, square, &t, &err);
    bool once = true;
    for (lua_Integer i = 0; i < tasks; i++)
        once = once && t.done[i] == 1;
    lua_pushinteger(L, status);
    lua_pushstring(L, err.text);
    lua_pushboolean(L, once);
    return 3;
}

// ---- files ----------------------------------------------------------------------------------

struct file_test {
    struct arena *arena;
    const char *path;
    struct str bytes;
    bool commit;
    size_t left;
    struct err err;
};

static enum status write_it(void *arg) {
    struct file_test *t = arg;
    struct out *o;
    TRY(out_open(t->arena, NULL, t->path, &o, &t->err));
    TRY(out_write(o, t->bytes.p, t->bytes.n, &t->err));
    return t->commit ? out_commit(o, &t->err) : DONE;
}

static enum status read_it(void *arg) {
    struct file_test *t = arg;
    return file_map(t->arena, t->path, &t->bytes, &t->err);
}

// With `left` bytes in the arena's slab, and then no memory for another.
static enum status open_it(void *arg) {
    struct file_test *t = arg;
    struct out *o;
    for (size_t n = 32 * 1024; n > t->left; n -= 16)
        arena_alloc(t->arena, 16);
    mem_fail_at(t->commit ? 2 : 1, 1); // struct out is a block of its own
    return t->commit ? out_open(t->arena, NULL, t->path, &o, &t->err)
                     : file_map(t->arena, t->path, &t->bytes, &t->err);
}

// path, left, for writing -> status
static int file_open(lua_State *L) {
    struct file_test t = {
        .arena = arena_new(), .path = luaL_checkstring(L, 1), .commit = lua_toboolean(L, 3)};
    t.left = (size_t)luaL_checkinteger(L, 2);
    lua_pushinteger(L, arena_run(open_it, &t, &t.err));
    mem_fail_at(0, 0);
    arena_free(t.arena);
    return 1;
}

struct folder_test {
    struct arena *arena;
    const char *path, *suffix;
    const char *const *names;
    int n;
    struct err err;
};

static enum status list_it(void *arg) {
    struct folder_test *t = arg;
    return folder_list(t->arena, t->path, t->suffix, &t->names, &t->n, &t->err);
}

// path, suffix -> the names; or nil, the error
static int folder(lua_State *L) {
    struct folder_test t = {arena_new(), luaL_checkstring(L, 1), luaL_checkstring(L, 2)};
    char line[3000];
    enum status status = arena_run(list_it, &t, &t.err);
    err_line(&t.err, line, sizeof line);
    lua_newtable(L);
    for (int i = 0; i < t.n; i++) {
        lua_pushstring(L, t.names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    arena_free(t.arena);
    if (status == DONE)
        return 1;
    lua_pushnil(L);
    lua_pushstring(L, line);
    return 2;
}

// path, bytes, commit -> status, error
static int file_write(lua_State *L) {
    struct file_test t = {
        arena_new(), luaL_checkstring(L, 1), check_str(L, 2), lua_toboolean(L, 3), 0, {DONE}};
    char line[3000];
    lua_pushinteger(L, arena_run(write_it, &t, &t.err));
    arena_free(t.arena);
    err_line(&t.err, line, sizeof line);
    lua_pushstring(L, line);
    return 2;
}

// path -> status, bytes or error
static int file_read(lua_State *L) {
    struct file_test t = {.arena = arena_new(), .path = luaL_checkstring(L, 1)};
    char line[3000];
    enum status status = arena_run(read_it, &t, &t.err);
    err_line(&t.err, line, sizeof line);
    lua_pushinteger(L, status);
    if (status == DONE)
        lua_pushlstring(L, t.bytes.p, t.bytes.n);
    else
        lua_pushstring(L, line);
    arena_free(t.arena);
    return 2;
}

// {{severity, line, column, text}...} -> the same, sorted, and the first error
static int findings(lua_State *L) {
    struct arena *a = arena_new();
    struct findings f = {.arena = a};
    struct err err = {DONE};
    char line[3000];
    for (int i = 1; lua_rawgeti(L, 1, i) == LUA_TTABLE; i++) {
        for (int k = 1; k <= 4; k++)
            lua_rawgeti(L, -k, k);
        findings_add(&f, (enum severity)lua_tointeger(L, -4), "code",
                     (struct place){"f", lua_tointeger(L, -3), lua_tointeger(L, -2)}, "%s",
                     lua_tostring(L, -1));
        lua_pop(L, 5);
    }
    findings_err(&f, &err);
    lua_newtable(L);
    for (int i = 0; i < f.n; i++) {
        lua_pushstring(L, f.list[i].text);
        lua_rawseti(L, -2, i + 1);
    }
    err_line(&err, line, sizeof line);
    lua_pushstring(L, line);
    arena_free(a);
    return 2;
}

int open_base(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"integer", integer_of},
        {"double", double_of},
        {"print_double", print_double},
        {"print_integer", print_integer},
        {"money", money_of},
        {"print_money", print_money},
        {"round_money", round_money},
        {"decimals", decimals_of},
        {"date", parse_date},
        {"print_date", print_date},
        {"add_months", add_months},
        {"months_between", months_between},
        {"format_valid", format_valid},
        {"sha256", sha256},
        {"share", share},
        {"nearest", nearest},
        {"json_text", json_text},
        {"random_block", random_block},
        {"chance", chance},
        {"random", random_draws},
        {"memory", memory},
        {"again", again},
        {"parallel", parallel},
        {"file_open", file_open},
        {"folder", folder},
        {"file_write", file_write},
        {"file_read", file_read},
        {"findings", findings},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
