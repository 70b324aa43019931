// A list of objects is a table: a row an object, a column a member. Members of members stand beside
// them, under both names; a list of objects within is a table of its own.
#include "sink/tables.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

struct cell {
    int column;
    int64_t row;
    enum type type; // TYPE_NUMBER, TYPE_FLAG (a number, too) or TYPE_TEXT
    double number;
    struct str text;
};

struct grid {
    struct arena *arena;
    int64_t rows;
    int names, name_room, cells, cell_room;
    struct str *name; // of the columns, as they came up
    struct cell *cell;
    const cJSON *element; // what elements of a list in a row are called; NULL: their number
};

static int column_of(struct grid *g, struct str name) {
    for (int i = 0; i < g->names; i++)
        if (str_eq(g->name[i], name))
            return i;
    g->name = arena_more(g->arena, g->name, g->names, &g->name_room, sizeof *g->name);
    g->name[g->names] = name;
    return g->names++;
}

// In the last row.
static void put_cell(struct grid *g, struct str name, struct cell cell) {
    cell.column = column_of(g, name);
    cell.row = g->rows - 1;
    g->cell = arena_more(g->arena, g->cell, g->cells, &g->cell_room, sizeof *g->cell);
    g->cell[g->cells++] = cell;
}

static void put_text(struct grid *g, const char *name, const char *text) {
    put_cell(g, str_of(name), (struct cell){.type = TYPE_TEXT, .text = str_of(text)});
}

// The last digits of a double are those of its sums: 0.12, not 0.12000000000000002.
static double without_noise(double x) {
    char text[NUMBER_MAX];
    double out;
    int n = snprintf(text, sizeof text, "%.14g", x);
    return number_double((struct str){text, (size_t)n}, '.', &out) ? out : x;
}

// A null is a value that is missing.
static void put_scalar(struct grid *g, const char *name, const cJSON *x) {
    if (cJSON_IsString(x))
        put_text(g, name, x->valuestring);
    else if (cJSON_IsBool(x))
        put_cell(g, str_of(name), (struct cell){.type = TYPE_FLAG, .number = cJSON_IsTrue(x)});
    else if (cJSON_IsNumber(x))
        put_cell(g, str_of(name),
                 (struct cell){.type = TYPE_NUMBER, .number = without_noise(x->valuedouble)});
    else
        column_of(g, str_of(name));
}

static const char *joined(struct arena *a, const char *above, const char *name) {
    return above ? arena_printf(a, "%s_%s", above, name) : name;
}

// Whatever an object of the last row holds. The document is ours: it is nested by a hand's breadth.
static void put_value(struct grid *g, const char *name, const cJSON *x) {
    const cJSON *child, *called = g->element ? g->element->child : NULL;
    int i = 0;
    if (cJSON_IsArray(x) && cJSON_IsObject(x->child))
        return;
    if (!cJSON_IsObject(x) && !cJSON_IsArray(x))
        put_scalar(g, name, x);
    cJSON_ArrayForEach(child, x) {
        const char *own = child->string ? child->string
                          : called      ? called->valuestring
                                        : arena_printf(g->arena, "%d", i + 1);
        put_value(g, joined(g->arena, name, own), child);
        called = called ? called->next : NULL;
        i++;
    }
}

// ---- kinds of tables ----------------------------------------------------------------------------

static void put_rows(struct grid *g, const cJSON *list) {
    const cJSON *row;
    cJSON_ArrayForEach(row, list) {
        g->rows++;
        put_value(g, NULL, row);
    }
}

// The classes of every scheme, below each other.
static void put_classes(struct grid *g, const cJSON *schemes) {
    const cJSON *scheme, *class;
    cJSON_ArrayForEach(scheme, schemes) {
        cJSON_ArrayForEach(class, cJSON_GetObjectItemCaseSensitive(scheme, "classes")) {
            g->rows++;
            put_value(g, NULL, scheme);
            put_value(g, NULL, class);
        }
    }
}

static void put_points(struct grid *g, const cJSON *sweep) {
    g->element = cJSON_GetObjectItemCaseSensitive(sweep, "params");
    put_rows(g, cJSON_GetObjectItemCaseSensitive(sweep, "points"));
}

static void put_bins(struct grid *g, const cJSON *distribution) {
    const cJSON *edge = cJSON_GetObjectItemCaseSensitive(distribution, "edges"), *count;
    edge = edge ? edge->child : NULL;
    cJSON_ArrayForEach(count, cJSON_GetObjectItemCaseSensitive(distribution, "counts")) {
        g->rows++;
        put_scalar(g, "from", edge);
        put_scalar(g, "to", edge->next);
        put_scalar(g, "draws", count);
        edge = edge->next;
    }
}

// Every number that stands in no list, by its path. What the data is has a manifest of its own.
static void put_figures(struct grid *g, const char *above, const cJSON *object) {
    const cJSON *x;
    cJSON_ArrayForEach(x, object) {
        const char *name = joined(g->arena, above, x->string);
        if (cJSON_IsObject(x) && strcmp(name, "data") != 0)
            put_figures(g, name, x);
        if (!cJSON_IsNumber(x))
            continue;
        g->rows++;
        put_text(g, "figure", name);
        put_scalar(g, "value", x);
    }
}

static void put_document(struct grid *g, const cJSON *run) {
    put_figures(g, NULL, run);
}

static const struct table {
    const char *file, *path[2]; // path: into the document
    void (*put)(struct grid *g, const cJSON *x);
} tables[] = {
    {"figures.csv", {NULL}, put_document},
    {"reach.csv", {"reach", "by"}, put_classes},
    {"channels.csv", {"reach", "channels"}, put_rows},
    {"reasons.csv", {"reach", "campaigns"}, put_rows},
    {"campaigns.csv", {"campaigns"}, put_rows},
    {"inputs.csv", {"inputs"}, put_rows},
    {"assumptions.csv", {"assumptions"}, put_rows},
    {"distribution.csv", {"distribution"}, put_bins},
    {"tornado.csv", {"tornado"}, put_rows},
    {"budget.csv", {"budget", "curve"}, put_rows},
    {"compare.csv", {"budget", "compare"}, put_rows},
    {"sweep.csv", {"sweep"}, put_points},
    {"moves.csv", {"versus", "moves"}, put_rows},
    {"months.csv", {"months"}, put_rows},
    {"months_inputs.csv", {"over_time", "inputs"}, put_rows},
};
_Static_assert(sizeof tables / sizeof *tables <= TABLES_MOST, "more tables than there is room for");

// ---- columns ------------------------------------------------------------------------------------

// A member has one type, or is null.
static const struct column *column_at(const struct grid *g, int i) {
    const struct cell **at = arena_array(g->arena, (size_t)g->rows, sizeof *at);
    enum type type = TYPE_NUMBER;
    struct buf bytes = {.arena = g->arena};
    for (const struct cell *k = g->cell; k < g->cell + g->cells; k++) {
        if (k->column != i)
            continue;
        at[k->row] = k;
        type = k->type;
    }
    struct column *column = column_new(g->arena, g->name[i], type, g->rows);
    for (int64_t row = 0; row < g->rows; row++) {
        if (type == TYPE_TEXT)
            column_set_text(column, row, at[row] ? at[row]->text : STR(""), &bytes);
        else if (at[row] && type == TYPE_FLAG)
            column_set_flag(column, row, at[row]->number != 0);
        else if (at[row])
            column_set_number(column, row, at[row]->number);
    }
    column_finish(column);
    return column;
}

static enum status write_table(const struct grid *g, const struct host *host,
                               const struct folder *folder, const struct sheet_options *options,
                               struct table_file *file, struct err *err) {
    const struct column **column = arena_array(g->arena, (size_t)g->names, sizeof *column);
    struct sheet sheet = {g->names, column, g->rows, NULL};
    struct sheet_options o = *options;
    struct str content;
    struct out *out;
    for (int i = 0; i < g->names; i++)
        column[i] = column_at(g, i);
    o.path = folder_file(g->arena, folder, file->name);
    TRY(sheet_write(g->arena, host, &sheet, &o, &out, err));
    TRY(out_content(g->arena, out, &content, err));
    hash_hex(content, file->sha256);
    return out_commit(out, err);
}

static void delete_tree(void *p) {
    cJSON_Delete(p);
}

static const cJSON *parse(struct arena *a, struct str run) {
    cJSON *root = cJSON_ParseWithLength(run.p, run.n);
    if (!root)
        mem_exhausted(); // there is nothing else that fails: the document is ours
    arena_defer(a, delete_tree, root);
    return root;
}

enum status tables_write(struct arena *a, const struct host *host, struct str run,
                         const struct folder *folder, const struct sheet_options *options,
                         struct tables *out, struct err *err) {
    const cJSON *root = parse(a, run);
    out->n = 0;
    for (const struct table *t = tables; t < tables + sizeof tables / sizeof *tables; t++) {
        const cJSON *x = root;
        struct grid g = {.arena = arena_child(a)};
        for (int i = 0; i < 2 && t->path[i]; i++)
            x = cJSON_GetObjectItemCaseSensitive(x, t->path[i]);
        t->put(&g, x);
        if (g.rows > 0) {
            out->file[out->n].name = t->file;
            TRY(write_table(&g, host, folder, options, &out->file[out->n++], err));
        }
        arena_free(g.arena);
    }
    return DONE;
}
