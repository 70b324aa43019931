// One run of the months on a worker: the state of its customers, and how it goes on.
#ifndef PATRON_MONTHS_TRACK_H
#define PATRON_MONTHS_TRACK_H

#include "months/start.h"

struct track;

// A worker's own: its board, its copy of the policy, its state.
enum status track_new(struct arena *a, const struct host *host, int worker,
                      const struct start *start, struct track **out, struct err *err);
enum status track_run(struct track *c, int run, struct figures *out, struct err *err);

#endif
