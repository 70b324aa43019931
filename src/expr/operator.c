// Types are checked as the tree grows: a node is only made when its operands fit. So evaluation
// never meets a wrong tag, and what people get wrong is said at load, with what to write instead.
//
// The checker refuses more than Lua would: whatever has a meaning in Lua that nobody means (a
// number in a condition, a chain of comparisons, a date plus a date).
#include "expr/operator.h"

#include <string.h>

#include "expr/form.h"
#include "expr/kind.h"

// ---- conditions -----------------------------------------------------------------------------

static struct node *logical_and(struct builder *b, struct span all, struct node *x,
                                struct node *y) {
    if (!build_condition(b, x, "`and`"))
        return NULL;
    struct kind kind = y->kind;
    if (kind.shape != SHAPE_BOOLEAN)
        kind.maybe_false = true;
    return build_node(b, OP_AND, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *logical_or(struct builder *b, struct span at, struct span all, struct node *x,
                               struct node *y) {
    if (x->kind.shape != SHAPE_BOOLEAN && !x->kind.maybe_false)
        return build_fail(b, at,
                          "`%s` is %s and never false, so what follows `or` is never used: for a "
                          "value where it is missing write default(%s, %s)",
                          build_show(b, x), kind_text(x->kind), build_show(b, x), build_show(b, y));
    if (!kind_alike(x->kind, y->kind))
        return build_fail(
            b, at, "one side of `or` is %s (`%s`), the other %s (`%s`): make them alike",
            kind_text(x->kind), build_show(b, x), kind_text(y->kind), build_show(b, y));
    struct kind kind = kind_join(b->arena, x->kind, y->kind);
    kind.maybe_false = y->kind.maybe_false;
    return build_node(b, OP_OR, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *logical_not(struct builder *b, struct span all, struct node *x) {
    if (!build_condition(b, x, "`not`"))
        return NULL;
    return build_node(b, OP_NOT, all, x->kind, &x, 1);
}

// ---- comparisons ----------------------------------------------------------------------------

static bool next_label(const void *ctx, size_t i, struct str *out) {
    const struct dict *d = ctx;
    if (i < (size_t)d->n)
        *out = dict_at(d, (int32_t)i);
    return i < (size_t)d->n;
}

// A constant text that is compared with a label must be one of its values.
static bool known_label(struct builder *b, const struct node *x, const struct node *constant) {
    const struct dict *labels = x->kind.labels;
    if (!labels || x->constant || !constant->constant ||
        dict_find(labels, constant->value.string) >= 0)
        return true;
    struct buf list = {.arena = b->arena};
    for (int32_t i = 0; i < labels->n && i < 8; i++)
        buf_printf(&list, "%s'%.*s'", i ? ", " : "", (int)dict_at(labels, i).n,
                   dict_at(labels, i).p);
    struct str near = str_nearest(constant->value.string, next_label, labels);
    if (near.n && constant->value.string.n > 1)
        build_fail(b, constant->outer, "`%s` is never %s: did you mean '%.*s'?", build_show(b, x),
                   build_show(b, constant), (int)near.n, near.p);
    else
        build_fail(b, constant->outer, "`%s` is never %s; it is one of %s%s", build_show(b, x),
                   build_show(b, constant), buf_text(&list), labels->n > 8 ? " ..." : "");
    return false;
}

// What to write where x and y cannot be compared.
static const char *comparison_advice(const struct node *x, const struct node *y) {
    if (kind_is_date(x->kind))
        return y->kind.shape == SHAPE_STRING
                   ? "; a date is written date('2025-01-31')"
                   : "; a day is written date('2025-01-31'), and a number of days is compared "
                     "with a difference: today - a_date < 30";
    if (x->kind.shape == SHAPE_BOOLEAN)
        return "; a flag is a condition itself: write it alone, or with not before it";
    if (x->kind.shape == SHAPE_STRING && x->op == OP_LITERAL && x->value.string.n > 0 &&
        strchr("<>", *x->value.string.p))
        return "; a bound is no text: write orders >= 3, or at_least(3) in a decision table";
    if (x->kind.shape == SHAPE_STRING && x->op == OP_LITERAL)
        return "; a number is written without quotes";
    return NULL;
}

bool operator_comparable(struct builder *b, struct span at, const struct node *x,
                         const struct node *y) {
    if (!build_value(b, x) || !build_value(b, y))
        return false;
    if (kind_alike(x->kind, y->kind))
        return x->kind.shape != SHAPE_STRING || (known_label(b, x, y) && known_label(b, y, x));
    const char *advice = comparison_advice(x, y);
    if (!advice)
        advice = comparison_advice(y, x);
    build_fail(b, at, "`%s` is %s, `%s` is %s: they cannot be compared%s", build_show(b, x),
               kind_text(x->kind), build_show(b, y), kind_text(y->kind), advice ? advice : "");
    return false;
}

// Labels and flags have no order that people would mean.
static struct node *no_order(struct builder *b, struct span at, const struct node *x) {
    const char *text = build_show(b, x);
    if (x->kind.shape == SHAPE_BOOLEAN)
        return build_fail(b, at, "`%s` is a flag: it has no order; write it alone or with not",
                          text);
    if (x->kind.labels && x->kind.labels->ordered)
        return build_fail(b, at,
                          "`%s` is a label, which would be ordered by the alphabet: write "
                          "at_least(%s, '...')",
                          text, text);
    return build_fail(b, at,
                      "`%s` is a label, and labels have no order: write == or one_of(%s, ...)",
                      text, text);
}

static bool lacks_order(const struct node *x) {
    return x->kind.shape == SHAPE_BOOLEAN ||
           (x->kind.shape == SHAPE_STRING && x->kind.sense == SENSE_LABEL);
}

static struct node *comparison(struct builder *b, enum op op, struct span at, struct span all,
                               struct node *x, struct node *y) {
    bool bare = x->outer.length == x->span.length;
    if (bare && is_comparison(x->op))
        return build_fail(b, at, "comparisons do not chain: write %s and %s %s %s",
                          build_show(b, x), build_show(b, x->arg[1]), build_quote(b, at),
                          build_show(b, y));
    if (!operator_comparable(b, at, x, y))
        return NULL;
    if (op != OP_EQ && op != OP_NE && (lacks_order(x) || lacks_order(y)))
        return no_order(b, at, lacks_order(x) ? x : y);
    struct kind kind = {.shape = SHAPE_BOOLEAN};
    return build_node(b, op, all, kind, (struct node *[]){x, y}, 2);
}

// ---- arithmetic -----------------------------------------------------------------------------

static bool is_operand(struct builder *b, const struct node *x, const char *sign) {
    if (!build_certain(b, x))
        return false;
    if (kind_numeric(x->kind))
        return true;
    build_fail(b, x->outer, "`%s` is %s, and `%s` takes numbers%s", build_show(b, x),
               kind_text(x->kind), sign,
               x->kind.shape == SHAPE_STRING ? "; texts are joined with .."
                                             : "; for a number write (flag and 1 or 0)");
    return false;
}

static enum shape arithmetic_shape(enum op op, enum shape x, enum shape y) {
    if (op == OP_DIVIDE || op == OP_POWER || x == SHAPE_FLOAT || y == SHAPE_FLOAT)
        return SHAPE_FLOAT;
    return x == SHAPE_INTEGER && y == SHAPE_INTEGER ? SHAPE_INTEGER : SHAPE_NUMBER;
}

// Money stays money as long as it is not multiplied or divided by money.
static enum sense money_sense(enum op op, bool x, bool y) {
    bool stays = false;
    switch (op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MODULO: stays = x || y; break;
    case OP_MULTIPLY: stays = x != y; break;
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE: stays = x && !y; break;
    default: break;
    }
    return stays ? SENSE_MONEY : SENSE_PLAIN;
}

static bool is_plain(const struct node *x) {
    return x->kind.sense == SENSE_PLAIN;
}

// One of x and y is a date or a number of months.
static struct node *dated(struct builder *b, enum op op, struct span at, struct span all,
                          struct node *x, struct node *y) {
    bool dx = kind_is_date(x->kind), dy = kind_is_date(y->kind);
    bool mx = x->kind.sense == SENSE_MONTHS, my = y->kind.sense == SENSE_MONTHS;
    struct node *arg[] = {x, y};
    struct kind kind = {SHAPE_INTEGER, dx && dy ? SENSE_PLAIN : SENSE_DATE, false, NULL};
    if ((op == OP_ADD && ((dx && my) || (mx && dy))) || (op == OP_SUBTRACT && dx && my))
        return form_shift(b, op, all, x, y);
    if (op == OP_SUBTRACT && dx && dy)
        return build_node(b, op, all, kind, arg, 2);
    const struct node *days = dx ? y : x;
    bool shift = (op == OP_ADD && dx != dy) || (op == OP_SUBTRACT && dx && !dy);
    if (shift && is_plain(days) && days->kind.shape == SHAPE_INTEGER)
        return build_node(b, op, all, kind, arg, 2);
    if (shift && is_plain(days))
        return build_fail(b, days->outer,
                          "a date takes whole days, and `%s` need not be whole: write floor(%s)",
                          build_show(b, days), build_quote(b, days->span));
    if (!build_value(b, x) || !build_value(b, y))
        return NULL;
    return build_fail(b, at,
                      "`%s` is %s, `%s` is %s: `%s` has no meaning for them; a date takes + or - a "
                      "number of days, and date - date is a number of days",
                      build_show(b, x), kind_text(x->kind), build_show(b, y), kind_text(y->kind),
                      build_quote(b, at));
}

static bool is_dated(const struct node *x) {
    return kind_is_date(x->kind) || x->kind.sense == SENSE_MONTHS;
}

static struct node *arithmetic(struct builder *b, enum op op, struct span at, struct span all,
                               struct node *x, struct node *y) {
    const char *sign = build_quote(b, at);
    if (!is_operand(b, x, sign) || !is_operand(b, y, sign))
        return NULL;
    if (is_dated(x) || is_dated(y))
        return dated(b, op, at, all, x, y);
    struct kind kind = {.shape = arithmetic_shape(op, x->kind.shape, y->kind.shape)};
    kind.sense = money_sense(op, x->kind.sense == SENSE_MONEY, y->kind.sense == SENSE_MONEY);
    return build_node(b, op, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *negation(struct builder *b, struct span at, struct span all, struct node *x) {
    if (!is_operand(b, x, "-"))
        return NULL;
    if (is_dated(x))
        return build_fail(b, at, "`%s` is %s: it has no negative", build_show(b, x),
                          kind_text(x->kind));
    return build_node(b, OP_NEGATE, all, x->kind, &x, 1);
}

static struct node *concatenation(struct builder *b, struct span all, struct node *x,
                                  struct node *y) {
    for (int i = 0; i < 2; i++) {
        const struct node *operand = i ? y : x;
        if (!build_value(b, operand))
            return NULL;
        if (operand->kind.shape == SHAPE_BOOLEAN || is_dated(operand))
            return build_fail(b, operand->outer, "`%s` is %s, and `..` joins texts and numbers",
                              build_show(b, operand), kind_text(operand->kind));
    }
    struct kind kind = {.shape = SHAPE_STRING};
    return build_node(b, OP_CONCAT, all, kind, (struct node *[]){x, y}, 2);
}

// ---- what the parser calls ------------------------------------------------------------------

static struct span span_over(struct span first, struct span last) {
    return (struct span){first.offset, last.offset + last.length - first.offset};
}

struct node *operator_unary(struct builder *b, enum op op, struct span at, struct node *x) {
    struct span all = span_over(at, x->outer);
    return op == OP_NOT ? logical_not(b, all, x) : negation(b, at, all, x);
}

struct node *operator_binary(struct builder *b, enum op op, struct span at, struct node *x,
                             struct node *y) {
    struct span all = span_over(x->outer, y->outer);
    if (op == OP_AND)
        return logical_and(b, all, x, y);
    if (op == OP_OR)
        return logical_or(b, at, all, x, y);
    if (is_comparison(op))
        return comparison(b, op, at, all, x, y);
    if (op == OP_CONCAT)
        return concatenation(b, all, x, y);
    return arithmetic(b, op, at, all, x, y);
}
