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

const struct column *groups_label(struct arena *a, const struct column *c) {
    if (c->type == TYPE_LABEL)
        return c;
    int64_t *row = arena_array(a, (size_t)c->n, sizeof *row);
    for (int64_t i = 0; i < c->n; i++)
        row[i] = i;
    struct groups g = groups_of(a, c, row, c->n);
    struct column *out = column_new(a, c->name, TYPE_LABEL, c->n);
    out->dict = dict_new(a, g.name, g.n, true);
    for (int64_t i = 0; i < c->n; i++)
        if (g.of[i] >= 0)
            column_set_code(out, i, g.of[i]);
    column_finish(out);
    return out;
}
