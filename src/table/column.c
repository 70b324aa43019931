// Columns under construction keep their buffers behind const pointers; this file alone writes
// through them.
#include "table/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"

static const char *const names[] = {"integer", "number", "money", "date", "flag", "label", "text"};

const char *type_name(enum type type) {
    return names[type];
}

int type_of_name(struct str name) {
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

bool type_numeric(enum type type) {
    return type == TYPE_INTEGER || type == TYPE_NUMBER || type == TYPE_MONEY;
}

int64_t type_bytes(enum type type, int64_t n) {
    switch (type) {
    case TYPE_INTEGER:
    case TYPE_NUMBER:
    case TYPE_MONEY: return n * 8;
    case TYPE_DATE:
    case TYPE_LABEL: return n * 4;
    case TYPE_FLAG: return bit_words(n) * 8;
    case TYPE_TEXT: return (n + 1) * 8;
    }
    return 0;
}

struct str dict_at(const struct dict *d, int32_t code) {
    int64_t start = d->offsets[code];
    return (struct str){d->bytes + start, (size_t)(d->offsets[code + 1] - start)};
}

static int32_t find_ordered(const struct dict *d, struct str label) {
    for (int32_t i = 0; i < d->n; i++)
        if (str_eq(dict_at(d, i), label))
            return i;
    return -1;
}

int32_t dict_find(const struct dict *d, struct str label) {
    if (d->ordered)
        return find_ordered(d, label);
    int32_t low = 0, high = d->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        int order = str_cmp(dict_at(d, middle), label);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

struct str column_str(const struct column *c, int64_t row) {
    if (c->type == TYPE_LABEL)
        return dict_at(c->dict, c->code[row]);
    int64_t start = c->offset[row];
    return (struct str){c->bytes + start, (size_t)(c->offset[row + 1] - start)};
}

double column_double(const struct column *c, int64_t row) {
    switch (c->type) {
    case TYPE_INTEGER: return (double)c->integer[row];
    case TYPE_NUMBER: return c->number[row];
    case TYPE_MONEY: return money_major(c->integer[row], c->decimals);
    case TYPE_DATE: return c->date[row];
    case TYPE_FLAG: return bit_get(c->flag, row);
    case TYPE_LABEL:
    case TYPE_TEXT: break;
    }
    return 0;
}

// Counts the missing values, drops the bitmap if there are none.
static void count_missing(struct column *c) {
    int64_t there = 0;
    for (int64_t i = 0; i < bit_words(c->n); i++)
        there += __builtin_popcountll(c->valid[i]);
    c->missing = c->n - there;
    if (c->missing == 0)
        c->valid = NULL;
}

struct column column_part(const struct column *c, int64_t first, int64_t n) {
    struct column part = *c;
    part.n = n;
    part.seal = NULL;
    if (c->valid) {
        part.valid = c->valid + (first >> 6);
        count_missing(&part);
    }
    switch (c->type) {
    case TYPE_FLAG: part.flag += first >> 6; break;
    case TYPE_DATE:
    case TYPE_LABEL: part.code += first; break;
    default: part.integer += first;
    }
    return part;
}

void column_print(const struct column *c, int64_t row, struct buf *out) {
    char text[NUMBER_MAX];
    int n = 0;
    switch (c->type) {
    case TYPE_INTEGER: n = number_print_integer(c->integer[row], text); break;
    case TYPE_NUMBER: n = number_print(c->number[row], text); break;
    case TYPE_MONEY: n = money_print(c->integer[row], c->decimals, text); break;
    case TYPE_DATE: n = date_print(c->date[row], text); break;
    case TYPE_FLAG: buf_z(out, bit_get(c->flag, row) ? "true" : "false"); return;
    case TYPE_LABEL:
    case TYPE_TEXT: buf_str(out, column_str(c, row)); return;
    }
    buf_put(out, text, (size_t)n);
}

struct column *column_new(struct arena *a, struct str name, enum type type, int64_t n) {
    struct column *c = arena_alloc(a, sizeof *c);
    *c = (struct column){.name = name, .type = type, .n = n, .missing = n};
    c->integer = arena_alloc(a, (size_t)type_bytes(type, n));
    c->valid = arena_alloc(a, (size_t)bit_words(n) * 8);
    return c;
}

static void present(struct column *c, int64_t row) {
    bit_set((uint64_t *)c->valid, row);
}

void column_set_missing(struct column *c, int64_t row) {
    bit_clear((uint64_t *)c->valid, row);
}

void column_set_integer(struct column *c, int64_t row, int64_t x) {
    ((int64_t *)c->integer)[row] = x;
    present(c, row);
}

void column_set_number(struct column *c, int64_t row, double x) {
    if (!isfinite(x))
        return column_set_missing(c, row);
    ((double *)c->number)[row] = x;
    present(c, row);
}

void column_set_date(struct column *c, int64_t row, int32_t x) {
    ((int32_t *)c->date)[row] = x;
    present(c, row);
}

void column_set_flag(struct column *c, int64_t row, bool x) {
    if (x)
        bit_set((uint64_t *)c->flag, row);
    else
        bit_clear((uint64_t *)c->flag, row);
    present(c, row);
}

void column_set_code(struct column *c, int64_t row, int32_t x) {
    ((int32_t *)c->code)[row] = x;
    present(c, row);
}

static uint64_t word_of(const uint8_t *x, int n) {
    uint64_t word = 0;
    for (int i = 0; i < n; i++)
        word |= (uint64_t)x[i] << i;
    return word;
}

static int within_word(int rest) {
    return rest < 64 ? rest : 64;
}

void column_set_flags(struct column *c, int64_t first, const uint8_t *x, int n) {
    uint64_t *flag = (uint64_t *)c->flag + (first >> 6),
             *valid = (uint64_t *)c->valid + (first >> 6);
    for (int i = 0; i < n; i += 64) {
        flag[i >> 6] = word_of(x + i, within_word(n - i));
        valid[i >> 6] = ~(uint64_t)0 >> (64 - within_word(n - i));
    }
}

void column_set_codes(struct column *c, int64_t first, const int32_t *x, int n, int32_t none) {
    int32_t *code = (int32_t *)c->code + first;
    uint64_t *valid = (uint64_t *)c->valid + (first >> 6);
    for (int i = 0; i < n; i++)
        code[i] = x[i] == none ? 0 : x[i]; // a missing one can be looked up, too
    for (int i = 0; i < n; i += 64) {
        uint8_t there[64];
        for (int k = 0; k < within_word(n - i); k++)
            there[k] = x[i + k] != none;
        valid[i >> 6] = word_of(there, within_word(n - i));
    }
}

void column_set_text(struct column *c, int64_t row, struct str text, struct buf *bytes) {
    buf_str(bytes, text);
    c->bytes = bytes->p;
    ((int64_t *)c->offset)[row + 1] = (int64_t)bytes->n;
    present(c, row);
}

void column_finish(struct column *c) {
    count_missing(c);
}

static int compare_labels(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct dict *dict_new(struct arena *a, const struct str *labels, int32_t n, bool ordered) {
    struct str *list = arena_array(a, (size_t)n, sizeof *list);
    size_t bytes = 0;
    int32_t kept = 0;
    if (n > 0)
        memcpy(list, labels, (size_t)n * sizeof *list);
    if (!ordered && n > 1)
        qsort(list, (size_t)n, sizeof *list, compare_labels);
    for (int32_t i = 0; i < n; i++) {
        if (!ordered && kept > 0 && str_eq(list[kept - 1], list[i]))
            continue;
        list[kept++] = list[i];
        bytes += list[i].n;
    }
    struct dict *d = arena_alloc(a, sizeof *d);
    int64_t *offsets = arena_array(a, (size_t)kept + 1, sizeof *offsets);
    char *text = arena_alloc(a, bytes + 1);
    for (int32_t i = 0; i < kept; i++) {
        memcpy(text + offsets[i], list[i].p, list[i].n);
        offsets[i + 1] = offsets[i] + (int64_t)list[i].n;
    }
    *d = (struct dict){kept, ordered, offsets, text};
    return d;
}
