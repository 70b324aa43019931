// One row a function: help for people, the types it takes and gives, and what it does. min, max and
// clamp become operators of the tree, so that kernels run them.
#include "expr/function.h"

#include <string.h>

#include "expr/apply.h"
#include "expr/form.h"
#include "expr/kind.h"
#include "expr/name.h"

#define FORM(takes, least, most, build)                                                            \
    &(const struct function) {                                                                     \
        takes, least, most, 0, false, NULL, "", build                                              \
    }
#define APPLIED(takes, gives, keeps, apply, course)                                                \
    &(const struct function) {                                                                     \
        takes, sizeof(takes) - 1, sizeof(takes) - 1, gives, keeps, apply, course, NULL             \
    }

static const struct function_help table[] = {
    {"has", "has(x)", "Whether x has a value: false where it reads a missing one.",
     FORM("", 1, 1, form_has)},
    {"default", "default(x, v)", "x, or v where x reads a missing value. A float if either is one.",
     FORM("", 2, 2, form_default)},
    {"one_of", "one_of(x, a, b, ...)", "Whether x equals one of the values behind it.",
     FORM("", 2, 0, form_one_of)},
    {"at_least", "at_least(tier, 'gold')",
     "Whether a label of an ordered set (a tier) is the given one or stands above it.",
     FORM("", 2, 2, form_at_least)},
    {"min", "min(x, y, ...)", "The least of numbers or dates. A float if any is one.",
     FORM("", 2, 0, form_min)},
    {"max", "max(x, y, ...)", "The greatest of numbers or dates. A float if any is one.",
     FORM("", 2, 0, form_max)},
    {"clamp", "clamp(x, low, high)", "min(max(x, low), high): x, but within low and high.",
     FORM("", 3, 3, form_clamp)},
    {"abs", "abs(x)", "x without its sign.", FORM("n", 1, 1, form_abs)},
    {"floor", "floor(x)", "The greatest whole number up to x, an integer.",
     APPLIED("n", SHAPE_INTEGER, true, apply_floor, "+")},
    {"ceil", "ceil(x)", "The least whole number from x on, an integer.",
     APPLIED("n", SHAPE_INTEGER, true, apply_ceil, "+")},
    {"round", "round(x, digits)",
     "Without digits the nearest whole number, an integer; with them (0 to 15) a float: x * "
     "10^digits is rounded. Halves go away from zero.",
     FORM("nn", 1, 2, form_round)},
    {"sqrt", "sqrt(x)", "The square root.", APPLIED("n", SHAPE_FLOAT, false, apply_sqrt, "+")},
    {"exp", "exp(x)", "e to the power of x.", APPLIED("n", SHAPE_FLOAT, false, apply_exp, "+")},
    {"log", "log(x)", "The natural logarithm.", APPLIED("n", SHAPE_FLOAT, false, apply_log, "+")},
    {"starts_with", "starts_with(s, part)", "Whether the text or label s begins with part.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_starts_with, "")},
    {"ends_with", "ends_with(s, part)", "Whether the text or label s ends with part.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_ends_with, "")},
    {"contains", "contains(s, part)", "Whether part stands anywhere in the text or label s.",
     APPLIED("ss", SHAPE_BOOLEAN, false, apply_contains, "")},
    {"date", "date('2025-01-31')", "A date of the calendar.", FORM("", 1, 1, form_date)},
    {"days", "days(n)", "n days: a_date + days(30), recency_days > days(90).",
     FORM("", 1, 1, form_days)},
    {"months", "months(n)",
     "n calendar months, to add to a date or take from it. The day is clamped to the month's last.",
     FORM("", 1, 1, form_months)},
    {"months_between", "months_between(a, b)",
     "Whole calendar months from date a to date b, negative if b lies before a.",
     APPLIED("dd", SHAPE_INTEGER, false, apply_months_between, "-+")},
    {"year", "year(d)", "The year of a date.", APPLIED("d", SHAPE_INTEGER, false, apply_year, "+")},
    {"month", "month(d)", "The month of a date, 1 to 12.",
     APPLIED("d", SHAPE_INTEGER, false, apply_month, "")},
    {"day", "day(d)", "The day of the month of a date, 1 to 31.",
     APPLIED("d", SHAPE_INTEGER, false, apply_day, "")},
    {"weekday", "weekday(d)", "The day of the week of a date, 1 (Monday) to 7 (Sunday).",
     APPLIED("d", SHAPE_INTEGER, false, apply_weekday, "")},
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

static bool next_name(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i < sizeof table / sizeof *table)
        *out = str_of(table[i].name);
    return i < sizeof table / sizeof *table;
}

struct str function_nearest(struct str name) {
    return str_nearest(name, next_name, NULL);
}

// ---- calls ----------------------------------------------------------------------------------

static bool fits(const struct node *x, char takes) {
    switch (takes) {
    case 's': return x->kind.shape == SHAPE_STRING;
    case 'd': return kind_is_date(x->kind);
    default: return kind_numeric(x->kind) && !kind_is_date(x->kind);
    }
}

static bool check_argument(struct builder *b, const struct function_help *help,
                           const struct node *x, int i) {
    const char *takes = help->function->takes;
    if (!build_value(b, x))
        return false;
    if (i >= (int)strlen(takes) || fits(x, takes[i]))
        return true;
    build_fail(b, x->outer, "`%s` is %s, and %s takes %s here", build_show(b, x),
               kind_text(x->kind), help->signature,
               takes[i] == 's'   ? "a text"
               : takes[i] == 'd' ? "a date"
                                 : "a number");
    return false;
}

struct node *function_call(struct builder *b, struct span at, struct str name, size_t end,
                           struct node **arg, int n) {
    const struct function_help *help = function_find(name);
    struct span all = {at.offset, end - at.offset};
    if (!help)
        return name_no_function(b, at, name);
    const struct function *f = help->function;
    if (n < f->least || (f->most && n > f->most))
        return build_fail(b, all, "%s %s arguments: it is %s", help->name,
                          n < f->least ? "lacks" : "has too many", help->signature);
    for (int i = 0; i < n; i++)
        if (!check_argument(b, help, arg[i], i))
            return NULL;
    if (f->build)
        return f->build(b, all, arg, n);
    struct kind kind = {.shape = f->gives, .sense = f->keeps_sense ? arg[0]->kind.sense : 0};
    return build_call(b, f, all, kind, arg, n);
}
