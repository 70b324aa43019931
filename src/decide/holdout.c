#include "decide/holdout.h"

#include "base/hash.h"

static struct str salt_of(struct arena *a, struct str title, struct str campaign) {
    struct buf b = {.arena = a};
    buf_str(&b, title);
    buf_char(&b, '\n');
    buf_str(&b, campaign);
    return (struct str){b.p, b.n};
}

struct holdouts holdouts_new(struct arena *a, const struct decisions *d) {
    const struct policy *p = d->policy;
    struct holdouts h = {d, p->holdout > 0, p->title,
                         arena_array(a, (size_t)p->campaigns, sizeof *h.campaign)};
    for (int i = 0; i < p->campaigns; i++) {
        h.any |= p->campaign[i].holdout > 0;
        h.campaign[i] = salt_of(a, p->title, p->campaign[i].name);
    }
    return h;
}

static bool held_out(const struct holdouts *h, double share, struct str salt, int64_t customer) {
    return share > 0 && hash_share(salt, column_str(h->decisions->data->id, customer)) < share;
}

enum reason holdout_of(const struct holdouts *h, const struct candidate *c) {
    const struct policy *p = h->decisions->policy;
    if (!h->any)
        return REASON_GRANTED;
    if (held_out(h, p->holdout, h->policy, c->customer))
        return REASON_POLICY_HOLDOUT;
    if (held_out(h, p->campaign[c->campaign].holdout, h->campaign[c->campaign], c->customer))
        return REASON_HOLDOUT;
    return REASON_GRANTED;
}
