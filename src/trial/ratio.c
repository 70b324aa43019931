#include "trial/ratio.h"

#include <math.h>

#include "base/chance.h"

struct ratio ratio_of(int arms, const int64_t *drawn, const double *share) {
    struct ratio r = {.freedom = arms - 1};
    double all = 0, shares = 0;
    for (int k = 0; k < arms; k++) {
        all += (double)drawn[k];
        shares += share[k];
    }
    for (int k = 0; k < arms; k++) {
        r.share[k] = share[k] / shares;
        double planned = all * r.share[k];
        r.statistic += pow((double)drawn[k] - planned, 2) / planned;
    }
    r.p = chance_chi_square_above(r.freedom, r.statistic);
    r.holds = r.p >= RATIO_LEAST;
    return r;
}
