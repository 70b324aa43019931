// Makes the nodes of the tree: checks their types, says what is wrong with them, folds constants.
#ifndef PATRON_EXPR_BUILD_H
#define PATRON_EXPR_BUILD_H

#include "expr/tree.h"

struct builder {
    struct arena *arena;
    struct str text;
    const struct scope *scope;
    struct expr_error *error;
    int n_slots;
    int *slots;
};

// Each returns NULL with the error set when what is to be built has no meaning.

struct node *build_literal(struct builder *b, struct span at, struct value value);
// `beside` is what the name is compared with, or NULL: it may be a label that lacks its quotes.
struct node *build_name(struct builder *b, struct span at, struct str name,
                        const struct node *beside);
struct node *build_unary(struct builder *b, enum op op, struct span at, struct node *x);
struct node *build_binary(struct builder *b, enum op op, struct span at, struct node *x,
                          struct node *y);
// A call of the function with that name; `at` is the name, `end` behind the closing parenthesis.
struct node *build_call(struct builder *b, struct span at, struct str name, size_t end,
                        struct node **arg, int n);
// What remains to be checked at the root: it must be what the caller wants, and have one type.
bool build_root(struct builder *b, const struct node *root, enum want want);

// ---- for the functions of function.c ----------------------------------------------------------

// An error at a node or at a place; NULL, to be returned.
struct node *build_fail(struct builder *b, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The source of a node, shortened when long.
const char *build_show(const struct builder *b, const struct node *n);
// A new node over `n` operands, then finished: its height is checked and, if all operands are
// constant, its value computed.
struct node *build_node(struct builder *b, enum op op, struct span at, struct kind kind,
                        struct node **arg, int n);
struct node *build_finish(struct builder *b, struct node *n);
// Whether x == y has a meaning; fails at `at` if not.
bool build_comparable(struct builder *b, struct span at, const struct node *x,
                      const struct node *y);
// The word in the table of advice for what people know from other languages, or NULL.
const char *build_advice(struct str word);

#endif
