// What would keep a customer's tier, or raise it: for each column the least change that does, all
// others being as they are.
#ifndef PATRON_DECIDE_ADVICE_H
#define PATRON_DECIDE_ADVICE_H

#include "decide/decide.h"

struct advice {
    bool keeps;   // the tier that the customer has, else it raises to a higher one
    int32_t tier; // which
    const struct column *column;
    struct solution solution; // of SOLVE_NEVER there is no advice
    bool has_by;              // it has to be so by that day:
    int32_t by;               // the next review, or the end of grace
};

// What can be said of the customer in a scheme of tiers, in order of the columns in its rules:
// first what keeps the tier, if it is not earned as things are, then what raises it.
enum status advice_find(struct arena *a, const struct decisions *d, int scheme, int64_t customer,
                        const struct advice **out, int *n, struct err *err);
// "412.00 more spend by 2025-05-31 keeps gold"
void advice_print(const struct decisions *d, int scheme, int64_t customer, const struct advice *x,
                  struct buf *out);
// A text for every customer: all of it but what is not monotone.
enum status advice_column(struct arena *a, const struct host *host, const struct decisions *d,
                          int scheme, const struct column **out, struct err *err);

#endif
