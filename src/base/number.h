// Numbers as text, in a form that no locale reaches.
#ifndef PATRON_BASE_NUMBER_H
#define PATRON_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define NUMBER_MAX 32 // bytes that the longest printed number needs

static inline bool number_digit(char c) {
    return c >= '0' && c <= '9';
}

// The whole text must be the number. Integers: optional sign, digits, within int64.
bool number_integer(struct str text, int64_t *out);
// Decimal numbers, optional exponent, correctly rounded; the decimal sign is given ('.' or ',').
// No hex, no "inf", no "nan"; too large is false.
bool number_double(struct str text, char decimal, double *out);
// Whether it looks like thousands as many countries write them, 20.000, and is read as 20.
bool number_grouped(struct str text);

// Shortest text that reads back as the same double, integers without a point: "3", "0.1", "1e+300".
// NaN and infinity, which no result holds, print as "nan", "inf". Return the length; no NUL.
int number_print(double x, char *out);
int number_print_integer(int64_t x, char *out);

#endif
