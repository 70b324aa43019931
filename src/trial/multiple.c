// The best of several arms is partly the luckiest. Had one half of the customers picked it, the
// other half would measure it as it is; and the mean over all ways of halving is as sure as all
// customers are. Of arms with normal means that needs no halves: if e is drawn as mean k errs, then
// mean + e and mean - e are two independent measurements, as the halves' are. The arm that is
// highest by the first is measured by the second, on average over e.
#include "trial/multiple.h"

#include <math.h>
#include <stdlib.h>

#include "base/chance.h"

static int by_value(const void *a, const void *b) {
    double x = **(double *const *)a, y = **(double *const *)b;
    return (x > y) - (x < y);
}

void multiple_holm(double **p, int n) {
    double most = 0;
    qsort(p, (size_t)n, sizeof *p, by_value);
    for (int i = 0; i < n; i++) {
        most = fmax(most, fmin(1, (n - i) * *p[i]));
        *p[i] = most;
    }
}

// ---- the best arm -------------------------------------------------------------------------------

// What one half measures of an arm, times the chance that the other half picks it: the integral
// over e, in errors of the arm's mean, by the trapezium rule, which is exact unless another arm
// is far surer than this one.
static double measured_if_picked(const struct contrast *const *arm, int arms, int k) {
    static const double reach = 8, step = 1.0 / 16;
    const struct moments own = arm[k]->treated;
    double error = moments_error(own), sum = 0, density = 0;
    for (double z = -reach; z <= reach; z += step) {
        double weight = exp(-z * z / 2);
        density += weight;
        for (int j = 0; j < arms; j++) {
            double ahead = own.mean + error * z - arm[j]->treated.mean;
            if (j != k)
                weight *= chance_normal(ahead / moments_error(arm[j]->treated));
        }
        sum += weight * (own.mean - error * z);
    }
    return sum / density;
}

static int highest(const struct contrast *const *arm, int arms) {
    int best = 0;
    for (int i = 0; i < arms; i++) {
        if (!(moments_error(arm[i]->treated) > 0) || !contrast_known(arm[i]))
            return -1;
        if (arm[i]->difference.value > arm[best]->difference.value)
            best = i;
    }
    return arms > 1 ? best : -1;
}

// The interval is Sidak's (1967), of all arms at once.
struct winner winner_of(const struct contrast *const *arm, int arms, const struct precision *k) {
    struct winner w = {.arm = highest(arm, arms)};
    if (w.arm < 0)
        return w;
    const struct estimate *d = &arm[w.arm]->difference;
    double all = (1 + pow(1 - k->alpha, 1.0 / arms)) / 2;
    double half = d->error * chance_t_quantile(d->freedom, all);
    for (int i = 0; i < arms; i++)
        w.value += measured_if_picked(arm, arms, i);
    w.value -= arm[0]->control.mean;
    w.any = (struct interval){d->value - half, d->value + half};
    return w;
}
