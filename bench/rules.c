// How long five expression rules take for a customer, on one thread: the best of five runs in ns a
// row, and a checksum, for each set of rules; with --csv, the customers instead, for a peer to read
// (rules.py). Links the core library. Usage: bench_rules [ROWS [--csv]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "expr/expr.h"

enum { RULES = 5, COLUMNS = 5, REPEATS = 5 };

static const char *const names[COLUMNS] = {"clv", "recency_days", "orders", "spend", "segment"};
static const enum type types[COLUMNS] = {TYPE_NUMBER, TYPE_INTEGER, TYPE_INTEGER, TYPE_MONEY,
                                         TYPE_LABEL};

static const struct set {
    const char *title;
    const char *rule[RULES];
} sets[] = {
    {"tiers: two columns a rule",
     {"clv >= 20000 and recency_days < 60 or orders >= 40",
      "clv >= 10000 and recency_days < 90 or orders >= 30",
      "clv >= 5000 and recency_days < 120 or orders >= 20",
      "clv >= 2000 and recency_days < 180 or orders >= 10", "clv >= 500 and recency_days < 365"}},
    {"case: five thresholds of one number",
     {"clv >= 20000", "clv >= 10000", "clv >= 5000", "clv >= 2000", "clv >= 500"}},
    {"case: five thresholds of money",
     {"spend >= 20000", "spend >= 10000", "spend >= 5000", "spend >= 2000", "spend >= 500"}},
    {"mixed: arithmetic, labels, a column with missing values",
     {"segment == 'high' and clv > 100", "spend / orders > 30", "recency_days / (orders + 1) > 1.5",
      "one_of(segment, 'low', 'mid') and not (orders < 3)", "default(clv, 0) > 0.2 * spend"}},
};

struct bench {
    struct arena *arena;
    int64_t rows;
    bool csv;
    struct column *columns[COLUMNS];
};

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void make_columns(struct bench *b) {
    static const struct str labels[] = {{"high", 4}, {"low", 3}, {"mid", 3}};
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < COLUMNS; i++)
        b->columns[i] = column_new(b->arena, str_of(names[i]), types[i], b->rows);
    b->columns[3]->decimals = 2;
    b->columns[4]->dict = dict_new(b->arena, labels, 3, false);
    for (int64_t row = 0; row < b->rows; row++) {
        column_set_number(b->columns[0], row, (double)(next_random(&state) % 3000000) / 100);
        column_set_integer(b->columns[1], row, (int64_t)(next_random(&state) % 500));
        column_set_integer(b->columns[2], row, (int64_t)(next_random(&state) % 50));
        column_set_integer(b->columns[3], row, (int64_t)(next_random(&state) % 3000000));
        if (next_random(&state) % 100 >= 5)
            column_set_code(b->columns[4], row, (int32_t)(next_random(&state) % 3));
    }
    for (int i = 0; i < COLUMNS; i++)
        column_finish(b->columns[i]);
}

static bool find(void *ctx, struct str name, struct symbol *out) {
    (void)ctx;
    for (int i = 0; i < COLUMNS; i++) {
        if (!str_is(name, names[i]))
            continue;
        *out = (struct symbol){.type = types[i], .slot = i};
        return true;
    }
    return false;
}

static bool next_name(void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i < COLUMNS)
        *out = str_of(names[i]);
    return i < COLUMNS;
}

// Every customer gets the number of the first rule that holds; returns the sum of the numbers.
static int64_t run_rules(const struct bench *b, const struct expr *const *rule,
                         struct expr_scratch *s) {
    const struct column *const *columns = (const struct column *const *)b->columns;
    static uint8_t truth[EXPR_BLOCK], stop[EXPR_BLOCK], tier[EXPR_BLOCK];
    int64_t sum = 0;
    for (int64_t first = 0; first < b->rows; first += EXPR_BLOCK) {
        int n = b->rows - first < EXPR_BLOCK ? (int)(b->rows - first) : EXPR_BLOCK;
        for (int i = 0; i < n; i++)
            tier[i] = 0;
        for (int r = RULES; r-- > 0;) {
            expr_condition(rule[r], columns, first, n, s, truth, stop);
            for (int i = 0; i < n; i++)
                tier[i] = (uint8_t)(tier[i] + truth[i] * (r + 1 - tier[i]));
        }
        for (int i = 0; i < n; i++)
            sum += tier[i];
    }
    return sum;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static enum status run_set(const struct bench *b, const struct set *set) {
    const struct scope scope = {NULL, find, next_name};
    struct expr_scratch *s = expr_scratch_new(b->arena);
    const struct expr *rule[RULES];
    struct expr_error error;
    double best = 1e9;
    int64_t sum = 0;
    for (int r = 0; r < RULES; r++) {
        struct expr *e;
        if (!expr_parse(b->arena, str_of(set->rule[r]), &scope, WANT_CONDITION, &e, &error)) {
            fprintf(stderr, "%s: %s\n", set->rule[r], error.text);
            return REFUSED;
        }
        rule[r] = e;
    }
    for (int i = 0; i < REPEATS; i++) {
        double start = seconds();
        sum = run_rules(b, rule, s);
        double took = seconds() - start;
        best = took < best ? took : best;
    }
    printf("%6.2f ns a customer  checksum %lld  %s\n", best * 1e9 / (double)b->rows, (long long)sum,
           set->title);
    return DONE;
}

static void print_csv(const struct bench *b) {
    struct buf line = {.arena = b->arena};
    for (int i = 0; i < COLUMNS; i++)
        printf("%s%c", names[i], i + 1 < COLUMNS ? ',' : '\n');
    for (int64_t row = 0; row < b->rows; row++) {
        line.n = 0;
        for (int i = 0; i < COLUMNS; i++) {
            if (column_has(b->columns[i], row))
                column_print(b->columns[i], row, &line);
            buf_char(&line, i + 1 < COLUMNS ? ',' : '\n');
        }
        fwrite(line.p, 1, line.n, stdout);
    }
}

static enum status run_all(void *arg) {
    struct bench *b = arg;
    make_columns(b);
    if (b->csv) {
        print_csv(b);
        return DONE;
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        TRY(run_set(b, &sets[i]));
    return DONE;
}

int main(int argc, char **argv) {
    struct bench b = {.arena = arena_new(), .rows = argc > 1 ? atoll(argv[1]) : 2000000};
    struct err err = {DONE};
    b.csv = argc > 2 && strcmp(argv[2], "--csv") == 0;
    enum status status = b.arena ? arena_run(run_all, &b, &err) : MACHINE;
    arena_free(b.arena);
    return status;
}
