// Whether a condition is monotone in one column follows from its form, part by part, while all that
// does not read the column stands for the value that it has at the row: then the sign of a factor
// is known. Each part that is a number stays, rises or falls with the column, or nothing is known
// of it; each part that is a condition comes true, or comes false, from some value on.
//
// Rounding does not spoil that, since + - * / and sqrt are rounded correctly; exp and log are taken
// for it. Overflow and division by 0 would: a part that only rises or falls lies between its values
// at the ends of a range, so where these are finite (and a divisor keeps its sign) nothing of the
// kind happens in between. The search goes no further than that holds.
#include <math.h>

#include "expr/clause.h"
#include "expr/course.h"
#include "expr/function.h"
#include "expr/grid.h"
#include "expr/kind.h"
#include "expr/row.h"

struct solve {
    const struct node *condition;
    struct row *row;
    int slot;
    struct grid grid;
    struct value now; // of the column
    bool has_pole;    // something is divided by the column: the other side of 0 is not looked at
};

static bool evaluate(struct solve *s, const struct node *n, struct value at, struct value *out) {
    s->row->given = at;
    return row_eval(n, s->row, out);
}

// Whether the column decides below the node what is read at all, and so what can be missing.
static bool branches(const struct node *n, int slot) {
    if ((n->op == OP_AND || n->op == OP_OR) && row_reads(n->arg[0], slot))
        return true;
    for (int i = 0; i < n->n; i++)
        if (branches(n->arg[i], slot))
            return true;
    return false;
}

// ---- numbers ----------------------------------------------------------------------------------

static enum course of_number(struct solve *s, const struct node *n);

// The sign of a part that does not read the column: 0 where it has none.
static int sign_of(struct solve *s, const struct node *n) {
    struct value v;
    if (!evaluate(s, n, s->now, &v))
        return 0;
    double x = value_float(&v);
    return (x > 0) - (x < 0);
}

// A product or quotient with a factor that does not read the column.
static enum course of_product(struct solve *s, const struct node *n) {
    bool left = row_reads(n->arg[0], s->slot), right = row_reads(n->arg[1], s->slot);
    if ((left && right) || (right && n->op == OP_FLOOR_DIVIDE))
        return MIXED;
    s->has_pole |= right && n->op == OP_DIVIDE;
    int sign = sign_of(s, n->arg[left]);
    enum course c = of_number(s, n->arg[right]);
    if (sign == 0)
        return n->op == OP_MULTIPLY && c != MIXED ? FIXED : MIXED;
    return (sign < 0) != (right && n->op == OP_DIVIDE) ? course_turned(c) : c;
}

static enum course of_call(struct solve *s, const struct node *n) {
    enum course c = FIXED;
    for (int i = 0; i < n->n; i++) {
        char how = n->function->course[0] ? n->function->course[i] : '?';
        c = course_joined(c, course_through(how, of_number(s, n->arg[i])));
    }
    return c;
}

// The operand whose value a default() has: what is missing is so whatever the column is.
static const struct node *chosen(struct solve *s, const struct node *n) {
    struct value v;
    return n->arg[!evaluate(s, n->arg[0], s->now, &v)];
}

static enum course of_number(struct solve *s, const struct node *n) {
    if (!row_reads(n, s->slot))
        return FIXED;
    switch (n->op) {
    case OP_NAME: return RISING;
    case OP_NEGATE: return course_turned(of_number(s, n->arg[0]));
    case OP_ADD:
    case OP_MIN:
    case OP_MAX: return course_joined(of_number(s, n->arg[0]), of_number(s, n->arg[1]));
    case OP_SUBTRACT:
        return course_joined(of_number(s, n->arg[0]), course_turned(of_number(s, n->arg[1])));
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE: return of_product(s, n);
    case OP_DEFAULT: return of_number(s, chosen(s, n));
    case OP_CALL: return of_call(s, n);
    default: return MIXED;
    }
}

// ---- conditions -------------------------------------------------------------------------------

// Whether a condition comes out as wanted: always or never (FIXED), or from some value on.
struct verdict {
    enum course course;
    bool holds; // of FIXED
};

static const struct verdict never = {FIXED, false}, unknown = {MIXED, false};

static struct verdict of_condition(struct solve *s, const struct node *n, bool wanted);

// Both hold, or either does. What always does, or never, decides or leaves it to the other.
static struct verdict combined(struct verdict x, struct verdict y, bool both) {
    if (x.course == FIXED)
        return x.holds == both ? y : x;
    if (y.course == FIXED)
        return y.holds == both ? x : y;
    return (struct verdict){course_joined(x.course, y.course), false};
}

// `now` is what the part comes to with the column as it is.
static struct verdict of_comparison(struct solve *s, const struct node *n, bool wanted, bool now) {
    if (!kind_numeric(n->arg[0]->kind))
        return unknown;
    enum course c = course_joined(of_number(s, n->arg[0]), course_turned(of_number(s, n->arg[1])));
    if (c != FIXED && (n->op == OP_EQ || n->op == OP_NE))
        return unknown;
    bool greater = n->op == OP_GT || n->op == OP_GE;
    return (struct verdict){greater == wanted ? c : course_turned(c), now == wanted};
}

static struct verdict of_leaf(struct solve *s, const struct node *n, bool wanted) {
    struct value v;
    bool reads = row_reads(n, s->slot);
    if (!evaluate(s, n, s->now, &v))
        return reads && (s->row->stop.kind == OUTCOME_FAULT || branches(n, s->slot)) ? unknown
                                                                                     : never;
    if (!reads)
        return (struct verdict){FIXED, v.boolean == wanted};
    if (branches(n, s->slot))
        return unknown;
    if (n->op == OP_HAS && of_number(s, n->arg[0]) != MIXED)
        return (struct verdict){FIXED, v.boolean == wanted};
    if (n->op == OP_NAME)
        return (struct verdict){wanted ? RISING : FALLING, false};
    if (n->op == OP_DEFAULT)
        return of_condition(s, chosen(s, n), wanted);
    return is_comparison(n->op) ? of_comparison(s, n, wanted, v.boolean) : unknown;
}

// No part of it stops, whatever the column is.
static bool never_stops(struct solve *s, const struct node *n) {
    struct value v;
    if (clause_is(n))
        return evaluate(s, n, s->now, &v) && of_leaf(s, n, true).course != MIXED;
    for (int i = 0; i < n->n; i++)
        if (!never_stops(s, n->arg[i]))
            return false;
    return true;
}

// `and` goes on to its right side where the left one is true, `or` where it is false: neither where
// that stops.
static struct verdict of_condition(struct solve *s, const struct node *n, bool wanted) {
    if (clause_is(n))
        return of_leaf(s, n, wanted);
    if (n->op == OP_NOT)
        return of_condition(s, n->arg[0], !wanted);
    struct verdict left = of_condition(s, n->arg[0], wanted);
    struct verdict right = of_condition(s, n->arg[1], wanted);
    if ((n->op == OP_AND) == wanted)
        return combined(left, right, true);
    if (!never_stops(s, n->arg[0]))
        right = combined(of_condition(s, n->arg[0], !wanted), right, true);
    return combined(left, right, false);
}

// ---- the range within which that is true --------------------------------------------------------

// Integers wrap round, and what comes out tells nothing of it: so the same is done in floats.
static bool wraps(enum op op, const struct value *x, const struct value *y) {
    double a = value_float(x), b = value_float(y), made = 0;
    if (x->tag != VALUE_INTEGER || y->tag != VALUE_INTEGER)
        return false;
    switch (op) {
    case OP_SUBTRACT: made = a - b; break;
    case OP_ADD: made = a + b; break;
    case OP_MULTIPLY: made = a * b; break;
    default: break;
    }
    return fabs(made) >= 0x1p62;
}

// A part that can be evaluated with that value of the column, to something finite.
static bool sound_at(struct solve *s, const struct node *n, struct value at) {
    struct value v, x, y;
    if (!evaluate(s, n, at, &v) || (v.tag == VALUE_FLOAT && !isfinite(v.number)))
        return false;
    bool numbers = n->n == 2 && kind_numeric(n->arg[0]->kind) && kind_numeric(n->arg[1]->kind);
    return !numbers || !evaluate(s, n->arg[0], at, &x) || !evaluate(s, n->arg[1], at, &y) ||
           !wraps(n->op, &x, &y);
}

static bool keeps_sign(struct solve *s, const struct node *n, struct value from, struct value to) {
    struct value x, y;
    return evaluate(s, n, from, &x) && evaluate(s, n, to, &y) && value_float(&x) != 0 &&
           value_float(&y) != 0 && (value_float(&x) > 0) == (value_float(&y) > 0);
}

// All parts that read the column, but for those that stop whatever it is.
static bool sound_to(struct solve *s, const struct node *n, struct value to) {
    struct value v;
    if (!row_reads(n, s->slot))
        return true;
    if (clause_is(n) || n->kind.shape != SHAPE_BOOLEAN) {
        if (!evaluate(s, n, s->now, &v))
            return true;
        if (!sound_at(s, n, s->now) || !sound_at(s, n, to))
            return false;
        if (n->op == OP_DIVIDE && row_reads(n->arg[1], s->slot) &&
            !keeps_sign(s, n->arg[1], s->now, to))
            return false;
    }
    for (int i = 0; i < n->n; i++)
        if (!sound_to(s, n->arg[i], to))
            return false;
    return true;
}

// ---- the search -------------------------------------------------------------------------------

static bool holds(void *ctx, int64_t at) {
    struct solve *s = ctx;
    struct value v;
    return evaluate(s, s->condition, grid_value(&s->grid, at), &v) && v.boolean;
}

// Goes out in doubling steps, which become halves where one would leave the range.
static struct solution search(struct solve *s, bool up) {
    int64_t at = grid_at(&s->grid, s->row->row), end = up ? s->grid.most : s->grid.least;
    bool narrow = false;
    for (uint64_t step = 1; step > 0 && at != end; step = narrow ? step / 2 : step * 2) {
        int64_t next = grid_step(&s->grid, at, step, up);
        if (!sound_to(s, s->condition, grid_value(&s->grid, next))) {
            narrow = true;
            continue;
        }
        if (holds(s, next)) {
            struct value value = grid_value(&s->grid, grid_halve(at, next, holds, s));
            return (struct solution){SOLVE_VALUE, up, value};
        }
        at = next;
    }
    return (struct solution){.kind = at == end && !s->has_pole ? SOLVE_NEVER : SOLVE_MIXED};
}

// Beyond 2^53 a float is not the integer that it was: no advice goes so far.
static struct grid within_reach(const struct column *c) {
    struct grid g = grid_of(c);
    if (c->type == TYPE_INTEGER) {
        g.most = (int64_t)1 << 53;
        g.least = -g.most;
    }
    return g;
}

struct solution expr_solve(const struct expr *e, const struct column *const *columns, int64_t row,
                           int slot, struct arena *a) {
    struct row r = {.columns = columns, .row = row, .arena = a, .given_slot = slot};
    struct solve s = {.condition = e->root, .row = &r, .slot = slot};
    s.grid = within_reach(columns[slot]);
    int64_t at = grid_at(&s.grid, row);
    s.now = grid_value(&s.grid, at);
    struct verdict v = of_condition(&s, e->root, true);
    if (v.course == FIXED)
        return (struct solution){.kind = SOLVE_NEVER};
    if (v.course == MIXED || at < s.grid.least || at > s.grid.most)
        return (struct solution){.kind = SOLVE_MIXED};
    return search(&s, v.course == RISING);
}
