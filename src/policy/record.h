// What a script declares, from its calls of the vocabulary's words to the wire. (`state` is Lua's:
// headers show no Lua type.)
#ifndef PATRON_POLICY_RECORD_H
#define PATRON_POLICY_RECORD_H

#include "base/str.h"

// Replaces the sandbox's table, on top, by the frozen environment of the script: that and the
// words. What is declared is written down through `text`, which the caller owns.
void record_open(void *state, struct buf *text);
// Appends the answer with all blocks that were declared, in order.
void record_answer(void *state, struct buf *out);
// Pushes the list of the functions that were declared: the one numbered n is item n + 1.
void record_functions(void *state);
// From here on the words raise an error: customers are being decided.
void record_close(void);

#endif
