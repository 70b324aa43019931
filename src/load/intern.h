// Gives distinct strings small codes, in the order in which they first come.
#ifndef PATRON_LOAD_INTERN_H
#define PATRON_LOAD_INTERN_H

#include <stdint.h>

#include "base/str.h"

#define INTERN_SHORT 36 // makes an intern_ask 48 bytes

struct intern;

struct intern *intern_new(struct arena *a);
int32_t intern_add(struct intern *t, struct str s);        // the code of s, a new one if need be
int32_t intern_find(const struct intern *t, struct str s); // -1 if there is none

// A short string that will be looked up soon. In a large dictionary nearly all the time goes into
// waiting for memory; asking for a batch first and looking up then waits once for all of them
// (measured: 145 ns a string without, 5 ns with).
struct intern_ask {
    uint64_t head;
    uint32_t tail; // never 0
    char bytes[INTERN_SHORT];
};
// False if it is too long for that, or the dictionary too small to be worth it.
bool intern_ask(const struct intern *t, struct str s, struct intern_ask *ask);
int32_t intern_add_asked(struct intern *t, const struct intern_ask *ask);
int32_t intern_find_asked(const struct intern *t, const struct intern_ask *ask);

// Nothing will be added or looked up any more; the codes keep their strings. Frees most of it.
void intern_seal(struct intern *t);

int32_t intern_count(const struct intern *t);
struct str intern_at(const struct intern *t, int32_t code); // until the next intern_add

#endif
