// What a comparison of two groups can see: two-sided tests of a difference of means, by the normal
// approximation.
#ifndef PATRON_TRIAL_POWER_H
#define PATRON_TRIAL_POWER_H

#include <stdbool.h>

// An outcome as it is without the offer.
struct outcome_spread {
    double mean, sd;
    bool rate;     // yes or no: then the offer changes the spread, too, and sd is not looked at
    double factor; // of the variance: above 1 for clusters, below for strata, else 1
};

// How a test decides: it calls a difference real that chance alone makes with probability alpha,
// and misses one of the size that it is planned for with probability 1 - power.
struct test_design {
    double alpha, power;
};

// The smallest rise that a control and a treated group of these sizes see. NAN if there is none
// (all would have to do it), or the outcome does not vary.
double power_smallest(const struct test_design *t, const struct outcome_spread *y, double control,
                      double treated);
// The customers it takes in all to see an effect (not 0; a fall is below 0) where these shares of
// them are control and treated.
double power_customers(const struct test_design *t, const struct outcome_spread *y, double effect,
                       double control, double treated);
// The probability that groups of these sizes see that effect.
double power_of(double alpha, const struct outcome_spread *y, double effect, double control,
                double treated);

#endif
