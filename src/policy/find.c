// Blocks and params by name. There are so few of them that they are looked through.
#include "policy/policy.h"

int policy_scheme(const struct policy *p, struct str name) {
    for (int i = 0; i < p->schemes; i++)
        if (str_eq(p->scheme[i].name, name))
            return i;
    return -1;
}

int policy_channel(const struct policy *p, struct str name) {
    for (int i = 0; i < p->channels; i++)
        if (str_eq(p->channel[i].name, name))
            return i;
    return -1;
}

int policy_campaign(const struct policy *p, struct str name) {
    for (int i = 0; i < p->campaigns; i++)
        if (str_eq(p->campaign[i].name, name))
            return i;
    return -1;
}

int policy_referral(const struct policy *p, struct str name) {
    for (int i = 0; i < p->referrals; i++)
        if (str_eq(p->referral[i].name, name))
            return i;
    return -1;
}

int policy_param(const struct policy *p, struct str name) {
    for (int i = 0; i < p->params; i++)
        if (str_eq(p->param[i].name, name))
            return i;
    return -1;
}

bool policy_param_name(const void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->params)
        return false;
    *out = p->param[i].name;
    return true;
}

enum status policy_no_param(struct arena *a, const struct policy *p, struct str name,
                            const char *option, struct err *err) {
    struct str near = str_nearest(name, policy_param_name, p);
    if (p->params == 0)
        return err_set(err, MISUSED, "%s: the policy has no params", option);
    return err_set(err, MISUSED, "%s: the policy has no such param; %s%.*s%s", option,
                   near.n ? "did you mean " : "it has ", (int)near.n, near.p,
                   near.n ? "?" : str_listed(a, policy_param_name, p));
}
