// What follows from who is credited with whom (credit.c, or a column that the customers table
// gives): counts, and the trees that credits are.
#include <math.h>

#include "metric/family.h"
#include "metric/forest.h"
#include "metric/row.h"

static void put_counts(struct column *out, const int32_t *count) {
    for (int64_t i = 0; i < out->n; i++)
        if (count[i] >= 0)
            column_set_integer(out, i, count[i]);
}

enum status referral_count(struct metric_run *r, struct err *err) {
    const int32_t *referrer;
    int32_t *count = arena_array(r->arena, (size_t)r->out->n, sizeof *count);
    TRY(graph_named(r, r->input[0], &referrer, err));
    for (int64_t i = 0; i < r->out->n; i++)
        if (referrer[i] != NOBODY)
            count[referrer[i]]++;
    put_counts(r->out, count);
    return DONE;
}

static enum status run_forest(struct metric_run *r,
                              void (*fn)(const struct forest *f, int32_t *out), struct err *err) {
    const int32_t *referrer;
    int32_t *out = arena_array(r->arena, (size_t)r->out->n, sizeof *out);
    TRY(graph_named(r, r->input[0], &referrer, err));
    struct forest f = forest_new(r->arena, referrer, r->out->n);
    fn(&f, out);
    put_counts(r->out, out);
    return DONE;
}

enum status referral_generation(struct metric_run *r, struct err *err) {
    return run_forest(r, forest_generation, err);
}

enum status referral_depth(struct metric_run *r, struct err *err) {
    return run_forest(r, forest_depth, err);
}

enum status referral_reach(struct metric_run *r, struct err *err) {
    return run_forest(r, forest_below, err);
}

// ---- status -------------------------------------------------------------------------------

// What stands for a referral whose reward is due, or was paid.
static bool is_qualified(struct str status) {
    static const char *const words[] = {"qualified", "rewarded", "paid", "合格", "已奖励"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(status, words[i]))
            return true;
    return false;
}

struct statuses {
    const struct column *status, *date;
    const int32_t *referrer; // of every customer
    int32_t *last;           // the day of the last status under that referrer
    uint8_t *qualified;      // and whether it qualifies
};

// Rows come by date; of those of one day, one that qualifies will do.
static void read_status(const struct statuses *s, int64_t row, int32_t to, bool qualified) {
    bool same = s->date->date[row] == s->last[to];
    s->qualified[to] = qualified || (same && s->qualified[to]);
    s->last[to] = s->date->date[row];
}

static void read_statuses(struct arena *a, const struct statuses *s, const struct graph *g) {
    const struct dict *labels = s->status->dict;
    bool *qualified = arena_array(a, (size_t)labels->n, sizeof *qualified);
    for (int32_t code = 0; code < labels->n; code++)
        qualified[code] = is_qualified(dict_at(labels, code));
    for (int64_t from = 0; from < g->n; from++)
        for (int64_t row = g->start[from]; row < g->start[from + 1]; row++) {
            int32_t to = g->to[row];
            if (to != NOBODY && s->referrer[to] == from && column_has(s->status, row))
                read_status(s, row, to, qualified[s->status->code[row]]);
        }
}

enum status referral_qualified(struct metric_run *r, struct err *err) {
    size_t n = (size_t)r->out->n;
    struct graph g;
    struct statuses s = {.date = r->column[1], .status = r->column[2]};
    int32_t *count = arena_array(r->arena, n, sizeof *count);
    TRY(graph_check(r, s.status, err));
    TRY(graph_read(r, &g, err));
    TRY(graph_named(r, r->input[0], &s.referrer, err));
    s.last = arena_array(r->arena, n, sizeof *s.last);
    s.qualified = arena_array(r->arena, n, sizeof *s.qualified);
    read_statuses(r->arena, &s, &g);
    for (size_t i = 0; i < n; i++)
        if (s.qualified[i])
            count[s.referrer[i]]++;
    put_counts(r->out, count);
    return DONE;
}

// ---- the cascade --------------------------------------------------------------------------

enum { MOST_GENERATIONS = 100 };

// x: branching m, generations n, fading d. m + m^2 (1 - d) + m^3 (1 - d)^3 + ...
static double cascade(const double *x) {
    double joins = 0, generation = 1, branching = x[0];
    for (int i = 1; i <= (int)x[1]; i++) {
        generation *= branching;
        branching *= 1 - x[2];
        joins += generation;
    }
    return joins;
}

static const char *check_cascade(const double *x) {
    if (x[0] < 0)
        return "referral_branching must not be negative";
    if (x[1] != floor(x[1]) || x[1] < 0 || x[1] > MOST_GENERATIONS)
        return "referral_generations must be a whole number from 0 to 100";
    if (x[2] < 0 || x[2] > 1)
        return "referral_fading must be from 0 to 1 (it is a share: 0.1 is 10 %)";
    return NULL;
}

enum status referral_cascade(struct metric_run *r, struct err *err) {
    return row_run(r, cascade, check_cascade, err);
}
