// Money: int64 minor units inside, a double of major units in expressions.
#ifndef PATRON_BASE_MONEY_H
#define PATRON_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define MONEY_MAX ((int64_t)1 << 50) // within it, m / scale and back is the identity

// The number of decimals of a currency by its ISO 4217 code (CNY 2, JPY 0, KWD 3); -1 if unknown.
int money_decimals(struct str currency);
// 10 to the power of decimals (0 to 4).
int64_t money_scale(int decimals);

// Exact: "12.5" at 2 decimals is 1250. More decimals than the currency has are rounded half to
// even, and *rounded is set. No thousands signs. False if it is no number or beyond MONEY_MAX.
bool money_parse(struct str text, char decimal, int decimals, int64_t *out, bool *rounded);
// The one place where a computed number becomes money: nearbyint(x * scale). False if x is not
// finite or the result is beyond MONEY_MAX.
bool money_round(double x, int decimals, int64_t *out);
// A computed number of minor units, rounded; what is beyond MONEY_MAX either way is that.
int64_t money_within(double minor);
double money_major(int64_t minor, int decimals);
// "12.50"; returns the length, no NUL. Needs NUMBER_MAX bytes.
int money_print(int64_t minor, int decimals, char *out);

#endif
