// Parses a field into a cell. One function a type; which one is chosen once for a column.
#ifndef PATRON_LOAD_CELL_H
#define PATRON_LOAD_CELL_H

#include "load/build.h"

enum fault cell_put_integer(struct cells *c, int64_t row, struct str text);
enum fault cell_put_number(struct cells *c, int64_t row, struct str text);
enum fault cell_put_money(struct cells *c, int64_t row, struct str text);
enum fault cell_put_date(struct cells *c, int64_t row, struct str text);
enum fault cell_put_flag(struct cells *c, int64_t row, struct str text);
enum fault cell_put_label(struct cells *c, int64_t row, struct str text);
enum fault cell_put_text(struct cells *c, int64_t row, struct str text);
// Makes the value missing.
void cell_clear(struct cells *c, int64_t row);

// Looks up a label that cell_put_label left for later.
enum fault cell_look_up(struct cells *c, int64_t row);
// Of `rows` rows from `first` on, the last there are, moves those without a flaw together.
void cell_keep(struct cells *c, int64_t first, int rows, const struct record *flaws);
// Takes back what the row behind the last one was given.
void cell_forget(struct cells *c, int64_t row);

// Makes room for so many rows.
void cell_grow(struct cells *c, int64_t was, int64_t rows);

// What flags are written as; false if it is none of them.
bool cell_flag(struct str text, bool *out);

#endif
