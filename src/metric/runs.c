// The compiler takes the test of `keep` out of these loops: with all rows kept they read nothing
// but their column.
#include "metric/runs.h"

#include <stdlib.h>

#include "metric/exact.h"
#include "table/column.h"

static inline bool counts(const uint64_t *keep, int64_t row) {
    return !keep || bit_get(keep, row);
}

void runs_count(const struct runs *r, int64_t first, int n, int64_t *out) {
    for (int i = 0; i < n; i++) {
        int64_t from = r->start[first + i], to = r->start[first + i + 1];
        out[i] = r->keep ? 0 : to - from;
        for (int64_t row = from; r->keep && row < to; row++)
            out[i] += bit_get(r->keep, row);
    }
}

void runs_days(const struct runs *r, const int32_t *date, int64_t first, int n, int64_t *out) {
    for (int i = 0; i < n; i++) {
        int32_t last = INT32_MIN; // no date is
        out[i] = 0;
        for (int64_t row = r->start[first + i]; row < r->start[first + i + 1]; row++)
            if (counts(r->keep, row)) {
                out[i] += date[row] != last;
                last = date[row];
            }
    }
}

static int compare_keys(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void runs_distinct(const struct runs *r, const int64_t *key, int64_t first, int n, int64_t *out,
                   int64_t *scratch) {
    for (int i = 0; i < n; i++) {
        int64_t kept = 0;
        bool sorted = true;
        for (int64_t row = r->start[first + i]; row < r->start[first + i + 1]; row++)
            if (counts(r->keep, row)) {
                sorted = sorted && (kept == 0 || scratch[kept - 1] <= key[row]);
                scratch[kept++] = key[row];
            }
        if (!sorted)
            qsort(scratch, (size_t)kept, sizeof *scratch, compare_keys);
        out[i] = kept > 0;
        for (int64_t k = 1; k < kept; k++)
            out[i] += scratch[k] != scratch[k - 1];
    }
}

void runs_first(const struct runs *r, int64_t first, int n, int64_t *row) {
    for (int i = 0; i < n; i++) {
        int64_t at = r->start[first + i], to = r->start[first + i + 1];
        while (at < to && !counts(r->keep, at))
            at++;
        row[i] = at < to ? at : -1;
    }
}

void runs_last(const struct runs *r, int64_t first, int n, int64_t *row) {
    for (int i = 0; i < n; i++) {
        int64_t from = r->start[first + i], at = r->start[first + i + 1] - 1;
        while (at >= from && !counts(r->keep, at))
            at--;
        row[i] = at >= from ? at : -1;
    }
}

#define EXTREME(name, type)                                                                        \
    void name(const struct runs *r, const type *x, bool greatest, int64_t first, int n,            \
              int64_t *row) {                                                                      \
        for (int i = 0; i < n; i++) {                                                              \
            int64_t best = -1;                                                                     \
            for (int64_t at = r->start[first + i]; at < r->start[first + i + 1]; at++)             \
                if (counts(r->keep, at) &&                                                         \
                    (best < 0 || (greatest ? x[at] > x[best] : x[at] < x[best])))                  \
                    best = at;                                                                     \
            row[i] = best;                                                                         \
        }                                                                                          \
    }

EXTREME(runs_extreme_integer, int64_t)
EXTREME(runs_extreme_number, double)
EXTREME(runs_extreme_date, int32_t)

// Twice as wide, so that a sum which fits is found even where its parts leave 64 bits on the way.
void runs_sum_integer(const struct runs *r, const int64_t *x, int64_t first, int n, int64_t *out,
                      uint8_t *bad) {
    for (int i = 0; i < n; i++) {
        __int128 sum = 0;
        for (int64_t row = r->start[first + i]; row < r->start[first + i + 1]; row++)
            if (counts(r->keep, row))
                sum += x[row];
        out[i] = (int64_t)sum;
        bad[i] = sum != out[i];
    }
}

void runs_sum_number(const struct runs *r, const double *x, int64_t first, int n, double *out) {
    for (int i = 0; i < n; i++) {
        struct exact sum = {0};
        for (int64_t row = r->start[first + i]; row < r->start[first + i + 1]; row++)
            if (counts(r->keep, row))
                exact_add(&sum, x[row]);
        out[i] = exact_sum(&sum);
    }
}
