// The as-of day, as people name it.
#ifndef PATRON_LOAD_DAY_H
#define PATRON_LOAD_DAY_H

#include <stdint.h>

#include "base/str.h"

int32_t day_today(void); // the last day that may be today anywhere
// YYYY-MM-DD, not in the future. What is no day has status `wrong`.
enum status day_read(struct str text, struct place at, enum status wrong, int32_t *out,
                     struct err *err);

#endif
