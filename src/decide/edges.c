// Referrals as edges, in an order that no input order changes, and what stands against each
// whatever the policy says: it names nobody, oneself, or somebody with whom another is credited.
#include <stdlib.h>

#include "decide/edges.h"
#include "metric/graph.h"
#include "table/seal.h"

struct edge {
    const struct table *table;
    int64_t row;
    int32_t friend, referee; // the customer, and the label
};

// ---- order ----------------------------------------------------------------------------------

static int compare_values(const struct column *c, int64_t x, int64_t y) {
    bool has = column_has(c, x), other = column_has(c, y);
    if (!has || !other)
        return has - other;
    switch (c->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: return (c->integer[x] > c->integer[y]) - (c->integer[x] < c->integer[y]);
    case TYPE_LABEL:
    case TYPE_TEXT: return str_cmp(column_str(c, x), column_str(c, y));
    default: break;
    }
    double a = column_double(c, x), b = column_double(c, y);
    return (a > b) - (a < b);
}

// Of one referrer and day: by friend, then as the other columns stand.
static int compare(const void *a, const void *b) {
    const struct edge *x = a, *y = b;
    if (x->friend != y->friend)
        return x->friend < y->friend ? -1 : 1;
    if (x->referee != y->referee)
        return x->referee < y->referee ? -1 : 1;
    for (int i = 0; i < x->table->columns; i++) {
        int order = compare_values(x->table->column[i], x->row, y->row);
        if (order)
            return order;
    }
    return 0;
}

static bool is_same_day(const struct column *date, int64_t x, int64_t y) {
    return column_has(date, x) && column_has(date, y) && date->date[x] == date->date[y];
}

// Rows come by referrer and date; those of one day are put in order.
static void put_in_order(struct edges *e, const struct column *referee, const int32_t *friend,
                         struct edge *scratch) {
    const struct column *date = e->table->date;
    int64_t first = 0, end;
    for (; first < e->n; first = end) {
        for (end = first; end < e->n && e->referrer[end] == e->referrer[first] &&
                          (end == first || is_same_day(date, first, end));
             end++)
            scratch[end - first] = (struct edge){
                e->table, end, friend[end], column_has(referee, end) ? referee->code[end] : -1};
        if (end - first > 1)
            qsort(scratch, (size_t)(end - first), sizeof *scratch, compare);
        for (int64_t i = first; i < end; i++) {
            e->row[i] = scratch[i - first].row;
            e->friend[i] = scratch[i - first].friend;
        }
    }
}

// ---- standing -------------------------------------------------------------------------------

struct standings {
    const struct column *opened; // or NULL: not known
    const int32_t *credited;     // of every customer
};

static enum referral_reason standing(const struct edges *e, const struct standings *s, int64_t i) {
    const struct column *date = e->table->date;
    int32_t from = e->referrer[i], to = e->friend[i];
    if (to == NOBODY)
        return REFERRAL_STRANGER;
    if (to == from)
        return REFERRAL_SELF;
    if (!column_has(date, e->row[i]))
        return REFERRAL_UNKNOWN;
    if (s->opened && column_has(s->opened, from) && date->date[e->row[i]] < s->opened->date[from])
        return REFERRAL_EARLY;
    if (s->credited[to] == NOBODY)
        return REFERRAL_UNCREDITED;
    return s->credited[to] == from ? REFERRAL_GRANTED : REFERRAL_OTHER;
}

// ---- reading --------------------------------------------------------------------------------

// Who is credited, by the metric `referrer`; when a referrer joined, by `opened` where it is known.
static enum status read_standings(struct arena *a, const struct host *host, struct board *board,
                                  const struct column *id, struct standings *out, struct err *err) {
    const struct column *referrer;
    const struct dict *labels;
    struct err none = {DONE};
    enum type type;
    int32_t *credited;
    TRY(board_column(board, STR("referrer"), &referrer, err));
    if (referrer->type != TYPE_LABEL)
        return err_set(err, REFUSED, "the column referrer of customers is to be of type label");
    TRY(graph_match(a, host, id, referrer, &credited, err));
    out->credited = credited;
    out->opened = NULL;
    if (board_type(board, STR("opened"), &type, &labels, &none) == DONE && type == TYPE_DATE)
        TRY(board_column(board, STR("opened"), &out->opened, err));
    return DONE;
}

static enum status check(const struct table *t, const struct column **referee, struct err *err) {
    *referee = table_column(t, STR("referee"));
    if (!*referee || (*referee)->type != TYPE_LABEL || !t->start || !t->date)
        return err_set(err, REFUSED,
                       "the table referrals is to have referrer and referee of type label and "
                       "date of type date: change dataset.json");
    return seal_check_table(t, err);
}

enum status edges_read(struct arena *a, const struct host *host, struct board *board,
                       const struct dataset *data, struct edges *out, struct err *err) {
    struct arena *own = arena_child(a);
    const struct table *t = dataset_table(data, STR("referrals"));
    const struct column *referee;
    struct standings s;
    int32_t *friend;
    TRY(check(t, &referee, err));
    *out = (struct edges){.n = t->start[data->customers], .table = t};
    size_t n = (size_t)out->n;
    TRY(graph_match(own, host, data->id, referee, &friend, err));
    TRY(read_standings(own, host, board, data->id, &s, err));
    out->referrer = arena_array(a, n, sizeof *out->referrer);
    out->friend = arena_array(a, n, sizeof *out->friend);
    out->row = arena_array(a, n, sizeof *out->row);
    out->standing = arena_array(a, n, sizeof *out->standing);
    for (int64_t from = 0; from < data->customers; from++)
        for (int64_t row = t->start[from]; row < t->start[from + 1]; row++)
            out->referrer[row] = (int32_t)from;
    put_in_order(out, referee, friend, arena_array(own, n, sizeof(struct edge)));
    for (int64_t i = 0; i < out->n; i++)
        out->standing[i] = (uint8_t)standing(out, &s, i);
    arena_free(own);
    return DONE;
}
