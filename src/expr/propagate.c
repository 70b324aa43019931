// Arithmetic narrows the sets of variables that read each other: what is computed stays within the
// bounds that its columns leave, and a column within what is left of the other side of a
// comparison.
#include <math.h>

#include "base/money.h"
#include "expr/kind.h"
#include "expr/trail.h"

static struct set everything(void) {
    static const struct stretch all = {INT64_MIN, INT64_MAX};
    return (struct set){true, true, 1, &all};
}

static bool may_be_missing(const struct trail *t, const struct variable *v) {
    if (!v->strict)
        return true;
    for (int i = 0; i < v->n; i++)
        if (t->prover->in[v->reads[i]].missing)
            return true;
    return false;
}

// What is there needs all that it reads.
static bool need_reads(struct trail *t, const struct variable *v) {
    struct set there = everything();
    there.missing = false;
    for (int i = 0; i < v->n; i++)
        if (!trail_narrow(t, v->reads[i], there, NULL, 0))
            return false;
    return true;
}

static int64_t whole(double x) {
    return x <= -0x1p62 ? INT64_MIN : x >= 0x1p62 ? INT64_MAX : (int64_t)x;
}

static struct set between(struct trail *t, int64_t low, int64_t high) {
    struct set s = set_stretch(t->arena, low, high);
    s.missing = s.nan = true;
    return s;
}

static bool bound_term(struct trail *t, int variable) {
    const struct variable *v = t->prover->variable[variable];
    struct bound b = bound_of(t->prover, v->node, t->prover->in);
    struct set to = v->type == TYPE_NUMBER
                        ? between(t, grid_of_double(b.low), grid_of_double(b.high))
                        : between(t, whole(floor(b.low)), whole(ceil(b.high)));
    to.nan = b.nan;
    to.missing = may_be_missing(t, v);
    return trail_narrow(t, variable, to, NULL, 0);
}

// A derived number stays near what its expression can give: amounts are rounded.
static bool bound_derived(struct trail *t, int variable) {
    const struct variable *v = t->prover->variable[variable];
    const struct node *root = v->known.value ? v->known.value->root : NULL;
    if (!root || !kind_numeric(root->kind))
        return true;
    struct bound b = bound_of(t->prover, root, t->prover->in);
    if (v->type == TYPE_NUMBER)
        return trail_narrow(t, variable, between(t, grid_of_double(b.low), grid_of_double(b.high)),
                            NULL, 0);
    double scale = v->type == TYPE_MONEY ? money_scale(v->decimals) : 1;
    return trail_narrow(
        t, variable, between(t, whole(floor(b.low * scale) - 1), whole(ceil(b.high * scale) + 1)),
        NULL, 0);
}

// The column of one side, which reads nothing else, within what the other side can be.
static bool bound_side(struct trail *t, const struct variable *v, const struct node *side,
                       struct bound other, enum op op, double limit) {
    struct node with = {.op = OP_LITERAL, .kind = {.shape = SHAPE_FLOAT}, .constant = true};
    struct set to;
    with.value = (struct value){VALUE_FLOAT, .number = limit};
    if (other.nan || !isfinite(limit))
        return true;
    for (int i = 0; i < v->n; i++) {
        const struct variable *column = t->prover->variable[v->reads[i]];
        enum course c = bound_course(side, column->slot);
        if (c != RISING && c != FALLING)
            continue;
        return !exact_compare(t->prover, side, &with, op, v->reads[i], &to) ||
               trail_narrow(t, v->reads[i], to, NULL, 0);
    }
    return true;
}

static bool bound_relation(struct trail *t, int variable) {
    struct prover *s = t->prover;
    const struct variable *v = s->variable[variable];
    if (!kind_numeric(v->node->kind))
        return true;
    struct bound x = bound_of(s, v->node, s->in), y = bound_of(s, v->other, s->in);
    struct set to = {may_be_missing(t, v), x.nan || y.nan, 0, NULL};
    bool can[] = {x.low < y.high, x.low <= y.high && y.low <= x.high, x.high > y.low};
    for (int i = 0; i < 3; i++)
        if (can[i])
            to = set_join(t->arena, to, set_stretch(t->arena, i, i));
    if (!trail_narrow(t, variable, to, NULL, 0))
        return false;
    struct set in = s->in[variable];
    if (in.missing || in.nan || in.n == 0)
        return true;
    int64_t least = in.part[0].low, most = in.part[in.n - 1].high;
    if (most < 2 && (!bound_side(t, v, v->node, y, most ? OP_LE : OP_LT, y.high) ||
                     !bound_side(t, v, v->other, x, most ? OP_GE : OP_GT, x.low)))
        return false;
    return least == 0 || (bound_side(t, v, v->node, y, least == 1 ? OP_GE : OP_GT, y.low) &&
                          bound_side(t, v, v->other, x, least == 1 ? OP_LE : OP_LT, x.high));
}

static bool bound_variable(struct trail *t, int variable) {
    const struct variable *v = t->prover->variable[variable];
    if (v->strict && !t->prover->in[variable].missing && !need_reads(t, v))
        return false;
    if (v->kind == VARIABLE_TERM)
        return bound_term(t, variable);
    if (v->kind == VARIABLE_RELATION)
        return bound_relation(t, variable);
    return v->kind != VARIABLE_COLUMN || bound_derived(t, variable);
}

// Three rounds are enough for what people write.
bool trail_propagate(struct trail *t) {
    for (int round = 0; round < 3; round++) {
        int before = t->steps;
        for (int i = 0; i < t->steps; i++)
            if (!bound_variable(t, t->step[i].variable))
                return false;
        if (t->steps == before)
            break;
    }
    return true;
}
