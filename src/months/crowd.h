// Some customers for all: those whose ids hash lowest, so that neither order nor partition matters.
#ifndef PATRON_MONTHS_CROWD_H
#define PATRON_MONTHS_CROWD_H

#include "base/mem.h"
#include "table/table.h"

struct crowd {
    int64_t n, of;
    const int64_t *row;   // [n] of the dataset, rising; NULL: all
    const uint64_t *luck; // [n] what stands for the customer (luck.h)
};

struct crowd *crowd_of(struct arena *a, const struct dataset *data, int64_t most);
// The column for these customers; itself if these are all.
const struct column *crowd_column(struct arena *a, const struct crowd *s, const struct column *c);
// The rows of a table that are these customers'; NULL if it is NULL or not by customer.
const struct table *crowd_table(struct arena *a, const struct crowd *s, const struct table *t);

static inline int64_t crowd_row(const struct crowd *s, int64_t i) {
    return s->row ? s->row[i] : i;
}

// So many of the base for so many of the sample, rounded.
int64_t crowd_whole(const struct crowd *s, int64_t x);
double crowd_weight(const struct crowd *s);

#endif
