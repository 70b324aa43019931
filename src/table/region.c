// The directory is a header and an entry a column, in int64s of this machine; the magic number
// shows a region of another byte order. Places are offsets from the region's first byte; 0, where
// the header lies, says that a buffer is not there.
#include "table/region.h"

#include <string.h>

#define MAGIC 0x317472746170 // "patrt1"

enum { ALIGN = 64 };

struct header {
    int64_t magic, size, rows, columns, date, groups, start;
    int64_t name, name_size;
};

struct entry {
    int64_t name, name_size, type, decimals, missing;
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

static struct entry entry_plan(const struct region_column *c, int64_t rows, int64_t *size) {
    struct entry e = {
        .name_size = (int64_t)c->name.n,
        .type = c->type,
        .decimals = c->decimals,
        .missing = c->missing,
        .bytes_size = c->bytes,
        .labels = c->labels,
        .ordered = c->ordered,
    };
    e.name = take(size, e.name_size);
    if (e.missing)
        e.valid = take(size, bit_words(rows) * 8);
    e.values = take(size, type_bytes(c->type, rows));
    if (c->type == TYPE_LABEL)
        e.offsets = take(size, ((int64_t)c->labels + 1) * 8);
    if (c->type == TYPE_LABEL || c->type == TYPE_TEXT)
        e.bytes = take(size, c->bytes);
    return e;
}

struct region region_new(struct arena *a, const struct region_plan *plan) {
    struct region r;
    struct entry *entries = arena_array(a, (size_t)plan->columns, sizeof *entries);
    struct header h = {MAGIC, 0, plan->rows, plan->columns, plan->date, plan->groups};
    take(&h.size, (int64_t)(sizeof h + (size_t)plan->columns * sizeof *entries));
    h.name_size = (int64_t)plan->name.n;
    h.name = take(&h.size, h.name_size);
    if (plan->groups >= 0)
        h.start = take(&h.size, (plan->groups + 1) * 8);
    for (int i = 0; i < plan->columns; i++)
        entries[i] = entry_plan(&plan->column[i], plan->rows, &h.size);

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

// ---- opening ------------------------------------------------------------------------------

// n items of `size` bytes from `at` on lie inside the region, aligned.
static bool inside(struct str bytes, int64_t at, int64_t n, int64_t size) {
    int64_t whole = (int64_t)bytes.n;
    return at >= 0 && at <= whole && at % ALIGN == 0 && n >= 0 && n <= (whole - at) / size;
}

static bool entry_sound(struct str bytes, const struct entry *e, int64_t rows) {
    bool known = e->type >= TYPE_INTEGER && e->type <= TYPE_TEXT && e->decimals >= 0 &&
                 e->decimals <= 4 && e->missing >= 0 && e->missing <= rows;
    return known && inside(bytes, e->name, e->name_size, 1) &&
           inside(bytes, e->valid, e->missing ? bit_words(rows) : 0, 8) &&
           inside(bytes, e->values, type_bytes((enum type)e->type, rows), 1) &&
           inside(bytes, e->bytes, e->bytes_size, 1) && e->labels >= 0 && e->labels < INT32_MAX &&
           inside(bytes, e->offsets, e->type == TYPE_LABEL ? e->labels + 1 : 0, 8);
}

static struct column column_open(struct arena *a, const char *base, const struct entry *e,
                                 int64_t rows) {
    struct column c = {
        .name = {base + e->name, (size_t)e->name_size},
        .type = (enum type)e->type,
        .decimals = (int)e->decimals,
        .n = rows,
        .missing = e->missing,
        .valid = e->missing ? (const uint64_t *)(base + e->valid) : NULL,
        .integer = (const int64_t *)(base + e->values),
        .bytes = base + e->bytes,
    };
    if (c.type == TYPE_LABEL) {
        struct dict *d = arena_alloc(a, sizeof *d);
        *d = (struct dict){(int32_t)e->labels, e->ordered, (const int64_t *)(base + e->offsets),
                           c.bytes};
        c.dict = d;
    }
    return c;
}

enum status region_open(struct arena *a, struct str bytes, struct table *out, struct err *err) {
    const struct header *h = (const struct header *)bytes.p;
    const struct entry *entries = (const struct entry *)(bytes.p + sizeof *h);
    int64_t room = ((int64_t)bytes.n - (int64_t)sizeof *h) / (int64_t)sizeof *entries;
    bool sound = bytes.n >= sizeof *h && h->magic == MAGIC && h->size == (int64_t)bytes.n &&
                 h->rows >= 0 && h->rows <= INT64_MAX / 16 && h->columns >= 0 &&
                 h->columns <= room && h->date >= -1 && h->date < h->columns && h->groups >= -1 &&
                 h->groups <= INT32_MAX && inside(bytes, h->name, h->name_size, 1) &&
                 inside(bytes, h->start, h->groups + 1, 8);
    for (int64_t i = 0; sound && i < h->columns; i++)
        sound = entry_sound(bytes, &entries[i], h->rows);
    if (!sound)
        return err_set(err, REFUSED, "this is no table region of this version and machine");

    struct column *columns = arena_array(a, (size_t)h->columns, sizeof *columns);
    const struct column **list = arena_array(a, (size_t)h->columns, sizeof *list);
    for (int64_t i = 0; i < h->columns; i++) {
        columns[i] = column_open(a, bytes.p, &entries[i], h->rows);
        list[i] = &columns[i];
    }
    *out = (struct table){
        .name = {bytes.p + h->name, (size_t)h->name_size},
        .n = h->rows,
        .columns = (int)h->columns,
        .column = list,
        .start = h->groups >= 0 ? (const int64_t *)(bytes.p + h->start) : NULL,
        .date = h->date >= 0 ? list[h->date] : NULL,
        .region = bytes,
    };
    return DONE;
}
