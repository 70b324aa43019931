// The manifest beside an output: what was decided by what, so that it can be told later and
// repeated.
#ifndef PATRON_SINK_MANIFEST_H
#define PATRON_SINK_MANIFEST_H

#include "base/file.h"
#include "base/json.h"
#include "load/load.h"
#include "policy/policy.h"

// Writes "<path>.manifest.json": identity, policy, params, and the SHA-256 of the dataset.json (as
// read or inferred) and of every file. `counts` is a JSON object that the caller made.
enum status manifest_write(struct arena *a, const char *path, const struct policy *p,
                           const struct loaded *l, const char *version, struct str counts,
                           struct out **out, struct err *err);

#endif
