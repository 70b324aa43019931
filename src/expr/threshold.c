// From the value that is there we go out on the column's grid, on both sides in doubling steps,
// until the clause flips, then halve the last step down to neighbours: one flips it, the other does
// not. That takes no algebra, meets every rounding, and is confirmed by evaluation.
//
// For a side that is monotone in the column (every linear one) this is the nearest such value.
#include "expr/threshold.h"

#include <math.h>

#include "base/money.h"
#include "expr/grid.h"
#include "expr/kind.h"
#include "expr/ops.h"

struct probe {
    const struct node *clause;
    struct grid grid;
    struct row *row;
    enum op op; // the comparison that is to hold, or not
    bool wanted;
};

static bool holds(void *ctx, int64_t at) {
    const struct probe *p = ctx;
    struct value x, y;
    p->row->given = grid_value(&p->grid, at);
    return row_eval(p->clause->arg[0], p->row, &x) && row_eval(p->clause->arg[1], p->row, &y) &&
           value_compare(p->op, &x, &y) == p->wanted;
}

// Goes out from `from` until the comparison comes out as wanted; false if it never does.
static bool search(struct probe *p, int64_t from, int64_t *out) {
    const struct grid *g = &p->grid;
    int64_t up = from, down = from;
    for (uint64_t step = 1; up < g->most || down > g->least; step *= 2) {
        int64_t above = grid_step(g, up, step, true), below = grid_step(g, down, step, false);
        bool found_above = holds(p, above), found_below = !found_above && holds(p, below);
        if (found_above)
            *out = grid_halve(up, above, holds, p);
        if (found_below)
            *out = grid_halve(down, below, holds, p);
        if (found_above || found_below)
            return true;
        up = above;
        down = below;
    }
    return false;
}

// Where x and y must become equal, the search is for the first place where their order changes.
static void choose_op(struct probe *p, const struct row *r) {
    struct row now = *r;
    struct value x, y;
    if ((p->op != OP_EQ && p->op != OP_NE) || (p->op == OP_EQ) != p->wanted)
        return;
    now.given_slot = -1;
    row_eval(p->clause->arg[0], &now, &x);
    row_eval(p->clause->arg[1], &now, &y);
    p->op = value_compare(OP_LT, &x, &y) ? OP_GE : OP_LE;
    p->wanted = true;
}

static bool try_number(const struct node *n, const struct column *column, bool wanted,
                       struct row *r) {
    struct probe p = {n, grid_of(column), r, n->op, wanted};
    int64_t at;
    choose_op(&p, r);
    if (!search(&p, grid_at(&p.grid, r->row), &at))
        return false;
    r->given = grid_value(&p.grid, at);
    return true;
}

// A column that is compared as it is: with the value of the other side.
static bool try_equal(const struct node *column, const struct node *other, struct row *r) {
    return is_column(column) && row_eval(other, r, &r->given);
}

static bool try_comparison(const struct node *n, const struct node *column, bool wanted,
                           struct row *r) {
    bool left = row_reads(n->arg[0], column->slot), right = row_reads(n->arg[1], column->slot);
    if (left && right)
        return false;
    if (kind_numeric(n->arg[0]->kind))
        return kind_numeric(column->kind) && try_number(n, r->columns[column->slot], wanted, r);
    return left ? try_equal(n->arg[0], n->arg[1], r) : try_equal(n->arg[1], n->arg[0], r);
}

// Makes the value the nearest one that the column could hold; false if it could hold none.
static bool snap(const struct column *c, struct value *v) {
    int64_t whole = 0;
    switch (c->type) {
    case TYPE_INTEGER:
    case TYPE_DATE:
        if (v->tag == VALUE_FLOAT && !float_integer(floor(v->number), &whole))
            return false;
        if (v->tag == VALUE_FLOAT)
            *v = (struct value){VALUE_INTEGER, .integer = whole};
        return true;
    case TYPE_NUMBER:
        *v = (struct value){VALUE_FLOAT, .number = value_float(v)};
        return isfinite(v->number);
    case TYPE_MONEY:
        if (!money_round(value_float(v), c->decimals, &whole))
            return false;
        *v = (struct value){VALUE_FLOAT, .number = money_major(whole, c->decimals)};
        return true;
    default: return true;
    }
}

static bool try_one_of(const struct node *n, struct row *r) {
    const struct node *column = n->arg[0];
    for (int i = 1; i < n->n; i++) {
        struct value v;
        bool there = !row_reads(n->arg[i], column->slot) && row_eval(n->arg[i], r, &r->given);
        if (there && snap(r->columns[column->slot], &r->given) && row_eval(n, r, &v) && v.boolean)
            return true;
    }
    return false;
}

static bool try_column(const struct node *n, const struct node *column, bool wanted,
                       struct row *r) {
    if (n == column) {
        r->given = (struct value){VALUE_BOOLEAN, .boolean = wanted};
        return true;
    }
    if (n->op == OP_ONE_OF)
        return wanted && n->arg[0] == column && try_one_of(n, r);
    return is_comparison(n->op) && try_comparison(n, column, wanted, r);
}

static double distance(const struct node *column, const struct row *r) {
    if (!kind_numeric(column->kind))
        return 1; // one label or flag is as far as another
    double x = column_double(r->columns[column->slot], r->row), t = value_float(&r->given);
    return fabs(x - t) / fmax(fabs(t), 1);
}

// The first column below `at` that can flip the clause n.
static bool find(const struct node *n, const struct node *at, struct row *r, struct clause *c) {
    struct value v;
    for (int i = 0; i < at->n; i++)
        if (find(n, at->arg[i], r, c))
            return true;
    if (!is_column(at))
        return false;
    r->given_slot = at->slot;
    if (column_has(r->columns[at->slot], r->row) && try_column(n, at, c->wanted, r) &&
        row_eval(n, r, &v) && v.boolean == c->wanted) {
        c->has_threshold = true;
        c->slot = at->slot;
        c->threshold = r->given;
        c->distance = distance(at, r);
    }
    r->given_slot = -1;
    return c->has_threshold;
}

void threshold_find(const struct node *n, struct row *r, struct clause *c) {
    find(n, n, r, c);
}
