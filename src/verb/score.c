// patron score: who gets what.
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "decide/advice.h"
#include "sink/clauses.h"
#include "sink/referrals.h"
#include "sink/rows.h"
#include "verb/all.h"
#include "verb/callsheets.h"
#include "verb/limits.h"
#include "verb/loyalty.h"
#include "verb/names.h"
#include "verb/open.h"
#include "verb/planned.h"
#include "verb/rewards.h"

struct score {
    struct opened opened;
    const struct decisions *decisions;
    struct outcomes *outcomes; // of --clauses, or NULL
    struct str key;            // of their codes
    struct programmes programmes;
    struct callsheets callsheets;
    struct carried_out plan; // of --plan
    const struct call *call;
};

// What became of the tiers before.
static void states_json(struct json *j, const struct standing *t) {
    if (!t->state)
        return;
    json_field_open(j, "(states)", '{');
    for (int i = 0; i < TIER_STATES; i++)
        json_field_integer(j, tier_states[i], t->state_count[i]);
    json_field_integer(j, "tier before unknown", t->strange);
    json_field_integer(j, "tier before is later", t->later);
    json_close(j, '}');
}

static void counts_json(struct json *j, const struct decisions *d) {
    json_open(j, '{');
    json_field_integer(j, "customers", d->data->customers);
    json_field_open(j, "schemes", '{');
    for (int s = 0; s < d->policy->schemes; s++) {
        const struct standing *t = &d->standing[s];
        json_key(j, t->scheme->name);
        json_open(j, '{');
        for (int i = 0; i < t->scheme->n; i++) {
            json_key(j, t->scheme->class[i].name);
            json_integer(j, t->count[i]);
        }
        json_key(j, STR("(none)"));
        json_integer(j, t->count[t->scheme->n]);
        json_key(j, STR("(undecided)"));
        json_integer(j, t->undecided_count);
        states_json(j, t);
        json_close(j, '}');
    }
    json_close(j, '}');
    json_field_open(j, "campaigns", '{');
    for (int c = 0; c < d->policy->campaigns; c++) {
        json_key(j, d->policy->campaign[c].name);
        json_open(j, '{');
        for (int r = 0; r < REASONS; r++) {
            json_key(j, str_of(reason_name((enum reason)r)));
            json_integer(j, d->count[c][r]);
        }
        json_close(j, '}');
    }
    json_close(j, '}');
    json_key(j, STR("limits"));
    limits_json(j, d);
    json_field_open(j, "granted", '{');
    json_field_money(j, "cost", d->granted_cost, d->data->decimals);
    json_field_money(j, "value", d->granted_value, d->data->decimals);
    json_field_integer(j, "losing", d->losing);
    json_close(j, '}');
    rewards_json(d, j);
    json_field_integer(j, "faulty_customers", d->faulty);
    json_close(j, '}');
}

// ---- running ----------------------------------------------------------------------------------

// The columns of --metrics, those of --advice, and that of --clauses.
static enum status more_columns(struct call *c, struct score *s, const struct column *const **out,
                                int *n, struct err *err) {
    const struct policy *p = s->opened.policy;
    const struct column *const *metrics;
    TRY(columns_of(c->arena, s->opened.board, args_value(&c->args, "--metrics"), &metrics, n, err));
    const struct column **all =
        arena_array(c->arena, (size_t)*n + (size_t)p->schemes + 1, sizeof *all);
    for (int i = 0; i < *n; i++)
        all[i] = metrics[i];
    *out = all;
    for (int i = 0; i < p->schemes && args_value(&c->args, "--advice"); i++)
        if (p->scheme[i].kind == SCHEME_TIERS)
            TRY(advice_column(c->arena, c->host, s->decisions, i, &all[(*n)++], err));
    if (!s->outcomes)
        return DONE;
    return clauses_code(c->arena, c->host, p, s->outcomes, &all[(*n)++], &s->key, err);
}

static enum status write_rows(struct call *c, struct score *s, struct output *o, struct err *err) {
    const struct column *const *extra;
    int n;
    struct sheet sheet;
    struct sheet_options options = rows_options(c, o->path);
    TRY(more_columns(c, s, &extra, &n, err));
    decision_rows(c->arena, s->decisions, extra, n, &sheet);
    return sheet_write(c->arena, c->host, &sheet, &options, &o->out, err);
}

// A sheet beside the rows.
static enum status write_sheet(struct call *c, struct score *s,
                               void (*rows)(struct arena *a, const struct decisions *d,
                                            struct sheet *out),
                               struct output *o, struct err *err) {
    struct sheet sheet;
    struct sheet_options options = rows_options(c, o->path);
    rows(c->arena, s->decisions, &sheet);
    return sheet_write(c->arena, c->host, &sheet, &options, &o->out, err);
}

static enum status write_candidates(struct call *c, struct score *s, struct output *o,
                                    struct err *err) {
    return write_sheet(c, s, candidate_rows, o, err);
}

static enum status write_rewards(struct call *c, struct score *s, struct output *o,
                                 struct err *err) {
    return write_sheet(c, s, reward_rows, o, err);
}

static enum status write_referrals(struct call *c, struct score *s, struct output *o,
                                   struct err *err) {
    return write_sheet(c, s, referral_rows, o, err);
}

static enum status write_key(struct call *c, struct score *s, struct output *o, struct err *err) {
    TRY(out_open(c->arena, c->host, o->path, &o->out, err));
    return out_write(o->out, s->key.p, s->key.n, err);
}

static enum status write_manifest(struct call *c, struct score *s, const struct output *outputs,
                                  int n, struct err *err) {
    struct buf counts = {.arena = c->arena};
    struct json j = {.out = &counts};
    const char *path = outputs[0].path;
    counts_json(&j, s->decisions);
    outputs = callsheets_outputs(c, &s->callsheets, outputs, &n);
    return call_manifest(c, &s->opened, &counts, path, outputs, n, err);
}

// The manifest, which says what the outputs are, comes last.
static enum status write_outputs(struct call *c, struct score *s, struct err *err) {
    const struct {
        const char *path;
        enum status (*write)(struct call *c, struct score *s, struct output *o, struct err *err);
    } parts[] = {
        {rows_path(c), write_rows},
        {args_value(&c->args, "--candidates"), write_candidates},
        {args_value(&c->args, "--clauses"), write_key},
        {args_value(&c->args, "--rewards"), write_rewards},
        {args_value(&c->args, "--referrals"), write_referrals},
    };
    enum { PARTS = sizeof parts / sizeof *parts };
    struct output output[PARTS];
    const char *path = parts[0].path;
    int n = 0;
    for (int i = 0; i < PARTS; i++) {
        if (!parts[i].path)
            continue;
        output[n].path = parts[i].path;
        TRY(parts[i].write(c, s, &output[n++], err));
    }
    for (int i = 0; i < n; i++)
        call_output(c, output[i].out);
    if (path && !out_is_stdout(path) && strncmp(path, "/dev/", 5) != 0)
        return write_manifest(c, s, output, n, err);
    return DONE;
}

static enum status check_sheet(struct call *c, const char *option, struct err *err) {
    const char *path = args_value(&c->args, option);
    struct sheet_options options = rows_options(c, path);
    if (path && strcmp(path, "-") == 0)
        return err_set(err, MISUSED, "%s takes a file: standard output is for the rows", option);
    return path ? sheet_check(&options, err) : DONE;
}

// A wrong output is said before the long work, not after it.
static enum status check_outputs(struct call *c, struct err *err) {
    const char *path = rows_path(c), *clauses = args_value(&c->args, "--clauses");
    struct sheet_options rows = rows_options(c, path);
    if (path)
        TRY(sheet_check(&rows, err));
    if (clauses && (!path || strcmp(clauses, "-") == 0))
        return err_set(err, MISUSED,
                       "--clauses takes a file for the key to the codes, which are a column of the "
                       "rows%s",
                       path ? "" : ": give -o FILE, too");
    TRY(check_sheet(c, "--candidates", err));
    TRY(check_sheet(c, "--rewards", err));
    return check_sheet(c, "--referrals", err);
}

static enum status check_rewards(struct call *c, const struct score *s, struct err *err) {
    if (s->opened.policy->referrals > 0)
        return DONE;
    const char *option = args_value(&c->args, "--rewards")     ? "--rewards"
                         : args_value(&c->args, "--referrals") ? "--referrals"
                                                               : NULL;
    if (!option)
        return DONE;
    return err_set(err, MISUSED, "%s is about the referrals of a policy, and %s has none", option,
                   s->opened.policy->path.p);
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct score *s = arena_alloc(c->arena, sizeof *s);
    struct decisions *d;
    *result = s;
    s->call = c;
    TRY(check_outputs(c, err));
    TRY(open_both(c, c->args.positional[0], c->args.positional[1], &s->opened, err));
    TRY(check_rewards(c, s, err));
    TRY(plan_open(c, &s->opened, err));
    TRY(callsheets_begin(c, s->opened.policy, err));
    if (args_value(&c->args, "--clauses"))
        s->outcomes = outcomes_new(c->arena, s->opened.policy, s->opened.loaded.data.customers);
    TRY(decide(c->arena, c->host, s->opened.policy, s->opened.board, &s->opened.loaded.data, &d,
               err));
    s->decisions = d;
    plan_close(c, d, &s->plan);
    TRY(programmes_sum(c->arena, &s->opened, &s->programmes, err));
    TRY(callsheets_fill(c, d, &s->callsheets, err));
    note_faults(c, d);
    return write_outputs(c, s, err);
}

// ---- showing ----------------------------------------------------------------------------------

static void states_text(struct buf *out, const struct standing *t) {
    if (!t->state)
        return;
    buf_z(out, "   ");
    for (int i = 0, some = 0; i < TIER_STATES; i++)
        if (t->state_count[i])
            buf_printf(out, "%s %s %lld", some++ ? "," : "", tier_states[i],
                       (long long)t->state_count[i]);
    if (t->strange)
        buf_printf(out, "; %lld with a tier before that the policy does not have",
                   (long long)t->strange);
    if (t->later)
        buf_printf(out, "; %lld with one from after the as-of date", (long long)t->later);
    buf_char(out, '\n');
}

static void scheme_text(struct buf *out, const struct standing *t) {
    const struct scheme_words *words = &scheme_words[t->scheme->kind];
    buf_printf(out, "  %.*s:", (int)t->scheme->name.n, t->scheme->name.p);
    for (int i = 0; i < t->scheme->n; i++) {
        struct str name = t->scheme->class[i].name;
        buf_printf(out, "%s %.*s %lld", i ? "," : "", (int)name.n, name.p, (long long)t->count[i]);
    }
    if (t->count[t->scheme->n])
        buf_printf(out, ", no %s %lld", words->class, (long long)t->count[t->scheme->n]);
    if (t->undecided_count)
        buf_printf(out, "; for %lld of them a value was missing that a %s%s needs",
                   (long long)t->undecided_count, words->class,
                   t->scheme->kind == SCHEME_TIERS ? " above" : "");
    buf_char(out, '\n');
    states_text(out, t);
}

static void campaign_text(struct buf *out, const struct decisions *d, int c) {
    struct str name = d->policy->campaign[c].name;
    buf_printf(out, "  %.*s:", (int)name.n, name.p);
    for (int r = 0, some = 0; r < REASONS; r++)
        if (d->count[c][r] || r == REASON_GRANTED)
            buf_printf(out, "%s %s %lld", some++ ? "," : "", reason_name((enum reason)r),
                       (long long)d->count[c][r]);
    buf_char(out, '\n');
    for (const struct stock *k = d->stock; k < d->stock + d->stocks; k++)
        if (k->campaign == c) {
            buf_z(out, "    ");
            limit_text(out, d, k);
            buf_char(out, '\n');
        }
}

static void capacities_text(struct buf *out, const struct decisions *d) {
    for (const struct stock *k = d->stock; k < d->stock + d->stocks; k++) {
        if (k->kind != STOCK_CAPACITY)
            continue;
        struct str name = d->policy->channel[k->owner].name;
        buf_printf(out, "  %.*s: ", (int)name.n, name.p);
        limit_text(out, d, k);
        buf_char(out, '\n');
    }
}

// How many, and the first of them.
static void losing_text(const struct decisions *d, struct buf *out) {
    enum { SHOWN = 5 };
    int64_t left = d->losing;
    if (left == 0)
        return;
    buf_printf(out, "; %lld offer%s for less value than cost (net below 0): ", (long long)left,
               plural(left));
    for (int64_t i = 0; left > 0 && left > d->losing - SHOWN; i++) {
        const struct candidate *c = &d->candidate[i];
        if (!decide_granted(d, c) || !decide_losing(d, c))
            continue;
        buf_z(out, left-- < d->losing ? ", " : "");
        buf_str(out, column_str(d->data->id, c->customer));
    }
    buf_z(out, left > 0 ? " ..." : "");
}

static void text(const void *result, struct buf *out) {
    const struct score *s = result;
    const struct decisions *d = s->decisions;
    char date[10], cost[NUMBER_MAX], value[NUMBER_MAX];
    date_print(d->data->as_of, date);
    buf_printf(out, "%.*s, %lld customer%s as of %.10s, policy \"%.*s\"\n", (int)d->data->name.n,
               d->data->name.p, (long long)d->data->customers, plural(d->data->customers), date,
               (int)d->policy->title.n, d->policy->title.p);
    for (int i = 0; i < d->policy->schemes; i++)
        scheme_text(out, &d->standing[i]);
    programmes_text(&s->programmes, d->data, out);
    for (int c = 0; c < d->policy->campaigns; c++)
        campaign_text(out, d, c);
    capacities_text(out, d);
    rewards_text(d, out);
    if (d->policy->campaigns == 0)
        return;
    buf_printf(out, "  granted in all: cost %.*s, value %.*s%s%.*s",
               money_print(d->granted_cost, d->data->decimals, cost), cost,
               money_print(d->granted_value, d->data->decimals, value), value,
               d->data->currency.n ? " " : "", (int)d->data->currency.n, d->data->currency.p);
    losing_text(d, out);
    buf_char(out, '\n');
    carried_out_text(&s->plan, out);
    callsheets_text(s->call, &s->callsheets, out);
}

// "campaign", "channel", "tier", "cell" ...: its name.
static void owner_json(struct json *j, const struct site *site) {
    if (site->campaign)
        json_field_str(j, "campaign", site->campaign->name);
    else if (site->referral)
        json_field_str(j, "referral", site->referral->name);
    else if (site->channel)
        json_field_str(j, "channel", site->channel->name);
    else
        json_field_str(j, scheme_words[site->scheme->kind].class, site->class->name);
}

enum { FAILURES_TOLD = 100 };

static void failures_json(struct json *j, const struct decisions *d) {
    json_open(j, '{');
    json_field_integer(j, "total", d->failures);
    json_field_open(j, "first", '[');
    for (int64_t i = 0; i < d->failures && i < FAILURES_TOLD; i++) {
        const struct failure *f = &d->failure[i];
        json_open(j, '{');
        json_field_str(j, "customer", column_str(d->data->id, f->customer));
        owner_json(j, policy_site(d->policy, f->rule));
        json_field_integer(j, "line", f->line);
        json_field_z(j, "reason", f->text);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void json(const void *result, struct json *j) {
    const struct score *s = result;
    json_open(j, '{');
    json_field_str(j, "policy", s->opened.policy->title);
    json_key(j, STR("data"));
    data_json(j, &s->opened.loaded);
    json_key(j, STR("counts"));
    counts_json(j, s->decisions);
    if (s->programmes.n > 0)
        programmes_json(&s->programmes, j);
    if (s->call->folder)
        callsheets_json(&s->callsheets, j);
    carried_out_json(&s->plan, j);
    json_key(j, STR("failures"));
    failures_json(j, s->decisions);
    json_key(j, STR("findings"));
    findings_json(j, &s->opened.findings);
    json_close(j, '}');
}

static const struct option options[] = {
    {"-o", "FILE", "write the decisions here (.csv, .json or .ndjson), with a manifest beside it"},
    {"--metrics", "NAMES",
     "add these columns, e.g. spend,recency_days (`patron metrics` lists them)"},
    {"--advice", NULL,
     "add a column a tiers block that says what would keep or raise the customer's tier"},
    {"--candidates", "FILE", "write every customer and campaign with its reason"},
    {"--rewards", "FILE",
     "write what the policy's referrals are to be rewarded with: what is paid of it belongs in the "
     "table rewards"},
    {"--referrals", "FILE", "write every row of referrals and referral block with its reason"},
    {"--clauses", "FILE",
     "add a column of codes that tell what every clause came to, and write the key to them here, a "
     "JSON document; `patron recall` explains a code"},
    {"--playbooks", "FOLDER",
     "write what to say to whom into this new folder: call sheets, by channel and owner"},
    {"--raw", NULL, "write texts as they are, also those a spreadsheet would run as a formula"},
    OPTION_OF_PLAN,
    OPTION_OF_MODEL,
    OPTION_OF_ENCODING,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_score = {
    .name = "score",
    .synopsis = "DATA POLICY",
    .summary = "Decide by a policy for every customer",
    .help =
        "Writes one row a customer: customer, tier, campaign, offer, channel, cost, value, net\n"
        "and reason. Without -o the rows go to standard output and the summary to standard\n"
        "error. With --json the summary is one JSON document; give -o FILE for the rows.\n\n"
        "Examples:\n"
        "  patron score samples/bank policies/card-retention.lua -o decisions.csv\n"
        "  patron score samples/bank policies/card-retention.lua --set high_value=500\n"
        "  patron score samples/rfm-nine policies/churn-warning.lua --metrics rf_ratio\n",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
