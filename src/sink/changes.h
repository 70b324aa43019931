// What changes from one policy to another, ready to be written.
#ifndef PATRON_SINK_CHANGES_H
#define PATRON_SINK_CHANGES_H

#include "decide/compare.h"
#include "sink/sheet.h"

// One row a customer of whom something changes: customer, change, then every column of
// decision_rows twice, as NAME_before and NAME_after (of a scheme that one policy lacks, once).
void change_rows(struct arena *a, const struct comparison *c, struct sheet *out);

#endif
