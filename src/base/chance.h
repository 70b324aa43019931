// Distributions: how likely something is, and the value that something is that likely to stay
// below (the quantile, for p in (0, 1)). Small tails keep their relative precision.
#ifndef PATRON_BASE_CHANCE_H
#define PATRON_BASE_CHANCE_H

double chance_normal(double x); // of mean 0 and deviation 1: P(X <= x)
double chance_normal_quantile(double p);

double chance_t(double freedom, double x); // Student's
double chance_t_quantile(double freedom, double p);

double chance_chi_square_above(double freedom, double x); // P(X > x)

double chance_beta(double a, double b, double x); // the regularised incomplete beta
double chance_beta_quantile(double a, double b, double p);

#endif
