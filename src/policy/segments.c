// Segments: groups of customers without a rank.
#include "policy/scheme.h"

static void read_segment(struct draft *d, const struct node *v) {
    struct reader *r = d->reader;
    struct class *segment = draft_class(d, STR(""), v->at);
    if (v->kind != NODE_TABLE || v->items != 1 || !read_name(r, v->item, &segment->name)) {
        read_wrong(r, v->at, "wrong-segment",
                   "a segment is written { \"name\", when = \"...\" }, got %s",
                   read_described(r, v));
        return;
    }
    read_known_fields(r, v, "segment", segment);
    draft_details(d, d->scheme->n - 1, v, "segment");
}

bool read_segments(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct draft d;
    const struct node *body = draft_begin(&d, r, v, SCHEME_SEGMENTS);
    (void)row, (void)into;
    if (!body)
        return true;
    for (int i = 0; i < body->items; i++)
        read_segment(&d, &body->item[i]);
    read_fields(r, body, "segments", d.scheme); // there are none
    draft_end(&d);
    return true;
}
