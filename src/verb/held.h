// What a host of the library holds open over many runs: each takes it as it is instead of loading
// its own.
#ifndef PATRON_VERB_HELD_H
#define PATRON_VERB_HELD_H

#include "verb/open.h"

// Verbs of the library only, whose results are a struct loaded and a struct opened_policy.
extern const struct verb verb_open_data, verb_open_policy;

// What the call holds. MISUSED if an option of the call would have it otherwise (of a policy: if
// `set`, for settings may be meant for another one), or if the data is read from an output.
enum status held_data(struct call *c, const char *const *outputs, struct loaded *out,
                      struct err *err);
enum status held_policy(struct call *c, bool set, struct findings *findings, struct policy **out,
                        struct err *err);

#endif
