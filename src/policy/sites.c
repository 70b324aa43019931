// The one list of a policy's rules. Whoever gives a block another rule adds it here: what compiles,
// copies, reads, counts and checks rules walks the list.
#include "policy/policy.h"

static void add(struct arena *a, struct policy *p, struct site site) {
    if (!rule_given(site.rule))
        return;
    if (p->sites % 64 == 0)
        p->site = arena_resize(a, p->site, (size_t)p->sites * sizeof site,
                               ((size_t)p->sites + 64) * sizeof site);
    p->site[p->sites++] = site;
}

static void add_of_channel(struct arena *a, struct policy *p, struct channel *c, struct rule *rule,
                           enum site_kind kind, const char *word) {
    add(a, p, (struct site){.rule = rule, .kind = kind, .word = word, .channel = c});
}

static void add_of_campaign(struct arena *a, struct policy *p, struct campaign *c,
                            struct rule *rule, enum site_kind kind, const char *word) {
    add(a, p, (struct site){.rule = rule, .kind = kind, .word = word, .campaign = c});
}

static void add_of_referral(struct arena *a, struct policy *p, struct referral *k,
                            struct rule *rule, enum site_kind kind, const char *word) {
    add(a, p, (struct site){.rule = rule, .kind = kind, .word = word, .referral = k});
}

static void add_referral(struct arena *a, struct policy *p, struct referral *k) {
    add_of_referral(a, p, k, &k->block, SITE_CONDITION, "block");
    add_of_referral(a, p, k, &k->qualifies, SITE_CONDITION, "qualifies");
    for (int i = 0; i < k->prizes; i++) {
        struct prize *prize = &k->prize[i];
        add_of_referral(a, p, k, &prize->when, SITE_CONDITION, "by");
        add_of_referral(a, p, k, &prize->amount[PARTY_REFERRER], SITE_AMOUNT, "referrer");
        add_of_referral(a, p, k, &prize->amount[PARTY_FRIEND], SITE_AMOUNT, "friend");
    }
    add_of_referral(a, p, k, &k->value, SITE_AMOUNT, "value");
    add_of_referral(a, p, k, &k->claw_back, SITE_CONDITION, "claw_back");
}

static void add_template(struct arena *a, struct policy *p, struct playbook *k, struct template *t,
                         const char *word) {
    for (int i = 0; i < t->pieces; i++)
        add(a, p,
            (struct site){
                .rule = &t->piece[i].field, .kind = SITE_SHOWN, .word = word, .playbook = k});
}

static void add_playbook(struct arena *a, struct policy *p, struct playbook *k) {
    add_template(a, p, k, &k->title, "title");
    add_template(a, p, k, &k->text, "text");
    add(a, p, (struct site){.rule = &k->owner, .kind = SITE_SHOWN, .word = "owner", .playbook = k});
}

void policy_list_sites(struct arena *a, struct policy *p) {
    p->sites = 0;
    p->site = NULL;
    for (int s = 0; s < p->schemes; s++)
        for (int i = 0; i < p->scheme[s].n; i++) {
            struct class *class = &p->scheme[s].class[i];
            add(a, p,
                (struct site){.rule = &class->when,
                              .kind = SITE_CONDITION,
                              .word = "when",
                              .scheme = &p->scheme[s],
                              .class = class});
            add(a, p,
                (struct site){.rule = &class->keep,
                              .kind = SITE_CONDITION,
                              .word = "keep",
                              .scheme = &p->scheme[s],
                              .class = class});
        }
    for (int i = 0; i < p->channels; i++) {
        struct channel *c = &p->channel[i];
        add_of_channel(a, p, c, &c->when, SITE_CONDITION, "when");
        add_of_channel(a, p, c, &c->never, SITE_CONDITION, "never");
        add_of_channel(a, p, c, &c->cost, SITE_AMOUNT, "cost");
    }
    for (int i = 0; i < p->campaigns; i++) {
        struct campaign *c = &p->campaign[i];
        add_of_campaign(a, p, c, &c->when, SITE_CONDITION, "when");
        add_of_campaign(a, p, c, &c->never, SITE_CONDITION, "never");
        add_of_campaign(a, p, c, &c->cost, SITE_AMOUNT, "cost");
        add_of_campaign(a, p, c, &c->value, SITE_AMOUNT, "value");
        add_of_campaign(a, p, c, &c->effect.size, SITE_AMOUNT, effect_name(c->effect.kind));
        add_of_campaign(a, p, c, &c->effect.base, SITE_AMOUNT, "base");
    }
    for (int i = 0; i < p->referrals; i++)
        add_referral(a, p, &p->referral[i]);
    for (int i = 0; i < p->playbooks; i++)
        add_playbook(a, p, &p->playbook[i]);
}

const char *site_owner(const struct site *s, struct str *name) {
    *name = s->scheme     ? s->scheme->name
            : s->channel  ? s->channel->name
            : s->campaign ? s->campaign->name
                          : s->referral->name;
    return s->scheme ? "scheme" : s->channel ? "channel" : s->campaign ? "campaign" : "referral";
}

const struct site *policy_site(const struct policy *p, const struct rule *rule) {
    for (const struct site *site = p->site; site < p->site + p->sites; site++)
        if (site->rule == rule)
            return site;
    return NULL;
}
