// What a dataset is made of: dataset.json as a struct. It may leave most of it out; looking at the
// files (infer.h) completes it.
#ifndef PATRON_LOAD_DESCRIPTION_H
#define PATRON_LOAD_DESCRIPTION_H

#include "load/missing.h"
#include "load/role.h"

struct described_column {
    struct str header; // as the file has it
    struct str name;   // as the engine has it: the name of a role, or a name of its own
    int type;          // enum type; -1: not said yet
    struct str format; // of a date; empty: any of the dataset's formats
    int values;        // how many labels there can be; 0: any
    const struct str *value;
    struct missing missing; // words that are no values here; more are the table's and the dataset's
    bool ignored;
    const struct role *role; // or NULL
    struct place at;         // where dataset.json says so; a NULL file if it does not
};

struct described_table {
    struct str name;
    const struct table_role *role;
    const char *file;     // as it is opened
    struct str file_name; // as dataset.json has it
    const char *encoding; // as encoding_find has it; NULL: not said, and then found by looking
    struct missing missing;
    bool numbered; // of customers: they have no ids, and a row's number is its customer
    int columns;   // those that are described; once the file was looked at, all of them
    struct described_column *column;
    struct place at;
};

struct description {
    const char *file;                 // dataset.json, or NULL
    struct str name, currency, as_of; // empty: not said
    struct place as_of_at;
    const char *encoding;    // of tables that say no other; NULL: not said
    int decimals;            // of the currency
    char delimiter, decimal; // 0: not said
    int formats;             // of dates; 0: not said
    const struct str *format;
    struct missing missing;
    int tables;
    struct described_table *table;
};

// Reads a dataset.json. REFUSED, with the place, for anything that it does not know.
// (description_read.c)
enum status description_read(struct arena *a, const char *path, struct description *out,
                             struct err *err);
// As a dataset.json; what was said or found out, in full. (description_print.c)
struct str description_print(struct arena *a, const struct description *d);

// The column of that name that is not ignored; NULL if there is none.
struct described_column *description_column(const struct described_table *t, const char *name);

// All words that are no values in a column.
struct missing description_missing(struct arena *a, const struct description *d,
                                   const struct described_table *t,
                                   const struct described_column *c);

// What to write into dataset.json, or how to make one: an entry of the dataset or of the columns of
// the table; the other is NULL. "write "delimiter": ";" into bank/dataset.json".
const char *description_advice(struct arena *a, const struct description *d,
                               const struct described_table *t, const char *entry,
                               const char *column);

#endif
