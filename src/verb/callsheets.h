// The call sheets of a run of score, and what is to be said of them.
#ifndef PATRON_VERB_CALLSHEETS_H
#define PATRON_VERB_CALLSHEETS_H

#include "base/json.h"
#include "sink/callsheet.h"
#include "sink/manifest.h"
#include "verb/verb.h"

// What --playbooks asks for is checked, and its folder begun, before the long work. Nothing is done
// without it.
enum status callsheets_begin(struct call *c, const struct policy *p, struct err *err);
enum status callsheets_fill(struct call *c, const struct decisions *d, struct callsheets *out,
                            struct err *err);
// The files, for the manifest, behind the n outputs that there are already.
const struct output *callsheets_outputs(const struct call *c, const struct callsheets *s,
                                        const struct output *output, int *n);
void callsheets_text(const struct call *c, const struct callsheets *s, struct buf *out);
void callsheets_json(const struct callsheets *s, struct json *j); // "playbooks": { ... }

#endif
