// A block is evaluated operator by operator: each node gives a vector of EXPR_BLOCK values, columns
// are read in place, and no row is looked at alone unless it must be.
//
// Two masks carry what Lua does by order and jumps. `live` says which rows have come to a node: the
// right side of `and` lives where the left one holds. `stop` says which rows have met a missing
// value or a fault; a row stops only where it lives, only once, and never comes back. Nodes are
// visited in Lua's order, so the first stop is Lua's. A value of a row that does not live or has
// stopped is arbitrary, but a flag is always 0 or 1.
//
// What has no kernel (strings, values whose subtype differs by row) is left to the row evaluator.
#include "expr/block.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "expr/function.h"
#include "expr/kernel.h"
#include "expr/ops.h"
#include "expr/row.h"

// Buffers of a block's doubles, handed out and given back.
struct buffer {
    struct buffer *next;
};

struct expr_scratch {
    struct arena *arena;
    struct buffer *free;
    uint8_t all[EXPR_BLOCK]; // 1s: every row lives
};

struct expr_scratch *expr_scratch_new(struct arena *a) {
    struct expr_scratch *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    memset(s->all, 1, sizeof s->all);
    return s;
}

struct block {
    const struct column *const *columns;
    int64_t first;
    int n;
    struct expr_scratch *scratch;
    uint8_t *stop;
};

// The values of a node: in a buffer that must be given back, or elsewhere (buffer is NULL). Flags
// are always n bytes in a buffer, so masks are combined in place.
struct vector {
    const void *p;
    void *buffer;
    bool single; // one value for all rows
};

static void *take(struct block *b) {
    struct expr_scratch *s = b->scratch;
    struct buffer *top = s->free;
    if (!top)
        return arena_alloc(s->arena, EXPR_BLOCK * sizeof(double));
    s->free = top->next;
    return top;
}

static void give(struct block *b, void *buffer) {
    struct buffer *top = buffer;
    if (!top)
        return;
    top->next = b->scratch->free;
    b->scratch->free = top;
}

static struct vector owned(void *buffer) {
    return (struct vector){buffer, buffer, false};
}

static struct lane lane(struct vector v) {
    return (struct lane){v.p, v.single};
}

static struct vector eval(struct block *b, const struct node *n, const uint8_t *live);

// ---- leaves ---------------------------------------------------------------------------------

static struct vector constant(struct block *b, const struct node *n) {
    if (n->value.tag == VALUE_INTEGER)
        return (struct vector){&n->value.integer, NULL, true};
    if (n->value.tag == VALUE_FLOAT)
        return (struct vector){&n->value.number, NULL, true};
    void *flags = take(b);
    memset(flags, n->value.boolean, (size_t)b->n);
    return owned(flags);
}

static void stop_missing(struct block *b, const struct column *c, const uint8_t *live) {
    if (!c->valid)
        return;
    uint8_t *missing = take(b);
    kernel_unpack(missing, c->valid, b->first, b->n);
    kernel_not(missing, b->n);
    kernel_stop(b->stop, live, missing, STOP_MISSING, b->n);
    give(b, missing);
}

static struct vector column(struct block *b, const struct node *n, const uint8_t *live) {
    const struct column *c = b->columns[n->slot];
    stop_missing(b, c, live);
    if (c->type == TYPE_INTEGER)
        return (struct vector){c->integer + b->first, NULL, false};
    if (c->type == TYPE_NUMBER)
        return (struct vector){c->number + b->first, NULL, false};
    void *out = take(b);
    if (c->type == TYPE_MONEY)
        kernel_money(out, c->integer + b->first, (double)money_scale(c->decimals), b->n);
    else if (c->type == TYPE_DATE)
        kernel_days(out, c->date + b->first, b->n);
    else
        kernel_unpack(out, c->flag, b->first, b->n);
    return owned(out);
}

// ---- row by row -----------------------------------------------------------------------------

static void store(void *out, int i, const struct value *v, enum shape shape) {
    if (shape == SHAPE_BOOLEAN)
        ((uint8_t *)out)[i] = v->boolean;
    else if (shape == SHAPE_INTEGER)
        ((int64_t *)out)[i] = v->integer;
    else
        ((double *)out)[i] = value_float(v);
}

static struct value load(const struct vector *v, int i, enum shape shape) {
    int k = v->single ? 0 : i;
    if (shape == SHAPE_BOOLEAN)
        return (struct value){VALUE_BOOLEAN, .boolean = ((const uint8_t *)v->p)[k]};
    if (shape == SHAPE_INTEGER)
        return (struct value){VALUE_INTEGER, .integer = ((const int64_t *)v->p)[k]};
    return (struct value){VALUE_FLOAT, .number = ((const double *)v->p)[k]};
}

// A buffer for values that are not set in every row.
static void *blank(struct block *b, enum shape shape) {
    void *out = take(b);
    return shape == SHAPE_BOOLEAN ? memset(out, 0, (size_t)b->n) : out;
}

static struct vector rows(struct block *b, const struct node *n, const uint8_t *live) {
    struct row r = {.columns = b->columns, .given_slot = -1};
    struct value v;
    void *out = blank(b, n->kind.shape);
    r.arena = arena_child(b->scratch->arena);
    for (int i = 0; i < b->n; i++) {
        if (!live[i] || b->stop[i])
            continue;
        r.row = b->first + i;
        if (row_eval(n, &r, &v))
            store(out, i, &v, n->kind.shape);
        else
            b->stop[i] = r.stop.kind == OUTCOME_MISSING ? STOP_MISSING : STOP_FAULT;
    }
    arena_free(r.arena);
    return owned(out);
}

// ---- operators ------------------------------------------------------------------------------

// The node's values as floats.
static struct vector eval_floats(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = eval(b, n, live);
    if (n->kind.shape != SHAPE_INTEGER)
        return x;
    double *out = take(b);
    kernel_to_floats(out, x.p, x.single ? 1 : b->n);
    give(b, x.buffer);
    return (struct vector){out, out, x.single};
}

static struct vector eval_as(struct block *b, const struct node *n, enum shape shape,
                             const uint8_t *live) {
    return shape == SHAPE_FLOAT ? eval_floats(b, n, live) : eval(b, n, live);
}

// Integer division and modulo by 0 are faults; floats give infinity or NaN.
static void stop_zero(struct block *b, struct vector divisor, const uint8_t *live) {
    static const int64_t zero = 0;
    const int64_t *y = divisor.p;
    if (divisor.single) {
        if (*y == 0)
            kernel_stop(b->stop, live, b->scratch->all, STOP_FAULT, b->n);
        return;
    }
    uint8_t *bad = take(b);
    kernel_compare(OP_EQ, bad, lane(divisor), SHAPE_INTEGER, (struct lane){&zero, true},
                   SHAPE_INTEGER, b->n);
    kernel_stop(b->stop, live, bad, STOP_FAULT, b->n);
    give(b, bad);
}

static struct vector arithmetic(struct block *b, const struct node *n, const uint8_t *live) {
    enum shape shape = n->kind.shape;
    struct vector x = eval_as(b, n->arg[0], shape, live), y = eval_as(b, n->arg[1], shape, live);
    void *out = take(b);
    if (shape == SHAPE_INTEGER && (n->op == OP_FLOOR_DIVIDE || n->op == OP_MODULO))
        stop_zero(b, y, live);
    if (shape == SHAPE_INTEGER)
        kernel_integers(n->op, out, lane(x), lane(y), b->n);
    else
        kernel_floats(n->op, out, lane(x), lane(y), b->n);
    give(b, x.buffer);
    give(b, y.buffer);
    return owned(out);
}

static struct vector negate(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = eval(b, n->arg[0], live);
    void *out = take(b);
    if (n->kind.shape == SHAPE_INTEGER)
        kernel_negate_integers(out, x.p, b->n);
    else
        kernel_negate_floats(out, x.p, b->n);
    give(b, x.buffer);
    return owned(out);
}

static struct vector negation(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = eval(b, n->arg[0], live);
    kernel_not(x.buffer, b->n);
    return x;
}

// A whole number next to floats is compared as a float, unless that would round it.
static enum shape compared_as(const struct node *n, const struct node *other) {
    bool whole = n->constant && n->kind.shape == SHAPE_INTEGER;
    return whole && integer_exact(n->value.integer) ? other->kind.shape : n->kind.shape;
}

// x, evaluated as shape sx, against y.
static struct vector compare(struct block *b, enum op op, struct vector x, enum shape sx,
                             const struct node *y, enum shape sy, const uint8_t *live) {
    struct vector v = eval_as(b, y, sy, live);
    uint8_t *out = take(b);
    if (sx == SHAPE_BOOLEAN)
        kernel_compare_flags(op, out, x.p, v.p, b->n);
    else
        kernel_compare(op, out, lane(x), sx, lane(v), sy, b->n);
    give(b, v.buffer);
    return owned(out);
}

static struct vector comparison(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0], *y = n->arg[1];
    enum shape sx = compared_as(x, y), sy = compared_as(y, x);
    struct vector v = eval_as(b, x, sx, live);
    struct vector out = compare(b, n->op, v, sx, y, sy, live);
    give(b, v.buffer);
    return out;
}

static struct vector one_of(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0];
    struct vector v = eval(b, x, live);
    uint8_t *found = take(b);
    memset(found, 0, (size_t)b->n);
    for (int i = 1; i < n->n; i++) {
        const struct node *y = n->arg[i];
        struct vector same = compare(b, OP_EQ, v, x->kind.shape, y, compared_as(y, x), live);
        kernel_or(found, same.p, b->n);
        give(b, same.buffer);
    }
    give(b, v.buffer);
    return owned(found);
}

// A function without a kernel: applied to each row's values, still without walking the tree.
static struct vector call(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector arg[FUNCTION_ARGS];
    struct value x[FUNCTION_ARGS], v;
    for (int k = 0; k < n->n; k++)
        arg[k] = eval(b, n->arg[k], live);
    void *out = blank(b, n->kind.shape);
    for (int i = 0; i < b->n; i++) {
        if (!live[i] || b->stop[i])
            continue;
        for (int k = 0; k < n->n; k++)
            x[k] = load(&arg[k], i, n->arg[k]->kind.shape);
        if (n->function->apply(x, &v) == FAULT_NONE)
            store(out, i, &v, n->kind.shape);
        else
            b->stop[i] = STOP_FAULT;
    }
    for (int k = 0; k < n->n; k++)
        give(b, arg[k].buffer);
    return owned(out);
}

// ---- labels against constants: a comparison of codes ------------------------------------------

static const struct node *label_tested(const struct node *n) {
    const struct node *label = NULL;
    if (n->op != OP_EQ && n->op != OP_NE && n->op != OP_ONE_OF)
        return NULL;
    for (int i = 0; i < n->n; i++) {
        if (n->arg[i]->constant)
            continue;
        if (label || !is_column(n->arg[i]) || n->arg[i]->type != TYPE_LABEL)
            return NULL;
        label = n->arg[i];
    }
    return label && (n->op != OP_ONE_OF || label == n->arg[0]) ? label : NULL;
}

static struct vector label_test(struct block *b, const struct node *n, const struct node *label,
                                const uint8_t *live) {
    const struct column *c = b->columns[label->slot];
    // The customers' ids, when they stand in numeric order, can only be searched one by one.
    if (c->dict && c->dict->ordered && c->dict->n > b->n)
        return rows(b, n, live);
    stop_missing(b, c, live);
    uint8_t *out = take(b);
    memset(out, 0, (size_t)b->n);
    for (int i = 0; i < n->n; i++) {
        bool other = n->arg[i] != label && c->dict;
        int32_t code = other ? dict_find(c->dict, n->arg[i]->value.string) : -1;
        if (code >= 0)
            kernel_or_code(out, c->code + b->first, code, b->n);
    }
    if (n->op == OP_NE)
        kernel_not(out, b->n);
    return owned(out);
}

// ---- money against a constant: a comparison of minor units ------------------------------------

// n as `money column OP constant`, or OP_NAME where it is something else.
static enum op money_tested(const struct node *n, const struct node **money, double *bound) {
    if (n->op < OP_LT || n->op > OP_GE)
        return OP_NAME;
    bool swapped = n->arg[0]->constant;
    const struct node *x = n->arg[swapped], *y = n->arg[!swapped];
    if (!is_column(x) || x->type != TYPE_MONEY || !y->constant)
        return OP_NAME;
    bool whole = y->value.tag == VALUE_INTEGER;
    if (whole && !integer_exact(y->value.integer))
        return OP_NAME;
    *money = x;
    *bound = whole ? (double)y->value.integer : y->value.number;
    if (!swapped)
        return n->op;
    return n->op == OP_LT ? OP_GT : n->op == OP_LE ? OP_GE : n->op == OP_GT ? OP_LT : OP_LE;
}

// The least amount of minor units that is, in major units as expressions see it, not below the
// bound (above it, if `above`): that value grows with the amount, so comparing amounts is the same.
static int64_t least_amount(double bound, double scale, bool above) {
    int64_t m = (int64_t)floor(bound * scale) - 1;
    while (above ? (double)m / scale <= bound : (double)m / scale < bound)
        m++;
    return m;
}

static struct vector money_test(struct block *b, enum op op, const struct node *n,
                                const struct node *money, double bound, const uint8_t *live) {
    const struct column *c = b->columns[money->slot];
    double scale = (double)money_scale(c->decimals);
    if (!(fabs(bound * scale) < (double)MONEY_MAX))
        return comparison(b, n, live);
    stop_missing(b, c, live);
    int64_t least = least_amount(bound, scale, op == OP_GT || op == OP_LE);
    uint8_t *out = take(b);
    kernel_compare(op == OP_GE || op == OP_GT ? OP_GE : OP_LT, out,
                   (struct lane){c->integer + b->first, false}, SHAPE_INTEGER,
                   (struct lane){&least, true}, SHAPE_INTEGER, b->n);
    return owned(out);
}

// ---- and, or ----------------------------------------------------------------------------------

// The rows that go on to the right side of `and` (or of `or`) when `x` is its left side.
static uint8_t *go_on(struct block *b, enum op op, const uint8_t *live, const uint8_t *x) {
    uint8_t *on = memcpy(take(b), live, (size_t)b->n);
    if (op == OP_AND)
        kernel_and(on, x, b->n);
    else
        kernel_and_not(on, x, b->n);
    return on;
}

static struct vector logic(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = eval(b, n->arg[0], live);
    uint8_t *on = go_on(b, n->op, live, x.p);
    if (memchr(on, 1, (size_t)b->n)) {
        struct vector y = eval(b, n->arg[1], on);
        if (n->op == OP_AND)
            kernel_and(x.buffer, y.p, b->n);
        else
            kernel_or(x.buffer, y.p, b->n);
        give(b, y.buffer);
    }
    give(b, on);
    return x;
}

static struct vector spread(struct block *b, struct vector x) {
    if (!x.single)
        return x;
    uint64_t *out = take(b);
    for (int i = 0; i < b->n; i++)
        memcpy(out + i, x.p, sizeof *out);
    give(b, x.buffer);
    return owned(out);
}

static struct vector choose(struct block *b, enum shape shape, const uint8_t *mask, struct vector x,
                            struct vector y) {
    void *out = take(b);
    if (x.single)
        y = spread(b, y);
    if (shape == SHAPE_INTEGER)
        kernel_choose_integers(out, mask, lane(x), lane(y), b->n);
    else if (shape == SHAPE_FLOAT)
        kernel_choose_floats(out, mask, lane(x), lane(y), b->n);
    else
        kernel_choose_flags(out, mask, x.p, y.p, b->n);
    give(b, x.buffer);
    give(b, y.buffer);
    return owned(out);
}

// The values of `c and x` and `c and x or y`; *truth says where there is one, elsewhere it is
// false.
static struct vector chain(struct block *b, const struct node *n, const uint8_t *live,
                           struct vector *truth) {
    if (!n->kind.maybe_false && n->op != OP_OR) {
        *truth = owned(memset(take(b), 1, (size_t)b->n));
        return eval(b, n, live);
    }
    struct vector x, held, y, also;
    if (n->op == OP_AND)
        held = eval(b, n->arg[0], live);
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
    give(b, on);
    give(b, also.buffer);
    *truth = held;
    return y;
}

static struct vector choice(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector truth, x = chain(b, n, live, &truth);
    give(b, truth.buffer);
    return x;
}

// ---- has, default -----------------------------------------------------------------------------

// Evaluates x with stops of its own. *missing marks the rows where it met a missing value; its
// faults are everybody's.
static struct vector attempt(struct block *b, const struct node *x, enum shape shape,
                             const uint8_t *live, uint8_t **missing) {
    uint8_t *outer = b->stop, *inner = memcpy(take(b), outer, (size_t)b->n);
    b->stop = inner;
    struct vector v = eval_as(b, x, shape, live);
    b->stop = outer;
    for (int i = 0; i < b->n; i++) {
        bool now = outer[i] == STOP_NONE;
        outer[i] = inner[i] == STOP_FAULT ? STOP_FAULT : outer[i];
        inner[i] = now & (inner[i] == STOP_MISSING);
    }
    *missing = inner;
    return v;
}

static struct vector has(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0];
    uint8_t *missing;
    if (is_column(x)) {
        const struct column *c = b->columns[x->slot];
        uint8_t *valid = memset(take(b), 1, (size_t)b->n);
        if (c->valid)
            kernel_unpack(valid, c->valid, b->first, b->n);
        return owned(valid);
    }
    give(b, attempt(b, x, x->kind.shape, live, &missing).buffer);
    kernel_not(missing, b->n);
    return owned(missing);
}

static struct vector fallback(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *x = n->arg[0], *y = n->arg[1];
    enum shape shape = n->kind.shape;
    uint8_t *missing;
    if (is_column(x) && !b->columns[x->slot]->valid)
        return eval_as(b, x, shape, live);
    struct vector v = attempt(b, x, shape, live, &missing);
    uint8_t *on = go_on(b, OP_AND, live, missing);
    struct vector w = eval_as(b, y, shape, on), out = choose(b, shape, missing, w, v);
    give(b, on);
    give(b, missing);
    return out;
}

// ---- the walk -----------------------------------------------------------------------------------

// Whether the node has a kernel: it and its operands have one subtype each, and at least one
// operand is no constant (where all are and it has not been folded, it faults).
static bool vectorised(const struct node *n) {
    bool all_constant = n->n > 0, column_alone = n->op == OP_HAS && is_column(n->arg[0]);
    if (n->kind.shape == SHAPE_NUMBER || n->kind.shape == SHAPE_STRING)
        return false;
    for (int i = 0; i < n->n; i++) {
        const struct node *x = n->arg[i];
        bool fits = x->kind.shape != SHAPE_NUMBER && x->kind.shape != SHAPE_STRING;
        if (!fits && !column_alone)
            return false;
        all_constant = all_constant && x->constant;
    }
    return !all_constant && (n->op != OP_ONE_OF || !n->arg[0]->constant);
}

static struct vector eval(struct block *b, const struct node *n, const uint8_t *live) {
    const struct node *label = label_tested(n), *money = NULL;
    double bound = 0;
    enum op op = money_tested(n, &money, &bound);
    if (n->constant)
        return constant(b, n);
    if (label)
        return label_test(b, n, label, live);
    if (op != OP_NAME)
        return money_test(b, op, n, money, bound, live);
    if (!vectorised(n))
        return rows(b, n, live);
    switch (n->op) {
    case OP_LITERAL: // is constant
    case OP_CONCAT:  // has no kernel
    case OP_NAME: return column(b, n, live);
    case OP_NEGATE: return negate(b, n, live);
    case OP_NOT: return negation(b, n, live);
    case OP_AND:
    case OP_OR: return n->kind.shape == SHAPE_BOOLEAN ? logic(b, n, live) : choice(b, n, live);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return comparison(b, n, live);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
    case OP_POWER:
    case OP_MIN:
    case OP_MAX: return arithmetic(b, n, live);
    case OP_HAS: return has(b, n, live);
    case OP_DEFAULT: return fallback(b, n, live);
    case OP_ONE_OF: return one_of(b, n, live);
    case OP_CALL: break;
    }
    return call(b, n, live);
}

static void evaluate(const struct expr *e, enum shape shape, size_t size,
                     const struct column *const *columns, int64_t first, int n,
                     struct expr_scratch *s, void *out, uint8_t *stop) {
    struct block b = {columns, first, n, s, stop};
    memset(stop, STOP_NONE, (size_t)n);
    struct vector v = spread(&b, eval_as(&b, e->root, shape, s->all));
    memcpy(out, v.p, (size_t)n * size);
    give(&b, v.buffer);
}

void block_eval(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                struct expr_scratch *s, void *out, uint8_t *stop) {
    enum shape shape = e->root->kind.shape;
    size_t size = shape == SHAPE_BOOLEAN ? 1 : 8;
    evaluate(e, shape, size, columns, first, n, s, out, stop);
}

void expr_condition(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                    struct expr_scratch *s, uint8_t *truth, uint8_t *stop) {
    evaluate(e, SHAPE_BOOLEAN, 1, columns, first, n, s, truth, stop);
    for (int i = 0; i < n; i++)
        truth[i] = truth[i] & (stop[i] == STOP_NONE);
}

void expr_number(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                 struct expr_scratch *s, double *out, uint8_t *stop) {
    evaluate(e, SHAPE_FLOAT, sizeof *out, columns, first, n, s, out, stop);
}
