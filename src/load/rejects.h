// The file of rejected rows: place, reason and the row as it stands. CSV, or JSON by its name.
#ifndef PATRON_LOAD_REJECTS_H
#define PATRON_LOAD_REJECTS_H

#include "base/file.h"

struct rejects;

// NULL for no path.
enum status rejects_open(struct arena *a, const struct host *host, const char *path,
                         struct rejects **out, struct err *err);
// What is not UTF-8 in `row` stays in CSV, so that the row can be mended there, and becomes U+FFFD
// in JSON.
enum status rejects_write(struct rejects *r, struct place at, const char *reason, struct str row,
                          struct err *err);
// Gives what is to be committed.
enum status rejects_end(struct rejects *r, struct out **out, struct err *err);

#endif
