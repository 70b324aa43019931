// The operators of the language: which operands they take, and what they give.
#ifndef PATRON_EXPR_OPERATOR_H
#define PATRON_EXPR_OPERATOR_H

#include "expr/build.h"

// The node of an operation; `at` is where the operator stands. NULL with the error set when the
// operands do not fit.
struct node *operator_unary(struct builder *b, enum op op, struct span at, struct node *x);
struct node *operator_binary(struct builder *b, enum op op, struct span at, struct node *x,
                             struct node *y);
// Whether x == y has a meaning; false with the error set (at `at`) if not.
bool operator_comparable(struct builder *b, struct span at, const struct node *x,
                         const struct node *y);

#endif
