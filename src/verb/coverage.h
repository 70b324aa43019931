// Which outcomes of the clauses of a policy its tests have seen.
#ifndef PATRON_VERB_COVERAGE_H
#define PATRON_VERB_COVERAGE_H

#include "policy/outcomes.h"
#include "verb/explain.h"

// A clause as it is written, and what the tests saw of it. It should have been true and false; a
// constant one, either. The cells of a matrix or a decision table exclude each other, so it is
// enough that each has held.
struct covered {
    int first; // the clause that is written in the same place (a branch of a tree stands in all its
               // leaves): what was seen of this one is seen of that
    const struct recorded *clause;
    bool seen[TRUTHS];
    struct str hint[TRUTHS]; // a customer that would show CLAUSE_TRUE, CLAUSE_FALSE; or empty
};

struct coverage {
    const struct policy *policy;
    int clauses;
    struct covered *clause;
    int outcomes, seen; // that there should be, and that there were
    bool *granted;      // by campaign: in some test
    bool **given;       // by scheme and class: to some test's customer
};

// An empty one.
struct coverage *coverage_new(struct arena *a, const struct policy *p);
// Adds what was recorded when a test's customer, who is the only one, was decided for.
enum status coverage_add(struct arena *a, struct coverage *c, const struct expectation *test,
                         const struct outcomes *o, const struct explanation *x, struct err *err);
// Sums up: `outcomes` and `seen`.
void coverage_close(struct coverage *c);
// Of 100; 100 if there is nothing to be seen.
double coverage_percent(const struct coverage *c);

// What was not seen, a line each; a JSON object.
void coverage_text(struct buf *out, const struct coverage *c);
void coverage_json(struct json *j, const struct coverage *c);

#endif
