// A past campaign whose arms were drawn by lot, with an effect that is known: whether each customer
// would have answered in each arm is drawn first, then the arm.
#ifndef PATRON_GENERATE_CAMPAIGN_H
#define PATRON_GENERATE_CAMPAIGN_H

#include "generate/cells.h"
#include "generate/course.h"

enum { ARMS_MAX = 3 };

struct arm {
    const char *name, *channel; // the first arm is the control: "" and no cost
    double moves; // of those who would not have bought by themselves and are still there
    int64_t cost; // fen
};

// Goes to who has last bought `silent_least` to `silent_most` days before. The answer is a purchase
// within `window` days.
struct campaign {
    const char *name;
    int32_t day;
    int window, silent_least, silent_most;
    int arms;
    double share[ARMS_MAX];
    struct arm arm[ARMS_MAX];
};

// What happened, over customers.
struct tally {
    int64_t contacted;
    int64_t in_arm[ARMS_MAX], answered[ARMS_MAX];
    int64_t would_answer[ARMS_MAX]; // of all contacted, if all had been in that arm
};

struct contact {
    bool contacted;
    int arm;
    bool answers[ARMS_MAX]; // in each arm
};

// Draws the customer's part in the campaign. A purchase that only the campaign brought about is put
// into the course.
void campaign_run(const struct campaign *k, struct rng *r, struct course *c, struct contact *out);
void campaign_count(const struct contact *t, const struct campaign *k, struct tally *tally);
// The table contacts: its columns, and a customer's row; none for who was not contacted.
extern const struct field campaign_fields[];
void campaign_row(const struct contact *t, const struct campaign *k, int64_t customer,
                  struct rows *out);
// A customer's row of the table truth: the day of leaving, purchases a week, the potential answers.
void campaign_truth(const struct contact *t, const struct campaign *k, int64_t customer,
                    const struct course *c, double rate_a_week, struct rows *out);

#endif
