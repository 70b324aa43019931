// Finds out the types that nobody declared, by looking at every value.
#ifndef PATRON_LOAD_INFER_H
#define PATRON_LOAD_INFER_H

#include "load/description.h"
#include "load/scan.h"

// Completes the types and date formats of t->column; without a need the file is not read. REFUSED
// when the dates that everything hangs on can be read in two ways, or in none.
enum status infer_table(struct arena *a, const struct host *host, const struct description *d,
                        struct described_table *t, const struct scan *s, struct err *err);

#endif
