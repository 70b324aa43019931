// Remembers what short texts were parsed to: a column of dates holds few different ones.
#ifndef PATRON_LOAD_MEMO_H
#define PATRON_LOAD_MEMO_H

#include "load/word.h"

enum { MEMO_TEXT = 16, MEMO_BITS = 12, MEMO_SIZE = 1 << MEMO_BITS };

struct memo {
    uint64_t text[2];
    int32_t value; // whatever the user of the memo makes of the text
    uint8_t n;     // the text's length; 0: free
    uint8_t flag;
};

// The place of a text in an array of MEMO_SIZE; *known says whether it stands there already. If
// not, it does now, and value and flag must be filled in. NULL for a text that is too long.
static inline struct memo *memo_at(struct memo *memo, struct str text, bool *known) {
    uint64_t part[2] = {0, 0};
    if (text.n > MEMO_TEXT)
        return NULL;
    if (text.n > 8) { // the two may overlap
        part[0] = word_at(text.p);
        part[1] = word_at(text.p + text.n - 8);
    } else {
        part[0] = word_short(text);
    }
    uint64_t hash = (part[0] ^ (part[1] << 7 | part[1] >> 57)) * 0x9e3779b97f4a7c15;
    struct memo *m = &memo[hash >> (64 - MEMO_BITS)];
    *known = m->n == text.n && m->text[0] == part[0] && m->text[1] == part[1];
    if (!*known)
        *m = (struct memo){{part[0], part[1]}, .n = (uint8_t)text.n};
    return m;
}

#endif
