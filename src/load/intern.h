// Gives distinct strings small codes, in the order in which they first come.
#ifndef PATRON_LOAD_INTERN_H
#define PATRON_LOAD_INTERN_H

#include <stdint.h>

#include "base/str.h"

struct intern;

struct intern *intern_new(struct arena *a);
int32_t intern_add(struct intern *t, struct str s);        // the code of s, a new one if need be
int32_t intern_find(const struct intern *t, struct str s); // -1 if there is none
int32_t intern_count(const struct intern *t);
struct str intern_at(const struct intern *t, int32_t code); // until the next intern_add

#endif
