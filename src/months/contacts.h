// The table of contacts as it grows: what the data has, and what the simulation granted since. So
// caps and contact policies count what was granted as they count any other contact.
#ifndef PATRON_MONTHS_CONTACTS_H
#define PATRON_MONTHS_CONTACTS_H

#include "decide/decide.h"

// An offer that was made.
struct grant {
    int32_t customer, month;
    int16_t campaign, channel; // of the policy's; channel -1: none
    int64_t cost;
    double kept, pace; // what it adds to the chance to stay a year, and to the purchases a month
};

struct grants {
    struct arena *arena;
    int n, size;
    struct grant *grant; // in order of month, then customer
};
void grants_add(struct grants *g, struct grant x);

struct contacts;

// NULL if nothing in the policy counts contacts. `base` is the data's table, or NULL.
struct contacts *contacts_open(struct arena *a, const struct policy *p, const struct table *base);
// The table in that month, of n customers of the base from the first on, who are those of the
// grants; those granted in it not included. `today` is by month.
const struct table *contacts_at(struct arena *a, const struct contacts *c, int64_t first, int64_t n,
                                const struct grants *g, const int32_t *today);

#endif
