// Whether conditions can come out together in a given way, for any customer at all: a customer that
// shows it, or the clauses that exclude each other. Missing values are values here. What is not
// decided within some effort stays open, so an answer is never a guess.
//
// Whole numbers beyond 2^53 and faults are left out: no customer of that kind is looked for.
#ifndef PATRON_EXPR_PROVE_H
#define PATRON_EXPR_PROVE_H

#include "expr/expr.h"
#include "expr/set.h"

// What a condition comes to: true, false, or stopped by a missing value.
enum { HOLDS = 1, FAILS = 2, LACKS = 4 };

// What is known of a column beforehand.
struct known {
    int decimals;             // of money
    bool present;             // never missing
    double least, most;       // of a number; infinite if not known
    const struct expr *value; // it is this expression of others; or
    int classes;              // it names the first of these conditions that holds (NULL: always
    const struct expr *const *class; // does): the label of that code. 0: none
};

struct prover;

// `know` fills what is known of the column of a slot. Expressions that are asked about share their
// slots, and live as long as the prover.
struct prover *prover_new(struct arena *a, void (*know)(void *ctx, int slot, struct known *out),
                          void *ctx);

struct asked {
    const struct expr *expr; // a condition
    unsigned outcomes;       // any of these
};

// A clause that takes part in a contradiction: it would have to come to one of the outcomes.
struct clash {
    const struct expr *expr; // the clause stands in
    size_t offset, length;   // in its text
    unsigned outcomes;
};

enum answer_kind { ANSWER_OPEN, ANSWER_WITNESS, ANSWER_PROOF };

struct answer {
    enum answer_kind kind;
    // A witness: the columns that count, of one row each. Evaluation has confirmed it.
    int columns;
    const struct column *const *column;
    // A proof: a few of the clauses of every way to do it. 0: one of the conditions is constant.
    int clashes;
    const struct clash *clash;
};

// Whether one customer can make all n conditions come out as asked.
struct answer prover_ask(struct prover *s, struct arena *a, const struct asked *asked, int n);

// The values of the one column that a condition reads with which it holds, as places of the
// column's grid (of a label its code); false if that cannot be said exactly. And a column of one
// row with the value of a place. (single.c)
bool prover_set(struct prover *p, struct arena *a, const struct expr *e, struct set *out);
const struct column *prover_column(struct prover *p, struct arena *a, int slot, int64_t place);

// The condition without one of its clauses (as expr_clause numbers them): of its `and` or `or` the
// other side is left. NULL when the clause is all that it says. (without.c)
const struct expr *expr_without(struct arena *a, const struct expr *e, int clause);
const struct expr *expr_only(struct arena *a, const struct expr *e, int clause); // that clause

#endif
