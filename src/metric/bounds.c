// Bounds that follow from what a metric is, whatever the data are: counts are not negative, scores
// go from 1 to 5. Amounts can be negative by refunds, and time since a day that data give, too.
#include <math.h>

#include "metric/metric.h"

void metric_bounds(const struct metric *m, double *least, double *most) {
    static const struct {
        const char *name;
        double least, most;
    } table[] = {
        {"orders", 0, INFINITY},
        {"purchase_days", 0, INFINITY},
        {"recency_days", 0, INFINITY},
        {"mean_gap_days", 0, INFINITY},
        {"r_score", 1, 5},
        {"f_score", 1, 5},
        {"m_score", 1, 5},
        {"rfm", 111, 555},
        {"referred_count", 0, INFINITY},
        {"referred_qualified", 0, INFINITY},
        {"generation", 0, INFINITY},
        {"referral_depth", 0, INFINITY},
        {"referral_reach", 0, INFINITY},
        {"ring_size", 2, 10},
        {"referrals_a_day", 0, INFINITY},
    };
    *least = -INFINITY;
    *most = INFINITY;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!str_is(str_of(m->name), table[i].name))
            continue;
        *least = table[i].least;
        *most = table[i].most;
    }
}
