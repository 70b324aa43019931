// There are few sets of rows, so texts are joined once a set and not once a customer.
#include "decide/collect.h"

#include <string.h>

static int64_t home(const struct sets *s, uint64_t rows) {
    return (int64_t)((rows * 0x9E3779B97F4A7C15u) >> 32 & (uint64_t)(s->size - 1));
}

// The slot of these rows, or the free one where they go.
static int64_t find(const struct sets *s, uint64_t rows) {
    int64_t at = home(s, rows);
    while (s->slot[at] && s->rows[s->slot[at] - 1] != rows)
        at = (at + 1) & (s->size - 1);
    return at;
}

static void grow(struct sets *s) {
    int64_t size = s->size ? 2 * s->size : 256;
    s->rows = arena_resize(s->arena, s->rows, (size_t)s->size / 2 * sizeof *s->rows,
                           (size_t)size / 2 * sizeof *s->rows);
    s->slot = arena_array(s->arena, (size_t)size, sizeof *s->slot);
    s->size = size;
    for (int32_t i = 0; i < s->n; i++)
        s->slot[find(s, s->rows[i])] = i + 1;
}

static int32_t set_of(struct sets *s, uint64_t rows) {
    if (2 * (int64_t)s->n >= s->size)
        grow(s);
    int64_t at = find(s, rows);
    if (!s->slot[at]) {
        s->rows[s->n] = rows;
        s->slot[at] = ++s->n;
    }
    return s->slot[at] - 1;
}

// ---- what a set says ----------------------------------------------------------------------------

static bool says(const struct column *detail, uint64_t rows, int64_t i) {
    return rows >> i & 1 && column_has(detail, i);
}

// A list is one text, "gift; letter". Cuts the next text off what is left of it.
static bool next_text(struct str *rest, struct str *text) {
    if (rest->n == 0)
        return false;
    const char *end = memmem(rest->p, rest->n, "; ", 2);
    *text = (struct str){rest->p, end ? (size_t)(end - rest->p) : rest->n};
    size_t behind = text->n + (end ? 2 : 0);
    *rest = (struct str){rest->p + behind, rest->n - behind};
    return true;
}

static bool has_text(struct str list, struct str text) {
    struct str other;
    while (next_text(&list, &other))
        if (str_eq(other, text))
            return true;
    return false;
}

// The texts of the rows, in their order, each once.
static struct str joined(struct arena *a, const struct column *detail, uint64_t rows) {
    struct buf b = {.arena = a};
    for (int64_t i = 0; i < detail->n; i++) {
        struct str rest = says(detail, rows, i) ? column_str(detail, i) : STR(""), text;
        while (next_text(&rest, &text)) {
            if (has_text((struct str){b.p, b.n}, text))
                continue;
            buf_z(&b, b.n ? "; " : "");
            buf_str(&b, text);
        }
    }
    return (struct str){buf_text(&b), b.n}; // of no text it is a text, too
}

static void join_all(const struct sets *s, const struct column *detail, struct column *out) {
    struct arena *a = s->arena;
    struct str *text = arena_array(a, (size_t)s->n, sizeof *text);
    for (int32_t i = 0; i < s->n; i++)
        text[i] = joined(a, detail, s->rows[i]);
    out->dict = dict_new(a, text, s->n, false);
    for (int32_t i = 0; i < s->n; i++)
        if (text[i].n)
            column_set_code(out, i, dict_find(out->dict, text[i]));
}

// Numbers are added; a flag is true if a row says so.
static void add_up(const struct sets *s, const struct column *detail, struct column *out) {
    for (int32_t set = 0; set < s->n; set++) {
        int64_t whole = 0;
        double sum = 0;
        bool said = false;
        for (int64_t i = 0; i < detail->n; i++) {
            if (!says(detail, s->rows[set], i))
                continue;
            said = true;
            if (detail->type == TYPE_INTEGER)
                whole = (int64_t)((uint64_t)whole + (uint64_t)detail->integer[i]);
            else
                sum += column_double(detail, i);
        }
        if (!said)
            continue;
        if (detail->type == TYPE_FLAG)
            column_set_flag(out, set, sum > 0);
        else if (detail->type == TYPE_INTEGER)
            column_set_integer(out, set, whole);
        else
            column_set_number(out, set, sum);
    }
}

struct sets *collect_sets(struct arena *a, const uint64_t *hits, int64_t n) {
    struct sets *s = arena_alloc(a, sizeof *s);
    struct column *of = column_new(a, STR("set"), TYPE_LABEL, n);
    s->arena = a;
    for (int64_t i = 0; i < n; i++)
        column_set_code(of, i, set_of(s, hits[i]));
    column_finish(of);
    s->of = of;
    return s;
}

struct column *collect_detail(const struct sets *s, const struct column *detail) {
    struct column *out = column_new(s->arena, detail->name, detail->type, s->n);
    if (detail->type == TYPE_LABEL)
        join_all(s, detail, out);
    else
        add_up(s, detail, out);
    column_finish(out);
    return out;
}
