// A scheme while its block is read: classes come one by one, each with its details. A detail is a
// field that is no word of the language (`owner = "Ms Li"`), and becomes a column of the scheme.
#ifndef PATRON_POLICY_DRAFT_H
#define PATRON_POLICY_DRAFT_H

#include "policy/compose.h"
#include "policy/read.h"

struct draft {
    struct reader *reader;
    struct scheme *scheme;
    int errors;         // findings before it
    int classes, saids; // for how many there is room
    int n;              // details said so far,
    struct said {
        int class; // of this class
        const struct field *field;
    } * said;
};

// Begins the scheme that a block declares. NULL if the block is not written as one, which is said;
// else its table.
const struct node *draft_begin(struct draft *d, struct reader *r, const struct node *block,
                               enum scheme_kind kind);
// Whether it has more classes than a scheme may have; then nobody needs another.
bool draft_full(const struct draft *d);
// Another class. It may move when the next one comes.
struct class *draft_class(struct draft *d, struct str name, struct place at);
// A class as a list has it, { "name", when = ..., and its details }, by the words of its kind: a
// tier or a segment. With another form it is refused under that code.
void draft_listed(struct draft *d, const struct node *v, const char *code);
// What the policy says of a class in a field; the field lives as long as the draft.
void draft_detail(struct draft *d, int class, const struct field *field);
// A class that a leaf or cell names, "name" or { "name", ... with its details }, which the
// condition gives to a customer; one of that name before is the same.
void draft_case(struct draft *d, const struct node *v, const struct compose *when);
// Ends it: checks that there are classes, and makes the columns.
void draft_end(struct draft *d);

// ---- blocks while they are read ----------------------------------------------------------------

struct axis {
    struct formula by;
    int cuts; // 0: the levels are the labels of `by`
    struct cut {
        struct formula at; // what `by` is compared with
        struct line line;  // what is learned for that; or none
    } * cut;
    int levels;
    const struct node *level; // their names, from the lowest
};

struct matrix {
    struct axis rows, columns;
    const struct node *cells;
};

struct branch {
    const struct node *yes, *no;
};

#endif
