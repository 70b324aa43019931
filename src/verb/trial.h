// One `test` block of a policy, run through the real engine on its one customer.
#ifndef PATRON_VERB_TRIAL_H
#define PATRON_VERB_TRIAL_H

#include "verb/explain.h"

struct trial {
    const struct expectation *expected;
    bool passed;
    struct str failure; // what was expected and what came: a line each
    struct explanation explanation;
    struct outcomes *outcomes; // what the clauses came to; NULL: it came to no decision
};

// A test that cannot be run (a value of the wrong type) has failed, too. The policy is compiled
// anew, against the customer's own board.
enum status trial_run(struct call *c, struct policy *p, const struct expectation *e,
                      struct trial *out, struct err *err);

#endif
