// Text in other encodings than UTF-8, through iconv(3), which no locale reaches.
#ifndef PATRON_BASE_ENCODING_H
#define PATRON_BASE_ENCODING_H

#include "base/str.h"

// The encoding of that name, in any case, as iconv knows it: "GB18030" of "gbk", which it extends.
// NULL if it is none that is read.
const char *encoding_find(struct str name);
bool encoding_is_utf8(const char *encoding);
const char *encoding_names(void); // "UTF-8, GB18030, ..."

struct encoder;

// One thread uses it; closed with the arena. MACHINE where this system's iconv lacks an encoding.
enum status encoder_open(struct arena *a, const char *from, const char *to, struct encoder **out,
                         struct err *err);
// Appends the text, in the other encoding. A byte that is part of no character that both have
// becomes `bad`. Returns how many these are.
size_t encoder_put(struct encoder *e, struct str text, char bad, struct buf *out);

#endif
