// Reads the records of a file into typed columns: a piece of each for every chunk.
#ifndef PATRON_LOAD_BUILD_H
#define PATRON_LOAD_BUILD_H

#include "load/description.h"
#include "load/intern.h"
#include "load/memo.h"
#include "load/scan.h"

enum { BUILD_BATCH = 32 }; // rows whose labels are looked up together

struct cells;

// What a column needs to know to take a field.
struct cell_plan {
    struct str name;
    enum type type;
    enum fault (*put)(struct cells *c, int64_t row, struct str text); // NULL: the column is ignored
    bool required;                                                    // an empty field is a fault
    struct missing missing; // words that are as good as empty
    char decimal;
    int decimals;
    int formats; // of a date
    const struct str *format;
    const struct intern *closed; // the labels there can be; NULL: any
    enum fault unknown;          // what another label is
};

// What the cells of one column share that one worker fills.
struct store {
    struct arena *values;   // of all cells; freed when the column stands in its region
    struct arena *strings;  // of the labels
    struct intern *intern;  // labels; their codes stand in the cells
    int32_t *rank;          // of the labels, once they are ranked
    struct intern_ask *ask; // labels of the batch, by row % BUILD_BATCH; tail 0: needs no look-up
    struct memo *memo;      // dates
};

// The values of one column in one piece.
struct cells {
    const struct cell_plan *plan;
    struct store *store;
    union {
        void *values;
        int64_t *integer; // and money
        double *number;
        int32_t *date;
        int32_t *code;
        int32_t *length; // of a text
        uint64_t *flag;
    };
    uint64_t *missing; // a bit a row
    char *bytes;       // of the texts, one behind the other
    size_t size, end;
    int64_t last; // the row whose text ends there; -1: not known
    int64_t rounded, timed;
};

// What one chunk of the file gave.
struct piece {
    const struct build *build;
    int worker;
    int64_t n, room; // rows there are, and there is room for
    int waiting;     // rows behind them that are whole, but whose labels are not looked up yet
    size_t at[BUILD_BATCH]; // where their records begin
    struct cells *cells;
    struct record flaw; // the first in the row that is being read, which stands behind all these
    int64_t read, after_as_of;
    struct record *reject;
    int64_t rejects, reject_room;
};

struct build {
    struct arena *arena;
    const struct scan *scan;
    int columns; // of the file, and one more if the amount is computed or the rows are numbered
    struct cell_plan *plan;
    int labels;                  // how many columns have labels
    int *label;                  // which
    int key, date;               // the columns of these roles; -1: none
    bool numbered;               // the key's codes are the numbers of records, from 1 in a piece
    int amount, price, quantity; // where amount is computed; amount is -1 where it is not
    int32_t as_of;               // later rows are left out
    int workers;
    struct arena **worker; // one a worker, for what lasts as long as the build
    struct store *store;   // workers x columns
    size_t pieces;
    struct piece **piece; // in file order
    int64_t rows;
};

// `customers` are those there are, with their ranks as codes; NULL: whoever comes.
enum status build_table(struct arena *a, const struct host *host, const struct description *d,
                        const struct described_table *t, const struct scan *s,
                        const struct intern *customers, int32_t as_of, struct build **out,
                        struct err *err);

static inline struct store *build_store(const struct build *b, int worker, int column) {
    return &b->store[worker * b->columns + column];
}

#endif
