// A loyalty programme: points that are earned, redeemed and expire (lots.h), and what is owed for
// them.
#ifndef PATRON_METRIC_POINTS_H
#define PATRON_METRIC_POINTS_H

#include "metric/declared.h"

// The columns that a programme called "miles" has: miles_earned ...
enum points_figure {
    POINTS_EARNED,
    POINTS_REDEEMED,
    POINTS_EXPIRED,
    POINTS_BALANCE,
    POINTS_EXPIRING,
    POINTS_EXPIRES_ON,
    POINTS_LIABILITY, // only where a point has a value
    POINTS_FIGURES,
};

const char *points_figure_name(enum points_figure f); // "earned"

struct points {
    struct str name; // "miles"
    struct place at;
    struct formula earn, where;         // points of a row of transactions, and the rows that count
    struct formula booked;              // the rows of the table points that count; none: all
    struct duration expire, soon;       // 0/0: points never expire; what expires soon
    struct formula unit_value, redeems; // of a customer: what a point is worth, and the share of
                                        // the balance that will be redeemed (none: all of it)
};

// Of an amount the whole points; LOTS_FAILED (lots.h) where there are none, or too many.
int64_t points_whole(double x);

#endif
