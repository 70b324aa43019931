// Each loop is written so that the compiler makes vector instructions of it: `restrict`, no calls
// that are not inlined, a loop of its own for an operand that is one value for all rows.
#include "expr/kernel.h"

#include <string.h>

#include "base/clones.h"
#include "expr/ops.h"

// out[i] = expression over u and v, the i-th values of the lanes x and y.
#define LOOP(type_x, type_y, expression)                                                           \
    do {                                                                                           \
        const type_x *a = x.p;                                                                     \
        const type_y *b = y.p;                                                                     \
        if (x.single) {                                                                            \
            const type_x u = *a;                                                                   \
            for (int i = 0; i < n; i++) {                                                          \
                const type_y v = b[i];                                                             \
                out[i] = expression;                                                               \
            }                                                                                      \
        } else if (y.single) {                                                                     \
            const type_y v = *b;                                                                   \
            for (int i = 0; i < n; i++) {                                                          \
                const type_x u = a[i];                                                             \
                out[i] = expression;                                                               \
            }                                                                                      \
        } else {                                                                                   \
            for (int i = 0; i < n; i++) {                                                          \
                const type_x u = a[i];                                                             \
                const type_y v = b[i];                                                             \
                out[i] = expression;                                                               \
            }                                                                                      \
        }                                                                                          \
    } while (0)

void kernel_integers(enum op op, int64_t *restrict out, struct lane x, struct lane y, int n) {
    switch (op) {
    case OP_ADD: LOOP(int64_t, int64_t, integer_add(u, v)); break;
    case OP_SUBTRACT: LOOP(int64_t, int64_t, integer_subtract(u, v)); break;
    case OP_MULTIPLY: LOOP(int64_t, int64_t, integer_multiply(u, v)); break;
    case OP_FLOOR_DIVIDE: LOOP(int64_t, int64_t, v ? integer_divide(u, v) : 0); break;
    case OP_MODULO: LOOP(int64_t, int64_t, v ? integer_modulo(u, v) : 0); break;
    case OP_MIN: LOOP(int64_t, int64_t, integer_min(u, v)); break;
    default: LOOP(int64_t, int64_t, integer_max(u, v)); break;
    }
}

void kernel_floats(enum op op, double *restrict out, struct lane x, struct lane y, int n) {
    switch (op) {
    case OP_ADD: LOOP(double, double, u + v); break;
    case OP_SUBTRACT: LOOP(double, double, u - v); break;
    case OP_MULTIPLY: LOOP(double, double, u *v); break;
    case OP_DIVIDE: LOOP(double, double, u / v); break;
    case OP_FLOOR_DIVIDE: LOOP(double, double, float_divide(u, v)); break;
    case OP_MODULO: LOOP(double, double, float_modulo(u, v)); break;
    case OP_POWER: LOOP(double, double, float_power(u, v)); break;
    case OP_MIN: LOOP(double, double, float_min(u, v)); break;
    default: LOOP(double, double, float_max(u, v)); break;
    }
}

// ---- comparisons: > and >= are < and <= with the lanes swapped --------------------------------

ALSO_AVX2 static void compare_integers(enum op op, uint8_t *restrict out, struct lane x,
                                       struct lane y, int n) {
    switch (op) {
    case OP_EQ: LOOP(int64_t, int64_t, u == v); break;
    case OP_NE: LOOP(int64_t, int64_t, u != v); break;
    case OP_LT: LOOP(int64_t, int64_t, u < v); break;
    default: LOOP(int64_t, int64_t, u <= v); break;
    }
}

ALSO_AVX2 static void compare_floats(enum op op, uint8_t *restrict out, struct lane x,
                                     struct lane y, int n) {
    switch (op) {
    case OP_EQ: LOOP(double, double, u == v); break;
    case OP_NE: LOOP(double, double, u != v); break;
    case OP_LT: LOOP(double, double, u < v); break;
    default: LOOP(double, double, u <= v); break;
    }
}

static void compare_integer_float(enum op op, uint8_t *restrict out, struct lane x, struct lane y,
                                  int n) {
    switch (op) {
    case OP_EQ: LOOP(int64_t, double, integer_equals_float(u, v)); break;
    case OP_NE: LOOP(int64_t, double, !integer_equals_float(u, v)); break;
    case OP_LT: LOOP(int64_t, double, integer_less_float(u, v)); break;
    default: LOOP(int64_t, double, integer_at_most_float(u, v)); break;
    }
}

static void compare_float_integer(enum op op, uint8_t *restrict out, struct lane x, struct lane y,
                                  int n) {
    switch (op) {
    case OP_EQ: LOOP(double, int64_t, integer_equals_float(v, u)); break;
    case OP_NE: LOOP(double, int64_t, !integer_equals_float(v, u)); break;
    case OP_LT: LOOP(double, int64_t, float_less_integer(u, v)); break;
    default: LOOP(double, int64_t, float_at_most_integer(u, v)); break;
    }
}

void kernel_compare(enum op op, uint8_t *out, struct lane x, enum shape sx, struct lane y,
                    enum shape sy, int n) {
    if (op == OP_GT)
        return kernel_compare(OP_LT, out, y, sy, x, sx, n);
    if (op == OP_GE)
        return kernel_compare(OP_LE, out, y, sy, x, sx, n);
    if (sx == SHAPE_INTEGER && sy == SHAPE_INTEGER)
        compare_integers(op, out, x, y, n);
    else if (sx == SHAPE_INTEGER)
        compare_integer_float(op, out, x, y, n);
    else if (sy == SHAPE_INTEGER)
        compare_float_integer(op, out, x, y, n);
    else
        compare_floats(op, out, x, y, n);
}

void kernel_compare_flags(enum op op, uint8_t *restrict out, const uint8_t *restrict x,
                          const uint8_t *restrict y, int n) {
    for (int i = 0; i < n; i++)
        out[i] = x[i] ^ y[i] ^ (op == OP_EQ);
}

// ---- choosing ---------------------------------------------------------------------------------

void kernel_choose_integers(int64_t *restrict out, const uint8_t *restrict mask, struct lane x,
                            struct lane y, int n) {
    LOOP(int64_t, int64_t, mask[i] ? u : v);
}

void kernel_choose_floats(double *restrict out, const uint8_t *restrict mask, struct lane x,
                          struct lane y, int n) {
    LOOP(double, double, mask[i] ? u : v);
}

void kernel_choose_flags(uint8_t *restrict out, const uint8_t *restrict mask,
                         const uint8_t *restrict x, const uint8_t *restrict y, int n) {
    for (int i = 0; i < n; i++)
        out[i] = mask[i] ? x[i] : y[i];
}

// ---- one operand ----------------------------------------------------------------------------

void kernel_negate_integers(int64_t *restrict out, const int64_t *restrict x, int n) {
    for (int i = 0; i < n; i++)
        out[i] = integer_negate(x[i]);
}

void kernel_negate_floats(double *restrict out, const double *restrict x, int n) {
    for (int i = 0; i < n; i++)
        out[i] = -x[i];
}

void kernel_to_floats(double *restrict out, const int64_t *restrict x, int n) {
    for (int i = 0; i < n; i++)
        out[i] = (double)x[i];
}

void kernel_money(double *restrict out, const int64_t *restrict x, double scale, int n) {
    for (int i = 0; i < n; i++)
        out[i] = (double)x[i] / scale;
}

void kernel_days(int64_t *restrict out, const int32_t *restrict x, int n) {
    for (int i = 0; i < n; i++)
        out[i] = x[i];
}

void kernel_or_code(uint8_t *restrict out, const int32_t *restrict x, int32_t code, int n) {
    for (int i = 0; i < n; i++)
        out[i] |= x[i] == code;
}

void kernel_fill(void *out, const void *value, int n) {
    uint64_t one;
    memcpy(&one, value, sizeof one);
    for (int i = 0; i < n; i++) // of any type
        memcpy((char *)out + (size_t)i * sizeof one, &one, sizeof one);
}

// Bytes of 0 and 1 of eight bits, the lowest first: each byte keeps its own bit, which then is
// carried to the top of the byte and from there to its bottom.
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lowest byte is the first");
static uint64_t spread(uint64_t bits) {
    uint64_t own = (bits & 0xFF) * 0x0101010101010101 & 0x8040201008040201;
    return (own + 0x7F7F7F7F7F7F7F7F) >> 7 & 0x0101010101010101;
}

void kernel_unpack(uint8_t *restrict out, const uint64_t *restrict bits, int64_t first, int n) {
    int i = 0;
    for (; first % 8 == 0 && i + 8 <= n; i += 8) {
        uint64_t bytes = spread(bits[(first + i) >> 6] >> ((first + i) & 63));
        memcpy(out + i, &bytes, sizeof bytes);
    }
    for (; i < n; i++)
        out[i] = bit_get(bits, first + i);
}

// ---- masks ----------------------------------------------------------------------------------

void kernel_not(uint8_t *x, int n) {
    for (int i = 0; i < n; i++)
        x[i] ^= 1;
}

void kernel_and(uint8_t *restrict x, const uint8_t *restrict y, int n) {
    for (int i = 0; i < n; i++)
        x[i] &= y[i];
}

void kernel_and_not(uint8_t *restrict x, const uint8_t *restrict y, int n) {
    for (int i = 0; i < n; i++)
        x[i] &= y[i] ^ 1;
}

void kernel_or(uint8_t *restrict x, const uint8_t *restrict y, int n) {
    for (int i = 0; i < n; i++)
        x[i] |= y[i];
}

void kernel_stop(uint8_t *restrict stop, const uint8_t *restrict live, const uint8_t *restrict bad,
                 enum stop why, int n) {
    for (int i = 0; i < n; i++)
        stop[i] = (uint8_t)(stop[i] | ((stop[i] == 0) & live[i] & bad[i]) * why);
}

_Static_assert(CLAUSE_TRUE == CLAUSE_FALSE + 1 && CLAUSE_MISSING == CLAUSE_TRUE + STOP_MISSING &&
                   CLAUSE_FAULT == CLAUSE_TRUE + STOP_FAULT,
               "an outcome is computed from truth and stop");

void kernel_outcome(uint8_t *restrict out, const uint8_t *restrict live,
                    const uint8_t *restrict before, const uint8_t *restrict stop,
                    const uint8_t *restrict truth, int n) {
    for (int i = 0; i < n; i++) {
        uint8_t came = (live[i] != 0) & (before[i] == 0), stopped = stop[i] != 0;
        uint8_t value = (uint8_t)(CLAUSE_FALSE + truth[i]), end = (uint8_t)(CLAUSE_TRUE + stop[i]);
        out[i] = came ? (stopped ? end : value) : CLAUSE_NOT_REACHED;
    }
}

// Only static functions are compiled twice: what picks one would else be seen outside the library.
ALSO_AVX2 static void add_digits(uint16_t *restrict word, uint16_t power,
                                 const uint8_t *restrict value, int n) {
    for (int i = 0; i < n; i++)
        word[i] = (uint16_t)(word[i] + value[i] * power);
}

void kernel_add_digits(uint16_t *word, uint16_t power, const uint8_t *value, int n) {
    add_digits(word, power, value, n);
}

ALSO_AVX2 static void first_digits(uint16_t *restrict word, uint16_t power,
                                   const uint8_t *restrict value, int n) {
    for (int i = 0; i < n; i++)
        word[i] = (uint16_t)(value[i] * power);
}

void kernel_first_digits(uint16_t *word, uint16_t power, const uint8_t *value, int n) {
    first_digits(word, power, value, n);
}
