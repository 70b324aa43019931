#include "model/line.h"

#include <math.h>

#include "model/cuts.h"
#include "model/share.h"

bool line_fraction(double share, int64_t *part, int64_t *parts) {
    enum { FINEST = 1000000 };
    double scaled = nearbyint(share * FINEST);
    if (!(share >= 0 && share <= 1) || scaled / FINEST != share)
        return false;
    int64_t a = FINEST, b = (int64_t)scaled;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    *part = (int64_t)scaled / a;
    *parts = FINEST / a;
    return true;
}

static double average(const struct sample *s) {
    double sum = 0;
    for (int64_t i = s->n; i-- > 0;)
        sum += s->x[i];
    return sum / (double)s->n;
}

// The number of heads, at least one.
static int64_t heads(const struct sample *s, const struct line *l) {
    int64_t n = (s->n * l->part + l->parts - 1) / l->parts;
    return n < 1 ? 1 : n;
}

bool line_solve(struct sample *s, const struct line *l, double *out) {
    double total;
    if (s->n == 0)
        return false;
    sample_sort(s);
    switch (l->kind) {
    case LINE_QUANTILE: *out = cuts_quantile(s, l->part, l->parts); break;
    case LINE_AVERAGE: *out = average(s); break;
    case LINE_TOP_HEADS: *out = s->x[s->n - heads(s, l)]; break;
    case LINE_TOP_SHARE: return share_top(s, l->part, l->parts, &total, out);
    case LINE_NONE: return false;
    }
    return true;
}
