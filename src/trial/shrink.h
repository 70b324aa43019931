// Effects of several groups (segments, arms, past campaigns), each drawn towards what they have in
// common by as much as its own figure is unsure.
#ifndef PATRON_TRIAL_SHRINK_H
#define PATRON_TRIAL_SHRINK_H

#include <stdbool.h>

struct group_effect {
    double effect, error;     // as estimated, and its standard error, which is above 0
    double shrunk, deviation; // out: what to believe, and how surely
};

// What the groups have in common.
struct common_effect {
    double mean, spread; // of the groups' true effects; the spread is its median
};

#define SHRINK_LEAST 3 // fewer groups do not tell how much groups differ

// Fills in shrunk and deviation, and *out. False with fewer than SHRINK_LEAST groups: then each is
// as it was estimated, and *out is not set. The order of the groups changes nothing beyond
// rounding.
bool shrink(struct group_effect *group, int n, struct common_effect *out);

#endif
