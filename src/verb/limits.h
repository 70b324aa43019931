// What there was of offers and channels, and where it ran dry, as people and programs read it.
#ifndef PATRON_VERB_LIMITS_H
#define PATRON_VERB_LIMITS_H

#include "base/json.h"
#include "decide/decide.h"

// "budget of 200.00: 190.00 used, ran dry at net 12.30 (customer C17), too little for 3 more".
void limit_text(struct buf *out, const struct decisions *d, const struct stock *s);
// All of them, as a list.
void limits_json(struct json *j, const struct decisions *d);

// Whether the candidate was refused for too little in this stock. (NULL, no candidate: it was not.)
bool limit_refused(const struct decisions *d, const struct stock *s, const struct candidate *c);
// Those of a candidate, likewise as a list.
void limits_json_of(struct json *j, const struct decisions *d, const struct candidate *c);

#endif
