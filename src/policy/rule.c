// A rule is an expression or a function; whoever decides by it does not notice which.
#include <string.h>

#include "metric/block.h"
#include "policy/outcomes.h"
#include "policy/routine.h"

struct evaluator *evaluators_new(struct arena *a, const struct policy *p, const struct host *host) {
    int n = block_threads(host);
    struct evaluator *list = arena_array(a, (size_t)n, sizeof *list);
    atomic_int *late = arena_alloc(a, sizeof *late);
    atomic_init(late, 0);
    for (int i = 0; i < n; i++)
        list[i] = (struct evaluator){
            .arena = arena_child(a), .policy = p, .worker = i, .host = host, .late = late};
    return list;
}

// What a worker needs is made by itself, when it has something to do.
void evaluator_open(struct evaluator *e) {
    if (e->scratch)
        return;
    e->scratch = expr_scratch_new(e->arena);
    e->value = arena_array(e->arena, BLOCK, sizeof *e->value);
}

void evaluator_fail(struct evaluator *e, const struct rule *rule, int64_t customer, long line,
                    const char *text) {
    if (e->failures == e->size) {
        int64_t size = e->size ? 2 * e->size : 16;
        e->failure = arena_resize(e->arena, e->failure, (size_t)e->size * sizeof *e->failure,
                                  (size_t)size * sizeof *e->failure);
        e->size = size;
    }
    // A rule that fails once fails often.
    const struct failure *last = e->failures ? &e->failure[e->failures - 1] : NULL;
    if (last && strcmp(last->text, text) == 0)
        text = last->text;
    else
        text = arena_copy(e->arena, text, strlen(text));
    e->failure[e->failures++] = (struct failure){customer, -1, rule, line, text};
}

bool rule_given(const struct rule *r) {
    return r->formula.text.p || r->routine;
}

int rule_slots(const struct rule *r, const int **slots) {
    return r->bound ? bound_slots(r->bound, slots) : r->expr ? expr_slots(r->expr, slots) : 0;
}

// Why an expression failed is known row by row. Few do, so they are looked for all at once.
static void note_faults(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                        const uint8_t *stop) {
    for (int i = memchr(stop, STOP_FAULT, (size_t)rows->n) ? 0 : rows->n; i < rows->n; i++) {
        if (stop[i] != STOP_FAULT || (rows->skip && rows->skip[i]))
            continue;
        int64_t row = rows->first + i;
        struct outcome o = expr_row(r->expr, rows->columns, row, e->arena);
        evaluator_fail(e, r, row, r->formula.at.line, fault_text(o.fault));
    }
}

// What an expression takes at once of the rows from the i-th on.
static int part(const struct rule_rows *rows, int i) {
    int rest = rows->n - i;
    return rest < EXPR_BLOCK ? rest : EXPR_BLOCK;
}

// ---- conditions whose clauses are recorded ------------------------------------------------------

static uint8_t *room_for_outcomes(struct evaluator *e, int clauses) {
    if (clauses > e->outcome_clauses) {
        e->outcome = arena_array(e->arena, (size_t)clauses, EXPR_BLOCK);
        e->outcome_clauses = clauses;
    }
    return e->outcome;
}

// What the clauses came to in the part of the rows that begins at the i-th.
static void put_outcomes(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                         int i, uint8_t *outcome) {
    outcomes_put(e->policy->outcomes, r, rows->first + i, part(rows, i),
                 rows->skip ? rows->skip + i : NULL, outcome);
}

static void record_expression(const struct rule *r, struct evaluator *e,
                              const struct rule_rows *rows, uint8_t *truth, uint8_t *stop) {
    uint8_t *outcome = room_for_outcomes(e, expr_clauses(r->expr));
    for (int i = 0; i < rows->n; i += EXPR_BLOCK) {
        expr_record(r->expr, rows->columns, rows->first + i, part(rows, i), e->scratch, truth + i,
                    stop + i, outcome);
        put_outcomes(r, e, rows, i, outcome);
    }
}

// A function is one clause.
static void record_function(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                            const uint8_t *truth, const uint8_t *stop) {
    uint8_t *outcome = room_for_outcomes(e, BLOCK / EXPR_BLOCK);
    for (int i = 0; i < rows->n; i++)
        outcome[i] = stop[i] == STOP_MISSING ? CLAUSE_MISSING
                     : stop[i]               ? CLAUSE_FAULT
                     : truth[i]              ? CLAUSE_TRUE
                                             : CLAUSE_FALSE;
    for (int i = 0; i < rows->n; i += EXPR_BLOCK)
        put_outcomes(r, e, rows, i, outcome + i);
}

// ---- what a rule comes to -----------------------------------------------------------------------

enum status rule_condition(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                           uint8_t *truth, uint8_t *stop, struct err *err) {
    evaluator_open(e);
    bool recorded = e->policy->outcomes != NULL;
    if (r->expr) {
        for (int i = 0; i < rows->n && !recorded; i += EXPR_BLOCK)
            expr_condition(r->expr, rows->columns, rows->first + i, part(rows, i), e->scratch,
                           truth + i, stop + i);
        if (recorded)
            record_expression(r, e, rows, truth, stop);
        note_faults(r, e, rows, stop);
        return DONE;
    }
    TRY(bound_call(r->bound, r, e, rows, stop, err));
    for (int i = 0; i < rows->n; i++)
        truth[i] = e->value[i].integer == 1;
    if (recorded)
        record_function(r, e, rows, truth, stop);
    return DONE;
}

enum status rule_number(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                        double *out, uint8_t *stop, struct err *err) {
    evaluator_open(e);
    if (r->expr) {
        for (int i = 0; i < rows->n; i += EXPR_BLOCK)
            expr_number(r->expr, rows->columns, rows->first + i, part(rows, i), e->scratch, out + i,
                        stop + i);
        note_faults(r, e, rows, stop);
        return DONE;
    }
    TRY(bound_call(r->bound, r, e, rows, stop, err));
    for (int i = 0; i < rows->n; i++)
        out[i] = e->value[i].number;
    return DONE;
}

enum status rule_call(const struct rule *r, struct evaluator *e,
                      const struct column *const *columns, int64_t customer, struct called *out,
                      struct err *err) {
    return bound_explain(r->bound, r, e, columns, customer, out, err);
}

bool policy_settle(const struct policy *p, const struct host *host) {
    bool found = false;
    for (int i = 0; i < p->routines; i++) {
        struct routine *r = p->routine[i];
        if (r->disabled || !atomic_load(&r->keeps_state))
            continue;
        r->disabled = found = true;
        host_note(host,
                  "%.*s:%ld: this function keeps state from one customer to the next, so what it "
                  "gives depends on their order: it is not called, and fails for every customer; "
                  "keep what it needs in its parameters and in `local` names inside it",
                  (int)p->path.n, p->path.p, r->at.line);
    }
    return found;
}
