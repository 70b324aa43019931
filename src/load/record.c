// Values come as texts, those of JSON numbers too, and become what the loader makes of the same
// text in a file: so that a customer alone is the customer of the batch, to the bit.
#include "load/record.h"

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "load/document.h"
#include "load/plain.h"
#include "load/role.h"

// A table of the record. `shape` is the table that it looks like; one whose rows belong to no
// customer is that table itself.
struct part {
    const struct table *shape;
    const struct table_role *role;
    struct table table;
    struct column *column;
    int64_t start[2];
};

struct record {
    const struct dataset *shape;
    struct dataset data;
    struct part people;
    struct column *id; // of people
    struct part *part; // data.tables of them
};

// ---- the shape ----------------------------------------------------------------------------------

static void shape_part(struct arena *a, const struct table *shape, struct part *p) {
    const struct column **list = arena_array(a, (size_t)shape->columns, sizeof *list);
    p->shape = shape;
    p->role = table_role_find(shape->name);
    p->table = *shape;
    p->table.column = list;
    p->table.start = shape->start ? p->start : NULL;
    p->table.seal = NULL;
    p->column = arena_array(a, (size_t)shape->columns, sizeof *p->column);
    for (int i = 0; i < shape->columns; i++) {
        p->column[i] = *shape->column[i];
        list[i] = &p->column[i];
        if (shape->column[i] == shape->date)
            p->table.date = list[i];
    }
}

struct record *record_new(struct arena *a, const struct dataset *shape) {
    struct record *r = arena_alloc(a, sizeof *r);
    const struct table **list = arena_array(a, (size_t)shape->tables, sizeof *list);
    r->shape = shape;
    r->data = *shape;
    r->data.customers = 1;
    r->data.alone = true;
    r->data.people = &r->people.table;
    r->data.table = list;
    r->part = arena_array(a, (size_t)shape->tables, sizeof *r->part);
    shape_part(a, shape->people, &r->people);
    for (int i = 0; i < shape->people->columns; i++)
        if (shape->people->column[i] == shape->id)
            r->data.id = r->id = &r->people.column[i];
    for (int i = 0; i < shape->tables; i++) {
        shape_part(a, shape->table[i], &r->part[i]);
        list[i] = &r->part[i].table;
    }
    return r;
}

const struct dataset *record_data(const struct record *r) {
    return &r->data;
}

// ---- a customer of the dataset ------------------------------------------------------------------

static const uint64_t *bits_of(struct arena *a, const uint64_t *bits, int64_t first, int64_t n) {
    if (!bits)
        return NULL;
    uint64_t *out = arena_array(a, (size_t)bit_words(n), sizeof *out);
    for (int64_t i = 0; i < n; i++)
        if (bit_get(bits, first + i))
            bit_set(out, i);
    return out;
}

// Values are read where they are, but for bits, which begin at a word.
static struct column slice(struct arena *a, const struct column *c, int64_t first, int64_t n) {
    struct column out = *c;
    out.n = n;
    out.valid = bits_of(a, c->valid, first, n);
    switch (c->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: out.integer += first; break;
    case TYPE_NUMBER: out.number += first; break;
    case TYPE_DATE: out.date += first; break;
    case TYPE_LABEL: out.code += first; break;
    case TYPE_TEXT: out.offset += first; break;
    case TYPE_FLAG: out.flag = bits_of(a, c->flag, first, n); break;
    }
    if (out.valid)
        column_finish(&out);
    return out;
}

static void slice_part(struct arena *a, struct part *p, int64_t first, int64_t n) {
    for (int i = 0; i < p->table.columns; i++)
        p->column[i] = slice(a, p->shape->column[i], first, n);
    p->table.n = p->start[1] = n;
}

// The only customer has the only code.
static void set_id(struct arena *a, struct record *r, struct str id) {
    struct column *c = column_new(a, r->id->name, TYPE_LABEL, 1);
    c->dict = dict_new(a, &id, 1, r->shape->id->dict->ordered);
    column_set_code(c, 0, 0);
    column_finish(c);
    *r->id = *c;
}

void record_take(struct record *r, struct arena *a, int64_t customer) {
    slice_part(a, &r->people, customer, 1);
    set_id(a, r, column_str(r->shape->id, customer));
    for (int i = 0; i < r->data.tables; i++) {
        const int64_t *start = r->part[i].shape->start;
        if (start)
            slice_part(a, &r->part[i], start[customer], start[customer + 1] - start[customer]);
    }
}

// ---- a customer from JSON -----------------------------------------------------------------------

struct reading {
    struct record *record;
    struct arena *arena;
    struct document document;
};

// An object of the record: the customer itself, or a row of a table.
struct row {
    const cJSON *object;
    const cJSON **value; // by column; NULL: left out
    int32_t date;
};

static enum status refuse(const struct reading *r, const cJSON *value, const struct column *c,
                          const char *takes, struct err *err) {
    return err_at(err, REFUSED, document_value_place(&r->document, value), "%.*s takes %s",
                  (int)c->name.n, c->name.p, takes);
}

static bool is_missing(const cJSON *value) {
    return !value || cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring);
}

static bool is_text(const struct column *c) {
    return c->type == TYPE_LABEL || c->type == TYPE_TEXT;
}

static enum status read_number(struct str text, struct column *c, int64_t row) {
    double x;
    int64_t integer;
    bool rounded;
    if (c->type == TYPE_INTEGER && number_integer(text, &integer))
        column_set_integer(c, row, integer);
    else if (c->type == TYPE_MONEY && money_parse(text, '.', c->decimals, &integer, &rounded))
        column_set_integer(c, row, integer);
    else if (c->type == TYPE_NUMBER && number_double(text, '.', &x))
        column_set_number(c, row, x);
    else
        return REFUSED;
    return DONE;
}

static enum status read_day(const struct reading *r, const cJSON *value, const struct column *c,
                            int32_t *out, struct err *err) {
    bool timed;
    if (cJSON_IsString(value) &&
        date_parse(str_of(value->valuestring), STR("YYYY-MM-DD"), out, &timed))
        return DONE;
    return refuse(r, value, c, "a day as \"YYYY-MM-DD\"", err);
}

// A string, or a number's value, as in a file.
static bool text_of(const struct reading *r, const cJSON *value, struct str *out) {
    if (cJSON_IsString(value))
        *out = str_of(value->valuestring);
    else if (cJSON_IsNumber(value))
        *out = plain_number(document_number(&r->document, value), '.',
                            arena_alloc(r->arena, PLAIN_MAX));
    return cJSON_IsString(value) || cJSON_IsNumber(value);
}

// Of a column that holds no texts.
static enum status read_value(const struct reading *r, const cJSON *value, struct column *c,
                              int64_t row, struct err *err) {
    struct str text;
    int32_t day;
    switch (c->type) {
    case TYPE_FLAG:
        if (!cJSON_IsBool(value))
            return refuse(r, value, c, "true or false", err);
        column_set_flag(c, row, cJSON_IsTrue(value));
        return DONE;
    case TYPE_DATE:
        TRY(read_day(r, value, c, &day, err));
        column_set_date(c, row, day);
        return DONE;
    default:
        if (text_of(r, value, &text) && read_number(text, c, row) == DONE)
            return DONE;
        return refuse(r, value, c, c->type == TYPE_INTEGER ? "a whole number" : "a number", err);
    }
}

static void set_labels(struct arena *a, struct column *c, const struct str *text) {
    struct str *given = arena_array(a, (size_t)c->n, sizeof *given);
    int32_t n = 0;
    for (int64_t i = 0; i < c->n; i++)
        if (text[i].n)
            given[n++] = text[i];
    c->dict = dict_new(a, given, n, false);
    for (int64_t i = 0; i < c->n; i++)
        if (text[i].n)
            column_set_code(c, i, dict_find(c->dict, text[i]));
}

static void set_texts(struct arena *a, struct column *c, const struct str *text) {
    struct buf bytes = {.arena = a};
    for (int64_t i = 0; i < c->n; i++) {
        column_set_text(c, i, text[i], &bytes);
        if (!text[i].n)
            column_set_missing(c, i);
    }
}

static enum status read_texts(const struct reading *r, const struct row *rows, int column,
                              struct column *c, struct err *err) {
    struct str *text = arena_array(r->arena, (size_t)c->n, sizeof *text);
    for (int64_t i = 0; i < c->n; i++) {
        const cJSON *value = rows[i].value[column];
        if (!is_missing(value) && !text_of(r, value, &text[i]))
            return refuse(r, value, c, "a text", err);
    }
    if (c->type == TYPE_LABEL)
        set_labels(r->arena, c, text);
    else
        set_texts(r->arena, c, text);
    return DONE;
}

static enum status read_column(const struct reading *r, const struct part *p,
                               const struct row *rows, int64_t n, int column, struct err *err) {
    struct column *c = column_new(r->arena, p->column[column].name, p->column[column].type, n);
    c->decimals = p->column[column].decimals;
    for (int64_t i = 0; i < n && !is_text(c); i++)
        if (!is_missing(rows[i].value[column]))
            TRY(read_value(r, rows[i].value[column], c, i, err));
    if (is_text(c))
        TRY(read_texts(r, rows, column, c, err));
    column_finish(c);
    p->column[column] = *c;
    return DONE;
}

// ---- objects ----------------------------------------------------------------------------------

static bool is_table(const struct record *r, const char *name) {
    for (int i = 0; i < r->data.tables; i++)
        if (r->part[i].shape->start && str_is(r->part[i].table.name, name))
            return true;
    return false;
}

static bool next_column(const void *ctx, size_t i, struct str *out) {
    const struct part *p = ctx;
    if (i >= (size_t)p->table.columns)
        return false;
    *out = p->column[i].name;
    return true;
}

static enum status refuse_name(const struct reading *r, struct part *p, const cJSON *member,
                               struct err *err) {
    struct str near = str_nearest(str_of(member->string), next_column, p);
    return err_at(err, REFUSED, document_place(&r->document, member),
                  "%.*s has no column '%s'; %s%.*s%s", (int)p->table.name.n, p->table.name.p,
                  member->string, near.n ? "did you mean '" : "its columns are ", (int)near.n,
                  near.p, near.n ? "'?" : str_listed(r->arena, next_column, p));
}

// The object's values by column. The customer's tables are left to read_tables.
static enum status find_values(const struct reading *r, struct part *p, struct row *row,
                               struct err *err) {
    row->value = arena_array(r->arena, (size_t)p->table.columns, sizeof *row->value);
    for (const cJSON *m = row->object->child; m; m = m->next) {
        int i = 0;
        while (i < p->table.columns && !str_is(p->column[i].name, m->string))
            i++;
        if (i < p->table.columns)
            row->value[i] = m;
        else if (p != &r->record->people || !is_table(r->record, m->string))
            return refuse_name(r, p, m, err);
    }
    return DONE;
}

static bool is_required(const struct part *p, int column) {
    const struct role *role = p->role ? role_find(p->role, p->column[column].name) : NULL;
    return (role && role->required) || &p->column[column] == p->table.date;
}

static enum status read_row(const struct reading *r, struct part *p, struct row *row,
                            struct err *err) {
    struct place at = document_value_place(&r->document, row->object);
    if (!cJSON_IsObject(row->object))
        return err_at(err, REFUSED, at, "here stands an object: {\"%.*s\": ...}",
                      (int)p->column[0].name.n, p->column[0].name.p);
    TRY(find_values(r, p, row, err));
    for (int i = 0; i < p->table.columns; i++) {
        if (is_missing(row->value[i]) && is_required(p, i))
            return err_at(err, REFUSED, at, "%.*s must be given", (int)p->column[i].name.n,
                          p->column[i].name.p);
        if (&p->column[i] == p->table.date)
            TRY(read_day(r, row->value[i], &p->column[i], &row->date, err));
    }
    return DONE;
}

// Rows of one day stay in the order in which they came.
static void put_by_date(struct row *rows, int64_t n, struct row row) {
    for (; n > 0 && rows[n - 1].date > row.date; n--)
        rows[n] = rows[n - 1];
    rows[n] = row;
}

// From `object` and those beside it.
static enum status read_part(const struct reading *r, struct part *p, const cJSON *object,
                             struct err *err) {
    int64_t most = 0, n = 0;
    for (const cJSON *o = object; o; o = o->next)
        most++;
    struct row *rows = arena_array(r->arena, (size_t)most, sizeof *rows);
    for (const cJSON *o = object; o; o = o->next) {
        struct row row = {.object = o};
        TRY(read_row(r, p, &row, err));
        if (!p->table.date || row.date <= r->record->data.as_of)
            put_by_date(rows, n++, row);
    }
    for (int i = 0; i < p->table.columns; i++)
        TRY(read_column(r, p, rows, n, i, err));
    p->table.n = p->start[1] = n;
    return DONE;
}

static enum status read_tables(const struct reading *r, struct err *err) {
    for (int i = 0; i < r->record->data.tables; i++) {
        struct part *p = &r->record->part[i];
        const cJSON *list = NULL;
        if (!p->shape->start)
            continue;
        for (const cJSON *m = r->document.root->child; m; m = m->next)
            list = str_is(p->table.name, m->string) ? m : list;
        if (list && !cJSON_IsArray(list))
            return err_at(err, REFUSED, document_value_place(&r->document, list),
                          "%s takes its rows: [{...}, ...]", list->string);
        TRY(read_part(r, p, list ? list->child : NULL, err));
    }
    return DONE;
}

enum status record_read(struct record *r, struct arena *a, struct str json, struct err *err) {
    struct reading reading = {.record = r, .arena = a};
    TRY(document_parse(a, "record", json, &reading.document, err));
    TRY(read_part(&reading, &r->people, reading.document.root, err));
    set_id(a, r, column_str(r->data.id, 0));
    return read_tables(&reading, err);
}
