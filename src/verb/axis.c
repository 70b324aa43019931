#include "verb/axis.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "verb/figures.h"

enum { VALUES_MOST = 1000 };

static enum status find_param(struct arena *a, const struct policy *p, struct str name,
                              const char *text, const struct param **out, struct err *err) {
    int i = policy_param(p, name);
    *out = i < 0 ? NULL : &p->param[i];
    if (*out)
        return DONE;
    return policy_no_param(a, p, name, arena_printf(a, "--sweep %s", text), err);
}

static enum status check_range(const struct param *p, const char *text, double value,
                               struct err *err) {
    if (!p->ranged || (p->from <= value && value <= p->to))
        return DONE;
    return err_set(err, MISUSED, "--sweep %s: the policy allows %g to %g", text, p->from, p->to);
}

static void put_number(struct arena *a, struct axis *x, double value) {
    char number[NUMBER_MAX];
    x->value[x->n++] = str_of(arena_copy(a, number, (size_t)number_print(value, number)));
}

// ---- from..to:steps -----------------------------------------------------------------------------

struct range {
    double from, to;
    int64_t steps;
};

static bool read_number(const struct param *p, struct str text, double *out) {
    return number_double(text, '.', out) && (p->type != TYPE_INTEGER || *out == floor(*out));
}

static bool read_range(const struct param *p, const char *values, const char *dots,
                       struct range *out) {
    const char *colon = strrchr(values, ':');
    return colon && colon > dots &&
           read_number(p, (struct str){values, (size_t)(dots - values)}, &out->from) &&
           read_number(p, (struct str){dots + 2, (size_t)(colon - dots - 2)}, &out->to) &&
           number_integer(str_of(colon + 1), &out->steps);
}

static enum status check_steps(const struct param *p, const char *text, const struct range *r,
                               struct err *err) {
    double width = fabs(r->to - r->from);
    if (r->steps < 2 || r->steps > VALUES_MOST || width == 0)
        return err_set(err, MISUSED, "--sweep %s: it takes 2 to %d steps between two numbers", text,
                       VALUES_MOST);
    if (p->type == TYPE_INTEGER && width + 1 < (double)r->steps)
        return err_set(err, MISUSED,
                       "--sweep %s: there are only %.0f whole numbers from %g to %g, so take as "
                       "many steps at most",
                       text, width + 1, r->from, r->to);
    return DONE;
}

// Both ends are met, and whole numbers stay whole.
static enum status read_steps(struct arena *a, const struct param *p, const char *text,
                              const char *values, const char *dots, struct axis *out,
                              struct err *err) {
    struct range r;
    if (p->type != TYPE_INTEGER && p->type != TYPE_NUMBER)
        return err_set(err, MISUSED,
                       "--sweep %s: %.*s is no number; name the values it is to have: %.*s=%s",
                       text, (int)p->name.n, p->name.p, (int)p->name.n, p->name.p,
                       p->type == TYPE_FLAG ? "true,false" : "one,another");
    if (!read_range(p, values, dots, &r))
        return err_set(err, MISUSED,
                       "--sweep %s: a range is FROM..TO:STEPS, of %s numbers, such as %s", text,
                       p->type == TYPE_INTEGER ? "whole" : "decimal",
                       p->type == TYPE_INTEGER ? "10..50:5" : "0..0.5:6");
    TRY(check_steps(p, text, &r, err));
    TRY(check_range(p, text, r.from, err));
    TRY(check_range(p, text, r.to, err));
    out->value = arena_array(a, (size_t)r.steps, sizeof *out->value);
    double last = (double)(r.steps - 1);
    for (int64_t i = 0; i < r.steps; i++) {
        double value = ((last - (double)i) * r.from + (double)i * r.to) / last;
        put_number(a, out, p->type == TYPE_INTEGER ? round(value) : round_digits(value, 15));
    }
    return DONE;
}

// ---- value,value,... ----------------------------------------------------------------------------

static enum status read_value(struct arena *a, const struct param *p, const char *text,
                              struct str value, struct axis *out, struct err *err) {
    double number;
    if (p->type == TYPE_INTEGER || p->type == TYPE_NUMBER) {
        if (!read_number(p, value, &number))
            return err_set(err, MISUSED, "--sweep %s: '%.*s' is no %s number", text, (int)value.n,
                           value.p, p->type == TYPE_INTEGER ? "whole" : "decimal");
        put_number(a, out, number);
        return check_range(p, text, number, err);
    }
    if (p->type == TYPE_FLAG && !str_is(value, "true") && !str_is(value, "false"))
        return err_set(err, MISUSED, "--sweep %s: '%.*s' is neither true nor false", text,
                       (int)value.n, value.p);
    out->value[out->n++] = value;
    return DONE;
}

static enum status read_list(struct arena *a, const struct param *p, const char *text,
                             const char *values, struct axis *out, struct err *err) {
    size_t n = 1;
    for (const char *c = values; *c; c++)
        n += *c == ',';
    if (n < 2 || n > VALUES_MOST)
        return err_set(err, MISUSED,
                       "--sweep %s: it takes %.*s=FROM..TO:STEPS, or 2 to %d values with commas "
                       "between",
                       text, (int)p->name.n, p->name.p, VALUES_MOST);
    out->value = arena_array(a, n, sizeof *out->value);
    for (const char *at = values; at;) {
        const char *end = strchr(at, ',');
        struct str value = {at, end ? (size_t)(end - at) : strlen(at)};
        TRY(read_value(a, p, text, value, out, err));
        at = end ? end + 1 : NULL;
    }
    return DONE;
}

enum status axis_read(struct arena *a, const struct policy *p, const char *text, struct axis *out,
                      struct err *err) {
    const char *equals = strchr(text, '=');
    const struct param *param;
    if (!equals || equals == text)
        return err_set(err, MISUSED,
                       "--sweep takes NAME=FROM..TO:STEPS or NAME=VALUE,VALUE,..., got '%s'", text);
    TRY(find_param(a, p, (struct str){text, (size_t)(equals - text)}, text, &param, err));
    *out = (struct axis){.name = param->name, .type = param->type};
    const char *values = equals + 1, *dots = strstr(values, "..");
    return dots ? read_steps(a, param, text, values, dots, out, err)
                : read_list(a, param, text, values, out, err);
}
