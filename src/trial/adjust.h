// CUPED (Deng, Xu, Kohavi and Walker 2013): what a value from before the experiment foretells of
// the outcome is taken off it, which leaves the effect as it is and makes it surer.
#ifndef PATRON_TRIAL_ADJUST_H
#define PATRON_TRIAL_ADJUST_H

#include "trial/contrast.h"

struct adjustment {
    double slope;    // of the outcome in the value before, within the arms
    double rho2;     // the square of their correlation
    double narrower; // by what share intervals shrink, after what fitting the slope costs
    bool helps;      // by enough to be worth a second figure, and it is not suspect
    double p;        // how often chance makes the arms differ this much before (the smallest),
    bool suspect;    // and that is so seldom that the value is hardly one from before
    int64_t missing; // customers whose value before is not known: they stay as they are
};

// Fills adjusted[n] from the outcome and the value before, by arm.
struct adjustment adjust(struct arena *a, const double *value, const double *before,
                         const int32_t *arm, const struct clusters *clusters, int64_t n, int arms,
                         double *adjusted);

#endif
