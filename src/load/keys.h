// The keys of a file of JSON objects, which are its columns.
#ifndef PATRON_LOAD_KEYS_H
#define PATRON_LOAD_KEYS_H

#include "load/scan.h"

// Reads the whole file for its different keys, in the order in which they first come, and completes
// s for them. s->start is behind the bracket that opens an array.
enum status keys_read(struct arena *a, const struct host *host, struct scan *s, struct str **names,
                      struct err *err);

#endif
