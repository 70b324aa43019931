// What a name stands for. The order of looking is that of board.h.
#include "metric/entry.h"

static const struct str today = {"today", 5};

void entry_list_names(struct board *b) {
    size_t metrics, n = 0;
    const struct metric *metric = metric_all(&metrics);
    const struct table *people = b->o.data ? b->o.data->people : NULL;
    size_t most = (people ? (size_t)people->columns : 0) + (size_t)b->o.n_expected +
                  (size_t)b->o.n_constants + (size_t)b->o.n_declared + metrics + 1;
    b->name = arena_array(b->arena, most, sizeof *b->name);
    for (int i = 0; people && i < people->columns; i++)
        b->name[n++] = people->column[i]->name;
    for (int i = 0; !people && i < b->o.n_expected; i++)
        b->name[n++] = b->o.expected[i].name;
    for (int i = 0; i < b->o.n_constants; i++)
        b->name[n++] = b->o.constants[i].name;
    for (int i = 0; i < b->o.n_declared; i++)
        b->name[n++] = b->o.declared[i].name;
    for (size_t i = 0; i < metrics; i++)
        b->name[n++] = str_of(metric[i].name);
    b->name[n++] = today;
    b->names = n;
}

static int add_entry(struct board *b, struct entry e) {
    int size = b->size; // of both lists
    b->entry = arena_more(b->arena, b->entry, b->n, &size, sizeof *b->entry);
    b->columns = arena_more(b->arena, b->columns, b->n, &b->size, sizeof *b->columns);
    b->entry[b->n] = arena_alloc(b->arena, sizeof e);
    *b->entry[b->n] = e;
    b->columns[b->n] = NULL;
    return b->n++;
}

// Puts an entry in a slot, or in a new one.
static void set_entry(struct board *b, int slot, struct entry e) {
    if (slot < 0)
        slot = add_entry(b, e);
    *b->entry[slot] = e;
    b->columns[slot] = NULL;
}

static int find_entry(const struct board *b, struct str name) {
    for (int i = 0; i < b->n; i++)
        if (str_eq(b->entry[i]->name, name))
            return i;
    return -1;
}

// ---- what a name stands for -----------------------------------------------------------------

static const struct expected *find_expected(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_expected; i++)
        if (str_eq(b->o.expected[i].name, name))
            return &b->o.expected[i];
    return NULL;
}

static const struct constant *find_constant(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_constants; i++)
        if (str_eq(b->o.constants[i].name, name))
            return &b->o.constants[i];
    return NULL;
}

static const struct declared *find_declared(const struct board *b, struct str name) {
    for (int i = 0; i < b->o.n_declared; i++)
        if (str_eq(b->o.declared[i].name, name))
            return &b->o.declared[i];
    return NULL;
}

static const struct dict *metric_labels(struct arena *a, const struct metric *m) {
    struct str labels[16];
    int32_t n = 0;
    if (!m->labels)
        return NULL;
    while (m->labels[n]) {
        labels[n] = str_of(m->labels[n]);
        n++;
    }
    return dict_new(a, labels, n, m->ordered);
}

// A column of the data has the labels that the policy expects of it; the data's own are not all
// that there may be.
static struct entry of_column(const struct column *c, enum origin origin,
                              const struct expected *expected) {
    return (struct entry){.name = c->name,
                          .origin = origin,
                          .type = c->type,
                          .labels = expected && c->type == TYPE_LABEL ? expected->labels : NULL,
                          .given = c,
                          .typed = true};
}

static struct entry of_expected(const struct expected *e, enum origin origin) {
    return (struct entry){
        .name = e->name, .origin = origin, .type = e->type, .labels = e->labels, .typed = true};
}

static bool resolve(struct board *b, struct str name, struct entry *out) {
    const struct expected *expected = find_expected(b, name);
    const struct column *column = b->o.data ? table_column(b->o.data->people, name) : NULL;
    const struct constant *constant = find_constant(b, name);
    const struct declared *declared = find_declared(b, name);
    const struct metric *metric = metric_find(name);
    if (column)
        *out = of_column(column, ORIGIN_PEOPLE, expected);
    else if (str_eq(name, today))
        *out = (struct entry){.name = today, .origin = ORIGIN_TODAY, .type = TYPE_DATE};
    else if (!b->o.data && expected)
        *out = of_expected(expected, ORIGIN_EXPECTED);
    else if (constant)
        *out = (struct entry){.name = constant->name,
                              .origin = ORIGIN_CONSTANT,
                              .type = constant->type,
                              .constant = constant};
    else if (declared)
        *out =
            (struct entry){.name = declared->name, .origin = ORIGIN_DECLARED, .declared = declared};
    else if (metric)
        *out = (struct entry){.name = str_of(metric->name),
                              .origin = ORIGIN_METRIC,
                              .type = metric->type,
                              .labels = metric_labels(b->arena, metric),
                              .metric = metric};
    else
        return false;
    out->typed = out->origin != ORIGIN_DECLARED;
    return true;
}

int entry_slot(struct board *b, struct str name) {
    struct entry e;
    int slot = find_entry(b, name);
    if (slot >= 0)
        return slot;
    return resolve(b, name, &e) ? add_entry(b, e) : -1;
}

void entry_put(struct board *b, const struct column *c) {
    struct entry e = of_column(c, ORIGIN_PUT, find_expected(b, c->name));
    int slot = find_entry(b, c->name);
    if (slot >= 0)
        e.labels = b->entry[slot]->labels;
    set_entry(b, slot, e);
}

void entry_announce(struct board *b, const struct expected *e) {
    set_entry(b, find_entry(b, e->name), of_expected(e, ORIGIN_PUT));
}
