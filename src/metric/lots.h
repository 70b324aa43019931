// What becomes of one customer's points: lots that are earned, redeemed and expire. Exact, in whole
// points; what happened on one day has no order, so neither have rows.
#ifndef PATRON_METRIC_LOTS_H
#define PATRON_METRIC_LOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "metric/declared.h"

#define LOTS_MOST   ((int64_t)1 << 53) // points that one row may move
#define LOTS_FAILED INT64_MIN          // instead of points: what they are could not be told

// Points by row, the rows of a customer by date; 0 where a row does not count.
struct moves {
    const int64_t *start; // as of a table
    const int32_t *date;
    const int64_t *points;
};

struct lot_rules {
    struct duration expire; // how long points last; 0/0: for ever
    int32_t as_of, soon;    // soon: the last day that is
};

// earned - redeemed - expired = balance, which is below 0 for who redeemed more than there was.
struct account {
    int64_t earned, redeemed, expired, balance;
    int64_t expiring;   // of the balance, what expires by `soon`
    int32_t expires_on; // the oldest of the balance; INT32_MAX: never, or there is none
    bool failed;        // a move failed, or there are more points than can be counted
};

struct lot {
    int32_t expires_on;
    int64_t left;
};

// The account of a customer. In `spend` less than 0 takes back what was earned, in `booked` it is
// redeemed; either may be NULL. `lot` has room for one a row.
struct account lots_settle(const struct moves *spend, const struct moves *booked,
                           const struct lot_rules *rules, int64_t customer, struct lot *lot);

#endif
