#include "months/crowd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "months/luck.h"

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

// The hash of the most-th customer in line; with two of the same hash there, one more is taken.
static uint64_t last_hash(struct arena *a, const uint64_t *hash, int64_t n, int64_t most) {
    struct arena *own = arena_child(a);
    uint64_t *line = arena_array(own, (size_t)n, sizeof *line);
    memcpy(line, hash, (size_t)n * sizeof *line);
    qsort(line, (size_t)n, sizeof *line, compare);
    uint64_t last = line[most - 1];
    arena_free(own);
    return last;
}

struct crowd *crowd_of(struct arena *a, const struct dataset *data, int64_t most) {
    struct crowd *s = arena_alloc(a, sizeof *s);
    uint64_t *hash = arena_array(a, (size_t)data->customers, sizeof *hash);
    for (int64_t i = 0; i < data->customers; i++)
        hash[i] = luck_of_id(column_str(data->id, i));
    *s = (struct crowd){.n = data->customers, .of = data->customers, .luck = hash};
    if (data->customers <= most)
        return s;
    uint64_t last = last_hash(a, hash, s->of, most);
    int64_t *row = arena_array(a, (size_t)s->of, sizeof *row);
    s->n = 0;
    for (int64_t i = 0; i < s->of; i++)
        if (hash[i] <= last) {
            hash[s->n] = hash[i];
            row[s->n++] = i;
        }
    s->row = row;
    return s;
}

double crowd_weight(const struct crowd *s) {
    return s->n ? (double)s->of / (double)s->n : 1;
}

int64_t crowd_whole(const struct crowd *s, int64_t x) {
    return s->row ? (int64_t)nearbyint((double)x * crowd_weight(s)) : x;
}

static const struct column *gather(struct arena *a, const struct column *c, const int64_t *row,
                                   int64_t n) {
    struct column *out = column_new(a, c->name, c->type, n);
    struct buf bytes = {.arena = a};
    out->decimals = c->decimals;
    out->dict = c->dict;
    for (int64_t i = 0; i < n; i++) {
        bool there = column_has(c, row[i]);
        if (c->type == TYPE_TEXT)
            column_set_text(out, i, there ? column_str(c, row[i]) : STR(""), &bytes);
        else if (there)
            switch (c->type) {
            case TYPE_NUMBER: column_set_number(out, i, c->number[row[i]]); break;
            case TYPE_DATE: column_set_date(out, i, c->date[row[i]]); break;
            case TYPE_FLAG: column_set_flag(out, i, bit_get(c->flag, row[i])); break;
            case TYPE_LABEL: column_set_code(out, i, c->code[row[i]]); break;
            default: column_set_integer(out, i, c->integer[row[i]]);
            }
        if (!there)
            column_set_missing(out, i);
    }
    column_finish(out);
    return out;
}

const struct column *crowd_column(struct arena *a, const struct crowd *s, const struct column *c) {
    return s->row ? gather(a, c, s->row, s->n) : c;
}

const struct table *crowd_table(struct arena *a, const struct crowd *s, const struct table *t) {
    if (!t || !t->start || !s->row)
        return t;
    struct table *out = arena_alloc(a, sizeof *out);
    const struct column **column = arena_array(a, (size_t)t->columns, sizeof *column);
    int64_t *start = arena_array(a, (size_t)s->n + 1, sizeof *start);
    int64_t *row = arena_array(a, (size_t)t->n, sizeof *row);
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++) {
        start[i] = n;
        for (int64_t k = t->start[s->row[i]]; k < t->start[s->row[i] + 1]; k++)
            row[n++] = k;
    }
    start[s->n] = n;
    *out = (struct table){
        .name = t->name, .n = n, .columns = t->columns, .column = column, .start = start};
    for (int i = 0; i < t->columns; i++) {
        column[i] = gather(a, t->column[i], row, n);
        if (t->column[i] == t->date)
            out->date = column[i];
    }
    return out;
}
