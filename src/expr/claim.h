// Conditions as claims about variables. A variable is a column, or a term that is compared: what
// two leaves have in common is a variable, and each leaf says of one variable in which set it lies.
#ifndef PATRON_EXPR_CLAIM_H
#define PATRON_EXPR_CLAIM_H

#include "expr/course.h"
#include "expr/grid.h"
#include "expr/prove.h"
#include "expr/row.h"
#include "expr/set.h"

#define WHOLE ((int64_t)1 << 53) // whole numbers of columns stay within it

enum { MENTIONED = 1 << 20 }; // codes of labels of an open set

enum variable_kind {
    VARIABLE_COLUMN,
    VARIABLE_TERM,     // a number that is computed from columns
    VARIABLE_RELATION, // how two of them compare: 0 less, 1 equal, 2 greater (of others: 0, 1)
    VARIABLE_OPAQUE,   // any other leaf: 0 false, 1 true
};

struct variable {
    enum variable_kind kind;
    int slot;                        // of a column, else -1
    const struct node *node, *other; // of a column: a name of it; of a relation both sides
    enum type type;                  // of the places: how a column or a term is written
    struct grid grid;
    int decimals;
    struct set all;      // what it can be
    bool strict;         // it is missing exactly when a column that it reads is
    int n, size, *reads; // the columns that it reads, as variables; of a derived column, too
    struct str *label;   // of a column without a closed set of labels: those met so far
    int labels, label_room;
    bool derived; // a column that `known` computes from others
    struct known known;
};

enum claim_kind { CLAIM_CONSTANT, CLAIM_LEAF, CLAIM_NOT, CLAIM_AND, CLAIM_OR, CLAIM_CLASS };

struct claim {
    enum claim_kind kind;
    const struct expr *expr; // where it stands
    const struct node *node;
    const struct claim *left, *right;
    unsigned outcome; // of a constant
    // Of a leaf: the places of the variable where it holds and where it fails, and what it comes to
    // when the variable is missing or no number.
    int variable;
    struct set yes, no;
    unsigned if_missing, if_nan;
    // Of a leaf about classes: what it comes to in each class, and (last) in none.
    int classes;
    const struct claim *const *class;
    const unsigned *in_class;
};

struct prover {
    struct arena *arena;
    void (*know)(void *ctx, int slot, struct known *out);
    void *ctx;
    int n, size;
    struct variable **variable;
    struct set *in; // of each variable: what is left of it; outside of a search, all
    int slots;
    int *of_slot;                 // the variable of a slot, or -1
    const struct column **column; // by slot: of one row, to try values in
    int claims, table_size;
    struct compiled {
        const void *key;
        const struct claim *claim;
    } * table; // of claims, by expression, and by leaf: expressions may share nodes
};

// The claim of a condition; made once.
const struct claim *claim_of(struct prover *s, const struct expr *e);
// Where a leaf's variable is when the leaf comes to one of the outcomes.
struct set claim_set(struct arena *a, const struct claim *leaf, unsigned outcomes);
// What a leaf can come to while its variable is in the set.
unsigned claim_outcomes(const struct claim *leaf, struct set in);

// ---- variable.c: what claims are about

// The variable of a column; one of another kind: the same if there is one of that form.
int variable_column(struct prover *s, const struct node *name);
int variable_find(struct prover *s, struct variable v);
// The code of a label in a column; one of an open set that was not met before gets the next.
int64_t variable_code(struct prover *s, struct variable *v, struct str label);
// A column of one row for a variable that is one, and a value for it: a place, or none.
struct column *variable_blank(struct arena *a, const struct variable *v);
void variable_write(struct prover *s, int variable, struct column *c, int64_t place, bool missing);
// The same in the column in which values are tried, and the row of all of these.
void variable_try(struct prover *s, int variable, int64_t place, bool missing);
struct row variable_row(const struct prover *s);
// Whether a node is missing exactly when a column that it reads is.
bool variable_strict(const struct node *n);

// ---- exact.c: leaves over one column

// Fills in the sets of a leaf over the column of its variable; false if they cannot be said
// exactly.
bool exact_leaf(struct prover *s, const struct node *n, struct claim *c);
// The places of a column at which `x op y`, numbers over that column only, holds; false likewise.
bool exact_compare(struct prover *s, const struct node *x, const struct node *y, enum op op,
                   int variable, struct set *out);

// ---- term.c: any other leaf

void term_leaf(struct prover *s, struct claim *c);

// ---- bound.c: what arithmetic does to bounds

struct bound {
    double low, high; // what it can be, unless it is missing
    bool nan;
};
// Of a numeric node, given the sets of the columns' variables.
struct bound bound_of(struct prover *s, const struct node *n, const struct set *in);
// How the node goes with the column of a slot, which alone it reads.
enum course bound_course(const struct node *n, int slot);
// False where a whole number in it could overflow, with the columns as large as they can be.
bool bound_fits(struct prover *s, const struct node *n);

// ---- witness.c: a customer from sets

// Looks for values within the sets s->in, of which those of n variables were narrowed, that make
// the conditions come out as asked.
bool witness_find(struct prover *s, struct arena *a, const int *narrowed, int n,
                  const struct asked *asked, int conditions, struct answer *out);

#endif
