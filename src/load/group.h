// Puts the rows of a table in their final order and its columns in a region.
#ifndef PATRON_LOAD_GROUP_H
#define PATRON_LOAD_GROUP_H

#include "load/build.h"
#include "load/rank.h"
#include "table/table.h"

// The labels of a column that are used, of all its workers: sources to be ranked, perhaps together
// with those of other tables. Returns how many it wrote.
int group_sources(struct build *b, int column, struct rank_source *out);

// The ids of a numbered customers table: each row's number in the file, rejected rows counted. The
// cells of its key become their ranks.
struct ranking group_numbers(struct arena *a, struct build *b);

// Rows go by customer, date and input order; in the customers table by customer. The key's labels
// must have been ranked. What the build held is freed column by column. `ids`: the customers, of
// whom there are ids->n; in the customers table they become the labels of its key.
enum status group_table(struct arena *a, const struct host *host, struct build *b,
                        const struct described_table *t, const struct ranking *ids,
                        struct table *out, struct err *err);

// A customers table of nothing but ids.
void group_ids(struct arena *a, const struct ranking *ids, struct table *out);

#endif
