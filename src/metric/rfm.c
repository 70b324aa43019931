// RFM: each axis is scored 1 to 5 by the base's own quantiles, 5 the best: R the most recent, F
// the most orders, M the most spend. Who never bought has no score and moves no cut.
#include "metric/block.h"
#include "metric/family.h"
#include "metric/row.h"

enum { PARTS = 5 };

struct axis {
    const struct column *value, *orders; // orders: NULL where nobody knows who bought
    bool reversed;                       // the less the better
    const struct cuts *cuts;
    struct column *out;
};

static struct axis recency(const struct metric_run *r) {
    return (struct axis){.value = r->input[0], .reversed = true};
}

static struct axis frequency(const struct metric_run *r) {
    return (struct axis){.value = r->input[0], .orders = r->input[0]};
}

static struct axis money(const struct metric_run *r) {
    return (struct axis){.value = r->input[0], .orders = r->input[1]};
}

static bool is_scored(const struct axis *a, int64_t row) {
    bool never = a->orders && column_has(a->orders, row) && column_double(a->orders, row) <= 0;
    return column_has(a->value, row) && !never;
}

static void learn(const struct metric_run *r, struct axis a, struct learned *out) {
    struct sample sample = {.arena = r->arena};
    for (int64_t row = 0; row < r->out->n; row++)
        if (is_scored(&a, row)) {
            double x = column_double(a.value, row);
            sample_add(&sample, &x, 1);
        }
    out->values = sample.n;
    if (cuts_solve(&sample, PARTS, &out->cuts))
        out->kind = LEARNED_CUTS;
}

void rfm_r_learn(const struct metric_run *r, struct learned *out) {
    learn(r, recency(r), out);
}

void rfm_f_learn(const struct metric_run *r, struct learned *out) {
    learn(r, frequency(r), out);
}

void rfm_m_learn(const struct metric_run *r, struct learned *out) {
    learn(r, money(r), out);
}

static enum status score_block(const struct block *b, struct err *err) {
    (void)err;
    const struct axis *a = b->arg;
    for (int64_t row = b->first; row < b->first + b->n; row++)
        if (is_scored(a, row)) {
            int part = cuts_part(a->cuts, column_double(a->value, row));
            column_set_integer(a->out, row, a->reversed ? PARTS + 1 - part : part);
        }
    return DONE;
}

static enum status score(struct metric_run *r, struct axis a, struct err *err) {
    const struct learned *l = r->learned;
    TRY(learned_check(l, LEARNED_CUTS, PARTS - 1, a.value->type, err));
    if (l->kind == LEARNED_NOTHING)
        return DONE;
    a.cuts = &l->cuts;
    a.out = r->out;
    return block_run(r->host, r->out->n, score_block, &a, err);
}

enum status rfm_r_score(struct metric_run *r, struct err *err) {
    return score(r, recency(r), err);
}

enum status rfm_f_score(struct metric_run *r, struct err *err) {
    return score(r, frequency(r), err);
}

enum status rfm_m_score(struct metric_run *r, struct err *err) {
    return score(r, money(r), err);
}

static double code(const double *x) {
    return 100 * x[0] + 10 * x[1] + x[2];
}

enum status rfm_code(struct metric_run *r, struct err *err) {
    return row_run(r, code, NULL, err);
}

enum { AT_RISK, HIGH_VALUE, LOW_VALUE, POTENTIAL }; // as the registry lists the labels

// Two questions: is the customer still here (R), and did it ever buy often or much (F, M)? So every
// cell has a segment, and those of the catalogue theirs: 555, 551 and 515, 111, 155 and 115.
static double segment(const double *x) {
    double recent = x[0], often = x[1], much = x[2];
    bool little = often <= 2 && much <= 2;
    if (little)
        return LOW_VALUE;
    if (recent <= 2)
        return AT_RISK;
    return often >= 4 && much >= 4 ? HIGH_VALUE : POTENTIAL;
}

enum status rfm_segment(struct metric_run *r, struct err *err) {
    return row_run(r, segment, NULL, err);
}
