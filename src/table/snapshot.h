// A dataset in one file, to be mapped: a head, and the region of every table. Opening reads heads
// and directories only, so it takes the same time whatever the size.
#ifndef PATRON_TABLE_SNAPSHOT_H
#define PATRON_TABLE_SNAPSHOT_H

#include "base/file.h"
#include "table/table.h"

struct snapshot {
    struct dataset data;
    struct str about; // what its maker wants to know again
};

// Whether a file is one, by its first bytes or its name (".patron").
bool snapshot_is(const char *path);

// Writes the tables as they lie in their regions. Those of a mapped file must have been checked.
enum status snapshot_write(struct arena *a, const struct snapshot *s, const char *engine,
                           struct out *out, struct err *err);
// Maps the file; columns are sealed (seal.h). REFUSED, with the file and what to do, if it is cut
// or damaged, or was packed by another version or on a machine of another byte order.
enum status snapshot_open(struct arena *a, const char *path, struct snapshot *out, struct err *err);

#endif
