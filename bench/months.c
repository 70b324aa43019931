// Month after month under a policy, without loading. Prints the seconds, then what a peer must
// give, too, summed over runs and months: customers, offers, and revenue, margin and cost in minor
// units, and customers by class.
//
//   bench_months DATA POLICY MONTHS RUNS THREADS [FOLDER]
//
// Into FOLDER goes what a peer begins with: columns as doubles (missing: not a number, labels:
// their codes), those by calendar and by counter month behind month, and what stands for customers.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "load/load.h"
#include "months/months.h"
#include "policy/helper.h"

struct bench {
    struct arena *arena;
    struct host host;
    char **argv;
    const char *folder;
    struct err err;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void append(struct bench *b, struct str name, const char *mode, const void *p, size_t size,
                   int64_t n) {
    char *path = arena_printf(b->arena, "%s/%.*s", b->folder, (int)name.n, name.p);
    FILE *file = fopen(path, mode);
    if (!file || fwrite(p, size, (size_t)n, file) != (size_t)n || fclose(file) != 0) {
        perror(path);
        exit(MACHINE);
    }
}

static void put_column(struct bench *b, const struct column *c, const char *mode) {
    double *x = arena_array(b->arena, (size_t)c->n, sizeof *x);
    for (int64_t i = 0; i < c->n; i++)
        x[i] = !column_has(c, i)         ? NAN
               : c->type == TYPE_LABEL   ? c->code[i]
               : c->type == TYPE_INTEGER ? (double)c->integer[i]
                                         : column_double(c, i);
    append(b, c->name, mode, x, sizeof *x, c->n);
}

static void put_start(struct bench *b, const struct months *m) {
    const struct evolution *e = m->evolution;
    int64_t n = m->crowd->n;
    append(b, STR("luck"), "w", m->crowd->luck, sizeof(uint64_t), n);
    append(b, STR("kept"), "w", m->life->kept, sizeof(double), n);
    for (int run = 0; run < m->options.runs; run++) {
        double stay = m->stay ? m->stay[run] : 1;
        append(b, STR("stay"), run ? "a" : "w", &stay, sizeof stay, 1);
    }
    append(b, STR("pace"), "w", m->life->pace, sizeof(double), n);
    append(b, STR("amount"), "w", m->life->amount, sizeof(int64_t), n);
    append(b, STR("earned"), "w", m->life->margin, sizeof(int64_t), n);
    for (int i = 0; i < e->frozen; i++)
        put_column(b, e->frozen_column[i], "w");
    for (int month = 0; month < e->months; month++) {
        const char *mode = month ? "a" : "w";
        for (int i = 0; i < e->calendars; i++)
            put_column(b, e->calendar[month][i], mode);
        for (int i = 0; i < e->counters; i++)
            put_column(b, e->counter[i].real[month], mode);
    }
}

static void print(const struct months *m, double seconds) {
    struct figures all = {0};
    for (int i = 0; i < m->options.months * m->options.runs; i++) {
        const struct figures *f = &m->figures[i];
        all.customers += f->customers;
        all.offers += f->offers;
        all.revenue += f->revenue;
        all.margin += f->margin;
        all.cost += f->cost;
        for (int k = 0; k < m->classes; k++)
            all.class[k] += f->class[k];
    }
    printf("%.6f %lld %lld %lld %lld %lld", seconds, (long long)all.customers,
           (long long)all.offers, (long long)all.revenue, (long long)all.margin,
           (long long)all.cost);
    for (int k = 0; k + 1 < m->classes; k++)
        printf(" %lld", (long long)all.class[k]);
    printf("\n");
}

static enum status run(void *arg) {
    struct bench *b = arg;
    struct findings findings = {.arena = b->arena};
    const struct load_options load = {.path = b->argv[1]};
    const struct policy_options options = {0};
    struct months_options o = {.months = atoi(b->argv[3]),
                               .runs = atoi(b->argv[4]),
                               .sample = INT32_MAX,
                               .seed = 1,
                               .assume = assumptions_default()};
    struct loaded loaded;
    struct policy *policy;
    struct decisions *d;
    struct months *m;
    o.assume.value[ASSUME_VALUE_SPREAD] = 0; // what a run draws of it is not the peer's
    TRY(load_dataset(b->arena, &b->host, &load, &loaded, &b->err));
    TRY(policy_load(b->arena, b->argv[2], &options, &findings, &policy, &b->err));
    struct board *board = policy_board(b->arena, policy, &b->host, &loaded.data);
    TRY(policy_compile(b->arena, policy, board, &loaded.data, &findings, &b->err));
    TRY(decide(b->arena, &b->host, policy, board, &loaded.data, &d, &b->err));
    double start = now();
    TRY(months_run(b->arena, &b->host, d, &o, &m, &b->err));
    print(m, now() - start);
    if (b->folder)
        put_start(b, m);
    return DONE;
}

int main(int argc, char **argv) {
    if (policy_is_helper(argc, argv))
        return policy_helper_main(argv);
    if (argc < 6 || argc > 7) {
        fprintf(stderr, "usage: bench_months DATA POLICY MONTHS RUNS THREADS [FOLDER]\n");
        return MISUSED;
    }
    struct bench b = {.arena = arena_new(), .argv = argv, .folder = argc > 6 ? argv[6] : NULL};
    b.host.threads = atoi(argv[5]);
    enum status status = b.arena ? arena_run(run, &b, &b.err) : MACHINE;
    if (status != DONE) {
        char text[4096];
        err_line(&b.err, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    arena_free(b.arena);
    return (int)status;
}
