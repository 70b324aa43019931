// A metric that a policy declares: an aggregate over a table, an expression, a figure of a loyalty
// programme, or what the policy computes itself.
#ifndef PATRON_METRIC_DECLARED_H
#define PATRON_METRIC_DECLARED_H

#include <stdint.h>

#include "base/host.h"
#include "expr/scope.h"

#include "model/line.h"

struct bound;  // to whoever brings it
struct points; // points.h

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

// The place of byte `offset` of its text.
struct place formula_place(const struct formula *f, size_t offset);

// What computes a metric that is neither: whoever declares the metric brings it.
struct computed {
    void *ctx;
    enum type type;
    const struct dict *labels; // the closed set of a label
    // Finds the names that it reads; their slots, and what `run` takes, are its to give.
    enum status (*bind)(void *ctx, struct arena *a, const struct scope *scope,
                        const struct bound **bound, const int **slots, int *n, struct err *err);
    // Fills a column with all values missing; missing they stay where it fails, which is counted.
    // `id` (or NULL) names customers in notes; what is allocated in `a` is soon freed.
    enum status (*run)(void *ctx, struct arena *a, const struct bound *bound,
                       const struct host *host, const struct column *const *columns,
                       const struct column *id, struct column *out, int64_t *faults,
                       struct err *err);
};

struct declared {
    struct str name;
    struct place at;
    const struct computed *computed; // instead of an aggregate or a formula; or NULL
    const struct points *points;     // likewise: of a loyalty programme, its
    int figure;                      // enum points_figure
    enum aggregate aggregate;
    struct line line; // what is learned from the values of a formula over all customers; or none
    struct str table; // of an aggregate; of a liability the column of the balance
    struct formula value; // what is aggregated (not of count), or the expression itself
    struct formula where; // rows that count; optional
    struct duration last; // the window (end - last, end], end = as_of - ending; 0/0: all rows
    struct duration ending;
};

#endif
