// Whether the arms are as large as they were planned. If not, the customers were not drawn by lot
// into them, or some were lost on the way, and no difference between the arms means anything.
#ifndef PATRON_TRIAL_RATIO_H
#define PATRON_TRIAL_RATIO_H

#include "trial/experiment.h"

#define RATIO_LEAST 0.001 // chance gives less this rarely, so it was not chance

struct ratio {
    double share[ARMS_MOST];      // planned, which add up to 1
    double statistic, freedom, p; // of the chi-square test
    bool holds;
};

// From how many were drawn into each arm: customers, or clusters of them.
struct ratio ratio_of(int arms, const int64_t *drawn, const double *share);

#endif
