// Civil calendar arithmetic on day numbers: years run from March, so that the leap day comes last
// (the method of Howard Hinnant's "chrono-compatible low-level date algorithms").
#include "base/date.h"

#include "base/number.h"

static int32_t date_of(int year, int month, int day) {
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + days - 719468;
}

void date_split(int32_t date, int *year, int *month, int *day) {
    int64_t z = (int64_t)date + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = (int)(z - era * 146097);
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;
    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m + (m < 10 ? 3 : -9);
    *year = y + (int)era * 400 + (*month <= 2);
}

static int month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool date_valid(int year, int month, int day) {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

int32_t date_add_months(int32_t date, long n) {
    int year, month, day;
    date_split(date, &year, &month, &day);
    long months = year * 12L + month - 1 + n;
    if (months < 12)
        return DATE_MIN;
    if (months > 9999 * 12L + 11)
        return DATE_MAX;
    year = (int)(months / 12);
    month = (int)(months % 12) + 1;
    int last = month_days(year, month);
    return date_of(year, month, day < last ? day : last);
}

long date_months_between(int32_t a, int32_t b) {
    int y1, m1, d1, y2, m2, d2;
    date_split(a, &y1, &m1, &d1);
    date_split(b, &y2, &m2, &d2);
    long n = (y2 - y1) * 12L + (m2 - m1);
    return date_add_months(a, n) <= b ? n : n - 1;
}

// The part of a date that a run of format letters stands for, and how many digits it may have.
struct part {
    char letter;
    int run, least, most;
};

static const struct part parts[] = {
    {'Y', 4, 4, 4}, {'Y', 2, 2, 2}, {'M', 2, 2, 2}, {'M', 1, 1, 2}, {'D', 2, 2, 2}, {'D', 1, 1, 2},
};

static const struct part *part_at(struct str format, size_t i) {
    size_t run = 0;
    while (i + run < format.n && format.p[i + run] == format.p[i])
        run++;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (parts[k].letter == format.p[i] && parts[k].run == (int)run)
            return &parts[k];
    return NULL;
}

static bool is_letter(char c) {
    return c == 'Y' || c == 'M' || c == 'D';
}

bool date_format_valid(struct str format) {
    int years = 0, months = 0, days = 0;
    for (size_t i = 0; i < format.n;) {
        if (!is_letter(format.p[i])) {
            i++;
            continue;
        }
        const struct part *part = part_at(format, i);
        if (!part)
            return false;
        years += part->letter == 'Y';
        months += part->letter == 'M';
        days += part->letter == 'D';
        i += (size_t)part->run;
    }
    return years == 1 && months == 1 && days == 1;
}

// Reads between `least` and `most` digits at *at.
static bool digits(struct str text, size_t *at, int least, int most, int *out) {
    int n = 0;
    for (*out = 0; n < most && *at < text.n && number_digit(text.p[*at]); n++)
        *out = *out * 10 + (text.p[(*at)++] - '0');
    return n >= least;
}

// What may stand behind a date: "T10:00:00Z", " 08:26", "T10:00+08:00", " 10:00:00.123 AM".
static bool time_follows(struct str rest) {
    if (rest.n < 5 || (rest.p[0] != 'T' && rest.p[0] != ' '))
        return false;
    bool colon = false;
    for (size_t i = 1; i < rest.n; i++) {
        char c = rest.p[i];
        bool fits = number_digit(c) || c == ':' || c == '.' || c == '+' || c == '-' || c == ' ' ||
                    c == 'Z' || c == 'A' || c == 'P' || c == 'M';
        if (!fits)
            return false;
        colon = colon || c == ':';
    }
    return colon && number_digit(rest.p[1]);
}

struct parts {
    int year, month, day;
};

static bool read_parts(struct str text, struct str format, struct parts *out, bool *had_time) {
    size_t at = 0;
    *had_time = false;
    for (size_t i = 0; i < format.n;) {
        if (!is_letter(format.p[i])) {
            if (at >= text.n || text.p[at] != format.p[i])
                return false;
            at++;
            i++;
            continue;
        }
        const struct part *part = part_at(format, i);
        int *target = part->letter == 'Y'   ? &out->year
                      : part->letter == 'M' ? &out->month
                                            : &out->day;
        if (!digits(text, &at, part->least, part->most, target))
            return false;
        if (part->letter == 'Y' && part->run == 2)
            out->year += out->year < 70 ? 2000 : 1900; // as strptime pivots, near enough
        i += (size_t)part->run;
    }
    *had_time = at < text.n;
    return at == text.n || time_follows((struct str){text.p + at, text.n - at});
}

bool date_shaped(struct str text, struct str format) {
    struct parts p = {0};
    bool had_time;
    return read_parts(text, format, &p, &had_time);
}

bool date_parse(struct str text, struct str format, int32_t *out, bool *had_time) {
    struct parts p = {0};
    if (!read_parts(text, format, &p, had_time) || !date_valid(p.year, p.month, p.day))
        return false;
    *out = date_of(p.year, p.month, p.day);
    return true;
}

static char *two(char *p, int x) {
    *p++ = (char)('0' + x / 10);
    *p++ = (char)('0' + x % 10);
    return p;
}

int date_print(int32_t date, char *out) {
    int year, month, day;
    date_split(date, &year, &month, &day);
    char *p = two(out, year / 100);
    p = two(p, year % 100);
    *p++ = '-';
    p = two(p, month);
    *p++ = '-';
    two(p, day);
    return 10;
}
