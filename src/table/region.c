// The directory is a header, an entry a column, and the names, in int64s of this machine. Behind it
// lie the buffers, those of one column side by side, so that one sum covers them. Places are
// offsets from the region's first byte; 0, where the header lies, says that a buffer is not there.
#include "table/region.h"

#include <stddef.h>
#include <string.h>

enum { ALIGN = 64 };

struct header {
    int64_t sum;       // of the directory but for this
    int64_t directory; // its bytes
    int64_t size, rows, columns, date, groups, start, start_sum;
    int64_t name, name_size;
};

struct entry {
    int64_t name, name_size, type, decimals, missing;
    int64_t from, to, sum; // of all its buffers
    int64_t valid, values, bytes, bytes_size;
    int64_t labels, offsets, ordered; // of the dictionary
};

// ---- making -------------------------------------------------------------------------------

// Takes room for n bytes behind what was taken before.
static int64_t take(int64_t *size, int64_t n) {
    int64_t at = *size;
    *size = (at + n + ALIGN - 1) / ALIGN * ALIGN;
    return at;
}

static void plan_buffers(struct entry *e, int64_t rows, int64_t *size) {
    e->from = *size;
    if (e->missing)
        e->valid = take(size, bit_words(rows) * 8);
    e->values = take(size, type_bytes((enum type)e->type, rows));
    if (e->type == TYPE_LABEL)
        e->offsets = take(size, (e->labels + 1) * 8);
    if (e->type == TYPE_LABEL || e->type == TYPE_TEXT)
        e->bytes = take(size, e->bytes_size);
    e->to = *size;
}

static struct entry plan_entry(const struct region_column *c, int64_t *size) {
    return (struct entry){
        .name = take(size, (int64_t)c->name.n),
        .name_size = (int64_t)c->name.n,
        .type = c->type,
        .decimals = c->decimals,
        .missing = c->missing,
        .bytes_size = c->bytes,
        .labels = c->labels,
        .ordered = c->ordered,
    };
}

// Names first, so that they are of the directory; then the buffers.
static void plan_places(const struct region_plan *plan, struct header *h, struct entry *entries) {
    *h = (struct header){.rows = plan->rows,
                         .columns = plan->columns,
                         .date = plan->date,
                         .groups = plan->groups,
                         .name_size = (int64_t)plan->name.n};
    take(&h->size, (int64_t)(sizeof *h + (size_t)plan->columns * sizeof *entries));
    h->name = take(&h->size, h->name_size);
    for (int i = 0; i < plan->columns; i++)
        entries[i] = plan_entry(&plan->column[i], &h->size);
    h->directory = h->size;
    if (plan->groups >= 0)
        h->start = take(&h->size, (plan->groups + 1) * 8);
    for (int i = 0; i < plan->columns; i++)
        plan_buffers(&entries[i], plan->rows, &h->size);
}

struct region region_new(struct arena *a, const struct region_plan *plan) {
    struct region r;
    struct header h;
    struct entry *entries = arena_array(a, (size_t)plan->columns, sizeof *entries);
    plan_places(plan, &h, entries);

    // Blocks of 4096 bytes and more are aligned.
    char *base = arena_alloc(a, h.size < 4096 ? 4096 : (size_t)h.size);
    memcpy(base, &h, sizeof h);
    memcpy(base + sizeof h, entries, (size_t)plan->columns * sizeof *entries);
    memcpy(base + h.name, plan->name.p, plan->name.n);
    r.bytes = (struct str){base, (size_t)h.size};
    r.start = h.start ? (int64_t *)(base + h.start) : NULL;
    r.column = arena_array(a, (size_t)plan->columns, sizeof *r.column);
    for (int i = 0; i < plan->columns; i++) {
        const struct entry *e = &entries[i];
        memcpy(base + e->name, plan->column[i].name.p, plan->column[i].name.n);
        r.column[i].values = base + e->values;
        r.column[i].valid = e->valid ? (uint64_t *)(base + e->valid) : NULL;
        r.column[i].bytes = base + e->bytes;
        r.column[i].offsets = (int64_t *)(base + e->offsets);
    }
    return r;
}

// ---- the table ----------------------------------------------------------------------------

static const struct entry *entries_of(struct str bytes) {
    return (const struct entry *)(bytes.p + sizeof(struct header));
}

static struct column column_of(struct arena *a, const char *base, const struct entry *e,
                               int64_t rows) {
    struct column c = {
        .name = {base + e->name, (size_t)e->name_size},
        .type = (enum type)e->type,
        .decimals = (int)e->decimals,
        .n = rows,
        .missing = e->missing,
        .valid = e->missing ? (const uint64_t *)(base + e->valid) : NULL,
        .integer = (const int64_t *)(base + e->values),
    };
    if (c.type == TYPE_LABEL || c.type == TYPE_TEXT)
        c.bytes = base + e->bytes;
    if (c.type == TYPE_LABEL) {
        struct dict *d = arena_alloc(a, sizeof *d);
        *d = (struct dict){(int32_t)e->labels, e->ordered, (const int64_t *)(base + e->offsets),
                           c.bytes};
        c.dict = d;
    }
    return c;
}

// The table, whose columns in *columns may still be given seals.
static struct table table_of(struct arena *a, struct str bytes, struct column **columns) {
    const struct header *h = (const struct header *)bytes.p;
    const struct column **list = arena_array(a, (size_t)h->columns, sizeof *list);
    *columns = arena_array(a, (size_t)h->columns, sizeof **columns);
    for (int64_t i = 0; i < h->columns; i++) {
        (*columns)[i] = column_of(a, bytes.p, &entries_of(bytes)[i], h->rows);
        list[i] = &(*columns)[i];
    }
    return (struct table){
        .name = {bytes.p + h->name, (size_t)h->name_size},
        .n = h->rows,
        .columns = (int)h->columns,
        .column = list,
        .start = h->groups >= 0 ? (const int64_t *)(bytes.p + h->start) : NULL,
        .date = h->date >= 0 ? list[h->date] : NULL,
        .region = bytes,
    };
}

struct table region_table(struct arena *a, struct str bytes) {
    struct column *columns;
    return table_of(a, bytes, &columns);
}

// ---- in a file ----------------------------------------------------------------------------

static struct str part(struct str bytes, int64_t from, int64_t to) {
    return (struct str){bytes.p + from, (size_t)(to - from)};
}

static struct str start_part(struct str bytes, const struct header *h) {
    return part(bytes, h->start, h->start + (h->groups + 1) * 8);
}

static int64_t directory_sum(const char *directory, const struct header *h) {
    return seal_sum(
        part((struct str){directory, 0}, offsetof(struct header, directory), h->directory));
}

struct str region_seal(struct arena *a, struct str bytes) {
    size_t n = (size_t)((const struct header *)bytes.p)->directory;
    char *copy = memcpy(arena_alloc(a, n), bytes.p, n);
    struct header *h = (struct header *)copy;
    struct entry *entries = (struct entry *)(copy + sizeof *h);
    h->start_sum = h->groups >= 0 ? seal_sum(start_part(bytes, h)) : 0;
    for (int64_t i = 0; i < h->columns; i++)
        entries[i].sum = seal_sum(part(bytes, entries[i].from, entries[i].to));
    h->sum = directory_sum(copy, h);
    return (struct str){copy, n};
}

// n items of `size` bytes from `at` on lie between two places, aligned.
static bool inside(int64_t from, int64_t to, int64_t at, int64_t n, int64_t size) {
    return at >= from && at <= to && at % ALIGN == 0 && n >= 0 && n <= (to - at) / size;
}

static bool entry_sound(const struct header *h, const struct entry *e) {
    bool known = e->type >= TYPE_INTEGER && e->type <= TYPE_TEXT && e->decimals >= 0 &&
                 e->decimals <= 4 && e->missing >= 0 && e->missing <= h->rows && e->labels >= 0 &&
                 e->labels < INT32_MAX;
    bool lies = inside(0, h->directory, e->name, e->name_size, 1) && e->from >= h->directory &&
                e->from <= e->to && e->to <= h->size;
    bool label = e->type == TYPE_LABEL, bytes = label || e->type == TYPE_TEXT;
    return known && lies &&
           (!e->missing || inside(e->from, e->to, e->valid, bit_words(h->rows), 8)) &&
           inside(e->from, e->to, e->values, type_bytes((enum type)e->type, h->rows), 1) &&
           (!label || inside(e->from, e->to, e->offsets, e->labels + 1, 8)) &&
           (!bytes || inside(e->from, e->to, e->bytes, e->bytes_size, 1));
}

static bool header_sound(struct str bytes) {
    const struct header *h = (const struct header *)bytes.p;
    if (bytes.n < sizeof *h || h->size != (int64_t)bytes.n || h->directory > h->size ||
        h->directory < (int64_t)sizeof *h || h->sum != directory_sum(bytes.p, h))
        return false;
    int64_t room = (h->directory - (int64_t)sizeof *h) / (int64_t)sizeof(struct entry);
    return h->rows >= 0 && h->rows <= INT64_MAX / 16 && h->columns >= 0 && h->columns <= room &&
           h->date >= -1 && h->date < h->columns && h->groups >= -1 && h->groups <= INT32_MAX &&
           inside(0, h->directory, h->name, h->name_size, 1) &&
           (h->groups < 0 || inside(h->directory, h->size, h->start, h->groups + 1, 8));
}

static bool directory_sound(struct str bytes) {
    const struct header *h = (const struct header *)bytes.p;
    const struct entry *entries = entries_of(bytes);
    if (!header_sound(bytes))
        return false;
    for (int64_t i = 0; i < h->columns; i++)
        if (!entry_sound(h, &entries[i]))
            return false;
    return h->date < 0 || entries[h->date].type == TYPE_DATE;
}

static struct seal *seal_new(struct arena *a, struct seal s) {
    struct seal *seal = arena_alloc(a, sizeof *seal);
    *seal = s;
    return seal;
}

enum status region_open(struct arena *a, struct str bytes, const char *file, struct table *out,
                        struct err *err) {
    const struct header *h = (const struct header *)bytes.p;
    struct column *columns;
    if (!directory_sound(bytes))
        return err_at(err, REFUSED, (struct place){file, 0, 0},
                      "is damaged: the directory of a table is not as it was packed; `patron pack` "
                      "the data again");
    *out = table_of(a, bytes, &columns);
    if (out->start)
        out->seal = seal_new(
            a, (struct seal){file, start_part(bytes, h), h->groups, 0, h->start_sum, false});
    for (int64_t i = 0; i < h->columns; i++) {
        const struct entry *e = &entries_of(bytes)[i];
        columns[i].seal = seal_new(a, (struct seal){file, part(bytes, e->from, e->to), e->labels,
                                                    e->bytes_size, e->sum, false});
    }
    return DONE;
}
