// A change of time: a Poisson process by a clock whose speed is s(t) is a Poisson process of rate
// s(t) by ours. The clock is as fast as the calendar on the whole, so rates keep their meaning.
#include "generate/clock.h"

#include "base/date.h"

static double busy(const struct season *s, int32_t date) {
    int year, month, day;
    date_split(date, &year, &month, &day);
    double x = s->month[month - 1] * s->weekday[(date + 3) % 7]; // day 0 was a Thursday
    for (int i = 0; i < 4; i++)
        if (s->feast[i].month == month && s->feast[i].day == day)
            x *= s->feast[i].factor;
    return x;
}

void clock_make(struct clock *c, const struct season *s) {
    double sum = 0;
    for (int i = 0; i < DAYS; i++) {
        c->at[i] = sum;
        sum += busy(s, FIRST_DAY + i);
    }
    for (int i = 0; i < DAYS; i++)
        c->at[i] *= DAYS / sum;
    c->at[DAYS] = DAYS;
    for (int time = 0, day = 0; time <= DAYS; time++) {
        while (day < DAYS && c->at[day + 1] <= time)
            day++;
        c->guide[time] = (uint16_t)day;
    }
}

int32_t clock_day(const struct clock *c, double time) {
    if (time >= DAYS)
        return LAST_DAY + 1;
    int day = c->guide[(int)time];
    while (c->at[day + 1] <= time)
        day++;
    return FIRST_DAY + day;
}

double clock_at(const struct clock *c, int32_t day) {
    return c->at[day - FIRST_DAY];
}
