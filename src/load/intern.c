// Open addressing with linear probing, at most half full. A slot holds all of a string of up to 11
// bytes, so that a short one (most ids are) is found with one look at memory. A longer one has a
// hash as its key and is compared byte by byte.
//
// Whoever sends a file must not be able to choose strings that all want one slot, so each set
// hashes by random numbers of its own. Codes do not depend on them.
#include "load/intern.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load/word.h"

enum {
    NEAR = 1 << 13, // so many slots stay in the processor's own cache
    HUGE = 4 << 20, // bytes from which large pages pay
    WHOLE = 11,     // bytes of a string that a key can hold
    HASHED = 255,   // the tail's low byte, if it could not
};

// Up to 8 bytes of a string, and in the tail its length and 3 more bytes; of a longer one a hash,
// and in the tail HASHED and its length.
struct key {
    uint64_t head;
    uint32_t tail;
};

struct slot {
    uint64_t head;
    uint32_t tail;
    int32_t code; // -1: the slot is free
};

struct intern {
    struct arena *arena;
    struct arena *slot_arena; // of the slots alone, which are made anew when there are too few
    struct slot *slot;
    uint64_t odd, tail_odd; // random
    size_t slots;           // a power of two
    int shift;              // leaves as many bits of a hash as a slot's number has
    int32_t n, room;        // strings there are, and the offsets have room for
    int64_t *offset;        // n + 1
    char *bytes;
    size_t size; // of bytes
};

// Both halves of the product, so that no bit can be cancelled without knowing the other factor.
static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static struct key key_of(const struct intern *t, struct str s) {
    if (s.n <= 8)
        return (struct key){word_short(s), (uint32_t)s.n};
    uint64_t last = word_at(s.p + s.n - 8);
    if (s.n <= WHOLE)
        return (struct key){word_at(s.p), (uint32_t)(last >> (16 - s.n) * 8) << 8 | (uint32_t)s.n};
    uint64_t hash = t->odd;
    for (size_t i = 0; i + 8 < s.n; i += 8)
        hash = fold(hash ^ word_at(s.p + i), t->odd);
    return (struct key){fold(hash ^ last, t->odd), (uint32_t)s.n << 8 | HASHED};
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
    uint64_t random[2] = {0x9e3779b97f4a7c15, 0xd1b54a32d192ed03};
    (void)!getentropy(random, sizeof random);
    t->odd = random[0] | 1;
    t->tail_odd = random[1] | 1;
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

static size_t first_slot(const struct intern *t, struct key key) {
    return ((key.head ^ key.head >> 32) * t->odd + key.tail * t->tail_odd) >> t->shift;
}

// Whether the slot's string is s, whose key is the slot's.
static bool is_string(const struct intern *t, const struct slot *slot, struct str s) {
    if ((slot->tail & 255) != HASHED)
        return true;
    struct str own = intern_at(t, slot->code);
    return own.n == s.n && word_equal(own.p, s.p, s.n);
}

// The slot of s, or the free one where it belongs.
static struct slot *slot_of(const struct intern *t, struct str s, struct key key) {
    for (size_t i = first_slot(t, key);; i++) {
        struct slot *slot = &t->slot[i & (t->slots - 1)];
        if (slot->code < 0)
            return slot;
        if (slot->head == key.head && slot->tail == key.tail && is_string(t, slot, s))
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
            *slot_of(t, intern_at(t, old[i].code), (struct key){old[i].head, old[i].tail}) = old[i];
    arena_free(old_arena);
}

static void store(struct intern *t, struct str s) {
    size_t end = (size_t)t->offset[t->n];
    if (end + s.n >= t->size) { // also where there is nothing yet, and s is empty
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

static int32_t add(struct intern *t, struct str s, struct key key) {
    struct slot *slot = slot_of(t, s, key);
    if (slot->code >= 0)
        return slot->code;
    *slot = (struct slot){key.head, key.tail, t->n};
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
    struct key key = key_of(t, s);
    ask->head = key.head;
    ask->tail = key.tail;
    if (s.n <= sizeof ask->head)
        memcpy(ask->bytes, &ask->head, sizeof ask->head);
    else
        memcpy(ask->bytes, s.p, s.n);
    __builtin_prefetch(&t->slot[first_slot(t, key)]);
    return true;
}

static struct str asked(const struct intern_ask *ask) {
    bool hashed = (ask->tail & 255) == HASHED;
    return (struct str){ask->bytes, hashed ? ask->tail >> 8 : ask->tail & 255};
}

int32_t intern_add_asked(struct intern *t, const struct intern_ask *ask) {
    return add(t, asked(ask), (struct key){ask->head, ask->tail});
}

int32_t intern_find_asked(const struct intern *t, const struct intern_ask *ask) {
    return slot_of(t, asked(ask), (struct key){ask->head, ask->tail})->code;
}

void intern_seal(struct intern *t) {
    arena_free(t->slot_arena);
    t->slot = NULL;
}
