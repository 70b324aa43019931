// Ranks the strings of several dictionaries in one order.
#ifndef PATRON_LOAD_RANK_H
#define PATRON_LOAD_RANK_H

#include "load/intern.h"

// The strings of one dictionary that are used, and their ranks (-1 of the others) once ranked.
struct rank_source {
    const struct intern *intern;
    const uint8_t *used; // a byte a code
    int32_t *rank;
};

struct ranking {
    int32_t n;     // distinct strings
    int64_t bytes; // of all of them
    bool by_number;
    const struct str *label; // in order; they lie in the sources
};

// By bytes; with `ids`, by number if every one is a plain integer (digits, no leading zero).
struct ranking rank_strings(struct arena *a, const struct rank_source *sources, int n, bool ids);

#endif
