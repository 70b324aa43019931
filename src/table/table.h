// Tables of columns, and the dataset: the tables of one firm as of one day.
#ifndef PATRON_TABLE_TABLE_H
#define PATRON_TABLE_TABLE_H

#include "table/column.h"

// A table. Rows of a table other than customers stand grouped by customer, within that by date
// where it has one, within that in input order.
struct table {
    struct str name; // "customers", "transactions", "events", ...
    int64_t n;
    int columns;
    const struct column *const *column;
    // For every customer the rows start[i] .. start[i + 1] - 1; NULL in the customers table, and in
    // tables that have no customer column.
    const int64_t *start;
    const struct column *date; // the column of that role, or NULL
    struct str region; // the block in which all of it lies (region.h); empty if it was made by hand
    struct seal *seal; // of `start` in a mapped file, as that of a column; or NULL
};

const struct column *table_column(const struct table *t, struct str name); // NULL if none

// Customers are the rows of the customers table or, without one, the distinct customers of the
// other tables. They always stand in the order of their ids: by number if every id is a plain
// integer, else by bytes. So input order, partitions and threads cannot change a result.
struct dataset {
    struct str name, currency;
    int decimals;      // of the currency
    int32_t as_of;     // rows after it do not exist
    int64_t customers; // how many
    bool alone;        // one customer of a base (load/record.h): the others are not here
    // The customers table, which has at least its id column; NULL only of a test, whose customer is
    // put on the board.
    const struct table *people;
    // Its id column, a label whose codes are 0 .. customers - 1. Its dictionary is marked ordered
    // when the ids stand by number.
    const struct column *id;
    int tables;
    const struct table *const *table; // the others
};

const struct table *dataset_table(const struct dataset *d, struct str name); // NULL if none
// The row of a customer, -1 if there is none.
int64_t dataset_find(const struct dataset *d, struct str id);

#endif
