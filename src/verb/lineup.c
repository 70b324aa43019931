#include "verb/lineup.h"

#include "base/money.h"
#include "base/number.h"

void lineup_put(struct lineup *l, struct str text) {
    l->cell = arena_more(l->arena, l->cell, l->n, &l->size, sizeof *l->cell);
    l->cell[l->n++] = text;
}

void lineup_put_z(struct lineup *l, const char *text) {
    lineup_put(l, str_of(text));
}

void lineup_put_money(struct lineup *l, int64_t minor, int decimals) {
    char text[NUMBER_MAX];
    lineup_put(l, str_of(arena_copy(l->arena, text, (size_t)money_print(minor, decimals, text))));
}

// How many columns of a terminal: Chinese, Japanese and Korean characters take two.
static int width(struct str s) {
    int columns = 0;
    for (size_t i = 0, n; i < s.n; i += n ? n : 1) {
        n = str_utf8((struct str){s.p + i, s.n - i});
        columns += n >= 3 && (unsigned char)s.p[i] >= 0xE1 ? 2 : 1;
    }
    return columns;
}

static int column_width(const struct lineup *l, int column) {
    int widest = 0;
    for (int i = column; i < l->n; i += l->columns)
        widest = width(l->cell[i]) > widest ? width(l->cell[i]) : widest;
    return widest;
}

int lineup_width(const struct lineup *l) {
    int sum = 0;
    for (int i = 0; i < l->columns; i++)
        sum += 2 + column_width(l, i);
    return sum;
}

static void pad(struct buf *out, int n) {
    while (n-- > 0)
        buf_char(out, ' ');
}

void lineup_text(struct buf *out, const struct lineup *l) {
    for (int i = 0; i < l->n; i++) {
        int column = i % l->columns, left = column_width(l, column) - width(l->cell[i]);
        buf_z(out, "  ");
        pad(out, column ? left : 0);
        buf_str(out, l->cell[i]);
        if (column + 1 == l->columns)
            buf_char(out, '\n');
        else
            pad(out, column ? 0 : left);
    }
}
