// Which rows of a table count for a declared aggregate.
#ifndef PATRON_METRIC_FILTER_H
#define PATRON_METRIC_FILTER_H

#include "base/host.h"
#include "expr/expr.h"
#include "metric/declared.h"
#include "table/table.h"

// A bit for every row.
struct filter {
    const uint64_t *keep; // it counts; NULL: all do
    uint64_t *fault;      // `where` failed in it, inside the window
};

// True if there is a window: `last` or `ending` was given.
bool filter_has_window(const struct declared *d);

// The day a duration earlier; before all days if that is before the calendar.
int32_t filter_before(int32_t date, struct duration d);

// Rows in the window of `d` for which `where` (NULL: none) is true; where it stops on a missing
// value, the row does not count, and neither does a row without a date in a window. Bits live in
// the arena.
enum status filter_run(struct arena *a, const struct host *host, const struct table *t,
                       const struct declared *d, const struct expr *where, int32_t as_of,
                       struct filter *out, struct err *err);

#endif
