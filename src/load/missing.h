// Words that exports write where a value is missing: NULL, n/a, - ...
#ifndef PATRON_LOAD_MISSING_H
#define PATRON_LOAD_MISSING_H

#include "base/str.h"

// Those that are said to be.
struct missing {
    int n;
    const struct str *word;
};

// Asked of every field, nearly always of no words.
static inline bool missing_has(const struct missing *m, struct str text) {
    for (int i = 0; i < m->n; i++)
        if (str_eq(m->word[i], text))
            return true;
    return false;
}

// Those that usually are; as many as fit in the bits of a word.
enum { MISSING_USUAL = 19 };
int missing_usual(struct str text); // which of them it is; -1: none
struct str missing_word(int i);

#endif
