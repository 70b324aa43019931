#include "base/money.h"

#include <math.h>

#include "base/number.h"

// ISO 4217 currencies whose minor unit is not a hundredth.
static const struct {
    const char *code;
    int decimals;
} unusual[] = {
    {"BIF", 0}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"ISK", 0}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0},
    {"PYG", 0}, {"RWF", 0}, {"UGX", 0}, {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
    {"BHD", 3}, {"IQD", 3}, {"JOD", 3}, {"KWD", 3}, {"LYD", 3}, {"OMR", 3}, {"TND", 3},
};

int money_decimals(struct str currency) {
    if (currency.n != 3)
        return -1;
    for (size_t i = 0; i < 3; i++)
        if (currency.p[i] < 'A' || currency.p[i] > 'Z')
            return -1;
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
        if (str_is(currency, unusual[i].code))
            return unusual[i].decimals;
    return 2;
}

int64_t money_scale(int decimals) {
    static const int64_t scales[] = {1, 10, 100, 1000, 10000};
    return scales[decimals];
}

bool money_parse(struct str text, char decimal, int decimals, int64_t *out, bool *rounded) {
    size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');
    bool negative = i && text.p[0] == '-', any = false, point = false, rest = false;
    int64_t minor = 0;
    int places = 0, next = 0; // next: the first digit that is cut off
    for (; i < text.n; i++) {
        char c = text.p[i];
        if (c == decimal && !point) {
            point = true;
        } else if (!number_digit(c)) {
            return false;
        } else if (places < decimals || !point) {
            any = true;
            minor = minor * 10 + (c - '0');
            places += point;
            if (minor > MONEY_MAX)
                return false;
        } else {
            any = true;
            if (places++ == decimals)
                next = c - '0';
            else
                rest = rest || c != '0';
        }
    }
    for (; places < decimals; places++)
        minor *= 10;
    if (!any || minor > MONEY_MAX)
        return false;
    *rounded = next || rest;
    if (next > 5 || (next == 5 && (rest || minor % 2)))
        minor++;
    *out = negative ? -minor : minor;
    return true;
}

bool money_round(double x, int decimals, int64_t *out) {
    if (x == 0) { // as what nothing costs is, which is asked for often
        *out = 0;
        return true;
    }
    double minor = nearbyint(x * (double)money_scale(decimals));
    if (!(fabs(minor) <= (double)MONEY_MAX))
        return false;
    *out = (int64_t)minor;
    return true;
}

int64_t money_within(double minor) {
    return (int64_t)nearbyint(fmin(fmax(minor, -(double)MONEY_MAX), (double)MONEY_MAX));
}

double money_major(int64_t minor, int decimals) {
    return (double)minor / (double)money_scale(decimals);
}

int money_print(int64_t minor, int decimals, char *out) {
    int64_t scale = money_scale(decimals), whole = minor / scale, part = minor % scale;
    int n = 0;
    if (minor < 0)
        out[n++] = '-';
    n += number_print_integer(whole < 0 ? -whole : whole, out + n);
    if (decimals == 0)
        return n;
    out[n++] = '.';
    part = part < 0 ? -part : part;
    for (int64_t unit = scale / 10; unit; unit /= 10)
        out[n++] = (char)('0' + part / unit % 10);
    return n;
}
