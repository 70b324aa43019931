// Writes columns to a file: CSV, or JSON as an array or as lines, by the suffix of its name.
#ifndef PATRON_SINK_SHEET_H
#define PATRON_SINK_SHEET_H

#include "base/file.h"
#include "base/host.h"
#include "table/column.h"

// Columns of equal length, under their names.
struct sheet {
    int columns;
    const struct column *const *column;
    int64_t rows;
    const int64_t *row; // which rows of the columns, in order; NULL: all
};

struct sheet_options {
    const char *path; // ".csv", ".json", ".ndjson" or ".jsonl"; "-" is CSV on standard output
    // CSV: write texts as they are. Without it a text that a spreadsheet would run as a formula
    // (it begins with = + - @, a tab or the end of a line) gets an apostrophe in front.
    bool raw;
    // CSV: "utf-8", "utf-8-bom" (with a byte order mark, for spreadsheets) or "gb18030"; NULL is
    // the first.
    const char *encoding;
};

// The suffix must be known, and its format have the encoding: to be asked before long work begins.
enum status sheet_check(const struct sheet_options *o, struct err *err);

// One row as a JSON object, as an .ndjson file has it, with its line end.
void sheet_row(const struct sheet *s, int64_t row, struct buf *out);

// Formats on all cores, writes in order. The file appears under its name only at out_commit, so
// that a run commits its outputs when all of them are complete.
enum status sheet_write(struct arena *a, const struct host *host, const struct sheet *s,
                        const struct sheet_options *o, struct out **out, struct err *err);

#endif
