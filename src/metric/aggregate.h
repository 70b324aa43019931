// Aggregates of the rows of a table by customer, into a column of customers.
#ifndef PATRON_METRIC_AGGREGATE_H
#define PATRON_METRIC_AGGREGATE_H

#include "base/host.h"
#include "metric/declared.h"
#include "table/table.h"

struct aggregation {
    enum aggregate how;
    const struct table *table;
    const uint64_t *keep;       // rows that count; NULL: all
    const uint64_t *fault;      // rows that failed: their customers get no value; NULL: none
    const struct column *value; // what is aggregated, where it is not missing; NULL for a count
};

// Customers without a value for another reason than missing data.
struct faults {
    int64_t n, first; // how many, and the first of them (-1: none)
};

const char *aggregate_name(enum aggregate how);
// The type of the result from that of the value; -1 if that cannot be aggregated so.
int aggregate_type(enum aggregate how, enum type value);

// The rows that are kept and have a value: a bitmap, NULL for all. A NULL value has every row.
const uint64_t *aggregate_keep(struct arena *a, const uint64_t *keep, const struct column *value);

// Over nothing, count and sum are 0, the others missing. Sums are exact, money and integers in 64
// bits, numbers rounded once; so no order of rows changes them. A sum that does not fit faults.
// `out` has the type above and all values missing; the caller finishes it.
enum status aggregate_run(struct arena *scratch, const struct host *host,
                          const struct aggregation *a, struct column *out, struct faults *faults,
                          struct err *err);

#endif
