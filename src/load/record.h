// A dataset of one customer, in the shape of another: the same tables and columns, filled anew for
// every customer. Tables and columns stay where they are, so what was compiled against the record
// stays good.
#ifndef PATRON_LOAD_RECORD_H
#define PATRON_LOAD_RECORD_H

#include "table/table.h"

struct record;

// An empty one, which is to be filled before it is read. `shape` must outlive it, and its seals
// have been checked (table/seal.h).
struct record *record_new(struct arena *a, const struct dataset *shape);
const struct dataset *record_data(const struct record *r);

// The customer in that row of the dataset that gave the shape. What is filled in lives in `a`.
void record_take(struct record *r, struct arena *a, int64_t customer);

// A customer from JSON: an object of its fields, under the names of the columns of the customers
// table, and of its rows, as arrays of objects under the names of the other tables. What is left
// out, null or an empty text is missing; a day is "YYYY-MM-DD"; rows after the as-of date do not
// exist. REFUSED with line and column for anything else than the columns hold.
enum status record_read(struct record *r, struct arena *a, struct str json, struct err *err);

#endif
