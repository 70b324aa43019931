// Makes the nodes of the tree, folds constants, and says what is wrong with an operand.
#ifndef PATRON_EXPR_BUILD_H
#define PATRON_EXPR_BUILD_H

#include "expr/tree.h"

struct builder {
    struct arena *arena;
    struct str text;
    const struct scope *scope;
    struct expr_error *error;
    int n_slots, size;
    int *slots; // that were read, each once
};

// An error at a place; NULL, to be returned. The first error counts.
struct node *build_fail(struct builder *b, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The source at a place, or of a node with its parentheses, for messages: shortened when long.
const char *build_quote(const struct builder *b, struct span at);
const char *build_show(const struct builder *b, const struct node *n);

// A node over n operands. If all are constant, so is the node, unless it faults. NULL (with the
// error set) when the tree becomes too high.
struct node *build_node(struct builder *b, enum op op, struct span at, struct kind kind,
                        struct node **arg, int n);
struct node *build_call(struct builder *b, const struct function *f, struct span at,
                        struct kind kind, struct node **arg, int n);
struct node *build_literal(struct builder *b, struct span at, struct value value);

// Checks of an operand; false with the error set.
bool build_condition(struct builder *b, const struct node *x, const char *where); // is a condition
bool build_certain(struct builder *b, const struct node *x); // false cannot stand in its place
bool build_value(struct builder *b, const struct node *x);   // certain, and no months(n)

#endif
