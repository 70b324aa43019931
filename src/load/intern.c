// Open addressing with linear probing, at most half full. A slot holds the first 8 bytes of its
// string, so that a short one (most ids are) is found with one look at memory: its key and length
// say all. A longer one has a hash as its key and is compared byte by byte.
//
// Whoever sends a file must not be able to choose strings that all want one slot, so each set
// hashes by a random number of its own. Codes do not depend on it.
#include "load/intern.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load/word.h"

enum {
    NEAR = 1 << 13, // so many slots stay in the processor's own cache
    HUGE = 4 << 20, // bytes from which large pages pay
};

struct slot {
    uint64_t key;
    uint32_t n;   // the string's length
    int32_t code; // -1: the slot is free
};

struct intern {
    struct arena *arena;
    struct arena *slot_arena; // of the slots alone, which are made anew when there are too few
    struct slot *slot;
    uint64_t odd;    // random
    size_t slots;    // a power of two
    int shift;       // leaves as many bits of a hash as a slot's number has
    int32_t n, room; // strings there are, and the offsets have room for
    int64_t *offset; // n + 1
    char *bytes;
    size_t size; // of bytes
};

// Both halves of the product, so that no bit can be cancelled without knowing the other factor.
static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t key_of(const struct intern *t, struct str s) {
    uint64_t key = t->odd;
    if (s.n <= sizeof key)
        return word_short(s);
    for (size_t i = 0; i + sizeof key < s.n; i += sizeof key)
        key = fold(key ^ word_at(s.p + i), t->odd);
    return fold(key ^ word_at(s.p + s.n - sizeof key), t->odd);
}

// Asks the system for large pages. Look-ups go all over the slots, and with small pages a good part
// of each is finding the page (measured: 8 % of loading 5,000,000 rows). To be told no is no harm.
static void use_large_pages(char *p, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), skip = page - (uintptr_t)p % page;
    if (size >= HUGE)
        madvise(p + skip, size - skip, MADV_HUGEPAGE);
}

static void slots_new(struct intern *t, size_t slots) {
    t->slots = slots;
    t->shift = __builtin_clzll(slots) + 1;
    t->slot_arena = arena_child(t->arena);
    t->slot = arena_array(t->slot_arena, slots, sizeof *t->slot);
    use_large_pages((char *)t->slot, slots * sizeof *t->slot);
    for (size_t i = 0; i < slots; i++)
        t->slot[i].code = -1;
}

struct intern *intern_new(struct arena *a) {
    struct intern *t = arena_alloc(a, sizeof *t);
    t->arena = a;
    if (getentropy(&t->odd, sizeof t->odd) != 0)
        t->odd = 0x9e3779b97f4a7c15;
    t->odd |= 1;
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

static size_t first_slot(const struct intern *t, uint64_t key) {
    return (key ^ key >> 32) * t->odd >> t->shift;
}

// The slot of s, or the free one where it belongs.
static struct slot *slot_of(const struct intern *t, struct str s, uint64_t key) {
    for (size_t i = first_slot(t, key);; i++) {
        struct slot *slot = &t->slot[i & (t->slots - 1)];
        if (slot->code < 0)
            return slot;
        if (slot->key == key && slot->n == s.n &&
            (s.n <= sizeof key || word_equal(t->bytes + t->offset[slot->code], s.p, s.n)))
            return slot;
    }
}

int32_t intern_find(const struct intern *t, struct str s) {
    return slot_of(t, s, key_of(t, s))->code;
}

static void grow_slots(struct intern *t) {
    struct arena *old_arena = t->slot_arena;
    struct slot *old = t->slot;
    size_t n = t->slots;
    slots_new(t, n * 2);
    for (size_t i = 0; i < n; i++)
        if (old[i].code >= 0)
            *slot_of(t, intern_at(t, old[i].code), old[i].key) = old[i];
    arena_free(old_arena);
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

static int32_t add(struct intern *t, struct str s, uint64_t key) {
    struct slot *slot = slot_of(t, s, key);
    if (slot->code >= 0)
        return slot->code;
    *slot = (struct slot){key, (uint32_t)s.n, t->n};
    store(t, s);
    if ((size_t)t->n * 2 > t->slots)
        grow_slots(t);
    return t->n - 1;
}

int32_t intern_add(struct intern *t, struct str s) {
    return add(t, s, key_of(t, s));
}

bool intern_ask(const struct intern *t, struct str s, struct intern_ask *ask) {
    if (s.n > INTERN_SHORT || t->slots <= NEAR)
        return false;
    ask->key = key_of(t, s);
    ask->n = (uint32_t)s.n;
    if (s.n <= sizeof ask->key)
        memcpy(ask->bytes, &ask->key, sizeof ask->key);
    else
        memcpy(ask->bytes, s.p, s.n);
    __builtin_prefetch(&t->slot[first_slot(t, ask->key)]);
    return true;
}

int32_t intern_add_asked(struct intern *t, const struct intern_ask *ask) {
    return add(t, (struct str){ask->bytes, ask->n}, ask->key);
}

int32_t intern_find_asked(const struct intern *t, const struct intern_ask *ask) {
    return slot_of(t, (struct str){ask->bytes, ask->n}, ask->key)->code;
}

void intern_seal(struct intern *t) {
    arena_free(t->slot_arena);
    t->slot = NULL;
}
