// Referrals as a graph: an edge for every row of the table, from the referrer to the referee.
#ifndef PATRON_METRIC_GRAPH_H
#define PATRON_METRIC_GRAPH_H

#include "metric/metric.h"

enum { NOBODY = -1 };

// Customer i points to to[start[i]] .. to[start[i + 1] - 1], which may be NOBODY.
struct graph {
    int64_t n;
    const int64_t *start;
    const int32_t *to;
};

// The customer that each row of a label column names: NOBODY where it is missing or no customer's.
// `id` are the customers'.
enum status graph_match(struct arena *a, const struct host *host, const struct column *id,
                        const struct column *names, int32_t **out, struct err *err);

// REFUSED if the column of r->table is no label.
enum status graph_check(const struct metric_run *r, const struct column *c, struct err *err);

// The rows of r->table, by the ids in its first column; NOBODY where that is missing or no
// customer's. REFUSED if the column is no label.
enum status graph_read(struct metric_run *r, struct graph *out, struct err *err);

// For every customer the one that its value in a label column names: NOBODY where that is missing,
// no customer's, or its own.
enum status graph_named(struct metric_run *r, const struct column *c, const int32_t **out,
                        struct err *err);

#endif
