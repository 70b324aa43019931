// Which tier a customer had before, since when, and when it is reviewed.
#ifndef PATRON_DECIDE_PAST_H
#define PATRON_DECIDE_PAST_H

#include "decide/stages.h"

#define NO_DAY INT32_MIN

// A tier that a customer has had.
struct tenure {
    int32_t tier;     // -1: none
    int32_t since;    // its entry, or NO_DAY
    int32_t reviewed; // the last review that it passed, or NO_DAY
};

struct past {
    const struct scheme *scheme;
    const struct column *today, *previous, *since, *reviewed; // NULL: none
    const int32_t *tier;                                      // by label of `previous`; -1: none
    struct tier_history {
        const struct table *table; // tier_history, or NULL
        const struct column *tier, *scheme, *state;
        const int32_t *code; // by label of `tier`
        int32_t own, grace;  // the labels of this scheme and of the state "in grace"; -1: none
        bool first;          // a row without a scheme is about this one
    } history;
};

// What it takes to know the past of every customer.
enum status past_open(struct arena *a, const struct decisions *d, const struct scheme *s,
                      struct past *out, struct err *err);

// What is known of a customer.
struct before {
    struct tenure tenure;
    int32_t today; // NO_DAY: not known
    bool strange;  // there is a tier that the policy does not have,
    bool later;    // or one from after today
};
struct before past_of(const struct past *p, int64_t customer);

// The day of the review that a tier has to pass, which may lie behind.
int32_t past_due(const struct memory *m, const struct tenure *t, int32_t today);
// The last day of grace after that; NO_DAY if there is none.
int32_t past_grace(const struct memory *m, int32_t due);
// The last review behind a tier that passes one today.
int32_t past_passed(const struct memory *m, int32_t due, int32_t today);

#endif
