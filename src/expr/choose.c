// What decides which rows go on: not, and, or, has, default.
//
// A side that no row lives for may be left out; a side that some live for is evaluated for those
// alone, so that the others cannot stop there.
#include <string.h>

#include "expr/walk.h"

struct vector choose_not(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = walk_clauses(b, n->arg[0], live);
    kernel_not(x.buffer, b->n);
    return x;
}

// The rows that go on to the right side of `and` (or of `or`) when `x` is its left side.
static uint8_t *go_on(struct block *b, enum op op, const uint8_t *live, const uint8_t *x) {
    uint8_t *on = memcpy(vector_take(b), live, (size_t)b->n);
    if (op == OP_AND)
        kernel_and(on, x, b->n);
    else
        kernel_and_not(on, x, b->n);
    return on;
}

struct vector choose_logic(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = walk_clauses(b, n->arg[0], live);
    uint8_t *on = go_on(b, n->op, live, x.p);
    if (memchr(on, 1, (size_t)b->n)) {
        struct vector y = walk_clauses(b, n->arg[1], on);
        if (n->op == OP_AND)
            kernel_and(x.buffer, y.p, b->n);
        else
            kernel_or(x.buffer, y.p, b->n);
        vector_give(b, y.buffer);
    } else {
        walk_past(b, n->arg[1]);
    }
    vector_give(b, on);
    return x;
}

static struct vector choose(struct block *b, enum shape shape, const uint8_t *mask, struct vector x,
                            struct vector y) {
    void *out = vector_take(b);
    if (x.single)
        y = vector_spread(b, y);
    if (shape == SHAPE_INTEGER)
        kernel_choose_integers(out, mask, vector_lane(x), vector_lane(y), b->n);
    else if (shape == SHAPE_FLOAT)
        kernel_choose_floats(out, mask, vector_lane(x), vector_lane(y), b->n);
    else
        kernel_choose_flags(out, mask, x.p, y.p, b->n);
    vector_give(b, x.buffer);
    vector_give(b, y.buffer);
    return vector_owned(out);
}

// The values of `c and x` and `c and x or y`; *truth says where there is one, elsewhere it is
// false.
static struct vector chain(struct block *b, const struct node *n, const uint8_t *live,
                           struct vector *truth) {
    if (!n->kind.maybe_false && n->op != OP_OR) {
        *truth = vector_owned(memset(vector_take(b), 1, (size_t)b->n));
        return walk(b, n, live);
    }
    struct vector x, held, y, also;
    if (n->op == OP_AND)
        held = walk(b, n->arg[0], live);
    else
        x = chain(b, n->arg[0], live, &held);
    uint8_t *on = go_on(b, n->op, live, held.p);
    y = chain(b, n->arg[1], on, &also);
    if (n->op == OP_OR)
        y = choose(b, n->kind.shape, held.p, x, y);
    if (n->op == OP_AND)
        kernel_and(held.buffer, also.p, b->n);
    else
        kernel_or(held.buffer, also.p, b->n);
    vector_give(b, on);
    vector_give(b, also.buffer);
    *truth = held;
    return y;
}

struct vector choose_value(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector truth, x = chain(b, n, live, &truth);
    vector_give(b, truth.buffer);
    return x;
}

// ---- has, default -----------------------------------------------------------------------------

// Evaluates x with stops of its own. *missing marks the rows where it met a missing value; its
// faults are everybody's.
static struct vector attempt(struct block *b, const struct node *x, enum shape shape,
                             const uint8_t *live, uint8_t **missing) {
    uint8_t *outer = b->stop, *inner = memcpy(vector_take(b), outer, (size_t)b->n);
    b->stop = inner;
    struct vector v = walk_as(b, x, shape, live);
    b->stop = outer;
    for (int i = 0; i < b->n; i++) {
        bool now = outer[i] == STOP_NONE;
        outer[i] = inner[i] == STOP_FAULT ? STOP_FAULT : outer[i];
        inner[i] = now & (inner[i] == STOP_MISSING);
    }
    *missing = inner;
    return v;
}

struct vector choose_has(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0];
    uint8_t *missing;
    if (is_column(x)) {
        const struct column *c = b->columns[x->slot];
        uint8_t *valid = memset(vector_take(b), 1, (size_t)b->n);
        if (c->valid)
            kernel_unpack(valid, c->valid, b->first, b->n);
        return vector_owned(valid);
    }
    vector_give(b, attempt(b, x, x->kind.shape, live, &missing).buffer);
    kernel_not(missing, b->n);
    return vector_owned(missing);
}

struct vector choose_default(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0], *y = n->arg[1];
    enum shape shape = n->kind.shape;
    uint8_t *missing;
    if (is_column(x) && !b->columns[x->slot]->valid)
        return walk_as(b, x, shape, live);
    struct vector v = attempt(b, x, shape, live, &missing);
    uint8_t *on = go_on(b, OP_AND, live, missing);
    struct vector w = walk_as(b, y, shape, on), out = choose(b, shape, missing, w, v);
    vector_give(b, on);
    vector_give(b, missing);
    return out;
}
