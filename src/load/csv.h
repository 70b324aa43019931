// Delimited text, through libcsv. How it is scanned is front_csv's business.
#ifndef PATRON_LOAD_CSV_H
#define PATRON_LOAD_CSV_H

#include "load/trace.h"

// Reads the first record as names and makes s->columns their number, s->start the place behind.
// No names if there is no record.
enum status csv_names(struct arena *a, struct scan *s, struct str **names, struct err *err);

// A front's open_trace and trace.
void *csv_open_trace(struct arena *a, const struct scan *s);
struct trace csv_trace(void *own, const struct record *r);

#endif
