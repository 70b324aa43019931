// The steps of deciding, in order; each fills its part of struct decisions.
#ifndef PATRON_DECIDE_STAGES_H
#define PATRON_DECIDE_STAGES_H

#include "decide/decide.h"

enum { CUSTOMERS_A_TASK = 64 * EXPR_BLOCK }; // whole words of every bitmap

// The number of tasks, and the customers first .. end - 1 of one.
size_t span_tasks(int64_t customers);
void span_of(size_t task, int64_t customers, int64_t *first, int64_t *end);

// One tier system: its columns, put on the board.
enum status decide_tiers(struct arena *a, const struct host *host, struct decisions *d, int system,
                         struct err *err);
// The campaigns: reasons and candidates.
enum status propose(struct arena *a, const struct host *host, struct decisions *d, struct err *err);
// Who gets what of the candidates.
void allocate(struct arena *a, struct decisions *d);

#endif
