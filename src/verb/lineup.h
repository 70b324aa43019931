// Cells that stand in line on a page: the first column to the left, the others to the right.
#ifndef PATRON_VERB_LINEUP_H
#define PATRON_VERB_LINEUP_H

#include <stdint.h>

#include "base/str.h"

// {.arena = a, .columns = n} is an empty one. Cells come row by row.
struct lineup {
    struct arena *arena;
    int columns, n, size;
    struct str *cell;
};

void lineup_put(struct lineup *l, struct str text);
void lineup_put_z(struct lineup *l, const char *text);
void lineup_put_money(struct lineup *l, int64_t minor, int decimals);

int lineup_width(const struct lineup *l); // in columns of a terminal
void lineup_text(struct buf *out, const struct lineup *l);

#endif
