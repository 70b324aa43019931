// The plan that --plan names, as `patron simulate` wrote it: who gets what.
#ifndef PATRON_VERB_PLANNED_H
#define PATRON_VERB_PLANNED_H

#include "decide/plan.h"
#include "verb/open.h"

#define OPTION_OF_PLAN                                                                             \
    { "--plan", "FILE", "carry out the plan that `patron simulate --budget X --plan FILE` wrote" }

// What became of a plan's offers.
struct carried_out {
    const char *path;
    int64_t offers, made;    // those who are held out count among both
    int64_t reason[REASONS]; // of those that were not made
};

// Gives the policy the plan of the call's --plan, if there is one. REFUSED where that was made for
// another policy, names unknown customers, or is not as it was written.
enum status plan_open(struct call *c, struct opened *o, struct err *err);
// Counts, notes what could not be made, and makes the call partial for it. Nothing without a plan.
void plan_close(struct call *c, const struct decisions *d, struct carried_out *out);

void carried_out_text(const struct carried_out *k, struct buf *out);
void carried_out_json(const struct carried_out *k, struct json *j); // "plan": { ... }

#endif
