// Reading is Clinger's fast path (an exact integer times or divided by an exact power of ten is
// correctly rounded) with the C library's strtod in the "C" locale behind it. Printing tries few
// decimals first, then asks printf for 15, 16 and 17 digits until the text reads back the same.
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool number_integer(struct str text, int64_t *out) {
    size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');
    bool negative = i && text.p[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + negative, x = 0;
    if (i == text.n)
        return false;
    for (; i < text.n; i++) {
        if (!number_digit(text.p[i]))
            return false;
        uint64_t digit = (uint64_t)(text.p[i] - '0');
        if (x > (limit - digit) / 10)
            return false;
        x = x * 10 + digit;
    }
    *out = (int64_t)(negative ? 0 - x : x);
    return true;
}

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

// The slow way, for more digits than a double's integer holds or a large exponent.
static bool read_slowly(struct str text, char decimal, double *out) {
    char copy[512], *end;
    if (text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (decimal != '.') {
        char *sign = strchr(copy, decimal);
        if (sign)
            *sign = '.';
    }
    pthread_once(&c_locale_once, make_c_locale);
    *out = strtod_l(copy, &end, c_locale);
    return isfinite(*out);
}

// The parts of a decimal number: digits as an integer, and the power of ten they stand at.
struct decimal {
    bool negative, exact; // exact: the digits fit in 2^53
    uint64_t digits;
    int64_t power;
};

static bool read_exponent(struct str text, size_t i, int64_t *power) {
    struct str rest = {text.p + i, text.n - i};
    int64_t exponent;
    if (!number_integer(rest, &exponent))
        return false;
    if (exponent > 9999)
        exponent = 9999;
    if (exponent < -9999)
        exponent = -9999;
    *power += exponent;
    return true;
}

static bool read_decimal(struct str text, char decimal, struct decimal *d) {
    size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');
    bool any = false, point = false;
    *d = (struct decimal){.negative = i && text.p[0] == '-', .exact = true};
    for (; i < text.n; i++) {
        char c = text.p[i];
        if (number_digit(c)) {
            any = true;
            d->power -= point;
            if (d->digits < (uint64_t)1 << 59)
                d->digits = d->digits * 10 + (uint64_t)(c - '0');
            else
                d->exact = false;
        } else if (c == decimal && !point) {
            point = true;
        } else if ((c == 'e' || c == 'E') && any) {
            return read_exponent(text, i + 1, &d->power);
        } else {
            return false;
        }
    }
    return any;
}

bool number_double(struct str text, char decimal, double *out) {
    struct decimal d;
    if (!read_decimal(text, decimal, &d))
        return false;
    if (!d.exact || d.digits > (uint64_t)1 << 53 || d.power > 22 || d.power < -22)
        return read_slowly(text, decimal, out);
    double x = (double)d.digits;
    x = d.power < 0 ? x / tens[-d.power] : x * tens[d.power];
    *out = d.negative ? -x : x;
    return true;
}

int number_print_integer(int64_t x, char *out) {
    char digits[24];
    int n = 0, length = 0;
    uint64_t u = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    do {
        digits[n++] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (x < 0)
        out[length++] = '-';
    while (n)
        out[length++] = digits[--n];
    return length;
}

// Prints x with the fewest decimals (up to 6) if that reads back as x: r / 10^k is correctly
// rounded for r < 2^53, so the test is exact. Returns 0 if it takes more.
static int print_few_decimals(double x, char *out) {
    double magnitude = fabs(x);
    if (!(magnitude < 1e9))
        return 0;
    for (int k = 0; k <= 6; k++) {
        double r = nearbyint(magnitude * tens[k]);
        if (r / tens[k] != magnitude)
            continue;
        char digits[NUMBER_MAX];
        int n = number_print_integer((int64_t)r, digits), length = 0;
        if (signbit(x))
            out[length++] = '-';
        for (int i = n < k + 1 ? n - k - 1 : 0; i < n; i++) {
            if (i == n - k && k > 0)
                out[length++] = '.';
            out[length++] = i < 0 ? '0' : digits[i];
        }
        return length;
    }
    return 0;
}

// printf's radix character is the locale's: whatever stands between the first digit and the next
// digit (or the exponent) is replaced by a point.
static int copy_digits(const char *text, char *out) {
    int n = 0;
    const char *p = text;
    if (*p == '-')
        out[n++] = *p++;
    out[n++] = *p++;
    bool point = !number_digit(*p) && *p != 'e' && *p;
    while (*p && !number_digit(*p) && *p != 'e')
        p++;
    if (point)
        out[n++] = '.';
    while (*p)
        out[n++] = *p++;
    return n;
}

static int print_exact(double x, char *out) {
    for (int digits = 15;; digits++) {
        char text[64];
        double back;
        snprintf(text, sizeof text, "%.*e", digits - 1, x);
        int n = copy_digits(text, out);
        if (digits == 17 || (number_double((struct str){out, (size_t)n}, '.', &back) && back == x))
            return n;
    }
}

// "1.2500e+02" -> "125": digits and exponent to plain form where that is short.
static int plain(const char *text, int length, char *out) {
    char digits[NUMBER_MAX];
    int n = 0, i = 0, size = 0;
    if (text[0] == '-')
        out[size++] = text[i++];
    for (; text[i] != 'e'; i++)
        if (text[i] != '.')
            digits[n++] = text[i];
    int64_t power = 0;
    number_integer((struct str){text + i + 1, (size_t)(length - i - 1)}, &power);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    int whole = (int)power + 1; // digits before the point
    if (power < -5 || power > 16) {
        out[size++] = digits[0];
        if (n > 1)
            out[size++] = '.';
        memcpy(out + size, digits + 1, (size_t)n - 1);
        size += n - 1;
        out[size++] = 'e';
        if (power > 0)
            out[size++] = '+';
        return size + number_print_integer(power, out + size);
    }
    if (whole <= 0) {
        out[size++] = '0';
        out[size++] = '.';
        for (int k = whole; k < 0; k++)
            out[size++] = '0';
    }
    for (int k = 0; k < n || k < whole; k++) {
        if (k == whole && k > 0)
            out[size++] = '.';
        out[size++] = k < n ? digits[k] : '0';
    }
    return size;
}

int number_print(double x, char *out) {
    if (isnan(x)) {
        memcpy(out, "nan", 3);
        return 3;
    }
    if (isinf(x)) {
        memcpy(out, &"-inf"[x > 0], 4);
        return 3 + (x < 0);
    }
    int n = print_few_decimals(x, out);
    if (n)
        return n;
    char text[NUMBER_MAX + 8];
    n = print_exact(x, text);
    return plain(text, n, out);
}
