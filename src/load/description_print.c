// A dataset.json as people write it: a line a column, two spaces a level, and nothing that was not
// said or found out.
#include "base/json.h"
#include "load/description.h"

// One line of an object: indented, behind a comma unless it is the first, with its key.
static void print_key(struct buf *b, int depth, bool first, struct str key) {
    struct json j = {.out = b};
    buf_printf(b, "%s\n%*s", first ? "" : ",", depth * 2, "");
    json_str(&j, key);
    buf_z(b, ": ");
}

static void print_string(struct buf *b, struct str key, struct str value, bool *first) {
    struct json j = {.out = b};
    if (value.n == 0)
        return;
    print_key(b, 1, *first, key);
    json_str(&j, value);
    *first = false;
}

static void print_strings(struct json *j, const struct str *list, int n) {
    json_open(j, '[');
    for (int i = 0; i < n; i++)
        json_str(j, list[i]);
    json_close(j, ']');
}

static void print_column(struct buf *b, const struct described_column *c) {
    struct json j = {.out = b};
    json_open(&j, '{');
    if (c->ignored) {
        json_key(&j, STR("ignore"));
        json_bool(&j, true);
    } else {
        if (!str_eq(c->name, c->header)) {
            json_key(&j, STR("as"));
            json_str(&j, c->name);
        }
        json_key(&j, STR("type"));
        json_z(&j, type_name((enum type)c->type));
    }
    if (c->format.n > 0) {
        json_key(&j, STR("format"));
        json_str(&j, c->format);
    }
    if (c->values > 0) {
        json_key(&j, STR("values"));
        print_strings(&j, c->value, c->values);
    }
    if (c->missing.n > 0) {
        json_key(&j, STR("missing"));
        print_strings(&j, c->missing.word, c->missing.n);
    }
    json_close(&j, '}');
}

static void print_table(struct buf *b, const struct described_table *t) {
    struct json j = {.out = b};
    buf_char(b, '{');
    print_key(b, 3, true, STR("file"));
    json_str(&j, t->file_name);
    if (t->encoding) {
        print_key(b, 3, false, STR("encoding"));
        json_z(&(struct json){.out = b}, t->encoding);
    }
    if (t->missing.n > 0) {
        print_key(b, 3, false, STR("missing"));
        print_strings(&(struct json){.out = b}, t->missing.word, t->missing.n);
    }
    if (t->numbered) {
        print_key(b, 3, false, STR("numbered"));
        json_bool(&(struct json){.out = b}, true);
    }
    print_key(b, 3, false, STR("columns"));
    buf_char(b, '{');
    for (int i = 0; i < t->columns; i++) {
        print_key(b, 4, i == 0, t->column[i].header);
        print_column(b, &t->column[i]);
    }
    buf_z(b, "\n      }\n    }");
}

struct str description_print(struct arena *a, const struct description *d) {
    struct buf b = {.arena = a};
    bool first = true;
    buf_char(&b, '{');
    print_string(&b, STR("name"), d->name, &first);
    print_string(&b, STR("as_of"), d->as_of, &first);
    print_string(&b, STR("currency"), d->currency, &first);
    print_string(&b, STR("delimiter"), (struct str){&d->delimiter, d->delimiter != '\0'}, &first);
    print_string(&b, STR("decimal"), (struct str){&d->decimal, d->decimal != '\0'}, &first);
    if (d->formats > 0) {
        print_key(&b, 1, first, STR("date_formats"));
        print_strings(&(struct json){.out = &b}, d->format, d->formats);
        first = false;
    }
    if (d->missing.n > 0) {
        print_key(&b, 1, first, STR("missing"));
        print_strings(&(struct json){.out = &b}, d->missing.word, d->missing.n);
        first = false;
    }
    print_key(&b, 1, first, STR("tables"));
    buf_char(&b, '{');
    for (int i = 0; i < d->tables; i++) {
        print_key(&b, 2, i == 0, d->table[i].name);
        print_table(&b, &d->table[i]);
    }
    buf_z(&b, "\n  }\n}\n");
    buf_text(&b);
    return (struct str){b.p, b.n};
}
