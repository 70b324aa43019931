// A column is gathered when the first rule of a block asks for it, into room that the worker keeps.
#include "decide/gather.h"

#include <string.h>

#include "metric/graph.h"

struct place_of_column {
    struct column column;
    const struct column *from;
    bool there; // for this block
    uint64_t valid[BLOCK / 64];
    void *values;
    struct buf bytes; // of texts
};

struct gather {
    struct arena *arena;
    const struct pairs *pairs;
    const struct edges *edges;
    int64_t first;
    int n;
    struct place_of_column *place;
    const struct column **columns;
};

struct gather *gather_new(struct arena *a, const struct pairs *pairs, const struct edges *edges,
                          const struct column *const *board) {
    struct gather *g = arena_alloc(a, sizeof *g);
    *g = (struct gather){.arena = a, .pairs = pairs, .edges = edges};
    g->place = arena_array(a, (size_t)pairs->n, sizeof *g->place);
    g->columns = arena_array(a, (size_t)pairs->n, sizeof *g->columns);
    for (int i = 0; i < pairs->n; i++) {
        const struct pair_column *c = &pairs->column[i];
        bool row = c->side == PAIR_ROW;
        g->place[i].from =
            row ? table_column(edges->table, pairs_row_name(c->name)) : board[c->slot];
    }
    return g;
}

void gather_turn(struct gather *g, int64_t first, int n) {
    g->first = first;
    g->n = n;
    for (int i = 0; i < g->pairs->n; i++)
        g->place[i].there = false;
}

// Which row of the source an edge of the block reads; NOBODY: none.
static void find_rows(const struct gather *g, enum pair_side side, int64_t *rows) {
    const struct edges *e = g->edges;
    for (int i = 0; i < g->n; i++) {
        int64_t edge = g->first + i;
        rows[i] = side == PAIR_ROW      ? e->row[edge]
                  : side == PAIR_FRIEND ? e->friend[edge]
                                        : e->referrer[edge];
    }
}

static void find_valid(struct place_of_column *p, const struct column *from, const int64_t *rows,
                       int n) {
    memset(p->valid, 0, sizeof p->valid);
    p->column.missing = 0;
    for (int i = 0; i < n; i++) {
        if (rows[i] != NOBODY && column_has(from, rows[i]))
            bit_set(p->valid, i);
        else
            p->column.missing++;
    }
    p->column.valid = p->column.missing ? p->valid : NULL;
}

static void gather_texts(struct place_of_column *p, const struct column *from, const int64_t *rows,
                         int n) {
    int64_t *offset = p->values;
    p->bytes.n = 0;
    for (int i = 0; i < n; i++) {
        offset[i] = (int64_t)p->bytes.n;
        if (bit_get(p->valid, i))
            buf_str(&p->bytes, column_str(from, rows[i]));
    }
    offset[n] = (int64_t)p->bytes.n;
    p->column.bytes = p->bytes.p;
}

// Rows that read nothing get any value: it is not looked at.
static void gather_values(struct place_of_column *p, const struct column *from, const int64_t *rows,
                          int n) {
    int64_t *integer = p->values;
    double *number = p->values;
    int32_t *code = p->values;
    uint64_t *flag = p->values;
    switch (from->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY:
        for (int i = 0; i < n; i++)
            integer[i] = rows[i] == NOBODY ? 0 : from->integer[rows[i]];
        break;
    case TYPE_NUMBER:
        for (int i = 0; i < n; i++)
            number[i] = rows[i] == NOBODY ? 0 : from->number[rows[i]];
        break;
    case TYPE_DATE:
    case TYPE_LABEL: // a date and a code are as wide
        for (int i = 0; i < n; i++)
            code[i] = rows[i] == NOBODY ? 0 : from->code[rows[i]];
        break;
    case TYPE_FLAG:
        memset(flag, 0, BLOCK / 8);
        for (int i = 0; i < n; i++)
            if (rows[i] != NOBODY && bit_get(from->flag, rows[i]))
                bit_set(flag, i);
        break;
    case TYPE_TEXT: gather_texts(p, from, rows, n); break;
    }
}

static void gather(struct gather *g, int slot) {
    const struct pair_column *c = &g->pairs->column[slot];
    struct place_of_column *p = &g->place[slot];
    const struct column *from = p->from;
    int64_t rows[BLOCK];
    if (!p->values) {
        p->values = arena_array(g->arena, BLOCK + 1, sizeof(int64_t));
        p->bytes = (struct buf){.arena = g->arena};
    }
    find_rows(g, c->side, rows);
    p->column = *from;
    p->column.n = g->n;
    p->column.seal = NULL;
    find_valid(p, from, rows, g->n);
    gather_values(p, from, rows, g->n);
    p->column.integer = p->values;
    p->there = true;
    g->columns[slot] = &p->column;
}

const struct column *const *gather_columns(struct gather *g, const struct rule *rule) {
    const int *slots;
    int n = rule_slots(rule, &slots);
    for (int i = 0; i < n; i++)
        if (!g->place[slots[i]].there)
            gather(g, slots[i]);
    return g->columns;
}
