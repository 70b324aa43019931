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
    bool ranged; // the forecast has an interval; else p5 and p95 are the mean
    bool inside; // and the actual figure is in it
};

struct evaluation {
    struct opened opened;
    const char *policy; // its file, or NULL
    struct experiment experiment;
    struct ratio ratio;
    struct comparing comparing;
    const char *before, *by;   // names, or NULL
    const struct str *segment; // their names
    int results;               // 0 where the ratio does not hold
    struct upshot *result;
    // What the first result earned, by its effects; NULL: nobody said what it is worth.
    double worth;
    struct earnings *earnings;
    const char *forecast; // its file, or NULL
    int foretold;
    struct foretold *figure;
};

// Reads the forecast that --forecast names, and compares.
enum status evaluate_forecast(struct call *c, struct evaluation *x, struct err *err);

void evaluate_text(const void *result, struct buf *out);
void evaluate_json(const void *result, struct json *j);

#endif
