// How spend is spread over the customers: shares of the total, and ABC classes by them.
#include "metric/block.h"
#include "metric/family.h"

enum { TOP_PERCENT = 80, TAIL_PERCENT = 10 };

struct spread {
    const struct column *value;
    const struct share *share;
    struct column *out;
};

// Money in minor units: whole numbers, so that their sums are exact.
static double value_at(const struct column *c, int64_t row) {
    return c->type == TYPE_MONEY ? (double)c->integer[row] : column_double(c, row);
}

void spread_learn(const struct metric_run *r, struct learned *out) {
    const struct column *value = r->input[0];
    struct sample sample = {.arena = r->arena};
    for (int64_t row = 0; row < value->n; row++)
        if (column_has(value, row)) {
            double x = value_at(value, row);
            sample_add(&sample, &x, 1);
        }
    out->values = sample.n;
    if (share_solve(&sample, TOP_PERCENT, TAIL_PERCENT, &out->share))
        out->kind = LEARNED_SHARE;
}

static enum status put_shares(const struct block *b, struct err *err) {
    (void)err;
    const struct spread *s = b->arg;
    for (int64_t row = b->first; row < b->first + b->n; row++)
        if (column_has(s->value, row))
            column_set_number(s->out, row, value_at(s->value, row) / s->share->total);
    return DONE;
}

static enum status put_classes(const struct block *b, struct err *err) {
    (void)err;
    const struct spread *s = b->arg;
    for (int64_t row = b->first; row < b->first + b->n; row++)
        if (column_has(s->value, row))
            column_set_code(s->out, row, (int32_t)share_of(s->share, value_at(s->value, row)));
    return DONE;
}

static enum status spread(struct metric_run *r,
                          enum status (*put)(const struct block *b, struct err *err),
                          struct err *err) {
    struct spread s = {r->input[0], &r->learned->share, r->out};
    TRY(learned_check(r->learned, LEARNED_SHARE, 0, s.value->type, err));
    if (r->learned->kind == LEARNED_NOTHING)
        return DONE;
    return block_run(r->host, r->out->n, put, &s, err);
}

enum status spread_share(struct metric_run *r, struct err *err) {
    return spread(r, put_shares, err);
}

enum status spread_class(struct metric_run *r, struct err *err) {
    return spread(r, put_classes, err);
}
