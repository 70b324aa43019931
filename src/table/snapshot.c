// The head is a struct of fixed size, the places of the regions, and texts. What stands before
// `size` in it is the same in every version, so that any Patron can say who packed a file.
//
// Invariant: nothing of the file is used before it was checked to lie inside of it.
#include "table/snapshot.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/format.h"
#include "table/region.h"

enum { VERSION = 1, ORDER = 0x01020304, SWAPPED = 0x04030201, PAGE = 4096, TABLES_MAX = 1 << 16 };

static const char magic[8] = {'P', 'A', 'T', 'R', 'O', 'N', '\r', '\n'}; // shows a change of lines

struct span {
    int64_t at, n;
};

struct head {
    char magic[sizeof magic];
    uint32_t order, version;
    char engine[32]; // with a NUL
    int64_t size;    // of the file
    int64_t n;       // bytes of the head, its texts included
    int64_t sum;     // of those behind this
    int64_t as_of, decimals, customers, tables;
    struct span name, currency, about;
    struct span table[]; // customers first
};

bool snapshot_is(const char *path) {
    char bytes[sizeof magic];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool begins = fd >= 0 && read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes &&
                  memcmp(bytes, magic, sizeof magic) == 0;
    if (fd >= 0)
        close(fd);
    return begins || format_ends_in(path, ".patron");
}

static int64_t head_sum(const struct head *h) {
    size_t from = offsetof(struct head, as_of);
    return seal_sum((struct str){(const char *)h + from, (size_t)h->n - from});
}

// ---- writing ----------------------------------------------------------------------------------

static const struct table *table_at(const struct dataset *d, int i) {
    return i == 0 ? d->people : d->table[i - 1];
}

static int64_t pages(int64_t n) {
    return (n + PAGE - 1) / PAGE * PAGE;
}

static struct span put_text(char *base, int64_t *at, struct str text) {
    struct span s = {*at, (int64_t)text.n};
    if (text.n)
        memcpy(base + *at, text.p, text.n);
    *at += s.n;
    return s;
}

static struct head *make_head(struct arena *a, const struct snapshot *s, const char *engine) {
    const struct dataset *d = &s->data;
    size_t fixed = sizeof(struct head) + ((size_t)d->tables + 1) * sizeof(struct span);
    int64_t at = (int64_t)fixed, n = at + (int64_t)(d->name.n + d->currency.n + s->about.n);
    struct head *h = arena_alloc(a, (size_t)pages(n));
    *h = (struct head){.order = ORDER,
                       .version = VERSION,
                       .n = n,
                       .as_of = d->as_of,
                       .decimals = d->decimals,
                       .customers = d->customers,
                       .tables = d->tables + 1};
    memcpy(h->magic, magic, sizeof magic);
    strncpy(h->engine, engine, sizeof h->engine - 1);
    h->name = put_text((char *)h, &at, d->name);
    h->currency = put_text((char *)h, &at, d->currency);
    h->about = put_text((char *)h, &at, s->about);
    h->size = pages(n);
    for (int i = 0; i <= d->tables; i++) {
        h->table[i] = (struct span){h->size, (int64_t)table_at(d, i)->region.n};
        h->size += pages(h->table[i].n);
    }
    h->sum = head_sum(h);
    return h;
}

static enum status write_region(struct arena *a, struct str region, struct out *out,
                                struct err *err) {
    static const char zeros[PAGE];
    struct str directory = region_seal(a, region);
    TRY(out_write(out, directory.p, directory.n, err));
    TRY(out_write(out, region.p + directory.n, region.n - directory.n, err));
    return out_write(out, zeros, (size_t)(pages((int64_t)region.n) - (int64_t)region.n), err);
}

enum status snapshot_write(struct arena *a, const struct snapshot *s, const char *engine,
                           struct out *out, struct err *err) {
    const struct head *h = make_head(a, s, engine);
    TRY(out_write(out, (const char *)h, (size_t)pages(h->n), err));
    for (int i = 0; i <= s->data.tables; i++)
        TRY(write_region(a, table_at(&s->data, i)->region, out, err));
    return DONE;
}

// ---- opening ----------------------------------------------------------------------------------

static enum status refuse(const char *path, const char *what, struct err *err) {
    return err_at(err, REFUSED, (struct place){path, 0, 0}, "%s; `patron pack` the data again",
                  what);
}

// Who packed it, before anything that only this version knows.
static enum status check_origin(const char *path, struct str bytes, struct err *err) {
    const struct head *h = (const struct head *)bytes.p;
    struct place at = {path, 0, 0};
    size_t known = bytes.n < sizeof magic ? bytes.n : sizeof magic;
    if (memcmp(bytes.p, magic, known) != 0)
        return refuse(path, "is no snapshot, or its beginning is damaged", err);
    if (bytes.n < sizeof *h)
        return refuse(path, "is cut off at its beginning", err);
    if (h->order == SWAPPED)
        return refuse(path, "was packed on a machine of the other byte order", err);
    if (h->order != ORDER)
        return refuse(path, "is damaged at its beginning", err);
    if (h->version == VERSION)
        return DONE;
    char engine[sizeof h->engine + 1] = {0};
    memcpy(engine, h->engine, sizeof h->engine);
    return err_at(err, REFUSED, at,
                  "was packed by Patron %s, as a snapshot of version %u; this one reads version "
                  "%d: use that Patron, or `patron pack` the data again",
                  engine, h->version, VERSION);
}

static bool span_inside(struct span s, int64_t whole) {
    return s.at >= 0 && s.n >= 0 && s.at <= whole && s.n <= whole - s.at;
}

static bool head_sound(const struct head *h) {
    int64_t fixed = (int64_t)sizeof *h;
    bool sound = h->n >= fixed && h->n <= h->size && h->sum == head_sum(h) && h->tables >= 1 &&
                 h->tables <= TABLES_MAX &&
                 h->tables <= (h->n - fixed) / (int64_t)sizeof *h->table && h->as_of >= DATE_MIN &&
                 h->as_of <= DATE_MAX && h->decimals >= 0 && h->decimals <= 4 &&
                 h->customers >= 0 && h->customers <= INT32_MAX && span_inside(h->name, h->n) &&
                 span_inside(h->currency, h->n) && span_inside(h->about, h->n);
    for (int64_t i = 0; sound && i < h->tables; i++)
        sound = h->table[i].at % PAGE == 0 && span_inside(h->table[i], h->size);
    return sound;
}

static enum status check_head(const char *path, struct str bytes, struct err *err) {
    const struct head *h = (const struct head *)bytes.p;
    TRY(check_origin(path, bytes, err));
    if (h->size > (int64_t)bytes.n)
        return err_at(err, REFUSED, (struct place){path, 0, 0},
                      "is cut: it has %zu of its %lld bytes; copy it again, or `patron pack` the "
                      "data again",
                      bytes.n, (long long)h->size);
    if (h->size < (int64_t)bytes.n)
        return refuse(path, "has more bytes than were packed", err);
    if (!head_sound(h))
        return refuse(path, "is damaged at its beginning", err);
    return DONE;
}

// The tables belong together.
static bool tables_sound(const struct dataset *d) {
    if (d->people->n != d->customers || d->people->start || !d->id || d->id->type != TYPE_LABEL ||
        d->id->dict->n != d->customers || d->id->missing)
        return false;
    for (int i = 0; i < d->tables; i++)
        if (d->table[i]->start && d->table[i]->seal->labels != d->customers)
            return false;
    return true;
}

static struct str text_at(struct str bytes, struct span s) {
    return (struct str){bytes.p + s.at, (size_t)s.n};
}

enum status snapshot_open(struct arena *a, const char *path, struct snapshot *out,
                          struct err *err) {
    struct str bytes;
    TRY(file_map(a, path, &bytes, err));
    TRY(check_head(path, bytes, err));
    const struct head *h = (const struct head *)bytes.p;
    struct table *tables = arena_array(a, (size_t)h->tables, sizeof *tables);
    const struct table **list = arena_array(a, (size_t)h->tables, sizeof *list);
    for (int64_t i = 0; i < h->tables; i++) {
        TRY(region_open(a, text_at(bytes, h->table[i]), path, &tables[i], err));
        list[i] = &tables[i];
    }
    out->about = text_at(bytes, h->about);
    out->data = (struct dataset){
        .name = text_at(bytes, h->name),
        .currency = text_at(bytes, h->currency),
        .decimals = (int)h->decimals,
        .as_of = (int32_t)h->as_of,
        .customers = h->customers,
        .people = &tables[0],
        .id = table_column(&tables[0], STR("customer")),
        .tables = (int)h->tables - 1,
        .table = list + 1,
    };
    return tables_sound(&out->data) ? DONE : refuse(path, "holds tables of several datasets", err);
}
