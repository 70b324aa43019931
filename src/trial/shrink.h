// Effects of several groups (segments, arms, past campaigns), each drawn towards what they have in
// common by as much as its own figure is unsure.
#ifndef PATRON_TRIAL_SHRINK_H
#define PATRON_TRIAL_SHRINK_H

#include <stdbool.h>

struct group_effect {
    double effect, error;     // as estimated, and its standard error, above 0; INFINITY: it was not
    double shrunk, deviation; // out: what to believe, and how surely
};

// What the groups have in common.
struct common_effect {
    double mean, spread; // of the groups' true effects; the spread is its median
    double shared;       // the mean covariance of what is believed of two groups
};

// What was believed of the common mean before. Groups are thought to differ by no more than it may
// be off.
struct common_prior {
    double mean, deviation; // above 0
};

#define SHRINK_LEAST 3 // fewer groups do not tell how much groups differ

// Fills in shrunk and deviation, and *out. False if fewer than SHRINK_LEAST groups were estimated:
// then each is as it was, and *out is not set. The order of the groups changes nothing beyond
// rounding.
bool shrink(struct group_effect *group, int n, struct common_effect *out);
// The same from what was believed before, so for any number of groups.
void shrink_from(const struct common_prior *prior, struct group_effect *group, int n,
                 struct common_effect *out);
// The deviation of the mean over groups that count so much each; the weights add up to 1.
double shrink_deviation(const double *deviation, double shared, const double *weight, int n);

#endif
