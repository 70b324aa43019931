#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *z) {
    return (struct str){z, strlen(z)};
}

bool str_eq(struct str a, struct str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *z) {
    return str_eq(a, str_of(z));
}

int str_cmp(struct str a, struct str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

size_t str_utf8(struct str s) {
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
    if (n == 0 || n > s.n)
        return 0;
    unsigned c = n == 1 ? *p : *p & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : n;
}

// The control characters of ASCII, and those of U+0080 to U+009F, which terminals obey as well.
static bool is_control(const char *p, size_t n) {
    unsigned char c = (unsigned char)*p;
    return n == 2 ? c == 0xc2 && (unsigned char)p[1] < 0xa0 : c < ' ' || c == 0x7f;
}

size_t str_clean(char *p, size_t n, bool lines) {
    size_t done = 0, step;
    for (size_t i = 0; i < n; i += step ? step : 1) {
        step = str_utf8((struct str){p + i, n - i});
        bool kept = lines && (p[i] == '\n' || p[i] == '\t');
        if (step == 0 || (is_control(p + i, step) && !kept)) {
            p[done++] = '?';
            continue;
        }
        memmove(p + done, p + i, step);
        done += step;
    }
    return done;
}

void str_clean_z(char *z) {
    z[str_clean(z, strlen(z), false)] = '\0';
}

enum { LONGEST = 64 }; // names longer than this get no suggestion

static int min3(int a, int b, int c) {
    int m = a < b ? a : b;
    return m < c ? m : c;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

// Edits (insert, delete, replace, swap neighbours) from a to b; case does not count.
static int distance(struct str a, struct str b) {
    int rows[3][LONGEST + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.n; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == lower(b.p[j - 2]) && lower(a.p[i - 2]) == y;
            if (swapped && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
        int *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[b.n];
}

struct str str_nearest(struct str name, bool (*next)(const void *ctx, size_t i, struct str *out),
                       const void *ctx) {
    struct str best = {NULL, 0}, longer = {NULL, 0}, candidate;
    int least = (int)(name.n <= 3 ? 1 : name.n / 3) + 1;
    if (name.n > LONGEST)
        return best;
    for (size_t i = 0; next(ctx, i, &candidate); i++) {
        if (candidate.n > LONGEST)
            continue;
        int d = distance(name, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
        if (!longer.n && name.n > 3 && candidate.n > name.n &&
            memcmp(candidate.p, name.p, name.n) == 0)
            longer = candidate;
    }
    return best.n ? best : longer;
}

static void reserve(struct buf *b, size_t more) {
    if (b->n + more <= b->size)
        return;
    size_t size = b->size ? b->size * 2 : 256;
    while (size < b->n + more)
        size *= 2;
    b->p = arena_resize(b->arena, b->p, b->size, size);
    b->size = size;
}

char *buf_room(struct buf *b, size_t n) {
    reserve(b, n);
    return b->p + b->n;
}

void buf_put(struct buf *b, const char *bytes, size_t n) {
    reserve(b, n);
    if (n)
        memcpy(b->p + b->n, bytes, n);
    b->n += n;
}

void buf_str(struct buf *b, struct str s) {
    buf_put(b, s.p, s.n);
}

void buf_z(struct buf *b, const char *z) {
    buf_put(b, z, strlen(z));
}

void buf_char(struct buf *b, char c) {
    reserve(b, 1);
    b->p[b->n++] = c;
}

void buf_printf(struct buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t n = (size_t)vsnprintf(NULL, 0, format, args);
    va_end(args);
    reserve(b, n + 1);
    vsnprintf(b->p + b->n, n + 1, format, again);
    va_end(again);
    b->n += n;
}

const char *buf_text(struct buf *b) {
    reserve(b, 1);
    b->p[b->n] = '\0';
    return b->p;
}

// Up to the blank or line end, none of which is in front.
static struct str cut_word(struct str *text) {
    struct str word = {text->p, 0};
    while (word.n < text->n && !strchr(" \n", word.p[word.n]))
        word.n++;
    *text = (struct str){text->p + word.n, text->n - word.n};
    while (text->n && strchr(" \n", *text->p))
        *text = (struct str){text->p + 1, text->n - 1};
    return word;
}

void buf_fill(struct buf *b, struct str text, int indent) {
    enum { COLUMNS = 80 };
    const char *line = b->n ? memrchr(b->p, '\n', b->n) : NULL;
    size_t column = b->n - (line ? (size_t)(line + 1 - b->p) : 0);
    for (bool first = true; text.n; first = false) {
        struct str word = cut_word(&text);
        bool fits = column + !first + word.n <= COLUMNS;
        if (!first && fits)
            buf_char(b, ' ');
        else if (!first)
            buf_printf(b, "\n%*s", indent, "");
        column = first || fits ? column + !first + word.n : (size_t)indent + word.n;
        buf_str(b, word);
    }
}

const char *str_listed(struct arena *a, bool (*next)(const void *ctx, size_t i, struct str *out),
                       const void *ctx) {
    enum { MOST = 600 };
    struct buf b = {.arena = a};
    struct str name;
    for (size_t i = 0; next(ctx, i, &name); i++) {
        buf_z(&b, i ? ", " : "");
        if (b.n + name.n > MOST) {
            buf_z(&b, "...");
            break;
        }
        buf_str(&b, name);
    }
    return buf_text(&b);
}
