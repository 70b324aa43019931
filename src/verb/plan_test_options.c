// What a trial is to be, as the options say it.
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "verb/plan_test.h"

enum status plan_test_design(const struct call *c, struct test_design *t, struct err *err) {
    *t = (struct test_design){.alpha = 0.05, .power = 0.8};
    TRY(args_number(&c->args, "--alpha", 0, 0.5,
                    "a probability above 0 and below 0.5, such as 0.05 for 5 %", &t->alpha, err));
    return args_number(
        &c->args, "--power", t->alpha, 1,
        "a probability above that of --alpha and below 1, such as 0.8: nothing is ever certain",
        &t->power, err);
}

static enum status refuse_arms(struct err *err, const char *text, const char *why) {
    return err_set(err, MISUSED, "--arms %s: %s", text, why);
}

// "control=0.1": up to `n` bytes.
static enum status read_arm(struct test_plan *p, const char *text, const char *at, size_t n,
                            struct err *err) {
    const char *equals = memchr(at, '=', n);
    struct planned_arm *arm = &p->arm[p->arms];
    if (!equals || equals == at)
        return refuse_arms(err, text, "write NAME=SHARE,NAME=SHARE, the control first");
    arm->name = (struct str){at, (size_t)(equals - at)};
    struct str share = {equals + 1, n - arm->name.n - 1};
    if (!number_double(share, '.', &arm->share) || !(arm->share > 0 && arm->share < 1))
        return err_set(err, MISUSED,
                       "--arms %s: the share of '%.*s' must be above 0, or the arm is empty, and "
                       "below 1: 0.1 is 10 %%",
                       text, (int)arm->name.n, arm->name.p);
    for (int i = 0; i < p->arms; i++)
        if (str_eq(p->arm[i].name, arm->name))
            return err_set(err, MISUSED, "--arms %s: two arms are named '%.*s'", text,
                           (int)arm->name.n, arm->name.p);
    p->arms++;
    return DONE;
}

enum status plan_test_arms(const struct call *c, struct test_plan *p, struct err *err) {
    const char *text = args_value(&c->args, "--arms"), *at = text ? text : "control=0.5,offer=0.5";
    double sum = 0;
    p->arm = arena_array(c->arena, PLANNED_ARMS_MOST, sizeof *p->arm);
    for (size_t n; at; at = at[n] ? at + n + 1 : NULL) {
        n = strcspn(at, ",");
        if (p->arms == PLANNED_ARMS_MOST)
            return refuse_arms(err, text, "there can be 16 arms");
        TRY(read_arm(p, text, at, n, err));
        sum += p->arm[p->arms - 1].share;
    }
    if (p->arms < 2)
        return refuse_arms(err, text, "with one arm there is nothing to compare");
    if (fabs(sum - 1) > 1e-9)
        return err_set(err, MISUSED, "--arms %s: the shares add up to %.10g, not to 1", text, sum);
    return DONE;
}

enum status plan_test_effect(const struct call *c, struct wanted_effect *out, struct err *err) {
    const char *text = args_value(&c->args, "--effect");
    size_t n = text ? strlen(text) : 0;
    bool share = n && text[n - 1] == '%';
    double x = 0;
    *out = (struct wanted_effect){0, 0};
    if (!text)
        return DONE;
    if (!number_double((struct str){text, n - share}, '.', &x) || x == 0)
        return err_set(err, MISUSED,
                       "--effect takes a change of the outcome that is not 0: 0.005, or 5%% for a "
                       "twentieth of what it is; got '%s'",
                       text);
    *(share ? &out->share : &out->own) = share ? x / 100 : x;
    return DONE;
}

// What was given in the place of data.
enum status plan_test_given(const struct call *c, struct baseline *b, bool *given,
                            struct err *err) {
    double rate = NAN;
    struct outcome_spread *y = &b->spread;
    *y = (struct outcome_spread){.mean = NAN, .sd = NAN};
    TRY(args_number(&c->args, "--rate", 0, 1, "a share above 0 and below 1, such as 0.05 for 5 %",
                    &rate, err));
    TRY(args_number(&c->args, "--mean", -INFINITY, INFINITY, "a number", &y->mean, err));
    TRY(args_number(&c->args, "--sd", 0, INFINITY, "a number above 0", &y->sd, err));
    y->rate = !isnan(rate);
    *given = y->rate || !isnan(y->sd);
    if (y->rate && (!isnan(y->sd) || !isnan(y->mean)))
        return err_set(err, MISUSED,
                       "--rate is of an outcome that is yes or no, --mean and --sd of "
                       "a number: give one of them");
    if (!y->rate && !isnan(y->mean) && isnan(y->sd))
        return err_set(err, MISUSED, "--mean says how much; say --sd, too: how much it varies");
    if (y->rate) {
        y->mean = rate;
        y->sd = sqrt(rate * (1 - rate));
    }
    return DONE;
}
