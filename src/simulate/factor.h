// What is uncertain about a simulation: one list, which is drawn from, listed with its evidence,
// and moved one by one to see what decides.
#ifndef PATRON_SIMULATE_FACTOR_H
#define PATRON_SIMULATE_FACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"
#include "simulate/assume.h"

enum factor_kind {
    FACTOR_EFFECT, // the mean uplift that a campaign's offer has, in units of its effect
    FACTOR_BASE,   // what there is without an offer: a shift of every base, around 0, or a multiple
    FACTOR_VALUE,  // what a success is worth, as a multiple of what the policy says
};

// From where a number is known. The weakest of those that count is the grade of a result.
enum grade {
    GRADE_EXPERIMENT, // A: an experiment of the firm's own
    GRADE_HISTORY,    // B: the firm's own history
    GRADE_ASSUMED,    // C: stated or assumed
};

const char *grade_letter(enum grade g); // "A"
const char *grade_help(enum grade g);

enum shape { SHAPE_NORMAL, SHAPE_LOGNORMAL };

struct factor {
    struct str name; // whoever has the same name draws the same numbers, in any policy
    enum factor_kind kind;
    int campaign;      // of an effect, else -1
    const bool *bears; // of a base: by campaign, on which of them
    bool multiple;     // of a base: a multiple of it
    enum shape shape;
    double mean, sd;     // of a lognormal shape: its own, not those of the logarithm
    enum assumed spread; // the stated default that counts in its deviation; ASSUMPTIONS: none
    double low, high;    // what is possible: draws are kept within
    enum grade grade;
    struct str source; // for people
    bool assumed;      // nobody gave it: a stated default
};

struct factors {
    int n;
    struct factor *factor;
};

// The value below which the factor stays with probability p, 0 < p < 1.
double factor_quantile(const struct factor *f, double p);

// The same by the normal variable z that it is made of: its value there, the z of a value that is
// possible (sd above 0), and the mean of its values between two, times how likely these are
// (`low` and `high` apart).
double factor_at(const struct factor *f, double z);
double factor_score(const struct factor *f, double x);
double factor_between(const struct factor *f, double from, double to);
// Its value in each of n draws: the same numbers for the same seed and name.
double *factor_draws(struct arena *a, const struct factor *f, uint64_t seed, int n);

#endif
