// Opens src/load to Lua.
#include <csv.h>
#include <lauxlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "load/load.h"
#include "load/missing.h"
#include "load/role.h"
#include "load/scan.h"
#include "load/trace.h"
#include "module.h"
#include "table/region.h"

// ---- the scanner --------------------------------------------------------------------------

struct scanned {
    struct arena *arena;
    struct host host;
    struct scan scan;
    struct buf *out; // of all chunks, in order
    struct err err;
};

// A chunk's records as text: "at|field|field\n", or "at!fault,column\n".
struct dump {
    struct buf buf, row;
};

static void *open_dump(void *arg, int worker) {
    struct arena **arenas = arg;
    struct dump *d = arena_alloc(arenas[worker], sizeof *d);
    d->buf.arena = d->row.arena = arenas[worker];
    return d;
}

static void dump_field(void *state, int column, struct str text) {
    struct dump *d = state;
    if (column == 0)
        d->row.n = 0;
    buf_char(&d->row, '|');
    buf_str(&d->row, text);
}

static void dump_record(void *state, const struct record *r) {
    struct dump *d = state;
    buf_printf(&d->buf, "%zu", r->at);
    if (r->fault)
        buf_printf(&d->buf, "!%s,%d", fault_name(r->fault), r->column);
    else
        buf_str(&d->buf, (struct str){d->row.p, d->row.n});
    buf_char(&d->buf, '\n');
    d->row.n = 0;
}

static enum status scan_all(void *arg) {
    struct scanned *s = arg;
    struct arena *arenas[16];
    struct reader reader = {arenas, open_dump, dump_field, dump_record, NULL};
    void **states;
    size_t n;
    for (int i = 0; i < s->host.threads; i++)
        arenas[i] = arena_child(s->arena);
    TRY(scan_run(s->arena, &s->host, &s->scan, &reader, &states, &n, &s->err));
    s->out = arena_alloc(s->arena, sizeof *s->out);
    s->out->arena = s->arena;
    for (size_t i = 0; i < n; i++) {
        struct dump *d = states[i];
        buf_put(s->out, d->buf.p, d->buf.n);
    }
    return DONE;
}

static int push_err(lua_State *L, const struct err *err) {
    char text[4096];
    err_line(err, text, sizeof text);
    lua_pushnil(L);
    lua_pushstring(L, text);
    lua_pushinteger(L, err->status);
    return 3;
}

// scan(text, delimiter, columns, chunk, threads) -> records as text, or nil and the error
static int scan_text(lua_State *L) {
    struct scanned s = {.arena = arena_new()};
    s.scan.file = "t.csv";
    s.scan.text.p = luaL_checklstring(L, 1, &s.scan.text.n);
    s.scan.delimiter = *luaL_checkstring(L, 2);
    s.scan.columns = (int)luaL_checkinteger(L, 3);
    s.scan.chunk = (size_t)luaL_checkinteger(L, 4);
    s.host.threads = (int)luaL_checkinteger(L, 5);
    int results = 1;
    if (arena_run(scan_all, &s, &s.err) == DONE)
        lua_pushlstring(L, s.out->n ? s.out->p : "", s.out->n);
    else
        results = push_err(L, &s.err);
    arena_free(s.arena);
    return results;
}

// ---- the reference: libcsv alone, one byte at a time --------------------------------------

struct reference {
    lua_State *L;
    int fields; // so far in the record; their list is on the stack's top
    bool ended;
};

static void reference_field(void *bytes, size_t n, void *arg) {
    struct reference *r = arg;
    lua_pushlstring(r->L, bytes ? bytes : "", n);
    lua_rawseti(r->L, -2, ++r->fields);
}

static void reference_record(int c, void *arg) {
    (void)c;
    ((struct reference *)arg)->ended = true;
}

static void set_offset(lua_State *L, const char *name, size_t at) {
    lua_pushinteger(L, (lua_Integer)at);
    lua_setfield(L, -2, name);
}

// Behind the end of the line that `at` is on: an LF, or a CR without one.
static size_t next_line(struct str text, size_t at) {
    while (at < text.n && text.p[at] != '\n' && text.p[at] != '\r')
        at++;
    if (at + 1 < text.n && text.p[at] == '\r' && text.p[at + 1] == '\n')
        at++;
    return at < text.n ? at + 1 : at;
}

static bool is_blank(struct str text, size_t from, size_t to, char delimiter) {
    for (; from < to; from++)
        if (text.p[from] == delimiter || !memchr(" \t\r\n", text.p[from], 4))
            return false;
    return true;
}

// reference(text, delimiter) -> list of { at = , fields..., broken = offset, unclosed = true }
static int reference(lua_State *L) {
    struct str text;
    text.p = luaL_checklstring(L, 1, &text.n);
    char delimiter = *luaL_checkstring(L, 2);
    lua_newtable(L);
    int records = 0;
    for (size_t at = 0, i; at < text.n; at = i) {
        i = next_line(text, at);
        if (is_blank(text, at, i, delimiter))
            continue;
        struct reference r = {L, 0, false};
        struct csv_parser p;
        csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
        csv_set_delim(&p, (unsigned char)delimiter);
        lua_newtable(L);
        set_offset(L, "at", at);
        bool broken = false;
        for (i = at; i < text.n && !r.ended && !broken; i++)
            broken = csv_parse(&p, text.p + i, 1, reference_field, reference_record, &r) == 0;
        if (broken) {
            set_offset(L, "broken", i - 1);
            i = next_line(text, at);
        } else if (!r.ended && csv_fini(&p, reference_field, reference_record, &r) != 0) {
            set_offset(L, "unclosed", at);
        } else if (i < text.n && text.p[i - 1] == '\r' && text.p[i] == '\n') {
            i++;
        }
        csv_free(&p);
        lua_rawseti(L, -2, ++records);
    }
    return 1;
}

// ---- datasets -----------------------------------------------------------------------------

struct run {
    lua_State *L;
    struct arena *arena;
    struct host host;
    struct load_options options;
    struct loaded loaded;
    struct err err;
};

static enum status load(void *arg) {
    struct run *r = arg;
    TRY(load_dataset(r->arena, &r->host, &r->options, &r->loaded, &r->err));
    TRY(seal_check_dataset(&r->loaded.data, &r->err)); // all of it is read
    return r->loaded.rejects ? out_commit(r->loaded.rejects, &r->err) : DONE;
}

// Notes go to a table at index 2.
static void note(void *ctx, const char *text) {
    lua_State *L = ctx;
    lua_pushstring(L, text);
    lua_rawseti(L, 2, (lua_Integer)lua_rawlen(L, 2) + 1);
}

static const char *option(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    const char *value = lua_tostring(L, -1);
    lua_pop(L, 1); // it stays in the table
    return value;
}

static lua_Integer number_option(lua_State *L, const char *name, lua_Integer otherwise) {
    lua_getfield(L, 1, name);
    lua_Integer value = luaL_optinteger(L, -1, otherwise);
    lua_pop(L, 1);
    return value;
}

static void set_integer(lua_State *L, const char *name, int64_t x) {
    lua_pushinteger(L, x);
    lua_setfield(L, -2, name);
}

static void set_str(lua_State *L, const char *name, struct str s) {
    lua_pushlstring(L, s.n ? s.p : "", s.n);
    lua_setfield(L, -2, name);
}

// The values as printed, false for a missing one.
static void push_column(lua_State *L, struct arena *a, const struct column *c) {
    lua_newtable(L);
    set_str(L, "name", c->name);
    set_str(L, "type", str_of(type_name(c->type)));
    set_integer(L, "missing", c->missing);
    if (c->type == TYPE_LABEL)
        set_integer(L, "labels", c->dict->n);
    for (int64_t row = 0; row < c->n; row++) {
        struct buf b = {.arena = a};
        if (!column_has(c, row)) {
            lua_pushboolean(L, 0);
        } else {
            column_print(c, row, &b);
            lua_pushlstring(L, b.n ? b.p : "", b.n);
        }
        lua_rawseti(L, -2, row + 1);
    }
}

// { name, n, hash = of the region, names = { ... }, column = { name = { values } }, start = { } }
static void push_table(lua_State *L, struct arena *a, const struct table *t, int64_t customers,
                       bool values) {
    char hex[HASH_HEX];
    hash_hex(t->region, hex);
    lua_newtable(L);
    set_str(L, "name", t->name);
    set_integer(L, "n", t->n);
    set_str(L, "hash", str_of(hex));
    if (t->date)
        set_str(L, "date", t->date->name);
    lua_newtable(L);
    for (int i = 0; i < t->columns; i++) {
        lua_pushlstring(L, t->column[i]->name.p, t->column[i]->name.n);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "names");
    lua_newtable(L);
    for (int i = 0; values && i < t->columns; i++) {
        push_column(L, a, t->column[i]);
        set_integer(L, "place", i + 1);
        lua_pushlstring(L, t->column[i]->name.p, t->column[i]->name.n);
        lua_insert(L, -2);
        lua_rawset(L, -3);
    }
    lua_setfield(L, -2, "column");
    if (!t->start || !values)
        return;
    lua_newtable(L);
    for (int64_t c = 0; c <= customers; c++) {
        lua_pushinteger(L, t->start[c]);
        lua_rawseti(L, -2, c + 1);
    }
    lua_setfield(L, -2, "start");
}

static void push_source(lua_State *L, const struct source *s) {
    lua_newtable(L);
    set_str(L, "file", str_of(s->file));
    set_str(L, "table", str_of(s->table));
    set_integer(L, "bytes", (int64_t)s->content.n);
    set_integer(L, "read", s->read);
    set_integer(L, "accepted", s->accepted);
    set_integer(L, "rejected", s->rejected);
    set_integer(L, "after_as_of", s->after_as_of);
    lua_newtable(L);
    for (int i = 0; i < s->reasons; i++)
        set_integer(L, s->reason[i], s->reason_count[i]);
    lua_setfield(L, -2, "reasons");
    lua_newtable(L);
    for (int i = 0; i < s->rejects; i++) {
        lua_newtable(L);
        set_integer(L, "line", s->reject[i].at.line);
        set_integer(L, "column", s->reject[i].at.column);
        set_str(L, "reason", str_of(s->reject[i].reason));
        set_str(L, "text", str_of(s->reject[i].text));
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "rejects");
    lua_newtable(L);
    for (int i = 0; i < s->notes; i++) {
        lua_pushstring(L, s->note[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "notes");
}

static void push_loaded(lua_State *L, struct arena *a, const struct loaded *loaded, bool values) {
    const struct dataset *d = &loaded->data;
    lua_newtable(L);
    set_str(L, "name", d->name);
    set_str(L, "currency", d->currency);
    set_str(L, "description", loaded->description);
    set_integer(L, "as_of", d->as_of);
    set_integer(L, "customers", d->customers);
    lua_pushboolean(L, loaded->inferred);
    lua_setfield(L, -2, "inferred");
    push_table(L, a, d->people, d->customers, values);
    lua_setfield(L, -2, "people");
    for (int i = 0; i < d->tables; i++) {
        push_table(L, a, d->table[i], d->customers, values);
        lua_pushlstring(L, d->table[i]->name.p, d->table[i]->name.n);
        lua_insert(L, -2);
        lua_rawset(L, -3);
    }
    lua_newtable(L);
    for (int i = 0; i < loaded->sources; i++) {
        push_source(L, &loaded->source[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "source");
}

struct pushing {
    lua_State *L;
    struct arena *arena;
    const struct loaded *loaded;
    bool values;
};

static enum status push(void *arg) {
    struct pushing *p = arg;
    push_loaded(p->L, p->arena, p->loaded, p->values);
    return DONE;
}

// dataset{ path =, threads =, chunk =, as_of =, rejects =, strict =, values =, fail_at = } -> what
// was loaded, with `note` = the notes; or nil, the error, its status and the notes. With fail_at,
// the memory runs out at that allocation.
static int dataset(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_newtable(L);
    lua_getfield(L, 1, "strict");
    lua_getfield(L, 1, "values");
    bool strict = lua_toboolean(L, 3), values = lua_isnil(L, 4) || lua_toboolean(L, 4);
    struct run r = {
        .arena = arena_new(),
        .host = {(int)number_option(L, "threads", 1), L, note, NULL},
        .options = {option(L, "path"), option(L, "rejects"), option(L, "as_of"), strict,
                    (size_t)number_option(L, "chunk", 0)},
    };
    int results = 1;
    mem_fail_at((long)number_option(L, "fail_at", 0), 1);
    enum status status = arena_run(load, &r, &r.err);
    mem_fail_at(0, 0);
    if (status == DONE) {
        struct pushing p = {L, r.arena, &r.loaded, values};
        arena_run(push, &p, &r.err);
        lua_pushvalue(L, 2);
        lua_setfield(L, -2, "note");
    } else {
        results = push_err(L, &r.err) + 1;
        lua_pushvalue(L, 2);
    }
    arena_free(r.arena);
    return results;
}

// The regions of a dataset, copied elsewhere and opened there: true if all values are as before.
static enum status move_regions(void *arg) {
    struct run *r = arg;
    TRY(load(r));
    const struct table *people = r->loaded.data.people;
    struct table moved;
    char *copy = arena_alloc(r->arena, people->region.n + 4096);
    struct str directory = region_seal(r->arena, people->region);
    memcpy(copy, people->region.p, people->region.n);
    memcpy(copy, directory.p, directory.n);
    TRY(region_open(r->arena, (struct str){copy, people->region.n}, "FILE", &moved, &r->err));
    TRY(seal_check_table(&moved, &r->err));
    push_table(r->L, r->arena, &moved, r->loaded.data.customers, true);
    memset(copy, 0x55, 16);
    return region_open(r->arena, (struct str){copy, people->region.n}, "FILE", &moved, &r->err);
}

// moved(path) -> the customers table of a copied region; the error of a damaged one
static int moved(lua_State *L) {
    struct run r = {.L = L, .arena = arena_new(), .host = {.threads = 1}};
    r.options.path = luaL_checkstring(L, 1);
    arena_run(move_regions, &r, &r.err);
    lua_pushstring(L, r.err.text);
    arena_free(r.arena);
    return 2;
}

// faults() -> the names of all reasons to reject a row
static int faults(lua_State *L) {
    lua_newtable(L);
    for (int f = FAULT_NONE + 1; f < FAULTS; f++) {
        lua_pushstring(L, fault_name((enum fault)f));
        lua_rawseti(L, -2, f);
    }
    return 1;
}

// missing_words() -> the usual words for a missing value
static int missing_words(lua_State *L) {
    lua_newtable(L);
    for (int i = 0; i < MISSING_USUAL; i++) {
        lua_pushlstring(L, missing_word(i).p, missing_word(i).n);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

// roles() -> { table = { { name, required } } }
static int roles(lua_State *L) {
    struct str table;
    lua_newtable(L);
    for (size_t i = 0; table_role_name(NULL, i, &table); i++) {
        lua_pushlstring(L, table.p, table.n);
        lua_newtable(L);
        int n = 0;
        for (const struct role *r = table_role_find(table)->role; r->name; r++) {
            lua_newtable(L);
            set_str(L, "name", str_of(r->name));
            lua_pushboolean(L, r->required);
            lua_setfield(L, -2, "required");
            lua_rawseti(L, -2, ++n);
        }
        lua_rawset(L, -3);
    }
    return 1;
}

int open_load(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"scan", scan_text},
        {"reference", reference},
        {"dataset", dataset},
        {"moved", moved},
        {"faults", faults},
        {"roles", roles},
        {"missing_words", missing_words},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
