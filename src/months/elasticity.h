// What is changed throughout, to see what it is worth.
#ifndef PATRON_MONTHS_ELASTICITY_H
#define PATRON_MONTHS_ELASTICITY_H

#include "base/err.h"

struct elasticity {
    double retention; // added to the chance to stay a year, which stays within 0 and 1
    double frequency, spend, margin; // shares added to purchases, to amounts, to margins
};
// Reads "retention=+0.05"; MISUSED with the nearest name if there is no such one.
enum status elasticity_read(const char *text, struct elasticity *out, struct err *err);

#endif
