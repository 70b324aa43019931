// A value carries its tag, so the operators choose between integers and floats here, per row, just
// as Lua's do; the checker has made sure that no other tags meet.
#include "expr/row.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/number.h"
#include "expr/function.h"
#include "expr/ops.h"

static struct value boolean(bool x) {
    return (struct value){VALUE_BOOLEAN, .boolean = x};
}

static struct value integer(int64_t x) {
    return (struct value){VALUE_INTEGER, .integer = x};
}

static struct value number(double x) {
    return (struct value){VALUE_FLOAT, .number = x};
}

static struct value string(struct str x) {
    return (struct value){VALUE_STRING, .string = x};
}

static bool stop_fault(struct row *r, enum fault f) {
    r->stop = (struct outcome){.kind = OUTCOME_FAULT, .fault = f};
    return false;
}

static bool column_value(const struct column *c, int64_t row, struct value *out) {
    if (!column_has(c, row))
        return false;
    switch (c->type) {
    case TYPE_INTEGER: *out = integer(c->integer[row]); break;
    case TYPE_DATE: *out = integer(c->date[row]); break;
    case TYPE_NUMBER: *out = number(c->number[row]); break;
    case TYPE_MONEY: *out = number(money_major(c->integer[row], c->decimals)); break;
    case TYPE_FLAG: *out = boolean(bit_get(c->flag, row)); break;
    case TYPE_LABEL:
    case TYPE_TEXT: *out = string(column_str(c, row)); break;
    }
    return true;
}

static bool eval_name(const struct node *n, struct row *r, struct value *out) {
    if (n->slot == r->given_slot) {
        *out = r->given;
        return true;
    }
    if (column_value(r->columns[n->slot], r->row, out))
        return true;
    r->stop = (struct outcome){.kind = OUTCOME_MISSING, .slot = n->slot};
    return false;
}

// ---- comparisons ----------------------------------------------------------------------------

static bool value_equal(const struct value *x, const struct value *y) {
    if (x->tag == VALUE_BOOLEAN)
        return x->boolean == y->boolean;
    if (x->tag == VALUE_STRING)
        return string_equals(x->string, y->string);
    if (x->tag == VALUE_INTEGER && y->tag == VALUE_INTEGER)
        return x->integer == y->integer;
    if (x->tag == VALUE_INTEGER)
        return integer_equals_float(x->integer, y->number);
    if (y->tag == VALUE_INTEGER)
        return integer_equals_float(y->integer, x->number);
    return x->number == y->number;
}

static bool value_less(const struct value *x, const struct value *y) {
    if (x->tag == VALUE_STRING)
        return string_less(x->string, y->string);
    if (x->tag == VALUE_INTEGER && y->tag == VALUE_INTEGER)
        return x->integer < y->integer;
    if (x->tag == VALUE_INTEGER)
        return integer_less_float(x->integer, y->number);
    if (y->tag == VALUE_INTEGER)
        return float_less_integer(x->number, y->integer);
    return x->number < y->number;
}

static bool value_at_most(const struct value *x, const struct value *y) {
    if (x->tag == VALUE_STRING)
        return string_at_most(x->string, y->string);
    if (x->tag == VALUE_INTEGER && y->tag == VALUE_INTEGER)
        return x->integer <= y->integer;
    if (x->tag == VALUE_INTEGER)
        return integer_at_most_float(x->integer, y->number);
    if (y->tag == VALUE_INTEGER)
        return float_at_most_integer(x->number, y->integer);
    return x->number <= y->number;
}

bool value_compare(enum op op, const struct value *x, const struct value *y) {
    switch (op) {
    case OP_EQ: return value_equal(x, y);
    case OP_NE: return !value_equal(x, y);
    case OP_LT: return value_less(x, y);
    case OP_LE: return value_at_most(x, y);
    case OP_GT: return value_less(y, x);
    default: return value_at_most(y, x);
    }
}

// ---- arithmetic -----------------------------------------------------------------------------

static int64_t on_integers(enum op op, int64_t x, int64_t y) {
    switch (op) {
    case OP_ADD: return integer_add(x, y);
    case OP_SUBTRACT: return integer_subtract(x, y);
    case OP_MULTIPLY: return integer_multiply(x, y);
    case OP_FLOOR_DIVIDE: return integer_divide(x, y);
    case OP_MODULO: return integer_modulo(x, y);
    case OP_MIN: return integer_min(x, y);
    default: return integer_max(x, y);
    }
}

static double on_floats(enum op op, double x, double y) {
    switch (op) {
    case OP_ADD: return x + y;
    case OP_SUBTRACT: return x - y;
    case OP_MULTIPLY: return x * y;
    case OP_DIVIDE: return x / y;
    case OP_FLOOR_DIVIDE: return float_divide(x, y);
    case OP_MODULO: return float_modulo(x, y);
    case OP_POWER: return float_power(x, y);
    case OP_MIN: return float_min(x, y);
    default: return float_max(x, y);
    }
}

static bool eval_arithmetic(const struct node *n, struct row *r, struct value *out) {
    struct value x, y;
    if (!row_eval(n->arg[0], r, &x) || !row_eval(n->arg[1], r, &y))
        return false;
    if (n->kind.shape == SHAPE_FLOAT || x.tag == VALUE_FLOAT || y.tag == VALUE_FLOAT) {
        *out = number(on_floats(n->op, value_float(&x), value_float(&y)));
        return true;
    }
    if (n->op == OP_FLOOR_DIVIDE && y.integer == 0)
        return stop_fault(r, FAULT_DIVIDE_BY_ZERO);
    if (n->op == OP_MODULO && y.integer == 0)
        return stop_fault(r, FAULT_MODULO_BY_ZERO);
    *out = integer(on_integers(n->op, x.integer, y.integer));
    return true;
}

static bool eval_negate(const struct node *n, struct row *r, struct value *out) {
    struct value x;
    if (!row_eval(n->arg[0], r, &x))
        return false;
    *out = x.tag == VALUE_INTEGER ? integer(integer_negate(x.integer)) : number(-x.number);
    return true;
}

// ---- strings --------------------------------------------------------------------------------

// Lua's "%.14g", with ".0" behind what would look like an integer. printf's radix character is the
// locale's (and may be several bytes): what stands between two digits is replaced by a point.
static size_t float_text(double x, char *out) {
    char printed[NUMBER_MAX * 2];
    const char *p = printed;
    char *q = out;
    if (isnan(x))
        return (size_t)sprintf(out, "nan");
    snprintf(printed, sizeof printed, "%.14g", x);
    if (isinf(x))
        return (size_t)sprintf(out, "%s", printed);
    while (*p == '-' || number_digit(*p))
        *q++ = *p++;
    if (*p != 'e')
        *q++ = '.';
    if (!*p)
        *q++ = '0';
    while (*p && *p != 'e' && !number_digit(*p))
        p++;
    while (*p)
        *q++ = *p++;
    return (size_t)(q - out);
}

static struct str value_text(const struct value *v, char *room) {
    if (v->tag == VALUE_STRING)
        return v->string;
    if (v->tag == VALUE_INTEGER)
        return (struct str){room, (size_t)number_print_integer(v->integer, room)};
    return (struct str){room, float_text(v->number, room)};
}

static bool eval_concat(const struct node *n, struct row *r, struct value *out) {
    struct value x, y;
    char room[2][NUMBER_MAX];
    if (!row_eval(n->arg[0], r, &x) || !row_eval(n->arg[1], r, &y))
        return false;
    struct str a = value_text(&x, room[0]), b = value_text(&y, room[1]);
    char *both = arena_alloc(r->arena, a.n + b.n + 1);
    if (a.n)
        memcpy(both, a.p, a.n);
    if (b.n)
        memcpy(both + a.n, b.p, b.n);
    *out = string((struct str){both, a.n + b.n});
    return true;
}

// ---- the forms that choose ------------------------------------------------------------------

// Everything but false counts as true: only `c and x` chains put a number or a string here.
static bool holds(const struct value *v) {
    return v->tag != VALUE_BOOLEAN || v->boolean;
}

static bool eval_logic(const struct node *n, struct row *r, struct value *out) {
    if (!row_eval(n->arg[0], r, out))
        return false;
    return holds(out) == (n->op == OP_OR) || row_eval(n->arg[1], r, out);
}

static bool eval_has(const struct node *n, struct row *r, struct value *out) {
    bool there = row_eval(n->arg[0], r, out);
    if (!there && r->stop.kind == OUTCOME_FAULT)
        return false;
    *out = boolean(there);
    return true;
}

static bool eval_default(const struct node *n, struct row *r, struct value *out) {
    bool there = row_eval(n->arg[0], r, out);
    if (!there && (r->stop.kind == OUTCOME_FAULT || !row_eval(n->arg[1], r, out)))
        return false;
    if (n->kind.shape == SHAPE_FLOAT)
        *out = number(value_float(out));
    return true;
}

static bool eval_one_of(const struct node *n, struct row *r, struct value *out) {
    struct value x, y;
    bool found = false;
    if (!row_eval(n->arg[0], r, &x))
        return false;
    for (int i = 1; i < n->n; i++) {
        if (!row_eval(n->arg[i], r, &y))
            return false;
        found = found || value_equal(&x, &y);
    }
    *out = boolean(found);
    return true;
}

static bool eval_call(const struct node *n, struct row *r, struct value *out) {
    struct value arg[FUNCTION_ARGS];
    for (int i = 0; i < n->n; i++)
        if (!row_eval(n->arg[i], r, &arg[i]))
            return false;
    enum fault f = n->function->apply(arg, out);
    return f == FAULT_NONE || stop_fault(r, f);
}

static bool eval_comparison(const struct node *n, struct row *r, struct value *out) {
    struct value x, y;
    if (!row_eval(n->arg[0], r, &x) || !row_eval(n->arg[1], r, &y))
        return false;
    *out = boolean(value_compare(n->op, &x, &y));
    return true;
}

bool row_eval(const struct node *n, struct row *r, struct value *out) {
    if (n->constant) {
        *out = n->value;
        return true;
    }
    switch (n->op) {
    case OP_LITERAL: // is constant
    case OP_NAME: return eval_name(n, r, out);
    case OP_NEGATE: return eval_negate(n, r, out);
    case OP_NOT:
        if (!row_eval(n->arg[0], r, out))
            return false;
        out->boolean = !out->boolean;
        return true;
    case OP_AND:
    case OP_OR: return eval_logic(n, r, out);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return eval_comparison(n, r, out);
    case OP_CONCAT: return eval_concat(n, r, out);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
    case OP_POWER:
    case OP_MIN:
    case OP_MAX: return eval_arithmetic(n, r, out);
    case OP_HAS: return eval_has(n, r, out);
    case OP_DEFAULT: return eval_default(n, r, out);
    case OP_ONE_OF: return eval_one_of(n, r, out);
    case OP_CALL: return eval_call(n, r, out);
    }
    return false;
}

bool row_reads(const struct node *n, int slot) {
    if (n->op == OP_NAME)
        return n->slot == slot;
    for (int i = 0; i < n->n; i++)
        if (row_reads(n->arg[i], slot))
            return true;
    return false;
}

struct outcome expr_row(const struct expr *e, const struct column *const *columns, int64_t row,
                        struct arena *a) {
    struct row r = {.columns = columns, .row = row, .arena = a, .given_slot = -1};
    struct value v;
    if (!row_eval(e->root, &r, &v))
        return r.stop;
    return (struct outcome){.kind = OUTCOME_VALUE, .value = v};
}

const char *fault_text(enum fault f) {
    switch (f) {
    case FAULT_NONE: break;
    case FAULT_DIVIDE_BY_ZERO: return "attempt to divide by zero";
    case FAULT_MODULO_BY_ZERO: return "attempt to perform 'n%0'";
    case FAULT_NO_INTEGER: return "number has no integer representation";
    case FAULT_DATE: return "date outside of the calendar (years 1 to 9999)";
    }
    return "no fault";
}
