// Work on all customers, or all rows of a table, a block of them at a time, on all cores.
#ifndef PATRON_METRIC_BLOCK_H
#define PATRON_METRIC_BLOCK_H

#include <stdint.h>

#include "base/host.h"
#include "base/parallel.h"

enum { BLOCK = 4096 };
_Static_assert(BLOCK % 64 == 0, "blocks share no word of a bitmap");

struct block {
    void *arg;
    size_t index;
    int64_t first;
    int n;
    int worker;
    struct arena *arena; // the worker's own
};

static inline size_t block_count(int64_t n) {
    return (size_t)((n + BLOCK - 1) / BLOCK);
}

// A NULL host is one thread.
static inline int block_threads(const struct host *host) {
    return host && host->threads > 1 ? host->threads : 1;
}

// Calls fn for rows first .. first + n - 1 of every block of 0 .. n - 1. Of several errors,
// that of the first block is reported.
enum status block_run(const struct host *host, int64_t n,
                      enum status (*fn)(const struct block *b, struct err *err), void *arg,
                      struct err *err);

#endif
