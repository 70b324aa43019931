// patron simulate: what a policy will do to this base, before it is launched. One run, and parts
// that each say something more about it.
#ifndef PATRON_VERB_SIMULATE_H
#define PATRON_VERB_SIMULATE_H

#include "simulate/forecast.h"
#include "simulate/tornado.h"
#include "verb/open.h"

struct simulation {
    struct call *call;
    struct opened opened;
    struct decisions *decisions;
    struct forecast_options options;
    struct forecast *forecast;
    struct sway *sways; // one for each of the forecast's factors
};

// What is said about a simulation, in the order of the page. Each finds out from the call's options
// whether it is asked for; if it is not, it does and says nothing.
struct simulation_part {
    enum status (*run)(struct simulation *s, struct err *err); // may be NULL
    void (*text)(const struct simulation *s, struct buf *out);
    void (*json)(const struct simulation *s, struct json *j); // fields of the one object
};

extern const struct simulation_part simulate_reach, simulate_page, simulate_tornado;

#define OPTIONS_OF_TORNADO                                                                         \
    { "--tornado", NULL, "show for every uncertain input how far it moves the net" }

#endif
