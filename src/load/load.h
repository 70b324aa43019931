// Loads a dataset: a folder with dataset.json, a bare CSV file, or a snapshot of either.
// docs/datasets.md says what may stand in both.
#ifndef PATRON_LOAD_LOAD_H
#define PATRON_LOAD_LOAD_H

#include "base/hash.h"
#include "base/host.h"
#include "table/table.h"

struct load_options {
    const char *path;    // a folder, a dataset.json, or a CSV file
    const char *rejects; // where rejected rows are written; NULL: counted and reported only
    const char *as_of;   // "YYYY-MM-DD" from the command line, or NULL
    bool strict;         // stop at the first bad row
    size_t chunk;        // bytes a task reads at a time; 0: the default. Tests set it small
    // What the run will write, NULL-ended, or NULL: MISUSED if the data is read from one.
    const char *const *outputs;
    const char *as_of_else; // a model's, if neither as_of nor the data names one; NULL: the latest
};

// A rejected row, for the report: the first few of each reason are kept.
struct reject {
    struct place at;    // physical line, byte column
    const char *reason; // "no such date", ...
    const char *text;   // "order_date '1998-02-30': no such date; the calendar does not have it"
};

// What loading met in one file.
struct source {
    const char *file, *table;
    struct str content; // the file, mapped
    const char *sha256; // of a snapshot: the fingerprint of the file it was packed from; else NULL
    int64_t read, accepted, rejected; // rows; read = accepted + rejected, always
    int64_t after_as_of;              // of the accepted: they do not exist
    int reasons;                      // distinct reasons of rejects
    const char **reason;
    int64_t *reason_count;
    int rejects; // kept, in file order
    const struct reject *reject;
    int notes; // "date: the time of day of 12 values is dropped", ...
    const char **note;
};

struct loaded {
    struct dataset data;
    bool inferred;            // there was no dataset.json
    const char *const *files; // that it is read from, as they were opened, NULL-ended
    int sources;
    const struct source *source;
    struct str description; // a dataset.json that says all of it: what was said and what was found
    struct out *rejects;    // complete, for the caller to commit; NULL: not asked for
};

// SHA-256 of the bytes that were loaded, also where another file stands under the name by now.
void source_fingerprint(const struct source *s, char out[HASH_HEX]);

// Everything lives in the arena. Bad rows are rejected and counted, not an error (unless strict),
// and to be told by the caller; what makes a file unusable is REFUSED with file:line:column and
// what to do. The notes of sources go to the host, too.
enum status load_dataset(struct arena *a, const struct host *host, const struct load_options *o,
                         struct loaded *out, struct err *err);

// MISUSED if the data is read from one of these outputs, which a NULL ends; NULL: there are none.
enum status load_spares(const struct loaded *l, const char *const *outputs, struct err *err);

#endif
