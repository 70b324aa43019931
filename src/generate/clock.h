// When people buy: a clock that runs faster in busy times. What happens at a constant rate by this
// clock has the seasons, the weekdays and the feasts of a year in it.
#ifndef PATRON_GENERATE_CLOCK_H
#define PATRON_GENERATE_CLOCK_H

#include <stdint.h>

// The days that every generated base covers; nothing depends on today.
enum { FIRST_DAY = 19358, LAST_DAY = 20453, DAYS = LAST_DAY - FIRST_DAY + 1 }; // 2023 to 2025

struct feast {
    int month, day;
    double factor;
};

// How busy a day is: the product of what its month, weekday and feast say.
struct season {
    double month[12];
    double weekday[7]; // from Monday on
    struct feast feast[4];
};

struct clock {
    double at[DAYS + 1];      // by the clock, the beginning of each day: from 0 to DAYS
    uint16_t guide[DAYS + 1]; // the day at each whole number
};

void clock_make(struct clock *c, const struct season *s);
// The day at that time; beyond the last, LAST_DAY + 1.
int32_t clock_day(const struct clock *c, double time);
// The time at which a day begins, FIRST_DAY to LAST_DAY + 1.
double clock_at(const struct clock *c, int32_t day);

#endif
