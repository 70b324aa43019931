// Adaptive sampling (Wegman; Flajolet 1990): the set of hashes that begin with `level` zero bits.
// When it grows too large, the level rises by one and about half of it goes. What remains depends
// only on which strings there were.
#include "load/sketch.h"

#include "load/word.h"

enum { KEPT = 1024, SLOTS = 2 * KEPT };

struct sketch {
    uint64_t slot[SLOTS]; // open addressing; 0: free
    int n, level;
};

struct sketch *sketch_new(struct arena *a) {
    return arena_alloc(a, sizeof(struct sketch));
}

static uint64_t mix(uint64_t x) { // the finaliser of MurmurHash3
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccd;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53;
    return x ^ x >> 33;
}

static uint64_t hash(struct str text) {
    uint64_t h = text.n;
    for (; text.n > 8; text.p += 8, text.n -= 8)
        h = mix(h ^ word_at(text.p));
    h = mix(h ^ word_short(text));
    return h ? h : 1;
}

static bool is_kept(const struct sketch *s, uint64_t h) {
    return s->level == 0 || h >> (64 - s->level) == 0;
}

static void put(struct sketch *s, uint64_t h) {
    size_t i = h % SLOTS;
    while (s->slot[i] && s->slot[i] != h)
        i = (i + 1) % SLOTS;
    s->n += !s->slot[i];
    s->slot[i] = h;
}

static void raise_level(struct sketch *s) {
    struct sketch old = *s;
    *s = (struct sketch){.level = old.level + 1};
    for (int i = 0; i < SLOTS; i++)
        if (old.slot[i] && is_kept(s, old.slot[i]))
            put(s, old.slot[i]);
}

static void add_hash(struct sketch *s, uint64_t h) {
    if (!is_kept(s, h))
        return;
    put(s, h);
    while (s->n > KEPT)
        raise_level(s);
}

void sketch_add(struct sketch *s, struct str text) {
    add_hash(s, hash(text));
}

void sketch_merge(struct sketch *s, const struct sketch *other) {
    while (s->level < other->level)
        raise_level(s);
    for (int i = 0; i < SLOTS; i++)
        if (other->slot[i])
            add_hash(s, other->slot[i]);
}

double sketch_distinct(const struct sketch *s) {
    return (double)s->n * (double)((uint64_t)1 << s->level);
}
