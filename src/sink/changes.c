#include "sink/changes.h"

#include "sink/rows.h"

static int64_t changed_rows(struct arena *a, const struct comparison *c, const int64_t **out) {
    int64_t customers = c->d[BEFORE]->data->customers, n = 0;
    int64_t *row = arena_array(a, (size_t)customers, sizeof *row);
    for (int64_t i = 0; i < customers; i++)
        if (c->change[i])
            row[n++] = i;
    *out = row;
    return n;
}

// "card offer": the schemes by their names, all else by its kind.
static void put_changes(const struct comparison *c, int64_t customer, struct buf *out) {
    for (int s = 0; s < c->schemes; s++) {
        const struct flow *f = &c->scheme[s];
        const struct move *m = compare_move(c, f, customer);
        if (!m || move_failed(f, m))
            continue;
        buf_str(out, f->name);
        buf_char(out, ' ');
    }
    for (int k = CHANGE_CLASS + 1; k < CHANGES; k++)
        if (c->change[customer] >> k & 1)
            buf_printf(out, "%s ", change_name((enum change)k));
    out->n--;
}

static const struct column *change_column(struct arena *a, const struct comparison *c) {
    int64_t customers = c->d[BEFORE]->data->customers;
    struct column *column = column_new(a, STR("change"), TYPE_TEXT, customers);
    struct buf bytes = {.arena = a}, text = {.arena = a};
    for (int64_t i = 0; i < customers; i++) {
        text.n = 0;
        if (c->change[i])
            put_changes(c, i, &text);
        column_set_text(column, i, text.n ? (struct str){text.p, text.n} : STR(""), &bytes);
    }
    column_finish(column);
    return column;
}

static const struct column *named(const struct sheet *s, struct str name) {
    for (int i = 0; i < s->columns; i++)
        if (str_eq(s->column[i]->name, name))
            return s->column[i];
    return NULL;
}

static const struct column *of_side(struct arena *a, const struct column *c, enum side side) {
    struct column *copy = arena_alloc(a, sizeof *copy);
    *copy = *c;
    copy->name = str_of(arena_printf(a, "%.*s_%s", (int)c->name.n, c->name.p, side_name(side)));
    return copy;
}

void change_rows(struct arena *a, const struct comparison *c, struct sheet *out) {
    struct sheet sheet[SIDES];
    const int64_t *row;
    int64_t rows = changed_rows(a, c, &row);
    for (int s = BEFORE; s < SIDES; s++)
        decision_rows(a, c->d[s], NULL, 0, &sheet[s]);
    size_t most = (size_t)(sheet[BEFORE].columns + sheet[AFTER].columns);
    const struct column **list = arena_array(a, most, sizeof *list);
    int n = 0;
    list[n++] = sheet[BEFORE].column[0];
    list[n++] = change_column(a, c);
    for (int s = BEFORE; s < SIDES; s++)
        for (int i = 1; i < sheet[s].columns; i++) {
            const struct column *own = sheet[s].column[i], *other = named(&sheet[!s], own->name);
            if (other && s == AFTER)
                continue; // stands beside its other side
            list[n++] = of_side(a, own, s);
            if (other)
                list[n++] = of_side(a, other, AFTER);
        }
    *out = (struct sheet){n, list, rows, row};
}
