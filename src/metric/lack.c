// A metric that lacks something deep down is refused in its own terms: rfm says that it needs the
// table transactions, or else the columns that it is computed from.
#include "metric/lack.h"

#include <string.h>

const struct column *lack_column(const struct table *t, const struct need *need) {
    return str_is(need->names, "date") ? t->date : table_column(t, need->names);
}

// What is lacking: of these, the first that is set.
struct lack {
    const struct metric *metric; // whose need it is
    bool no_table, no_customer;
    struct need column, input;
};

static bool lacks(struct board *b, const struct metric *m, struct lack *out);

static bool can_give(struct board *b, int slot, struct lack *lack) {
    const struct entry *e = b->entry[slot];
    return e->origin != ORIGIN_METRIC || !lacks(b, e->metric, lack);
}

int lack_slot(struct board *b, const struct need *need) {
    struct lack lack;
    struct str names = need->names, name;
    while (need_name(&names, &name)) {
        int slot = entry_slot(b, name);
        if (slot >= 0 && can_give(b, slot, &lack))
            return slot;
    }
    return -1;
}

static bool lacks_table(struct board *b, const struct metric *m, struct lack *out) {
    const struct table *t = b->o.data ? dataset_table(b->o.data, str_of(m->table)) : NULL;
    *out = (struct lack){.metric = m, .no_table = !t, .no_customer = t && !t->start};
    if (out->no_table || out->no_customer)
        return true;
    const char *columns = m->columns;
    while (need_next(&columns, &out->column))
        if (!out->column.optional && !lack_column(t, &out->column))
            return true;
    return false;
}

// Why no alternative can be given: the deepest reason of the last one.
static bool lacks_input(struct board *b, const struct metric *m, const struct need *need,
                        struct lack *out) {
    struct str names = need->names, name;
    *out = (struct lack){.metric = m, .input = *need};
    while (need_name(&names, &name)) {
        int slot = entry_slot(b, name);
        if (slot >= 0 && can_give(b, slot, out))
            return false;
    }
    return true;
}

static bool lacks(struct board *b, const struct metric *m, struct lack *out) {
    if (m->table && lacks_table(b, m, out))
        return true;
    if (!b->o.data && (m->others || (m->learn && !b->model)))
        return true;
    struct need need;
    const char *inputs = m->inputs;
    while (need_next(&inputs, &need))
        if (!need.optional && lacks_input(b, m, &need, out))
            return true;
    return false;
}

static void print_names(struct buf *out, struct str names) {
    struct str name;
    for (const char *between = ""; need_name(&names, &name); between = " or ") {
        buf_z(out, between);
        buf_str(out, name);
    }
}

// The columns that would do instead: those that the metric is computed from, but not the ones
// that need the whole base; of these, what they are computed from.
static void print_ways_out(struct board *b, const struct metric *m, struct buf *out) {
    struct need need;
    const char *inputs = m->inputs;
    if (m->table) {
        buf_z(out, out->n ? ", " : "");
        buf_z(out, m->name);
        return;
    }
    while (need_next(&inputs, &need)) {
        const struct metric *input = metric_find(need.names);
        if (need.optional || lack_slot(b, &need) >= 0)
            continue;
        if (input && input->learn) {
            print_ways_out(b, input, out);
            continue;
        }
        buf_z(out, out->n ? ", " : "");
        print_names(out, need.names);
    }
}

static void print_tables(const struct dataset *d, struct buf *out) {
    buf_str(out, d->people->name);
    for (int i = 0; i < d->tables; i++) {
        buf_z(out, ", ");
        buf_str(out, d->table[i]->name);
    }
    buf_z(out, d->tables ? "" : " only");
}

static void print_columns(const struct table *t, struct buf *out) {
    for (int i = 0; i < t->columns; i++) {
        buf_z(out, i ? ", " : "");
        buf_str(out, t->column[i]->name);
    }
}

static enum status refuse_input(const struct lack *lack, struct buf *text, struct err *err) {
    const struct metric_input *input = metric_input_find(lack->input.names);
    print_names(text, lack->input.names);
    if (input)
        buf_printf(text, " (%s)", input->help);
    return err_set(err, REFUSED,
                   "%s needs %s: give customers a column of that name, or name it in the policy's "
                   "params or metrics",
                   lack->metric->name, buf_text(text));
}

static enum status refuse(struct board *b, const struct metric *m, const struct lack *lack,
                          struct arena *a, struct err *err) {
    struct buf has = {.arena = a}, ways = {.arena = a};
    const char *table = lack->metric->table;
    if (!lack->no_table && !lack->no_customer && !lack->column.names.n)
        return refuse_input(lack, &has, err);
    if (lack->no_customer)
        return err_set(err, REFUSED,
                       "%s needs to know the customer of each row of %s: name that column in "
                       "dataset.json",
                       m->name, table);
    print_ways_out(b, m, &ways);
    const char *s = ways.n && memchr(ways.p, ',', ways.n) ? "s" : "";
    if (lack->no_table) {
        print_tables(b->o.data, &has);
        return err_set(err, REFUSED,
                       "%s needs the table %s; this dataset has %s: add it to dataset.json, or "
                       "give customers the column%s %s",
                       m->name, table, buf_text(&has), s, buf_text(&ways));
    }
    print_columns(dataset_table(b->o.data, str_of(table)), &has);
    return err_set(err, REFUSED,
                   "%s needs the column %.*s of %s, which has %s: name it in dataset.json, or give "
                   "customers the column%s %s",
                   m->name, (int)lack->column.names.n, lack->column.names.p, table, buf_text(&has),
                   s, buf_text(&ways));
}

enum status lack_check(struct board *b, const struct metric *m, struct err *err) {
    struct lack lack;
    if (!lacks(b, m, &lack))
        return DONE;
    struct arena *a = arena_child(b->arena);
    enum status status = refuse(b, m, &lack, a, err);
    arena_free(a);
    return status;
}
