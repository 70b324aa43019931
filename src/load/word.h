// Short texts as words, to be compared and hashed at once.
#ifndef PATRON_LOAD_WORD_H
#define PATRON_LOAD_WORD_H

#include <stdint.h>
#include <string.h>

#include "base/str.h"

static inline uint64_t word_at(const char *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

// A text of up to 8 bytes as it would lie in a zeroed word. (Copying a few bytes into a word and
// reading it at once makes the processor wait for the copy; this does not.)
static inline uint64_t word_short(struct str s) {
    uint32_t low, high;
    if (s.n == 8)
        return word_at(s.p);
    if (s.n >= 4) {
        memcpy(&low, s.p, sizeof low);
        memcpy(&high, s.p + s.n - sizeof high, sizeof high);
        return low | (uint64_t)high << (s.n - sizeof high) * 8;
    }
    uint64_t word = 0;
    for (size_t i = 0; i < s.n; i++)
        word |= (uint64_t)(unsigned char)s.p[i] << i * 8;
    return word;
}

// Whether two texts of the same length, 8 bytes or more, are equal.
static inline bool word_equal(const char *p, const char *q, size_t n) {
    if (n <= 16)
        return word_at(p) == word_at(q) && word_at(p + n - 8) == word_at(q + n - 8);
    return memcmp(p, q, n) == 0;
}

#endif
