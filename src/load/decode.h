// Files in other encodings, as UTF-8.
#ifndef PATRON_LOAD_DECODE_H
#define PATRON_LOAD_DECODE_H

#include "base/host.h"
#include "base/str.h"

// The whole text in UTF-8, in the arena, on all cores. \xff, which no UTF-8 has, stands for a byte
// that is part of no character. Lines stay lines.
enum status decode_text(struct arena *a, const struct host *host, const char *encoding,
                        struct str text, struct str *out, struct err *err);

#endif
