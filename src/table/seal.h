// Seals of what is mapped from a file. Opening a file must not cost what reading it does, and what
// is read must be what was written: so each column is looked at once, when it is first used.
#ifndef PATRON_TABLE_SEAL_H
#define PATRON_TABLE_SEAL_H

#include "table/table.h"

struct seal {
    const char *file;
    struct str bytes; // that it stands for
    int64_t labels, bytes_size;
    int64_t sum;   // of the bytes
    bool unbroken; // they were looked at; set once, from any thread
};

int64_t seal_sum(struct str bytes);

// REFUSED, with what to do, if the column's bytes are not those that were written, or could lead
// outside of its buffers. To be called before its values or labels are read; free of cost from the
// second time on, and for columns that no file holds.
enum status seal_check(const struct column *c, struct err *err);
// The same for a table's `start` and its column of dates.
enum status seal_check_groups(const struct table *t, struct err *err);
// For all that is in a table, of a dataset.
enum status seal_check_table(const struct table *t, struct err *err);
enum status seal_check_dataset(const struct dataset *d, struct err *err);

#endif
