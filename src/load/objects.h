// JSON: an array of objects, or an object a line. How it is scanned is front_array's and
// front_lines' business.
#ifndef PATRON_LOAD_OBJECTS_H
#define PATRON_LOAD_OBJECTS_H

#include "load/scan.h"

// Reads the whole file for its different keys, in the order in which they first come, and completes
// s for them. s->start is behind the bracket that opens an array.
enum status objects_names(struct arena *a, const struct host *host, struct scan *s,
                          struct str **names, struct err *err);

#endif
