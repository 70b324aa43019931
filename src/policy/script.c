// In the helper process: runs one script in the sandbox and writes down what it declares.
//
// A word of the vocabulary is a userdata that remembers what it was called with, and where. Blocks
// are written down as they are called, so later changes to a table change nothing; what is no block
// is only a value, until a block holds it.
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

#include "metric/metric.h"
#include "policy/helper.h"
#include "policy/sandbox.h"
#include "policy/wire.h"
#include "policy/words.h"

enum { MEMORY = 64 << 20 };

#define CHUNK "policy" // how Lua's messages begin: "policy:12: ..."

// There is one script a process, and its parts are called by Lua, which brings no argument of ours.
static struct {
    lua_State *L;
    size_t memory;    // in use by Lua
    long last_line;   // in which memory ran out or an error was raised; 0: unknown
    struct buf *text; // for what is being written down
    size_t written;   // bytes that were
    long values;
} script;

static void answer(const struct buf *b) {
    for (size_t done = 0; done < b->n;) {
        ssize_t n = write(STDOUT_FILENO, b->p + done, b->n - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
}

// The line that is being run; 0 outside of the script.
static long current_line(lua_State *L) {
    lua_Debug at;
    for (int level = 0; lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "l", &at);
        if (at.currentline > 0)
            return at.currentline;
    }
    return 0;
}

// ---- limits ---------------------------------------------------------------------------------

static void *allocate(void *ctx, void *block, size_t old, size_t new) {
    (void)ctx;
    old = block ? old : 0;
    if (new == 0) {
        free(block);
        script.memory -= old;
        return NULL;
    }
    if (new > old &&new - old > MEMORY - script.memory) {
        script.last_line = script.L ? current_line(script.L) : 0;
        return NULL;
    }
    void *now = realloc(block, new);
    if (now)
        script.memory += new - old;
    return now;
}

static void tell_line(lua_State *L, lua_Debug *at) {
    uint32_t line = (uint32_t)current_line(L);
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

// No file can be opened from here on, no process started, and the parent's end is the end. It is no
// wall against code that breaks out of Lua; it leaves such code little to do.
static void give_up_rights(void) {
    static const struct {
        int what;
        rlim_t most;
    } limits[] = {{RLIMIT_CORE, 0},
                  {RLIMIT_FSIZE, 0},
                  {RLIMIT_NPROC, 0},
                  {RLIMIT_CPU, 60},
                  {RLIMIT_NOFILE, 0}};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        setrlimit((unsigned)limits[i].what, &(struct rlimit){limits[i].most, limits[i].most});
}

// ---- words ------------------------------------------------------------------------------------

struct said {
    const struct word *word;
    long line; // of the first call; 0: the bare word
    int n;     // arguments, in the user value
};

static const char said_name[] = "word"; // the type, as Lua's messages show it

static struct said *push_said(lua_State *L, const struct word *word, long line) {
    struct said *s = lua_newuserdatauv(L, sizeof *s, 1);
    *s = (struct said){word, line, 0};
    lua_newtable(L);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, said_name);
    return s;
}

static bool is_block(const struct said *s) {
    return *s->word->block == '\0';
}

static void write_value(lua_State *L, int index, int depth);

static void write_said(lua_State *L, int index, int depth) {
    const struct said *s = luaL_checkudata(L, index, said_name);
    if (is_block(s))
        luaL_error(L, "`%s` is a block: it stands alone, not inside another", s->word->name);
    wire_word(script.text, str_of(s->word->name), (uint32_t)s->line, (uint32_t)s->n);
    lua_getiuservalue(L, index, 1);
    for (int i = 1; i <= s->n; i++) {
        lua_rawgeti(L, -1, i);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static struct str text_at(lua_State *L, int index) {
    struct str s;
    s.p = lua_tolstring(L, index, &s.n);
    return s;
}

// The values whose keys, in the sorted list on top, are 1, 2 ...; returns how many there are.
static int write_items(lua_State *L, int index, int depth) {
    int n = 0;
    while (lua_rawgeti(L, -1, n + 1) == LUA_TNUMBER) {
        lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        lua_pop(L, 1);
        if (key != ++n)
            luaL_error(L, "item %d of a list is missing (a name that means nothing is nil)", n);
    }
    lua_pop(L, 1);
    wire_count(script.text, (uint32_t)n);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    return n;
}

static void write_table(lua_State *L, int index, int depth) {
    sandbox_keys(L, index);
    int keys = (int)lua_rawlen(L, -1);
    wire_table(script.text);
    int items = write_items(L, index, depth);
    wire_count(script.text, (uint32_t)(keys - items));
    for (int i = items + 1; i <= keys; i++) {
        lua_rawgeti(L, -1, i);
        wire_bytes(script.text, text_at(L, -1));
        lua_rawget(L, index);
        write_value(L, lua_gettop(L), depth - 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void write_function(lua_State *L, int index) {
    lua_Debug at;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &at);
    wire_function(script.text, at.linedefined > 0 ? (uint32_t)at.linedefined : 0);
}

static void write_value(lua_State *L, int index, int depth) {
    luaL_checkstack(L, 8, NULL);
    if (depth == 0)
        luaL_error(L, "tables stand too deep in one another here; does one contain itself?");
    if (++script.values > WIRE_NODES || script.written + script.text->n > WIRE_BYTES / 2)
        luaL_error(L, "a policy declares at most %d values and %d bytes", WIRE_NODES,
                   WIRE_BYTES / 2);
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN: wire_boolean(script.text, lua_toboolean(L, index)); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index))
            wire_integer(script.text, lua_tointeger(L, index));
        else
            wire_number(script.text, lua_tonumber(L, index));
        break;
    case LUA_TSTRING: wire_string(script.text, text_at(L, index)); break;
    case LUA_TTABLE: write_table(L, index, depth); break;
    case LUA_TFUNCTION: write_function(L, index); break;
    default: write_said(L, index, depth);
    }
}

// ---- calling words ------------------------------------------------------------------------------

static const char blocks_key, names_key; // their addresses name two lists in the registry

// Remembers the names that a block declares, to explain their use outside of an expression.
static void note_names(lua_State *L, const struct said *s, int index) {
    struct str word = str_of(s->word->name);
    bool names = str_is(word, "inputs") || str_is(word, "params") || str_is(word, "metrics");
    if (!names || lua_type(L, index) != LUA_TTABLE)
        return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushboolean(L, 1);
        lua_rawset(L, -5);
    }
    lua_pop(L, 1);
}

// Appends an argument to the user value, on top: blocks keep it written down.
static void add_argument(lua_State *L, struct said *s, int index) {
    if (lua_isnil(L, index))
        luaL_error(L, "`%s` got nil: is a name misspelt?", s->word->name);
    if (is_block(s)) {
        script.text->n = 0;
        write_value(L, index, WIRE_DEPTH - 2);
        script.written += script.text->n;
        lua_pushlstring(L, script.text->p, script.text->n);
    } else {
        lua_pushvalue(L, index);
    }
    lua_rawseti(L, -2, ++s->n);
}

// The block that is the first argument. (It counts as a value, though it may hold none.)
static void remember_block(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
    script.values++;
}

static int call_word(lua_State *L) {
    struct said *s = luaL_checkudata(L, 1, said_name);
    int last = lua_gettop(L);
    if (s->line == 0) {
        s = push_said(L, s->word, current_line(L));
        lua_replace(L, 1);
        if (is_block(s))
            remember_block(L);
    }
    lua_getiuservalue(L, 1, 1);
    for (int i = 2; i <= last; i++) {
        add_argument(L, s, i);
        note_names(L, s, i);
    }
    lua_settop(L, 1);
    return 1;
}

// ---- names that mean nothing ------------------------------------------------------------------

static bool next_global(void *ctx, size_t i, struct str *out) {
    (void)ctx;
    for (size_t k = 0; policy_word(k); k++) {
        if (!policy_word(k)->global || i-- > 0)
            continue;
        *out = str_of(policy_word(k)->name);
        return true;
    }
    return false;
}

static bool is_absent(struct str name) {
    static const char *const absent[] = {
        "_G",           "_VERSION", "collectgarbage", "coroutine", "debug",      "dofile",
        "getmetatable", "io",       "load",           "loadfile",  "loadstring", "next",
        "os",           "package",  "print",          "rawequal",  "rawget",     "rawlen",
        "rawset",       "require",  "setmetatable",   "unpack",    "warn",       "xpcall",
    };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (str_is(name, absent[i]))
            return true;
    return false;
}

static bool is_column(lua_State *L, struct str name) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushvalue(L, 2);
    return lua_rawget(L, -2) != LUA_TNIL || metric_find(name);
}

static int missing_global(lua_State *L) {
    struct str name;
    name.p = luaL_tolstring(L, 2, &name.n);
    struct str near = str_nearest(name, next_global, NULL);
    if (is_column(L, name))
        return luaL_error(L,
                          "`%s` has no value while the policy is read; name it inside an "
                          "expression, in quotes: \"%s > 0\"",
                          name.p, name.p);
    if (is_absent(name))
        return luaL_error(L, "`%s` is not available in a policy", name.p);
    if (words_later(name))
        return luaL_error(L, "`%s` is not part of this version of Patron", name.p);
    if (near.n)
        return luaL_error(L, "unknown word `%s`; did you mean `%s`?", name.p, near.p);
    return luaL_error(L, "unknown word `%s`; a name of your own begins with `local %s = ...`",
                      name.p, name.p);
}

// ---- running ------------------------------------------------------------------------------------

static void push_environment(lua_State *L) {
    sandbox_open(L);
    for (size_t i = 0; policy_word(i); i++) {
        if (!policy_word(i)->global)
            continue;
        push_said(L, policy_word(i), 0);
        lua_setfield(L, -2, policy_word(i)->name);
    }
    lua_pushcfunction(L, missing_global);
    sandbox_freeze(L);
}

static bool is_out_of_memory(const char *text) {
    return strcmp(text, "not enough memory") == 0;
}

// The message of an error: the script may raise anything.
static int on_error(lua_State *L) {
    if (lua_type(L, 1) != LUA_TSTRING)
        lua_pushfstring(L, "the script raised a %s as its error", luaL_typename(L, 1));
    if (!is_out_of_memory(lua_tostring(L, -1)))
        script.last_line = current_line(L);
    return 1;
}

static void make_registry(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
    luaL_newmetatable(L, said_name);
    lua_pushcfunction(L, call_word);
    lua_setfield(L, -2, "__call");
    lua_pop(L, 1);
}

// Runs the script, a light userdata with its text.
static int run(lua_State *L) {
    const struct buf *text = lua_touserdata(L, 1);
    make_registry(L);
    if (luaL_loadbufferx(L, text->p, text->n, "=" CHUNK, "t") != LUA_OK)
        return lua_error(L);
    push_environment(L);
    lua_setupvalue(L, -2, 1); // the first upvalue of a main chunk is its environment
    lua_call(L, 0, 0);
    return 0;
}

static void write_blocks(lua_State *L, struct buf *out) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &blocks_key);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    wire_head(out, ANSWER_BLOCKS, (uint32_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        const struct said *s = lua_touserdata(L, -1);
        wire_word(out, str_of(s->word->name), (uint32_t)s->line, (uint32_t)s->n);
        lua_getiuservalue(L, -1, 1);
        for (int k = 1; k <= s->n; k++) {
            lua_rawgeti(L, -1, k);
            buf_str(out, text_at(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 2);
    }
}

// Lua's own "policy:12: text" as line and text.
static void write_error(const char *text, struct buf *out) {
    long line = script.last_line;
    if (is_out_of_memory(text)) {
        text = "the script needs more than 64 MB; a policy only declares";
    } else if (strncmp(text, CHUNK ":", sizeof CHUNK) == 0) {
        char *end;
        long found = strtol(text + sizeof CHUNK, &end, 10);
        if (found > 0 && strncmp(end, ": ", 2) == 0) {
            line = found;
            text = end + 2;
        }
    }
    wire_head(out, ANSWER_ERROR, (uint32_t)line);
    wire_bytes(out, str_of(text));
}

static enum status read_script(struct buf *text, struct err *err) {
    char bytes[65536];
    ssize_t n;
    while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
        buf_put(text, bytes, (size_t)n);
    return n == 0 ? DONE : err_set(err, MACHINE, "cannot read the script");
}

struct job {
    struct arena *arena;
    struct err *err;
};

static enum status help(void *arg) {
    struct job *job = arg;
    struct buf text = {.arena = job->arena}, out = text, written = text;
    TRY(read_script(&text, job->err));
    script.text = &written;
    script.L = lua_newstate(allocate, NULL);
    if (!script.L)
        return MACHINE;
    signal(SIGTERM, when_late);
    lua_pushcfunction(script.L, on_error);
    lua_pushcfunction(script.L, run);
    lua_pushlightuserdata(script.L, &text);
    int status = lua_pcall(script.L, 1, 0, 1);
    signal(SIGTERM, SIG_DFL);
    lua_sethook(script.L, NULL, 0, 0);
    if (status == LUA_OK)
        write_blocks(script.L, &out);
    else
        write_error(lua_tostring(script.L, -1), &out);
    lua_close(script.L);
    answer(&out);
    return DONE;
}

int policy_helper_main(void) {
    struct err err = {0};
    struct job job = {arena_new(), &err};
    give_up_rights();
    enum status status = job.arena ? arena_run(help, &job, &err) : MACHINE;
    arena_free(job.arena);
    return (int)status;
}
