// Makes a dataset of invented customers, of any size, in a folder.
#ifndef PATRON_GENERATE_GENERATE_H
#define PATRON_GENERATE_GENERATE_H

#include <stdint.h>

#include "base/host.h"
#include "base/str.h"

#define GENERATE_MOST ((int64_t)1000000000)

struct generate_options {
    const char *kind;  // "bank" or "retail"
    int64_t customers; // 1 to GENERATE_MOST
    uint64_t seed;
    const char *folder; // new, or empty
    const char *version;
};

struct generated {
    const char *title;
    int tables;
    struct generated_table {
        const char *name;
        int64_t rows, bytes;
    } * table;
};

// The same options make the same bytes, on any number of threads, and a customer is the same in a
// base of any size. The folder appears when it is complete. REFUSED if it has anything in it, or
// if there is no room for that many customers; MISUSED for what options cannot be.
enum status generate_run(struct arena *a, const struct host *host, const struct generate_options *o,
                         struct generated *out, struct err *err);

#endif
