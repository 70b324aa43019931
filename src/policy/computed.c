// A metric of the policy that is a function, as the board computes it: a block of customers at a
// time, on all threads.
#include "base/date.h"
#include "base/money.h"
#include "metric/block.h"
#include "policy/routine.h"

struct function_metric {
    struct computed computed; // whose ctx is this
    const struct policy *policy;
    struct rule rule;
};

struct run {
    const struct function_metric *metric;
    const struct bound *bound;
    const struct column *const *columns;
    struct column *out;
    struct evaluator *evaluator;
};

static enum shared_kind wanted_of(enum type type) {
    switch (type) {
    case TYPE_FLAG: return SHARED_BOOLEAN;
    case TYPE_INTEGER:
    case TYPE_DATE: return SHARED_INTEGER;
    case TYPE_LABEL: return SHARED_STRING;
    default: return SHARED_NUMBER;
    }
}

static enum status bind(void *ctx, struct arena *a, const struct scope *scope,
                        const struct bound **bound, const int **slots, int *n, struct err *err) {
    const struct function_metric *m = ctx;
    struct place at = m->rule.formula.at;
    enum shared_kind wanted = wanted_of(m->computed.type);
    if (routine_bind(a, m->rule.routine, scope, wanted, m->computed.labels, bound, &at, err) !=
        DONE)
        return err_place(err, at);
    *n = bound_slots(*bound, slots);
    return DONE;
}

// NULL, or why there is no such value, and it stays missing.
static const char *set(struct column *c, int64_t row, union shared_value v) {
    int64_t minor;
    switch (c->type) {
    case TYPE_FLAG: column_set_flag(c, row, v.integer == 1); return NULL;
    case TYPE_INTEGER: column_set_integer(c, row, v.integer); return NULL;
    case TYPE_LABEL: column_set_code(c, row, (int32_t)v.integer); return NULL;
    case TYPE_DATE:
        if (v.integer < DATE_MIN || v.integer > DATE_MAX)
            return "it is no day of the years 1 to 9999";
        column_set_date(c, row, (int32_t)v.integer);
        return NULL;
    case TYPE_MONEY:
        if (!money_round(v.number, c->decimals, &minor))
            return "it is too large an amount of money";
        column_set_integer(c, row, minor);
        return NULL;
    default: column_set_number(c, row, v.number); return NULL;
    }
}

static enum status run_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    const struct rule *rule = &r->metric->rule;
    struct evaluator *e = &r->evaluator[b->worker];
    uint8_t stop[BLOCK];
    const struct rule_rows rows = {r->columns, b->first, b->n, NULL};
    TRY(bound_call(r->bound, rule, e, &rows, stop, err));
    for (int i = 0; i < b->n; i++) {
        column_set_missing(r->out, b->first + i); // this may not be the first run
        const char *wrong = stop[i] ? NULL : set(r->out, b->first + i, e->value[i]);
        if (wrong)
            evaluator_fail(e, rule, b->first + i, rule->formula.at.line, wrong);
    }
    return DONE;
}

// Names the first customer for whom it failed.
static void note_failures(const struct run *r, int workers, const struct host *host,
                          const struct column *id, int64_t *faults) {
    const struct failure *first = NULL;
    for (int w = 0; w < workers; w++) {
        const struct evaluator *e = &r->evaluator[w];
        *faults += e->failures;
        for (int64_t i = 0; i < e->failures; i++)
            if (!first || e->failure[i].customer < first->customer)
                first = &e->failure[i];
    }
    if (!first)
        return;
    struct str who = id ? column_str(id, first->customer) : STR("the test's customer");
    host_note(host, "%.*s:%ld: `%.*s` failed for %lld customers, first for %.*s: %s",
              (int)r->metric->policy->path.n, r->metric->policy->path.p, first->line,
              (int)r->out->name.n, r->out->name.p, (long long)*faults, (int)who.n, who.p,
              first->text);
}

static enum status run(void *ctx, struct arena *a, const struct bound *bound,
                       const struct host *host, const struct column *const *columns,
                       const struct column *id, struct column *out, int64_t *faults,
                       struct err *err) {
    const struct function_metric *m = ctx;
    struct run r = {m, bound, columns, out, NULL};
    enum status status = DONE;
    do {
        r.evaluator = evaluators_new(a, m->policy, host);
        status = block_run(host, out->n, run_block, &r, err);
    } while (status == DONE && policy_settle(m->policy, host));
    if (status == DONE)
        note_failures(&r, block_threads(host), host, id, faults);
    return status;
}

const struct computed *routine_metric(struct arena *a, struct policy *p, struct routine *r,
                                      enum type type, const struct dict *labels) {
    struct function_metric *m = arena_alloc(a, sizeof *m);
    *m = (struct function_metric){.policy = p, .rule = {.formula = {.at = r->at}, .routine = r}};
    m->computed = (struct computed){m, type, labels, bind, run};
    return &m->computed;
}

const struct routine *routine_of(const struct computed *metric) {
    const struct function_metric *m = metric->ctx;
    return m->rule.routine;
}
