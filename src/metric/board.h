// The board: every column about customers, by name, computed when something asks for it.
//
// A name is looked for in this order: columns that were put on the board (tiers, a test's
// customer), the customers table of the dataset, `today`, constants, metrics that a policy
// declares, the registry.
#ifndef PATRON_METRIC_BOARD_H
#define PATRON_METRIC_BOARD_H

#include "base/host.h"
#include "expr/scope.h"
#include "metric/declared.h"
#include "model/model.h"
#include "table/table.h"

struct board;

// A name with a constant value: params, which metrics may take as inputs.
struct constant {
    struct str name;
    enum type type;
    struct value value;
};

// A column that is expected but perhaps not there: gives a name its type when there is no dataset.
struct expected {
    struct str name;
    enum type type;
    const struct dict *labels; // the closed set of a label, or NULL
};

struct board_options {
    const struct host *host;
    const struct dataset *data; // NULL: names and types only (check), or one given customer (test)
    const struct declared *declared; // metrics of the policy, in order
    int n_declared;
    const struct constant *constants;
    int n_constants;
    const struct expected *expected;
    int n_expected;
    struct str currency; // without a dataset: whose decimals money has; empty: 2 decimals
    const char *lacking; // what a name may need that there is not, said of unknown ones; or NULL
};

// The board keeps what the options point to.
struct board *board_new(struct arena *a, const struct board_options *o);

// Metrics that take the whole base judge by this model, and learn nothing. Before any is computed.
void board_use_model(struct board *b, const struct model *m);

// Forgets every column that was computed or put; those that come are made in `values`, until the
// next time. What was compiled against the board stays good. For a dataset that is filled anew,
// with as many customers or fewer (load/record.h, months/track.c).
void board_renew(struct board *b, struct arena *values);

// Puts a column on the board, under its name, before anything that reads it is computed.
void board_put(struct board *b, const struct column *c);
// Announces a column that board_put will bring later (tiers), so that expressions can name it.
void board_announce(struct board *b, struct expected e);

// The type a name has (and its labels), without computing it. REFUSED if there is no such name
// (with the nearest one that there is), or if what a policy declares under it is wrong (with the
// place in the policy). A constant has a type too.
enum status board_type(struct board *b, struct str name, enum type *type,
                       const struct dict **labels, struct err *err);
// The i-th name on the board, in no order that matters; false after the last.
bool board_name(const struct board *b, size_t i, struct str *out);

// The scope in which expressions over a customer are parsed: every name of the board, `today`, and
// the constants. Slots are the board's own, so expressions of one board share them.
struct scope board_scope(struct board *b);

// The column of that name for all customers, computed with what it needs. REFUSED when there is
// none, when what it needs is not in the data (said with the way out), on a cycle, and when a
// computation has no answer (a series that does not converge).
//
// Without a dataset there is one customer: what was not put is missing, but for declared
// expressions and registry metrics that need neither a table nor, unless there is a model, the
// whole base.
enum status board_column(struct board *b, struct str name, const struct column **out,
                         struct err *err);
// Computes the columns behind the slots and returns the array that evaluation takes. It is indexed
// by slot and grows: take it again after further columns were asked for.
enum status board_columns(struct board *b, const int *slots, int n,
                          const struct column *const **out, struct err *err);
struct str board_slot_name(const struct board *b, int slot);
int board_decimals(const struct board *b); // of money
// What is known of a column whatever the data are: its decimals, bounds, and expression.
struct known;
void board_know(const struct board *b, int slot, struct known *out);

// What the columns computed so far have learned from the dataset, or taken from the model.
const struct model *board_learned(const struct board *b);

// Values of declared metrics that faulted (n // 0 ...): they are missing, and counted here.
int64_t board_faults(const struct board *b);

#endif
