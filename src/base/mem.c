// An arena is a list of slabs for small allocations and of blocks for large ones. The largest
// blocks are mappings of their own: growing one remaps instead of copying, and freeing one gives
// its memory back to the system at once (malloc keeps what lies in the middle of its heap).
//
// Invariant: arena_run is on the stack of whoever allocates. Memory runs out -> longjmp to the
// innermost run on this thread; nothing between holds a resource that is not deferred to an arena.
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    SLAB = 32 * 1024,    // small allocations are cut from slabs of this size
    LARGE = 4096,        // from here on a block of its own
    MAPPED = 256 * 1024, // from here on a mapping of its own
    SMALL_ALIGN = 16,
    LARGE_ALIGN = 64,
};

// In front of every slab and large block.
struct block {
    struct block *next, *previous;
    void *raw; // where its memory begins; the block is aligned behind it
    size_t size;
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *p);
    void *p;
};

struct arena {
    struct arena *parent, *child, *next, *previous; // child: the first; next, previous: siblings
    struct block blocks;                            // head of a ring
    struct block *spare;                            // kept by arena_clear, by `next`
    char *slab;                                     // what is left of the newest slab
    size_t left;
    struct deferred *deferred;
};

static _Thread_local jmp_buf *innermost_run; // NULL outside

static atomic_long fail_after; // 0: never
static atomic_int fail_for_good;

void mem_fail_at(long n, int for_good) {
    atomic_store(&fail_for_good, for_good);
    atomic_store(&fail_after, n);
}

static int must_fail(void) {
    long n = atomic_load_explicit(&fail_after, memory_order_relaxed);
    if (n == 0)
        return 0;
    n = atomic_fetch_sub(&fail_after, 1);
    if (n > 1)
        return 0;
    if (n == 1 && !atomic_load(&fail_for_good)) {
        atomic_store(&fail_after, 0);
        return 1;
    }
    atomic_store(&fail_after, 1);
    return 1;
}

struct arena *arena_new(void) {
    struct arena *a = must_fail() ? NULL : calloc(1, sizeof *a);
    if (a)
        a->blocks.next = a->blocks.previous = &a->blocks;
    return a;
}

void mem_exhausted(void) {
    if (!innermost_run)
        abort(); // allocated outside arena_run: a bug of the caller
    longjmp(*innermost_run, 1);
}

struct arena *arena_child(struct arena *parent) {
    struct arena *a = arena_new();
    if (!a)
        mem_exhausted();
    a->parent = parent;
    a->next = parent->child;
    if (a->next)
        a->next->previous = a;
    parent->child = a;
    return a;
}

static void unlink_from_parent(struct arena *a) {
    if (a->next)
        a->next->previous = a->previous;
    if (a->previous)
        a->previous->next = a->next;
    else if (a->parent)
        a->parent->child = a->next;
}

// Bytes from the start of a block's memory to its data: the header, and room to align.
#define LEAD (sizeof(struct block) + LARGE_ALIGN)

// Zeroed memory for a block of that size and its lead; NULL if there is none.
static void *raw_new(size_t size) {
    if (must_fail() || size > SIZE_MAX - LEAD)
        return NULL;
    if (size < MAPPED)
        return calloc(1, size + LEAD);
    void *raw = mmap(NULL, size + LEAD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return raw == MAP_FAILED ? NULL : raw;
}

static void raw_free(void *raw, size_t size) {
    if (size < MAPPED)
        free(raw);
    else
        munmap(raw, size + LEAD);
}

// NULL leaves the old memory as it is.
static void *raw_grow(void *old, size_t old_size, size_t size) {
    if (old_size < MAPPED && size < MAPPED)
        return must_fail() ? NULL : realloc(old, size + LEAD);
    if (old_size >= MAPPED && size >= MAPPED && size <= SIZE_MAX - LEAD) {
        void *raw =
            must_fail() ? MAP_FAILED : mremap(old, old_size + LEAD, size + LEAD, MREMAP_MAYMOVE);
        return raw == MAP_FAILED ? NULL : raw;
    }
    void *raw = raw_new(size);
    if (raw) {
        memcpy(raw, old, (old_size < size ? old_size : size) + LEAD);
        raw_free(old, old_size);
    }
    return raw;
}

static void end_life(struct arena *a) {
    while (a->child)
        arena_free(a->child);
    for (struct deferred *d = a->deferred; d; d = d->next)
        d->fn(d->p);
    a->deferred = NULL;
}

static void free_spare(struct arena *a) {
    for (struct block *b = a->spare, *next; b; b = next) {
        next = b->next;
        raw_free(b->raw, b->size);
    }
    a->spare = NULL;
}

void arena_free(struct arena *a) {
    if (!a)
        return;
    end_life(a);
    free_spare(a);
    for (struct block *b = a->blocks.next, *next; b != &a->blocks; b = next) {
        next = b->next;
        raw_free(b->raw, b->size);
    }
    unlink_from_parent(a);
    free(a);
}

void arena_clear(struct arena *a) {
    end_life(a);
    free_spare(a); // nobody wanted it this time
    if (a->blocks.next != &a->blocks) {
        a->blocks.previous->next = NULL;
        a->spare = a->blocks.next;
    }
    a->blocks.next = a->blocks.previous = &a->blocks;
    a->slab = NULL;
    a->left = 0;
}

enum status arena_run(enum status (*fn)(void *arg), void *arg, struct err *err) {
    jmp_buf here;
    jmp_buf *volatile outer = innermost_run;
    volatile enum status status;
    if (setjmp(here) == 0) {
        innermost_run = &here;
        status = fn(arg);
    } else {
        status = err_set(err, MACHINE, "out of memory");
    }
    innermost_run = outer;
    return status;
}

static char *block_data(void *raw) {
    uintptr_t data = (uintptr_t)raw + LEAD;
    return (char *)(data - data % LARGE_ALIGN);
}

static struct block *block_of(void *data) {
    return (struct block *)data - 1;
}

static void block_link(struct arena *a, void *raw, size_t size) {
    struct block *b = block_of(block_data(raw));
    b->raw = raw;
    b->size = size;
    b->next = a->blocks.next;
    b->previous = &a->blocks;
    b->next->previous = b->previous->next = b;
}

// A spare block that is not far too large, zeroed; NULL if there is none.
static void *block_again(struct arena *a, size_t size) {
    for (struct block **at = &a->spare, *b; (b = *at); at = &b->next) {
        if (b->size < size || b->size / 2 > size)
            continue;
        *at = b->next;
        block_link(a, b->raw, b->size);
        return memset(block_data(b->raw), 0, size);
    }
    return NULL;
}

static void *block_new(struct arena *a, size_t size) {
    void *again = block_again(a, size);
    if (again)
        return again;
    void *raw = raw_new(size);
    if (!raw)
        mem_exhausted();
    block_link(a, raw, size);
    return block_data(raw);
}

void *arena_alloc(struct arena *a, size_t size) {
    if (size >= LARGE)
        return block_new(a, size);
    size_t need = (size + SMALL_ALIGN - 1) / SMALL_ALIGN * SMALL_ALIGN;
    if (need > a->left || !a->slab) {
        a->slab = block_new(a, SLAB);
        a->left = SLAB;
    }
    void *p = a->slab;
    a->slab += need;
    a->left -= need;
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size) {
    if (size && n > SIZE_MAX / size)
        mem_exhausted();
    return arena_alloc(a, n * size);
}

static void *block_grow(void *data, size_t new_size) {
    struct block *old = block_of(data);
    size_t lead = (size_t)((char *)data - (char *)old->raw);
    size_t used = old->size;
    void *raw = raw_grow(old->raw, used, new_size);
    if (!raw)
        mem_exhausted(); // the old block stays linked and is freed with the arena
    // The block may have moved: its header lies where it lay, its neighbours point to the old one.
    struct block moved = *(struct block *)((char *)raw + lead - sizeof(struct block));
    char *now = block_data(raw);
    if (now != (char *)raw + lead)
        memmove(now, (char *)raw + lead, used < new_size ? used : new_size);
    struct block *b = block_of(now);
    *b = moved;
    b->raw = raw;
    b->size = new_size;
    b->next->previous = b->previous->next = b;
    return now;
}

void *arena_resize(struct arena *a, void *block, size_t old_size, size_t new_size) {
    if (block && old_size >= LARGE && new_size >= LARGE)
        return block_grow(block, new_size);
    void *now = arena_alloc(a, new_size);
    if (block)
        memcpy(now, block, old_size < new_size ? old_size : new_size);
    return now;
}

void *arena_more(struct arena *a, void *list, int n, int *size, size_t each) {
    if (n < *size)
        return list;
    int now = *size ? 2 * *size : 16;
    list = arena_resize(a, list, (size_t)*size * each, (size_t)now * each);
    *size = now;
    return list;
}

char *arena_copy(struct arena *a, const char *bytes, size_t n) {
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_printf(struct arena *a, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

void arena_defer(struct arena *a, void (*fn)(void *p), void *p) {
    struct deferred *d = arena_alloc(a, sizeof *d);
    *d = (struct deferred){a->deferred, fn, p};
    a->deferred = d;
}
