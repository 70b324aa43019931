// Two customers are in a ring together if each can be reached from the other. Such groups are found
// in one walk (Tarjan 1972, in the form of Pearce 2016, with a stack of its own instead of
// recursion); nearly all customers are in none. Inside a group, a search goes out from a customer
// forwards and backwards at once, always on the side that has fewer edges to try. When both have
// come f and b steps without meeting, no ring has f + b edges or fewer, so the first meeting is on
// the smallest.
#include "metric/ring.h"

#include "metric/block.h"

// ---- groups -------------------------------------------------------------------------------

#define UNSEEN 0
#define ALONE  UINT32_MAX

struct frame {
    int64_t edge; // the next to try
    int32_t at;
    bool first; // nothing before it was reached from here
};

// Invariant: a vertex that is on the path or waits has as its rank a number from 1 to `live`, the
// rank of the earliest vertex known to be reached from it. Those of finished groups are greater.
struct walk {
    const struct graph *g;
    uint32_t *rank;
    uint32_t live, group;
    int64_t depth, waiting;
    struct frame *path;
    int32_t *wait;
};

static void enter(struct walk *w, int32_t at) {
    w->rank[at] = ++w->live;
    w->path[w->depth++] = (struct frame){w->g->start[at], at, true};
}

// All that wait and were reached from the vertex are a group with it.
static void close_group(struct walk *w, int32_t at) {
    int64_t waiting = w->waiting;
    uint32_t rank = w->rank[at];
    while (w->waiting > 0 && w->rank[w->wait[w->waiting - 1]] >= rank)
        w->rank[w->wait[--w->waiting]] = w->group;
    w->live -= (uint32_t)(waiting - w->waiting) + 1;
    w->rank[at] = w->waiting < waiting ? w->group-- : ALONE;
}

static void leave(struct walk *w) {
    const struct frame *f = &w->path[--w->depth];
    if (f->first)
        close_group(w, f->at);
    else
        w->wait[w->waiting++] = f->at;
}

// An edge that leads to a new vertex is tried again on the way back.
static void step(struct walk *w, struct frame *f) {
    int32_t to = w->g->to[f->edge];
    if (to != NOBODY && w->rank[to] == UNSEEN) {
        enter(w, to);
        return;
    }
    if (to != NOBODY && w->rank[to] < w->rank[f->at]) {
        w->rank[f->at] = w->rank[to];
        f->first = false;
    }
    f->edge++;
}

// The group of every vertex, ALONE for those that are in no ring.
static const uint32_t *find_groups(struct arena *a, const struct graph *g) {
    size_t n = (size_t)g->n;
    struct walk w = {.g = g, .group = ALONE - 1};
    w.rank = arena_array(a, n, sizeof *w.rank);
    w.path = arena_array(a, n, sizeof *w.path);
    w.wait = arena_array(a, n, sizeof *w.wait);
    for (int64_t i = 0; i < g->n; i++) {
        if (w.rank[i] == UNSEEN)
            enter(&w, (int32_t)i);
        while (w.depth > 0) {
            struct frame *f = &w.path[w.depth - 1];
            if (f->edge < g->start[f->at + 1])
                step(&w, f);
            else
                leave(&w);
        }
    }
    return w.rank;
}

// ---- the graph of those in rings ----------------------------------------------------------

struct core {
    int64_t n;
    int32_t *customer; // of each vertex
    int32_t *vertex;   // of each customer in a group
    struct graph forward, backward;
};

static void number_vertices(struct arena *a, const uint32_t *group, int64_t customers,
                            struct core *c) {
    int32_t next = 0;
    c->customer = arena_array(a, (size_t)c->n, sizeof *c->customer);
    c->vertex = arena_array(a, (size_t)customers, sizeof *c->vertex);
    for (int64_t i = 0; i < customers; i++)
        if (group[i] != ALONE) {
            c->vertex[i] = next;
            c->customer[next++] = (int32_t)i;
        }
}

static bool is_inside(const uint32_t *group, int32_t from, int32_t to) {
    return to != NOBODY && to != from && group[to] == group[from];
}

static struct graph edges_inside(struct arena *a, const struct graph *g, const uint32_t *group,
                                 const struct core *c) {
    int64_t *start = arena_array(a, (size_t)c->n + 1, sizeof *start), edges = 0;
    for (int64_t i = 0; i < c->n; i++)
        for (int64_t e = g->start[c->customer[i]]; e < g->start[c->customer[i] + 1]; e++)
            edges += is_inside(group, c->customer[i], g->to[e]);
    int32_t *to = arena_array(a, (size_t)edges, sizeof *to);
    edges = 0;
    for (int64_t i = 0; i < c->n; i++) {
        for (int64_t e = g->start[c->customer[i]]; e < g->start[c->customer[i] + 1]; e++)
            if (is_inside(group, c->customer[i], g->to[e]))
                to[edges++] = c->vertex[g->to[e]];
        start[i + 1] = edges;
    }
    return (struct graph){c->n, start, to};
}

static struct graph reverse(struct arena *a, const struct graph *g) {
    int64_t *start = arena_array(a, (size_t)g->n + 2, sizeof *start), edges = g->start[g->n];
    int32_t *to = arena_array(a, (size_t)edges, sizeof *to);
    for (int64_t e = 0; e < edges; e++)
        start[g->to[e] + 2]++;
    for (int64_t i = 0; i < g->n; i++)
        start[i + 2] += start[i + 1];
    for (int64_t i = 0; i < g->n; i++) // start[i + 1] runs from the beginning of i to its end
        for (int64_t e = g->start[i]; e < g->start[i + 1]; e++)
            to[start[g->to[e] + 1]++] = (int32_t)i;
    return (struct graph){g->n, start, to};
}

static struct core core_new(struct arena *a, const struct graph *g, const uint32_t *group) {
    struct core c = {0};
    for (int64_t i = 0; i < g->n; i++)
        c.n += group[i] != ALONE;
    if (c.n == 0)
        return c;
    number_vertices(a, group, g->n, &c);
    c.forward = edges_inside(a, g, group, &c);
    c.backward = reverse(a, &c.forward);
    return c;
}

// ---- the search ---------------------------------------------------------------------------

struct side {
    const struct graph *g;
    int32_t *seen;       // by whose search, its number + 1
    int32_t *queue;      // what was seen, in that order
    int64_t first, last; // the outermost of these
    int64_t edges;       // that leave them
};

static void see(struct side *s, int32_t at, int32_t mark) {
    s->seen[at] = mark;
    s->queue[s->last++] = at;
    s->edges += s->g->start[at + 1] - s->g->start[at];
}

static void set_out(struct side *s, int32_t at) {
    s->first = s->last = s->edges = 0;
    see(s, at, at + 1);
}

// A step further on this side. True if it meets the other.
static bool advance(struct side *s, const struct side *other, int32_t mark) {
    int64_t end = s->last;
    s->edges = 0;
    for (; s->first < end; s->first++) {
        int32_t from = s->queue[s->first];
        for (int64_t e = s->g->start[from]; e < s->g->start[from + 1]; e++) {
            int32_t to = s->g->to[e];
            if (other->seen[to] == mark)
                return true;
            if (s->seen[to] != mark)
                see(s, to, mark);
        }
    }
    return false;
}

static uint8_t smallest_ring(struct side *forward, struct side *backward, int32_t at) {
    set_out(forward, at);
    set_out(backward, at);
    for (uint8_t steps = 1; steps <= RING_MOST; steps++) {
        bool ahead = forward->edges <= backward->edges;
        if (advance(ahead ? forward : backward, ahead ? backward : forward, at + 1))
            return steps;
    }
    return RING_NONE;
}

struct search {
    const struct core *core;
    struct side (*sides)[2]; // of every worker
    uint8_t *size;
};

static struct side side_new(struct arena *a, const struct graph *g) {
    struct side s = {.g = g};
    s.seen = arena_array(a, (size_t)g->n, sizeof *s.seen);
    s.queue = arena_array(a, (size_t)g->n, sizeof *s.queue);
    return s;
}

static enum status search_block(const struct block *b, struct err *err) {
    (void)err;
    const struct search *s = b->arg;
    struct side *side = s->sides[b->worker];
    for (int64_t i = b->first; i < b->first + b->n; i++)
        s->size[s->core->customer[i]] = smallest_ring(&side[0], &side[1], (int32_t)i);
    return DONE;
}

static enum status search(struct arena *a, const struct host *host, const struct core *c,
                          uint8_t *size, struct err *err) {
    int threads = block_threads(host);
    struct search s = {c, arena_array(a, (size_t)threads, sizeof *s.sides), size};
    for (int i = 0; i < threads; i++) {
        s.sides[i][0] = side_new(a, &c->forward);
        s.sides[i][1] = side_new(a, &c->backward);
    }
    return block_run(host, c->n, search_block, &s, err);
}

enum status ring_sizes(struct arena *a, const struct host *host, const struct graph *g,
                       uint8_t *size, int64_t *longer, struct err *err) {
    struct core c = core_new(a, g, find_groups(a, g));
    *longer = 0;
    for (int64_t i = 0; i < g->n; i++)
        size[i] = RING_NONE;
    if (c.n > 0)
        TRY(search(a, host, &c, size, err));
    for (int64_t i = 0; i < c.n; i++)
        *longer += size[c.customer[i]] == RING_NONE;
    return DONE;
}
