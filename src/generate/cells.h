// Rows of CSV, printed in place: open, cells, close. Cells hold nothing that needs quotes.
#ifndef PATRON_GENERATE_CELLS_H
#define PATRON_GENERATE_CELLS_H

#include <stdint.h>

#include "base/str.h"

// A column of a table.
struct field {
    const char *name, *type; // of the type's names in dataset.json
    const char *values;      // of a label, comma-separated; may be NULL
};

// The rows of one table that are ready to be written.
struct rows {
    struct buf text;
    int64_t n;
};

char *cells_open(struct rows *r); // room for the longest row
void cells_close(struct rows *r, char *end);

// Each prints a cell and what parts it from the next, and returns where that begins.
char *cells_empty(char *p);
char *cells_text(char *p, struct str s);
char *cells_flag(char *p, bool b);
char *cells_integer(char *p, int64_t x);
char *cells_money(char *p, int64_t fen); // in hundredths
char *cells_number(char *p, double x);   // to four decimals
char *cells_date(char *p, int32_t date);
char *cells_id(char *p, char letter, int64_t number); // at least seven digits: C0000042

#endif
