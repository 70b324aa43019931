// Segments: groups of customers without a rank.
#include "policy/draft.h"

bool read_segments(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct draft d;
    const struct node *body = draft_begin(&d, r, v, SCHEME_SEGMENTS);
    (void)row, (void)into;
    if (!body)
        return true;
    for (int i = 0; i < body->items && !draft_full(&d); i++)
        draft_listed(&d, &body->item[i], "wrong-segment");
    read_fields(r, body, "segments", d.scheme); // there are none
    draft_end(&d);
    return true;
}
