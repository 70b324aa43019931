// What nobody has said and a simulation needs all the same: stated defaults, which can be changed,
// and which are listed wherever they were used.
#ifndef PATRON_SIMULATE_ASSUME_H
#define PATRON_SIMULATE_ASSUME_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum assumed {
    ASSUME_EFFECT_SPREAD,
    ASSUME_BASE_SPREAD,
    ASSUME_PACE_SPREAD,
    ASSUME_VALUE_SPREAD,
    ASSUME_HORIZON,
    ASSUMPTIONS_OF_MONTHS, // from here on they matter to months alone
    ASSUME_DISCOUNT = ASSUMPTIONS_OF_MONTHS,
    ASSUME_RETENTION,
    ASSUME_MARGIN,
    ASSUME_HISTORY,
    ASSUME_PURCHASES,
    ASSUME_FATIGUE,
    ASSUME_PULL_FORWARD,
    ASSUME_DIP,
    ASSUMPTIONS
};

struct assumption {
    const char *name; // of --assume NAME=NUMBER
    double value, from, to;
    const char *unit, *source, *help;
};
extern const struct assumption assumption[ASSUMPTIONS];

struct assumptions {
    double value[ASSUMPTIONS];
    bool given[ASSUMPTIONS]; // by --assume
};

struct assumptions assumptions_default(void);
// One "NAME=VALUE". MISUSED, with the names or the range there is, if it fits none.
enum status assumptions_set(struct assumptions *a, const char *setting, struct err *err);

#endif
