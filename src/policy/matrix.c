// A matrix: two axes, each cut into levels, and a named cell for each pair of levels. A cell
// becomes a class whose condition says its levels; cells of one name are one class.
#include "policy/draft.h"

// ---- axes -------------------------------------------------------------------------------------

bool read_axis_by(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct axis *axis = into;
    (void)row;
    return read_formula(r, v, &axis->by);
}

// A number, quantile(share), or an expression such as the name of a param.
static bool read_cut(struct reader *r, const struct node *v, struct cut *cut) {
    double number;
    cut->at.at = v->at;
    if (v->kind == NODE_WORD) {
        cut->line.kind = LINE_QUANTILE;
        return str_is(v->string, "quantile") && v->items == 1 && read_double(v->item, &number) &&
               line_fraction(number, &cut->line.part, &cut->line.parts);
    }
    if (!read_double(v, &number))
        return read_formula(r, v, &cut->at);
    cut->at.text = str_of(read_described(r, v));
    return true;
}

// Numbers go up, and so do quantiles.
static void check_order(struct reader *r, const struct node *v) {
    double number, before = 0;
    for (int i = 0; i < v->items; i++) {
        const struct node *cut = &v->item[i];
        if (!read_double(cut->kind == NODE_WORD ? cut->item : cut, &number))
            continue;
        if (i > 0 && cut->kind == cut[-1].kind && number <= before)
            read_wrong(r, cut->at, "cuts-fall", "the cuts go up, and this one does not");
        before = number;
    }
}

bool read_axis_cuts(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct axis *axis = into;
    bool alone = v->kind == NODE_STRING, mean = alone && str_is(v->string, "mean");
    (void)row;
    if (alone ? !mean && !str_is(v->string, "median")
              : v->kind != NODE_TABLE || v->fields > 0 || v->items == 0 || v->items > READ_MOST)
        return false;
    axis->cuts = alone ? 1 : v->items;
    axis->cut = arena_array(r->arena, (size_t)axis->cuts, sizeof *axis->cut);
    if (alone) {
        axis->cut->at.at = v->at;
        axis->cut->line =
            mean ? (struct line){LINE_AVERAGE, 1, 1} : (struct line){LINE_QUANTILE, 1, 2};
    }
    for (int i = 0; i < v->items && !alone; i++)
        if (!read_cut(r, &v->item[i], &axis->cut[i]))
            return false;
    if (!alone)
        check_order(r, v);
    return true;
}

bool read_axis_names(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct axis *axis = into;
    const struct str *name;
    int n;
    (void)row;
    if (v->kind != NODE_TABLE || !read_list(r, v, &n, &name) || n < 2 || n > READ_MOST)
        return false;
    axis->levels = n;
    axis->level = v->item;
    return true;
}

bool read_axis(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct axis *axis = into;
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    read_fields(r, v, "axis", axis);
    if (axis->cuts && axis->level && axis->levels != axis->cuts + 1)
        read_wrong(r, v->at, "wrong-levels", "%d cut%s make%s %d levels, but `names` has %d",
                   axis->cuts, axis->cuts == 1 ? "" : "s", axis->cuts == 1 ? "s" : "",
                   axis->cuts + 1, axis->levels);
    return true;
}

// A cut that is learned is a metric of its own: `worth_rows_cut1`.
static void declare_cuts(struct draft *d, struct axis *axis, const char *which) {
    struct arena *a = d->reader->arena;
    struct str matrix = d->scheme->name;
    for (int i = 0; i < axis->cuts; i++) {
        struct cut *cut = &axis->cut[i];
        if (cut->line.kind == LINE_NONE)
            continue;
        if (d->reader->policy->metrics == READ_MOST) {
            read_wrong(d->reader, cut->at.at, "too-many",
                       "a policy has at most %d metrics, and a cut that is learned is one",
                       READ_MOST);
            return;
        }
        cut->at.text =
            str_of(arena_printf(a, "%.*s_%s_cut%d", (int)matrix.n, matrix.p, which, i + 1));
        *add_metrics(d->reader, 1) = (struct declared){
            .name = cut->at.text, .at = cut->at.at, .value = axis->by, .line = cut->line};
    }
}

static void compare(struct compose *c, const struct axis *axis, const char *with,
                    const struct cut *cut) {
    compose_operand(c, &axis->by);
    compose_words(c, with, cut->at.at);
    compose_operand(c, &cut->at);
}

// That `by` is on this level: at its lower cut or above, and below its upper one.
static void compose_level(struct compose *c, const struct axis *axis, int level) {
    if (axis->cuts == 0) {
        compose_operand(c, &axis->by);
        compose_words(c, " == ", axis->by.at);
        compose_value(c, &axis->level[level]);
        return;
    }
    if (level > 0)
        compare(c, axis, " >= ", &axis->cut[level - 1]);
    if (level > 0 && level < axis->cuts)
        compose_words(c, " and ", axis->by.at);
    if (level < axis->cuts)
        compare(c, axis, " < ", &axis->cut[level]);
}

// ---- cells ------------------------------------------------------------------------------------

static void read_cell(struct draft *d, const struct matrix *m, int row, int column,
                      const struct node *cell) {
    struct arena *own = arena_child(d->reader->arena);
    struct compose c = {.text = {.arena = own}};
    compose_level(&c, &m->rows, row);
    compose_words(&c, " and ", cell->at);
    compose_level(&c, &m->columns, column);
    draft_case(d, cell, &c);
    arena_free(own);
}

static const struct field *field_of(const struct node *table, struct str name) {
    for (int i = 0; i < table->fields; i++)
        if (str_eq(table->field[i].name, name))
            return &table->field[i];
    return NULL;
}

static bool next_level(const void *ctx, size_t i, struct str *out) {
    const struct axis *axis = ctx;
    if (i >= (size_t)axis->levels)
        return false;
    *out = axis->level[i].string;
    return true;
}

// Fields that are no level.
static void check_levels(struct reader *r, const struct node *table, const struct axis *axis,
                         const char *of) {
    struct str level;
    for (int i = 0; i < table->fields; i++) {
        const struct field *f = &table->field[i];
        struct axis all = *axis;
        bool found = false;
        for (size_t k = 0; next_level(&all, k, &level); k++)
            found |= str_eq(level, f->name);
        struct str near = found ? STR("") : str_nearest(f->name, next_level, &all);
        if (!found)
            read_wrong(r, f->at, "no-level", "'%s' is no level of the %s%s%.*s%s",
                       read_shown(r, f->name), of, near.n ? "; did you mean '" : "", (int)near.n,
                       near.p, near.n ? "'?" : "");
    }
}

static void read_row(struct draft *d, const struct matrix *m, int row, const struct node *cells) {
    struct reader *r = d->reader;
    check_levels(r, cells, &m->columns, "columns");
    for (int k = 0; k < m->columns.levels; k++) {
        const struct field *cell = field_of(cells, m->columns.level[k].string);
        if (cell)
            read_cell(d, m, row, k, &cell->value);
        else
            read_wrong(r, cells->at, "no-cell", "the cell of row '%s' and column '%s' is missing",
                       read_shown(r, m->rows.level[row].string),
                       read_shown(r, m->columns.level[k].string));
    }
}

static void read_levels(struct draft *d, const struct matrix *m) {
    struct reader *r = d->reader;
    check_levels(r, m->cells, &m->rows, "rows");
    for (int i = 0; i < m->rows.levels; i++) {
        const struct field *row = field_of(m->cells, m->rows.level[i].string);
        if (row && row->value.kind == NODE_TABLE && row->value.items == 0)
            read_row(d, m, i, &row->value);
        else
            read_wrong(r, row ? row->value.at : m->cells->at, "no-row",
                       "`cells` needs %s = { %s = \"...\", ... }",
                       read_shown(r, m->rows.level[i].string),
                       read_shown(r, m->columns.level[0].string));
    }
}

bool read_matrix(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct draft d;
    struct matrix m = {0};
    const struct node *body = draft_begin(&d, r, v, SCHEME_MATRIX);
    (void)row, (void)into;
    if (!body)
        return true;
    read_no_items(r, body);
    read_fields(r, body, "matrix", &m);
    if (r->findings->errors == d.errors) {
        declare_cuts(&d, &m.rows, "rows");
        declare_cuts(&d, &m.columns, "columns");
        read_levels(&d, &m);
    }
    draft_end(&d);
    return true;
}
