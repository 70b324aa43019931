// Values from values: arithmetic, comparisons and functions over vectors.
//
// Operands are evaluated from left to right before anything is computed, as Lua does.
#include <string.h>

#include "expr/function.h"
#include "expr/ops.h"
#include "expr/walk.h"

// Integer division and modulo by 0 are faults; floats give infinity or NaN.
static void stop_zero(struct block *b, struct vector divisor, const uint8_t *live) {
    static const int64_t zero = 0;
    const int64_t *y = divisor.p;
    if (divisor.single) {
        if (*y == 0)
            kernel_stop(b->stop, live, b->scratch->all, STOP_FAULT, b->n);
        return;
    }
    uint8_t *bad = vector_take(b);
    kernel_compare(OP_EQ, bad, vector_lane(divisor), SHAPE_INTEGER, (struct lane){&zero, true},
                   SHAPE_INTEGER, b->n);
    kernel_stop(b->stop, live, bad, STOP_FAULT, b->n);
    vector_give(b, bad);
}

struct vector compute_arithmetic(struct block *b, const struct node *n, const uint8_t *live) {
    enum shape shape = n->kind.shape;
    struct vector x = walk_as(b, n->arg[0], shape, live), y = walk_as(b, n->arg[1], shape, live);
    void *out = vector_take(b);
    if (shape == SHAPE_INTEGER && (n->op == OP_FLOOR_DIVIDE || n->op == OP_MODULO))
        stop_zero(b, y, live);
    if (shape == SHAPE_INTEGER)
        kernel_integers(n->op, out, vector_lane(x), vector_lane(y), b->n);
    else
        kernel_floats(n->op, out, vector_lane(x), vector_lane(y), b->n);
    vector_give(b, x.buffer);
    vector_give(b, y.buffer);
    return vector_owned(out);
}

struct vector compute_negative(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = walk(b, n->arg[0], live);
    void *out = vector_take(b);
    if (n->kind.shape == SHAPE_INTEGER)
        kernel_negate_integers(out, x.p, b->n);
    else
        kernel_negate_floats(out, x.p, b->n);
    vector_give(b, x.buffer);
    return vector_owned(out);
}

// A whole number next to floats is compared as a float, unless that would round it.
static enum shape compared_as(const struct node *n, const struct node *other) {
    bool whole = n->constant && n->kind.shape == SHAPE_INTEGER;
    return whole && integer_exact(n->value.integer) ? other->kind.shape : n->kind.shape;
}

// x, evaluated as shape sx, against y.
static struct vector compare(struct block *b, enum op op, struct vector x, enum shape sx,
                             const struct node *y, enum shape sy, const uint8_t *live) {
    struct vector v = walk_as(b, y, sy, live);
    uint8_t *out = vector_take(b);
    if (sx == SHAPE_BOOLEAN)
        kernel_compare_flags(op, out, x.p, v.p, b->n);
    else
        kernel_compare(op, out, vector_lane(x), sx, vector_lane(v), sy, b->n);
    vector_give(b, v.buffer);
    return vector_owned(out);
}

struct vector compute_comparison(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0], *y = n->arg[1];
    enum shape sx = compared_as(x, y), sy = compared_as(y, x);
    struct vector v = walk_as(b, x, sx, live);
    struct vector out = compare(b, n->op, v, sx, y, sy, live);
    vector_give(b, v.buffer);
    return out;
}

struct vector compute_one_of(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0];
    struct vector v = walk(b, x, live);
    uint8_t *found = vector_take(b);
    memset(found, 0, (size_t)b->n);
    for (int i = 1; i < n->n; i++) {
        const struct node *y = n->arg[i];
        struct vector same = compare(b, OP_EQ, v, x->kind.shape, y, compared_as(y, x), live);
        kernel_or(found, same.p, b->n);
        vector_give(b, same.buffer);
    }
    vector_give(b, v.buffer);
    return vector_owned(found);
}

// A function without a kernel: applied to each row's values, still without walking the tree.
struct vector compute_call(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector arg[FUNCTION_ARGS];
    struct value x[FUNCTION_ARGS], v;
    for (int k = 0; k < n->n; k++)
        arg[k] = walk(b, n->arg[k], live);
    void *out = vector_blank(b, n->kind.shape);
    for (int i = 0; i < b->n; i++) {
        if (!live[i] || b->stop[i])
            continue;
        for (int k = 0; k < n->n; k++)
            x[k] = vector_load(&arg[k], i, n->arg[k]->kind.shape);
        if (n->function->apply(x, &v) == FAULT_NONE)
            vector_store(out, i, &v, n->kind.shape);
        else
            b->stop[i] = STOP_FAULT;
    }
    for (int k = 0; k < n->n; k++)
        vector_give(b, arg[k].buffer);
    return vector_owned(out);
}
