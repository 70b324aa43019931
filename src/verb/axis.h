// One --sweep: a param of a policy, and the values that it takes in turn.
#ifndef PATRON_VERB_AXIS_H
#define PATRON_VERB_AXIS_H

#include "policy/policy.h"

struct axis {
    struct str name;
    enum type type;
    int n;
    struct str *value; // as --set takes them
};

// Reads "NAME=FROM..TO:STEPS", of numbers, or "NAME=VALUE,VALUE,...". MISUSED if the policy has no
// such param, or does not allow it these values.
enum status axis_read(struct arena *a, const struct policy *p, const char *text, struct axis *out,
                      struct err *err);

#endif
