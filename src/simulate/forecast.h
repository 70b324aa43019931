// What a policy's offers will cost and earn, and how sure that is: a function of the factors, and
// that function over many draws of them.
#ifndef PATRON_SIMULATE_FORECAST_H
#define PATRON_SIMULATE_FORECAST_H

#include "simulate/assume.h"
#include "simulate/cells.h"
#include "simulate/factor.h"
#include "trial/belief.h"

// What comes of one set of values of the factors. Money in major units. (result.c)
struct result {
    double contact, offers; // what contacts and offers cost; what is paid on success is expected
    double sure;            // of the offers' cost what goes to those who would have come anyway
    double gain;            // what is earned beyond what would have come anyway
};

double result_contact(const struct result *r);
double result_offers(const struct result *r);
double result_sure(const struct result *r);
double result_gain(const struct result *r);
double result_cost(const struct result *r); // contacts and offers
double result_net(const struct result *r);  // gain - cost
double result_roi(const struct result *r);  // net for each unit of cost; 0 where nothing is spent

// Of many draws.
struct spread {
    double mean, p5, p50, p95;
};

struct prospect {
    struct spread cost, contact, offers, sure, gain, net, roi; // net for each unit of cost
    double worst;                                              // mean net of the worst 5 %
    double positive;                                           // share of draws with a net above 0
    double error;     // of the mean net: the part that more draws would take away
    bool sure_known;  // every offer's base is said
    enum grade grade; // the weakest of the factors that move the net
};

struct campaign_prospect {
    int64_t offers;
    struct prospect all;
    struct spread uplift;
    double base;          // what there is without the offer, on average; NAN: not known of all
    double break_even;    // the mean uplift at which the net is 0; NAN: there is none
    double above;         // the probability of a greater one; NAN likewise
    double largest_offer; // the mean cost of an offer at which the net is 0; NAN: costs nothing
};

struct forecast_options {
    uint64_t seed;
    int draws;
    struct assumptions assume;
};

// From where it is known what there is without an offer. (bases.c)
enum base_source {
    BASE_UNKNOWN,
    BASE_STATED,     // by the policy
    BASE_EXPERIMENT, // of the control of the experiment that the effect comes from
    BASE_HISTORY,    // the firm's own: a column that tells it, or what was done before
};

struct base {
    enum base_source from;
    double mean, deviation; // of an experiment's control
    struct str source;
};

// What the history says of one kind of effect.
struct seen {
    double mean, deviation; // over the offers together
    enum grade grade;
    struct str source;
};

struct bases {
    struct base *base; // by campaign
    struct seen seen[EFFECT_KINDS];
    const char *unknown; // why the history says nothing; NULL: it does, or was not asked
};

// Gives every candidate whose base the policy does not say the one that is known: of who stays a
// year, of all else within the horizon.
enum status bases_of(struct arena *a, const struct host *host, const struct decisions *d,
                     const struct assumptions *assume, struct stake *stake, struct bases *out,
                     struct err *err);

enum { DRAWS_MOST = 1000000 };

struct forecast {
    const struct decisions *decisions;
    const struct forecast_options *options;
    struct cells *cells;
    struct bases bases;
    struct factors factors;
    double **draw;             // [factor][draw]
    double *net, *cost, *gain; // [draw]
    struct prospect all;
    struct campaign_prospect *campaign; // of the policy's
    int payback; // months until the value has paid the cost; 0: not within the horizon
};

// The factors of what was decided, by what the policy says, what is known and what is assumed.
// (factors.c)
struct factors factors_of(struct arena *a, const struct policy *p, const struct cells *cells,
                          const struct bases *bases, const struct assumptions *assume);

// What a success is worth, and what every purchase brings.
struct factor factor_of_value(const struct assumptions *assume);
#define FACTOR_OF_HISTORY "who stays without an offer"

// Simulates what was decided with what is at stake, which learns the bases that are known.
enum status forecast(struct arena *a, const struct host *host, struct decisions *d,
                     const struct forecast_options *options, struct forecast **out,
                     struct err *err);

// What comes of these values of the factors; by campaign, too, unless that is NULL.
struct result forecast_at(struct arena *a, const struct forecast *f, const double *x,
                          struct result *by_campaign);
// The factors' means.
double *forecast_means(struct arena *a, const struct forecast *f);
// Sorts x.
struct spread spread_of(double *x, int n);

#endif
