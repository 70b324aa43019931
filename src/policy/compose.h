// Conditions put together from pieces of a policy. Each piece remembers where it stands in the
// file, so that what is wrong with one is said there. What becomes too long for an expression is
// cut behind that, so it is refused as one, and takes no more room.
#ifndef PATRON_POLICY_COMPOSE_H
#define PATRON_POLICY_COMPOSE_H

#include "metric/declared.h"
#include "policy/wire.h"

struct compose {
    struct buf text; // {.arena = a} is an empty one
    int pieces, room;
    struct piece *piece;
};

// Words of ours, which stand for what the policy has at that place.
void compose_words(struct compose *c, const char *words, struct place at);
// An expression of the policy as one operand, in parentheses unless it is a name or number.
void compose_operand(struct compose *c, const struct formula *f);
// What another has, as it is.
void compose_all(struct compose *c, const struct compose *other);
// A text, a number, true or false as expressions write it.
void compose_value(struct compose *c, const struct node *v);
// The formula, which stands at that place. Of no pieces at all: none (a NULL text).
struct formula compose_end(const struct compose *c, struct place at);
// Goes on where a formula ended that was composed in this arena; from nothing with none.
struct compose compose_again(struct arena *a, const struct formula *f);

#endif
