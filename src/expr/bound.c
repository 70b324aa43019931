// Bounds of numbers. Rounding is monotone, so the ends of what goes in give the ends of what comes
// out; whole numbers that could overflow, and what is not looked into, can be anything.
#include <math.h>

#include "base/date.h"
#include "expr/apply.h"
#include "expr/claim.h"
#include "expr/function.h"
#include "expr/kind.h"

#define EXACT 0x1p53 // whole numbers within it are doubles
#define FITS  0x1p62 // and within this do not overflow

static const struct bound anything = {-INFINITY, INFINITY, true};

static struct bound either(struct bound x, struct bound y) {
    return (struct bound){fmin(x.low, y.low), fmax(x.high, y.high), x.nan || y.nan};
}

static struct bound corners(const double *at, bool nan) {
    struct bound b = {INFINITY, -INFINITY, nan};
    for (int i = 0; i < 4; i++) {
        if (isnan(at[i]))
            return anything;
        b.low = fmin(b.low, at[i]);
        b.high = fmax(b.high, at[i]);
    }
    return b;
}

static struct bound combine(enum op op, struct bound x, struct bound y) {
    bool nan = x.nan || y.nan;
    switch (op) {
    case OP_ADD: {
        struct bound b = {x.low + y.low, x.high + y.high, nan};
        return isnan(b.low) || isnan(b.high) ? anything : b;
    }
    case OP_SUBTRACT: {
        struct bound b = {x.low - y.high, x.high - y.low, nan};
        return isnan(b.low) || isnan(b.high) ? anything : b;
    }
    case OP_MULTIPLY: {
        double at[] = {x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high};
        return corners(at, nan);
    }
    case OP_DIVIDE: {
        double at[] = {x.low / y.low, x.low / y.high, x.high / y.low, x.high / y.high};
        return y.low > 0 || y.high < 0 ? corners(at, nan) : anything;
    }
    case OP_MIN:
        return nan ? either(x, y) : (struct bound){fmin(x.low, y.low), fmin(x.high, y.high), nan};
    case OP_MAX:
        return nan ? either(x, y) : (struct bound){fmax(x.low, y.low), fmax(x.high, y.high), nan};
    default: return anything;
    }
}

static struct bound call(const struct node *n, struct bound x) {
    enum fault (*apply)(const struct value *arg, struct value *out) = n->function->apply;
    if (apply == apply_abs)
        return (struct bound){x.low > 0    ? x.low
                              : x.high < 0 ? -x.high
                                           : 0,
                              fmax(fabs(x.low), fabs(x.high)), x.nan};
    if (apply == apply_floor || apply == apply_ceil || apply == apply_round)
        return (struct bound){floor(x.low), ceil(x.high), x.nan};
    if (apply == apply_year)
        return (struct bound){1, 9999, false};
    if (apply == apply_date_plus || apply == apply_date_minus)
        return (struct bound){DATE_MIN, DATE_MAX, false};
    if (apply == apply_months_between)
        return (struct bound){-12 * 9999, 12 * 9999, false};
    if (apply == apply_month)
        return (struct bound){1, 12, false};
    if (apply == apply_day)
        return (struct bound){1, 31, false};
    if (apply == apply_weekday)
        return (struct bound){1, 7, false};
    return anything;
}

static struct bound of_column(const struct variable *v, struct set in) {
    if (in.n == 0)
        return anything;
    struct value low = grid_value(&v->grid, in.part[0].low);
    struct value high = grid_value(&v->grid, in.part[in.n - 1].high);
    return (struct bound){value_float(&low), value_float(&high), false};
}

static struct bound unchecked(struct prover *s, const struct node *n, const struct set *in) {
    if (n->constant) {
        double x = value_float(&n->value);
        return isnan(x) ? anything : (struct bound){x, x, false};
    }
    switch (n->op) {
    case OP_NAME: {
        int v = s->of_slot[n->slot];
        return of_column(s->variable[v], in[v]);
    }
    case OP_NEGATE: {
        struct bound x = bound_of(s, n->arg[0], in);
        return (struct bound){-x.high, -x.low, x.nan};
    }
    case OP_AND: return bound_of(s, n->arg[1], in); // `c and x`: before its `or`
    case OP_OR:
    case OP_DEFAULT: return either(bound_of(s, n->arg[0], in), bound_of(s, n->arg[1], in));
    case OP_CALL:
        return kind_numeric(n->arg[0]->kind) ? call(n, bound_of(s, n->arg[0], in)) : anything;
    default: return combine(n->op, bound_of(s, n->arg[0], in), bound_of(s, n->arg[1], in));
    }
}

struct bound bound_of(struct prover *s, const struct node *n, const struct set *in) {
    struct bound b = unchecked(s, n, in);
    if (n->kind.shape == SHAPE_FLOAT)
        return b;
    if (!(b.low >= -FITS && b.high <= FITS))
        return anything;
    if (b.low < -EXACT)
        b.low = nextafter(b.low, -INFINITY);
    if (b.high > EXACT)
        b.high = nextafter(b.high, INFINITY);
    return b;
}

bool bound_fits(struct prover *s, const struct node *n) {
    if (n->constant)
        return isfinite(value_float(&n->value));
    for (int i = 0; i < n->n; i++)
        if (kind_numeric(n->arg[i]->kind) && !bound_fits(s, n->arg[i]))
            return false;
    if (n->kind.shape == SHAPE_FLOAT || n->op == OP_NAME)
        return true;
    struct bound b = bound_of(s, n, s->in);
    return b.low >= -FITS && b.high <= FITS;
}

// ---- the course -------------------------------------------------------------------------------

// Times a constant, or divided by one.
static enum course scaled(const struct node *by, enum course c) {
    double x = by->constant ? value_float(&by->value) : 0;
    if (x == 0 || !isfinite(x))
        return MIXED;
    return x > 0 ? c : course_turned(c);
}

// A function that gives a float may give no number outside of its domain, as sqrt and log do.
static enum course course_of_call(const struct node *n, int slot) {
    enum course c = FIXED;
    for (int i = 0; i < n->n; i++) {
        char how = n->function->course[0] ? n->function->course[i] : '?';
        c = course_joined(c, course_through(how, bound_course(n->arg[i], slot)));
    }
    return n->kind.shape == SHAPE_INTEGER ? c : MIXED;
}

enum course bound_course(const struct node *n, int slot) {
    if (n->constant)
        return FIXED;
    if (n->op == OP_NAME)
        return n->slot == slot ? RISING : MIXED;
    if (n->op == OP_CALL)
        return course_of_call(n, slot);
    if (n->n == 0 || !kind_numeric(n->arg[0]->kind))
        return MIXED;
    enum course x = bound_course(n->arg[0], slot);
    enum course y = n->n > 1 ? bound_course(n->arg[1], slot) : FIXED;
    switch (n->op) {
    case OP_NEGATE: return course_turned(x);
    case OP_ADD:
    case OP_MIN:
    case OP_MAX: return course_joined(x, y);
    case OP_SUBTRACT: return course_joined(x, course_turned(y));
    case OP_MULTIPLY: return n->arg[1]->constant ? scaled(n->arg[1], x) : scaled(n->arg[0], y);
    case OP_DIVIDE: return scaled(n->arg[1], x);
    case OP_DEFAULT: return n->arg[1]->constant ? x : MIXED;
    default: return MIXED;
    }
}
