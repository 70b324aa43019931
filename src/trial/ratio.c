#include "trial/ratio.h"

#include <math.h>

#include "base/chance.h"

struct ratio ratio_of(const struct experiment *x, const double share[ARMS_MOST]) {
    struct ratio r = {.freedom = x->arms - 1};
    double all = 0, shares = 0;
    for (int k = 0; k < x->arms; k++) {
        all += (double)x->arm[k].customers;
        shares += share[k];
    }
    for (int k = 0; k < x->arms; k++) {
        r.share[k] = share[k] / shares;
        double planned = all * r.share[k];
        r.statistic += pow((double)x->arm[k].customers - planned, 2) / planned;
    }
    r.p = chance_chi_square_above(r.freedom, r.statistic);
    r.holds = r.p >= RATIO_LEAST;
    return r;
}
