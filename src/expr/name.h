// Names in expressions.
#ifndef PATRON_EXPR_NAME_H
#define PATRON_EXPR_NAME_H

#include "expr/build.h"

// The node of a column or a named constant. `beside` is what it is compared with, or NULL: the name
// may be a label that lacks its quotes. NULL with the error set when there is no such name.
struct node *name_build(struct builder *b, struct span at, struct str name,
                        const struct node *beside);
// The error of a call of what is no function.
struct node *name_no_function(struct builder *b, struct span at, struct str name);
// What to write in place of a word of another language ("AND", "null"), or NULL.
const char *name_advice(struct str word);

#endif
