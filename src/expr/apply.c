#include "expr/apply.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "expr/ops.h"
#include "expr/row.h"

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

enum fault apply_abs(const struct value *x, struct value *out) {
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

enum fault apply_floor(const struct value *x, struct value *out) {
    return whole(x, floor, out);
}

enum fault apply_ceil(const struct value *x, struct value *out) {
    return whole(x, ceil, out);
}

enum fault apply_round(const struct value *x, struct value *out) {
    return whole(x, round, out);
}

enum fault apply_round_digits(const struct value *x, struct value *out) {
    double scale = pow(10, value_float(&x[1])), scaled = value_float(x) * scale;
    return give_float(out, isfinite(scaled) ? round(scaled) / scale : value_float(x));
}

enum fault apply_exp(const struct value *x, struct value *out) {
    return give_float(out, exp(value_float(x)));
}

enum fault apply_log(const struct value *x, struct value *out) {
    return give_float(out, log(value_float(x)));
}

enum fault apply_sqrt(const struct value *x, struct value *out) {
    return give_float(out, sqrt(value_float(x)));
}

enum fault apply_starts_with(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out, part.n <= s.n && (!part.n || memcmp(s.p, part.p, part.n) == 0));
}

enum fault apply_ends_with(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out,
                     part.n <= s.n && (!part.n || memcmp(s.p + s.n - part.n, part.p, part.n) == 0));
}

enum fault apply_contains(const struct value *x, struct value *out) {
    struct str s = x[0].string, part = x[1].string;
    return give_flag(out, !part.n || (s.n && memmem(s.p, s.n, part.p, part.n) != NULL));
}

static bool is_date(int64_t x) {
    return x >= DATE_MIN && x <= DATE_MAX;
}

enum fault apply_year(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, year);
}

enum fault apply_month(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, month);
}

enum fault apply_day(const struct value *x, struct value *out) {
    int year, month, day;
    if (!is_date(x->integer))
        return FAULT_DATE;
    date_split((int32_t)x->integer, &year, &month, &day);
    return give_integer(out, day);
}

enum fault apply_weekday(const struct value *x, struct value *out) {
    if (!is_date(x->integer))
        return FAULT_DATE;
    return give_integer(out, integer_modulo(x->integer + 3, 7) + 1); // day 0 was a Thursday
}

enum fault apply_months_between(const struct value *x, struct value *out) {
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

enum fault apply_date_plus(const struct value *x, struct value *out) {
    return shift(x[0].integer, x[1].integer, out);
}

enum fault apply_plus_date(const struct value *x, struct value *out) {
    return shift(x[1].integer, x[0].integer, out);
}

enum fault apply_date_minus(const struct value *x, struct value *out) {
    return shift(x[0].integer, integer_negate(x[1].integer), out);
}
