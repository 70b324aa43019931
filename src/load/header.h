// The header of a file: checks its names, and finds what each column is.
#ifndef PATRON_LOAD_HEADER_H
#define PATRON_LOAD_HEADER_H

#include "load/description.h"
#include "load/scan.h"

// Opens the file of a table: maps it, looks at its first bytes, reads its header (or the keys of
// its objects), and completes t->column: every column of the file in its order, with its role if
// the header is a usual spelling of one. A table without a name gets one from what its headers say.
// The text that is scanned lives in s_arena if it is not the file's own.
enum status header_open(struct arena *a, struct arena *s_arena, const struct host *host,
                        const struct description *d, struct described_table *t, struct scan *s,
                        struct err *err);

// Where a column's header stands.
struct place header_place(struct arena *a, const struct scan *s, int column);

// True if the amount is to be computed as quantity times price.
bool header_lacks_amount(const struct described_table *t);

#endif
