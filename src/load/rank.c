// Strings are sorted by the first bytes behind what they all begin with, as a number, a byte at a
// time; only where those are equal are the strings themselves compared. Plain integers sort by
// length, then by bytes.
#include "load/rank.h"

#include <stdlib.h>
#include <string.h>

enum { FEW = 8 };

struct entry {
    uint64_t key;
    int32_t code;
    int source;
};

struct ranker {
    const struct rank_source *sources;
    bool by_number;
    struct str prefix; // of all strings
};

static struct str text_of(const struct ranker *r, const struct entry *e) {
    return intern_at(r->sources[e->source].intern, e->code);
}

static bool is_plain_integer(struct str s) {
    if (s.n == 0 || (s.p[0] == '0' && s.n > 1))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

// The first `bytes` bytes as a number that orders as they do.
static uint64_t leading(struct str s, size_t bytes) {
    uint64_t key = 0;
    for (size_t i = 0; i < bytes; i++)
        key = key << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
    return key;
}

static uint64_t key_of(const struct ranker *r, struct str s) {
    struct str rest = {s.p + r->prefix.n, s.n - r->prefix.n};
    if (!r->by_number)
        return leading(rest, 8);
    return (uint64_t)(s.n < 255 ? s.n : 255) << 56 | leading(rest, 7);
}

static int compare(const void *a, const void *b, void *arg) {
    const struct ranker *r = arg;
    const struct entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    struct str s = text_of(r, x), t = text_of(r, y);
    if (r->by_number && s.n != t.n)
        return s.n < t.n ? -1 : 1;
    return str_cmp(s, t);
}

static size_t common(struct str s, struct str t) {
    size_t n = 0;
    while (n < s.n && n < t.n && s.p[n] == t.p[n])
        n++;
    return n;
}

// The used strings of all sources, in any order.
static struct entry *gather(struct arena *a, struct ranker *r, int sources, bool ids, int32_t *n) {
    size_t most = 0;
    for (int i = 0; i < sources; i++)
        most += (size_t)intern_count(r->sources[i].intern);
    struct entry *entries = arena_array(a, most, sizeof *entries);
    r->by_number = ids;
    for (int i = 0; i < sources; i++)
        for (int32_t code = 0; code < intern_count(r->sources[i].intern); code++) {
            if (!r->sources[i].used[code])
                continue;
            entries[*n] = (struct entry){.code = code, .source = i};
            struct str text = text_of(r, &entries[*n]);
            r->by_number = r->by_number && is_plain_integer(text);
            r->prefix = *n ? (struct str){text.p, common(r->prefix, text)} : text;
            ++*n;
        }
    return entries;
}

// Sorts by key alone: from the lowest byte to the highest, each pass keeping the order of the last.
static struct entry *sort_by_key(struct entry *e, struct entry *other, int32_t n) {
    for (int shift = 0; shift < 64; shift += 8) {
        int32_t start[256] = {0}, next = 0;
        for (int32_t i = 0; i < n; i++)
            start[e[i].key >> shift & 255]++;
        if (n == 0 || start[e[0].key >> shift & 255] == n)
            continue; // they all have the same byte here
        for (int b = 0; b < 256; b++) {
            int32_t count = start[b];
            start[b] = next;
            next += count;
        }
        for (int32_t i = 0; i < n; i++)
            other[start[e[i].key >> shift & 255]++] = e[i];
        struct entry *sorted = other;
        other = e;
        e = sorted;
    }
    return e;
}

// Of a few entries, most often the same string in two sources.
static void insert(struct ranker *r, struct entry *e, int32_t n) {
    for (int32_t i = 1, k; i < n; i++) {
        struct entry x = e[i];
        for (k = i; k > 0 && compare(&e[k - 1], &x, r) > 0; k--)
            e[k] = e[k - 1];
        e[k] = x;
    }
}

static struct entry *sort(struct arena *a, struct ranker *r, struct entry *e, int32_t n) {
    e = sort_by_key(e, arena_array(a, (size_t)n, sizeof *e), n);
    for (int32_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && e[k].key == e[i].key;)
            k++;
        if (k - i <= FEW)
            insert(r, e + i, k - i);
        else
            qsort_r(e + i, (size_t)(k - i), sizeof *e, compare, r);
    }
    return e;
}

struct ranking rank_strings(struct arena *a, const struct rank_source *sources, int n, bool ids) {
    struct arena *scratch = arena_child(a);
    struct ranker r = {.sources = sources};
    struct ranking out = {0};
    int32_t entries = 0;
    struct entry *entry = gather(scratch, &r, n, ids, &entries);
    for (int32_t i = 0; i < entries; i++)
        entry[i].key = key_of(&r, text_of(&r, &entry[i]));
    entry = sort(scratch, &r, entry, entries);

    for (int i = 0; i < n; i++)
        memset(sources[i].rank, -1, (size_t)intern_count(sources[i].intern) * sizeof(int32_t));
    struct str *label = arena_array(a, (size_t)entries, sizeof *label);
    for (int32_t i = 0; i < entries; i++) {
        struct str s = text_of(&r, &entry[i]);
        if (out.n == 0 || !str_eq(label[out.n - 1], s)) {
            label[out.n++] = s;
            out.bytes += (int64_t)s.n;
        }
        sources[entry[i].source].rank[entry[i].code] = out.n - 1;
    }
    arena_free(scratch);
    out.by_number = r.by_number;
    out.label = label;
    return out;
}
