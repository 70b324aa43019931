// Metrics that are a formula over other columns of the same customer.
#ifndef PATRON_METRIC_ROW_H
#define PATRON_METRIC_ROW_H

#include "metric/metric.h"

enum { ROW_INPUTS = 9 }; // the most inputs a formula has

// x has the inputs in order, as doubles: money in major units, a date as its day number, an
// optional input that is absent as 0. The result is in the same form (a label: its code); NaN is
// missing. Not called where an input is missing.
typedef double row_formula(const double *x);
// What is wrong with the inputs, so that there is no answer; NULL if nothing is.
typedef const char *row_check(const double *x);

// Fills r->out by the formula, on all cores. `check` may be NULL; what it finds is REFUSED, with
// the customer and the inputs, and so is a result beyond what the column holds.
enum status row_run(struct metric_run *r, row_formula *formula, row_check *check, struct err *err);

#endif
