// Loads a dataset: a folder with dataset.json, or a bare transactions CSV.
#ifndef PATRON_LOAD_LOAD_H
#define PATRON_LOAD_LOAD_H

#include "base/host.h"
#include "table/table.h"

struct load_options {
    const char *path;    // a folder, or a CSV file
    const char *rejects; // where rejected rows are written; NULL: counted and reported only
    const char *as_of;   // "YYYY-MM-DD" from the command line, or NULL
    bool strict;         // stop at the first bad row
    size_t chunk;        // bytes a task reads at a time; 0: the default. Tests set it small
};

// A rejected row, for the report: the first few of each reason are kept.
struct reject {
    struct place at;    // physical line, byte column
    const char *reason; // "no such date", ...
    const char *text;   // "order_date: '1998-02-30' is no date of the calendar"
};

// What loading met in one file.
struct source {
    const char *file, *table;
    int64_t bytes, read, accepted, rejected, after_as_of; // read = accepted + rejected, always
    struct str sha256;                                    // hex, of the file
    int reasons;                                          // distinct reasons of rejects
    const char **reason;
    int64_t *reason_count;
    int rejects; // kept, in file order
    const struct reject *reject;
    int notes; // "time of day dropped in 12 rows of date", ...
    const char **note;
};

struct loaded {
    struct dataset data;
    bool inferred; // there was no dataset.json
    int sources;
    const struct source *source;
    struct str description; // the dataset.json, as read or as inferred
};

// Everything lives in the arena. Bad rows are rejected, counted and noted, not an error (unless
// strict); what makes a file unusable is REFUSED with file:line:column and what to do.
enum status load_dataset(struct arena *a, const struct host *host, const struct load_options *o,
                         struct loaded *out, struct err *err);

#endif
