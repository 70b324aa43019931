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
// The nodes that have one stand in compute.c, choose.c and test.c.
#include "expr/block.h"

#include <string.h>

#include "base/money.h"
#include "expr/clause.h"
#include "expr/row.h"
#include "expr/walk.h"

// ---- leaves ---------------------------------------------------------------------------------

static struct vector constant(struct block *b, const struct node *n) {
    if (n->value.tag == VALUE_INTEGER)
        return (struct vector){&n->value.integer, NULL, true};
    if (n->value.tag == VALUE_FLOAT)
        return (struct vector){&n->value.number, NULL, true};
    void *flags = vector_take(b);
    memset(flags, n->value.boolean, (size_t)b->n);
    return vector_owned(flags);
}

void walk_missing(struct block *b, const struct column *c, const uint8_t *live) {
    if (!c->valid)
        return;
    uint8_t *missing = vector_take(b);
    kernel_unpack(missing, c->valid, b->first, b->n);
    kernel_not(missing, b->n);
    kernel_stop(b->stop, live, missing, STOP_MISSING, b->n);
    vector_give(b, missing);
}

static struct vector column(struct block *b, const struct node *n, const uint8_t *live) {
    const struct column *c = b->columns[n->slot];
    walk_missing(b, c, live);
    if (c->type == TYPE_INTEGER)
        return (struct vector){c->integer + b->first, NULL, false};
    if (c->type == TYPE_NUMBER)
        return (struct vector){c->number + b->first, NULL, false};
    void *out = vector_take(b);
    if (c->type == TYPE_MONEY)
        kernel_money(out, c->integer + b->first, (double)money_scale(c->decimals), b->n);
    else if (c->type == TYPE_DATE)
        kernel_days(out, c->date + b->first, b->n);
    else
        kernel_unpack(out, c->flag, b->first, b->n);
    return vector_owned(out);
}

// ---- row by row -----------------------------------------------------------------------------

static struct vector rows(struct block *b, const struct node *n, const uint8_t *live) {
    struct row r = {.columns = b->columns, .given_slot = -1};
    struct value v;
    void *out = vector_blank(b, n->kind.shape);
    r.arena = arena_child(b->scratch->arena);
    for (int i = 0; i < b->n; i++) {
        if (!live[i] || b->stop[i])
            continue;
        r.row = b->first + i;
        if (row_eval(n, &r, &v))
            vector_store(out, i, &v, n->kind.shape);
        else
            b->stop[i] = r.stop.kind == OUTCOME_MISSING ? STOP_MISSING : STOP_FAULT;
    }
    arena_free(r.arena);
    return vector_owned(out);
}

// ---- the walk -------------------------------------------------------------------------------

// The node's values as floats.
static struct vector eval_floats(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector x = walk(b, n, live);
    if (n->kind.shape != SHAPE_INTEGER)
        return x;
    double *out = vector_take(b);
    kernel_to_floats(out, x.p, x.single ? 1 : b->n);
    vector_give(b, x.buffer);
    return (struct vector){out, out, x.single};
}

struct vector walk_as(struct block *b, const struct node *n, enum shape shape,
                      const uint8_t *live) {
    return shape == SHAPE_FLOAT ? eval_floats(b, n, live) : walk(b, n, live);
}

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

struct vector walk(struct block *b, const struct node *n, const uint8_t *live) {
    struct vector tested;
    if (n->constant)
        return constant(b, n);
    if (test_column(b, n, live, &tested))
        return tested;
    if (!vectorised(n))
        return rows(b, n, live);
    switch (n->op) {
    case OP_LITERAL: // is constant
    case OP_CONCAT:  // has no kernel
    case OP_NAME: return column(b, n, live);
    case OP_NEGATE: return compute_negative(b, n, live);
    case OP_NOT: return choose_not(b, n, live);
    case OP_AND:
    case OP_OR:
        return n->kind.shape == SHAPE_BOOLEAN ? choose_logic(b, n, live) : choose_value(b, n, live);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return compute_comparison(b, n, live);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
    case OP_POWER:
    case OP_MIN:
    case OP_MAX: return compute_arithmetic(b, n, live);
    case OP_HAS: return choose_has(b, n, live);
    case OP_DEFAULT: return choose_default(b, n, live);
    case OP_ONE_OF: return compute_one_of(b, n, live);
    case OP_CALL: break;
    }
    return compute_call(b, n, live);
}

// ---- the clauses of a condition, where their outcomes are recorded ------------------------------

// What stands below a clause is none: nothing is recorded meanwhile.
static struct vector walk_clause(struct block *b, const struct node *n, const uint8_t *live) {
    uint8_t *out = b->outcome, *before = memcpy(vector_take(b), b->stop, (size_t)b->n);
    b->outcome = NULL;
    struct vector x = walk(b, n, live);
    b->outcome = out + EXPR_BLOCK;
    kernel_outcome(out, live, before, b->stop, x.p, b->n);
    vector_give(b, before);
    return x;
}

// Also where the tree could be left out, being constant, its clauses are walked to.
struct vector walk_clauses(struct block *b, const struct node *n, const uint8_t *live) {
    if (!b->outcome)
        return walk(b, n, live);
    if (clause_is(n))
        return walk_clause(b, n, live);
    return n->op == OP_NOT ? choose_not(b, n, live) : choose_logic(b, n, live);
}

void walk_past(struct block *b, const struct node *n) {
    if (!b->outcome)
        return;
    size_t size = (size_t)clause_count(n) * EXPR_BLOCK;
    memset(b->outcome, CLAUSE_NOT_REACHED, size);
    b->outcome += size;
}

static void evaluate(const struct expr *e, enum shape shape, size_t size,
                     const struct column *const *columns, int64_t first, int n,
                     struct expr_scratch *s, void *out, uint8_t *stop) {
    struct block b = {columns, first, n, s, stop, NULL};
    memset(stop, STOP_NONE, (size_t)n);
    struct vector v = walk_as(&b, e->root, shape, s->all);
    if (v.single)
        kernel_fill(out, v.p, n);
    else
        memcpy(out, v.p, (size_t)n * size);
    vector_give(&b, v.buffer);
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

void expr_record(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                 struct expr_scratch *s, uint8_t *truth, uint8_t *stop, uint8_t *outcome) {
    struct block b = {columns, first, n, s, stop, outcome};
    memset(stop, STOP_NONE, (size_t)n);
    struct vector v = walk_clauses(&b, e->root, s->all);
    const uint8_t *x = v.p;
    for (int i = 0; i < n; i++)
        truth[i] = x[i] & (stop[i] == STOP_NONE);
    vector_give(&b, v.buffer);
}

void expr_number(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                 struct expr_scratch *s, double *out, uint8_t *stop) {
    evaluate(e, SHAPE_FLOAT, sizeof *out, columns, first, n, s, out, stop);
}
