// Campaigns: to whom, what, at which cost and value.
#include "base/date.h"
#include "policy/read.h"

bool campaign_lets_go(const struct campaign *c) {
    return str_is(c->offer.kind, "let_go");
}

bool read_campaign(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct campaign *c = &r->policy->campaign[r->policy->campaigns];
    const struct node *body = read_another(r, v, &c->name, &c->at, &r->policy->campaigns);
    (void)row, (void)into;
    if (!body)
        return true;
    c->period = (struct period){DATE_MIN, DATE_MAX};
    read_fields(r, body, "campaign", c);
    bool lets_go = campaign_lets_go(c);
    if (lets_go && c->holdout > 0)
        read_wrong(r, read_field(body, "holdout")->at, "let-go-holdout",
                   "let_go is the decision to do nothing, so there is nothing to hold out; the "
                   "`holdout` of the policy block measures it, too");
    if (lets_go && c->channels > 0)
        read_wrong(r, read_field(body, "channel")->at, "let-go-channel",
                   "let_go is the decision to do nothing, so it has no channel");
    if (c->effect.kind != EFFECT_NONE && !read_field(body, "value"))
        read_wrong(r, read_field(body, "effect")->at, "effect-value",
                   "an `effect` counts times `value`, which is missing: what is it worth?");
    return true;
}
