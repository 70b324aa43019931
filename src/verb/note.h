// What a run says beside its result, to the host: rows that were left out, findings, rules that
// failed.
#ifndef PATRON_VERB_NOTE_H
#define PATRON_VERB_NOTE_H

#include "decide/decide.h"
#include "load/load.h"
#include "verb/verb.h"

// Rows of a file that were left out, the first few and the sum by reason; they make the call
// partial. `rejects_file`: where they were written, or NULL.
void note_rejects(struct call *c, const struct source *s, const char *rejects_file);
// All errors but the last: that one ends the call and says itself.
void note_errors(struct call *c, const struct findings *f);
// These; where there are none, the warnings: of several of a file, how many there are.
void note_findings(struct call *c, struct findings *f);
// How many values of the policy's metrics failed, which makes the call partial.
void note_metric_faults(struct call *c, const struct board *board);
// That, and the customers for whom a rule failed: it gave them nothing.
void note_faults(struct call *c, const struct decisions *d);

#endif
