// The board from inside. A name becomes an entry when it is first asked for; its slot is its index
// for good.
#ifndef PATRON_METRIC_ENTRY_H
#define PATRON_METRIC_ENTRY_H

#include "expr/expr.h"
#include "metric/board.h"
#include "metric/metric.h"

enum origin {
    ORIGIN_PUT,      // put, or announced
    ORIGIN_PEOPLE,   // a column of the customers table
    ORIGIN_TODAY,    // the as-of date
    ORIGIN_CONSTANT, // a param
    ORIGIN_DECLARED, // a metric of the policy
    ORIGIN_METRIC,   // a metric of the registry
    ORIGIN_EXPECTED, // an input of the policy, while there is no dataset
};

// A declared aggregate, opened. Without a dataset the table is NULL and nothing is computed.
struct opened {
    const struct table *table;
    const struct column *column;      // what is aggregated: a column of the table ...
    const struct expr *value, *where; // ... or an expression over it; rows that count
    const struct table *ledger;       // of points: the table of that name,
    const struct expr *booked;        // its rows that count,
    const struct expr *redeems;       // and the share of the balance that is a debt
};

struct entry {
    struct str name;
    enum origin origin;
    enum type type;
    const struct dict *labels;
    union {
        const struct constant *constant;
        const struct declared *declared;
        const struct metric *metric;
    };
    const struct expr *expr;   // of a declared expression
    struct opened opened;      // of a declared aggregate
    const struct bound *bound; // of what the policy computes itself,
    const int *slots;          // which reads these
    int n_slots;
    bool typed, busy;           // busy: its type or its values are being found
    const struct err *error;    // why it has no type
    const struct column *given; // a column that was put or is in the customers table
};

struct board {
    struct arena *arena;  // of the entries,
    struct arena *values; // and of the columns that are computed
    struct board_options o;
    int64_t customers;
    int decimals;
    int n, size;
    struct entry **entry;          // in order of asking
    const struct column **columns; // by slot, NULL until computed
    int depth;
    int *stack;       // the busy slots
    struct str *name; // every name that can be asked for, but for what is put
    size_t names;
    int64_t faults;
    const struct model *model; // NULL: metrics learn from the dataset
    struct model learned;      // what they learned, or what of the model they asked for
};

// Lists b->name.
void entry_list_names(struct board *b);
// The slot of a name, -1 if there is no such name.
int entry_slot(struct board *b, struct str name);
void entry_put(struct board *b, const struct column *c);
void entry_announce(struct board *b, const struct expected *e);

// The column of a slot goes to b->columns.
enum status board_compute(struct board *b, int slot, struct err *err);
// declared.c: the type (and the parsed formulas) of a declared metric, and its values.
enum status declared_open(struct board *b, struct entry *e, struct err *err);
enum status declared_compute(struct board *b, struct entry *e, const struct column **out,
                             struct err *err);
// Parses a formula over the rows of a table (NULL without a dataset), if there is one. What is
// wrong with it is refused under that name; *out stays NULL where nothing can be said without data.
enum status declared_parse(struct board *b, struct str name, const struct formula *f,
                           struct str table, const struct table *t, enum want want,
                           const struct expr **out, struct err *err);
// Likewise a formula over the customer, for this entry.
enum status declared_formula(struct board *b, struct entry *e, struct str name,
                             const struct formula *f, enum want want, const struct expr **out,
                             struct err *err);
// The columns of a table that an expression reads, in a mapped file.
enum status declared_check(const struct table *t, const struct expr *e, struct err *err);

// points.c: the same of a figure of a loyalty programme.
enum status points_open(struct board *b, struct entry *e, struct err *err);
enum status points_compute(struct board *b, struct entry *e, const struct column **out,
                           struct err *err);

// line.c: the type of a metric that is a line through values of a type; and the line.
enum type line_type(const struct declared *d, enum type of);
enum status line_compute(struct board *b, struct entry *e, const struct column **out,
                         struct err *err);

// registry.c: what the board's model has learned under a name; NULL if there is no model.
enum status registry_learned(const struct board *b, struct str name, const struct learned **out,
                             struct err *err);
// registry.c: the values of a metric of the registry.
enum status registry_compute(struct board *b, struct entry *e, const struct column **out,
                             struct err *err);

#endif
