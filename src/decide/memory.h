// The memory of tiers: from what a customer has earned now and had before to what becomes of it.
#ifndef PATRON_DECIDE_MEMORY_H
#define PATRON_DECIDE_MEMORY_H

#include "decide/past.h"

// What became of the customers of a block so far.
struct verdicts {
    uint8_t settled[BLOCK], undecided[BLOCK], fault[BLOCK];
    int32_t code[BLOCK]; // n: no class
    // Of a scheme with a memory:
    uint8_t lacks[BLOCK]; // the class that the customer had was passed over for a missing value
    struct before before[BLOCK];
};

struct remembered {
    const struct scheme *scheme;
    struct past past;
    struct column *state, *until, *entered, *reviewed;
    int32_t *before; // [customer]
    uint8_t *odd;    // [customer] 1: the tier before is strange, 2: it is from later
};

enum status memory_open(struct arena *a, const struct decisions *d, const struct scheme *s,
                        struct remembered *out, struct err *err);
// Before the classes are judged: what the customers of a block had.
void memory_begin(const struct remembered *m, int64_t first, int n, struct verdicts *v);
// After that: the class that was earned becomes the one that the customer has.
enum status memory_settle(const struct remembered *m, struct evaluator *e,
                          const struct column *const *columns, int64_t first, int n,
                          struct verdicts *v, struct err *err);
void memory_close(const struct remembered *m, struct standing *out);

#endif
