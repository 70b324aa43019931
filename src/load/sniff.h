// Looks at the first bytes of a file, to say what it is when it is not the CSV file that is wanted.
#ifndef PATRON_LOAD_SNIFF_H
#define PATRON_LOAD_SNIFF_H

#include "load/description.h"
#include "load/scan.h"

// Makes s->start the place behind a byte order mark, and s->delimiter what is said or the comma.
// REFUSED for an empty file, UTF-16, GB18030, archives, lone CRs, and another delimiter than the
// one that is said: with what it is, and what to do.
enum status sniff(struct arena *a, const struct description *d, const struct described_table *t,
                  struct scan *s, struct err *err);

#endif
