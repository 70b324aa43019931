// Playbooks: what to say to a customer, as texts whose braces are filled in.
#ifndef PATRON_POLICY_PLAYBOOK_H
#define PATRON_POLICY_PLAYBOOK_H

#include "metric/board.h"
#include "policy/rule.h"

// A piece of a text: what stands there, or (if the field is given) an expression in braces.
struct piece {
    struct str literal;
    struct rule field;
};

struct template {
    int pieces;
    struct piece *piece;
};

struct playbook {
    struct str name;
    struct template title, text;
    struct rule owner; // whose sheet it is; not given: nobody's
    struct place at;
};

// A playbook of a campaign.
struct attached {
    int channel, playbook; // in the policy's lists; channel -1: any
};

struct campaign;
struct policy;

// What to say in a campaign over a channel of the policy's; NULL: no playbook does.
const struct playbook *playbook_of(const struct policy *p, const struct campaign *c, int channel);

// ---- whom it is about, and what was decided, as names in braces --------------------------------

enum fact { FACT_CUSTOMER, FACT_CAMPAIGN, FACT_GOAL, FACT_OFFER, FACT_CHANNEL, FACT_OWNER, FACTS };

// The column on the board in which they are: whoever fills templates puts it there.
struct str fact_column(enum fact f);
void facts_announce(struct board *b);
// The scope of a playbook's expressions: that of the board, with the facts before everything else,
// but for the owner where there is none (and in the rule that says who it is).
struct scope facts_scope(struct arena *a, const struct playbook *p, const struct rule *rule,
                         struct scope board);

// ---- filling ----------------------------------------------------------------------------------

// What could not be filled in, by name.
struct gaps {
    struct arena *arena;
    int n, size;
    int64_t total;
    struct gap {
        struct str name;
        bool failed; // it has no value for another reason than a missing one
        int64_t times;
    } * gap;
};

// The text for a customer: money with its decimals, dates as YYYY-MM-DD, values without line ends.
// What is missing is said in its place, and counted.
void template_fill(const struct template *t, const struct board *b,
                   const struct column *const *columns, int64_t customer, int decimals,
                   struct gaps *gaps, struct buf *out);
// A text as one line: without what would end it, hide or turn around what follows.
void put_plain(struct buf *out, struct str text);

#endif
