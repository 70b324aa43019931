// What reads the records of one format, for the scanner. Between two records nothing must be known
// but where the next one begins.
#ifndef PATRON_LOAD_FRONT_H
#define PATRON_LOAD_FRONT_H

#include "load/scan.h"
#include "load/trace.h"

enum { RECORD_MAX = 16 << 20 };

// Why reading cannot go on, and where; no text: it can.
struct refusal {
    size_t at;
    char text[200];
};

struct front {
    // The first place in [begin, limit) where a record seems to begin; limit if there is none.
    // There is a byte before begin.
    size_t (*guess)(const struct scan *s, size_t begin, size_t limit);
    // What one thread reads with.
    void *(*open)(struct arena *a, const struct scan *s, const struct reader *reader);
    // Reads the records that begin in [at, limit), the first of them at `at`, and gives where the
    // next one begins, or the end of the text.
    size_t (*read)(void *own, void *state, size_t at, size_t limit, struct refusal *refusal);
    // Reads one record again.
    void *(*open_trace)(struct arena *a, const struct scan *s);
    struct trace (*trace)(void *own, const struct record *r);
};

extern const struct front front_csv;   // the lines behind a header
extern const struct front front_lines; // JSON, an object a line
extern const struct front front_array; // JSON, an array of objects

const struct front *front_of(const struct scan *s);

#endif
