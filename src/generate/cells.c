// Invariant: a row is shorter than ROW_MAX; ids, names and words are of this program's making.
#include "generate/cells.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

enum { ROW_MAX = 512 };

char *cells_open(struct rows *r) {
    return buf_room(&r->text, ROW_MAX);
}

void cells_close(struct rows *r, char *end) {
    end[-1] = '\n';
    r->text.n = (size_t)(end - r->text.p);
    r->n++;
}

char *cells_empty(char *p) {
    *p = ',';
    return p + 1;
}

char *cells_text(char *p, struct str s) {
    memcpy(p, s.p, s.n);
    return cells_empty(p + s.n);
}

char *cells_flag(char *p, bool b) {
    *p = b ? '1' : '0';
    return cells_empty(p + 1);
}

char *cells_integer(char *p, int64_t x) {
    return cells_empty(p + number_print_integer(x, p));
}

char *cells_money(char *p, int64_t fen) {
    uint64_t x = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    if (fen < 0)
        *p++ = '-';
    p += number_print_integer((int64_t)(x / 100), p);
    p[0] = '.';
    p[1] = (char)('0' + x / 10 % 10);
    p[2] = (char)('0' + x % 10);
    return cells_empty(p + 3);
}

char *cells_number(char *p, double x) {
    return cells_empty(p + number_print(nearbyint(x * 1e4) / 1e4, p));
}

char *cells_date(char *p, int32_t date) {
    return cells_empty(p + date_print(date, p));
}

char *cells_id(char *p, char letter, int64_t number) {
    *p++ = letter;
    for (int64_t least = 1000000; number < least; least /= 10)
        *p++ = '0';
    return cells_empty(p + number_print_integer(number, p));
}
