// Marks of abuse. They look at every row of referrals, credited or not: who is not credited with
// the third of a ring still is in it.
#include "metric/block.h"
#include "metric/family.h"
#include "metric/ring.h"

static enum status find_self(const struct block *b, struct err *err) {
    (void)err;
    const struct metric_run *r = b->arg;
    const struct column *referee = r->column[0];
    for (int64_t i = b->first; i < b->first + b->n; i++) {
        struct str id = column_str(r->id, i);
        bool self = false;
        for (int64_t row = r->table->start[i]; row < r->table->start[i + 1] && !self; row++)
            self = column_has(referee, row) && str_eq(column_str(referee, row), id);
        column_set_flag(r->out, i, self);
    }
    return DONE;
}

enum status abuse_self(struct metric_run *r, struct err *err) {
    TRY(graph_check(r, r->column[0], err));
    return block_run(r->host, r->out->n, find_self, r, err);
}

static enum status count_busiest(const struct block *b, struct err *err) {
    (void)err;
    const struct metric_run *r = b->arg;
    const struct column *date = r->column[0];
    for (int64_t i = b->first; i < b->first + b->n; i++) {
        int64_t same = 0, most = 0, first = r->table->start[i];
        for (int64_t row = first; row < r->table->start[i + 1]; row++) {
            same = row > first && date->date[row] == date->date[row - 1] ? same + 1 : 1;
            most = same > most ? same : most;
        }
        column_set_integer(r->out, i, most);
    }
    return DONE;
}

enum status abuse_a_day(struct metric_run *r, struct err *err) {
    return block_run(r->host, r->out->n, count_busiest, r, err);
}

enum status abuse_ring(struct metric_run *r, struct err *err) {
    struct graph g;
    int64_t longer;
    uint8_t *size = arena_array(r->arena, (size_t)r->out->n, sizeof *size);
    TRY(graph_read(r, &g, err));
    TRY(ring_sizes(r->arena, r->host, &g, size, &longer, err));
    for (int64_t i = 0; i < g.n; i++)
        column_set_integer(r->out, i, size[i]);
    if (r->host && longer)
        host_note(r->host,
                  "ring_size: %lld customers are in a ring of more than %d, but in no smaller one; "
                  "they have %d, as those in none",
                  (long long)longer, RING_MOST, RING_NONE);
    return DONE;
}
