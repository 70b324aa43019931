// Looks at the first bytes of a file, to say what it is when it is not what is wanted.
#ifndef PATRON_LOAD_SNIFF_H
#define PATRON_LOAD_SNIFF_H

#include "load/description.h"
#include "load/scan.h"

// Of s->text, before it is decoded: completes t->encoding, and says whether the file is to be
// decoded. REFUSED for an empty file, UTF-16, archives, and another encoding than the one that is
// said: with what it is, and what to do.
enum status sniff_file(struct arena *a, const struct host *host, const struct description *d,
                       struct described_table *t, struct scan *s, struct err *err);

// Of s->text: s->start behind a byte order mark and the bracket of an array, s->format of JSON, and
// what is said of CSV. REFUSED for JSON under another name, lone CRs, and another delimiter than
// the one that is said.
enum status sniff_text(struct arena *a, const struct description *d,
                       const struct described_table *t, struct scan *s, struct err *err);

#endif
