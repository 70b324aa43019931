// The vectors of a block of rows: in place in a column, or in buffers that are handed out and given
// back. Internal to what evaluates blocks.
#ifndef PATRON_EXPR_VECTOR_H
#define PATRON_EXPR_VECTOR_H

#include "expr/kernel.h"
#include "expr/row.h"
#include "expr/tree.h"

struct buffer;

struct expr_scratch {
    struct arena *arena;
    struct buffer *free;
    uint8_t all[EXPR_BLOCK]; // 1s: every row lives
};

struct block {
    const struct column *const *columns;
    int64_t first;
    int n;
    struct expr_scratch *scratch;
    uint8_t *stop;
    uint8_t *outcome; // of the clauses that come next, where they are recorded; else NULL
};

// The values of a node: in a buffer that must be given back, or elsewhere (buffer is NULL). Flags
// are always n bytes in a buffer, so masks are combined in place.
struct vector {
    const void *p;
    void *buffer;
    bool single; // one value for all rows
};

// A buffer has room for EXPR_BLOCK doubles. NULL can be given back, too.
void *vector_take(struct block *b);
void vector_give(struct block *b, void *buffer);
// A buffer for values that are not set in every row.
void *vector_blank(struct block *b, enum shape shape);
// The vector with a value of its own for every row.
struct vector vector_spread(struct block *b, struct vector x);

static inline struct vector vector_owned(void *buffer) {
    return (struct vector){buffer, buffer, false};
}

static inline struct lane vector_lane(struct vector v) {
    return (struct lane){v.p, v.single};
}

// One value.
static inline void vector_store(void *out, int i, const struct value *v, enum shape shape) {
    if (shape == SHAPE_BOOLEAN)
        ((uint8_t *)out)[i] = v->boolean;
    else if (shape == SHAPE_INTEGER)
        ((int64_t *)out)[i] = v->integer;
    else
        ((double *)out)[i] = value_float(v);
}

static inline struct value vector_load(const struct vector *v, int i, enum shape shape) {
    int k = v->single ? 0 : i;
    if (shape == SHAPE_BOOLEAN)
        return (struct value){VALUE_BOOLEAN, .boolean = ((const uint8_t *)v->p)[k]};
    if (shape == SHAPE_INTEGER)
        return (struct value){VALUE_INTEGER, .integer = ((const int64_t *)v->p)[k]};
    return (struct value){VALUE_FLOAT, .number = ((const double *)v->p)[k]};
}

#endif
