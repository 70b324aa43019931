// Classes by share of the whole (ABC): the best customers, who together bring most of a total; the
// last part by head count; and those between. Frozen as two lines that one customer alone can be
// held against.
#ifndef PATRON_MODEL_SHARE_H
#define PATRON_MODEL_SHARE_H

#include <stdbool.h>

#include "model/sample.h"

struct share {
    double total;
    double top;  // who brings at least this is in the first class: by percent of the total
    double tail; // of the others, who brings at most this is in the last: by percent of heads
};

enum share_class { SHARE_TOP, SHARE_MIDDLE, SHARE_TAIL };

// From the best down, customers are in the first class until they bring top_percent of the total;
// the one who crosses the line still is. The last tail_percent of all heads (a part of a head
// counts as one) are the last class. Who ties with one on a line goes with that one, so the classes
// may be larger than asked for, and never depend on order; the first class goes before the last.
// Negative values lower the total, so the line comes sooner. Money is best added in minor units:
// their sum is exact. Both percents are 1 to 99. Sorts the sample. False if the total is not above
// 0: there is nothing to share.
bool share_solve(struct sample *s, int top_percent, int tail_percent, struct share *out);
// The first of these lines alone, of a sorted sample, at part/parts of the total.
bool share_top(const struct sample *s, int64_t part, int64_t parts, double *total, double *top);
enum share_class share_of(const struct share *s, double x);

#endif
