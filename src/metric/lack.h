// What a board can give of what a metric of the registry needs, and what it lacks.
#ifndef PATRON_METRIC_LACK_H
#define PATRON_METRIC_LACK_H

#include "metric/entry.h"
#include "metric/need.h"

// The first of the alternatives that the board can give: its slot, or -1.
int lack_slot(struct board *b, const struct need *need);
// The column that a word of metric.columns names, or NULL.
const struct column *lack_column(const struct table *t, const struct need *need);

// REFUSED if something is lacking, on any level, with the way out in terms of this metric.
enum status lack_check(struct board *b, const struct metric *m, struct err *err);

#endif
