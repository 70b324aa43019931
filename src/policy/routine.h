// Functions of a policy, called for customers through the pool of helper processes.
#ifndef PATRON_POLICY_ROUTINE_H
#define PATRON_POLICY_ROUTINE_H

#include "policy/policy.h"
#include "policy/shared.h"

// A routine with its parameters found in a scope, and the kind of its result.
struct bound;

// Finds the parameters. Of those that are not there or cannot be, the first goes to *at and *err.
// The result is to be of the kind `wanted`; a string is one of `labels`.
enum status routine_bind(struct arena *a, struct routine *r, const struct scope *scope,
                         enum shared_kind wanted, const struct dict *labels,
                         const struct bound **out, struct place *at, struct err *err);
int bound_slots(const struct bound *b, const int **slots);

// Makes what bound_call takes for granted, if it is not there yet.
void evaluator_open(struct evaluator *e);
// Calls it at these rows: the results go to e->value, all zeros where there is none; stop[i] is an
// enum stop. What fails is recorded as of `rule`.
enum status bound_call(const struct bound *b, const struct rule *rule, struct evaluator *e,
                       const struct rule_rows *rows, uint8_t *stop, struct err *err);
enum status bound_explain(const struct bound *b, const struct rule *rule, struct evaluator *e,
                          const struct column *const *columns, int64_t row, struct called *out,
                          struct err *err);

// A metric that is a function, for the board.
const struct computed *routine_metric(struct arena *a, struct policy *p, struct routine *r,
                                      enum type type, const struct dict *labels);
const struct routine *routine_of(const struct computed *metric);

#endif
