// Which columns stay as they are when params change.
#ifndef PATRON_POLICY_UNMOVED_H
#define PATRON_POLICY_UNMOVED_H

#include "policy/policy.h"

// The metrics on the board of a policy, of those computed so far, that read none of these params,
// directly or through others: to be put on another board of the same policy and data. Returns how
// many. What is classed, computed by a function, or a figure of points is never among them.
int unmoved_columns(struct arena *a, struct board *b, const struct str *name, int names,
                    const struct column *const **out);

#endif
