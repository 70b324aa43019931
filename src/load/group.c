// The order is a counting sort by customer, which keeps the input order, and then a sort of each
// customer's rows by date where they are not in order. It gives every row the place to go to; then
// each column is scattered by it, and what held its pieces is freed, so that hardly more than the
// table itself and one column are in memory at the end.
//
// Invariant: once places are found, the cells of the key hold them instead of codes.
#include "load/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/parallel.h"
#include "load/repeat.h"
#include "table/region.h"

struct group {
    struct arena *arena; // of the table
    const struct host *host;
    struct build *b;
    struct region region;
    int *source;     // the build's column behind each of the region
    int32_t **place; // of the rows of every piece
    int32_t *shift;  // from a row's place by customer to its place by date
    int64_t customers;
};

// ---- labels -------------------------------------------------------------------------------

// Which labels stand in rows that count. A closed set is used as a whole.
static uint8_t *used_labels(struct build *b, int worker, int column, const struct intern *labels) {
    size_t n = (size_t)intern_count(labels);
    uint8_t *used = arena_alloc(b->worker[worker], n + 1);
    if (b->plan[column].closed)
        memset(used, 1, n);
    for (size_t i = 0; i < b->pieces; i++) {
        const struct piece *p = b->piece[i];
        const struct cells *c = &p->cells[column];
        for (int64_t row = 0; p->worker == worker && row < p->n; row++)
            if (!bit_get(c->missing, row))
                used[c->code[row]] = 1;
    }
    return used;
}

int group_sources(struct build *b, int column, struct rank_source *out) {
    const struct intern *closed = b->plan[column].closed;
    int n = closed ? 1 : b->workers;
    for (int i = 0; i < n; i++) {
        struct store *s = build_store(b, i, column);
        const struct intern *labels = closed ? closed : s->intern;
        s->rank = arena_array(s->strings, (size_t)intern_count(labels) + 1, sizeof *s->rank);
        out[i] = (struct rank_source){labels, used_labels(b, i, column, labels), s->rank};
    }
    return n;
}

struct ranking group_numbers(struct arena *a, struct build *b) {
    struct ranking out = {.by_number = true};
    struct str *label = arena_array(a, (size_t)b->rows, sizeof *label);
    int64_t before = 0;
    for (size_t i = 0; i < b->pieces; i++) {
        const struct piece *p = b->piece[i];
        int32_t *code = p->cells[b->key].code;
        for (int64_t row = 0; row < p->n; row++) {
            char text[24];
            size_t n = (size_t)number_print_integer(before + code[row], text);
            label[out.n] = (struct str){arena_copy(a, text, n), n};
            out.bytes += (int64_t)n;
            code[row] = out.n++;
        }
        before += p->read;
    }
    out.label = label;
    return out;
}

// What the codes of a piece stand for; NULL: they are ranks already.
static const int32_t *ranks_of(const struct build *b, const struct piece *p, int column) {
    return build_store(b, b->plan[column].closed ? 0 : p->worker, column)->rank;
}

static struct ranking rank_column(struct build *b, int column) {
    struct rank_source *sources =
        arena_array(b->arena, (size_t)b->workers, sizeof(struct rank_source));
    int n = group_sources(b, column, sources);
    return rank_strings(build_store(b, 0, column)->strings, sources, n, false);
}

static void write_labels(const struct ranking *ranking, struct region_buffers *out) {
    for (int32_t i = 0; i < ranking->n; i++) {
        memcpy(out->bytes + out->offsets[i], ranking->label[i].p, ranking->label[i].n);
        out->offsets[i + 1] = out->offsets[i] + (int64_t)ranking->label[i].n;
    }
}

// ---- the region ---------------------------------------------------------------------------

static int64_t count_missing(const struct build *b, int column) {
    int64_t n = 0;
    for (size_t i = 0; i < b->pieces; i++)
        for (int64_t w = 0; w < bit_words(b->piece[i]->n); w++)
            n += __builtin_popcountll(b->piece[i]->cells[column].missing[w]);
    return n;
}

static struct region_column region_column(struct build *b, int column,
                                          const struct ranking *labels) {
    const struct cell_plan *plan = &b->plan[column];
    struct region_column out = {
        .name = plan->name,
        .type = plan->type,
        .decimals = plan->type == TYPE_MONEY ? plan->decimals : 0,
        .missing = count_missing(b, column),
        .labels = labels->n,
        .bytes = labels->bytes,
        .ordered = labels->by_number,
    };
    for (size_t i = 0; i < b->pieces && plan->type == TYPE_TEXT; i++)
        out.bytes += (int64_t)b->piece[i]->cells[column].end;
    return out;
}

// The key is a column only in the customers table; elsewhere the groups say whose a row is.
static void make_region(struct group *g, const struct described_table *t, const struct ranking *ids,
                        bool people) {
    struct build *b = g->b;
    struct arena *a = b->arena;
    struct region_column *columns = arena_array(a, (size_t)b->columns, sizeof *columns);
    struct ranking *labels = arena_array(a, (size_t)b->columns, sizeof *labels);
    struct region_plan plan = {
        .name = t->name,
        .rows = b->rows,
        .column = columns,
        .date = -1,
        .groups = b->key >= 0 && !people ? g->customers : -1,
    };
    g->source = arena_array(a, (size_t)b->columns, sizeof *g->source);
    for (int i = 0; i < b->columns; i++) {
        if (!b->plan[i].put || (i == b->key && !people))
            continue;
        if (i == b->key)
            labels[plan.columns] = *ids;
        else if (b->plan[i].type == TYPE_LABEL)
            labels[plan.columns] = rank_column(b, i);
        if (i == b->date)
            plan.date = plan.columns;
        columns[plan.columns] = region_column(b, i, &labels[plan.columns]);
        g->source[plan.columns++] = i;
    }
    g->region = region_new(g->arena, &plan);
    for (int i = 0; i < plan.columns; i++)
        if (columns[i].type == TYPE_LABEL)
            write_labels(&labels[i], &g->region.column[i]);
}

// ---- places -------------------------------------------------------------------------------

// Without a key rows stay in input order.
static int32_t *input_order(struct build *b, int64_t n, int32_t *next) {
    int32_t *place = arena_array(b->arena, (size_t)n, sizeof *place);
    for (int64_t row = 0; row < n; row++)
        place[row] = (*next)++;
    return place;
}

// Codes of customers become their ranks.
static int32_t *rank_keys(struct build *b, struct piece *p) {
    const int32_t *rank = ranks_of(b, p, b->key);
    int32_t *code = p->cells[b->key].code;
    for (int64_t row = 0; rank && row < p->n; row++)
        code[row] = rank[code[row]];
    return code;
}

// The places of the customers table are the ranks themselves.
static void first_places(struct group *g) {
    struct build *b = g->b;
    int32_t next = 0;
    g->place = arena_array(b->arena, b->pieces, sizeof *g->place);
    for (size_t i = 0; i < b->pieces; i++) {
        struct piece *p = b->piece[i];
        g->place[i] = b->key < 0 ? input_order(b, p->n, &next) : rank_keys(b, p);
    }
}

// The counting sort: from ranks to places.
static void group_places(struct group *g) {
    struct build *b = g->b;
    int64_t *start = g->region.start;
    for (size_t i = 0; i < b->pieces; i++)
        for (int64_t row = 0; row < b->piece[i]->n; row++)
            start[g->place[i][row] + 1]++;
    for (int64_t c = 0; c < g->customers; c++)
        start[c + 1] += start[c];
    // start[c] runs from the beginning of its customer to the beginning of the next, ...
    for (size_t i = 0; i < b->pieces; i++)
        for (int64_t row = 0; row < b->piece[i]->n; row++)
            g->place[i][row] = (int32_t)start[g->place[i][row]]++;
    // ... and back.
    memmove(start + 1, start, (size_t)g->customers * sizeof *start);
    start[0] = 0;
    for (int i = 0; i < b->workers; i++)
        arena_free(build_store(b, i, b->key)->strings); // nobody asks for an id any more
}

// ---- scattering ---------------------------------------------------------------------------

struct scatter {
    const struct group *g;
    int column; // of the build
    struct region_buffers *out;
};

static void scatter_flags(const struct cells *c, int64_t n, const int32_t *place, uint64_t *out) {
    for (int64_t row = 0; row < n; row++)
        if (bit_get(c->flag, row))
            __atomic_fetch_or(&out[place[row] >> 6], (uint64_t)1 << (place[row] & 63),
                              __ATOMIC_RELAXED);
}

static void scatter_missing(const struct cells *c, int64_t n, const int32_t *place,
                            uint64_t *valid) {
    for (int64_t row = 0; row < n; row++)
        if (bit_get(c->missing, row))
            __atomic_fetch_and(&valid[place[row] >> 6], ~((uint64_t)1 << (place[row] & 63)),
                               __ATOMIC_RELAXED);
}

static void scatter_labels(const struct cells *c, int64_t n, const int32_t *place,
                           const int32_t *rank, int32_t *out) {
    for (int64_t row = 0; row < n; row++)
        out[place[row]] = bit_get(c->missing, row) ? 0 : rank[c->code[row]];
}

static enum status scatter_piece(struct task *t, struct err *err) {
    const struct scatter *s = t->arg;
    const struct piece *p = s->g->b->piece[t->index];
    const int32_t *place = s->g->place[t->index];
    const struct cells *c = &p->cells[s->column];
    char *out = s->out->values;
    (void)err;
    if (s->out->valid)
        scatter_missing(c, p->n, place, s->out->valid);
    switch (c->plan->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY:
    case TYPE_NUMBER:
        for (int64_t row = 0; row < p->n; row++)
            memcpy(out + (size_t)place[row] * 8, c->integer + row, 8);
        break;
    case TYPE_DATE:
        for (int64_t row = 0; row < p->n; row++)
            memcpy(out + (size_t)place[row] * 4, c->date + row, 4);
        break;
    case TYPE_LABEL:
        scatter_labels(c, p->n, place, ranks_of(s->g->b, p, s->column), s->out->values);
        break;
    case TYPE_FLAG: scatter_flags(c, p->n, place, s->out->values); break;
    case TYPE_TEXT:
        for (int64_t row = 0; row < p->n; row++)
            ((int64_t *)s->out->values)[place[row] + 1] = c->length[row];
        break;
    }
    return DONE;
}

// Once the offsets are known, the bytes of texts.
static void scatter_texts(const struct scatter *s) {
    const struct build *b = s->g->b;
    int64_t *offset = s->out->values;
    for (int64_t i = 0; i < b->rows; i++)
        offset[i + 1] += offset[i];
    for (size_t i = 0; i < b->pieces; i++) {
        const struct cells *c = &b->piece[i]->cells[s->column];
        const char *text = c->bytes;
        for (int64_t row = 0; row < b->piece[i]->n; text += c->length[row++])
            if (c->length[row] > 0)
                memcpy(s->out->bytes + offset[s->g->place[i][row]], text, (size_t)c->length[row]);
    }
}

static enum status scatter_column(struct group *g, int column, struct err *err) {
    struct scatter s = {g, g->source[column], &g->region.column[column]};
    struct build *b = g->b;
    if (s.out->valid) {
        memset(s.out->valid, 0xff, (size_t)(b->rows / 64) * 8);
        for (int64_t row = b->rows / 64 * 64; row < b->rows; row++)
            bit_set(s.out->valid, row);
    }
    TRY(parallel_run(g->host, b->pieces, scatter_piece, &s, err));
    if (b->plan[s.column].type == TYPE_TEXT)
        scatter_texts(&s);
    for (int i = 0; i < b->workers; i++) {
        arena_free(build_store(b, i, s.column)->values);
        arena_free(build_store(b, i, s.column)->strings);
    }
    return DONE;
}

// ---- order by date ------------------------------------------------------------------------

enum { RANGE = 4096, SHORT = 24 }; // customers a task; rows that insertion sorts best

static int compare_keys(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_keys(uint64_t *key, int64_t n) {
    if (n > SHORT) {
        qsort(key, (size_t)n, sizeof *key, compare_keys);
        return;
    }
    for (int64_t i = 1; i < n; i++) {
        uint64_t x = key[i];
        int64_t k = i;
        for (; k > 0 && key[k - 1] > x; k--)
            key[k] = key[k - 1];
        key[k] = x;
    }
}

// Sorts a customer's dates, and notes how far each row moves. Keys are distinct, so it is stable.
static void sort_run(int32_t *date, int32_t *shift, int64_t n, uint64_t *key) {
    for (int64_t i = 0; i < n; i++)
        key[i] = (uint64_t)((int64_t)date[i] - INT32_MIN) << 32 | (uint64_t)i;
    sort_keys(key, n);
    for (int64_t i = 0; i < n; i++) {
        date[i] = (int32_t)((int64_t)(key[i] >> 32) + INT32_MIN);
        shift[(uint32_t)key[i]] = (int32_t)(i - (int64_t)(uint32_t)key[i]);
    }
}

struct sorting {
    struct group *g;
    int32_t *date;
};

static bool is_sorted(const int32_t *date, int64_t n) {
    int64_t i = 1;
    while (i < n && date[i - 1] <= date[i])
        i++;
    return i >= n;
}

static enum status sort_range(struct task *t, struct err *err) {
    const struct sorting *s = t->arg;
    const int64_t *start = s->g->region.start;
    int64_t first = (int64_t)t->index * RANGE, last = first + RANGE, room = 0;
    uint64_t *key = NULL;
    (void)err;
    for (int64_t c = first; c < last && c < s->g->customers; c++) {
        int64_t n = start[c + 1] - start[c];
        if (is_sorted(s->date + start[c], n))
            continue;
        if (n > room) {
            key = arena_array(t->arena, (size_t)n * 2, sizeof *key);
            room = n * 2;
        }
        sort_run(s->date + start[c], s->g->shift + start[c], n, key);
    }
    return DONE;
}

static enum status shift_piece(struct task *t, struct err *err) {
    const struct group *g = t->arg;
    int32_t *place = g->place[t->index];
    (void)err;
    for (int64_t row = 0; row < g->b->piece[t->index]->n; row++)
        place[row] += g->shift[place[row]];
    return DONE;
}

// The dates stand in the region, by customer. Sorts them, and moves the places along.
static enum status order_by_date(struct group *g, int column, struct err *err) {
    struct sorting s = {g, g->region.column[column].values};
    struct arena *scratch = arena_child(g->b->arena);
    size_t ranges = (size_t)(g->customers + RANGE - 1) / RANGE;
    g->shift = arena_array(scratch, (size_t)g->b->rows, sizeof *g->shift);
    TRY(parallel_run(g->host, ranges, sort_range, &s, err));
    TRY(parallel_run(g->host, g->b->pieces, shift_piece, g, err));
    arena_free(scratch);
    return DONE;
}

// ---- the table ----------------------------------------------------------------------------

// Customers stand in the order of their ids.
static void number_ids(int32_t *code, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        code[i] = (int32_t)i;
}

// Dates go first, because the order of the others follows from them.
static enum status scatter_table(struct group *g, const struct table *t, struct err *err) {
    int dates = -1;
    for (int i = 0; i < t->columns; i++)
        if (t->column[i] == t->date && t->start)
            dates = i;
    if (dates >= 0) {
        TRY(scatter_column(g, dates, err));
        TRY(order_by_date(g, dates, err));
    }
    for (int i = 0; i < t->columns; i++) {
        if (g->source[i] == g->b->key)
            number_ids(g->region.column[i].values, t->n);
        else if (i != dates)
            TRY(scatter_column(g, i, err));
    }
    return DONE;
}

// An id that stands twice would merge two customers, or lose one.
static enum status check_repeats(const struct group *g, const struct ranking *ids,
                                 struct err *err) {
    const struct build *b = g->b;
    if (b->rows == ids->n)
        return DONE;
    uint64_t *seen = arena_array(b->arena, (size_t)bit_words(ids->n), sizeof *seen);
    for (size_t i = 0; i < b->pieces; i++)
        for (int64_t row = 0; row < b->piece[i]->n; row++) {
            int32_t id = g->place[i][row];
            if (bit_get(seen, id))
                return repeat_refuse(b->arena, b->scan, b->key, ids->label[id], err);
            bit_set(seen, id);
        }
    return DONE;
}

enum status group_table(struct arena *a, const struct host *host, struct build *b,
                        const struct described_table *t, const struct ranking *ids,
                        struct table *out, struct err *err) {
    struct group g = {.arena = a, .host = host, .b = b, .customers = ids->n};
    bool people = str_is(t->name, "customers");
    make_region(&g, t, ids, people);
    *out = region_table(a, g.region.bytes);
    first_places(&g);
    if (people)
        TRY(check_repeats(&g, ids, err));
    else if (b->key >= 0)
        group_places(&g);
    return scatter_table(&g, out, err);
}

void group_ids(struct arena *a, const struct ranking *ids, struct table *out) {
    struct region_column id = {
        .name = STR("customer"),
        .type = TYPE_LABEL,
        .labels = ids->n,
        .bytes = ids->bytes,
        .ordered = ids->by_number,
    };
    struct region_plan plan = {STR("customers"), ids->n, 1, &id, -1, -1};
    struct region region = region_new(a, &plan);
    write_labels(ids, &region.column[0]);
    number_ids(region.column[0].values, ids->n);
    *out = region_table(a, region.bytes);
}
