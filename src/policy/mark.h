// Where a declaration stands in the file: Lua only says which values it declared, and the line of a
// call.
#ifndef PATRON_POLICY_MARK_H
#define PATRON_POLICY_MARK_H

#include "base/finding.h"
#include "policy/source.h"
#include "policy/wire.h"

// Fills in the places of blocks and of everything in them, and puts fields in the order of the
// file. A value that was made elsewhere stands where that was if that is clear, else at its key,
// else at its block. A key written twice in one table (Lua keeps the last) is a finding.
void mark_blocks(const struct source *s, struct node *block, int n, struct findings *findings);

#endif
