// Reads a single record again, byte by byte, to say where things in it stand. Slow, and only for
// messages: so the scanner need not keep places of fields.
#ifndef PATRON_LOAD_TRACE_H
#define PATRON_LOAD_TRACE_H

#include "load/scan.h"

struct tracer;

struct trace {
    size_t at;       // where the field begins, or the byte that breaks the record
    size_t end;      // the record's end, with its line ends
    struct str text; // the field; gone at the next call
    const char *why; // what the parser says of a broken record, or NULL; gone, too
};

struct tracer *tracer_new(struct arena *a, const struct scan *s);
// The field r->column of the record at r->at; for FAULT_QUOTE the byte that breaks the quoting.
struct trace trace_record(struct tracer *t, const struct record *r);

#endif
