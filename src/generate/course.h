// What a customer does over the days: purchases, complaints, fees, and the day of leaving.
#ifndef PATRON_GENERATE_COURSE_H
#define PATRON_GENERATE_COURSE_H

#include "base/mem.h"
#include "base/rng.h"
#include "generate/clock.h"
#include "generate/life.h"

// What makes leaving more likely, by how much, and for how long.
struct effect {
    const char *name;
    double factor; // of the hazard
    int days;
};

enum effect_name { COMPLAINT_OPEN, COMPLAINT_RESOLVED, FEE_CHARGED, FAMILY_LEFT, EFFECTS };
extern const struct effect course_effects[EFFECTS];

enum { FEES_MAX = 4, COMPLAINTS_MAX = 16, WAIVED_AFTER = 6 };

struct plan {
    const struct clock *clock;
    int32_t from;        // FIRST_DAY or later
    bool buys_at_once;   // the first purchase is on that day
    double rate;         // purchases a day of the clock
    double hazard;       // of leaving, a day
    double complains;    // of a purchase: how likely a complaint follows
    int32_t family_left; // when the head of the household leaves, or NEVER
    int fees;
    int32_t fee_day[FEES_MAX]; // in order
};

struct course {
    struct arena *arena; // of the days, which the next course uses again
    int32_t *day;        // of each purchase, in order
    size_t n, room;
    int complaints;
    struct complaint {
        int32_t day, resolved; // resolved: or NEVER
    } complaint[COMPLAINTS_MAX];
    int fees; // those that fell due before leaving
    bool fee_waived[FEES_MAX];
    int32_t left; // the day of leaving, or NEVER: not within the year after LAST_DAY
};

// Overwrites all of *out but its room.
void course_run(const struct plan *p, struct rng *r, struct course *out);
// One more purchase, at its place in the order.
void course_insert(struct course *c, int32_t day);

#endif
