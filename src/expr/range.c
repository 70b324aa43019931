// Comparisons of the column with constants are exact; `and`, `or` and `not` combine them. Whatever
// else there is could be true or false: it counts as all numbers where the set may be too large
// and, since `not` turns that round, as none below a `not`. Where the set may be too small,
// anything else makes it empty: it could fail before a comparison is reached.
//
// Integers and amounts are taken for real numbers: x > 3 is no less than x >= 4 here, so a few sets
// that are equal in fact are found to differ, and never the other way round.
#include "expr/range.h"

#include <math.h>

#include "expr/tree.h"

#define EXACT 9007199254740992.0 // 2^53: beyond it a double may not be the number that was written

struct look {
    struct arena *arena;
    int slot;
    bool exact; // so far
};

static const struct range none = {false, 0, NULL}, all = {true, 0, NULL};

static struct range complement(struct range x) {
    x.first = !x.first;
    return x;
}

static bool below(struct cut x, struct cut y) {
    return x.at != y.at ? x.at < y.at : x.above < y.above;
}

// Walks the cuts of both in order, and keeps those where the combined truth changes.
static struct range combine(struct arena *a, struct range x, struct range y, bool both) {
    struct cut *cut = arena_array(a, (size_t)x.cuts + (size_t)y.cuts, sizeof *cut);
    bool in_x = x.first, in_y = y.first, in = both ? in_x && in_y : in_x || in_y;
    struct range out = {in, 0, cut};
    for (int i = 0, k = 0; i < x.cuts || k < y.cuts;) {
        struct cut next =
            i < x.cuts && (k == y.cuts || !below(y.cut[k], x.cut[i])) ? x.cut[i] : y.cut[k];
        if (i < x.cuts && !below(next, x.cut[i])) {
            in_x = !in_x;
            i++;
        }
        if (k < y.cuts && !below(next, y.cut[k])) {
            in_y = !in_y;
            k++;
        }
        if ((both ? in_x && in_y : in_x || in_y) != in) {
            in = !in;
            cut[out.cuts++] = next;
        }
    }
    return out;
}

struct range range_union(struct arena *a, struct range x, struct range y) {
    return combine(a, x, y, false);
}

bool range_is(struct range x, bool everything) {
    return x.first == everything && x.cuts == 0;
}

bool range_within(struct arena *a, struct range x, struct range y) {
    return range_is(combine(a, x, complement(y), true), false);
}

static bool is_slot(const struct node *n, int slot) {
    return is_column(n) && n->slot == slot;
}

static bool constant_of(const struct node *n, double *out) {
    if (!n->constant || (n->value.tag != VALUE_INTEGER && n->value.tag != VALUE_FLOAT))
        return false;
    *out = n->value.tag == VALUE_INTEGER ? (double)n->value.integer : n->value.number;
    return fabs(*out) <= EXACT;
}

// `constant op column` as `column op constant`.
static enum op turned(enum op op) {
    switch (op) {
    case OP_LT: return OP_GT;
    case OP_LE: return OP_GE;
    case OP_GT: return OP_LT;
    case OP_GE: return OP_LE;
    default: return op;
    }
}

static struct range compared(struct arena *a, enum op op, double with) {
    struct cut *cut = arena_array(a, 2, sizeof *cut);
    cut[0] = (struct cut){with, op == OP_LE || op == OP_GT};
    cut[1] = (struct cut){with, true};
    bool equality = op == OP_EQ || op == OP_NE;
    return (struct range){op == OP_LT || op == OP_LE || op == OP_NE, equality ? 2 : 1, cut};
}

static struct range look_at(struct look *l, const struct node *n, bool possible) {
    double with;
    if (n->op == OP_NOT)
        return complement(look_at(l, n->arg[0], !possible));
    if (n->op == OP_AND || n->op == OP_OR)
        return combine(l->arena, look_at(l, n->arg[0], possible), look_at(l, n->arg[1], possible),
                       n->op == OP_AND);
    if (n->constant && n->value.tag == VALUE_BOOLEAN)
        return n->value.boolean ? all : none;
    if (is_comparison(n->op) && is_slot(n->arg[0], l->slot) && constant_of(n->arg[1], &with))
        return compared(l->arena, n->op, with);
    if (is_comparison(n->op) && is_slot(n->arg[1], l->slot) && constant_of(n->arg[0], &with))
        return compared(l->arena, turned(n->op), with);
    l->exact = false;
    return possible ? all : none;
}

struct range range_possible(struct arena *a, const struct expr *e, int slot) {
    struct look l = {a, slot, true};
    return look_at(&l, e->root, true);
}

struct range range_certain(struct arena *a, const struct expr *e, int slot) {
    struct look l = {a, slot, true};
    struct range r = look_at(&l, e->root, true);
    return l.exact ? r : none;
}
