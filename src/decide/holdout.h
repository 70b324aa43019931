// Who is held out as a control: decided by a hash of the customer, so that it is the same at every
// run of a policy.
#ifndef PATRON_DECIDE_HOLDOUT_H
#define PATRON_DECIDE_HOLDOUT_H

#include "decide/decide.h"

// What keeps the holdouts of policies and campaigns independent of each other.
struct holdouts {
    const struct decisions *decisions;
    bool any;                     // is held out at all
    struct str policy, *campaign; // salts
};

struct holdouts holdouts_new(struct arena *a, const struct decisions *d);
// What becomes of a candidate that wins: it is granted, or held out.
enum reason holdout_of(const struct holdouts *h, const struct candidate *c);

#endif
