// A dataset.json member by member: for each object a table says which keys it may have and who
// takes their values, so that whatever is not known is refused with its place.
#include "load/description.h"

#include <stddef.h>
#include <string.h>

#include "base/date.h"
#include "base/encoding.h"
#include "base/money.h"
#include "load/document.h"

struct describer {
    struct arena *arena;
    const struct document *document;
};

// A key that an object may have, who takes its value, and into which member of the struct that is
// filled; 0: into all of it.
struct member {
    const char *name;
    enum status (*take)(const struct describer *d, const cJSON *value, void *into, struct err *err);
    size_t offset;
};

static enum status refuse(const struct describer *d, const cJSON *value, struct err *err,
                          const char *what) {
    return err_at(err, REFUSED, document_value_place(d->document, value), "%s", what);
}

static bool member_name(const void *ctx, size_t i, struct str *out) {
    const struct member *members = ctx;
    if (members[i].name)
        *out = str_of(members[i].name);
    return members[i].name != NULL;
}

static const char *known_members(struct arena *a, const struct member *members) {
    struct buf b = {.arena = a};
    for (int i = 0; members[i].name; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", members[i].name);
    return buf_text(&b);
}

static bool is_of_dataset(const char *key);

static enum status unknown_member(const struct describer *d, const cJSON *value,
                                  const struct member *members, struct err *err) {
    struct place at = document_place(d->document, value);
    struct str near = str_nearest(str_of(value->string), member_name, members);
    if (strcmp(value->string, "patron_model") == 0)
        return err_at(err, REFUSED, at, "is a model, no data: give it as --model");
    if (near.n > 0)
        return err_at(err, REFUSED, at, "there is no key \"%s\"; do you mean \"%.*s\"?",
                      value->string, (int)near.n, near.p);
    return err_at(err, REFUSED, at, "there is no key \"%s\"%s; there are %s", value->string,
                  is_of_dataset(value->string) ? " here, it stands beside \"tables\"" : "",
                  known_members(d->arena, members));
}

static enum status take_members(const struct describer *d, const cJSON *object,
                                const struct member *members, void *into, struct err *err) {
    if (!cJSON_IsObject(object))
        return refuse(d, object, err, "this must be an object: { ... }");
    for (const cJSON *value = object->child; value; value = value->next) {
        const struct member *m = members;
        while (m->name && strcmp(m->name, value->string) != 0)
            m++;
        if (!m->name)
            return unknown_member(d, value, members, err);
        TRY(m->take(d, value, (char *)into + m->offset, err));
    }
    return DONE;
}

// A string, not empty; it lives as long as the document.
static enum status take_string(const struct describer *d, const cJSON *value, void *into,
                               struct err *err) {
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
        return refuse(d, value, err, "this must be a string, and not empty");
    *(struct str *)into = str_of(value->valuestring);
    return DONE;
}

static enum status take_strings(const struct describer *d, const cJSON *value,
                                const struct str **list, int *n, struct err *err) {
    if (!cJSON_IsArray(value) || !value->child)
        return refuse(d, value, err, "this must be a list of strings: [\"...\"]");
    struct str *out = arena_array(d->arena, (size_t)cJSON_GetArraySize(value), sizeof *out);
    *n = 0;
    for (const cJSON *item = value->child; item; item = item->next)
        TRY(take_string(d, item, &out[(*n)++], err));
    *list = out;
    return DONE;
}

static enum status take_missing(const struct describer *d, const cJSON *value, void *into,
                                struct err *err) {
    struct missing *missing = into;
    return take_strings(d, value, &missing->word, &missing->n, err);
}

static enum status take_flag(const struct describer *d, const cJSON *value, void *into,
                             struct err *err) {
    if (!cJSON_IsBool(value))
        return refuse(d, value, err, "this must be true or false");
    *(bool *)into = cJSON_IsTrue(value);
    return DONE;
}

static enum status take_encoding(const struct describer *d, const cJSON *value, void *into,
                                 struct err *err) {
    struct str name;
    const char **encoding = into;
    TRY(take_string(d, value, &name, err));
    *encoding = encoding_find(name);
    if (!*encoding)
        return err_at(err, REFUSED, document_value_place(d->document, value),
                      "there are %s; convert each file with: iconv -f %s -t UTF-8 FILE > NEW, and "
                      "write \"encoding\": \"UTF-8\"",
                      encoding_names(), value->valuestring);
    return DONE;
}

// ---- columns ------------------------------------------------------------------------------

static enum status take_type(const struct describer *d, const cJSON *value, void *into,
                             struct err *err) {
    struct str name;
    int *type = into;
    TRY(take_string(d, value, &name, err));
    *type = type_of_name(name);
    if (*type < 0)
        return refuse(d, value, err,
                      "this is no type; there are integer, number, money, date, flag, label, text");
    return DONE;
}

static enum status check_format(const struct describer *d, const cJSON *value, struct str format,
                                struct err *err) {
    if (!date_format_valid(format))
        return refuse(d, value, err,
                      "this is no date format; write it with YYYY, MM, DD (M and D for one or two "
                      "digits), e.g. \"D/M/YYYY\"");
    return DONE;
}

static enum status take_format(const struct describer *d, const cJSON *value, void *into,
                               struct err *err) {
    struct str *format = into;
    TRY(take_string(d, value, format, err));
    return check_format(d, value, *format, err);
}

static enum status take_values(const struct describer *d, const cJSON *value, void *into,
                               struct err *err) {
    struct described_column *c = into;
    return take_strings(d, value, &c->value, &c->values, err);
}

static const struct member column_members[] = {
    {"as", take_string, offsetof(struct described_column, name)},
    {"type", take_type, offsetof(struct described_column, type)},
    {"format", take_format, offsetof(struct described_column, format)},
    {"values", take_values, 0},
    {"missing", take_missing, offsetof(struct described_column, missing)},
    {"ignore", take_flag, offsetof(struct described_column, ignored)},
    {0},
};

// What is said about a column must fit together; what follows from it is filled in.
static enum status settle_column(const struct describer *d, const cJSON *value,
                                 const struct table_role *table, struct described_column *c,
                                 struct err *err) {
    c->role = role_find(table, c->name);
    if (c->role && c->role->type >= 0) {
        if (c->type >= 0 && c->type != c->role->type)
            return err_at(err, REFUSED, document_value_place(d->document, value),
                          "\"%s\" is a %s, not a %s; leave out its type or name it otherwise",
                          c->role->name, type_name((enum type)c->role->type),
                          type_name((enum type)c->type));
        c->type = c->role->type;
    }
    if (c->type < 0 && c->format.n)
        c->type = TYPE_DATE;
    if (c->type < 0 && c->values)
        c->type = TYPE_LABEL;
    if (c->format.n && c->type != TYPE_DATE)
        return refuse(d, value, err, "only a date has a \"format\"");
    if (c->values && c->type != TYPE_LABEL)
        return refuse(d, value, err, "only a label has \"values\"");
    return DONE;
}

static enum status take_column(const struct describer *d, const cJSON *value,
                               const struct table_role *table, struct described_column *c,
                               struct err *err) {
    *c = (struct described_column){
        .header = str_of(value->string),
        .name = str_of(value->string),
        .type = -1,
        .at = document_place(d->document, value),
    };
    if (cJSON_IsString(value))
        TRY(take_type(d, value, &c->type, err));
    else
        TRY(take_members(d, value, column_members, c, err));
    return settle_column(d, value, table, c, err);
}

static enum status take_columns(const struct describer *d, const cJSON *value, void *into,
                                struct err *err) {
    struct described_table *t = into;
    if (!cJSON_IsObject(value))
        return refuse(d, value, err, "this must be an object: { \"header\": \"type\", ... }");
    t->column = arena_array(d->arena, (size_t)cJSON_GetArraySize(value), sizeof *t->column);
    for (const cJSON *c = value->child; c; c = c->next)
        TRY(take_column(d, c, t->role, &t->column[t->columns++], err));
    return DONE;
}

// ---- tables -------------------------------------------------------------------------------

// A path as dataset.json has it, seen from the folder of dataset.json.
static const char *beside(const struct describer *d, struct str name) {
    const char *file = d->document->file, *slash = strrchr(file, '/');
    if (name.p[0] == '/' || !slash)
        return arena_copy(d->arena, name.p, name.n);
    return arena_printf(d->arena, "%.*s%.*s", (int)(slash - file) + 1, file, (int)name.n, name.p);
}

static enum status take_file(const struct describer *d, const cJSON *value, void *into,
                             struct err *err) {
    struct described_table *t = into;
    TRY(take_string(d, value, &t->file_name, err));
    t->file = beside(d, t->file_name);
    return DONE;
}

static enum status take_numbered(const struct describer *d, const cJSON *value, void *into,
                                 struct err *err) {
    struct described_table *t = into;
    TRY(take_flag(d, value, &t->numbered, err));
    if (t->numbered && !str_is(t->name, "customers"))
        return refuse(d, value, err,
                      "only \"customers\" can be numbered; the rows of other tables must say whose "
                      "they are");
    return DONE;
}

static const struct member table_members[] = {
    {"file", take_file, 0},
    {"encoding", take_encoding, offsetof(struct described_table, encoding)},
    {"missing", take_missing, offsetof(struct described_table, missing)},
    {"numbered", take_numbered, 0},
    {"columns", take_columns, 0},
    {0},
};

static enum status take_table(const struct describer *d, const cJSON *value,
                              struct described_table *t, struct err *err) {
    *t = (struct described_table){
        .name = str_of(value->string),
        .role = table_role_find(str_of(value->string)),
        .at = document_place(d->document, value),
    };
    struct str near = str_nearest(t->name, table_role_name, NULL);
    if (t->name.n == 0 || (near.n > 0 && !str_eq(near, t->name)))
        return err_at(err, REFUSED, t->at, "there is no table \"%s\"; do you mean \"%.*s\"?",
                      value->string, (int)near.n, near.p);
    TRY(take_members(d, value, table_members, t, err));
    if (!t->file)
        return refuse(d, value, err, "say the table's \"file\": \"....csv\"");
    return DONE;
}

static enum status take_tables(const struct describer *d, const cJSON *value, void *into,
                               struct err *err) {
    struct description *out = into;
    if (!cJSON_IsObject(value) || !value->child)
        return refuse(d, value, err,
                      "this must be an object with a table: { \"transactions\": { ... } }");
    out->table = arena_array(d->arena, (size_t)cJSON_GetArraySize(value), sizeof *out->table);
    for (const cJSON *t = value->child; t; t = t->next)
        TRY(take_table(d, t, &out->table[out->tables++], err));
    return DONE;
}

// ---- the dataset --------------------------------------------------------------------------

static enum status take_as_of(const struct describer *d, const cJSON *value, void *into,
                              struct err *err) {
    struct description *out = into;
    int32_t date;
    bool had_time;
    TRY(take_string(d, value, &out->as_of, err));
    out->as_of_at = document_value_place(d->document, value);
    if (!date_parse(out->as_of, STR("YYYY-MM-DD"), &date, &had_time) || had_time)
        return refuse(d, value, err, "this must be a day of the calendar: \"YYYY-MM-DD\"");
    return DONE;
}

static enum status take_currency(const struct describer *d, const cJSON *value, void *into,
                                 struct err *err) {
    struct description *out = into;
    TRY(take_string(d, value, &out->currency, err));
    out->decimals = money_decimals(out->currency);
    if (out->decimals < 0)
        return refuse(d, value, err, "this must be a currency's ISO code, e.g. \"CNY\"");
    return DONE;
}

static enum status take_delimiter(const struct describer *d, const cJSON *value, void *into,
                                  struct err *err) {
    struct str text;
    TRY(take_string(d, value, &text, err));
    if (text.n != 1 || strchr("\"\r\n", text.p[0]))
        return refuse(d, value, err, "this must be one character, e.g. \";\" or \"\\t\"");
    *(char *)into = text.p[0];
    return DONE;
}

static enum status take_decimal(const struct describer *d, const cJSON *value, void *into,
                                struct err *err) {
    struct str text;
    TRY(take_string(d, value, &text, err));
    if (text.n != 1 || !strchr(".,", text.p[0]))
        return refuse(d, value, err, "this must be \".\" or \",\"");
    *(char *)into = text.p[0];
    return DONE;
}

static enum status take_date_formats(const struct describer *d, const cJSON *value, void *into,
                                     struct err *err) {
    struct description *out = into;
    TRY(take_strings(d, value, &out->format, &out->formats, err));
    int i = 0;
    for (const cJSON *item = value->child; item; item = item->next)
        TRY(check_format(d, item, out->format[i++], err));
    return DONE;
}

static const struct member dataset_members[] = {
    {"name", take_string, offsetof(struct description, name)},
    {"as_of", take_as_of, 0},
    {"currency", take_currency, 0},
    {"delimiter", take_delimiter, offsetof(struct description, delimiter)},
    {"decimal", take_decimal, offsetof(struct description, decimal)},
    {"encoding", take_encoding, offsetof(struct description, encoding)},
    {"date_formats", take_date_formats, 0},
    {"missing", take_missing, offsetof(struct description, missing)},
    {"tables", take_tables, 0},
    {0},
};

static bool is_of_dataset(const char *key) {
    for (const struct member *m = dataset_members; m->name; m++)
        if (strcmp(m->name, key) == 0)
            return true;
    return false;
}

enum status description_read(struct arena *a, const char *path, struct description *out,
                             struct err *err) {
    struct document *document = arena_alloc(a, sizeof *document);
    TRY(document_read(a, path, document, err));
    struct describer d = {a, document};
    *out = (struct description){.file = path, .decimals = 2};
    TRY(take_members(&d, document->root, dataset_members, out, err));
    if (out->tables == 0)
        return err_at(err, REFUSED, (struct place){path, 1, 1},
                      "say which tables there are: \"tables\": { \"transactions\": { \"file\": "
                      "\"....csv\" } }");
    return DONE;
}
