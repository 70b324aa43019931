// A table in one block of memory: a directory of offsets, then its buffers, each aligned to 64
// bytes. The block may be moved, or written to a file and mapped again.
#ifndef PATRON_TABLE_REGION_H
#define PATRON_TABLE_REGION_H

#include "table/seal.h"

// What must be known of a column before there is room for it.
struct region_column {
    struct str name;
    enum type type;
    int decimals;    // of money
    int64_t missing; // how many values are missing; 0: no bitmap is made
    int64_t bytes;   // of all labels, or of all texts
    int32_t labels;
    bool ordered;
};

struct region_plan {
    struct str name;
    int64_t rows;
    int columns;
    const struct region_column *column;
    int date;       // the column of that role; -1: none
    int64_t groups; // customers whose rows stand together; -1: none do
};

// Where the maker of a region writes. All bytes are zero at first.
struct region_buffers {
    void *values; // as struct column has them
    uint64_t *valid;
    char *bytes;      // of labels or texts
    int64_t *offsets; // of labels: labels + 1
};

struct region {
    struct str bytes;
    struct region_buffers *column;
    int64_t *start; // groups + 1
};

struct region region_new(struct arena *a, const struct region_plan *plan);

// The table in a region of this process, which must stay where it is as long as the table is used.
struct table region_table(struct arena *a, struct str bytes);

// The directory that stands at the beginning of the region once it is in a file: with the sums of
// itself and of all buffers.
struct str region_seal(struct arena *a, struct str bytes);

// The table in a region that was read from `file`: what is said of it in region_table, but sealed.
// REFUSED when the directory is none, is damaged, or points outside.
enum status region_open(struct arena *a, struct str bytes, const char *file, struct table *out,
                        struct err *err);

#endif
