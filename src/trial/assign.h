// Who gets what in a test: by a hash of the plan's name and the customer, so that it is the same at
// every run and on every machine, and a further customer moves nobody.
#ifndef PATRON_TRIAL_ASSIGN_H
#define PATRON_TRIAL_ASSIGN_H

#include "base/str.h"

struct planned_arm {
    struct str name;
    double share; // of the members, above 0; those of all arms add up to 1
};

// The arm of a key: a customer's id, or the name of a cluster, which then goes as a whole.
int assign_arm(const struct planned_arm *arm, int arms, struct str salt, struct str key);

#endif
