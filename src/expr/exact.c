// A leaf that reads one column is an exact set of that column's values: labels and flags are tried
// one by one; a side that moves one way with the column is searched for the place where the
// comparison flips, which meets every rounding.
#include "expr/claim.h"
#include "expr/kind.h"

enum { TRIED = 512 }; // labels that are tried

// What a condition comes to with the values that are tried; 0: it faults.
static unsigned outcome(struct prover *s, const struct node *n) {
    struct row r = variable_row(s);
    struct value v;
    if (row_eval(n, &r, &v))
        return v.boolean ? HOLDS : FAILS;
    return r.stop.kind == OUTCOME_MISSING ? LACKS : 0;
}

// Every value is tried.
static bool by_trial(struct prover *s, const struct node *n, struct claim *c) {
    struct set all = s->variable[c->variable]->all;
    int64_t last = all.part[0].high;
    if (last >= TRIED)
        return false;
    for (int64_t code = 0; code <= last; code++) {
        variable_try(s, c->variable, code, false);
        unsigned o = outcome(s, n);
        struct set one = set_stretch(s->arena, code, code);
        if (o == HOLDS)
            c->yes = set_join(s->arena, c->yes, one);
        else if (o != FAILS)
            return false;
    }
    return true;
}

static bool by_label(struct prover *s, const struct node *n, struct claim *c) {
    struct variable *v = s->variable[c->variable];
    bool equality = n->op == OP_EQ || n->op == OP_NE;
    if (equality ? !n->arg[0]->constant && !n->arg[1]->constant
                 : n->op != OP_ONE_OF || !is_column(n->arg[0]))
        return false;
    for (int i = 0; i < n->n; i++) {
        if (!n->arg[i]->constant && !is_column(n->arg[i]))
            return false;
        if (!n->arg[i]->constant)
            continue;
        int64_t code = variable_code(s, v, n->arg[i]->value.string);
        c->yes = set_join(s->arena, c->yes, set_stretch(s->arena, code, code));
    }
    if (n->op == OP_NE)
        c->yes = set_rest(s->arena, c->yes, 0, MENTIONED);
    return true;
}

struct comparison {
    struct prover *prover;
    const struct node *x, *y;
    enum op op;
    int variable;
    int wanted; // what it comes to where the search is for
};

// Whether `x op y` holds with the column at a place; -1 where it cannot be said.
static int compares(const struct comparison *c, int64_t place) {
    struct row r = variable_row(c->prover);
    struct value a, b;
    variable_try(c->prover, c->variable, place, false);
    if (!row_eval(c->x, &r, &a) || !row_eval(c->y, &r, &b))
        return -1;
    return value_compare(c->op, &a, &b);
}

static bool is_wanted(void *ctx, int64_t place) {
    const struct comparison *c = ctx;
    return compares(c, place) == c->wanted;
}

// The places where `x op y`, which is monotone in the column, holds.
static bool half(struct prover *s, const struct node *x, const struct node *y, enum op op,
                 int variable, struct set *out) {
    struct comparison c = {s, x, y, op, variable, 0};
    struct set all = s->variable[variable]->all;
    int64_t low = all.part[0].low, high = all.part[all.n - 1].high;
    int at_low = compares(&c, low);
    c.wanted = compares(&c, high);
    if (at_low < 0 || c.wanted < 0)
        return false;
    *out = (struct set){0};
    if (at_low == c.wanted) {
        if (at_low)
            *out = set_stretch(s->arena, low, high);
        return true;
    }
    int64_t at = grid_halve(low, high, is_wanted, &c);
    *out = at_low ? set_stretch(s->arena, low, at - 1) : set_stretch(s->arena, at, high);
    return true;
}

bool exact_compare(struct prover *s, const struct node *x, const struct node *y, enum op op,
                   int variable, struct set *out) {
    int slot = s->variable[variable]->slot;
    enum course c = course_joined(bound_course(x, slot), course_turned(bound_course(y, slot)));
    struct set all = s->variable[variable]->all, least, more;
    if (all.n == 0 || c == MIXED || !bound_fits(s, x) || !bound_fits(s, y))
        return false;
    if (op != OP_EQ && op != OP_NE)
        return half(s, x, y, op, variable, out);
    if (!half(s, x, y, OP_GE, variable, &least) || !half(s, x, y, OP_GT, variable, &more))
        return false;
    struct set unequal = set_rest(s->arena, least, INT64_MIN, INT64_MAX);
    unequal = set_meet(s->arena, set_join(s->arena, unequal, more), all);
    *out = op == OP_NE ? unequal
                       : set_rest(s->arena, unequal, all.part[0].low, all.part[all.n - 1].high);
    return true;
}

static bool by_search(struct prover *s, const struct node *n, struct claim *c) {
    if (is_comparison(n->op) && kind_numeric(n->arg[0]->kind))
        return exact_compare(s, n->arg[0], n->arg[1], n->op, c->variable, &c->yes);
    if (n->op != OP_ONE_OF || !kind_numeric(n->arg[0]->kind))
        return false;
    for (int i = 1; i < n->n; i++) {
        struct set one;
        if (!exact_compare(s, n->arg[0], n->arg[i], OP_EQ, c->variable, &one))
            return false;
        c->yes = set_join(s->arena, c->yes, one);
    }
    return true;
}

static bool read_column(struct prover *s, const struct node *n, struct claim *c) {
    const struct variable *v = s->variable[c->variable];
    if (v->type == TYPE_FLAG || v->node->kind.labels)
        return by_trial(s, n, c);
    if (v->type == TYPE_LABEL || v->type == TYPE_TEXT)
        return by_label(s, n, c);
    return by_search(s, n, c);
}

bool exact_leaf(struct prover *s, const struct node *n, struct claim *c) {
    struct variable *v = s->variable[c->variable];
    if (!read_column(s, n, c))
        return false;
    variable_try(s, c->variable, 0, true);
    c->if_missing = outcome(s, n);
    c->no = set_rest(s->arena, c->yes, v->all.part[0].low, v->all.part[v->all.n - 1].high);
    return c->if_missing != 0;
}
