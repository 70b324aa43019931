// What is at stake with a candidate: the parts that its cost and value were made of.
#ifndef PATRON_DECIDE_STAKE_H
#define PATRON_DECIDE_STAKE_H

#include "decide/decide.h"

// value = uplift x worth; cost = contact + offer, or contact + offer x (base + uplift) of an effect
// that is paid on success. Money in major units, before it was rounded.
struct stake {
    double base;   // what there is without the offer; NAN: not said
    double uplift; // 1 without an effect: then the worth is all that the offer brings
    double worth;  // of one unit of the effect
    double offer, contact;
};

// Of every candidate, in their order, by the channel that it has.
enum status stakes_of(struct arena *a, const struct host *host, struct decisions *d,
                      struct stake **out, struct err *err);

#endif
