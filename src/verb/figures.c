#include "verb/figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"

// To so many digits, the last one rounded.
double round_digits(double x, int digits) {
    if (x == 0 || !isfinite(x))
        return x;
    int places = digits - 1 - (int)floor(log10(fabs(x)));
    double scale = pow(10, abs(places)); // a whole number: a tenth is none in binary
    return places < 0 ? round(x / scale) * scale : round(x * scale) / scale;
}

double change_of(double before, double after) {
    return fabs(after - before) > 1e-9 * fmax(fabs(before), fabs(after)) ? after - before : 0;
}

static const double NOTHING = 5e-5; // what is nearer to 0 reads 0

static void about(struct buf *out, double x, int digits) {
    static const struct {
        double from, unit;
        const char *suffix;
    } units[] = {{1e9, 1e9, "G"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}, {0, 1, ""}};
    x = fabs(x) < NOTHING ? 0 : round_digits(x, digits);
    if (isnan(x)) {
        buf_z(out, "not known");
        return;
    }
    for (int i = 0;; i++) {
        char number[NUMBER_MAX];
        if (fabs(x) < units[i].from)
            continue;
        double shown = round_digits(x / units[i].unit, digits);
        buf_printf(out, "%.*s%s", number_print(shown, number), number, units[i].suffix);
        return;
    }
}

void money_about(struct buf *out, double x, enum grade grade) {
    about(out, fabs(x) < 0.005 ? 0 : x, grade == GRADE_ASSUMED ? 2 : 5); // no cent: nothing
}

static void print_spread(struct buf *out, const struct spread *s, enum grade grade,
                         void (*print)(struct buf *out, double x, enum grade grade)) {
    print(out, s->mean, grade);
    buf_z(out, " [");
    print(out, s->p5, grade);
    buf_z(out, "..");
    print(out, s->p95, grade);
    buf_z(out, "]");
}

void spread_about(struct buf *out, const struct spread *s, enum grade grade) {
    print_spread(out, s, grade, money_about);
}

void shares_about(struct buf *out, const struct spread *s, enum grade grade) {
    print_spread(out, s, grade, share_about);
}

void assumption_about(struct buf *out, const struct assumptions *a, int assumed) {
    char number[NUMBER_MAX];
    const struct assumption *k = &assumption[assumed];
    buf_printf(out, "  %s %.*s (%s)%s   %s\n", k->name, number_print(a->value[assumed], number),
               number, k->unit, a->given[assumed] ? ", given" : "", k->help);
}

void spread_fields(struct json *j, const struct spread *s) {
    json_field_number(j, "mean", s->mean);
    json_field_number(j, "p5", s->p5);
    json_field_number(j, "p50", s->p50);
    json_field_number(j, "p95", s->p95);
}

void spread_json(struct json *j, const struct spread *s) {
    json_open(j, '{');
    spread_fields(j, s);
    json_close(j, '}');
}

void share_about(struct buf *out, double x, enum grade grade) {
    about(out, x, grade == GRADE_ASSUMED ? 2 : 4);
}

void chance_about(struct buf *out, double p) {
    if (p < 0.005 || p >= 0.995)
        buf_z(out, p < 0.5 ? "under 0.01" : "over 0.99");
    else
        buf_printf(out, "%.2f", p);
}

void spread_field(struct json *j, const char *name, const struct spread *s) {
    json_key(j, str_of(name));
    spread_json(j, s);
}
