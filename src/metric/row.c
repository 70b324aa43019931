#include "metric/row.h"

#include <math.h>

#include "base/money.h"
#include "metric/block.h"
#include "metric/need.h"

struct work {
    const struct metric_run *run;
    row_formula *formula;
    row_check *check;
    int inputs;
};

static bool read_inputs(const struct work *w, int64_t row, double *x) {
    for (int i = 0; i < w->inputs; i++) {
        const struct column *c = w->run->input[i];
        if (c && !column_has(c, row))
            return false;
        x[i] = c ? column_double(c, row) : 0;
    }
    return true;
}

// "yearly_margin = 100, retention_rate = 1.2"
static void print_inputs(const struct work *w, int64_t row, struct buf *out) {
    for (int i = 0; i < w->inputs; i++) {
        const struct column *c = w->run->input[i];
        if (!c)
            continue;
        buf_z(out, out->n ? ", " : "");
        buf_str(out, c->name);
        buf_z(out, " = ");
        column_print(c, row, out);
    }
}

static enum status refuse(const struct work *w, struct arena *a, int64_t row, const char *what,
                          struct err *err) {
    struct buf inputs = {.arena = a}, id = {.arena = a};
    print_inputs(w, row, &inputs);
    if (w->run->id) {
        buf_z(&id, " of customer ");
        column_print(w->run->id, row, &id);
    }
    return err_set(err, REFUSED, "%s%s has no answer: %s; its inputs are %s", w->run->metric->name,
                   buf_text(&id), what, buf_text(&inputs));
}

// False if it is beyond what the column holds.
static bool put(struct column *out, int64_t row, double x) {
    int64_t minor;
    switch (out->type) {
    case TYPE_MONEY:
        if (!money_round(x, out->decimals, &minor))
            return false;
        column_set_integer(out, row, minor);
        break;
    case TYPE_INTEGER:
        if (!(fabs(x) < 0x1p63))
            return false;
        column_set_integer(out, row, (int64_t)x);
        break;
    case TYPE_NUMBER: column_set_number(out, row, x); break;
    case TYPE_LABEL: column_set_code(out, row, (int32_t)x); break;
    case TYPE_DATE:
    case TYPE_FLAG:
    case TYPE_TEXT: break; // no formula yields them
    }
    return true;
}

static enum status run_block(const struct block *b, struct err *err) {
    const struct work *w = b->arg;
    double x[ROW_INPUTS];
    for (int64_t row = b->first; row < b->first + b->n; row++) {
        if (!read_inputs(w, row, x))
            continue;
        const char *wrong = w->check ? w->check(x) : NULL;
        double result = wrong ? NAN : w->formula(x);
        if (!wrong && !isnan(result) && !put(w->run->out, row, result))
            wrong = "the result is beyond what the column can hold";
        if (wrong)
            return refuse(w, b->arena, row, wrong, err);
    }
    return DONE;
}

enum status row_run(struct metric_run *r, row_formula *formula, row_check *check, struct err *err) {
    struct work w = {r, formula, check, need_count(r->metric->inputs)};
    return block_run(r->host, r->out->n, run_block, &w, err);
}
