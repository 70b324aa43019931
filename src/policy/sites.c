// The one list of a policy's rules. Whoever gives a block another rule adds it here: what compiles,
// copies, reads, counts and checks rules walks the list.
#include "policy/policy.h"

struct listing {
    struct arena *arena;
    struct policy *policy;
    int size;       // so many have room
    struct site of; // whose rules are listed
};

static void add(struct listing *l, struct rule *rule, enum site_kind kind, const char *word) {
    struct policy *p = l->policy;
    if (!rule_given(rule))
        return;
    p->site = arena_more(l->arena, p->site, p->sites, &l->size, sizeof *p->site);
    p->site[p->sites] = l->of;
    p->site[p->sites].rule = rule;
    p->site[p->sites].kind = kind;
    p->site[p->sites++].word = word;
}

static void add_scheme(struct listing *l, struct scheme *s) {
    for (int i = 0; i < s->n; i++) {
        l->of = (struct site){.scheme = s, .class = &s->class[i]};
        add(l, &s->class[i].when, SITE_CONDITION, "when");
        add(l, &s->class[i].keep, SITE_CONDITION, "keep");
    }
}

static void add_channel(struct listing *l, struct channel *c) {
    l->of = (struct site){.channel = c};
    add(l, &c->when, SITE_CONDITION, "when");
    add(l, &c->never, SITE_CONDITION, "never");
    add(l, &c->cost, SITE_AMOUNT, "cost");
}

static void add_campaign(struct listing *l, struct campaign *c) {
    l->of = (struct site){.campaign = c};
    add(l, &c->when, SITE_CONDITION, "when");
    add(l, &c->never, SITE_CONDITION, "never");
    add(l, &c->offer.amount, SITE_AMOUNT, "offer");
    add(l, &c->cost, SITE_AMOUNT, "cost");
    add(l, &c->value, SITE_AMOUNT, "value");
    add(l, &c->effect.size, SITE_AMOUNT, effect_name(c->effect.kind));
    add(l, &c->effect.base, SITE_AMOUNT, "base");
}

static void add_referral(struct listing *l, struct referral *k) {
    l->of = (struct site){.referral = k};
    add(l, &k->block, SITE_CONDITION, "block");
    add(l, &k->qualifies, SITE_CONDITION, "qualifies");
    for (int i = 0; i < k->prizes; i++) {
        add(l, &k->prize[i].when, SITE_CONDITION, "by");
        add(l, &k->prize[i].amount[PARTY_REFERRER], SITE_AMOUNT, "referrer");
        add(l, &k->prize[i].amount[PARTY_FRIEND], SITE_AMOUNT, "friend");
    }
    add(l, &k->value, SITE_AMOUNT, "value");
    add(l, &k->claw_back, SITE_CONDITION, "claw_back");
}

static void add_template(struct listing *l, struct template *t, const char *word) {
    for (int i = 0; i < t->pieces; i++)
        add(l, &t->piece[i].field, SITE_SHOWN, word);
}

static void add_playbook(struct listing *l, struct playbook *k) {
    l->of = (struct site){.playbook = k};
    add_template(l, &k->title, "title");
    add_template(l, &k->text, "text");
    add(l, &k->owner, SITE_SHOWN, "owner");
}

void policy_list_sites(struct arena *a, struct policy *p) {
    struct listing l = {.arena = a, .policy = p};
    p->sites = 0;
    p->site = NULL;
    for (int i = 0; i < p->schemes; i++)
        add_scheme(&l, &p->scheme[i]);
    for (int i = 0; i < p->channels; i++)
        add_channel(&l, &p->channel[i]);
    for (int i = 0; i < p->campaigns; i++)
        add_campaign(&l, &p->campaign[i]);
    for (int i = 0; i < p->referrals; i++)
        add_referral(&l, &p->referral[i]);
    for (int i = 0; i < p->playbooks; i++)
        add_playbook(&l, &p->playbook[i]);
}

const char *site_owner(const struct site *s, struct str *name) {
    *name = s->scheme     ? s->scheme->name
            : s->channel  ? s->channel->name
            : s->campaign ? s->campaign->name
            : s->referral ? s->referral->name
                          : s->playbook->name;
    return s->scheme     ? "scheme"
           : s->channel  ? "channel"
           : s->campaign ? "campaign"
           : s->referral ? "referral"
                         : "playbook";
}

const struct site *policy_site(const struct policy *p, const struct rule *rule) {
    for (const struct site *site = p->site; site < p->site + p->sites; site++)
        if (site->rule == rule)
            return site;
    return NULL;
}
