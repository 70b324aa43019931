// Lists of column names in options: --metrics spend,recency_days.
#ifndef PATRON_VERB_NAMES_H
#define PATRON_VERB_NAMES_H

#include "metric/board.h"

// The columns of a comma-separated list, computed. A NULL list is empty.
enum status columns_of(struct arena *a, struct board *board, const char *list,
                       const struct column *const **out, int *n, struct err *err);

#endif
