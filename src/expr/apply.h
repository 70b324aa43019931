// The pure functions, applied to values: arguments of the right types in, a value or a fault out.
#ifndef PATRON_EXPR_APPLY_H
#define PATRON_EXPR_APPLY_H

#include "expr/expr.h"

enum fault apply_abs(const struct value *x, struct value *out);
enum fault apply_floor(const struct value *x, struct value *out);
enum fault apply_ceil(const struct value *x, struct value *out);
enum fault apply_round(const struct value *x, struct value *out);
enum fault apply_round_digits(const struct value *x, struct value *out);
enum fault apply_exp(const struct value *x, struct value *out);
enum fault apply_log(const struct value *x, struct value *out);
enum fault apply_sqrt(const struct value *x, struct value *out);
enum fault apply_starts_with(const struct value *x, struct value *out);
enum fault apply_ends_with(const struct value *x, struct value *out);
enum fault apply_contains(const struct value *x, struct value *out);
enum fault apply_year(const struct value *x, struct value *out);
enum fault apply_month(const struct value *x, struct value *out);
enum fault apply_day(const struct value *x, struct value *out);
enum fault apply_weekday(const struct value *x, struct value *out);
enum fault apply_months_between(const struct value *x, struct value *out);
enum fault apply_date_plus(const struct value *x, struct value *out);
enum fault apply_plus_date(const struct value *x, struct value *out);
enum fault apply_date_minus(const struct value *x, struct value *out);

#endif
