// Reading is Clinger's fast path (an exact integer times or divided by an exact power of ten is
// correctly rounded) with the C library's strtod in the "C" locale behind it. Printing tries few
// decimals first, then rounds to 15, 16 and 17 digits until these read back the same: by integers
// where 128 bits hold all of a double times a power of ten, else by asking printf.
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

bool number_grouped(struct str text) {
    if (text.n < 5 || text.n > 7 || text.p[0] == '0' || text.p[text.n - 4] != '.')
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (i != text.n - 4 && !number_digit(text.p[i]))
            return false;
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

// ---- printing doubles -------------------------------------------------------------------------

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

// A positive double, mantissa / 2^shift, exactly as a number of 17 digits and a fraction:
// n / 2^shift, which is 10^power times as much. `unit` is what the last bit of the mantissa counts
// for in n.
struct scaled {
    uint64_t mantissa;
    unsigned __int128 n, unit;
    int shift, power;
};

static void scale_by(struct scaled *s, int power) {
    s->power = power;
    s->unit = (unsigned __int128)tens[power];
    s->n = s->mantissa * s->unit;
}

// False: n may take more than 128 bits.
static bool scale(double magnitude, struct scaled *s) {
    uint64_t bits, mantissa = (uint64_t)1 << 52;
    memcpy(&bits, &magnitude, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    if (exponent < -19 || exponent > 52)
        return false;
    s->mantissa = mantissa | (bits & (mantissa - 1));
    s->shift = 52 - exponent;
    scale_by(s, 16 - (int)floor(exponent * 0.30103)); // log10 of 2: 17 digits, or one more
    if (s->n >> s->shift >= (uint64_t)tens[17])
        scale_by(s, s->power - 1);
    return true;
}

// To a multiple of `step`; of two that are as near, the even one, as printf does.
static uint64_t round_to(const struct scaled *s, uint64_t step) {
    uint64_t times = (uint64_t)(s->n >> s->shift) / step;
    unsigned __int128 whole = (unsigned __int128)step << s->shift,
                      twice = 2 * (s->n - times * whole);
    return (times + (twice > whole || (twice == whole && times % 2 == 1))) * step;
}

// Whether no other double is nearer to `digits`. (No tie needs a rule: half way between two doubles
// takes 18 digits or more, or stands between whole numbers, which are printed exactly. The double
// below a power of two is half as far away, which matters for none of the 72 powers in question:
// the tests print them all.)
static bool is_nearest(const struct scaled *s, uint64_t digits) {
    unsigned __int128 read = (unsigned __int128)digits << s->shift;
    return 2 * (read < s->n ? s->n - read : read - s->n) < s->unit;
}

static bool shorten(double magnitude, struct decimal *d) {
    struct scaled s;
    if (!scale(magnitude, &s))
        return false;
    *d = (struct decimal){.power = -s.power};
    for (uint64_t step = 100; step > 0; step /= 10) {
        d->digits = round_to(&s, step);
        if (is_nearest(&s, d->digits))
            break;
    }
    return true;
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

static void shorten_slowly(double magnitude, struct decimal *d) {
    for (int digits = 15;; digits++) {
        char text[64], plain[64];
        double back;
        snprintf(text, sizeof text, "%.*e", digits - 1, magnitude);
        struct str s = {plain, (size_t)copy_digits(text, plain)};
        if (digits == 17 || (number_double(s, '.', &back) && back == magnitude)) {
            read_decimal(s, '.', d);
            return;
        }
    }
}

// Without exponent where that is short.
static int print_decimal(const struct decimal *d, char *out) {
    char digits[NUMBER_MAX];
    int n = number_print_integer((int64_t)d->digits, digits), size = 0;
    int power = (int)d->power + n - 1, whole = power + 1; // digits before the point
    while (n > 1 && digits[n - 1] == '0')
        n--;
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
    struct decimal d;
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
    if (!shorten(fabs(x), &d))
        shorten_slowly(fabs(x), &d);
    bool negative = signbit(x);
    if (negative)
        *out = '-';
    return negative + print_decimal(&d, out + negative);
}
