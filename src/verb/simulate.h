// patron simulate: what a policy will do to this base, before it is launched. One run, and parts
// that each say something more about it.
#ifndef PATRON_VERB_SIMULATE_H
#define PATRON_VERB_SIMULATE_H

#include "decide/compare.h"
#include "simulate/forecast.h"
#include "simulate/tornado.h"
#include "verb/axis.h"
#include "verb/open.h"

// One or two params at other values: a curve or a grid. (simulate_sweep.c)
enum { SWEEP_AXES = 2 };

struct sweep_point {
    struct spread net, cost;
    int64_t offers;
    double positive; // share of draws with a net above 0
    int64_t faulty;  // customers for whom a rule failed
    enum grade grade;
};

struct sweep {
    int axes;
    struct axis axis[SWEEP_AXES];
    int points, best; // the last axis moves fastest; the greatest mean net, the first of equals
    struct sweep_point *point;
    int unmoved; // metrics that are the same at every point
    const struct column *const *column;
};

// The value of an axis at a point.
struct str sweep_value(const struct sweep *w, int axis, int point);

// Another policy, draw by draw: it less the policy at hand. (simulate_versus.c)
struct versus {
    const char *path;
    struct opened opened;
    struct decisions *decisions;
    struct forecast *forecast;
    const struct comparison *compared; // it is what comes after
    struct spread net, cost, gain;
    double better; // share of draws in which it has the greater net
    enum grade grade;
};

struct simulation {
    struct call *call;
    struct opened opened;
    struct decisions *decisions;
    struct forecast_options options;
    struct forecast *forecast;
    struct sway *sways;              // one for each of the forecast's factors
    struct sweep *sweep;             // NULL: not asked for
    struct versus *versus;           // likewise
    struct simulated_budget *budget; // of --budget, or NULL
    struct simulated_months *months; // of --months, or NULL
    struct programmes *programmes;   // of points: what is owed for them
};

// Offers that are made, without decisions to do nothing. (simulate_reach.c)
int64_t simulation_offers(const struct decisions *d);

// What is said about a simulation, in the order of the page. Each finds out from the call's options
// whether it is asked for; if it is not, it does and says nothing. What is wrong with its options
// is told before the work: by `check` when nothing has been read, by `open` when data and policy
// have.
struct simulation_part {
    enum status (*check)(struct simulation *s, struct err *err); // these may be NULL
    enum status (*open)(struct simulation *s, struct err *err);
    enum status (*run)(struct simulation *s, struct err *err);
    void (*text)(const struct simulation *s, struct buf *out);
    void (*json)(const struct simulation *s, struct json *j); // fields of the one object
};

extern const struct simulation_part simulate_reach, simulate_page, simulate_tornado, simulate_sweep,
    simulate_versus, simulate_budget, simulate_months, simulate_referrals;

#define OPTIONS_OF_TORNADO                                                                         \
    { "--tornado", NULL, "show for every uncertain input how far it moves the net" }
#define OPTIONS_OF_VERSUS                                                                          \
    { "--vs", "POLICY", "compare with this other policy, draw by draw, on the same customers" }
#define OPTIONS_OF_SWEEP                                                                           \
    {                                                                                              \
        "--sweep", "NAME=FROM..TO:STEPS",                                                          \
            "simulate the policy at other values of a param, or of two (also "                     \
            "NAME=VALUE,VALUE,...)"                                                                \
    }
// What -o names is looked at, and its folder made, before the work; `run` is the document of the
// run.
#define OPTIONS_OF_FILES                                                                           \
    {"-o", "FILE",                                                                                 \
     "write the page here (.html), or the tables into a new folder; may be given for both"},       \
    {                                                                                              \
        "--raw", NULL, "write texts as they are, also those a spreadsheet would run as a formula"  \
    }
enum status simulate_check_files(struct call *c, struct err *err);
enum status simulate_write_files(struct simulation *s, struct str run, struct err *err);

#define OPTIONS_OF_BUDGET                                                                          \
    {"--budget", "X", "find the best use of so much money, and what more or less would bring"}, {  \
        "--plan", "FILE", "write who gets what at best (.csv), for `patron score --plan FILE`"     \
    }

#define OPTIONS_OF_MONTHS                                                                          \
    {"--months", "N", "live on under the policy for N months"},                                    \
        {"--runs", "N", "ways that the months may go; the default is 200"},                        \
        {"--sample", "N", "customers that stand for all; the default is 100000"}, {                \
        "--elasticity", "NAME=CHANGE",                                                             \
            "what it is worth if retention (points), frequency, spend or margin were so different" \
    }

#endif
