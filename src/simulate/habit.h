// What customers do without an offer, by the firm's own history: who stayed in the last year, of
// those who stood a year ago as each customer stands now.
//
// Who is there on a day is who buys within a year from it. So the chance to buy within a year says
// who is there now, and to be there in a year is to buy in the year behind it.
#ifndef PATRON_SIMULATE_HABIT_H
#define PATRON_SIMULATE_HABIT_H

#include "base/host.h"
#include "table/table.h"

// How long a customer has bought, how lately, and how often in a year.
enum { HABIT_TENURES = 3, HABIT_RECENCIES = 7, HABIT_FREQUENCIES = 4 };
enum { HABIT_STATES = HABIT_TENURES * HABIT_RECENCIES * HABIT_FREQUENCIES };

struct habit {
    const char *unknown;  // why nothing is known; NULL: it is
    const uint8_t *state; // [customer] now; HABIT_STATES: never bought
    double mean[HABIT_STATES], deviation[HABIT_STATES]; // the chance to buy within a year
    double later[HABIT_STATES]; // and within the year after: by how those of a year ago stand now
    double shared;              // of the variances, by all states
    int64_t customers;          // of whom it is known from
};

// From the table transactions. No offers of that year are taken out: it is what happened.
enum status habit_of(struct arena *a, const struct host *host, const struct dataset *data,
                     struct habit *out, struct err *err);

#endif
