// patron pack: a dataset as one file that opens at once.
#include "table/seal.h"
#include "table/snapshot.h"

#include "load/packed.h"
#include "verb/all.h"
#include "verb/open.h"

struct pack {
    struct loaded loaded;
    const char *path;
};

static enum status write_snapshot(struct call *c, const struct pack *p, struct err *err) {
    struct snapshot s = {p->loaded.data, packed_about(c->arena, &p->loaded)};
    struct out *out;
    TRY(out_open(c->arena, c->host, p->path, &out, err));
    TRY(snapshot_write(c->arena, &s, verb_version(), out, err));
    call_output(c, out);
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct pack *p = arena_alloc(c->arena, sizeof *p);
    *result = p;
    p->path = args_value(&c->args, "-o");
    if (!p->path)
        return err_set(err, MISUSED, "say where to write: -o FILE, e.g. -o base.patron");
    TRY(open_data(c, c->args.positional[0], &p->loaded, err));
    TRY(seal_check_dataset(&p->loaded.data, err)); // damage must not be sealed
    return write_snapshot(c, p, err);
}

static int64_t bytes_of(const struct dataset *d) {
    int64_t n = (int64_t)d->people->region.n;
    for (int i = 0; i < d->tables; i++)
        n += (int64_t)d->table[i]->region.n;
    return n;
}

static void text(const void *result, struct buf *out) {
    const struct pack *p = result;
    const struct dataset *d = &p->loaded.data;
    buf_printf(out, "%s: %.*s, %lld customer%s, %d table%s, %.1f MB\n", p->path, (int)d->name.n,
               d->name.p, (long long)d->customers, plural(d->customers), d->tables + 1,
               plural(d->tables + 1), (double)bytes_of(d) / 1e6);
}

static void json(const void *result, struct json *j) {
    const struct pack *p = result;
    json_open(j, '{');
    json_field_z(j, "file", p->path);
    json_field_integer(j, "bytes", bytes_of(&p->loaded.data));
    json_key(j, STR("data"));
    data_json(j, &p->loaded);
    json_close(j, '}');
}

static const struct option options[] = {
    {"-o", "FILE", "write the snapshot here, e.g. base.patron"},
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_pack = {
    .name = "pack",
    .synopsis = "DATA -o FILE",
    .summary = "Write the data as one file that opens at once",
    .help =
        "The snapshot stands wherever DATA does, and opens in the same time whatever its size. It\n"
        "holds what was loaded: the accepted rows up to the as-of date, their counts, and the\n"
        "fingerprints of the files. What is damaged in it is found when it is first used; `patron\n"
        "profile` looks at all of it.\n\n"
        "Examples:\n"
        "  patron pack samples/bank -o bank.patron\n"
        "  patron score bank.patron policies/card-retention.lua -o decisions.csv\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
    .text = text,
    .json = json,
};
