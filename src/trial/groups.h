// The groups in which the values of a column put customers.
#ifndef PATRON_TRIAL_GROUPS_H
#define PATRON_TRIAL_GROUPS_H

#include "table/column.h"

struct groups {
    int32_t n;
    const struct str *name; // by number if all are plain integers, else by bytes
    int32_t *of;            // by place in the list of rows; -1: the value is missing
};

// Of the rows of a column of any type, values as people read them.
struct groups groups_of(struct arena *a, const struct column *c, const int64_t *row, int64_t n);

// A column of any type as a label; one that is a label stays.
const struct column *groups_label(struct arena *a, const struct column *c);

#endif
