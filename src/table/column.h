// A column: one type, n values in Arrow's layout, missing values in a bitmap. Read-only once made.
#ifndef PATRON_TABLE_COLUMN_H
#define PATRON_TABLE_COLUMN_H

#include <stdint.h>

#include "base/str.h"

enum type {
    TYPE_INTEGER, // int64
    TYPE_NUMBER,  // double, never NaN or infinite
    TYPE_MONEY,   // int64 of minor units
    TYPE_DATE,    // int32 days since 1970-01-01
    TYPE_FLAG,    // bitmap, least significant bit first
    TYPE_LABEL,   // int32 codes into a dictionary
    TYPE_TEXT,    // int64 offsets (n + 1 of them) into bytes
};

// "integer", "number", "money", "date", "flag", "label", "text"; and back (-1 if it is none).
const char *type_name(enum type type);
int type_of_name(struct str name);
bool type_numeric(enum type type);             // an integer, a number or money
int64_t type_bytes(enum type type, int64_t n); // of n values (offsets of texts: n + 1)

// The distinct values of a label column, sorted by bytes without repeats: a code is a rank. (The
// labels of an ordered set, tiers, stand in their own order instead, and `ordered` says so.)
struct dict {
    int32_t n;
    bool ordered;
    const int64_t *offsets; // n + 1
    const char *bytes;
};

struct str dict_at(const struct dict *d, int32_t code);
int32_t dict_find(const struct dict *d, struct str label); // -1 if there is none

struct seal; // seal.h

struct column {
    struct str name;
    enum type type;
    int decimals; // of money
    int64_t n;
    int64_t missing;       // how many values are missing
    const uint64_t *valid; // bit set: present. NULL when none is missing
    union {
        const int64_t *integer; // and money
        const double *number;
        const int32_t *date;
        const uint64_t *flag;
        const int32_t *code;
        const int64_t *offset;
    };
    const struct dict *dict; // of labels
    const char *bytes;       // of text
    struct seal *seal;       // of a column in a mapped file: look at it before the values; or NULL
};

static inline bool bit_get(const uint64_t *bits, int64_t i) {
    return bits[i >> 6] >> (i & 63) & 1;
}

static inline void bit_set(uint64_t *bits, int64_t i) {
    bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

static inline void bit_clear(uint64_t *bits, int64_t i) {
    bits[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

static inline int64_t bit_words(int64_t n) {
    return (n + 63) >> 6;
}

static inline bool column_has(const struct column *c, int64_t row) {
    return !c->valid || bit_get(c->valid, row);
}

// The text of a label or text value that is present.
struct str column_str(const struct column *c, int64_t row);
// An integer, number, money (major units), date or flag (0, 1) that is present, as a double.
double column_double(const struct column *c, int64_t row);
// Rows first .. first + n - 1 as a column that shares the values. It begins at a multiple of 64,
// and ends at one or with the column, whose seal was looked at.
struct column column_part(const struct column *c, int64_t first, int64_t n);
// Any present value as people read it, money with its decimals, dates as YYYY-MM-DD; appended.
void column_print(const struct column *c, int64_t row, struct buf *out);

// ---- making columns -----------------------------------------------------------------------

// A column under construction, in an arena: all n values missing until set. Not thread-safe by
// word: tasks that share one must own whole multiples of 64 rows. `dict` may be set later.
struct column *column_new(struct arena *a, struct str name, enum type type, int64_t n);
void column_set_missing(struct column *c, int64_t row);
void column_set_integer(struct column *c, int64_t row, int64_t x); // also money in minor units
void column_set_number(struct column *c, int64_t row, double x);   // NaN or infinity: missing
void column_set_date(struct column *c, int64_t row, int32_t x);
void column_set_flag(struct column *c, int64_t row, bool x);
void column_set_code(struct column *c, int64_t row, int32_t x);
// n rows from one on that is a multiple of 64, as are all that come behind: flags of bytes 0 and 1;
// codes, of which `none` is a missing one.
void column_set_flags(struct column *c, int64_t first, const uint8_t *x, int n);
void column_set_codes(struct column *c, int64_t first, const int32_t *x, int n, int32_t none);
// Texts are set from the first row to the last; `bytes` holds them one behind the other.
void column_set_text(struct column *c, int64_t row, struct str text, struct buf *bytes);
// Counts the missing values, drops the bitmap if there are none. Call once, when all are set.
void column_finish(struct column *c);

// A dictionary from n labels, which it copies. `ordered` keeps their order, else they are sorted
// and repeats dropped.
struct dict *dict_new(struct arena *a, const struct str *labels, int32_t n, bool ordered);

#endif
