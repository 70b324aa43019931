// The vocabulary: one row a word. The names that a script finds, the checking of what it declared,
// the suggestions and the documentation come from this one table.
#ifndef PATRON_POLICY_WORDS_H
#define PATRON_POLICY_WORDS_H

#include "policy/policy.h"
#include "policy/read.h"

struct row {
    struct word word;
    read_fn *read; // NULL: others read it
    size_t offset; // where in what is being read its value goes
};

const struct row *words_row(size_t i); // NULL behind the last
const struct row *words_find(const char *block, struct str name);

#endif
