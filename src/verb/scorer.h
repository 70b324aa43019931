// Scores one customer at a time: everything is compiled once, then a customer costs microseconds.
// Each is decided by the same metrics, rules and steps as in a batch of all customers.
#ifndef PATRON_VERB_SCORER_H
#define PATRON_VERB_SCORER_H

#include "verb/verb.h"

struct scorer;

// A verb of the library only, whose result is a struct scorer.
extern const struct verb verb_open_scorer;

// Appends the customer's row, as `score -o x.ndjson` writes it. What is computed lives in `a`. Sets
// *partial when an expression failed.
enum status scorer_customer(struct scorer *s, struct arena *a, const char *id, struct buf *out,
                            bool *partial, struct err *err);
enum status scorer_record(struct scorer *s, struct arena *a, struct str json, struct buf *out,
                          bool *partial, struct err *err);

#endif
