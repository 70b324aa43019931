// Says where an id stands twice.
#ifndef PATRON_LOAD_REPEAT_H
#define PATRON_LOAD_REPEAT_H

#include "load/scan.h"

// REFUSED: names both lines.
enum status repeat_refuse(struct arena *a, const struct scan *s, int column, struct str id,
                          struct err *err);

#endif
