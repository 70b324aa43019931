// The clauses of a condition: the leaves of its and/or/not tree, numbered from 0 in source order.
#ifndef PATRON_EXPR_CLAUSE_H
#define PATRON_EXPR_CLAUSE_H

#include "expr/tree.h"

static inline bool clause_is(const struct node *n) {
    return n->op != OP_AND && n->op != OP_OR && n->op != OP_NOT;
}

int clause_count(const struct node *n);
const struct node *clause_at(const struct node *n, int k); // k < clause_count(n)

#endif
