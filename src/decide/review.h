// What a policy came to for the customers of a dataset that its author will not have meant.
#ifndef PATRON_DECIDE_REVIEW_H
#define PATRON_DECIDE_REVIEW_H

#include "decide/decide.h"

// Adds findings: rules that hold for nobody or for everybody, classes and labels that nobody has,
// values that rules need and that are missing, budgets and other stocks that run out. Each names
// how many, and the first customer.
void decide_review(struct arena *a, const struct decisions *d, struct findings *findings);

#endif
