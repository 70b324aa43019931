// Arenas: who makes one frees it, and everything allocated in it goes at once. Nobody checks for
// NULL: running out of memory leaves through arena_run, which returns MACHINE.
#ifndef PATRON_BASE_MEM_H
#define PATRON_BASE_MEM_H

#include <stddef.h>

#include "base/err.h"

struct arena;

// A new arena, or NULL when there is no memory for it.
struct arena *arena_new(void);
// An arena that is freed with its parent, or earlier. Not safe from two threads at one parent.
struct arena *arena_child(struct arena *parent);
// Runs what was deferred (last first), then frees everything. NULL is allowed.
void arena_free(struct arena *a);
// As if it were freed and made anew, at the same place; its memory is kept for what is allocated
// before it is cleared next. For work that is done over and over.
void arena_clear(struct arena *a);

// Calls fn(arg). If memory runs out on this thread meanwhile, in any arena, *err says so and the
// status is MACHINE; what was deferred runs when its arena is freed. Runs may nest.
enum status arena_run(enum status (*fn)(void *arg), void *arg, struct err *err);

// Leaves the innermost run as if memory had run out: for a call that was told so by another.
_Noreturn void mem_exhausted(void);

// Zeroed memory, aligned to 64 bytes when it is 4096 bytes or more, else to 16. Only inside
// arena_run. Never NULL.
void *arena_alloc(struct arena *a, size_t size);
// The same for `n` elements of `size` bytes; an overflow counts as out of memory.
void *arena_array(struct arena *a, size_t n, size_t size);
// Grows a block from this arena (or makes it, from NULL). The new part is NOT zeroed. A block of
// 256 KiB or more grows in place or moves by remapping, so doubling wastes nothing.
void *arena_resize(struct arena *a, void *block, size_t old_size, size_t new_size);
// A list with room for another element behind its n: as it is, or twice as long. *size is how many
// it has room for; the new ones are NOT zeroed.
void *arena_more(struct arena *a, void *list, int n, int *size, size_t each);
// Copies of n bytes, with a NUL behind.
char *arena_copy(struct arena *a, const char *bytes, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

// fn(p) runs when the arena is freed: closes files, unmaps, kills processes.
void arena_defer(struct arena *a, void (*fn)(void *p), void *p);

// For tests: the n-th allocation from now on fails (0: none), once or for good.
void mem_fail_at(long n, int for_good);

#endif
