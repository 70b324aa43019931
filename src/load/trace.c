#include "load/trace.h"

#include "load/front.h"

struct tracer {
    const struct front *front;
    void *own;
};

struct tracer *tracer_new(struct arena *a, const struct scan *s) {
    struct tracer *t = arena_alloc(a, sizeof *t);
    t->front = front_of(s);
    t->own = t->front->open_trace(a, s);
    return t;
}

struct trace trace_record(struct tracer *t, const struct record *r) {
    return t->front->trace(t->own, r);
}
