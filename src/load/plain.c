// The digits without the point, and where the point stands among them, are put together anew.
#include "load/plain.h"

#include "base/number.h"

struct digits {
    char digit[PLAIN_MAX];
    int n;     // digits, the first of them not 0
    int point; // digits before the point; may lie beyond both ends
};

// False if there are too many. Zeros in front only move the point.
static bool take_digits(struct str *text, struct digits *d, bool fraction) {
    for (; text->n > 0 && number_digit(*text->p); text->p++, text->n--) {
        d->point += !fraction && (d->n > 0 || *text->p != '0');
        d->point -= fraction && d->n == 0 && *text->p == '0';
        if (d->n == 0 && *text->p == '0')
            continue;
        if (d->n == PLAIN_MAX)
            return false;
        d->digit[d->n++] = *text->p;
    }
    return true;
}

static int exponent(struct str text) {
    int x = 0;
    bool minus = text.n > 0 && *text.p == '-';
    for (size_t i = 0; i < text.n && x < 10000; i++)
        if (number_digit(text.p[i]))
            x = x * 10 + (text.p[i] - '0');
    return minus ? -x : x;
}

static bool read_digits(struct str text, struct digits *d) {
    if (!take_digits(&text, d, false))
        return false;
    if (text.n > 0 && *text.p == '.') {
        text = (struct str){text.p + 1, text.n - 1};
        if (!take_digits(&text, d, true))
            return false;
    }
    if (text.n > 0)
        d->point += exponent((struct str){text.p + 1, text.n - 1});
    while (d->n > 0 && d->digit[d->n - 1] == '0')
        d->n--;
    if (d->n == 0)
        d->point = 0;
    return true;
}

static bool is_digits(struct str text) {
    for (size_t i = 1; i < text.n; i++)
        if (!number_digit(text.p[i]))
            return false;
    return true;
}

struct str plain_number(struct str text, char decimal, char out[PLAIN_MAX]) {
    struct digits d = {.n = 0};
    bool minus = *text.p == '-';
    size_t n = 0;
    if (is_digits(text) || !read_digits((struct str){text.p + minus, text.n - minus}, &d))
        return text;
    int first = d.point < 1 ? d.point - 1 : 0, last = d.n > d.point ? d.n : d.point;
    if (last - first > PLAIN_MAX - 3)
        return text;
    if (minus)
        out[n++] = '-';
    for (int i = first; i < last || i == first; i++) {
        if (i == d.point && i > first)
            out[n++] = decimal;
        out[n++] = i >= 0 && i < d.n ? d.digit[i] : '0';
    }
    return (struct str){out, n};
}

struct str plain_spelling(struct str text, char decimal, char out[PLAIN_MAX]) {
    if (decimal == '.' || text.n > PLAIN_MAX)
        return text;
    for (size_t i = 0; i < text.n; i++)
        out[i] = text.p[i] == '.' ? decimal : text.p[i];
    return (struct str){out, text.n};
}
