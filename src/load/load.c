// Files become tables in three steps, each for all tables: open (headers, types), build (pieces of
// columns), group (regions). Customers come first: with a customers table, the rows of others must
// name one of them; without, they are who the other tables name.
#include "load/load.h"

#include <stdio.h>

#include "base/date.h"
#include "base/file.h"
#include "load/day.h"
#include "load/find.h"
#include "load/group.h"
#include "load/header.h"
#include "load/infer.h"
#include "load/packed.h"
#include "load/report.h"
#include "table/snapshot.h"

// A table on its way.
struct part {
    struct arena *arena; // of scan and build; freed when the table stands
    struct described_table *described;
    struct scan scan;
    struct build *build;
    struct table table;
};

struct loading {
    struct arena *arena, *scratch; // what stays; what goes at the end
    const struct host *host;
    const struct load_options *options;
    struct description description;
    int32_t as_of; // INT32_MAX: not known before the data are
    struct part *part;
    struct part *people; // the customers table, or NULL
    struct ranking ids;
    struct intern *customers; // those of the customers table, by rank; NULL without it
    struct rejects *rejects;
    struct source *source;
    struct loaded *out;
};

static const char *const *files_of(struct arena *a, const struct description *d) {
    const char **list = arena_array(a, (size_t)d->tables + 2, sizeof *list);
    for (int i = 0; i < d->tables; i++)
        list[i] = d->table[i].file;
    list[d->tables] = d->file;
    list[d->tables + 1] = NULL;
    return list;
}

// Loading reads a file as it was when it was opened; writing over it would lose the data.
enum status load_spares(const struct loaded *l, const char *const *outputs, struct err *err) {
    for (const char *const *out = outputs; out && *out; out++)
        for (const char *const *file = l->files; *file; file++)
            if (file_same(*out, *file))
                return err_at(err, MISUSED, (struct place){*out, 0, 0},
                              "is a file of the data itself; write to another one");
    return DONE;
}

// ---- as of --------------------------------------------------------------------------------

static enum status read_as_of(struct loading *l, struct err *err) {
    const struct description *d = &l->description;
    const struct load_options *o = l->options;
    l->as_of = INT32_MAX;
    if (o->as_of)
        return day_read(str_of(o->as_of), (struct place){0}, MISUSED, &l->as_of, err);
    if (d->as_of.n > 0)
        return day_read(d->as_of, d->as_of_at, REFUSED, &l->as_of, err);
    if (!o->as_of_else)
        return DONE;
    host_note(l->host, "as of %s, the day of the model", o->as_of_else);
    return day_read(str_of(o->as_of_else), (struct place){0}, REFUSED, &l->as_of, err);
}

static int32_t latest_date(const struct build *b, int32_t latest) {
    for (size_t i = 0; b->date >= 0 && i < b->pieces; i++)
        for (int64_t row = 0; row < b->piece[i]->n; row++)
            if (b->piece[i]->cells[b->date].date[row] > latest)
                latest = b->piece[i]->cells[b->date].date[row];
    return latest;
}

static enum status settle_as_of(struct loading *l, struct err *err) {
    const struct part *dated = NULL;
    char text[16];
    if (l->as_of != INT32_MAX)
        return DONE;
    int32_t latest = INT32_MIN;
    for (int i = 0; i < l->description.tables; i++) {
        int32_t date = latest_date(l->part[i].build, latest);
        if (date > latest)
            dated = &l->part[i];
        latest = date;
    }
    l->as_of = dated ? latest : day_today() - 1;
    int n = date_print(l->as_of, text);
    if (l->as_of > day_today())
        return err_at(err, REFUSED, (struct place){dated->scan.file, 0, 0},
                      "the latest date in it, %.*s, lies in the future; mend that row, or say "
                      "--as-of DATE",
                      n, text);
    host_note(l->host, "as of %.*s, %s", n, text,
              dated ? "the latest date in the data"
                    : "today, because there are no dates in the data");
    return DONE;
}

// ---- the three steps ----------------------------------------------------------------------

// What was recognised without a word of the user: to be seen, and mended if it is wrong.
static void note_roles(const struct loading *l, const struct described_table *t) {
    struct buf b = {.arena = l->scratch};
    for (int i = 0; i < t->columns; i++) {
        const struct described_column *c = &t->column[i];
        if (!c->role || c->at.file)
            continue;
        buf_printf(&b, "%s%.*s = '%.*s'", b.n ? ", " : "", (int)c->name.n, c->name.p,
                   (int)c->header.n, c->header.p);
        if (c->format.n)
            buf_printf(&b, " (%.*s)", (int)c->format.n, c->format.p);
    }
    if (!l->description.file)
        host_note(l->host, "%s: read as %.*s: %s", t->file, (int)t->name.n, t->name.p,
                  buf_text(&b));
}

static enum status open_parts(struct loading *l, struct err *err) {
    struct description *d = &l->description;
    l->part = arena_array(l->scratch, (size_t)d->tables, sizeof *l->part);
    for (int i = 0; i < d->tables; i++) {
        struct part *p = &l->part[i];
        p->described = &d->table[i];
        p->scan.chunk = l->options->chunk;
        p->arena = arena_child(l->scratch);
        TRY(header_open(l->arena, p->arena, l->host, d, p->described, &p->scan, err));
        TRY(infer_table(l->arena, l->host, d, p->described, &p->scan, err));
        note_roles(l, p->described);
        if (str_is(p->described->name, "customers"))
            l->people = p;
    }
    return DONE;
}

static enum status build_part(struct loading *l, struct part *p, struct err *err) {
    int i = (int)(p - l->part);
    TRY(build_table(p->arena, l->host, &l->description, p->described, &p->scan, l->customers,
                    l->as_of, &p->build, err));
    return report_table(l->arena, l->host, p->build, &l->description, p->described,
                        l->options->strict, l->rejects, &l->source[i], err);
}

static enum status group_part(struct loading *l, struct part *p, struct err *err) {
    TRY(group_table(l->arena, l->host, p->build, p->described, &l->ids, &p->table, err));
    if (p != l->people)
        arena_free(p->arena);
    return DONE;
}

static struct ranking rank_people(const struct loading *l) {
    struct build *b = l->people->build;
    if (b->numbered)
        return group_numbers(l->scratch, b);
    struct rank_source *sources =
        arena_array(l->scratch, (size_t)l->host->threads, sizeof(struct rank_source));
    return rank_strings(l->scratch, sources, group_sources(b, b->key, sources), true);
}

// The customers are those of the customers table.
static enum status load_people(struct loading *l, struct err *err) {
    TRY(build_part(l, l->people, err));
    l->ids = rank_people(l);
    TRY(group_part(l, l->people, err));
    l->customers = intern_new(l->scratch);
    for (int32_t i = 0; i < l->ids.n; i++)
        intern_add(l->customers, l->ids.label[i]);
    return DONE;
}

// The customers are those whom any table names.
static void collect_people(struct loading *l, struct table *people) {
    int n = 0, tables = l->description.tables;
    struct rank_source *sources = arena_array(l->scratch, (size_t)tables * (size_t)l->host->threads,
                                              sizeof(struct rank_source));
    for (int i = 0; i < tables; i++)
        if (l->part[i].build->key >= 0)
            n += group_sources(l->part[i].build, l->part[i].build->key, sources + n);
    l->ids = rank_strings(l->scratch, sources, n, true);
    group_ids(l->arena, &l->ids, people);
}

static enum status load_tables(struct loading *l, struct table *people, struct err *err) {
    if (l->people)
        TRY(load_people(l, err));
    for (int i = 0; i < l->description.tables; i++)
        if (&l->part[i] != l->people)
            TRY(build_part(l, &l->part[i], err));
    TRY(settle_as_of(l, err));
    if (!l->people)
        collect_people(l, people);
    for (int i = 0; i < l->description.tables; i++)
        if (&l->part[i] != l->people)
            TRY(group_part(l, &l->part[i], err));
    if (l->people)
        *people = l->people->table;
    return DONE;
}

// ---- the dataset --------------------------------------------------------------------------

static struct str keep(struct loading *l, struct str s) {
    return (struct str){arena_copy(l->arena, s.p, s.n), s.n};
}

static void give(struct loading *l, const struct table *people) {
    const struct description *d = &l->description;
    struct table *tables = arena_array(l->arena, (size_t)d->tables, sizeof *tables);
    const struct table **list = arena_array(l->arena, (size_t)d->tables, sizeof *list);
    struct dataset *data = &l->out->data;
    *data = (struct dataset){
        .name = keep(l, d->name),
        .currency = keep(l, d->currency),
        .decimals = d->decimals,
        .as_of = l->as_of,
        .customers = people->n,
        .people = people,
        .id = table_column(people, STR("customer")),
        .table = list,
    };
    for (int i = 0; i < d->tables; i++) {
        if (&l->part[i] == l->people)
            continue;
        tables[data->tables] = l->part[i].table;
        list[data->tables] = &tables[data->tables];
        data->tables++;
    }
    l->out->inferred = !d->file;
    l->out->sources = d->tables;
    l->out->source = l->source;
    l->out->description = description_print(l->arena, d);
}

void source_fingerprint(const struct source *s, char out[HASH_HEX]) {
    if (s->sha256)
        snprintf(out, HASH_HEX, "%s", s->sha256);
    else
        hash_hex(s->content, out);
}

enum status load_dataset(struct arena *a, const struct host *host, const struct load_options *o,
                         struct loaded *out, struct err *err) {
    if (snapshot_is(o->path))
        return packed_load(a, host, o, out, err);
    struct loading l = {a, arena_child(a), host, o, .out = out};
    struct table *people = arena_alloc(a, sizeof *people);
    *out = (struct loaded){0};
    TRY(find_dataset(a, o->path, &l.description, err));
    out->files = files_of(a, &l.description);
    TRY(load_spares(out, o->outputs, err));
    TRY(read_as_of(&l, err));
    TRY(rejects_open(a, host, o->rejects, &l.rejects, err));
    l.source = arena_array(a, (size_t)l.description.tables, sizeof *l.source);
    TRY(open_parts(&l, err));
    TRY(load_tables(&l, people, err));
    if (l.rejects)
        TRY(rejects_end(l.rejects, &out->rejects, err));
    give(&l, people);
    arena_free(l.scratch);
    return DONE;
}
