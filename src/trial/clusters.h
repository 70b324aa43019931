// Customers who went into an arm together (a household): what they do is not independent, so errors
// come from the clusters and not from their members.
#ifndef PATRON_TRIAL_CLUSTERS_H
#define PATRON_TRIAL_CLUSTERS_H

#include "table/column.h"

struct clusters {
    int64_t n;
    const int64_t *start;    // of each cluster's members in `customer`; one more
    const int64_t *customer; // all of them
};

// By a column of any type; who has no value is a cluster by himself.
struct clusters clusters_of(struct arena *a, const struct column *column);
// Adds to the count of each of up to 64 groups the clusters that have members in it, and returns
// how many have members in two.
int64_t clusters_count(const struct clusters *c, const int32_t *group, int64_t *count);
// By customer, of n, the first member of the own cluster; where c is NULL that is each himself.
const int64_t *clusters_first(struct arena *a, const struct clusters *c, int64_t n);

#endif
