// The forms: calls with a meaning of their own. Each builds the node of the call at `at` from n
// arguments, whose number is checked; NULL with the error set when they do not fit.
#ifndef PATRON_EXPR_FORM_H
#define PATRON_EXPR_FORM_H

#include "expr/build.h"

struct node *form_abs(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_round(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_min(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_max(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_clamp(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_has(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_default(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_one_of(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_at_least(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_days(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_months(struct builder *b, struct span at, struct node **arg, int n);
struct node *form_date(struct builder *b, struct span at, struct node **arg, int n);

// a_date + months(n), months(n) + a_date, a_date - months(n).
struct node *form_shift(struct builder *b, enum op op, struct span at, struct node *x,
                        struct node *y);

#endif
