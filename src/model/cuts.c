#include "model/cuts.h"

// Where the quantile stands between two values is integer arithmetic: in floating point,
// (n - 1) * 0.6 falls short of a whole number now and then, and a cut would miss its value.
double cuts_quantile(const struct sample *s, int64_t part, int64_t parts) {
    int64_t at = (s->n - 1) * part;
    int64_t low = at / parts, rest = at % parts;
    if (rest == 0)
        return s->x[low];
    return s->x[low] + (s->x[low + 1] - s->x[low]) * ((double)rest / (double)parts);
}

bool cuts_solve(struct sample *s, int parts, struct cuts *out) {
    if (s->n == 0)
        return false;
    sample_sort(s);
    out->n = parts - 1;
    for (int i = 0; i < out->n; i++)
        out->at[i] = cuts_quantile(s, i + 1, parts);
    return true;
}

int cuts_part(const struct cuts *c, double x) {
    int part = 1;
    for (int i = 0; i < c->n; i++)
        part += x > c->at[i];
    return part;
}
