// Who gets what in a test: by a hash of the plan's name and the customer, so that it is the same at
// every run and on every machine, and a further customer moves nobody.
#ifndef PATRON_TRIAL_ASSIGN_H
#define PATRON_TRIAL_ASSIGN_H

#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

struct planned_arm {
    struct str name;
    double share; // of the members, above 0; those of all arms add up to 1
};

// What is drawn: a customer, or a cluster, which then goes as a whole.
struct drawn {
    double x; // in [0, 1), evenly: the hash
    int32_t stratum;
};

// The arm of what has drawn x.
int assign_arm(const struct planned_arm *arm, int arms, double x);
// Puts what each has drawn in the place of its rank within the stratum, so that every arm has its
// share of each stratum but for one at most. Then a further customer does move others.
void assign_evenly(struct arena *a, struct drawn *unit, int64_t n, struct str salt,
                   const struct str *stratum);

#endif
