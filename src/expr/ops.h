// The operators on integers, floats and strings, exactly as Lua 5.4 has them. The row evaluator and
// the kernels call these and nothing else, so that they cannot drift apart.
//
// Overflow wraps (in unsigned arithmetic, where C defines it). An integer and a float compare by
// their mathematical values, also beyond 2^53, where a conversion to double would round.
#ifndef PATRON_EXPR_OPS_H
#define PATRON_EXPR_OPS_H

#include <math.h>
#include <stdint.h>

#include "base/str.h"

// ---- integers -------------------------------------------------------------------------------

static inline int64_t integer_add(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t integer_subtract(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static inline int64_t integer_multiply(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

static inline int64_t integer_negate(int64_t a) {
    return (int64_t)(0 - (uint64_t)a);
}

// Towards minus infinity. b is not 0; the least integer // -1 wraps.
static inline int64_t integer_divide(int64_t a, int64_t b) {
    if (b == -1)
        return integer_negate(a);
    int64_t quotient = a / b;
    return quotient - (a % b != 0 && (a ^ b) < 0);
}

// The rest of integer_divide: has the sign of b. b is not 0.
static inline int64_t integer_modulo(int64_t a, int64_t b) {
    if (b == -1)
        return 0;
    int64_t rest = a % b;
    return rest != 0 && (rest ^ b) < 0 ? rest + b : rest;
}

static inline int64_t integer_min(int64_t a, int64_t b) {
    return b < a ? b : a;
}

static inline int64_t integer_max(int64_t a, int64_t b) {
    return a < b ? b : a;
}

// ---- floats ---------------------------------------------------------------------------------

static inline double float_divide(double a, double b) {
    return floor(a / b);
}

// Has the sign of b, as integer_modulo.
static inline double float_modulo(double a, double b) {
    double rest = fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static inline double float_power(double a, double b) {
    return b == 2 ? a * a : pow(a, b);
}

static inline double float_min(double a, double b) {
    return b < a ? b : a;
}

static inline double float_max(double a, double b) {
    return a < b ? b : a;
}

// False if x, which has no fraction, is not within int64.
static inline bool float_integer(double x, int64_t *out) {
    bool fits = x >= -0x1p63 && x < 0x1p63;
    *out = fits ? (int64_t)x : 0;
    return fits;
}

// ---- an integer and a float -----------------------------------------------------------------

static inline bool integer_exact(int64_t i) {
    return i >= -((int64_t)1 << 53) && i <= (int64_t)1 << 53;
}

static inline bool integer_equals_float(int64_t i, double x) {
    int64_t whole;
    return floor(x) == x && float_integer(x, &whole) && i == whole;
}

static inline bool integer_less_float(int64_t i, double x) {
    int64_t above;
    if (integer_exact(i))
        return (double)i < x;
    return float_integer(ceil(x), &above) ? i < above : x > 0;
}

static inline bool integer_at_most_float(int64_t i, double x) {
    int64_t below;
    if (integer_exact(i))
        return (double)i <= x;
    return float_integer(floor(x), &below) ? i <= below : x > 0;
}

static inline bool float_less_integer(double x, int64_t i) {
    int64_t below;
    if (integer_exact(i))
        return x < (double)i;
    return float_integer(floor(x), &below) ? below < i : x < 0;
}

static inline bool float_at_most_integer(double x, int64_t i) {
    int64_t above;
    if (integer_exact(i))
        return x <= (double)i;
    return float_integer(ceil(x), &above) ? above <= i : x < 0;
}

// ---- strings: by bytes, NULs included ---------------------------------------------------------

static inline bool string_equals(struct str a, struct str b) {
    return str_eq(a, b);
}

static inline bool string_less(struct str a, struct str b) {
    return str_cmp(a, b) < 0;
}

static inline bool string_at_most(struct str a, struct str b) {
    return str_cmp(a, b) <= 0;
}

#endif
