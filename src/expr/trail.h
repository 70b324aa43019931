// The way of a search for a customer: which sets were narrowed so far, from what to what, and by
// what. Every narrowing is written down, so a branch is undone by going back; and while a proof is
// told, a set that comes out empty names the leaves that emptied it.
#ifndef PATRON_EXPR_TRAIL_H
#define PATRON_EXPR_TRAIL_H

#include "expr/claim.h"

// The set of a variable before it was narrowed, and what narrowed it: a leaf, or arithmetic (NULL).
struct step {
    int variable;
    struct set before, to;
    const struct claim *leaf;
    unsigned outcomes;
};

enum { CLASHES = 64 };

struct trail {
    struct prover *prover; // whose sets are narrowed
    struct arena *arena;
    int steps, size;
    struct step *step;
    bool telling;
    int clashes; // each leaf once; those beyond CLASHES are not told
    struct clash clash[CLASHES];
};

// Leaves of the variable's set what is in `to`, too; false if that is nothing.
bool trail_narrow(struct trail *t, int variable, struct set to, const struct claim *leaf,
                  unsigned outcomes);
// Tells that the leaf would have to come to one of these outcomes.
void trail_tell(struct trail *t, const struct claim *leaf, unsigned outcomes);
// Back to so many steps.
void trail_undo(struct trail *t, int steps);
// Narrows by what arithmetic says of all that was narrowed, until it says nothing more; false if a
// set comes out empty. (propagate.c)
bool trail_propagate(struct trail *t);

#endif
