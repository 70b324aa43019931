#include "trial/groups.h"

#include <string.h>

#include "load/rank.h"

struct groups groups_of(struct arena *a, const struct column *c, const int64_t *row, int64_t n) {
    struct intern *names = intern_new(a);
    struct buf text = {.arena = a};
    struct groups out = {.of = arena_array(a, (size_t)n, sizeof *out.of)};
    for (int64_t i = 0; i < n; i++) {
        text.n = 0;
        if (column_has(c, row[i]))
            column_print(c, row[i], &text);
        out.of[i] = text.n ? intern_add(names, (struct str){text.p, text.n}) : -1;
    }
    size_t count = (size_t)intern_count(names);
    uint8_t *used = arena_alloc(a, count + 1);
    int32_t *rank = arena_array(a, count + 1, sizeof *rank);
    memset(used, 1, count + 1);
    struct rank_source source = {names, used, rank};
    struct ranking ranking = rank_strings(a, &source, 1, true);
    for (int64_t i = 0; i < n; i++)
        if (out.of[i] >= 0)
            out.of[i] = rank[out.of[i]];
    out.n = ranking.n;
    out.name = ranking.label;
    return out;
}
