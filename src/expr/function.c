// One row a function: help for people, the types it takes and gives, and what it does to values.
// Forms that see more than values (has, default, one_of ...) build their nodes themselves; min, max
// and clamp are operators of the tree, so that kernels run them.
#include "expr/function.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "expr/kind.h"
#include "expr/lex.h"
#include "expr/ops.h"
#include "expr/row.h"

// ---- what is applied to values --------------------------------------------------------------

static enum fault give_integer(struct value *out, int64_t x) {
    *out = (struct value){VALUE_INTEGER, .integer = x};
    return FAULT_NONE;
}

static enum fault give_float(struct value *out, double x) {
    *out = (struct value){VALUE_FLOAT, .number = x};
    return FAULT_NONE;
}

static enum fault give_flag(struct value *out, bool x) {
    *out = (struct value){VALUE_BOOLEAN, .boolean = x};
    return FAULT_NONE;
}

static enum fault apply_abs(const struct value *x, struct value *out) {
    if (x->tag == VALUE_FLOAT)
        return give_float(out, fabs(x->number));
    return give_integer(out, x->integer < 0 ? integer_negate(x->integer) : x->integer);
}

static enum fault whole(const struct value *x, double (*rounding)(double), struct value *out) {
    int64_t i = x->integer;
    if (x->tag == VALUE_FLOAT && !float_integer(rounding(x->number), &i))
        return FAULT_NO_INTEGER;
    return give_integer(out, i);
}

static enum fault apply_floor(const struct value *x, struct value *out) {
    return whole(x, floor, out);
}

static enum fault apply_ceil(const struct value *x, struct value *out) {
    return whole(x, ceil, out);
}

static enum fault apply_round(const struct value *x, struct value *out) {
    return whole(x, round, out);
}

static enum fault apply_round_digits(const struct value *x, struct value *out) {
    double scale = pow(10, value_float(&x[1])), scaled = value_float(x) * scale;
    return give_float(out, isfinite(scaled) ? round(scaled) / scale : value_float(x));
}

static enum fault apply_exp(const struct value *x, struct value *out) {
    return give_float(out, exp(value_float(x)));
}

static enum fault apply_log(const struct value *x, struct value *out) {
    return give_float(out, log(value_float(x)));
}

static enum fault apply_sqrt(const struct value *x, struct value *out) {
    return give_float(out, sqrt(value_float(x)));
}

static enum fault apply_starts_with(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out, part.n <= s.n && (!part.n || memcmp(s.p, part.p, part.n) == 0));
}

static enum fault apply_ends_with(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out,
                     part.n <= s.n && (!part.n || memcmp(s.p + s.n - part.n, part.p, part.n) == 0));
}

static enum fault apply_contains(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out, !part.n || (s.n && memmem(s.p, s.n, part.p, part.n) != NULL));
}

static bool is_date(int64_t x) {
    return x >= DATE_MIN && x <= DATE_MAX;
}

static enum fault apply_year(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, year);
}

static enum fault apply_month(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, month);
}

static enum fault apply_day(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, day);
}

static enum fault apply_weekday(const struct value *x, struct value *out) {
    if (!is_date(x->integer))
        return FAULT_DATE;
    return give_integer(out, integer_modulo(x->integer + 3, 7) + 1); // day 0 was a Thursday
}

static enum fault apply_months_between(const struct value *x, struct value *out) {
    if (!is_date(x[0].integer) || !is_date(x[1].integer))
        return FAULT_DATE;
    return give_integer(out, date_months_between((int32_t)x[0].integer, (int32_t)x[1].integer));
}

static enum fault shift(int64_t date, int64_t months, struct value *out) {
    int year, month, day;
    if (!is_date(date) || months < -120000 || months > 120000)
        return FAULT_DATE;
    date_split((int32_t)date, &year, &month, &day);
    int64_t to = year * 12 + month - 1 + months;
    if (to < 12 || to >= 10000 * 12)
        return FAULT_DATE;
    return give_integer(out, date_add_months((int32_t)date, (long)months));
}

static enum fault apply_date_plus(const struct value *x, struct value *out) {
    return shift(x[0].integer, x[1].integer, out);
}

static enum fault apply_plus_date(const struct value *x, struct value *out) {
    return shift(x[1].integer, x[0].integer, out);
}

static enum fault apply_date_minus(const struct value *x, struct value *out) {
    return shift(x[0].integer, integer_negate(x[1].integer), out);
}

// ---- calls that build more than an application ------------------------------------------------

static struct node *applied(struct builder *b, const struct function *f, struct span at,
                            struct kind kind, struct node **arg, int n) {
    struct node *made = arena_alloc(b->arena, sizeof *made);
    *made = (struct node){.op = OP_CALL, .kind = kind, .span = at, .outer = at, .slot = -1};
    made->function = f;
    made->arg = arg;
    made->n = n;
    return build_finish(b, made);
}

struct node *function_shift(struct builder *b, enum op op, struct span at, struct node *x,
                            struct node *y) {
    static const struct function date_plus = {.apply = apply_date_plus};
    static const struct function plus_date = {.apply = apply_plus_date};
    static const struct function date_minus = {.apply = apply_date_minus};
    const struct function *f = op == OP_SUBTRACT       ? &date_minus
                               : kind_is_date(x->kind) ? &date_plus
                                                       : &plus_date;
    struct node **arg = arena_array(b->arena, 2, sizeof *arg);
    arg[0] = x;
    arg[1] = y;
    return applied(b, f, at, (struct kind){SHAPE_INTEGER, SENSE_DATE, false, NULL}, arg, 2);
}

static struct node *build_abs(struct builder *b, struct span at, struct node **arg, int n) {
    static const struct function f = {.apply = apply_abs};
    if (!kind_numeric(arg[0]->kind) || kind_is_date(arg[0]->kind))
        return build_fail(b, arg[0]->outer, "`%s` is %s, and abs(x) takes a number",
                          build_show(b, arg[0]), kind_text(arg[0]->kind));
    return applied(b, &f, at, arg[0]->kind, arg, n);
}

static struct node *build_round(struct builder *b, struct span at, struct node **arg, int n) {
    static const struct function whole_number = {.apply = apply_round};
    static const struct function digits = {.apply = apply_round_digits};
    struct kind kind = arg[0]->kind;
    if (!kind_numeric(kind) || kind_is_date(kind))
        return build_fail(b, arg[0]->outer, "`%s` is %s, and round(x) takes a number",
                          build_show(b, arg[0]), kind_text(kind));
    kind.shape = n == 1 ? SHAPE_INTEGER : SHAPE_FLOAT;
    const struct value *places = n == 2 && arg[1]->constant ? &arg[1]->value : NULL;
    if (n == 2 &&
        (!places || places->tag != VALUE_INTEGER || places->integer < 0 || places->integer > 15))
        return build_fail(b, arg[1]->outer,
                          "the digits of round(x, digits) are a whole number of "
                          "0 to 15");
    return applied(b, n == 1 ? &whole_number : &digits, at, kind, arg, n);
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

static struct node *build_min(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = arg[0];
    for (int i = 1; x && i < n; i++)
        x = extreme(b, OP_MIN, at, x, arg[i]);
    return x;
}

static struct node *build_max(struct builder *b, struct span at, struct node **arg, int n) {
    struct node *x = arg[0];
    for (int i = 1; x && i < n; i++)
        x = extreme(b, OP_MAX, at, x, arg[i]);
    return x;
}

static struct node *build_clamp(struct builder *b, struct span at, struct node **arg, int n) {
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

static struct node *build_has(struct builder *b, struct span at, struct node **arg, int n) {
    if (!reads_column(arg[0]))
        return never_missing(b, arg[0]);
    return build_node(b, OP_HAS, at, (struct kind){.shape = SHAPE_BOOLEAN}, arg, n);
}

static struct node *build_default(struct builder *b, struct span at, struct node **arg, int n) {
    if (!reads_column(arg[0]))
        return never_missing(b, arg[0]);
    if (!kind_alike(arg[0]->kind, arg[1]->kind))
        return build_fail(b, arg[1]->outer, "`%s` is %s, so `%s` cannot stand for it, which is %s",
                          build_show(b, arg[0]), kind_text(arg[0]->kind), build_show(b, arg[1]),
                          kind_text(arg[1]->kind));
    return build_node(b, OP_DEFAULT, at, widened(b, arg[0], arg[1]), arg, n);
}

static struct node *build_one_of(struct builder *b, struct span at, struct node **arg, int n) {
    for (int i = 1; i < n; i++)
        if (!build_comparable(b, arg[i]->outer, arg[0], arg[i]))
            return NULL;
    return build_node(b, OP_ONE_OF, at, (struct kind){.shape = SHAPE_BOOLEAN}, arg, n);
}

// at_least(x, 'gold') is one_of(x, ...) with 'gold' and all labels above it.
static struct node *build_at_least(struct builder *b, struct span at, struct node **arg, int n) {
    const struct dict *labels = arg[0]->kind.labels;
    if (!labels || !labels->ordered)
        return build_fail(b, arg[0]->outer,
                          "`%s` is %s, and at_least(tier, 'gold') takes a label whose values are "
                          "ordered, such as tiers",
                          build_show(b, arg[0]), kind_text(arg[0]->kind));
    if (!arg[1]->constant || arg[1]->kind.shape != SHAPE_STRING)
        return build_fail(b, arg[1]->outer, "write the label itself: at_least(%s, '...')",
                          build_show(b, arg[0]));
    if (!build_comparable(b, arg[1]->outer, arg[0], arg[1]))
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

static struct node *build_days(struct builder *b, struct span at, struct node **arg, int n) {
    if (!is_whole(b, arg[n - 1], "days(n)"))
        return NULL;
    arg[0]->outer = at;
    return arg[0];
}

static struct node *build_months(struct builder *b, struct span at, struct node **arg, int n) {
    if (!is_whole(b, arg[n - 1], "months(n)"))
        return NULL;
    arg[0]->outer = at;
    arg[0]->kind.sense = SENSE_MONTHS;
    return arg[0];
}

static struct node *build_date(struct builder *b, struct span at, struct node **arg, int n) {
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

// ---- the table ------------------------------------------------------------------------------

#define BUILT(least, most, build)                                                                  \
    &(const struct function) {                                                                     \
        build, least, most, NULL, 0, false, NULL                                                   \
    }
#define APPLIED(takes, gives, keeps, apply)                                                        \
    &(const struct function) {                                                                     \
        NULL, (int)sizeof(takes) - 1, (int)sizeof(takes) - 1, takes, gives, keeps, apply           \
    }

static const struct function_help table[] = {
    {"has", "has(x)", "Whether x has a value: false where it reads a missing one.",
     BUILT(1, 1, build_has)},
    {"default", "default(x, v)", "x, or v where x reads a missing value. A float if either is one.",
     BUILT(2, 2, build_default)},
    {"one_of", "one_of(x, a, b, ...)", "Whether x equals one of the values behind it.",
     BUILT(2, 0, build_one_of)},
    {"at_least", "at_least(tier, 'gold')",
     "Whether a label of an ordered set (a tier) is the given one or stands above it.",
     BUILT(2, 2, build_at_least)},
    {"min", "min(x, y, ...)", "The least of numbers or dates. A float if any is one.",
     BUILT(2, 0, build_min)},
    {"max", "max(x, y, ...)", "The greatest of numbers or dates. A float if any is one.",
     BUILT(2, 0, build_max)},
    {"clamp", "clamp(x, low, high)", "min(max(x, low), high): x, but within low and high.",
     BUILT(3, 3, build_clamp)},
    {"abs", "abs(x)", "x without its sign.", BUILT(1, 1, build_abs)},
    {"floor", "floor(x)", "The greatest whole number up to x, an integer.",
     APPLIED("n", SHAPE_INTEGER, true, apply_floor)},
    {"ceil", "ceil(x)", "The least whole number from x on, an integer.",
     APPLIED("n", SHAPE_INTEGER, true, apply_ceil)},
    {"round", "round(x, digits)",
     "Without digits the nearest whole number, an integer; with them (0 to 15) a float: x * "
     "10^digits is rounded. Halves go away from zero.",
     BUILT(1, 2, build_round)},
    {"sqrt", "sqrt(x)", "The square root.", APPLIED("n", SHAPE_FLOAT, false, apply_sqrt)},
    {"exp", "exp(x)", "e to the power of x.", APPLIED("n", SHAPE_FLOAT, false, apply_exp)},
    {"log", "log(x)", "The natural logarithm.", APPLIED("n", SHAPE_FLOAT, false, apply_log)},
    {"starts_with", "starts_with(s, part)", "Whether the text or label s begins with part.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_starts_with)},
    {"ends_with", "ends_with(s, part)", "Whether the text or label s ends with part.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_ends_with)},
    {"contains", "contains(s, part)", "Whether part stands anywhere in the text or label s.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_contains)},
    {"date", "date('2025-01-31')", "A date of the calendar.", BUILT(1, 1, build_date)},
    {"days", "days(n)", "n days: a_date + days(30), recency_days > days(90).",
     BUILT(1, 1, build_days)},
    {"months", "months(n)",
     "n calendar months, to add to a date or take from it. The day is clamped to the month's last.",
     BUILT(1, 1, build_months)},
    {"months_between", "months_between(a, b)",
     "Whole calendar months from date a to date b, negative if b lies before a.",
     APPLIED("dd", SHAPE_INTEGER, false, apply_months_between)},
    {"year", "year(d)", "The year of a date.", APPLIED("d", SHAPE_INTEGER, false, apply_year)},
    {"month", "month(d)", "The month of a date, 1 to 12.",
     APPLIED("d", SHAPE_INTEGER, false, apply_month)},
    {"day", "day(d)", "The day of the month of a date, 1 to 31.",
     APPLIED("d", SHAPE_INTEGER, false, apply_day)},
    {"weekday", "weekday(d)", "The day of the week of a date, 1 (Monday) to 7 (Sunday).",
     APPLIED("d", SHAPE_INTEGER, false, apply_weekday)},
};

const struct function_help *expr_functions(size_t *n) {
    *n = sizeof table / sizeof *table;
    return table;
}

const struct function_help *function_find(struct str name) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_is(name, table[i].name))
            return &table[i];
    return NULL;
}

static bool next_name(void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i < sizeof table / sizeof *table)
        *out = str_of(table[i].name);
    return i < sizeof table / sizeof *table;
}

struct str function_nearest(struct str name) {
    return str_nearest(name, next_name, NULL);
}
