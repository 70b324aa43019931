// Scans delimited text on all cores: libcsv finds fields and records, every record's place is known
// to the byte, and any cut into chunks gives what one sequential pass gives.
#ifndef PATRON_LOAD_SCAN_H
#define PATRON_LOAD_SCAN_H

#include "base/host.h"
#include "base/str.h"
#include "load/fault.h"

#define SCAN_COLUMNS_MAX 4096

// What is scanned.
struct scan {
    const char *file; // for messages
    struct str text;  // the whole file
    size_t header;    // where the header begins
    size_t start;     // where the records begin
    char delimiter;
    int columns;  // fields that a record must have
    size_t chunk; // bytes that a task owns
};

// A record: where it begins, and the first thing that is wrong with it.
struct record {
    size_t at;
    enum fault fault;
    int column; // of the fault, from 0
};

// Who takes the fields. A state belongs to one chunk and is used by one thread at a time, that of
// its worker. Fields come before their record is known to be good, and those of a bad record may
// be incomplete.
struct reader {
    void *arg;
    void *(*open)(void *arg, int worker);
    void (*field)(void *state, int column, struct str text); // the text is gone on return
    void (*record)(void *state, const struct record *r);
    void (*close)(void *state); // no more will come; may be NULL
};

// Gives the states of all records in file order. REFUSED at a quote that is never closed, a field
// over 1 MB, a row over 16 MB or SCAN_COLUMNS_MAX columns, with its place.
enum status scan_run(struct arena *a, const struct host *host, const struct scan *s,
                     const struct reader *reader, void ***states, size_t *n, struct err *err);

// Reads the first record as names and makes s->columns their number, s->start the place behind.
// No names if there is no record.
enum status scan_header(struct arena *a, struct scan *s, struct str **names, struct err *err);

// The line and column of a byte.
struct place scan_place(const struct scan *s, size_t at);

// Where lines end: behind the next LF, or behind a CR that stands alone.
size_t scan_line_end(struct str text, size_t at);

#endif
