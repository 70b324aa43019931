#include "trial/clusters.h"

#include "trial/groups.h"

struct clusters clusters_of(struct arena *a, const struct column *column) {
    const struct column *label = groups_label(a, column);
    int64_t labels = label->dict->n, n = labels + label->missing, single = labels;
    int64_t *start = arena_array(a, (size_t)n + 2, sizeof *start);
    int64_t *customer = arena_array(a, (size_t)label->n, sizeof *customer);
    int64_t *cluster = arena_array(a, (size_t)label->n, sizeof *cluster);
    for (int64_t i = 0; i < label->n; i++) {
        cluster[i] = column_has(label, i) ? label->code[i] : single++;
        start[cluster[i] + 2]++;
    }
    for (int64_t k = 2; k <= n + 1; k++) // start[k + 1]: where cluster k begins
        start[k] += start[k - 1];
    for (int64_t i = 0; i < label->n; i++) // ... and, once it is filled, ends
        customer[start[cluster[i] + 1]++] = i;
    return (struct clusters){n, start, customer};
}

int64_t clusters_count(const struct clusters *c, const int32_t *group, int64_t *count) {
    int64_t split = 0;
    for (int64_t k = 0; k < c->n; k++) {
        uint64_t in = 0; // a bit for each group
        for (int64_t i = c->start[k]; i < c->start[k + 1]; i++)
            if (group[c->customer[i]] >= 0)
                in |= (uint64_t)1 << group[c->customer[i]];
        split += (in & (in - 1)) != 0;
        for (int g = 0; in; g++, in >>= 1)
            count[g] += in & 1;
    }
    return split;
}

const int64_t *clusters_first(struct arena *a, const struct clusters *c, int64_t n) {
    int64_t *first = arena_array(a, (size_t)n, sizeof *first);
    for (int64_t i = 0; !c && i < n; i++)
        first[i] = i;
    for (int64_t k = 0; c && k < c->n; k++)
        for (int64_t m = c->start[k]; m < c->start[k + 1]; m++)
            first[c->customer[m]] = c->customer[c->start[k]];
    return first;
}
