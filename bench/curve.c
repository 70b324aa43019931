// The whole budget curve of invented offers, without a policy: pure arithmetic on columns. Prints
// the seconds that it takes, then what a peer must give, too: the cost and the value of everything
// that is worth it, and the bound at a quarter and a half of that cost.
//
//   bench_curve CUSTOMERS THREADS
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "budget/curve.h"

enum { OFFERS = 5, COST_MOST = 1000, VALUE_MOST = 100000 };

struct columns {
    int32_t *cost[OFFERS], *value[OFFERS];
};

// splitmix64: bench/peers/curve.py has the same numbers.
static uint64_t mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

static void fill(struct columns *c, int k, int64_t customers) {
    for (int64_t i = 0; i < customers; i++) {
        uint64_t bits = mix((uint64_t)(i * OFFERS + k));
        c->cost[k][i] = (int32_t)((bits & 0xffffffff) % COST_MOST) + 1;
        c->value[k][i] = (int32_t)((bits >> 32) % VALUE_MOST);
    }
}

static int get(const void *ctx, int64_t customer, struct point *out) {
    const struct columns *c = ctx;
    for (int k = 0; k < OFFERS; k++)
        out[k] = (struct point){c->cost[k][customer], c->value[k][customer], k, false};
    return OFFERS;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct bench {
    struct arena *arena;
    struct host host;
    int64_t customers;
    struct err err;
};

static enum status run(void *arg) {
    struct bench *b = arg;
    struct columns columns;
    struct offers offers = {&columns, b->customers, get};
    struct curve *curve;
    const struct corner *corner;
    for (int k = 0; k < OFFERS; k++) {
        columns.cost[k] = arena_array(b->arena, (size_t)b->customers, sizeof(int32_t));
        columns.value[k] = arena_array(b->arena, (size_t)b->customers, sizeof(int32_t));
        fill(&columns, k, b->customers);
    }
    double start = now();
    TRY(curve_new(b->arena, &b->host, &offers, &curve, &b->err));
    int corners = curve_corners(b->arena, curve, &corner);
    const struct corner *end = &corner[corners - 1];
    double whole = now() - start;
    struct optimum quarter, half;
    TRY(curve_best(b->arena, &b->host, curve, end->cost / 4, &quarter, &b->err));
    double one = now() - start - whole;
    TRY(curve_best(b->arena, &b->host, curve, end->cost / 2, &half, &b->err));
    printf("%.6f %lld %lld %lld %lld\n", whole, (long long)end->cost, (long long)end->value,
           (long long)quarter.bound, (long long)half.bound);
    fprintf(stderr, "one budget's optimum: %.3f s more\n", one);
    return DONE;
}

int main(int argc, char **argv) {
    struct bench b = {.arena = arena_new()};
    if (argc != 3 || !b.arena) {
        fprintf(stderr, "usage: bench_curve CUSTOMERS THREADS\n");
        return MISUSED;
    }
    b.customers = atoll(argv[1]);
    b.host.threads = atoi(argv[2]);
    enum status status = arena_run(run, &b, &b.err);
    if (status != DONE)
        fprintf(stderr, "%s\n", b.err.text);
    arena_free(b.arena);
    return (int)status;
}
