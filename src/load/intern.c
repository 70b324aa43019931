// Open addressing with linear probing, at most half full. A slot holds the first 8 bytes of its
// string, so that a short one (most ids are) is found with one look at memory: its key and length
// say all. A longer one has a hash as its key and is compared byte by byte.
#include "load/intern.h"

#include <string.h>

struct slot {
    uint64_t key;
    uint32_t n;   // the string's length
    int32_t code; // -1: the slot is free
};

struct intern {
    struct arena *arena;
    struct slot *slot;
    size_t slots;    // a power of two
    int shift;       // leaves as many bits of a hash as a slot's number has
    int32_t n, room; // strings there are, and the offsets have room for
    int64_t *offset; // n + 1
    char *bytes;
    size_t size; // of bytes
};

static const uint64_t scramble = 0x9e3779b97f4a7c15; // 2^64 / golden ratio, odd

static uint64_t key_of(struct str s) {
    uint64_t key = 0, word;
    if (s.n <= sizeof key) {
        memcpy(&key, s.p, s.n);
        return key;
    }
    for (; s.n > sizeof word; s.p += sizeof word, s.n -= sizeof word) {
        memcpy(&word, s.p, sizeof word);
        key = (key ^ word) * scramble;
        key ^= key >> 32;
    }
    word = 0;
    memcpy(&word, s.p, s.n);
    return (key ^ word) * scramble;
}

static void slots_new(struct intern *t, size_t slots) {
    t->slots = slots;
    t->shift = __builtin_clzll(slots) + 1;
    t->slot = arena_array(t->arena, slots, sizeof *t->slot);
    for (size_t i = 0; i < slots; i++)
        t->slot[i].code = -1;
}

struct intern *intern_new(struct arena *a) {
    struct intern *t = arena_alloc(a, sizeof *t);
    t->arena = a;
    t->room = 64;
    t->offset = arena_array(a, (size_t)t->room + 1, sizeof *t->offset);
    slots_new(t, 128);
    return t;
}

int32_t intern_count(const struct intern *t) {
    return t->n;
}

struct str intern_at(const struct intern *t, int32_t code) {
    int64_t at = t->offset[code];
    return (struct str){t->bytes + at, (size_t)(t->offset[code + 1] - at)};
}

// The slot of s, or the free one where it belongs.
static struct slot *slot_of(const struct intern *t, struct str s, uint64_t key) {
    for (size_t i = (key * scramble) >> t->shift;; i++) {
        struct slot *slot = &t->slot[i & (t->slots - 1)];
        if (slot->code < 0)
            return slot;
        if (slot->key == key && slot->n == s.n &&
            (s.n <= sizeof key || memcmp(t->bytes + t->offset[slot->code], s.p, s.n) == 0))
            return slot;
    }
}

int32_t intern_find(const struct intern *t, struct str s) {
    return slot_of(t, s, key_of(s))->code;
}

static void grow_slots(struct intern *t) {
    struct slot *old = t->slot;
    size_t n = t->slots;
    slots_new(t, n * 2);
    for (size_t i = 0; i < n; i++)
        if (old[i].code >= 0)
            *slot_of(t, intern_at(t, old[i].code), old[i].key) = old[i];
}

static void store(struct intern *t, struct str s) {
    size_t end = (size_t)t->offset[t->n];
    if (end + s.n > t->size) {
        size_t size = (end + s.n) * 2 + 1024;
        t->bytes = arena_resize(t->arena, t->bytes, t->size, size);
        t->size = size;
    }
    if (t->n == t->room) {
        size_t was = (size_t)t->room + 1;
        t->room *= 2;
        t->offset = arena_resize(t->arena, t->offset, was * sizeof *t->offset,
                                 ((size_t)t->room + 1) * sizeof *t->offset);
    }
    memcpy(t->bytes + end, s.p, s.n);
    t->offset[++t->n] = (int64_t)(end + s.n);
}

int32_t intern_add(struct intern *t, struct str s) {
    uint64_t key = key_of(s);
    struct slot *slot = slot_of(t, s, key);
    if (slot->code >= 0)
        return slot->code;
    *slot = (struct slot){key, (uint32_t)s.n, t->n};
    store(t, s);
    if ((size_t)t->n * 2 > t->slots)
        grow_slots(t);
    return t->n - 1;
}
