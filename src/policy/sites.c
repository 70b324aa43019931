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

void policy_list_sites(struct arena *a, struct policy *p) {
    p->sites = 0;
    p->site = NULL;
    for (int s = 0; s < p->schemes; s++)
        for (int i = 0; i < p->scheme[s].n; i++) {
            struct class *class = &p->scheme[s].class[i];
            add(a, p,
                (struct site){&class->when, SITE_CONDITION, "when", &p->scheme[s], class, NULL});
        }
    for (int i = 0; i < p->campaigns; i++) {
        struct campaign *c = &p->campaign[i];
        add(a, p, (struct site){&c->when, SITE_CONDITION, "when", NULL, NULL, c});
        add(a, p, (struct site){&c->never, SITE_CONDITION, "never", NULL, NULL, c});
        add(a, p, (struct site){&c->cost, SITE_AMOUNT, "cost", NULL, NULL, c});
        add(a, p, (struct site){&c->value, SITE_AMOUNT, "value", NULL, NULL, c});
    }
}

const struct site *policy_site(const struct policy *p, const struct rule *rule) {
    for (const struct site *site = p->site; site < p->site + p->sites; site++)
        if (site->rule == rule)
            return site;
    return NULL;
}
