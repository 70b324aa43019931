// In the helper process: runs one script in the sandbox, within its limits, and answers. (What it
// declares is answered here, for customers it answers in serve.c.)
//
// Invariant: whatever the script does ends in exactly one answer or in the death of this process.
// The parent ends it at the deadline: a signal sets a hook that tells the line, and SIGKILL does
// the rest. Nothing here is trusted by the parent.
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "policy/helper.h"
#include "policy/record.h"
#include "policy/sandbox.h"
#include "policy/script.h"
#include "policy/serve.h"
#include "policy/wire.h"

enum {
    MEMORY = 64 << 20, // SCRIPT_MEMORY
    SECONDS = 60,      // of the processor, should the parent forget it
};

#define CHUNK "policy" // how Lua's messages begin: "policy:12: ..."

// There is one script a process; signals and Lua call what is here without an argument of ours.
static struct {
    lua_State *L;
    size_t memory;  // in use by Lua
    long last_line; // in which memory ran out or an error was raised; 0: unknown
} script;

static void answer(const struct buf *b) {
    for (size_t done = 0; done < b->n;) {
        ssize_t n = write(STDOUT_FILENO, b->p + done, b->n - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
}

// ---- limits ---------------------------------------------------------------------------------

static void *allocate(void *ctx, void *block, size_t old_size, size_t size) {
    (void)ctx;
    size_t old = block ? old_size : 0;
    if (size == 0) {
        free(block);
        script.memory -= old;
        return NULL;
    }
    size_t most = MEMORY + sandbox_allowance();
    if (size > old && (most < script.memory || size - old > most - script.memory)) {
        script.last_line = script.L ? sandbox_line(script.L) : 0;
        return NULL;
    }
    void *now = realloc(block, size);
    if (now)
        script.memory += size - old;
    return now;
}

static void tell_line(lua_State *L, lua_Debug *at) {
    uint32_t line = (uint32_t)sandbox_line(L);
    char bytes[1 + sizeof line] = {ANSWER_LATE};
    (void)at;
    memcpy(bytes + 1, &line, sizeof line);
    answer(&(struct buf){.p = bytes, .n = sizeof bytes});
    _exit(0);
}

static void when_late(int number) {
    (void)number;
    lua_sethook(script.L, tell_line, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

void script_confine(void) {
    static const int none[] = {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_NOFILE};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        setrlimit((unsigned)none[i], &(struct rlimit){0, 0});
}

// The parent waits for the answer in the thread that started this process: its end is the end.
static void end_with_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CPU, &(struct rlimit){SECONDS, SECONDS});
}

// ---- running ------------------------------------------------------------------------------------

size_t script_memory(void) {
    return script.memory;
}

static bool is_out_of_memory(const char *text) {
    return strcmp(text, "not enough memory") == 0;
}

// The message of an error: the script may raise anything.
static int on_error(lua_State *L) {
    if (lua_type(L, 1) != LUA_TSTRING)
        lua_pushfstring(L, "the script raised a %s as its error", luaL_typename(L, 1));
    if (!is_out_of_memory(lua_tostring(L, -1)))
        script.last_line = sandbox_line(L);
    return 1;
}

void script_push_handler(void *state) {
    lua_pushcfunction(state, on_error);
}

// Runs the script, of which the first argument, a light userdata, is the text.
static int run(lua_State *L) {
    const struct str *text = lua_touserdata(L, 1);
    struct buf *written = lua_touserdata(L, 2);
    if (luaL_loadbufferx(L, text->p, text->n, "=" CHUNK, "t") != LUA_OK)
        return lua_error(L);
    sandbox_open(L);
    record_open(L, written);
    lua_setupvalue(L, -2, 1); // the first upvalue of a main chunk is its environment
    lua_call(L, 0, 0);
    return 0;
}

void *script_open(void) {
    script.L = lua_newstate(allocate, NULL);
    return script.L;
}

bool script_run(void *state, struct str text, struct buf *written) {
    lua_State *L = state;
    script_push_handler(L);
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, &text);
    lua_pushlightuserdata(L, written);
    return lua_pcall(L, 2, 0, 1) == LUA_OK;
}

// Lua's own "policy:12: text" as line and text.
struct script_error script_error(void *state) {
    const char *text = lua_tostring(state, -1);
    struct script_error e = {script.last_line, text, is_out_of_memory(text)};
    if (strncmp(text, CHUNK ":", sizeof CHUNK) == 0) {
        char *end;
        long found = strtol(text + sizeof CHUNK, &end, 10);
        if (found > 0 && strncmp(end, ": ", 2) == 0) {
            e.line = found;
            e.text = end + 2;
        }
    }
    script.last_line = 0;
    return e;
}

// ---- declaring ----------------------------------------------------------------------------------

struct job {
    struct arena *arena;
    struct err *err;
    struct buf text;    // the script
    struct buf written; // what it declares
};

static void write_error(lua_State *L, struct buf *out) {
    struct script_error e = script_error(L);
    wire_head(out, ANSWER_ERROR, (uint32_t)e.line);
    wire_bytes(
        out, e.memory ? STR("the script needs more than " SCRIPT_MEMORY "; a policy only declares")
                      : str_of(e.text));
}

static enum status read_script(struct buf *text, struct err *err) {
    char bytes[65536];
    ssize_t n;
    while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
        buf_put(text, bytes, (size_t)n);
    return n == 0 ? DONE : err_set(err, MACHINE, "cannot read the script");
}

static enum status help(void *arg) {
    struct job *job = arg;
    struct buf out = {.arena = job->arena};
    TRY(read_script(&job->text, job->err));
    if (!script_open())
        return MACHINE;
    signal(SIGTERM, when_late);
    struct str text = {job->text.p, job->text.n};
    bool ran = script_run(script.L, text, &job->written);
    signal(SIGTERM, SIG_DFL);
    lua_sethook(script.L, NULL, 0, 0);
    if (ran)
        record_answer(script.L, &out);
    else
        write_error(script.L, &out);
    lua_close(script.L);
    answer(&out);
    return DONE;
}

bool policy_is_helper(int argc, char **argv) {
    return argc == 2 && (strcmp(argv[1], HELPER_SCRIPT) == 0 || strcmp(argv[1], HELPER_ROWS) == 0);
}

int policy_helper_main(char **argv) {
    if (strcmp(argv[1], HELPER_ROWS) == 0)
        return serve();
    struct err err = {0};
    struct arena *a = arena_new();
    struct job job = {.arena = a, .err = &err, .text = {.arena = a}, .written = {.arena = a}};
    end_with_parent();
    script_confine();
    enum status status = a ? arena_run(help, &job, &err) : MACHINE;
    arena_free(a);
    return (int)status;
}
