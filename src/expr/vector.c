// Buffers stand in a list when they are free, and are the arena's: what an evaluation that ended
// early holds is lost to the list, not to the arena.
#include "expr/vector.h"

#include <string.h>

struct buffer {
    struct buffer *next;
};

struct expr_scratch *expr_scratch_new(struct arena *a) {
    struct expr_scratch *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    memset(s->all, 1, sizeof s->all);
    return s;
}

void *vector_take(struct block *b) {
    struct expr_scratch *s = b->scratch;
    struct buffer *top = s->free;
    if (!top)
        return arena_alloc(s->arena, EXPR_BLOCK * sizeof(double));
    s->free = top->next;
    return top;
}

void vector_give(struct block *b, void *buffer) {
    struct buffer *top = buffer;
    if (!top)
        return;
    top->next = b->scratch->free;
    b->scratch->free = top;
}

// A buffer for values that are not set in every row.
void *vector_blank(struct block *b, enum shape shape) {
    void *out = vector_take(b);
    return shape == SHAPE_BOOLEAN ? memset(out, 0, (size_t)b->n) : out;
}

struct vector vector_spread(struct block *b, struct vector x) {
    if (!x.single)
        return x;
    void *out = vector_take(b);
    kernel_fill(out, x.p, b->n);
    vector_give(b, x.buffer);
    return vector_owned(out);
}
