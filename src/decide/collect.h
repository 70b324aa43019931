// What the rows of a collecting table say together.
#ifndef PATRON_DECIDE_COLLECT_H
#define PATRON_DECIDE_COLLECT_H

#include "table/column.h"

// Customers for whom the same rows hold are one set.
struct sets {
    struct arena *arena;
    const struct column *of; // every customer's set, as a code
    int32_t n;
    uint64_t *rows; // by set: the rows that hold, as bits
    int64_t size;   // of a hash table, a power of 2
    int32_t *slot;  // a set + 1, or 0
};

// The sets of n customers by the rows that hold for them.
struct sets *collect_sets(struct arena *a, const uint64_t *hits, int64_t n);
// What each set says, by set, of a detail by row: texts joined in the order of the rows without
// repeats, numbers added, a flag true if a row says so.
struct column *collect_detail(const struct sets *s, const struct column *detail);

#endif
