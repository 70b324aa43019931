// Which of the columns that a policy reads change as months go by, and how.
//
// Purchases of the simulation are added to what the data has: orders, spend, margin, the last and
// the first purchase, and counts and sums of transactions in windows of whole months (by calendar,
// so that what is in the data leaves them in time). What follows from these or from today row by
// row is computed anew. Everything else stays as it is, and is listed.
#ifndef PATRON_MONTHS_EVOLVE_H
#define PATRON_MONTHS_EVOLVE_H

#include "decide/decide.h"
#include "months/crowd.h"

enum motion {
    MOTION_FROZEN,
    MOTION_CALENDAR, // by today alone: the same in all runs
    MOTION_EVOLVING, // by what customers do
    MOTION_DERIVED,  // follows from evolving ones, on the worker's board
};

// A figure that grows with purchases: what is real at the day of month m, and so much a purchase.
enum unit { UNIT_PURCHASE, UNIT_AMOUNT, UNIT_MARGIN };
struct counter {
    struct str name;
    enum type type;
    int decimals;
    enum unit unit;
    int last, ending;           // months of the window, and how long ago it ended; last 0: ever
    const struct column **real; // [month], of the sample
};

struct evolution {
    int months;
    int32_t *today; // [month] when it begins, and the campaigns are decided
    // Today is a column here, as any other that changes: what is compiled once is good for all
    // months.
    const struct column **today_column;
    int frozen, calendars, counters, listed;
    const struct column **frozen_column;
    const struct column ***calendar; // [month][calendars]
    struct counter *counter;
    const struct column *last_purchase, *first_purchase; // at the start; NULL: nobody reads it
    enum motion retention, purchases; // of the columns retention_rate and purchases_a_year
    struct str *frozen_name;          // those that rules read, and that stay; listed of them
    int derived; // metrics of the policy that are computed anew on every worker's board
    struct str *derived_name;
};

// `d` is what was decided at the start, with its columns on its board.
enum status evolution_of(struct arena *a, const struct host *host, const struct decisions *d,
                         const struct crowd *s, int months, struct evolution **out,
                         struct err *err);
// The same of n of the customers from the first on; and a column of theirs (NULL of NULL).
const struct evolution *evolution_part(struct arena *a, const struct evolution *e, int64_t first,
                                       int64_t n);
const struct column *evolution_column(struct arena *a, const struct column *c, int64_t first,
                                      int64_t n);

#endif
