// The nodes of an expression over a block of rows. `live` says which rows have come to a node;
// those that stop are marked in the block. block.c says what the two mean.
#ifndef PATRON_EXPR_WALK_H
#define PATRON_EXPR_WALK_H

#include "expr/vector.h"

// Any node, and any node with its values as floats if the shape is.
struct vector walk(struct block *b, const struct node *n, const uint8_t *live);
struct vector walk_as(struct block *b, const struct node *n, enum shape shape, const uint8_t *live);
// A part of the and/or/not tree of a condition: as walk, and where outcomes are recorded, those of
// its clauses. walk_past: no row comes to it.
struct vector walk_clauses(struct block *b, const struct node *n, const uint8_t *live);
void walk_past(struct block *b, const struct node *n);
// Stops the rows where the column has no value.
void walk_missing(struct block *b, const struct column *c, const uint8_t *live);

// ---- compute.c: values from values

struct vector compute_arithmetic(struct block *b, const struct node *n, const uint8_t *live);
struct vector compute_negative(struct block *b, const struct node *n, const uint8_t *live);
struct vector compute_comparison(struct block *b, const struct node *n, const uint8_t *live);
struct vector compute_one_of(struct block *b, const struct node *n, const uint8_t *live);
struct vector compute_call(struct block *b, const struct node *n, const uint8_t *live);

// ---- choose.c: what decides which rows go on

struct vector choose_not(struct block *b, const struct node *n, const uint8_t *live);
// `and` and `or`, of flags and of any values.
struct vector choose_logic(struct block *b, const struct node *n, const uint8_t *live);
struct vector choose_value(struct block *b, const struct node *n, const uint8_t *live);
struct vector choose_has(struct block *b, const struct node *n, const uint8_t *live);
struct vector choose_default(struct block *b, const struct node *n, const uint8_t *live);

// ---- test.c: columns against constants, in the column's own terms

// False where the node is no such test, or is better evaluated as any other.
bool test_column(struct block *b, const struct node *n, const uint8_t *live, struct vector *out);

#endif
