// The lists of a run as tables, for programs that read no JSON: a folder of CSV files.
#ifndef PATRON_SINK_TABLES_H
#define PATRON_SINK_TABLES_H

#include "base/folder.h"
#include "base/hash.h"
#include "sink/sheet.h"

struct table_file {
    const char *name; // in the folder
    char sha256[HASH_HEX];
};

enum { TABLES_MOST = 16 };

struct tables {
    int n;
    struct table_file file[TABLES_MOST];
};

// `run` is the document of `patron simulate --json`. Writes a table for each of its lists that is
// not empty, and figures.csv with what stands in no list, into the folder, which is to be
// committed. Of the options the path does not count.
enum status tables_write(struct arena *a, const struct host *host, struct str run,
                         const struct folder *folder, const struct sheet_options *options,
                         struct tables *out, struct err *err);

#endif
