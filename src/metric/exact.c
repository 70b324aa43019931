// Adding a to b gives the nearest double and the rest exactly, as a sum of two doubles. A new value
// is added to every part in turn; the rests are the new parts.
#include "metric/exact.h"

#include <math.h>

// high + *rest == a + b, exactly.
static double add(double a, double b, double *rest) {
    double high = a + b;
    double large = fabs(a) < fabs(b) ? b : a, small = fabs(a) < fabs(b) ? a : b;
    *rest = small - (high - large);
    return high;
}

void exact_add(struct exact *e, double x) {
    int kept = 0;
    for (int i = 0; i < e->n; i++) {
        double rest;
        x = add(x, e->part[i], &rest);
        if (rest != 0)
            e->part[kept++] = rest;
    }
    if (!isfinite(x))
        kept = 0; // beyond doubles, for good: no part has a meaning any more
    e->part[kept] = x;
    e->n = kept + 1;
}

// From the greatest part down, until something is left over: then all below is less than half a
// unit of the last place, and only decides a tie.
double exact_sum(const struct exact *e) {
    int i = e->n;
    double sum = 0, rest = 0;
    while (i > 0 && rest == 0)
        sum = add(sum, e->part[--i], &rest);
    if (i == 0 || rest == 0 || (rest < 0) != (e->part[i - 1] < 0))
        return sum;
    double doubled = sum + 2 * rest; // exact if, and only if, rest was half a unit: a tie
    return doubled - sum == 2 * rest ? doubled : sum;
}
