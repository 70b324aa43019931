// Calls that are more than a function applied to values: what chooses, what is written in terms of
// other nodes, and what is known at load.
#include "expr/form.h"

#include "base/date.h"
#include "expr/apply.h"
#include "expr/function.h"
#include "expr/kind.h"
#include "expr/operator.h"

struct node *form_shift(struct builder *b, enum op op, struct span at, struct node *x,
                        struct node *y) {
    static const struct function date_plus = {.apply = apply_date_plus, .course = "++"};
    static const struct function plus_date = {.apply = apply_plus_date, .course = "++"};
    static const struct function date_minus = {.apply = apply_date_minus, .course = "+-"};
    const struct function *f = op == OP_SUBTRACT       ? &date_minus
                               : kind_is_date(x->kind) ? &date_plus
                                                       : &plus_date;
    struct kind kind = {.shape = SHAPE_INTEGER, .sense = SENSE_DATE};
    return build_call(b, f, at, kind, (struct node *[]){x, y}, 2);
}

struct node *form_abs(struct builder *b, struct span at, struct node **arg, int n) {
    static const struct function f = {.apply = apply_abs, .course = ""};
    return build_call(b, &f, at, arg[0]->kind, arg, n);
}

struct node *form_round(struct builder *b, struct span at, struct node **arg, int n) {
    static const struct function whole_number = {.apply = apply_round, .course = "+"};
    static const struct function digits = {.apply = apply_round_digits, .course = "+"};
    struct kind kind = arg[0]->kind;
    kind.shape = n == 1 ? SHAPE_INTEGER : SHAPE_FLOAT;
    const struct value *places = n == 2 && arg[1]->constant ? &arg[1]->value : NULL;
    if (n == 2 &&
        (!places || places->tag != VALUE_INTEGER || places->integer < 0 || places->integer > 15))
        return build_fail(b, arg[1]->outer,
                          "the digits of round(x, digits) are a whole number of 0 to 15");
    return build_call(b, n == 1 ? &whole_number : &digits, at, kind, arg, n);
}

// A value is a float when any argument is one, so that its type does not depend on the row.
static struct kind widened(struct builder *b, const struct node *x, const struct node *y) {
    struct kind kind = kind_join(b->arena, x->kind, y->kind);
    if (kind.shape == SHAPE_NUMBER)
        kind.shape = SHAPE_FLOAT;
    return kind;
}

static struct node *extreme(struct builder *b, enum op op, struct span at, struct node *x,
                            struct node *y) {
    if (!kind_numeric(x->kind) || !kind_numeric(y->kind) || !kind_alike(x->kind, y->kind))
        return build_fail(b, at, "`%s` is %s, `%s` is %s: they have no order among each other",
                          build_show(b, x), kind_text(x->kind), build_show(b, y),
                          kind_text(y->kind));
    return build_node(b, op, at, widened(b, x, y), (struct node *[]){x, y}, 2);
}

struct node *form_min(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = arg[0];
    for (int i = 1; x && i < n; i++)
        x = extreme(b, OP_MIN, at, x, arg[i]);
    return x;
}

struct node *form_max(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = arg[0];
    for (int i = 1; x && i < n; i++)
        x = extreme(b, OP_MAX, at, x, arg[i]);
    return x;
}

struct node *form_clamp(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = extreme(b, OP_MAX, at, arg[0], arg[1]);
    return x ? extreme(b, OP_MIN, at, x, arg[n - 1]) : NULL;
}

static bool reads_column(const struct node *n) {
    if (is_column(n))
        return true;
    for (int i = 0; i < n->n; i++)
        if (reads_column(n->arg[i]))
            return true;
    return false;
}

static struct node *never_missing(struct builder *b, const struct node *x) {
    return build_fail(b, x->outer, "`%s` reads no column, so it is never missing",
                      build_show(b, x));
}

struct node *form_has(struct builder *b, struct span at, struct node **arg, int n) {
    if (!reads_column(arg[0]))
        return never_missing(b, arg[0]);
    return build_node(b, OP_HAS, at, (struct kind){.shape = SHAPE_BOOLEAN}, arg, n);
}

struct node *form_default(struct builder *b, struct span at, struct node **arg, int n) {
    if (!reads_column(arg[0]))
        return never_missing(b, arg[0]);
    if (!kind_alike(arg[0]->kind, arg[1]->kind))
        return build_fail(b, arg[1]->outer, "`%s` is %s, so `%s` cannot stand for it, which is %s",
                          build_show(b, arg[0]), kind_text(arg[0]->kind), build_show(b, arg[1]),
                          kind_text(arg[1]->kind));
    return build_node(b, OP_DEFAULT, at, widened(b, arg[0], arg[1]), arg, n);
}

struct node *form_one_of(struct builder *b, struct span at, struct node **arg, int n) {
    for (int i = 1; i < n; i++)
        if (!operator_comparable(b, arg[i]->outer, arg[0], arg[i]))
            return NULL;
    return build_node(b, OP_ONE_OF, at, (struct kind){.shape = SHAPE_BOOLEAN}, arg, n);
}

// at_least(x, 'gold') is one_of(x, ...) with 'gold' and all labels above it.
struct node *form_at_least(struct builder *b, struct span at, struct node **arg, int n) {
    const struct dict *labels = arg[0]->kind.labels;
    if (!labels || !labels->ordered)
        return build_fail(b, arg[0]->outer,
                          "`%s` is %s, and at_least(tier, 'gold') takes a label whose values are "
                          "ordered, such as tiers",
                          build_show(b, arg[0]), kind_text(arg[0]->kind));
    if (!arg[1]->constant || arg[1]->kind.shape != SHAPE_STRING)
        return build_fail(b, arg[1]->outer, "write the label itself: at_least(%s, '...')",
                          build_show(b, arg[0]));
    if (!operator_comparable(b, arg[1]->outer, arg[0], arg[1]))
        return NULL;
    int32_t least = dict_find(labels, arg[1]->value.string);
    struct node **list = arena_array(b->arena, (size_t)least + (size_t)n, sizeof *list);
    list[0] = arg[0];
    for (int32_t i = 0; i <= least; i++) {
        struct value label = {VALUE_STRING, .string = dict_at(labels, least - i)};
        list[i + 1] = build_literal(b, arg[1]->span, label);
    }
    return build_node(b, OP_ONE_OF, at, (struct kind){.shape = SHAPE_BOOLEAN}, list, least + n);
}

static bool is_whole(struct builder *b, const struct node *x, const char *function) {
    if (x->kind.shape == SHAPE_INTEGER && x->kind.sense == SENSE_PLAIN)
        return true;
    build_fail(b, x->outer, "`%s` is %s, and %s takes a whole number%s", build_show(b, x),
               kind_text(x->kind), function,
               kind_numeric(x->kind) && !kind_is_date(x->kind) ? ": write floor(...) around it"
                                                               : "");
    return false;
}

struct node *form_days(struct builder *b, struct span at, struct node **arg, int n) {
    if (!is_whole(b, arg[n - 1], "days(n)"))
        return NULL;
    arg[0]->outer = at;
    return arg[0];
}

struct node *form_months(struct builder *b, struct span at, struct node **arg, int n) {
    if (!is_whole(b, arg[n - 1], "months(n)"))
        return NULL;
    arg[0]->outer = at;
    arg[0]->kind.sense = SENSE_MONTHS;
    return arg[0];
}

struct node *form_date(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = arg[n - 1];
    int32_t date;
    bool had_time;
    if (x->op != OP_LITERAL || x->kind.shape != SHAPE_STRING ||
        !date_parse(x->value.string, STR("YYYY-MM-DD"), &date, &had_time) || had_time)
        return build_fail(b, x->outer, "`%s` is no date of the calendar: write date('2025-01-31')",
                          build_show(b, x));
    struct node *made = build_literal(b, at, (struct value){VALUE_INTEGER, .integer = date});
    made->kind.sense = SENSE_DATE;
    return made;
}
