// Loops over vectors of up to EXPR_BLOCK values: what the operators do to a whole block. They know
// no tree and no missing values; a row that does not count is computed like the others.
#ifndef PATRON_EXPR_KERNEL_H
#define PATRON_EXPR_KERNEL_H

#include "expr/tree.h"

// An operand: n values (int64_t or double), or one for all rows.
struct lane {
    const void *p;
    bool single;
};

// Arithmetic; at most one lane is single. Integer division and modulo by 0 give 0.
void kernel_integers(enum op op, int64_t *out, struct lane x, struct lane y, int n);
void kernel_floats(enum op op, double *out, struct lane x, struct lane y, int n);
// Comparisons of integers and floats, as the shapes say; at most one lane is single.
void kernel_compare(enum op op, uint8_t *out, struct lane x, enum shape sx, struct lane y,
                    enum shape sy, int n);
void kernel_compare_flags(enum op op, uint8_t *out, const uint8_t *x, const uint8_t *y, int n);
// x where the mask is 1, else y; at most one lane is single.
void kernel_choose_integers(int64_t *out, const uint8_t *mask, struct lane x, struct lane y, int n);
void kernel_choose_floats(double *out, const uint8_t *mask, struct lane x, struct lane y, int n);
void kernel_choose_flags(uint8_t *out, const uint8_t *mask, const uint8_t *x, const uint8_t *y,
                         int n);

void kernel_negate_integers(int64_t *out, const int64_t *x, int n);
void kernel_negate_floats(double *out, const double *x, int n);
void kernel_to_floats(double *out, const int64_t *x, int n);
// Minor units to major units, `scale` minor ones each.
void kernel_money(double *out, const int64_t *x, double scale, int n);
void kernel_days(int64_t *out, const int32_t *x, int n);
// 1 where the code is the given one, or where `out` is 1 already.
void kernel_or_code(uint8_t *out, const int32_t *x, int32_t code, int n);
// One value of 8 bytes for all.
void kernel_fill(void *out, const void *value, int n);
// n bits from the bit `first` on, as bytes.
void kernel_unpack(uint8_t *out, const uint64_t *bits, int64_t first, int n);

// Flags: bytes of 0 and 1, combined in place.
void kernel_not(uint8_t *x, int n);
void kernel_and(uint8_t *x, const uint8_t *y, int n);
void kernel_and_not(uint8_t *x, const uint8_t *y, int n);
void kernel_or(uint8_t *x, const uint8_t *y, int n);
// Rows that live, have not stopped and are bad stop, for the given reason.
void kernel_stop(uint8_t *stop, const uint8_t *live, const uint8_t *bad, enum stop why, int n);
// The enum truth of a clause: what it came to where it lives and had not stopped before.
void kernel_outcome(uint8_t *out, const uint8_t *live, const uint8_t *before, const uint8_t *stop,
                    const uint8_t *truth, int n);
// Adds to every word the value at its place, times the power.
void kernel_add_digits(uint16_t *word, uint16_t power, const uint8_t *value, int n);
// The same as if all words were 0: they are not looked at.
void kernel_first_digits(uint16_t *word, uint16_t power, const uint8_t *value, int n);

#endif
