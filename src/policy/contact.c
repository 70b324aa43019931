// How customers are reached, and how often they may be: channels and contact policies.
//
// A channel that no block declares is one by being named in a campaign; once one is declared, the
// others must be, too, for a name that means nothing is a slip then.
#include "policy/read.h"

// ---- channels -----------------------------------------------------------------------------------

static struct channel *add_channel(struct reader *r, struct place at) {
    struct policy *p = r->policy;
    if (p->channels == CHANNELS_MOST) {
        read_wrong(r, at, "too-many", "a policy has at most %d channels", CHANNELS_MOST);
        return NULL;
    }
    struct channel *c = &p->channel[p->channels++];
    *c = (struct channel){.capacity = -1, .at = at};
    return c;
}

bool read_channel(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct str name;
    const struct node *body = read_body(r, v, &name);
    struct channel *c = body ? add_channel(r, v->at) : NULL;
    (void)row, (void)into;
    if (!c)
        return true;
    c->name = name;
    r->channels_declared = true;
    read_no_items(r, body);
    read_fields(r, body, "channel", c);
    return true;
}

static int channel_named(struct reader *r, struct str name, struct place at) {
    struct policy *p = r->policy;
    if (r->channels_declared)
        return refer_channel(r, at, name);
    int known = policy_channel(p, name);
    if (known >= 0)
        return known;
    struct channel *c = add_channel(r, at);
    if (!c)
        return -1;
    c->name = name;
    return p->channels - 1;
}

bool read_channels(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct campaign *c = into;
    const struct str *name;
    int n;
    (void)row;
    if (!read_list(r, v, &n, &name) || n == 0)
        return false;
    int *channel = arena_array(r->arena, (size_t)n, sizeof *channel);
    uint32_t seen = 0;
    for (int i = 0; i < n; i++) {
        int k = channel_named(r, name[i], read_list_place(v, i));
        if (k >= 0 && seen >> k & 1)
            read_wrong(r, read_list_place(v, i), "declared-twice",
                       "the channel '%s' stands here twice", read_shown(r, name[i]));
        else if (k >= 0)
            channel[c->channels++] = k;
        seen |= k >= 0 ? (uint32_t)1 << k : 0;
    }
    c->channel = channel;
    return true;
}

// ---- contact policies ---------------------------------------------------------------------------

bool read_policy_channels(struct reader *r, const struct row *row, const struct node *v,
                          void *into) {
    uint32_t *channels = into;
    const struct str *name;
    int n;
    (void)row;
    if (!read_list(r, v, &n, &name) || n == 0)
        return false;
    for (int i = 0; i < n; i++) {
        int k = refer_channel(r, read_list_place(v, i), name[i]);
        *channels |= k >= 0 ? (uint32_t)1 << k : 0;
    }
    return true;
}

bool read_policy_campaigns(struct reader *r, const struct row *row, const struct node *v,
                           void *into) {
    bool *counts = arena_array(r->arena, (size_t)r->policy->campaigns, sizeof *counts);
    const struct str *name;
    int n;
    (void)row;
    if (!read_list(r, v, &n, &name) || n == 0)
        return false;
    for (int i = 0; i < n; i++) {
        int k = refer_campaign(r, read_list_place(v, i), name[i]);
        if (k >= 0)
            counts[k] = true;
    }
    *(const bool **)into = counts;
    return true;
}

bool read_contact_policy(struct reader *r, const struct row *row, const struct node *v,
                         void *into) {
    struct contact_policy *c = &r->contact_policy[r->policy->contact_policies];
    const struct node *body = read_another(r, v, &c->name, &c->at, &r->policy->contact_policies);
    (void)row, (void)into;
    if (!body)
        return true;
    read_fields(r, body, "contact_policy", c);
    if (!read_field(body, "customer") && !read_field(body, "rest"))
        read_wrong(r, v->at, "missing-word",
                   "it limits nothing: say `customer` = { 3, per = months(1) }, or `rest` = "
                   "days(7)");
    return true;
}
