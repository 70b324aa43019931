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

void policy_list_sites(struct arena *a, struct policy *p) {
    p->sites = 0;
    p->site = NULL;
    for (int s = 0; s < p->schemes; s++)
        for (int i = 0; i < p->scheme[s].n; i++) {
            struct class *class = &p->scheme[s].class[i];
            add(a, p,
                (struct site){&class->when, SITE_CONDITION, "when", &p->scheme[s], class, NULL,
                              NULL});
        }
    for (int i = 0; i < p->campaigns; i++) {
        struct campaign *c = &p->campaign[i];
        add(a, p, (struct site){&c->when, SITE_CONDITION, "when", NULL, NULL, c, NULL});
        add(a, p, (struct site){&c->never, SITE_CONDITION, "never", NULL, NULL, c, NULL});
        add(a, p, (struct site){&c->cost, SITE_AMOUNT, "cost", NULL, NULL, c, NULL});
        add(a, p, (struct site){&c->value, SITE_AMOUNT, "value", NULL, NULL, c, NULL});
    }
    for (int i = 0; i < p->referrals; i++)
        add_referral(a, p, &p->referral[i]);
}

const struct site *policy_site(const struct policy *p, const struct rule *rule) {
    for (const struct site *site = p->site; site < p->site + p->sites; site++)
        if (site->rule == rule)
            return site;
    return NULL;
}
