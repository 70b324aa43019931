// Sums of doubles without rounding on the way (Shewchuk 1997, "Adaptive precision floating-point
// arithmetic"): the same set of values gives the same bits in any order.
#ifndef PATRON_METRIC_EXACT_H
#define PATRON_METRIC_EXACT_H

// The sum so far is the sum of parts that overlap in no bit, in rising magnitude. {.n = 0} is
// zero. 2,098 bits from the least to the greatest double are 40 parts of 53.
struct exact {
    int n;
    double part[42];
};

void exact_add(struct exact *e, double x);
// The double nearest to the sum; NaN or infinite if it left the range of doubles.
double exact_sum(const struct exact *e);

#endif
