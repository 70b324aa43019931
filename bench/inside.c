// What can't be timed from outside: loading without writing, and a policy's tiers without loading.
// Prints the least seconds of the repeats, then figures that a peer must give, too.
//
//   bench_inside load DATA THREADS            customers, transactions, two sums, bytes of columns
//   bench_inside tiers DATA POLICY THREADS    customers, the sum of the tiers' places
//   bench_inside offers DATA POLICY THREADS   customers, offers made, their cost and value;
//                                             referrals rewarded, what is paid, what they bring
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decide/decide.h"
#include "load/load.h"
#include "policy/helper.h"

enum { REPEATS = 5 };

struct bench {
    struct arena *arena;
    struct host host;
    const char *task, *data, *policy; // policy: NULL to load only
    struct err err;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void print_load(const struct dataset *d, double seconds) {
    const struct table *t = dataset_table(d, STR("transactions"));
    const struct column *amount = table_column(t, STR("amount"));
    int64_t total = 0, weighted = 0, bytes = (int64_t)d->people->region.n;
    for (int i = 0; i < d->tables; i++)
        bytes += (int64_t)d->table[i]->region.n;
    for (int64_t c = 0; c < d->customers; c++)
        for (int64_t row = t->start[c]; row < t->start[c + 1]; row++) {
            int64_t place = row - t->start[c] + 1; // the order within a customer counts
            total += amount->integer[row];
            weighted += amount->integer[row] * (t->date->date[row] % 1000) * place;
        }
    printf("%.6f %lld %lld %lld %lld %lld\n", seconds, (long long)d->customers, (long long)t->n,
           (long long)total, (long long)weighted, (long long)bytes);
}

struct figures {
    double seconds;
    int64_t n, sum[6];
};

// The sum of everybody's places in the first system of tiers.
static void sum_tiers(const struct decisions *d, struct figures *out) {
    const struct standing *t = &d->standing[0];
    out->n = 1;
    out->sum[0] = 0;
    for (int i = 0; i < t->scheme->n; i++)
        out->sum[0] += (i + 1) * t->count[i];
}

static void sum_offers(const struct decisions *d, struct figures *out) {
    const struct referred *r = &d->referred[0];
    int64_t offers = 0;
    for (int c = 0; c < d->policy->campaigns; c++)
        offers += d->count[c][REASON_GRANTED];
    *out = (struct figures){.n = 6,
                            .sum = {offers, d->granted_cost, d->granted_value,
                                    r->count[REFERRAL_GRANTED], r->paid, r->value}};
}

// Every repeat decides anew, on a board that has computed nothing.
static enum status time_policy(struct bench *b, const struct dataset *data, struct figures *out) {
    struct arena *a = arena_child(b->arena);
    struct findings findings = {.arena = a};
    const struct policy_options options = {0};
    struct policy *policy;
    struct decisions *d;
    TRY(policy_load(a, b->policy, &options, &findings, &policy, &b->err));
    struct board *board = policy_board(a, policy, &b->host, data);
    TRY(policy_compile(a, policy, board, data, &findings, &b->err));
    double start = now();
    TRY(decide(a, &b->host, policy, board, data, &d, &b->err));
    double seconds = now() - start;
    if (strcmp(b->task, "tiers") == 0)
        sum_tiers(d, out);
    else
        sum_offers(d, out);
    out->seconds = seconds;
    arena_free(a);
    return DONE;
}

static enum status run(void *arg) {
    struct bench *b = arg;
    const struct load_options options = {.path = b->data};
    struct loaded loaded;
    double start = now();
    TRY(load_dataset(b->arena, &b->host, &options, &loaded, &b->err));
    if (!b->policy) {
        print_load(&loaded.data, now() - start);
        return DONE;
    }
    struct figures figures = {0};
    double best = 1e9;
    for (int i = 0; i < REPEATS; i++) {
        TRY(time_policy(b, &loaded.data, &figures));
        best = figures.seconds < best ? figures.seconds : best;
    }
    printf("%.6f %lld", best, (long long)loaded.data.customers);
    for (int i = 0; i < figures.n; i++)
        printf(" %lld", (long long)figures.sum[i]);
    printf("\n");
    return DONE;
}

int main(int argc, char **argv) {
    if (policy_is_helper(argc, argv))
        return policy_helper_main(argv);
    const char *task = argc > 1 ? argv[1] : "";
    bool load = argc == 4 && strcmp(task, "load") == 0;
    bool decides = argc == 5 && (strcmp(task, "tiers") == 0 || strcmp(task, "offers") == 0);
    if (!load && !decides) {
        fprintf(stderr, "usage: bench_inside load DATA THREADS | tiers DATA POLICY THREADS | "
                        "offers DATA POLICY THREADS\n");
        return MISUSED;
    }
    struct bench b = {
        .arena = arena_new(), .task = task, .data = argv[2], .policy = load ? NULL : argv[3]};
    b.host.threads = atoi(argv[argc - 1]);
    enum status status = b.arena ? arena_run(run, &b, &b.err) : MACHINE;
    if (status != DONE) {
        char text[4096];
        err_line(&b.err, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    arena_free(b.arena);
    return (int)status;
}
