// Tests of a column against constants, in the column's own terms: labels by their codes, money by
// its minor units. What they say is what the comparison would say.
#include <math.h>
#include <string.h>

#include "base/money.h"
#include "expr/ops.h"
#include "expr/walk.h"

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

static bool label_test(struct block *b, const struct node *n, const struct node *label,
                       const uint8_t *live, struct vector *result) {
    const struct column *c = b->columns[label->slot];
    // The customers' ids, when they stand in numeric order, can only be searched one by one.
    if (c->dict && c->dict->ordered && c->dict->n > b->n)
        return false;
    walk_missing(b, c, live);
    uint8_t *out = vector_take(b);
    memset(out, 0, (size_t)b->n);
    for (int i = 0; i < n->n; i++) {
        bool other = n->arg[i] != label && c->dict;
        int32_t code = other ? dict_find(c->dict, n->arg[i]->value.string) : -1;
        if (code >= 0)
            kernel_or_code(out, c->code + b->first, code, b->n);
    }
    if (n->op == OP_NE)
        kernel_not(out, b->n);
    *result = vector_owned(out);
    return true;
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

static bool money_test(struct block *b, enum op op, const struct node *money, double bound,
                       const uint8_t *live, struct vector *result) {
    const struct column *c = b->columns[money->slot];
    double scale = (double)money_scale(c->decimals);
    if (!(fabs(bound * scale) < (double)MONEY_MAX))
        return false;
    walk_missing(b, c, live);
    int64_t least = least_amount(bound, scale, op == OP_GT || op == OP_LE);
    uint8_t *out = vector_take(b);
    kernel_compare(op == OP_GE || op == OP_GT ? OP_GE : OP_LT, out,
                   (struct lane){c->integer + b->first, false}, SHAPE_INTEGER,
                   (struct lane){&least, true}, SHAPE_INTEGER, b->n);
    *result = vector_owned(out);
    return true;
}

bool test_column(struct block *b, const struct node *n, const uint8_t *live, struct vector *out) {
    const struct node *label = label_tested(n), *money = NULL;
    double bound = 0;
    enum op op = money_tested(n, &money, &bound);
    if (label)
        return label_test(b, n, label, live, out);
    return op != OP_NAME && money_test(b, op, money, bound, live, out);
}
