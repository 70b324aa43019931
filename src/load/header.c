#include "load/header.h"

#include "base/file.h"
#include "load/csv.h"
#include "load/decode.h"
#include "load/gzip.h"
#include "load/keys.h"
#include "load/sniff.h"
#include "load/trace.h"

struct header {
    struct arena *arena;
    const struct description *description;
    struct described_table *table;
    const struct scan *scan;
    const struct str *name;
    int n;
};

struct place header_place(struct arena *a, const struct scan *s, int column) {
    struct record r = {.at = s->header, .column = column};
    if (s->format != FORMAT_CSV)
        return scan_place(s, s->name_at[column]);
    return scan_place(s, trace_record(tracer_new(a, s), &r).at);
}

static enum status check_names(const struct header *h, struct err *err) {
    for (int i = 0; i < h->n; i++) {
        if (h->name[i].n == 0)
            return err_at(err, REFUSED, header_place(h->arena, h->scan, i),
                          "column %d of the header has no name; give it one, or remove the column",
                          i + 1);
        for (int k = 0; k < i; k++)
            if (str_eq(h->name[k], h->name[i]))
                return err_at(err, REFUSED, header_place(h->arena, h->scan, i),
                              "columns %d and %d of the header are both named '%.*s'; rename one",
                              k + 1, i + 1, (int)h->name[i].n, h->name[i].p);
    }
    return DONE;
}

static bool next_name(const void *ctx, size_t i, struct str *out) {
    const struct header *h = ctx;
    if (i < (size_t)h->n)
        *out = h->name[i];
    return i < (size_t)h->n;
}

// The columns in the file's order, with what dataset.json says of them.
static enum status place_columns(struct header *h, struct err *err) {
    struct described_table *t = h->table;
    struct described_column *all = arena_array(h->arena, (size_t)h->n, sizeof *all);
    for (int i = 0; i < h->n; i++)
        all[i] = (struct described_column){.header = h->name[i], .name = h->name[i], .type = -1};
    for (int k = 0; k < t->columns; k++) {
        const struct described_column *c = &t->column[k];
        int i = 0;
        while (i < h->n && !str_eq(h->name[i], c->header))
            i++;
        if (i < h->n) {
            all[i] = *c;
            continue;
        }
        struct str near = str_nearest(c->header, next_name, h);
        if (near.n > 0)
            return err_at(err, REFUSED, c->at, "%s has no column '%.*s'; do you mean '%.*s'?",
                          t->file, (int)c->header.n, c->header.p, (int)near.n, near.p);
        return err_at(err, REFUSED, c->at, "%s has no column '%.*s'; its headers are %s", t->file,
                      (int)c->header.n, c->header.p, str_listed(h->arena, next_name, h));
    }
    t->column = all;
    t->columns = h->n;
    return DONE;
}

static bool has_role(const struct described_table *t, const char *name) {
    const struct described_column *c = description_column(t, name);
    return c && c->role;
}

// The undeclared column whose header names the role best.
static struct described_column *best_match(const struct described_table *t, const struct role *r) {
    struct described_column *best = NULL;
    int least = 0;
    for (int i = 0; i < t->columns; i++) {
        struct described_column *c = &t->column[i];
        int match = c->at.file || c->role ? 0 : role_match(r, c->header);
        if (match > 0 && (!best || match < least)) {
            best = c;
            least = match;
        }
    }
    return best;
}

static void recognise(struct described_table *t) {
    for (const struct role *r = t->role->role; r->name; r++) {
        struct described_column *c = has_role(t, r->name) ? NULL : best_match(t, r);
        if (!c)
            continue;
        c->name = str_of(r->name);
        c->role = r;
        c->type = r->type;
    }
}

bool header_lacks_amount(const struct described_table *t) {
    return str_is(t->name, "transactions") && !has_role(t, "amount") && has_role(t, "quantity") &&
           has_role(t, "price");
}

// ---- what the table is, and whether all is there ------------------------------------------

static enum status refuse_role(const struct header *h, const struct role *r, struct err *err) {
    const struct described_table *t = h->table;
    bool lacks_id = role_is(r, "customer");
    bool guessed = !h->description->file && (lacks_id || role_is(r, "date"));
    bool people = lacks_id && (str_is(t->name, "customers") || (guessed && !has_role(t, "date")));
    const char *entry = arena_printf(h->arena, "\"HEADER\": { \"as\": \"%s\" }", r->name);
    return err_at(err, REFUSED, header_place(h->arena, h->scan, 0),
                  "no column of this %.*s file is recognised as the %s; its headers are %s. To say "
                  "which one it is, %s%s%s",
                  (int)t->name.n, t->name.p, r->name, str_listed(h->arena, next_name, h),
                  description_advice(h->arena, h->description, t, NULL, entry),
                  guessed ? " (\"customers\" for a file that lists them, one a row)" : "",
                  people ? "; customers who have no ids are \"numbered\": true" : "");
}

static enum status refuse_both(const struct header *h, struct err *err) {
    const struct described_column *c = description_column(h->table, "customer");
    return err_at(err, REFUSED, header_place(h->arena, h->scan, (int)(c - h->table->column)),
                  "column '%.*s' names the customer, so that nothing is to be numbered; take "
                  "\"numbered\" out of %s, or give the column another name with \"as\"",
                  (int)c->header.n, c->header.p, h->description->file);
}

static enum status check_roles(const struct header *h, struct err *err) {
    const struct described_table *t = h->table;
    if (t->numbered && description_column(t, "customer"))
        return refuse_both(h, err);
    for (const struct role *r = t->role->role; r->name; r++) {
        bool made = (role_is(r, "amount") && header_lacks_amount(t)) ||
                    (role_is(r, "customer") && t->numbered);
        if (r->required && !made && !has_role(t, r->name))
            return refuse_role(h, r, err);
    }
    return DONE;
}

static enum status check_same_name(const struct header *h, struct err *err) {
    const struct described_table *t = h->table;
    for (int i = 0; i < t->columns; i++) {
        const struct described_column *c = &t->column[i];
        for (int k = 0; k < i && !c->ignored; k++) {
            const struct described_column *other = &t->column[k];
            if (!other->ignored && str_eq(other->name, c->name))
                return err_at(err, REFUSED, c->at.file ? c->at : header_place(h->arena, h->scan, i),
                              "columns '%.*s' and '%.*s' would both be named '%.*s'; give one "
                              "another name with \"as\", or \"ignore\" it",
                              (int)other->header.n, other->header.p, (int)c->header.n, c->header.p,
                              (int)c->name.n, c->name.p);
        }
    }
    return DONE;
}

static enum status settle(struct header *h, struct str name, struct err *err) {
    struct described_table *t = h->table;
    t->name = name;
    t->role = table_role_find(name);
    TRY(place_columns(h, err));
    recognise(t);
    return DONE;
}

// Without any word about it, a file that has neither dates nor amounts lists customers.
static enum status guess_table(struct header *h, struct err *err) {
    TRY(settle(h, STR("transactions"), err));
    if (has_role(h->table, "date") || has_role(h->table, "amount") || header_lacks_amount(h->table))
        return DONE;
    h->table->columns = 0;
    TRY(settle(h, STR("customers"), err));
    if (has_role(h->table, "customer"))
        return DONE;
    h->table->columns = 0;
    return settle(h, STR("transactions"), err);
}

static enum status refuse_empty(const struct scan *s, struct err *err) {
    return err_at(err, REFUSED, (struct place){s->file, 0, 0}, "is empty; %s",
                  s->format == FORMAT_CSV
                      ? "a CSV file needs at least a line of headers"
                      : "without an object it is not known what its columns are: leave it out");
}

static enum status read_text(struct arena *a, struct arena *s_arena, const struct host *host,
                             const struct description *d, struct described_table *t, struct scan *s,
                             struct err *err) {
    s->file = t->file;
    format_of_input(t->file, &s->format);
    TRY(file_map(a, t->file, &s->content, err));
    s->text = s->content;
    if (gzip_is(s->content))
        TRY(gzip_text(s_arena, t->file, s->content, &s->text, err));
    TRY(sniff_file(a, host, d, t, s, err));
    if (s->decoded)
        TRY(decode_text(s_arena, host, t->encoding, s->text, &s->text, err));
    return sniff_text(a, d, t, s, err);
}

// What each column's plan says of its values does not hold for those that are left out.
static const bool *ignored_columns(struct arena *a, const struct described_table *t) {
    bool *ignored = arena_array(a, (size_t)t->columns, sizeof *ignored);
    for (int i = 0; i < t->columns; i++)
        ignored[i] = t->column[i].ignored;
    return ignored;
}

enum status header_open(struct arena *a, struct arena *s_arena, const struct host *host,
                        const struct description *d, struct described_table *t, struct scan *s,
                        struct err *err) {
    struct header h = {.arena = a, .description = d, .table = t, .scan = s};
    struct str *names = NULL;
    TRY(read_text(a, s_arena, host, d, t, s, err));
    if (s->format == FORMAT_CSV)
        TRY(csv_names(a, s, &names, err));
    else
        TRY(keys_read(a, host, s, &names, err));
    h.name = names;
    h.n = s->columns;
    if (h.n == 0)
        return refuse_empty(s, err);
    TRY(check_names(&h, err));
    TRY(t->name.n ? settle(&h, t->name, err) : guess_table(&h, err));
    TRY(check_roles(&h, err));
    s->ignored = ignored_columns(s_arena, t);
    return check_same_name(&h, err);
}
