// What evaluate found: an experiment, whether its arms are as planned, and if so what each arm did.
// evaluate.c fills it, evaluate_forecast.c compares it with what was foretold, evaluate_text.c and
// evaluate_json.c show it.
#ifndef PATRON_VERB_EVALUATE_H
#define PATRON_VERB_EVALUATE_H

#include "trial/ratio.h"
#include "trial/upshot.h"
#include "verb/open.h"

// A figure that was foretold, and what it came to.
struct foretold {
    const char *what; // "offers", "cost", "earns", "net", "uplift"
    bool money;
    double mean, p5, p95; // of the forecast
    double actual, low, high;
    double error; // of the actual figure, as it was measured; 0: it was counted
    bool ranged;  // the forecast has an interval, and not one figure alone
    bool inside;  // and the actual figure is where it is nine times in ten, of both
};

struct evaluation {
    struct opened opened;
    const char *policy;                // its file, or NULL
    const struct decisions *decisions; // by it; NULL: nobody asked
    const char *propensity;            // the column with the chance of each customer's arm, or NULL
    struct experiment experiment;
    struct ratio ratio;
    bool shares_said; // by --shares, or a holdout; else equal ones are taken for planned
    struct comparing comparing;
    const int64_t *unit;               // [customer] the first of those who were drawn together
    const char *before, *by, *cluster; // names, or NULL
    const struct str *segment;         // their names
    int outcomes;
    const struct column *const *outcome;
    int results; // 0 where the ratio does not hold, or the arms had no fixed shares
    struct upshot *result;
    int together; // comparisons of an arm with the control, over all outcomes
    // What the first result earned, by its effects; NULL: nobody said what it is worth.
    double worth;
    struct earnings *earnings;
    const char *forecast; // its file, or NULL
    int foretold;
    struct foretold *figure;
    struct policy_values *values; // of --off-policy, or NULL
    struct uplift_table *uplift;  // of --uplift, or NULL
};

// The arms of --arms, by customer of the data.
enum status evaluate_arms(struct call *c, const struct evaluation *x, const struct column **out,
                          struct err *err);

// REFUSED where the value of --before counts what came after the first contact; notes an outcome
// that counts nothing of it.
enum status evaluate_windows(struct call *c, const struct evaluation *x, struct err *err);

// Reads the forecast that --forecast names, and compares.
enum status evaluate_forecast(struct call *c, struct evaluation *x, struct err *err);

// The value of the policy on the log of the experiment, if that was asked for; and whether a score
// finds those in whom an arm changes something. By the first outcome.
enum status evaluate_offpolicy_usage(const struct call *c, struct err *err);
enum status evaluate_offpolicy(struct call *c, struct evaluation *x, struct err *err);
enum status evaluate_uplift(struct call *c, struct evaluation *x, struct err *err);
#define OPTIONS_OF_OFF_POLICY                                                                      \
    {"--off-policy", NULL, "what the policy would have brought: its campaigns are the arms"}, {    \
        "--propensity", "NAME", "by which chance customers got their arms; else the shares"        \
    }
#define OPTION_OF_UPLIFT                                                                           \
    { "--uplift", "SCORE", "whether this number finds those whom an arm changes: Qini, AUUC" }

void evaluate_offpolicy_text(struct buf *out, const struct evaluation *x);
void evaluate_offpolicy_json(struct json *j, const struct evaluation *x);
void evaluate_uplift_text(struct buf *out, const struct evaluation *x);
void evaluate_uplift_json(struct json *j, const struct evaluation *x);

void evaluate_text(const void *result, struct buf *out);
void evaluate_json(const void *result, struct json *j);

#endif
