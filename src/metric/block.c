#include "metric/block.h"

struct work {
    int64_t n;
    enum status (*fn)(const struct block *b, struct err *err);
    void *arg;
};

static enum status run_block(struct task *t, struct err *err) {
    const struct work *w = t->arg;
    int64_t first = (int64_t)t->index * BLOCK, rest = w->n - first;
    struct block b = {w->arg,    t->index, first, rest < BLOCK ? (int)rest : BLOCK,
                      t->worker, t->arena};
    return w->fn(&b, err);
}

enum status block_run(const struct host *host, int64_t n,
                      enum status (*fn)(const struct block *b, struct err *err), void *arg,
                      struct err *err) {
    static const struct host alone = {.threads = 1};
    struct work w = {n, fn, arg};
    return parallel_run(host ? host : &alone, block_count(n), run_block, &w, err);
}
