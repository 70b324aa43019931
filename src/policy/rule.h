// A rule of a policy: an expression or a function over a customer, and evaluating it. Whoever
// decides by one does not notice which it is.
#ifndef PATRON_POLICY_RULE_H
#define PATRON_POLICY_RULE_H

#include <stdatomic.h>

#include "base/host.h"
#include "expr/expr.h"
#include "metric/declared.h"

struct policy;

// A Lua function of the policy over a customer. Its parameters name the columns that it takes.
struct routine {
    int number; // in order of declaration, as the helper process has it
    int index;  // in the policy's list
    struct place at;
    int parameters;
    const struct parameter {
        struct str name;
        struct place at;
    } * parameter;
    struct str body;         // if all it does is to return an expression: that; else empty
    atomic_bool keeps_state; // it was seen to change what it reads; see policy_settle
    bool disabled;           // and is therefore not called any more
};

// A formula or a function of the policy, and what it compiled to (all NULL: there is none).
struct rule {
    struct formula formula; // of a function only its place
    struct routine *routine;
    const struct expr *expr;
    const struct bound *bound; // the function with the columns of a board
};

// What a rule is evaluated for: the rows first .. first + n - 1 of these columns, by slot, n <=
// BLOCK. Rows where `skip` (by row of the n; or NULL) is not 0 do not count: nothing is called for
// them, and their results are arbitrary.
struct rule_rows {
    const struct column *const *columns;
    int64_t first;
    int n;
    const uint8_t *skip;
};

// A rule that failed for a customer.
struct failure {
    int64_t customer;
    int64_t edge; // the referral of that customer (decide/referral.h), or -1
    const struct rule *rule;
    long line; // of the policy
    const char *text;
};

// What one thread needs to evaluate rules, and what failed meanwhile.
struct evaluator {
    struct arena *arena;
    const struct policy *policy;
    int worker; // 0, of the thread that began the run, to 63: no two have the same at a time
    const struct host *host;
    struct expr_scratch *scratch;
    union shared_value *value; // of the last function called, BLOCK of them
    uint8_t *outcome;          // of the clauses of the last condition, where they are recorded
    int outcome_clauses;       // that it has room for
    struct verdict *verdict;   // room for who proposes campaigns (decide/propose.c)
    int64_t failures, size;
    int64_t settled; // failures that stay if what is being done is done again
    struct failure *failure;
    atomic_int *late; // of all workers together: customers for whom a function took too long
};

// One for each thread of the host, each in an arena of its own below `a`.
struct evaluator *evaluators_new(struct arena *a, const struct policy *p, const struct host *host);
// Records a failure; the text is copied.
void evaluator_fail(struct evaluator *e, const struct rule *rule, int64_t customer, long line,
                    const char *text);

bool rule_given(const struct rule *r); // else it is not there
// The slots of the columns that it reads; 0 if it is not there.
int rule_slots(const struct rule *r, const int **slots);
// As expr_condition and expr_number, for a rule that is there.
enum status rule_condition(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                           uint8_t *truth, uint8_t *stop, struct err *err);
enum status rule_number(const struct rule *r, struct evaluator *e, const struct rule_rows *rows,
                        double *out, uint8_t *stop, struct err *err);

// One call of a function, told in full.
struct called {
    int n;
    struct argument {
        struct str name;
        enum type type;
        bool missing; // then it was not called
        struct value value;
    } * argument;
    struct outcome outcome;
    const char *fault; // of OUTCOME_FAULT
    long line;         // which returned or failed; 0: unknown
};
// Calls the function of a rule that is one, for one customer.
enum status rule_call(const struct rule *r, struct evaluator *e,
                      const struct column *const *columns, int64_t customer, struct called *out,
                      struct err *err);

#endif
