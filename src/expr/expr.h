// The expression language of policies: parse and check once, then evaluate over columns.
//
// It means what stock Lua 5.4 means (a differential test holds it to that), on values that are
// columns: integers are Lua integers; numbers and money (in major units) floats; dates integers
// (day numbers); flags booleans; labels and texts strings. Reading a missing value stops the
// expression as a Lua error would; only has() and default() handle it. docs/expressions.md.
#ifndef PATRON_EXPR_EXPR_H
#define PATRON_EXPR_EXPR_H

#include "expr/scope.h"

enum { EXPR_LENGTH = 65536 }; // bytes of an expression, at most

struct expr; // parsed and checked; read-only, may be shared by threads

// What an expression must yield.
enum want {
    WANT_ANY,
    WANT_CONDITION, // boolean
    WANT_NUMBER,    // integer or float (also money, a flag is no number)
};

// Where in the text (byte offset) and what is wrong, with what to do.
struct expr_error {
    size_t offset, length;
    char text[512];
};

// Parses and checks `text`. False with *error set when it is wrong. The expression lives in the
// arena; beside that it keeps pointers to the labels of its symbols only. A column that evaluation
// is given must have the type that its symbol had.
bool expr_parse(struct arena *a, struct str text, const struct scope *scope, enum want want,
                struct expr **out, struct expr_error *error);

struct str expr_text(const struct expr *e);
// The type of the result as a column's: what a metric that is this expression has. Money arithmetic
// stays money where it makes sense (money * number), dates stay dates (date + days), every string
// is a label.
enum type expr_type(const struct expr *e);
// The closed set of labels of a label result, NULL where it is not known.
const struct dict *expr_labels(const struct expr *e);
// The slots it reads, each once, in order of first reading.
int expr_slots(const struct expr *e, const int **slots);

// ---- one row ------------------------------------------------------------------------------

enum outcome_kind { OUTCOME_VALUE, OUTCOME_MISSING, OUTCOME_FAULT };

// Why an evaluation faulted, as Lua would say it.
enum fault { FAULT_NONE, FAULT_DIVIDE_BY_ZERO, FAULT_MODULO_BY_ZERO, FAULT_NO_INTEGER, FAULT_DATE };
const char *fault_text(enum fault f);

struct outcome {
    enum outcome_kind kind;
    enum fault fault;   // of OUTCOME_FAULT
    int slot;           // of OUTCOME_MISSING: the column that was missing
    struct value value; // of OUTCOME_VALUE; strings live as long as the columns or the arena
};

// Evaluates at one row. `columns` is indexed by slot. Strings made by `..` go to the arena.
struct outcome expr_row(const struct expr *e, const struct column *const *columns, int64_t row,
                        struct arena *a);

// ---- many rows ----------------------------------------------------------------------------

#define EXPR_BLOCK 1024

// What happened at each row of a block: 0 is a value, otherwise it stopped.
enum stop {
    STOP_NONE = 0,
    STOP_MISSING = 1,
    STOP_FAULT = 2,
};

struct expr_scratch; // memory for evaluating; one a thread, for any number of expressions
struct expr_scratch *expr_scratch_new(struct arena *a);

// Evaluates a condition at rows first .. first + n - 1 (n <= EXPR_BLOCK). truth[i] is 0 or 1,
// stop[i] an enum stop (truth is 0 where stopped). Equal to expr_row at every row.
void expr_condition(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                    struct expr_scratch *s, uint8_t *truth, uint8_t *stop);
// Evaluates a numeric expression (WANT_NUMBER); integers are converted to double.
void expr_number(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                 struct expr_scratch *s, double *out, uint8_t *stop);
// A whole column of what the expression yields; missing where it stops. The number of rows that
// faulted goes to *faults (and the first such row to *fault_row, -1 if none).
struct column *expr_column(struct arena *a, const struct expr *e,
                           const struct column *const *columns, int64_t n, struct str name,
                           int threads, int64_t *faults, int64_t *fault_row);

// ---- clauses: why a condition fell as it did ----------------------------------------------

// The clauses of a condition are the leaves of its and/or/not tree, numbered in source order.
int expr_clauses(const struct expr *e); // how many
struct clause_text {
    struct str text;
    size_t offset; // in the expression's text
    bool constant; // it comes to the same at every row
};
struct clause_text expr_clause(const struct expr *e, int k);

// What a clause came to.
enum truth { CLAUSE_NOT_REACHED, CLAUSE_FALSE, CLAUSE_TRUE, CLAUSE_MISSING, CLAUSE_FAULT, TRUTHS };

// As expr_condition, and outcome[k * EXPR_BLOCK + i] is the enum truth of clause k at row i, as
// evaluation met it. Equal to expr_explain at every row.
void expr_record(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                 struct expr_scratch *s, uint8_t *truth, uint8_t *stop, uint8_t *outcome);

// A clause at a row.
struct clause {
    struct str text;    // its source
    size_t offset;      // in the expression's text
    enum truth truth;   // of the leaf, as evaluation met it
    enum truth alone;   // of the leaf by itself: never CLAUSE_NOT_REACHED
    bool wanted;        // the truth that would help the condition hold (false under `not`)
    struct str values;  // what it read: "recency_days = 45, churn_cut = 0.35"
    struct str missing; // the name that is missing when it is read
    // A comparison of one column with something that does not depend on it can be flipped by
    // setting that column: to which value, and how far it is, |x - t| / max(|t|, 1).
    bool has_threshold;
    int slot;
    struct value threshold; // setting the column to it makes the leaf `wanted`
    double distance;
};

// What a condition came to at a row, and the least that would have to change for it to hold: of an
// `and` every clause that is not as wanted, of an `or` the side with fewer (then nearer) of them.
struct reading {
    struct outcome outcome;
    int misses;                   // how many clauses; 0 when it holds
    const struct clause *nearest; // of those the one with the least distance; NULL: no threshold
};

// The clauses of a condition at one row, in source order; returns how many. Text and clauses live
// in the arena.
int expr_explain(const struct expr *e, const struct column *const *columns, int64_t row,
                 struct arena *a, struct clause **clauses, struct reading *out);

// What an expression reads at one row: "recency_days = 45, churn_cut = 0.35".
struct str expr_values(const struct expr *e, const struct column *const *columns, int64_t row,
                       struct arena *a);

// Clause k by itself at one row, with the threshold at which it comes out the other way (if one
// column can do that): `wanted` is what it is not.
struct clause expr_flip(const struct expr *e, int k, const struct column *const *columns,
                        int64_t row, struct arena *a);

// ---- what would make a condition hold --------------------------------------------------------

enum solve_kind {
    SOLVE_VALUE, // the condition does not hold, and would with the value
    SOLVE_NEVER, // no value of the column alone makes it hold
    SOLVE_MIXED, // it is not known to be monotone in the column: nothing is claimed
};

struct solution {
    enum solve_kind kind;
    bool rising; // of SOLVE_VALUE: the value is greater than the one that is there
    struct value value;
};

// Which value of one column makes a condition hold that does not hold at the row, all others being
// as they are: the nearest to what is there that the column can have (an integer, a day, a minor
// unit of money; a flag turned on or off). No value between holds, and none beyond fails as long as
// the arithmetic is sound there (a divisor does not change its sign): that is proven from the form
// of the condition, never by trying. The column has a value at the row, and not a text or a label.
struct solution expr_solve(const struct expr *e, const struct column *const *columns, int64_t row,
                           int slot, struct arena *a);

// ---- the functions, for check, documentation and editors ------------------------------------

struct function_help {
    const char *name, *signature, *help;
    const struct function *function; // what it is to src/expr
};
const struct function_help *expr_functions(size_t *n);

#endif
