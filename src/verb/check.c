// patron check: what is wrong with a policy, before anything runs.
#include <string.h>

#include "decide/review.h"
#include "trial/belief.h"
#include "verb/all.h"
#include "verb/open.h"

struct check {
    struct policy *policy; // NULL when it could not be read
    const char *path;
    struct findings findings;
};

// A finding of the policy is the result here, not an error of the run; what is no finding (a
// missing file, a helper that cannot start) is.
static enum status settle(enum status status, const struct findings *f, struct err *err) {
    if (!status_is_final(status) && f->errors > 0)
        *err = (struct err){DONE};
    return err->status;
}

// What the data lacks for a metric or an effect shows when that is asked for.
static enum status rehearse(struct call *c, struct check *k, struct board *board,
                            const struct dataset *data, struct err *err) {
    struct decisions *d;
    struct err own = {DONE};
    enum status status = beliefs_take(c->arena, data, k->policy, &own);
    if (status == DONE)
        status = decide(c->arena, c->host, k->policy, board, data, &d, &own);
    if (status_is_final(status))
        return err_set(err, own.status, "%s", own.text);
    for (int i = 0; i < k->policy->routines; i++)
        if (k->policy->routine[i]->disabled)
            findings_add(&k->findings, SEVERITY_WARNING, "keeps-state", k->policy->routine[i]->at,
                         "this function keeps state from one customer to the next, so it fails for "
                         "all of them");
    if (own.status == DONE)
        decide_review(c->arena, d, &k->findings);
    else
        findings_add(&k->findings, SEVERITY_ERROR, "data",
                     (struct place){k->path, own.line, own.column}, "%s", own.text);
    return DONE;
}

static enum status compile(struct call *c, struct check *k, struct err *err) {
    struct loaded loaded;
    const struct dataset *data = NULL;
    if (c->args.n == 2) {
        TRY(open_data(c, c->args.positional[1], &loaded, err));
        data = &loaded.data;
    }
    struct board *board = policy_board(c->arena, k->policy, c->host, data);
    TRY(policy_compile(c->arena, k->policy, board, data, &k->findings, err));
    policy_audit(c->arena, k->policy, board, &k->findings);
    return data ? rehearse(c, k, board, data, err) : DONE;
}

static bool warnings(const struct findings *f) {
    for (int i = 0; i < f->n; i++)
        if (f->list[i].severity == SEVERITY_WARNING)
            return true;
    return false;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct check *k = arena_alloc(c->arena, sizeof *k);
    *result = k;
    k->path = c->args.positional[0];
    enum status status = open_policy(c, k->path, &k->findings, &k->policy, err);
    if (status == DONE)
        status = compile(c, k, err);
    TRY(settle(status, &k->findings, err));
    findings_sort(&k->findings);
    if (k->policy)
        policy_mark_ends(c->arena, k->policy, &k->findings);
    c->refused =
        k->findings.errors > 0 || (warnings(&k->findings) && args_value(&c->args, "--strict"));
    return DONE;
}

static int schemes_of(const struct policy *p, enum scheme_kind kind) {
    int n = 0;
    for (int i = 0; i < p->schemes; i++)
        n += p->scheme[i].kind == kind;
    return n;
}

// What there is of each sort of block; that there are no tiers, campaigns or tests is said, too.
static void blocks_text(struct buf *out, const struct policy *p) {
    const struct {
        int n;
        const char *one, *several;
        bool always;
    } sorts[] = {
        {schemes_of(p, SCHEME_TIERS), "tier system", "tier systems", true},
        {schemes_of(p, SCHEME_SEGMENTS), "segmentation", "segmentations", false},
        {schemes_of(p, SCHEME_MATRIX), "matrix", "matrices", false},
        {schemes_of(p, SCHEME_TREE), "tree", "trees", false},
        {schemes_of(p, SCHEME_TABLE), "decision table", "decision tables", false},
        {p->loyalties, "loyalty programme", "loyalty programmes", false},
        {p->campaigns, "campaign", "campaigns", true},
        {p->contact_policies, "contact policy", "contact policies", false},
        {p->referrals, "referral programme", "referral programmes", false},
        {p->playbooks, "playbook", "playbooks", false},
        {p->tests, "test", "tests", true},
    };
    const char *comma = "";
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (sorts[i].n == 0 && !sorts[i].always)
            continue;
        buf_printf(out, "%s %d %s", comma, sorts[i].n,
                   sorts[i].n == 1 ? sorts[i].one : sorts[i].several);
        comma = ",";
    }
}

static bool has_code_before(const struct findings *f, int i) {
    for (int k = 0; k < i; k++)
        if (strcmp(f->list[k].code, f->list[i].code) == 0)
            return true;
    return false;
}

// What to do is said once for every code.
static void findings_text(struct buf *out, const struct findings *f) {
    for (int i = 0; i < f->n; i++) {
        const char *code = f->list[i].code, *remedy = policy_remedy(code);
        buf_printf(out, "%s [%s]\n", finding_line(f->arena, &f->list[i]), code);
        if (remedy && !has_code_before(f, i))
            buf_printf(out, "    %s\n", remedy);
    }
}

static void text(const void *result, struct buf *out) {
    const struct check *k = result;
    const struct policy *p = k->policy;
    findings_text(out, &k->findings);
    if (k->findings.errors > 0 || !p)
        return;
    buf_printf(out, "%s: \"%.*s\" is sound:", k->path, (int)p->title.n, p->title.p);
    blocks_text(out, p);
    buf_char(out, '\n');
}

// What --set can change, with the values as it would write them.
static void params_json(struct json *j, struct arena *a, const struct policy *p) {
    json_field_open(j, "params", '[');
    for (int i = 0; p && i < p->params; i++) {
        struct buf text = {.arena = a};
        value_print(&p->param[i].value, p->param[i].type, &text);
        json_open(j, '{');
        json_field_str(j, "name", p->param[i].name);
        json_field_str(j, "value", (struct str){text.p, text.n});
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json(const void *result, struct json *j) {
    const struct check *k = result;
    json_open(j, '{');
    json_field_z(j, "policy", k->path);
    json_field_bool(j, "sound", k->findings.errors == 0);
    params_json(j, j->out->arena, k->policy);
    json_key(j, STR("findings"));
    findings_json(j, &k->findings);
    json_close(j, '}');
}

static const struct option options[] = {
    {"--strict", NULL, "refuse warnings, too"},
    OPTIONS_OF_POLICY,
    {"--as-of", "DATE", "with DATA: the day to load it for"},
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_check = {
    .name = "check",
    .synopsis = "POLICY [DATA]",
    .summary = "Find what is wrong with a policy before anything runs",
    .help =
        "Prints every finding as file:line:column. Names are checked against the policy's inputs,\n"
        "metrics and params, and with DATA against what the data holds. Exit status 1 if there\n"
        "is an error (with --strict, or a warning).\n\n"
        "Examples:\n"
        "  patron check policies/card-retention.lua\n"
        "  patron check policies/card-retention.lua samples/bank --json\n",
    .options = options,
    .least = 1,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
