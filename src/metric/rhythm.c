// When a customer bought and how often, and whether that pace still holds.
#include <math.h>

#include "base/date.h"
#include "metric/family.h"
#include "metric/row.h"

// A day in the future is no past: customers whom the data knows early have no recency yet.
static double days_until_today(const double *x) {
    return x[1] >= x[0] ? x[1] - x[0] : NAN;
}

enum status rhythm_recency_days(struct metric_run *r, struct err *err) {
    return row_run(r, days_until_today, NULL, err);
}

enum status rhythm_tenure_days(struct metric_run *r, struct err *err) {
    return row_run(r, days_until_today, NULL, err);
}

static double months_until_today(const double *x) {
    return x[1] >= x[0] ? (double)date_months_between((int32_t)x[0], (int32_t)x[1]) : NAN;
}

enum status rhythm_tenure_months(struct metric_run *r, struct err *err) {
    return row_run(r, months_until_today, NULL, err);
}

static double mean_gap(const double *x) {
    return x[2] > 1 ? (x[1] - x[0]) / (x[2] - 1) : NAN;
}

enum status rhythm_mean_gap_days(struct metric_run *r, struct err *err) {
    return row_run(r, mean_gap, NULL, err);
}

static double ratio(const double *x) {
    return x[1] > 0 ? x[0] / x[1] : NAN;
}

enum status rhythm_rf_ratio(struct metric_run *r, struct err *err) {
    return row_run(r, ratio, NULL, err);
}

enum { HIGH_RISK, AT_RISK, STABLE }; // as the registry lists the labels

static double warning(const double *x) {
    return x[0] >= 1.5 ? HIGH_RISK : x[0] > 1 ? AT_RISK : STABLE;
}

// A warning is read against what chance alone gives: among customers who buy at random at a steady
// pace (Poisson), e^-1 have R > F and e^-1.5 have R >= 1.5 F.
static void note_base_rate(const struct metric_run *r) {
    int64_t count[3] = {0, 0, 0}, all;
    for (int64_t i = 0; i < r->out->n; i++)
        if (column_has(r->out, i))
            count[r->out->code[i]]++;
    all = count[HIGH_RISK] + count[AT_RISK] + count[STABLE];
    if (all == 0 || !r->id)
        return;
    host_note(r->host,
              "rf_warning: of %lld customers with a pace, %lld have R/F above 1 and %lld of 1.5 or "
              "more; of healthy customers who buy at random 36.8 %% and 22.3 %% do, here %lld and "
              "%lld",
              (long long)all, (long long)(count[HIGH_RISK] + count[AT_RISK]),
              (long long)count[HIGH_RISK], llround((double)all * exp(-1)),
              llround((double)all * exp(-1.5)));
}

enum status rhythm_rf_warning(struct metric_run *r, struct err *err) {
    TRY(row_run(r, warning, NULL, err));
    if (r->host)
        note_base_rate(r);
    return DONE;
}
