// Where the results of a run go. Which files it will write is told before it reads any: none of
// them is read, and each is another one.
#ifndef PATRON_VERB_OUTPUTS_H
#define PATRON_VERB_OUTPUTS_H

#include "sink/manifest.h"
#include "sink/sheet.h"
#include "verb/verb.h"

struct opened;

// The paths that the options name, and those of manifests beside them, NULL-ended; MISUSED if two
// are the same, or one is read.
enum status outputs_of(const struct call *c, const char *const **out, struct err *err);

// Where the call's rows go: to -o, else to standard output ("-"), unless that is for --json alone
// or the host has none (NULL).
const char *rows_path(const struct call *c);
// How rows are written to that path, by the call's options.
struct sheet_options rows_options(const struct call *c, const char *path);
// Writes the manifest of a run beside `path`; `counts` is a JSON object.
enum status call_manifest(struct call *c, const struct opened *o, const struct buf *counts,
                          const char *path, const struct output *output, int outputs,
                          struct err *err);

#endif
