// One `test` of a policy, run through the real engine on its one customer.
#ifndef PATRON_VERB_PROBE_H
#define PATRON_VERB_PROBE_H

#include "verb/explain.h"

struct probe {
    const struct expectation *expected;
    bool passed;
    struct str failure; // what was expected and what came: a line each
    struct explanation explanation;
    struct outcomes *outcomes; // what the clauses came to; NULL: it came to no decision
};

// A test that cannot be run (a value of the wrong type) has failed, too. The policy is compiled
// anew, against the customer's own board.
enum status probe_run(struct call *c, struct policy *p, const struct expectation *e,
                      struct probe *out, struct err *err);

#endif
