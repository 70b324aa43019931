// Names that refer to what was declared above: found, or said not to be there.
#include "policy/read.h"

#include <stddef.h>
#include <string.h>

// Things of a kind, each of which has a name.
struct list {
    const char *what; // one of them is called
    const void *first;
    int n;
    size_t size, name; // of one, and where in it its name stands
};

#define LIST(what, type, first, n)                                                                 \
    &(struct list) {                                                                               \
        what, first, n, sizeof(type), offsetof(type, name)                                         \
    }

static bool next_name(const void *ctx, size_t i, struct str *out) {
    const struct list *list = ctx;
    if (i >= (size_t)list->n)
        return false;
    memcpy(out, (const char *)list->first + i * list->size + list->name, sizeof *out);
    return true;
}

// What there is, for who named nothing that is near.
static const char *names_shown(struct reader *r, struct list *list) {
    enum { SHOWN = 8 };
    struct buf b = {.arena = r->arena};
    struct str name;
    for (size_t i = 0; i < SHOWN && next_name(list, i, &name); i++)
        buf_printf(&b, "%s'%.*s'", i ? ", " : "; the names here are: ", (int)name.n, name.p);
    buf_z(&b, list->n > SHOWN ? " ..." : "");
    return buf_text(&b);
}

static int find(struct reader *r, struct place at, struct str name, struct list *list) {
    struct str other, near = str_nearest(name, next_name, list);
    for (int i = 0; next_name(list, (size_t)i, &other); i++)
        if (str_eq(name, other))
            return i;
    read_wrong(r, at, "unknown-name", "there is no %s '%s'%s%.*s%s", list->what,
               read_shown(r, name), near.n ? "; did you mean '" : "", (int)near.n, near.p,
               near.n ? "'?" : names_shown(r, list));
    return -1;
}

// By its own name or, of the first of a kind, by the kind's: "tier".
int refer_scheme(struct reader *r, struct place at, struct str name) {
    const struct policy *p = r->policy;
    for (int i = 0; i < p->schemes; i++) {
        const char *first = scheme_words[p->scheme[i].kind].first;
        if (first && str_is(name, first))
            return i;
    }
    return find(r, at, name, LIST("tiers or segments block", struct scheme, p->scheme, p->schemes));
}

int refer_class(struct reader *r, struct place at, struct scheme *s, struct str name) {
    return find(r, at, name, LIST(scheme_words[s->kind].class, struct class, s->class, s->n));
}

int refer_channel(struct reader *r, struct place at, struct str name) {
    const struct policy *p = r->policy;
    return find(r, at, name, LIST("channel", struct channel, p->channel, p->channels));
}

int refer_playbook(struct reader *r, struct place at, struct str name) {
    const struct policy *p = r->policy;
    return find(r, at, name, LIST("playbook", struct playbook, p->playbook, p->playbooks));
}

int refer_campaign(struct reader *r, struct place at, struct str name) {
    const struct policy *p = r->policy;
    return find(r, at, name, LIST("campaign", struct campaign, p->campaign, p->campaigns));
}
