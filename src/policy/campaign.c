// Campaigns: to whom, what, at which cost and value.
#include "policy/read.h"

bool read_channel(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct campaign *c = into;
    (void)row;
    return read_list(r, v, &c->channels, &c->channel) && c->channels > 0;
}

bool read_campaign(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct campaign *c = &r->policy->campaign[r->policy->campaigns];
    const struct node *body = read_body(r, v, &c->name);
    (void)row, (void)into;
    if (!body)
        return true;
    r->policy->campaigns++;
    c->at = v->at;
    read_no_items(r, body);
    read_fields(r, body, "campaign", c);
    if (c->channels > 0 && str_is(c->offer.kind, "let_go"))
        read_wrong(r, read_field(body, "channel")->at, "let-go-channel",
                   "let_go is the decision to do nothing, so it has no channel");
    return true;
}
