// How customers stood a period ago and stand now, and what they did in the period between.
//
// A customer's class today would not do to tell the past apart: it hangs on what was bought in the
// very period in question. So states are of the day a period ago, by what was known then.
#ifndef PATRON_SIMULATE_PAST_H
#define PATRON_SIMULATE_PAST_H

#include "decide/decide.h"
#include "simulate/purchase.h"

// How long a customer has bought, how lately, and how often in a period; or none of these.
enum { PAST_TENURES = 3, PAST_RECENCIES = 7, PAST_FREQUENCIES = 4 };
enum {
    PAST_STATES = PAST_TENURES * PAST_RECENCIES * PAST_FREQUENCIES,
    PAST_STRANGER = PAST_STATES, // never bought
    PAST_GONE,                   // known to have left
};

struct past {
    enum effect_kind kind; // what is looked for: who stayed, or purchases, money, friends
    int months;            // of a period
    struct purchases bought;
    const struct column *left, *opened; // of customers: dates; or NULL: nobody tells who left
    int decimals;
    int32_t day, cut, from; // as of today, a period ago, and two
    uint8_t *now, *then;    // [customer] the state
    // [customer] what was done in the last period; and the pace of that period and of the one
    // before, in a whole period, for who came within it. Of who stayed 1 or 0, and no pace.
    double *recent, *own, *before;
    int64_t *gaps, *days; // [customer] between purchases, and how long they are together
    int32_t *first;       // [customer] purchase; INT32_MAX: none
    const char *lack;     // why it does not tell; NULL: it does
};

enum status past_read(struct arena *a, const struct host *host, const struct decisions *d,
                      enum effect_kind kind, int months, struct past *out, struct err *err);

#endif
