#include "months/elasticity.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/str.h"

static const char *const changes[] = {"retention", "frequency", "spend", "margin"};

static bool change_name(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i >= sizeof changes / sizeof *changes)
        return false;
    *out = str_of(changes[i]);
    return true;
}

enum status elasticity_read(const char *text, struct elasticity *out, struct err *err) {
    double *const field[] = {&out->retention, &out->frequency, &out->spend, &out->margin};
    const char *equals = strchr(text, '=');
    struct str name = {text, equals ? (size_t)(equals - text) : strlen(text)}, found, near;
    double x;
    size_t i = 0;
    while (change_name(NULL, i, &found) && !str_eq(name, found))
        i++;
    near = str_nearest(name, change_name, NULL);
    if (i == sizeof changes / sizeof *changes)
        return err_set(err, MISUSED,
                       "--elasticity %s: there is no %.*s to change%s%.*s%s; it takes retention, "
                       "frequency, spend or margin",
                       text, (int)name.n, name.p, near.n ? ", did you mean " : "", (int)near.n,
                       near.p, near.n ? "?" : "");
    struct str number = str_of(equals ? equals + 1 : "");
    if (number.n > 1 && *number.p == '+')
        number = (struct str){number.p + 1, number.n - 1};
    if (!number_double(number, '.', &x) || fabs(x) > 1)
        return err_set(err, MISUSED,
                       "--elasticity %s: the change is a share from -1 to 1, such as "
                       "retention=+0.05 (5 points) or frequency=+0.05 (5 in a hundred)",
                       text);
    *field[i] = x;
    return DONE;
}
