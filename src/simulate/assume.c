#include "simulate/assume.h"

#include <string.h>

#include "base/number.h"

const struct assumption assumption[ASSUMPTIONS] = {
    [ASSUME_EFFECT_SPREAD] = {"effect_spread", 0.5, 0, 10, "share of the effect",
                              "a plan that was never tried may bring nothing, or twice as much",
                              "standard deviation of an effect whose `sd` the policy does not say"},
    [ASSUME_BASE_SPREAD] = {"base_spread", 0.02, 0, 1, "share",
                            "a guess; in the generated bank a year was up to 0.03 off the next",
                            "standard deviation of a base rate: of one that the policy states, and "
                            "of what one year tells of the next"},
    [ASSUME_PACE_SPREAD] = {"pace_spread", 0.15, 0, 10, "share of the base",
                            "a guess; CDNOW's next months were up to 0.22 off, half within 0.1",
                            "standard deviation of what one period tells of the next of "
                            "purchases, spend and friends"},
    [ASSUME_VALUE_SPREAD] =
        {"value_spread", 0.1, 0, 10, "share of the value",
         "a guess; good models of buying are some per cent off in sum over a year",
         "standard deviation of what a success is worth, all customers alike"},
    [ASSUME_HORIZON] = {"horizon", 12, 1, 1200, "months", "a planning year",
                        "time over which what an offer is worth comes in, evenly"},
    [ASSUME_DISCOUNT] = {"discount", 0.12, 0, 10, "a year", "a usual cost of capital",
                         "rate at which money that comes later counts less"},
    [ASSUME_RETENTION] = {"retention", 0.8, 0, 1, "a year", "a usual figure of retail banks",
                          "share of customers who stay a year, where history is too short to tell"},
    [ASSUME_MARGIN] = {"margin", 1, 0, 1, "share of the revenue",
                       "an upper bound: nobody said what purchases cost",
                       "margin of a purchase, where transactions have no column `margin`"},
    [ASSUME_HISTORY] = {"history", 1, 0, 120, "months", "weak, so that a year outweighs it",
                        "of the base's mean pace that are added to a customer's own history"},
    [ASSUME_PURCHASES] = {"purchases", 0, 0, 1, "a month, 0 for any number",
                          "purchases that come by chance are as many as they are",
                          "purchases of a customer in a month at most: 1 for what is renewed"},
    [ASSUME_FATIGUE] = {"fatigue", 0.9, 0, 1, "share", "a usual figure of direct marketing",
                        "what each contact of the last year leaves of the next offer's effect"},
    [ASSUME_PULL_FORWARD] = {"pull_forward", 0.2, 0, 1, "share",
                             "promotions mostly move purchases, the less so the rarer they are",
                             "of further purchases that are missing when an effect has worn off"},
    [ASSUME_DIP] = {"dip", 3, 0, 24, "months", "a usual stock at home",
                    "time in which they are missing"},
};

struct assumptions assumptions_default(void) {
    struct assumptions a = {{0}, {false}};
    for (int i = 0; i < ASSUMPTIONS; i++)
        a.value[i] = assumption[i].value;
    return a;
}

static bool name_at(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i >= ASSUMPTIONS)
        return false;
    *out = str_of(assumption[i].name);
    return true;
}

static enum status refuse_name(struct str name, struct err *err) {
    struct str near = str_nearest(name, name_at, NULL);
    if (near.n)
        return err_set(err, MISUSED, "nothing is assumed under the name %.*s; did you mean %.*s?",
                       (int)name.n, name.p, (int)near.n, near.p);
    return err_set(
        err, MISUSED,
        "nothing is assumed under the name %.*s; the page of patron simulate lists what is",
        (int)name.n, name.p);
}

enum status assumptions_set(struct assumptions *a, const char *setting, struct err *err) {
    const char *equals = strchr(setting, '=');
    double value;
    if (!equals)
        return err_set(err, MISUSED, "--assume takes NAME=NUMBER, got %s", setting);
    struct str name = {setting, (size_t)(equals - setting)};
    for (int i = 0; i < ASSUMPTIONS; i++) {
        const struct assumption *k = &assumption[i];
        if (!str_is(name, k->name))
            continue;
        if (!number_double(str_of(equals + 1), '.', &value) || value < k->from || value > k->to)
            return err_set(err, MISUSED, "--assume %s takes a number from %g to %g (%s), got %s",
                           k->name, k->from, k->to, k->unit, equals + 1);
        a->value[i] = value;
        a->given[i] = true;
        return DONE;
    }
    return refuse_name(name, err);
}
