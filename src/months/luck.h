// The chance of customers in months: four random words for each pair of months, by (seed, run,
// customer) alone. So two policies meet the same luck, a further customer changes nobody's, and it
// does not matter which thread asks.
#ifndef PATRON_MONTHS_LUCK_H
#define PATRON_MONTHS_LUCK_H

#include <stdint.h>

#include "base/str.h"

enum { LUCK_WORDS = 4 }; // of a customer: two a month, of an even and of the odd month behind it

// What stands for a customer: of its id, the same on every machine.
uint64_t luck_of_id(struct str id);

// The words of n customers in the pair of months; word[k][i] is the k-th of the i-th.
void luck_draw(uint64_t seed, uint32_t run, uint32_t pair, const uint64_t *customer, int64_t n,
               uint32_t *const word[LUCK_WORDS]);

#endif
