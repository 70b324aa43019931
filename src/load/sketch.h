// How many different strings there are, in a fixed amount of memory: exact for few, an estimate for
// many, and the same for any order and any cut of the input.
#ifndef PATRON_LOAD_SKETCH_H
#define PATRON_LOAD_SKETCH_H

#include <stdint.h>

#include "base/str.h"

struct sketch;

struct sketch *sketch_new(struct arena *a);
void sketch_add(struct sketch *s, struct str text);
void sketch_merge(struct sketch *s, const struct sketch *other);
double sketch_distinct(const struct sketch *s);

#endif
