// Calls one function for a batch of rows after the other, from a loop in C that runs inside one
// protected call: what goes wrong leaves the loop, and `at` says for which row.
//
// Invariant: every function meets the state that the script left, but for what the parent is told
// of: a failed row, memory that ran out, a state that changed. A row that ends this process, or has
// to be ended, leaves the rows before it as they were answered.
#include "policy/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/helper.h"
#include "policy/record.h"
#include "policy/sandbox.h"
#include "policy/script.h"
#include "policy/shared.h"
#include "policy/state.h"

enum { ROOM = 1 << 20 }; // garbage that may lie about when a customer's turn comes

// There is one script a process; signals and Lua call what is here without an argument of ours.
static struct {
    lua_State *L;
    struct shared *shared;
    size_t calm; // bytes in use beyond which garbage is collected after a row
    long line;   // that returned last, if that is traced
} serving;

// ---- one row ----------------------------------------------------------------------------------

enum { FUNCTION = 1, STRINGS, BASE = STRINGS }; // where they are on the stack of call_rows

static inline void push_arguments(lua_State *L, const struct shared *s, const uint8_t *kind, int n,
                                  uint32_t row) {
    for (int i = 0; i < n; i++) {
        const union shared_value *v = &s->argument[i][row];
        switch (kind[i]) {
        case SHARED_BOOLEAN: lua_pushboolean(L, v->integer != 0); break;
        case SHARED_INTEGER: lua_pushinteger(L, v->integer); break;
        case SHARED_NUMBER: lua_pushnumber(L, v->number); break;
        default: lua_rawgeti(L, STRINGS, v->integer + 1);
        }
    }
}

// The index of the text on top among those that it can be; -1 if it is none of them.
static int64_t label_index(lua_State *L, uint32_t labels) {
    for (uint32_t i = 0; i < labels; i++) {
        lua_rawgeti(L, STRINGS, (lua_Integer)i + 1);
        bool equal = lua_rawequal(L, -1, -2);
        lua_pop(L, 1);
        if (equal)
            return i;
    }
    return -1;
}

// Takes the result on top. False: it is not what is wanted.
static inline bool take_result(lua_State *L, struct shared *s, uint32_t wanted, uint32_t row) {
    union shared_value *out = &s->result[row];
    int whole = 1;
    if (wanted == SHARED_BOOLEAN && lua_isboolean(L, -1)) {
        out->integer = lua_toboolean(L, -1);
    } else if (wanted == SHARED_NUMBER && lua_type(L, -1) == LUA_TNUMBER) {
        out->number = lua_tonumber(L, -1);
        if (!isfinite(out->number))
            return false;
    } else if (wanted == SHARED_INTEGER && lua_type(L, -1) == LUA_TNUMBER) {
        out->integer = lua_tointegerx(L, -1, &whole);
    } else if (wanted == SHARED_STRING) {
        out->integer = label_index(L, s->labels);
        if (out->integer < 0)
            return false;
    } else {
        return false;
    }
    s->result_kind[row] = (uint8_t)wanted;
    return whole;
}

static void trace_return(lua_State *L, lua_Debug *at) {
    lua_getinfo(L, "l", at);
    if (at->currentline > 0)
        serving.line = at->currentline;
}

static const char *shown(lua_State *L, int index) {
    if (serving.shared->wanted == SHARED_STRING && lua_type(L, index) == LUA_TSTRING)
        return lua_pushfstring(L, "'%s'", lua_tostring(L, index));
    if (lua_type(L, index) != LUA_TNUMBER)
        return lua_isnil(L, index) ? "nil" : lua_pushfstring(L, "a %s", luaL_typename(L, index));
    lua_Number x = lua_tonumber(L, index);
    if (isfinite(x))
        return lua_pushfstring(L, "%f", x);
    return isnan(x) ? "NaN" : x > 0 ? "infinity" : "minus infinity";
}

// Says what is wrong with the result on top; calls once more to find the line that returned it.
static void refuse_result(lua_State *L, const uint8_t *kind, int n, uint32_t row) {
    static const char *const wanted[] = {[SHARED_BOOLEAN] = "true or false",
                                         [SHARED_INTEGER] = "a whole number",
                                         [SHARED_NUMBER] = "a number",
                                         [SHARED_STRING] = "one of its labels"};
    const struct shared *s = serving.shared;
    lua_sethook(L, trace_return, LUA_MASKRET, 0);
    lua_pushvalue(L, FUNCTION);
    push_arguments(L, s, kind, n, row);
    lua_call(L, n, 0);
    luaL_error(L, "it gave %s, where %s is wanted%s", shown(L, BASE + 1), wanted[s->wanted],
               lua_isnil(L, BASE + 1) ? "; does every way through it end in a return?" : "");
}

static void collect_garbage(lua_State *L) {
    if (script_memory() <= serving.calm)
        return;
    lua_gc(L, LUA_GCCOLLECT);
    serving.calm = script_memory() + ROOM;
}

// ---- a batch ----------------------------------------------------------------------------------

static void push_strings(lua_State *L, const struct shared *s) {
    lua_createtable(L, (int)s->strings, 0);
    for (uint32_t i = 0; i < s->strings; i++) {
        lua_pushlstring(L, s->bytes + s->string[i].offset, s->string[i].length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int call_rows(lua_State *L) {
    struct shared *s = serving.shared;
    uint32_t rows = s->rows, wanted = s->wanted;
    int n = (int)s->parameters;
    uint8_t kind[SHARED_PARAMETERS];
    memcpy(kind, s->kind, sizeof kind);
    atomic_store(&s->at, s->first);
    luaL_checkstack(L, 2 * n + LUA_MINSTACK, NULL);
    record_functions(L);
    lua_rawgeti(L, 1, (lua_Integer)s->function + 1);
    lua_replace(L, FUNCTION);
    push_strings(L, s);
    if (s->traced)
        lua_sethook(L, trace_return, LUA_MASKRET, 0);
    for (uint32_t row = s->first; row < rows; row++) {
        atomic_store_explicit(&s->at, row, memory_order_release);
        lua_pushvalue(L, FUNCTION);
        push_arguments(L, s, kind, n, row);
        lua_call(L, n, 1);
        if (!take_result(L, s, wanted, row))
            refuse_result(L, kind, n, row);
        lua_settop(L, BASE);
        collect_garbage(L);
        if (row == s->first) // what every other row undoes shows now
            s->changed = state_changed(L, s->function);
    }
    return 0;
}

static void tell_text(struct shared *s, long line, const char *text) {
    size_t n = strlen(text);
    s->line = (uint32_t)line;
    s->length = (uint32_t)(n < SHARED_TEXT ? n : SHARED_TEXT);
    memcpy(s->text, text, s->length);
}

static enum shared_answer call_batch(void) {
    lua_State *L = serving.L;
    struct shared *s = serving.shared;
    serving.line = 0;
    s->changed = 0;
    script_push_handler(L);
    lua_pushcfunction(L, call_rows);
    int status = lua_pcall(L, 0, 0, 1);
    lua_sethook(L, NULL, 0, 0);
    struct script_error e = {serving.line, "", false};
    if (status == LUA_OK) {
        atomic_store(&s->at, s->rows);
    } else {
        e = script_error(L);
        e.line = e.line ? e.line : serving.line;
    }
    if (!e.memory) // after which this process is replaced
        s->changed |= state_changed(L, s->function);
    tell_text(s, e.line, e.text);
    lua_settop(L, 0);
    collect_garbage(L);
    return status == LUA_OK ? SHARED_DONE : e.memory ? SHARED_MEMORY : SHARED_FAULT;
}

// ---- limits -----------------------------------------------------------------------------------

static void tell_line(lua_State *L, lua_Debug *at) {
    (void)at;
    serving.shared->line = (uint32_t)sandbox_line(L);
    _exit(0);
}

// The parent asks for the line; a little later it kills.
static void when_late(int number) {
    (void)number;
    lua_sethook(serving.L, tell_line, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

static void when_touched(int number) {
    char byte;
    (void)number;
    if (recv(STDIN_FILENO, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        _exit(0);
}

// The parent's end is the end, also in the middle of a call: its socket closes then. (A signal at
// the parent's death would come when the thread ends that started this process.)
static void end_with_parent(void) {
    struct sigaction touched = {.sa_handler = when_touched, .sa_flags = SA_RESTART};
    sigaction(SIGIO, &touched, NULL);
    fcntl(STDIN_FILENO, F_SETOWN, getpid());
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_ASYNC);
}

// ---- serving ----------------------------------------------------------------------------------

static bool map_rows(void) {
    struct stat st;
    if (fstat(HELPER_SHARED, &st) != 0 || st.st_size < (off_t)sizeof(struct shared))
        return false;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, HELPER_SHARED, 0);
    close(HELPER_SHARED);
    serving.shared = p;
    return p != MAP_FAILED;
}

static int remember(lua_State *L) {
    record_functions(L);
    state_remember(L);
    return 0;
}

static bool start(void) {
    struct arena *a = arena_new();
    struct buf declared = {.arena = a}; // which nobody reads
    struct str text = {(const char *)(serving.shared + 1), serving.shared->script};
    serving.L = script_open();
    if (!a || !serving.L || !script_run(serving.L, text, &declared))
        return false;
    arena_free(a);
    record_close();
    lua_settop(serving.L, 0);
    lua_pushcfunction(serving.L, remember);
    if (lua_pcall(serving.L, 0, 0, 0) != LUA_OK)
        return false;
    lua_gc(serving.L, LUA_GCCOLLECT);
    serving.calm = script_memory() + ROOM;
    return true;
}

static bool tell(enum shared_answer answer) {
    char byte = (char)answer;
    return write(STDOUT_FILENO, &byte, 1) == 1;
}

static bool wait_for_batch(void) {
    char byte;
    ssize_t n;
    while ((n = read(STDIN_FILENO, &byte, 1)) < 0 && errno == EINTR)
        continue;
    return n == 1;
}

int serve(void) {
    if (!map_rows())
        return MACHINE;
    end_with_parent();
    script_confine();
    if (!start())
        return REFUSED;
    signal(SIGTERM, when_late);
    bool heard = tell(SHARED_READY);
    while (heard && wait_for_batch())
        heard = tell(call_batch());
    return DONE;
}
