// Types of nodes: what they are called, and what two of them have in common.
#ifndef PATRON_EXPR_KIND_H
#define PATRON_EXPR_KIND_H

#include "expr/tree.h"

// "a number", "an amount of money", "a date", "a flag", "a label" ...
const char *kind_text(struct kind k);

bool kind_numeric(struct kind k); // an integer or a float, whatever it means
bool kind_is_date(struct kind k);

// Whether values of both can stand in one place: be compared, be the branches of a choice.
bool kind_alike(struct kind x, struct kind y);
// The type of a value that is of the one or of the other kind, which are alike. The labels are
// those of both.
struct kind kind_join(struct arena *a, struct kind x, struct kind y);

struct kind kind_of_symbol(struct arena *a, const struct symbol *s);
struct kind kind_of_value(struct arena *a, const struct value *v); // of a literal

#endif
