// Values are sorted as integers by their digits of one byte: time in proportion to n whatever the
// data, and a byte that all values share (money is whole numbers: most of the low ones) costs
// nothing but its count.
#include "model/sample.h"

#include <string.h>

void sample_add(struct sample *s, const double *x, int64_t n) {
    if (s->n + n > s->size) {
        int64_t size = s->size * 2 > s->n + n ? s->size * 2 : s->n + n;
        s->x = arena_resize(s->arena, s->x, (size_t)s->size * sizeof *s->x,
                            (size_t)size * sizeof *s->x);
        s->size = size;
    }
    if (n > 0)
        memcpy(s->x + s->n, x, (size_t)n * sizeof *x);
    s->n += n;
}

enum { DIGITS = 8, VALUES = 256 };

static const uint64_t sign = (uint64_t)1 << 63;

// Unsigned integers in the order of the doubles: negative ones are stored with rising magnitude.
static uint64_t key_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

static double value_of(uint64_t key) {
    uint64_t bits = key & sign ? key & ~sign : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static unsigned digit_of(uint64_t key, int digit) {
    return key >> (8 * digit) & (VALUES - 1);
}

// Moves the keys to `to`, stably, in the order of one digit.
static void distribute(const uint64_t *from, uint64_t *to, int64_t n, int digit,
                       const int64_t count[VALUES]) {
    int64_t at[VALUES], sum = 0;
    for (int v = 0; v < VALUES; v++) {
        at[v] = sum;
        sum += count[v];
    }
    for (int64_t i = 0; i < n; i++)
        to[at[digit_of(from[i], digit)]++] = from[i];
}

void sample_sort(struct sample *s) {
    if (s->n < 2)
        return;
    struct arena *scratch = arena_child(s->arena);
    uint64_t *keys = arena_array(scratch, (size_t)s->n, sizeof *keys);
    uint64_t *other = arena_array(scratch, (size_t)s->n, sizeof *other);
    int64_t(*count)[VALUES] = arena_array(scratch, DIGITS, sizeof *count);
    for (int64_t i = 0; i < s->n; i++) {
        keys[i] = key_of(s->x[i]);
        for (int d = 0; d < DIGITS; d++)
            count[d][digit_of(keys[i], d)]++;
    }
    for (int d = 0; d < DIGITS; d++) {
        if (count[d][digit_of(keys[0], d)] == s->n)
            continue;
        distribute(keys, other, s->n, d, count[d]);
        uint64_t *sorted = other;
        other = keys;
        keys = sorted;
    }
    for (int64_t i = 0; i < s->n; i++)
        s->x[i] = value_of(keys[i]);
    arena_free(scratch);
}
