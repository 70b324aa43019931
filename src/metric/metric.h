// The registry of metrics: one row a metric. Help, documentation, the policy checker and the
// editor annotations print from it.
#ifndef PATRON_METRIC_METRIC_H
#define PATRON_METRIC_METRIC_H

#include "metric/board.h"

// What a metric's run function gets, and makes: out has n values, all missing.
struct metric_run {
    struct arena *arena; // of the run; what stays
    const struct host *host;
    const struct dataset *data;
    const struct table *table;         // the table it needs, or NULL
    const struct column *const *input; // the columns it needs, in order (NULL: optional, absent)
    struct column *out;
};

struct metric {
    const char *name;
    enum type type;
    const char *unit;   // "days", "money", "score 1-5", "" for a bare number
    const char *table;  // the table it needs, e.g. "transactions"; NULL: none
    const char *inputs; // other columns of the customer, space-separated; "?name" is optional
    const char *const
        *labels;     // of a label: its values, NULL-ended, from high to low or in no order
    bool whole_base; // needs every customer (quantiles, shares), so it has no meaning for one
    enum status (*run)(struct metric_run *r, struct err *err);
    const char *title;  // half a line
    const char *help;   // a paragraph with the formula; when it is missing
    const char *source; // catalogue id and paper
};

const struct metric *metric_find(struct str name); // NULL if none
const struct metric *metric_all(size_t *n);

#endif
