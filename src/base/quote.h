// Fields of CSV that need quotes.
#ifndef PATRON_BASE_QUOTE_H
#define PATRON_BASE_QUOTE_H

#include "base/str.h"

// Whether a spreadsheet would run the text: it begins with = + - @, a tab or a carriage return.
bool quote_formula(struct str s);
// Appends the field in quotes; with `guard`, an apostrophe in front makes a formula a text.
void quote_put(struct buf *out, struct str s, bool guard);

#endif
