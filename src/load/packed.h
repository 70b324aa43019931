// A dataset in a snapshot (table/snapshot.h), and what it keeps of the files that it was packed
// from: their fingerprints and counts, and the dataset.json.
#ifndef PATRON_LOAD_PACKED_H
#define PATRON_LOAD_PACKED_H

#include "load/load.h"

// As load_dataset does, from a snapshot. The as-of day is the one it was packed for. A later one is
// as good as long as no rows had to be left out; any other is REFUSED.
enum status packed_load(struct arena *a, const struct host *host, const struct load_options *o,
                        struct loaded *out, struct err *err);
// For the snapshot's `about`.
struct str packed_about(struct arena *a, const struct loaded *l);

#endif
