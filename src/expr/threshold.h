// What-if: to which value must one column change for a clause to come out the other way?
#ifndef PATRON_EXPR_THRESHOLD_H
#define PATRON_EXPR_THRESHOLD_H

#include "expr/row.h"

// Fills the threshold, slot and distance of the clause that is the leaf n, whose truth at the row
// is not the wanted one. Nothing is claimed that evaluation did not confirm.
void threshold_find(const struct node *n, struct row *r, struct clause *c);

#endif
