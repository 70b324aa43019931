// What failed, as two columns of a sheet.
#ifndef PATRON_SINK_FAULT_H
#define PATRON_SINK_FAULT_H

#include "decide/decide.h"

// The texts of all failures.
const struct dict *fault_dict(struct arena *a, const struct decisions *d);
// The policy's line, and what failed (of that dictionary), to a row; NULL: nothing.
void fault_set(struct column *line, struct column *fault, int64_t row, const struct failure *f);

#endif
