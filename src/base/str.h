// Slices and growing buffers of bytes.
#ifndef PATRON_BASE_STR_H
#define PATRON_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

// A slice: bytes that somebody else owns; may hold NULs.
struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

struct str str_of(const char *z); // of a C string
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
int str_cmp(struct str a, struct str b); // by bytes, a shorter prefix first

// The length of the UTF-8 sequence that begins s, which is not empty; 0 if there is none.
size_t str_utf8(struct str s);

// Replaces in place, by '?', what a terminal would obey and not show: control characters (tabs and
// line ends stay if `lines`), and bytes that are no UTF-8. Returns the new length.
size_t str_clean(char *p, size_t n, bool lines);
void str_clean_z(char *z); // of one line

// The candidate nearest to `name` when it is near enough to be a slip of the keyboard, else the
// first that goes on where `name` ends, else an empty slice. `next(ctx, i, &out)` yields the
// candidates and returns false after the last.
struct str str_nearest(struct str name, bool (*next)(const void *ctx, size_t i, struct str *out),
                       const void *ctx);
// The same candidates as a list, "a, b, c", for who named none of them; of many the first.
const char *str_listed(struct arena *a, bool (*next)(const void *ctx, size_t i, struct str *out),
                       const void *ctx);

// A growing byte buffer in an arena. {.arena = a} is an empty one.
struct buf {
    struct arena *arena;
    char *p;
    size_t n, size;
};

void buf_put(struct buf *b, const char *bytes, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Room for n bytes behind the last; who fills it adds to b->n what was filled.
char *buf_room(struct buf *b, size_t n);
// Words, in lines of 80 columns that go on where the last one of the buffer ends, with blanks
// before each that begins. Blanks and line ends of the text only part words.
void buf_fill(struct buf *b, struct str text, int indent);
// A NUL behind the bytes (not counted), and the bytes.
const char *buf_text(struct buf *b);

#endif
