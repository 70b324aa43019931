// The registry of metrics: one row a metric. Help, documentation, the policy checker and the
// editor annotations print from it.
#ifndef PATRON_METRIC_METRIC_H
#define PATRON_METRIC_METRIC_H

#include "base/host.h"
#include "model/model.h"
#include "table/table.h"

// What a metric's run function gets. `out` has the metric's type and all values missing; the
// function sets those it can and leaves column_finish to its caller.
struct metric_run {
    struct arena *arena; // scratch, freed after the run
    const struct host *host;
    const struct metric *metric;
    const struct column *id;            // names a customer in an error; NULL: there is only one
    const struct table *table;          // what `table` names, or NULL
    const struct column *const *column; // what `columns` names, in order (NULL: optional, absent)
    const struct column *const *input;  // what `inputs` names, in order (likewise)
    const struct learned *learned;      // of a metric that learns
    struct column *out;
};

// Lists of names are separated by spaces; "?name" is optional, "a|b" is the first that there is.
struct metric {
    const char *name;
    enum type type;
    const char *unit;          // "days", "money", "score 1-5", "" for a bare number
    const char *table;         // the table it needs, e.g. "transactions"; NULL: none
    const char *columns;       // the columns it needs of that table; `date` is the one of that role
    const char *inputs;        // other columns of the customer, also metrics and params
    const char *const *labels; // of a label: its values, NULL-ended
    bool ordered;              // the labels stand from high to low (else by bytes)
    // Of a metric that takes every customer to judge one (quantiles, shares): what it learns from
    // them, but for the name; run() judges by that alone. NULL: it does not learn. All that it
    // stands on are metrics of the registry, which no policy can declare anew: so a model need not
    // say by which policy it was fitted.
    void (*learn)(const struct metric_run *r, struct learned *out);
    bool others; // follows rows from customer to customer: one alone has no answer
    enum status (*run)(struct metric_run *r, struct err *err);
    const char *title;  // half a line
    const char *help;   // a paragraph with the formula; when it is missing
    const char *source; // catalogue id and paper
};

const struct metric *metric_find(struct str name); // NULL if none
const struct metric *metric_all(size_t *n);

// Between what its values always lie; infinite where that is not known. (bounds.c)
void metric_bounds(const struct metric *m, double *least, double *most);

// A name that metrics take as input and none computes: the customers table, a param or a declared
// metric gives it.
struct metric_input {
    const char *name;
    enum type type; // a number, integer or money are all taken for one another
    const char *unit;
    const char *help;
};

const struct metric_input *metric_input_find(struct str name); // NULL if none
const struct metric_input *metric_inputs(size_t *n);

#endif
