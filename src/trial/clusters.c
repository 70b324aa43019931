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

int64_t clusters_split(const struct clusters *c, const int32_t *group) {
    int64_t split = 0;
    for (int64_t k = 0; k < c->n; k++) {
        int32_t first = -1;
        bool two = false;
        for (int64_t i = c->start[k]; i < c->start[k + 1]; i++) {
            int32_t own = group[c->customer[i]];
            two = two || (own >= 0 && first >= 0 && own != first);
            first = first < 0 ? own : first;
        }
        split += two;
    }
    return split;
}
