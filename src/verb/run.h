// One run: words, as they stand on a command line, to what there is to say. The program and the
// library run everything through here.
#ifndef PATRON_VERB_RUN_H
#define PATRON_VERB_RUN_H

#include "verb/verb.h"

// Parses what stands behind the verb and runs it, up to run_commit. *result is NULL if it was only
// asked for help.
enum status run_verb(struct call *c, const struct verb *v, const char *const *words, void **result,
                     struct err *err);

// Runs a verb with what stands behind it, `help` or `--version`. What is to be printed is appended:
// with --json a document, else a text that no terminal obeys.
enum status run_words(struct call *c, const char *const *words, struct buf *out, struct err *err);

// The end of a run: gives the files that it wrote their names. Takes no memory.
enum status run_commit(struct call *c, struct err *err);

#endif
