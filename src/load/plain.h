// Numbers of JSON as the text that a CSV file would have.
#ifndef PATRON_LOAD_PLAIN_H
#define PATRON_LOAD_PLAIN_H

#include "base/str.h"

enum { PLAIN_MAX = 64 };

// A number is its value, however it is written: 7, 7.0 and 0.7e1 all give "7", exactly. What takes
// more than PLAIN_MAX bytes without an exponent stays as it is. Lives in `out` or in `text`.
struct str plain_number(struct str text, char decimal, char out[PLAIN_MAX]);
// As it is written, but for the decimal sign.
struct str plain_spelling(struct str text, char decimal, char out[PLAIN_MAX]);

#endif
