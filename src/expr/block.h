// Evaluation of a block of rows, operator by operator.
#ifndef PATRON_EXPR_BLOCK_H
#define PATRON_EXPR_BLOCK_H

#include "expr/tree.h"

// Evaluates at rows first .. first + n - 1. `out` takes n of uint8_t, int64_t or double by the
// shape of the root (SHAPE_NUMBER gives doubles; SHAPE_STRING is not for blocks). Values of rows
// that stopped are arbitrary.
void block_eval(const struct expr *e, const struct column *const *columns, int64_t first, int n,
                struct expr_scratch *s, void *out, uint8_t *stop);

#endif
