// What metrics have learned from a whole base, frozen: so that one customer, or a part of the base,
// is judged as among all. Saved as JSON that people can read.
#ifndef PATRON_MODEL_MODEL_H
#define PATRON_MODEL_MODEL_H

#include "base/hash.h"
#include "base/json.h"
#include "model/cuts.h"
#include "model/line.h"
#include "model/share.h"
#include "table/table.h"

enum { MODEL_FORMAT = 1 };

enum learned_kind {
    LEARNED_NOTHING, // there was nothing to learn from: the metric is missing for everybody
    LEARNED_CUTS,
    LEARNED_SHARE,
    LEARNED_LINE,
};

// What one metric has learned.
struct learned {
    struct str metric;
    enum type from; // what it was learned from; money is another matter than a number
    int64_t values; // and how many of them
    enum learned_kind kind;
    union {
        struct cuts cuts;
        struct share share;
        double line; // money in minor units
    };
    struct str how;  // of a line, whatever became of it: "quantile(0.8) spend"; else empty
    struct place at; // in the file
};

struct model {
    const char *path; // NULL: learned in this run
    char sha256[HASH_HEX];
    struct str dataset, currency;
    struct str data; // fingerprint of the files; empty if nobody took it
    int decimals;
    int32_t as_of;
    int64_t customers;
    int n, size;
    struct learned *learned; // by name of metric
};

// Of a dataset, with nothing learned yet.
struct model model_of(const struct dataset *d);
const struct learned *model_find(const struct model *m, struct str metric); // NULL if none
// Adds what a metric has learned, which is not there yet.
void model_add(struct arena *a, struct model *m, const struct learned *l);

// REFUSED unless `l` is of this kind (with so many cuts) and was learned from such values.
enum status learned_check(const struct learned *l, enum learned_kind kind, int cuts, enum type from,
                          struct err *err);
// REFUSED, with what to do, if the model is of another currency or of a later day.
enum status model_check(const struct model *m, const struct dataset *d, struct err *err);

// What was learned, as a JSON object: two models that judge alike print alike.
void model_print_learned(const struct model *m, struct json *j);
// The whole model as a file. Numbers read back as they were, to the bit.
struct str model_print(struct arena *a, const struct model *m, const char *version);
// Lives in the arena. REFUSED, with file:line:column, for anything that model_print does not write.
enum status model_read(struct arena *a, const char *path, struct model *out, struct err *err);

#endif
