// Loads a dataset that has transactions with an amount, once, and prints: seconds, customers, rows,
// the sum of the amounts and one that depends on order (a peer must agree), bytes of the columns.
//
//   bench_load PATH THREADS
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load/load.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct run {
    struct arena *arena;
    struct host host;
    struct load_options options;
    struct loaded loaded;
    struct err err;
};

static enum status load(void *arg) {
    struct run *r = arg;
    return load_dataset(r->arena, &r->host, &r->options, &r->loaded, &r->err);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: bench_load PATH THREADS\n");
        return MISUSED;
    }
    struct run r = {arena_new(), {.threads = atoi(argv[2])}, {.path = argv[1]}};
    double start = now();
    if (arena_run(load, &r, &r.err) != DONE) {
        char text[4096];
        err_line(&r.err, text, sizeof text);
        fprintf(stderr, "%s\n", text);
        return (int)r.err.status;
    }
    double seconds = now() - start;
    const struct dataset *d = &r.loaded.data;
    const struct table *t = dataset_table(d, STR("transactions"));
    const struct column *amount = table_column(t, STR("amount"));
    int64_t total = 0, weighted = 0, bytes = (int64_t)d->people->region.n;
    for (int i = 0; i < d->tables; i++)
        bytes += (int64_t)d->table[i]->region.n;
    for (int64_t c = 0; c < d->customers; c++)
        for (int64_t row = t->start[c]; row < t->start[c + 1]; row++) {
            total += amount->integer[row];
            weighted +=
                amount->integer[row] * (t->date->date[row] % 1000) * (row - t->start[c] + 1);
        }
    printf("%.3f %ld %ld %ld %ld %ld\n", seconds, (long)d->customers, (long)t->n, (long)total,
           (long)weighted, (long)bytes);
    arena_free(r.arena);
    return DONE;
}
