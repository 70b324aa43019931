#include "verb/held.h"

#include <string.h>

static const struct option data_options[] = {
    OPTIONS_OF_DATA,
    OPTION_OF_THREADS,
    {NULL, NULL, NULL},
};

static const struct option policy_options[] = {
    OPTIONS_OF_POLICY,
    {NULL, NULL, NULL},
};

// What was settled at opening is not settled anew.
static enum status check_settled(const struct args *a, const struct option *options,
                                 const char *what, struct err *err) {
    for (const struct option *o = options; o->name; o++)
        if (args_value(a, o->name) && strcmp(o->name, "--threads") != 0)
            return err_set(err, MISUSED, "%s is said when the %s is opened, and this one is open",
                           o->name, what);
    return DONE;
}

enum status held_data(struct call *c, const char *const *outputs, struct loaded *out,
                      struct err *err) {
    TRY(check_settled(&c->args, data_options, "data", err));
    TRY(load_spares(c->held.data, outputs, err));
    *out = *c->held.data;
    for (int i = 0; i < out->sources; i++)
        c->partial = c->partial || out->source[i].rejected > 0;
    return DONE;
}

// Each run says again what was found when the script ran.
enum status held_policy(struct call *c, bool set, struct findings *findings, struct policy **out,
                        struct err *err) {
    const struct findings *held = &c->held.policy->findings;
    if (set)
        TRY(check_settled(&c->args, policy_options, "policy", err));
    findings->arena = c->arena;
    for (int i = 0; i < held->n; i++)
        findings_add(findings, held->list[i].severity, held->list[i].code, held->list[i].at, "%s",
                     held->list[i].text);
    *out = policy_copy(c->arena, c->held.policy->policy);
    return DONE;
}

// ---- opening it ---------------------------------------------------------------------------------

static enum status run_open_data(struct call *c, void **result, struct err *err) {
    struct loaded *loaded = arena_alloc(c->arena, sizeof *loaded);
    *result = loaded;
    return open_data(c, c->args.positional[0], loaded, err);
}

static enum status run_open_policy(struct call *c, void **result, struct err *err) {
    struct opened_policy *o = arena_alloc(c->arena, sizeof *o);
    *result = o;
    enum status status = open_policy(c, c->args.positional[0], &o->findings, &o->policy, err);
    note_errors(c, &o->findings);
    return status;
}

const struct verb verb_open_data = {
    .name = "patron_data_open",
    .synopsis = "DATA",
    .options = data_options,
    .least = 1,
    .most = 1,
    .run = run_open_data,
};

const struct verb verb_open_policy = {
    .name = "patron_policy_open",
    .synopsis = "POLICY",
    .options = policy_options,
    .least = 1,
    .most = 1,
    .run = run_open_policy,
};
