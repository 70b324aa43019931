// A metric that is a line: learned from the values that a formula has over all customers, or told
// by the board's model, and the same for everybody.
#include "base/money.h"
#include "base/number.h"
#include "metric/block.h"
#include "metric/entry.h"

// A line that is somebody's value is what the value is; one between two values is a number.
enum type line_type(const struct declared *d, enum type of) {
    return d->line.kind == LINE_TOP_HEADS || d->line.kind == LINE_TOP_SHARE ? of : TYPE_NUMBER;
}

// What a model is compared by: a line that was learned otherwise is another one.
static struct str how(struct arena *a, const struct declared *d) {
    static const char *const names[] = {
        [LINE_QUANTILE] = "quantile",
        [LINE_AVERAGE] = "average",
        [LINE_TOP_HEADS] = "top_heads",
        [LINE_TOP_SHARE] = "top_share",
    };
    struct buf b = {.arena = a};
    char share[NUMBER_MAX];
    int n = number_print((double)d->line.part / (double)d->line.parts, share);
    buf_printf(&b, "%s(%.*s) ", names[d->line.kind], n, share);
    buf_str(&b, d->value.text);
    return (struct str){b.p, b.n};
}

// The values of the formula, money in minor units: whole numbers, whose sums are exact.
static enum status learn(struct board *b, struct entry *e, struct learned *l, struct err *err) {
    const struct column *const *columns;
    const int *slots;
    int n = expr_slots(e->expr, &slots);
    int64_t faults, first;
    TRY(board_columns(b, slots, n, &columns, err));
    struct arena *a = arena_child(b->values);
    struct column *c = expr_column(a, e->expr, columns, b->customers, e->name,
                                   block_threads(b->o.host), &faults, &first);
    struct sample sample = {.arena = a};
    for (int64_t row = 0; row < c->n; row++)
        if (column_has(c, row)) {
            double x = c->type == TYPE_MONEY ? (double)c->integer[row] : column_double(c, row);
            sample_add(&sample, &x, 1);
        }
    b->faults += faults;
    l->values = sample.n;
    if (line_solve(&sample, &e->declared->line, &l->line))
        l->kind = LEARNED_LINE;
    arena_free(a);
    return DONE;
}

static enum status find(struct board *b, struct entry *e, struct learned *l, struct err *err) {
    const struct learned *known;
    *l = (struct learned){.metric = e->name, .from = expr_type(e->expr)};
    l->how = how(b->arena, e->declared);
    TRY(registry_learned(b, e->name, &known, err));
    if (!known) {
        TRY(learn(b, e, l, err));
    } else if (!str_eq(known->how, l->how)) {
        return err_at(err, REFUSED, known->at,
                      "this is not what %.*s learns, which is %.*s: `patron fit` the model again",
                      (int)e->name.n, e->name.p, (int)l->how.n, l->how.p);
    } else {
        TRY(learned_check(known, LEARNED_LINE, 0, l->from, err));
        *l = *known;
    }
    model_add(b->arena, &b->learned, l);
    return DONE;
}

static void fill(struct column *c, double x) {
    for (int64_t row = 0; row < c->n; row++)
        switch (c->type) {
        case TYPE_MONEY:
        case TYPE_INTEGER: column_set_integer(c, row, (int64_t)x); break;
        default: column_set_number(c, row, x);
        }
}

enum status line_compute(struct board *b, struct entry *e, const struct column **out,
                         struct err *err) {
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    struct learned l = {.kind = LEARNED_NOTHING};
    c->decimals = e->type == TYPE_MONEY ? b->decimals : 0;
    if (b->o.data || b->model)
        TRY(find(b, e, &l, err));
    bool money = l.from == TYPE_MONEY && e->type == TYPE_NUMBER;
    if (l.kind == LEARNED_LINE)
        fill(c, money ? l.line / (double)money_scale(b->decimals) : l.line);
    column_finish(c);
    *out = c;
    return DONE;
}
