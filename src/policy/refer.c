// Names that refer to what was declared above: found, or said not to be there.
#include "policy/read.h"

static int find(struct reader *r, struct place at, const char *what, struct str name,
                bool (*next)(void *ctx, size_t i, struct str *out), void *ctx) {
    struct str other, near = str_nearest(name, next, ctx);
    for (int i = 0; next(ctx, (size_t)i, &other); i++)
        if (str_eq(name, other))
            return i;
    read_wrong(r, at, "unknown-name", "there is no %s '%s'%s%.*s%s", what, read_shown(r, name),
               near.n ? "; did you mean '" : "", (int)near.n, near.p, near.n ? "'?" : "");
    return -1;
}

static bool next_scheme(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->schemes)
        return false;
    *out = p->scheme[i].name;
    return true;
}

static bool next_class(void *ctx, size_t i, struct str *out) {
    const struct scheme *s = ctx;
    if (i >= (size_t)s->n)
        return false;
    *out = s->class[i].name;
    return true;
}

static bool next_channel(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->channels)
        return false;
    *out = p->channel[i].name;
    return true;
}

static bool next_playbook(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->playbooks)
        return false;
    *out = p->playbook[i].name;
    return true;
}

static bool next_campaign(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->campaigns)
        return false;
    *out = p->campaign[i].name;
    return true;
}

// By its own name or, of the first of a kind, by the kind's: "tier".
int refer_scheme(struct reader *r, struct place at, struct str name) {
    const struct policy *p = r->policy;
    for (int i = 0; i < p->schemes; i++) {
        const char *first = scheme_words[p->scheme[i].kind].first;
        if (first && str_is(name, first))
            return i;
    }
    return find(r, at, "tiers or segments block", name, next_scheme, r->policy);
}

int refer_class(struct reader *r, struct place at, struct scheme *s, struct str name) {
    return find(r, at, scheme_words[s->kind].class, name, next_class, s);
}

int refer_channel(struct reader *r, struct place at, struct str name) {
    return find(r, at, "channel", name, next_channel, r->policy);
}

int refer_playbook(struct reader *r, struct place at, struct str name) {
    return find(r, at, "playbook", name, next_playbook, r->policy);
}

int refer_campaign(struct reader *r, struct place at, struct str name) {
    return find(r, at, "campaign", name, next_campaign, r->policy);
}
