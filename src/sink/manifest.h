// The manifest beside an output: what was decided by what, so that it can be told later and
// repeated.
#ifndef PATRON_SINK_MANIFEST_H
#define PATRON_SINK_MANIFEST_H

#include "base/file.h"
#include "base/json.h"
#include "load/load.h"
#include "model/model.h"
#include "policy/policy.h"

// A file that the run has written and not yet committed.
struct output {
    const char *path;
    struct out *out;    // NULL: it is complete, in a folder that is not yet committed,
    const char *sha256; // and this is its sum
};

struct manifest {
    const struct policy *policy;
    const struct loaded *loaded;
    const struct model *model;   // that was given, or NULL
    const struct model *learned; // what was judged by: of that model, or of this data
    const char *version;
    struct str counts; // a JSON object that the caller made
    const char *path;  // what it is to stand beside
    int outputs;
    const struct output *output;
};

// "<path>.manifest.json"
const char *manifest_path(struct arena *a, const char *path);

// Writes it: identity, policy, params, model, and the
// SHA-256 of the dataset.json (as read or inferred), of every file read and of every file written.
// It is to be committed after them.
enum status manifest_write(struct arena *a, const struct manifest *m, struct out **out,
                           struct err *err);

#endif
