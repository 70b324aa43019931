// Scans a file of records on all cores: libcsv or yajl finds fields and records, every record's
// place is known to the byte, and any cut into chunks gives what one sequential pass gives.
#ifndef PATRON_LOAD_SCAN_H
#define PATRON_LOAD_SCAN_H

#include "base/format.h"
#include "base/host.h"
#include "base/str.h"
#include "load/fault.h"
#include "load/intern.h"

#define SCAN_COLUMNS_MAX 4096

// What is scanned.
struct scan {
    const char *file;   // for messages
    struct str content; // the file, mapped
    struct str text;    // the same, unpacked and in UTF-8
    bool decoded;       // text was converted: \xff stands for a byte of no character
    enum format format;
    size_t start;          // where the records begin
    int columns;           // fields that a record can have; those of CSV must have them all
    size_t chunk;          // bytes that a task owns
    char delimiter;        // CSV
    size_t header;         // CSV: where the header begins
    char decimal;          // JSON: the sign that numbers are to be given with
    struct intern *names;  // JSON: the columns by their keys, which are their codes
    const size_t *name_at; // JSON: where the keys first stand
    const bool *ignored;   // JSON: columns in which anything may stand; NULL: none
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
    // JSON: takes keys instead of fields, and `field` may be NULL. NULL: fields are wanted.
    void (*key)(void *state, struct str key, size_t at);
    // JSON: numbers are wanted as they are written, since 3.00 is one of a column of numbers even
    // if all others are whole, too. Else as their value.
    bool spelled;
};

// Gives the states of all records in file order. REFUSED, with the place, where going on would
// merge or lose rows: a quote that is never closed, an array that is no JSON, a field over 1 MB, a
// row over 16 MB or SCAN_COLUMNS_MAX columns.
enum status scan_run(struct arena *a, const struct host *host, const struct scan *s,
                     const struct reader *reader, void ***states, size_t *n, struct err *err);

// The line and column of a byte.
struct place scan_place(const struct scan *s, size_t at);

// Where lines end: behind the next LF, or behind a CR that stands alone.
size_t scan_line_end(struct str text, size_t at);

#endif
