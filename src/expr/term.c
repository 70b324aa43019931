// A leaf over several columns, or one that no search can read, is about a variable of its own, so
// that the same leaf elsewhere, or another one about the same term, is about the same variable.
#include <math.h>

#include "expr/claim.h"
#include "expr/kind.h"

// The leaf is about that variable, and holds at these places of it.
static void take(struct prover *s, struct claim *c, struct variable v, struct set yes) {
    c->variable = variable_find(s, v);
    c->yes = yes;
    c->no = set_rest(s->arena, yes, v.all.part[0].low, v.all.part[0].high);
    c->if_missing = LACKS;
}

struct cut {
    const struct grid *grid;
    enum op op; // OP_GE or OP_GT
    const struct value *with;
};

static bool is_beyond(void *ctx, int64_t at) {
    const struct cut *c = ctx;
    struct value x = grid_value(c->grid, at);
    return value_compare(c->op, &x, c->with);
}

// The first place on the grid of a term that is at least a constant, or greater.
static int64_t first_place(const struct variable *v, enum op op, const struct value *with) {
    struct stretch all = v->all.part[0];
    struct cut c = {&v->grid, op, with};
    return is_beyond(&c, all.low) ? all.low : grid_halve(all.low, all.high, is_beyond, &c);
}

// The places from which it compares so with the constant, which the grid goes beyond.
static struct set term_set(struct prover *s, const struct variable *v, enum op op,
                           const struct value *with) {
    int64_t low = v->all.part[0].low, high = v->all.part[0].high;
    int64_t equal = first_place(v, OP_GE, with), greater = first_place(v, OP_GT, with);
    switch (op) {
    case OP_LT: return set_stretch(s->arena, low, equal - 1);
    case OP_LE: return set_stretch(s->arena, low, greater - 1);
    case OP_GT: return set_stretch(s->arena, greater, high);
    case OP_GE: return set_stretch(s->arena, equal, high);
    case OP_EQ: return set_stretch(s->arena, equal, greater - 1);
    default: return set_rest(s->arena, set_stretch(s->arena, equal, greater - 1), low, high);
    }
}

// `constant op x` as `x op constant`.
static enum op turned(enum op op) {
    switch (op) {
    case OP_LT: return OP_GT;
    case OP_LE: return OP_GE;
    case OP_GT: return OP_LT;
    case OP_GE: return OP_LE;
    default: return op;
    }
}

static bool against_constant(struct prover *s, const struct node *n, struct claim *c) {
    static const struct column integer = {.type = TYPE_INTEGER}, number = {.type = TYPE_NUMBER};
    bool first = n->arg[1]->constant;
    const struct node *term = n->arg[first ? 0 : 1], *with = n->arg[first ? 1 : 0];
    struct variable v = {VARIABLE_TERM, .slot = -1, .node = term};
    if (!with->constant || !(fabs(value_float(&with->value)) < (double)WHOLE)) // or no number
        return false;
    if (term->kind.shape == SHAPE_INTEGER) {
        v.type = TYPE_INTEGER;
        v.grid.column = &integer;
        v.all = set_stretch(s->arena, INT64_MIN, INT64_MAX);
    } else if (term->kind.shape == SHAPE_FLOAT) {
        v.type = TYPE_NUMBER;
        v.grid.column = &number;
        v.all = set_stretch(s->arena, grid_of_double(-INFINITY), grid_of_double(INFINITY));
        v.all.nan = true;
    } else {
        return false;
    }
    v.all.missing = true;
    take(s, c, v, term_set(s, &v, first ? n->op : turned(n->op), &with->value));
    c->if_nan = n->op == OP_NE ? HOLDS : FAILS;
    return true;
}

// Two sides have one order, whichever stands first.
static bool in_order(const struct node *x, const struct node *y) {
    if (x->op != y->op)
        return x->op < y->op;
    if (x->slot != y->slot)
        return x->slot < y->slot;
    return x->span.length <= y->span.length;
}

static bool between_sides(struct prover *s, const struct node *n, struct claim *c) {
    bool numeric = kind_numeric(n->arg[0]->kind), as_is = in_order(n->arg[0], n->arg[1]);
    struct variable v = {VARIABLE_RELATION, .slot = -1, .type = TYPE_INTEGER};
    enum op op = as_is ? n->op : turned(n->op);
    if (!numeric && n->op != OP_EQ && n->op != OP_NE)
        return false;
    v.node = n->arg[as_is ? 0 : 1];
    v.other = n->arg[as_is ? 1 : 0];
    v.all = set_stretch(s->arena, 0, numeric ? 2 : 1);
    v.all.missing = true;
    v.all.nan = numeric;
    struct set yes = set_stretch(s->arena,
                                 op == OP_GT                  ? 2
                                 : op == OP_GE || op == OP_EQ ? 1
                                                              : 0,
                                 op == OP_LT                  ? 0
                                 : op == OP_LE || op == OP_EQ ? 1
                                                              : 2);
    if (op == OP_NE)
        yes = set_rest(s->arena, set_stretch(s->arena, 1, 1), 0, numeric ? 2 : 1);
    take(s, c, v, yes);
    c->if_nan = n->op == OP_NE ? HOLDS : FAILS;
    return true;
}

// The texts in it are labels to try.
static void mention(struct prover *s, const struct variable *v, const struct node *n) {
    if (n->constant && n->value.tag == VALUE_STRING)
        for (int i = 0; i < v->n; i++)
            if (s->variable[v->reads[i]]->type == TYPE_LABEL ||
                s->variable[v->reads[i]]->type == TYPE_TEXT)
                variable_code(s, s->variable[v->reads[i]], n->value.string);
    for (int i = 0; i < n->n; i++)
        mention(s, v, n->arg[i]);
}

static void opaque(struct prover *s, const struct node *n, struct claim *c) {
    struct variable v = {VARIABLE_OPAQUE, .slot = -1, .node = n, .type = TYPE_FLAG};
    v.all = set_stretch(s->arena, 0, 1);
    v.all.missing = true;
    take(s, c, v, set_stretch(s->arena, 1, 1));
    mention(s, s->variable[c->variable], n);
}

void term_leaf(struct prover *s, struct claim *c) {
    const struct node *n = c->node;
    bool sides = is_comparison(n->op);
    if (sides && kind_numeric(n->arg[0]->kind) && against_constant(s, n, c))
        return;
    if (sides && !n->arg[0]->constant && !n->arg[1]->constant && between_sides(s, n, c))
        return;
    opaque(s, n, c);
}
