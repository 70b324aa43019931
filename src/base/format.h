// The formats of files with rows, told by their names.
#ifndef PATRON_BASE_FORMAT_H
#define PATRON_BASE_FORMAT_H

#include <stdbool.h>

enum format {
    FORMAT_CSV,
    FORMAT_JSON,  // .json: an array of objects
    FORMAT_LINES, // .ndjson, .jsonl: an object a line
};

// False, and FORMAT_CSV, if the suffix is none of these.
bool format_of(const char *path, enum format *out);
// The same of a file to be read, which ".gz" may follow.
bool format_of_input(const char *path, enum format *out);

bool format_ends_in(const char *path, const char *suffix);

#endif
