#include "policy/unmoved.h"

#include "metric/lack.h"
#include "policy/source.h"

struct search {
    struct arena *arena;
    struct board *board;
    const struct str *name; // the params that change
    int names;
    bool *listed; // by slot
    const struct column **list;
    int n;
};

static bool is_unmoved(struct search *s, int slot);

static bool has_param(const struct search *s, struct str text) {
    for (int i = 0; i < s->names; i++)
        if (source_has_name(s->arena, text, s->name[i]))
            return true;
    return false;
}

static bool is_param(const struct search *s, struct str name) {
    for (int i = 0; i < s->names; i++)
        if (str_eq(name, s->name[i]))
            return true;
    return false;
}

static bool declared_unmoved(struct search *s, const struct entry *e) {
    const struct declared *d = e->declared;
    const int *slots;
    int n = e->expr ? expr_slots(e->expr, &slots) : 0;
    if (d->computed || d->points || has_param(s, d->value.text) || has_param(s, d->where.text))
        return false;
    for (int i = 0; i < n; i++)
        if (!is_unmoved(s, slots[i]))
            return false;
    return true;
}

static bool metric_unmoved(struct search *s, const struct metric *m) {
    const char *inputs = m->inputs;
    struct need need;
    while (need_next(&inputs, &need)) {
        int slot = lack_slot(s->board, &need);
        if (slot >= 0 && !is_unmoved(s, slot))
            return false;
    }
    return true;
}

// What is unmoved is listed at once, so that nothing is gone into twice.
static bool is_unmoved(struct search *s, int slot) {
    const struct entry *e = s->board->entry[slot];
    bool metric = e->origin == ORIGIN_METRIC;
    if (e->origin == ORIGIN_PEOPLE || e->origin == ORIGIN_TODAY)
        return true;
    if (e->origin == ORIGIN_CONSTANT)
        return !is_param(s, e->name);
    if ((!metric && e->origin != ORIGIN_DECLARED) || !s->board->columns[slot])
        return false;
    if (s->listed[slot])
        return true;
    if (!(metric ? metric_unmoved(s, e->metric) : declared_unmoved(s, e)))
        return false;
    s->listed[slot] = true;
    s->list[s->n++] = s->board->columns[slot];
    return true;
}

int unmoved_columns(struct arena *a, struct board *b, const struct str *name, int names,
                    const struct column *const **out) {
    struct search s = {.arena = a, .board = b, .name = name, .names = names};
    s.listed = arena_array(a, (size_t)b->n, sizeof *s.listed);
    s.list = arena_array(a, (size_t)b->n, sizeof *s.list);
    for (int slot = 0, n = b->n; slot < n; slot++)
        is_unmoved(&s, slot);
    *out = s.list;
    return s.n;
}
