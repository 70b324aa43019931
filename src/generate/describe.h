// What is said about a generated base: the headers, dataset.json, and truth.json, which has what no
// firm would know.
#ifndef PATRON_GENERATE_DESCRIBE_H
#define PATRON_GENERATE_DESCRIBE_H

#include "generate/generate.h"
#include "generate/world.h"

void describe_header(const struct sheet *s, struct buf *out);
void describe_dataset(const struct world *w, struct buf *out);
// How the base was made: seed, parameters, effects, and the campaign's true effect on those who
// were contacted.
void describe_truth(const struct world *w, const struct generate_options *o, const struct tally *t,
                    struct buf *out);

#endif
