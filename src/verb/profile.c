// patron profile: what is in the data, and what is wrong with it.
#include "base/date.h"
#include "base/file.h"
#include "metric/metric.h"
#include "table/seal.h"
#include "verb/all.h"
#include "verb/open.h"

struct profile {
    struct loaded loaded;
};

// A column's lowest and highest value (labels: first and last by bytes).
struct range {
    bool any;
    int64_t low, high; // rows
};

static int compare(const struct column *c, int64_t a, int64_t b) {
    if (c->type == TYPE_LABEL || c->type == TYPE_TEXT)
        return str_cmp(column_str(c, a), column_str(c, b));
    double x = column_double(c, a), y = column_double(c, b);
    return (x > y) - (x < y);
}

static struct range range_of(const struct column *c) {
    struct range r = {0};
    for (int64_t i = 0; i < c->n; i++) {
        if (!column_has(c, i))
            continue;
        if (!r.any || compare(c, i, r.low) < 0)
            r.low = i;
        if (!r.any || compare(c, i, r.high) > 0)
            r.high = i;
        r.any = true;
    }
    return r;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct profile *p = arena_alloc(c->arena, sizeof *p);
    const char *path = args_value(&c->args, "-o");
    *result = p;
    TRY(open_data(c, c->args.positional[0], &p->loaded, err));
    TRY(seal_check_dataset(&p->loaded.data, err));
    return path ? call_write(c, path, p->loaded.description, err) : DONE;
}

// ---- showing ----------------------------------------------------------------------------------

enum { LABELS_SHOWN = 6 };

static void labels_text(struct buf *out, const struct dict *d) {
    buf_printf(out, "%d label%s:", d->n, plural(d->n));
    for (int32_t i = 0; i < d->n && i < LABELS_SHOWN; i++) {
        struct str s = dict_at(d, i);
        buf_printf(out, "%s %.*s", i ? "," : "", (int)s.n, s.p);
    }
    if (d->n > LABELS_SHOWN)
        buf_z(out, ", ...");
}

// A column of the customers table goes before a metric of its name.
static bool replaces_metric(const struct dataset *d, const struct table *t,
                            const struct column *c) {
    return t == d->people && metric_find(c->name);
}

static void column_text(struct buf *out, const struct column *c) {
    struct range r = range_of(c);
    buf_printf(out, "    %-20.*s %-8s ", (int)c->name.n, c->name.p, type_name(c->type));
    if (c->type == TYPE_LABEL) {
        labels_text(out, c->dict);
    } else if (c->type == TYPE_TEXT && r.any) {
        buf_z(out, "e.g. ");
        column_print(c, r.low, out);
    } else if (r.any) {
        column_print(c, r.low, out);
        buf_z(out, " .. ");
        column_print(c, r.high, out);
    }
    if (c->missing)
        buf_printf(out, "; missing in %lld", (long long)c->missing);
}

static void table_text(struct buf *out, const struct dataset *d, const struct table *t) {
    buf_printf(out, "  %.*s: %lld row%s\n", (int)t->name.n, t->name.p, (long long)t->n,
               plural(t->n));
    for (int i = 0; i < t->columns; i++) {
        column_text(out, t->column[i]);
        buf_z(out, replaces_metric(d, t, t->column[i])
                       ? "; taken instead of the metric of that name\n"
                       : "\n");
    }
}

static void source_text(struct buf *out, const struct source *s) {
    buf_printf(out, "  %s: %lld row%s read, %lld accepted, %lld rejected", s->file,
               (long long)s->read, plural(s->read), (long long)s->accepted, (long long)s->rejected);
    for (int i = 0; i < s->reasons; i++)
        buf_printf(out, "%s %lld %s", i ? "," : ":", (long long)s->reason_count[i], s->reason[i]);
    if (s->after_as_of)
        buf_printf(out, "; %lld after the as-of date", (long long)s->after_as_of);
    buf_char(out, '\n');
}

static void text(const void *result, struct buf *out) {
    const struct loaded *l = &((const struct profile *)result)->loaded;
    const struct dataset *d = &l->data;
    char date[10];
    date_print(d->as_of, date);
    buf_printf(out, "%.*s: %lld customer%s as of %.10s, ", (int)d->name.n, d->name.p,
               (long long)d->customers, plural(d->customers), date);
    if (d->currency.n)
        buf_printf(out, "currency %.*s\nfiles\n", (int)d->currency.n, d->currency.p);
    else
        buf_z(out, "no currency named\nfiles\n");
    for (int i = 0; i < l->sources; i++)
        source_text(out, &l->source[i]);
    buf_z(out, "tables\n");
    table_text(out, d, d->people);
    for (int i = 0; i < d->tables; i++)
        table_text(out, d, d->table[i]);
    if (!l->inferred)
        return;
    buf_z(out, "\nThere is no dataset.json; this one says what was inferred. To keep or change it, "
               "save it\nbeside the data (`patron profile DATA -o dataset.json`):\n\n");
    buf_str(out, l->description);
}

static void cell_json(struct json *j, const struct column *c, int64_t row) {
    struct buf text = {.arena = j->out->arena};
    column_print(c, row, &text);
    json_str(j, (struct str){text.p, text.n});
}

static void column_json(struct json *j, const struct column *c, bool replaces) {
    struct range r = range_of(c);
    json_open(j, '{');
    json_field_str(j, "name", c->name);
    json_field_z(j, "type", type_name(c->type));
    json_field_integer(j, "missing", c->missing);
    if (c->type == TYPE_LABEL)
        json_field_integer(j, "labels", c->dict->n);
    if (r.any) {
        json_key(j, STR("lowest"));
        cell_json(j, c, r.low);
        json_key(j, STR("highest"));
        cell_json(j, c, r.high);
    }
    json_field_bool(j, "replaces_metric", replaces);
    json_close(j, '}');
}

static void table_json(struct json *j, const struct dataset *d, const struct table *t) {
    json_open(j, '{');
    json_field_str(j, "name", t->name);
    json_field_integer(j, "rows", t->n);
    json_field_open(j, "columns", '[');
    for (int i = 0; i < t->columns; i++)
        column_json(j, t->column[i], replaces_metric(d, t, t->column[i]));
    json_close(j, ']');
    json_close(j, '}');
}

static void json(const void *result, struct json *j) {
    const struct loaded *l = &((const struct profile *)result)->loaded;
    json_open(j, '{');
    json_key(j, STR("data"));
    data_json(j, l);
    json_field_open(j, "tables", '[');
    table_json(j, &l->data, l->data.people);
    for (int i = 0; i < l->data.tables; i++)
        table_json(j, &l->data, l->data.table[i]);
    json_close(j, ']');
    json_field_bool(j, "inferred", l->inferred);
    json_key(j, STR("description"));
    buf_str(j->out, l->description); // is JSON itself
    j->comma = true;
    json_close(j, '}');
}

static const struct option options[] = {
    {"-o", "FILE", "write the dataset.json, as read or as inferred, here"},
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_profile = {
    .name = "profile",
    .synopsis = "DATA",
    .summary = "Show what is in the data and what is wrong with it",
    .help =
        "Shows files, rows read and rejected, and each column with its type, range and missing\n"
        "values. For data without a dataset.json it prints the one it inferred.\n\n"
        "Examples:\n"
        "  patron profile samples/bank\n"
        "  patron profile samples/bank/transactions.csv -o dataset.json\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
    .text = text,
    .json = json,
};
