// patron evaluate: what a campaign really did, from the arms that its customers were drawn into.
#include "verb/evaluate.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "trial/groups.h"
#include "verb/all.h"
#include "verb/names.h"

enum { PLANNED = 5000, SEGMENTS_MOST = 200 };

// ---- what was asked for -------------------------------------------------------------------------

static enum status check_usage(const struct call *c, struct err *err) {
    bool campaign = args_value(&c->args, "--campaign"), arms = args_value(&c->args, "--arms");
    if (campaign == arms)
        return err_set(err, MISUSED,
                       "say %s: --campaign NAME for one of the table contacts, or --arms COLUMN "
                       "for arms that a column of the customers names (or --arms FILE, as "
                       "plan-test wrote it)",
                       campaign ? "one of the two" : "what is to be evaluated");
    if (c->args.n < 2 && args_value(&c->args, "--set"))
        return err_set(err, MISUSED, "--set changes a policy's param: name the policy, too");
    return evaluate_offpolicy_usage(c, err);
}

// A policy's schemes are on the board once it has decided, and then it is known what it gives.
static enum status open_it(struct call *c, struct evaluation *x, struct err *err) {
    const char *data = c->args.positional[0];
    struct decisions *d;
    if (c->args.n < 2)
        return open_alone(c, data, &x->opened, err);
    x->policy = c->args.positional[1];
    TRY(open_both(c, data, x->policy, &x->opened, err));
    if (!x->opened.policy->schemes && !args_value(&c->args, "--off-policy"))
        return DONE;
    TRY(decide(c->arena, c->host, x->opened.policy, x->opened.board, &x->opened.loaded.data, &d,
               err));
    note_faults(c, d);
    x->decisions = d;
    return DONE;
}

static enum status column_of(struct evaluation *x, const char *name, const struct column **out,
                             struct err *err) {
    return board_column(x->opened.board, str_of(name), out, err);
}

// ---- the experiment -----------------------------------------------------------------------------

static enum status read_experiment(struct call *c, struct evaluation *x, struct err *err) {
    const char *arms = args_value(&c->args, "--arms"), *cost = args_value(&c->args, "--cost");
    const char *control = args_value(&c->args, "--control");
    const struct dataset *data = &x->opened.loaded.data;
    const struct column *column;
    double amount;
    if (arms) {
        TRY(evaluate_arms(c, x, &column, err));
        TRY(experiment_of_column(c->arena, column, control, &x->experiment, err));
    } else {
        TRY(experiment_of_campaign(c->arena, data, args_value(&c->args, "--campaign"), control,
                                   &x->experiment, err));
    }
    if (x->experiment.armless) {
        host_note(c->host, "left out: %lld customer%s of %.*s whose arm no contact says",
                  (long long)x->experiment.armless, plural(x->experiment.armless),
                  (int)x->experiment.name.n, x->experiment.name.p);
        c->partial = true;
    }
    if (!cost)
        return DONE;
    if (number_double(str_of(cost), '.', &amount))
        return err_set(err, MISUSED,
                       "--cost takes the name of a column that says what each customer cost, got "
                       "%s; where all cost the same, a metric of the policy says it",
                       cost);
    TRY(column_of(x, cost, &column, err));
    return experiment_take_cost(c->arena, column, data->decimals, &x->experiment, err);
}

static const char *names_of_arms(struct arena *a, const struct experiment *x) {
    struct buf b = {.arena = a};
    for (int i = 0; i < x->arms; i++)
        buf_printf(&b, "%s%.*s", i > 0 ? ", " : "", (int)x->arm[i].name.n, x->arm[i].name.p);
    return buf_text(&b);
}

static int arm_of_name(const struct experiment *x, struct str name) {
    for (int k = 0; k < x->arms; k++)
        if (str_eq(x->arm[k].name, name))
            return k;
    return -1;
}

// "0.2", of the arm in its turn, or "mail=0.2" as plan-test has it. Whose arm has no customers is
// not kept.
static enum status read_share(struct str text, int turn, const struct experiment *x,
                              const char *list, double *share, struct err *err) {
    const char *equals = memchr(text.p, '=', text.n);
    size_t name = equals ? (size_t)(equals - text.p) : 0, skip = equals ? name + 1 : 0;
    int arm = equals ? arm_of_name(x, (struct str){text.p, name}) : turn;
    double ignored, *out = arm >= 0 && arm < x->arms ? &share[arm] : &ignored;
    if (number_double((struct str){text.p + skip, text.n - skip}, '.', out) && *out > 0)
        return DONE;
    return err_set(err, MISUSED,
                   "--shares takes numbers above 0, such as 1,4 or 0.2,0.8, or "
                   "control=0.2,mail=0.8, got '%s'",
                   list);
}

static enum status read_shares(struct arena *a, const char *list, const struct experiment *x,
                               double *share, struct err *err) {
    int n = 0, without = 0;
    for (int k = 0; k < x->arms; k++)
        share[k] = 0;
    for (const char *p = list; p; n++) {
        size_t length = strcspn(p, ",");
        TRY(read_share((struct str){p, length}, n, x, list, share, err));
        p = p[length] ? p + length + 1 : NULL;
    }
    for (int k = 0; k < x->arms; k++)
        without += share[k] == 0;
    if (n == x->arms && !without)
        return DONE;
    return err_set(err, REFUSED,
                   "--shares has %d share%s, and %.*s has %d arms with customers, each of which "
                   "takes one, the control first: %s; was an arm left empty?",
                   n, plural(n), (int)x->name.n, x->name.p, x->arms, names_of_arms(a, x));
}

static enum status read_clusters(struct call *c, struct evaluation *x, struct err *err) {
    const struct column *column;
    x->cluster = args_value(&c->args, "--cluster");
    if (x->cluster) {
        TRY(column_of(x, x->cluster, &column, err));
        struct clusters *clusters = arena_alloc(c->arena, sizeof *clusters);
        *clusters = clusters_of(c->arena, column);
        x->comparing.clusters = clusters;
    }
    x->unit = clusters_first(c->arena, x->comparing.clusters, x->experiment.customers);
    return DONE;
}

// What was drawn into the arms: customers or, by --cluster, clusters of them.
static void count_drawn(struct call *c, const struct evaluation *x, int64_t *drawn) {
    for (int k = 0; k < x->experiment.arms; k++)
        drawn[k] = x->cluster ? 0 : x->experiment.arm[k].customers;
    if (!x->cluster)
        return;
    int64_t split = clusters_count(x->comparing.clusters, x->experiment.of, drawn);
    if (split)
        host_note(c->host,
                  "%lld cluster%s in two arms (--cluster %s): was it not drawn by them? What one "
                  "member got may move another",
                  (long long)split, split == 1 ? " is" : "s are", x->cluster);
}

// As --shares says; else by the holdouts of the policy, if there is one other arm; else equal.
static enum status check_ratio(struct call *c, struct evaluation *x, struct err *err) {
    const char *list = args_value(&c->args, "--shares");
    const struct policy *p = x->opened.policy;
    int campaign = p ? policy_campaign(p, x->experiment.name) : -1;
    int64_t drawn[ARMS_MOST];
    double share[ARMS_MOST];
    for (int i = 0; i < ARMS_MOST; i++)
        share[i] = 1;
    if (campaign >= 0 && x->experiment.arms == 2) {
        double treated = (1 - p->holdout) * (1 - p->campaign[campaign].holdout);
        if (treated < 1) {
            share[0] = 1 - treated;
            share[1] = treated;
            x->shares_said = true;
        }
    }
    x->shares_said |= list != NULL;
    if (list)
        TRY(read_shares(c->arena, list, &x->experiment, share, err));
    count_drawn(c, x, drawn);
    x->ratio = ratio_of(x->experiment.arms, drawn, share);
    return DONE;
}

// ---- what is compared, and by what --------------------------------------------------------------

static enum status read_before(struct call *c, struct evaluation *x, struct err *err) {
    const struct column *column;
    x->before = args_value(&c->args, "--before");
    if (!x->before)
        return DONE;
    TRY(column_of(x, x->before, &column, err));
    if (!type_numeric(column->type) && column->type != TYPE_FLAG)
        return err_set(err, REFUSED, "--before %s: it is a %s, and a number is needed", x->before,
                       type_name(column->type));
    double *before;
    TRY(upshot_values(c->arena, column, &before, err));
    x->comparing.before = before;
    return DONE;
}

// Customers without a label are a segment, too.
static enum status read_segments(struct call *c, struct evaluation *x, struct err *err) {
    const struct column *column;
    x->by = args_value(&c->args, "--by");
    if (!x->by)
        return DONE;
    TRY(column_of(x, x->by, &column, err));
    column = groups_label(c->arena, column);
    int labels = column->dict->n;
    if (labels > SEGMENTS_MOST)
        return err_set(err, REFUSED,
                       "--by %s: it has %d values, too many for segments; cut it into classes in a "
                       "policy (segments), and name these",
                       x->by, labels);
    struct str *name = arena_array(c->arena, (size_t)labels + 1, sizeof *name);
    int32_t *segment = arena_array(c->arena, (size_t)column->n, sizeof *segment);
    for (int i = 0; i < labels; i++)
        name[i] = dict_at(column->dict, i);
    name[labels] = STR("(none)");
    for (int64_t i = 0; i < column->n; i++)
        segment[i] = column_has(column, i) ? column->code[i] : labels;
    x->segment = name;
    x->comparing.segment = segment;
    x->comparing.segments = labels + 1;
    return DONE;
}

// The outcomes by name; else what the contacts say.
static enum status find_outcomes(struct call *c, struct evaluation *x, struct err *err) {
    const char *list = args_value(&c->args, "--outcome");
    if (list)
        TRY(columns_of(c->arena, x->opened.board, list, &x->outcome, &x->outcomes, err));
    else if (x->experiment.response)
        x->outcome = &x->experiment.response, x->outcomes = 1;
    if (x->outcomes > 0)
        return DONE;
    return err_set(err, REFUSED,
                   "say by --outcome NAME what is to be compared: a column or a metric%s",
                   args_value(&c->args, "--arms")
                       ? ""
                       : " (the table contacts has no `response` that is a flag or a number)");
}

static void note_missing(struct call *c, const struct evaluation *x, const struct upshot *r) {
    struct buf b = {.arena = c->arena};
    for (int k = 0; k < x->experiment.arms; k++)
        if (r->missing[k]) {
            struct str arm = x->experiment.arm[k].name;
            buf_printf(&b, "%s%lld of %lld in %.*s", b.n ? ", " : "", (long long)r->missing[k],
                       (long long)x->experiment.arm[k].customers, (int)arm.n, arm.p);
        }
    if (!b.n)
        return;
    host_note(c->host, "%.*s is missing for %s: they are left out of it", (int)r->name.n, r->name.p,
              buf_text(&b));
    c->partial = true;
}

static void note_suspect(struct call *c, const struct evaluation *x, const struct upshot *r) {
    if (r->before.suspect)
        host_note(c->host,
                  "%s differs between the arms as chance hardly makes it (p %.2g): it is no value "
                  "from before the campaign, and is not used",
                  x->before, r->before.p);
}

static enum status read_results(struct call *c, struct evaluation *x, struct err *err) {
    TRY(read_before(c, x, err));
    TRY(evaluate_windows(c, x, err));
    x->result = arena_array(c->arena, (size_t)x->outcomes, sizeof *x->result);
    for (int i = 0; i < x->outcomes; i++) {
        TRY(host_poll(c->host, err));
        TRY(upshot_of(c->arena, x->outcome[i], &x->comparing, &x->result[i], err));
        note_missing(c, x, &x->result[i]);
        note_suspect(c, x, &x->result[i]);
    }
    x->results = x->outcomes;
    x->together = upshot_together(c->arena, x->result, x->results);
    return DONE;
}

// ---- money --------------------------------------------------------------------------------------

// A unit of money is worth itself, of anything else what --worth says.
static enum status read_earnings(struct call *c, struct evaluation *x, struct err *err) {
    const struct upshot *r = &x->result[0];
    x->worth = r->type == TYPE_MONEY ? 1 : NAN;
    TRY(args_number(&c->args, "--worth", 0, INFINITY, "a number above 0", &x->worth, err));
    if (isnan(x->worth))
        return DONE;
    x->earnings = arena_array(c->arena, (size_t)r->effects, sizeof *x->earnings);
    for (int e = 0; e < r->effects; e++)
        TRY(earnings_of(r->effect[e].customers, r->effect[e].cost, &r->effect[e].best.difference,
                        x->worth, x->opened.loaded.data.decimals, &x->earnings[e], err));
    return DONE;
}

// ---- all of it ----------------------------------------------------------------------------------

static enum status run(struct call *c, void **result, struct err *err) {
    struct evaluation *x = arena_alloc(c->arena, sizeof *x);
    *result = x;
    x->comparing = (struct comparing){&x->experiment, {0.05, PLANNED}};
    x->propensity = args_value(&c->args, "--propensity");
    TRY(check_usage(c, err));
    TRY(args_number(&c->args, "--planned", 0, INFINITY, "a number above 0",
                    &x->comparing.precision.planned, err));
    TRY(open_it(c, x, err));
    TRY(read_experiment(c, x, err));
    TRY(read_clusters(c, x, err));
    if (!x->propensity)
        TRY(check_ratio(c, x, err));
    if (!x->propensity && !x->ratio.holds) {
        c->refused = true;
        return DONE;
    }
    TRY(find_outcomes(c, x, err));
    TRY(read_segments(c, x, err));
    if (!x->propensity) {
        TRY(read_results(c, x, err));
        TRY(read_earnings(c, x, err));
        TRY(evaluate_forecast(c, x, err));
    }
    TRY(evaluate_offpolicy(c, x, err));
    TRY(evaluate_uplift(c, x, err));
    note_metric_faults(c, x->opened.board);
    return DONE;
}

static const struct option options[] = {
    {"--campaign", "CAMPAIGN", "a campaign of the table contacts, whose arms it says"},
    {"--arms", "COLUMN",
     "instead of it a column that names the arms, or the file that plan-test wrote"},
    {"--control", "ARM", "who got nothing; the default is control, holdout and policy holdout"},
    {"--shares", "LIST",
     "planned: 0.2,0.8, the control's first, or control=0.2,mail=0.8; else equal"},
    {"--outcome", "NAMES", "what is compared, by commas; the default is the contacts' response"},
    {"--before", "NAME", "a value from before the campaign, which may make the effect surer"},
    {"--by", "NAME", "a column, or tiers or segments of the policy: the effect in each"},
    {"--cluster", "COLUMN", "households, or whatever was drawn into an arm as a whole"},
    {"--worth", "AMOUNT", "what a unit of the first outcome is worth; money is worth itself"},
    {"--cost", "NAME", "what each customer cost; the default is the contacts' cost"},
    {"--planned", "N",
     "customers or clusters at which the always-valid interval is tightest; 5000"},
    {"--forecast", "FILE", "what `patron simulate --json` foretold, to compare it with"},
    OPTIONS_OF_OFF_POLICY,
    OPTION_OF_UPLIFT,
    OPTION_OF_MODEL,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_evaluate = {
    .name = "evaluate",
    .synopsis = "DATA [POLICY]",
    .summary = "Say what a campaign really did",
    .help =
        "Compares the arms of a campaign with its control. First whether the arms are as large\n"
        "as they were planned: if chance would hardly make them so, there is no effect to show,\n"
        "and the exit status is 1. Then for each arm and outcome the difference, with an interval\n"
        "that holds if it is looked at once and one that holds however often (both miss the truth\n"
        "5 times in 100), who would have answered anyway, and what it cost and earned. Of several\n"
        "arms or outcomes also p with all of them counted (Holm), and what the highest arm comes "
        "to\n"
        "without the luck of being picked.\n\n"
        "An outcome is a column of the customers, a metric, or a metric of the policy. With a\n"
        "policy the planned shares of two arms come from the campaign's holdout. --off-policy "
        "says\n"
        "what the policy would have brought if its campaigns, named as the arms, had been given;\n"
        "--uplift whether a score finds those whom an arm changes. docs/trials.md says how\n"
        "everything is computed.\n\n"
        "Examples:\n"
        "  patron generate bank --customers 6000 --seed 7 -o firm\n"
        "  patron evaluate firm --campaign \"use it again\" --shares 0.2,0.4,0.4 --worth 60\n"
        "  patron evaluate firm --campaign \"use it again\" --shares 1,2,2 --by card_type --json\n"
        "  patron evaluate firm --campaign \"use it again\" --shares 1,2,2 --uplift spend\n",
    .options = options,
    .least = 1,
    .most = 2,
    .run = run,
    .text = evaluate_text,
    .json = evaluate_json,
};
