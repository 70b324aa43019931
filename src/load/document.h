// A JSON document, read strictly through cJSON, with the place of every value.
#ifndef PATRON_LOAD_DOCUMENT_H
#define PATRON_LOAD_DOCUMENT_H

#include <cJSON.h>

#include "base/str.h"

struct document {
    const char *file;
    struct str text;
    const cJSON *root;
};

// REFUSED, with the place, for what is no JSON, and for what cJSON lets pass or loses: text behind
// the end, a key twice, \u0000 in a string, an integer of 2^53 or more, bytes that are not UTF-8.
enum status document_read(struct arena *a, const char *path, struct document *out, struct err *err);
// The same of a text; `name` stands for the file in errors.
enum status document_parse(struct arena *a, const char *name, struct str text, struct document *out,
                           struct err *err);

// Where a value stands; of a member of an object, where its key stands.
struct place document_place(const struct document *d, const cJSON *node);
// Where a member's value stands.
struct place document_value_place(const struct document *d, const cJSON *member);
// A number as it is written.
struct str document_number(const struct document *d, const cJSON *number);

#endif
