// The columns of JSON are its keys, so they are known only when all of it was read once.
#include "load/keys.h"

#include "load/trace.h"

// The keys of one chunk, or of all, in the order in which they first come.
struct keys {
    struct arena *arena;
    struct intern *names;
    struct buf at;              // by code, where they first stand: size_t
    struct buf fresh, fresh_at; // of the record that is being read: struct str, size_t
    struct record broken;       // the first, if its fault is set
};

static void keys_init(struct keys *k, struct arena *a) {
    *k = (struct keys){a, intern_new(a), {a}, {a}, {a}, {0}};
}

static void add_key(struct keys *k, struct str name, size_t at) {
    if (intern_find(k->names, name) >= 0)
        return;
    intern_add(k->names, name);
    buf_put(&k->at, (const char *)&at, sizeof at);
}

static void *open_keys(void *arg, int worker) {
    struct arena **arenas = arg;
    struct keys *k = arena_alloc(arenas[worker], sizeof *k);
    keys_init(k, arenas[worker]);
    return k;
}

static void take_key(void *state, struct str key, size_t at) {
    struct keys *k = state;
    if (intern_find(k->names, key) >= 0)
        return;
    struct str copy = {arena_copy(k->arena, key.p, key.n), key.n};
    buf_put(&k->fresh, (const char *)&copy, sizeof copy);
    buf_put(&k->fresh_at, (const char *)&at, sizeof at);
}

// A broken record's keys are no columns.
static void take_keys(void *state, const struct record *r) {
    struct keys *k = state;
    const struct str *fresh = (const struct str *)(const void *)k->fresh.p;
    const size_t *at = (const size_t *)(const void *)k->fresh_at.p;
    bool broken = r->fault && r->fault <= FAULT_RECORD;
    if (broken && !k->broken.fault)
        k->broken = *r;
    for (size_t i = 0; i < k->fresh.n / sizeof *fresh && !broken; i++)
        add_key(k, fresh[i], at[i]);
    k->fresh.n = k->fresh_at.n = 0;
}

static enum status merge_keys(const struct scan *s, struct keys *all, const struct keys *k,
                              struct err *err) {
    const size_t *at = (const size_t *)(const void *)k->at.p;
    if (!all->broken.fault)
        all->broken = k->broken;
    for (int32_t i = 0; i < intern_count(k->names); i++) {
        add_key(all, intern_at(k->names, i), at[i]);
        if (intern_count(all->names) > SCAN_COLUMNS_MAX)
            return err_at(err, REFUSED, scan_place(s, at[i]),
                          "here the file has its 4097th different key; are the keys data?");
    }
    return DONE;
}

static enum status refuse_all(struct arena *a, const struct scan *s, const struct record *r,
                              struct err *err) {
    struct trace t = trace_record(tracer_new(a, s), r);
    return err_at(err, REFUSED, scan_place(s, t.at),
                  "no row of this file can be used, the first for this reason: %s; %s",
                  fault_name(r->fault), t.why ? t.why : fault_help(r->fault));
}

enum status keys_read(struct arena *a, const struct host *host, struct scan *s, struct str **names,
                      struct err *err) {
    struct arena *scratch = arena_child(a);
    struct arena **arenas = arena_array(scratch, (size_t)host->threads, sizeof(struct arena *));
    struct reader reader = {arenas, open_keys, NULL, take_keys, .key = take_key};
    struct keys all;
    void **states;
    size_t n;
    for (int i = 0; i < host->threads; i++)
        arenas[i] = arena_child(scratch);
    TRY(scan_run(scratch, host, s, &reader, &states, &n, err));
    keys_init(&all, a);
    for (size_t i = 0; i < n; i++)
        TRY(merge_keys(s, &all, states[i], err));
    s->columns = intern_count(all.names);
    s->names = all.names;
    if (s->columns == 0 && all.broken.fault)
        return refuse_all(scratch, s, &all.broken, err);
    s->name_at = (const size_t *)(const void *)all.at.p;
    *names = arena_array(a, (size_t)s->columns, sizeof **names);
    for (int i = 0; i < s->columns; i++)
        (*names)[i] = intern_at(all.names, i);
    arena_free(scratch);
    return DONE;
}
