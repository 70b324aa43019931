// The steps of deciding, in order; each fills its part of struct decisions.
#ifndef PATRON_DECIDE_STAGES_H
#define PATRON_DECIDE_STAGES_H

#include "decide/decide.h"
#include "metric/block.h"

// Loops that one thread runs ask the host as often as every so many customers.
enum { POLL_EACH = 1 << 16 };

// Computes every column that the rule reads. What the data lacks is refused at the rule's place.
enum status rule_columns(struct board *board, const struct rule *rule,
                         const struct column *const **columns, struct err *err);

// Calls fn for every block of customers, with one of d->evaluator a worker. That is done again, and
// what failed meanwhile forgotten, when a function was seen to keep state.
enum status decide_blocks(const struct host *host, struct decisions *d,
                          enum status (*fn)(const struct block *b, struct err *err), void *arg,
                          struct err *err);

// What failed of a customer from an edge on (-1: from the first), among what follows it.
const struct failure *decide_failures_from(const struct decisions *d, int64_t customer,
                                           int64_t edge);

// One scheme: its columns, put on the board.
enum status decide_scheme(struct arena *a, const struct host *host, struct decisions *d, int scheme,
                          struct err *err);
// How many customers are in each class.
void standing_count(struct arena *a, struct standing *t);
// What was done before, as far as caps and contact policies ask.
enum status history_read(struct arena *a, const struct host *host, struct decisions *d,
                         struct err *err);
// The campaigns: reasons and candidates.
enum status propose(struct arena *a, const struct host *host, struct decisions *d, struct err *err);
// Who gets what of the candidates.
enum status allocate(struct arena *a, const struct host *host, struct decisions *d,
                     struct err *err);

// ---- who goes first (rank.c) ------------------------------------------------------------------

// Which of two different candidates: below 0, the first one. It is never 0.
int rank_compare(const struct decisions *d, const struct candidate *x, const struct candidate *y);

// A candidate in a line that is sorted by the key, the greatest first.
struct waiting {
    uint64_t key;
    int64_t candidate;
};

// The key of a number, not NAN.
uint64_t rank_key(double x);
// Sorts by the keys; equals stay in their order. What is returned lies in `list` or in the arena.
struct waiting *rank_by_key(struct arena *a, struct waiting *list, int64_t n);

// Puts candidates, which come in order of customer and campaign, in line; their keys need not be
// set. What is returned lies in `list` or in the arena.
struct waiting *rank_sort(struct arena *a, const struct decisions *d, struct waiting *list,
                          int64_t n);

#endif
