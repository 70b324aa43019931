// Several comparisons at once: chances that count them all, and what the best of them is worth that
// was picked for being the best.
#ifndef PATRON_TRIAL_MULTIPLE_H
#define PATRON_TRIAL_MULTIPLE_H

#include "trial/contrast.h"

// Replaces n values of p, none NAN, by Holm's (1979): who calls real what is below alpha then errs
// no more often than alpha over all of them together. Sorts the list.
void multiple_holm(double **p, int n);

// The arm whose difference came out highest.
struct winner {
    int arm;             // its place in the list; -1: there are not two arms that have errors
    double value;        // what to count on, given that it was picked
    struct interval any; // about its own difference: as often right, whichever arm is picked
};

// From the contrasts of several arms with one control.
struct winner winner_of(const struct contrast *const *arm, int arms, const struct precision *k);

#endif
