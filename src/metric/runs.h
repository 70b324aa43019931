// Pure loops over the rows of customers. They fill out[0 .. n - 1] for customers first ..
// first + n - 1, and know no names, tables or missing values: what does not count is not kept.
#ifndef PATRON_METRIC_RUNS_H
#define PATRON_METRIC_RUNS_H

#include <stdbool.h>
#include <stdint.h>

// The rows of customer i are start[i] .. start[i + 1] - 1; of these, the ones that count are those
// whose bit is set in keep (NULL: all).
struct runs {
    const int64_t *start;
    const uint64_t *keep;
};

void runs_count(const struct runs *r, int64_t first, int n, int64_t *out);
// The distinct dates, in rows sorted by date.
void runs_days(const struct runs *r, const int32_t *date, int64_t first, int n, int64_t *out);
// The distinct keys. `scratch` holds the keys of the longest run.
void runs_distinct(const struct runs *r, const int64_t *key, int64_t first, int n, int64_t *out,
                   int64_t *scratch);

// The row that is the first, the last, or has the least or (greatest) the most; -1 if none counts.
void runs_first(const struct runs *r, int64_t first, int n, int64_t *row);
void runs_last(const struct runs *r, int64_t first, int n, int64_t *row);
void runs_extreme_integer(const struct runs *r, const int64_t *x, bool greatest, int64_t first,
                          int n, int64_t *row);
void runs_extreme_number(const struct runs *r, const double *x, bool greatest, int64_t first, int n,
                         int64_t *row);
void runs_extreme_date(const struct runs *r, const int32_t *x, bool greatest, int64_t first, int n,
                       int64_t *row);

// Exact; bad[i] is 1 where a sum does not fit in 64 bits, else 0.
void runs_sum_integer(const struct runs *r, const int64_t *x, int64_t first, int n, int64_t *out,
                      uint8_t *bad);
// The exact sum, rounded once, so it does not depend on the order of rows. Infinite or NaN where
// doubles cannot hold it.
void runs_sum_number(const struct runs *r, const double *x, int64_t first, int n, double *out);

#endif
