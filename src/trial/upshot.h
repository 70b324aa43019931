// An outcome of an experiment: by customer, and what each arm did to it.
#ifndef PATRON_TRIAL_UPSHOT_H
#define PATRON_TRIAL_UPSHOT_H

#include "trial/adjust.h"
#include "trial/earnings.h"
#include "trial/experiment.h"
#include "trial/multiple.h"
#include "trial/segments.h"

// One arm, or all of them together, against the control.
struct arm_effect {
    struct str name;
    int arm; // 0: all of them
    int64_t customers, cost;
    struct contrast plain;
    struct contrast best;            // adjusted by the value before where that helps, else the same
    double together;                 // its p among all that are compared; NAN: it is none of them
    struct segment_effects segments; // of the best; n is 0 where nobody asked
    struct sure_things sure;         // of an outcome that is an answer
};

struct upshot {
    struct str name;
    enum type type;
    bool answer;   // every value is 0 or 1
    double *value; // [customer] in major units; NAN: missing
    int64_t missing[ARMS_MOST];
    struct moments moments[ARMS_MOST];
    struct adjustment before;
    int effects; // each arm's, then that of all together if there are several
    struct arm_effect effect[ARMS_MOST];
    struct winner winner; // among the arms, by what is best of them
};

// What is compared, and by what.
struct comparing {
    const struct experiment *experiment;
    struct precision precision;
    const struct clusters *clusters; // who went into an arm together; NULL: each by himself
    const double *before;            // [customer], or NULL
    const int32_t *segment;          // [customer] 0 .. segments - 1; NULL: nobody asks
    int segments;
};

// The values of a column; missing ones, and labels, are NAN. REFUSED if one is so large that its
// square is no number.
enum status upshot_values(struct arena *a, const struct column *c, double **out, struct err *err);
// REFUSED unless it is a number of some kind or a flag that is known in every arm.
enum status upshot_of(struct arena *a, const struct column *c, const struct comparing *k,
                      struct upshot *out, struct err *err);
// Says of every arm and outcome how likely chance gives as much, all of them counted. Returns how
// many they are.
int upshot_together(struct arena *a, struct upshot *outcome, int outcomes);

#endif
