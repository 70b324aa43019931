// Says which rows of a file were rejected, and why.
#ifndef PATRON_LOAD_REPORT_H
#define PATRON_LOAD_REPORT_H

#include "load/build.h"
#include "load/load.h"
#include "load/rejects.h"

// Fills *out from what was built, writes the rejected rows to `rejects` unless that is NULL, and
// tells the host what was done to the others. REFUSED at the first rejected row if `strict`, or if
// no row was accepted.
enum status report_table(struct arena *a, const struct host *host, const struct build *b,
                         const struct description *d, const struct described_table *t, bool strict,
                         struct rejects *rejects, struct source *out, struct err *err);

#endif
