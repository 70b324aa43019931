// A metric that a policy declares: an aggregate over a table, or an expression.
#ifndef PATRON_METRIC_DECLARED_H
#define PATRON_METRIC_DECLARED_H

#include <stdint.h>

#include "base/str.h"

enum aggregate {
    AGGREGATE_NONE, // an expression over other columns of the customer
    AGGREGATE_COUNT,
    AGGREGATE_SUM,
    AGGREGATE_MEAN,
    AGGREGATE_MIN,
    AGGREGATE_MAX,
    AGGREGATE_FIRST, // by date, then input order
    AGGREGATE_LAST,
};

// A length of time: days and months are not mixed. 0/0 is none.
struct duration {
    int64_t days, months;
};

// An expression in a string, and where it stands (a NULL text is none).
struct formula {
    struct str text;
    struct place at;
    // Where byte `offset` of the text stands in the file, for errors inside it; NULL: at `at`.
    struct place (*locate)(const void *ctx, const struct formula *f, size_t offset);
    const void *ctx;
};

struct declared {
    struct str name;
    struct place at;
    enum aggregate aggregate;
    struct str table;     // of an aggregate
    struct formula value; // what is aggregated (not of count), or the expression itself
    struct formula where; // rows that count; optional
    struct duration last; // the window (end - last, end], end = as_of - ending; 0/0: all rows
    struct duration ending;
};

#endif
