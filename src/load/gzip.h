// Files that gzip compressed, told by their first bytes.
#ifndef PATRON_LOAD_GZIP_H
#define PATRON_LOAD_GZIP_H

#include "base/str.h"

bool gzip_is(struct str content);

// The whole of what is in it, in the arena. REFUSED if it is damaged, cut off, or over 64 MB and
// 200 times as large as the file, as no rows are that anybody made.
enum status gzip_text(struct arena *a, const char *file, struct str content, struct str *out,
                      struct err *err);

#endif
