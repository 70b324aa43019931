// What an order and a customer are worth. All rates are by year, and all formulas are written as
// in the catalogue (C5 to C7) with its symbols beside the inputs.
#include <math.h>

#include "metric/family.h"
#include "metric/row.h"

static double mean_order(const double *x) {
    return x[1] > 0 ? x[0] / x[1] : NAN;
}

enum status value_mean_order(struct metric_run *r, struct err *err) {
    return row_run(r, mean_order, NULL, err);
}

static double same(const double *x) {
    return x[0];
}

enum status value_default(struct metric_run *r, struct err *err) {
    return row_run(r, same, NULL, err);
}

// a = (1 - (1 + i)^-n) / i: what 1 at the end of each of n years is worth today; n where i is 0.
// Written so that a rate near 0 loses no digits.
static double annuity(double i, double n) {
    return i == 0 ? n : -expm1(-n * log1p(i)) / i;
}

static const char *check_annuity(double i, double n) {
    if (i <= -1)
        return "discount_rate must be above -1 (it is a share: 0.1 is 10 %)";
    if (n < 0)
        return "years must not be negative";
    return NULL;
}

// x: profit a purchase, purchases a year, lifespan in years, acquisition cost, discount rate
static double simple(const double *x) {
    return x[0] * x[1] * annuity(x[4], x[2]) - x[3];
}

static const char *check_simple(const double *x) {
    return check_annuity(x[4], x[2]);
}

enum status value_simple(struct metric_run *r, struct err *err) {
    return row_run(r, simple, check_simple, err);
}

// x: margin a year m, retention rate r, discount rate i, growth rate g
static double perpetual(const double *x) {
    return x[0] * x[1] / (1 + x[2] - x[1] * (1 + x[3]));
}

static const char *check_perpetual(const double *x) {
    if (x[1] < 0 || x[1] > 1)
        return "retention_rate must be from 0 to 1 (it is a share: 0.85 is 85 %)";
    if (x[2] <= -1)
        return "discount_rate must be above -1 (it is a share: 0.1 is 10 %)";
    if (x[3] < -1)
        return "growth_rate must not be below -1 (it is a share: 0.02 is 2 %)";
    if (1 + x[2] - x[1] * (1 + x[3]) <= 0)
        return "the series does not converge, 1 + discount_rate - retention_rate * "
               "(1 + growth_rate) must be above 0; lower growth_rate, or take a model with a "
               "horizon (clv_contribution)";
    return NULL;
}

enum status value_perpetual(struct metric_run *r, struct err *err) {
    return row_run(r, perpetual, check_perpetual, err);
}

// x: first income P0, income a year In, discount rate, horizon in years
static double revenue(const double *x) {
    return x[0] + x[1] * annuity(x[2], x[3]);
}

static const char *check_revenue(const double *x) {
    return check_annuity(x[2], x[3]);
}

enum status value_revenue(struct metric_run *r, struct err *err) {
    return row_run(r, revenue, check_revenue, err);
}

// x: income a year In, cost a year C, discount rate, horizon in years
static double profit(const double *x) {
    return (x[0] - x[1]) * annuity(x[2], x[3]);
}

enum status value_profit(struct metric_run *r, struct err *err) {
    return row_run(r, profit, check_revenue, err);
}

// x: first income P0, acquisition cost C0, income a year In, direct cost a year Cs, discount rate,
// horizon in years
static double contribution(const double *x) {
    return x[0] - x[1] + (x[2] - x[3]) * annuity(x[4], x[5]);
}

static const char *check_contribution(const double *x) {
    return check_annuity(x[4], x[5]);
}

enum status value_contribution(struct metric_run *r, struct err *err) {
    return row_run(r, contribution, check_contribution, err);
}

// x: referrals a year n, share that joins anyway s, value of a referred customer A, cost to keep it
// M, reward a, the same for one who joins anyway a2, acquisition cost saved ACQ, discount rate,
// horizon in years. Of a referral, 1 - s brings A - a - M + ACQ and s brings ACQ - a2.
static double referral(const double *x) {
    double won = x[2] - x[4] - x[3] + x[6], anyway = x[6] - x[5];
    return x[0] * ((1 - x[1]) * won + x[1] * anyway) * annuity(x[7], x[8]);
}

static const char *check_referral(const double *x) {
    if (x[0] < 0)
        return "referrals_a_year must not be negative";
    if (x[1] < 0 || x[1] > 1)
        return "joins_anyway must be from 0 to 1 (it is a share: 0.5 is 50 %)";
    return check_annuity(x[7], x[8]);
}

enum status value_referral(struct metric_run *r, struct err *err) {
    return row_run(r, referral, check_referral, err);
}
