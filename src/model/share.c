// Sums run over sorted values, so the order in which customers came cannot change a bit.
#include "model/share.h"

bool share_top(const struct sample *s, int64_t part, int64_t parts, double *total, double *top) {
    *total = 0;
    for (int64_t i = s->n; i-- > 0;)
        *total += s->x[i];
    if (!(*total > 0))
        return false;
    int64_t last = s->n;
    double sum = 0;
    do
        sum += s->x[--last];
    while (last > 0 && sum * (double)parts < *total * (double)part);
    *top = s->x[last];
    return true;
}

bool share_solve(struct sample *s, int top_percent, int tail_percent, struct share *out) {
    sample_sort(s);
    if (!share_top(s, top_percent, 100, &out->total, &out->top))
        return false;
    out->tail = s->x[(s->n * tail_percent + 99) / 100 - 1];
    return true;
}

enum share_class share_of(const struct share *s, double x) {
    return x >= s->top ? SHARE_TOP : x <= s->tail ? SHARE_TAIL : SHARE_MIDDLE;
}
