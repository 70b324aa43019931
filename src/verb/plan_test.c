// patron plan-test: what a trial will be able to see, what it costs, and who gets what in it.
#include "verb/plan_test.h"

#include <float.h>
#include <math.h>

#include "verb/all.h"
#include "verb/names.h"

// ---- outcomes -----------------------------------------------------------------------------------

static struct members members_of(const struct test_plan *p) {
    return (struct members){.n = p->members,
                            .strata = p->strata.n,
                            .stratum = p->strata.of,
                            .clusters = p->clusters,
                            .cluster = p->cluster.of};
}

// The values of members that have one, with the groups of these.
static int64_t known_values(const struct test_plan *p, const struct column *column, double *y,
                            int32_t *stratum, int32_t *cluster) {
    int64_t n = 0;
    for (int64_t i = 0; i < p->members; i++) {
        if (!column_has(column, p->member[i]))
            continue;
        stratum[n] = p->strata.n ? p->strata.of[i] : 0;
        cluster[n] = p->clusters ? p->cluster.of[i] : 0;
        y[n++] = column_double(column, p->member[i]);
    }
    return n;
}

static enum status measure_outcome(struct call *c, const struct test_plan *p,
                                   const struct column *column, struct test_outcome *out,
                                   struct err *err) {
    struct str name = column->name;
    struct members m = members_of(p);
    struct arena *scratch = arena_child(c->arena);
    size_t n = (size_t)p->members;
    if (!type_numeric(column->type) && column->type != TYPE_FLAG)
        return err_set(err, REFUSED, "%.*s is a %s, and no outcome: that is a number or a flag",
                       (int)name.n, name.p, type_name(column->type));
    double *y = arena_array(scratch, n, sizeof *y);
    int32_t *stratum = arena_array(scratch, n, sizeof *stratum);
    int32_t *cluster = arena_array(scratch, n, sizeof *cluster);
    m.stratum = stratum;
    m.cluster = cluster;
    m.n = known_values(p, column, y, stratum, cluster);
    out->name = name;
    out->unknown = p->members - m.n;
    if (m.n == 0)
        return err_set(err, REFUSED, "%.*s is missing for all of them", (int)name.n, name.p);
    out->baseline = baseline_of(c->arena, &m, y);
    if (!(out->baseline.spread.sd > 0))
        return err_set(err, REFUSED, "%.*s is the same for all of them, and shows nothing",
                       (int)name.n, name.p);
    arena_free(scratch);
    return DONE;
}

static enum status take_outcomes(struct call *c, struct test_plan *p, struct err *err) {
    const char *names = args_value(&c->args, "--outcome");
    const struct column *const *column = NULL;
    struct baseline given = {.design = 1};
    bool is_given;
    TRY(plan_test_given(c, &given, &is_given, err));
    if (!names == !is_given)
        return err_set(err, MISUSED,
                       "say what the test is to change: --outcome NAME to measure it on the data, "
                       "or --rate P, or --sd S with --mean M%s",
                       names ? ", not both" : "");
    if (names && !p->based)
        return err_set(err, MISUSED, "--outcome is measured on data: name them, or give --rate");
    if (names)
        TRY(columns_of(c->arena, p->opened.board, names, &column, &p->outcomes, err));
    else
        p->outcomes = 1;
    if (p->outcomes == 0)
        return err_set(err, MISUSED, "--outcome takes names of columns or metrics, got '%s'",
                       names);
    p->outcome = arena_array(c->arena, (size_t)p->outcomes, sizeof *p->outcome);
    p->outcome[0].baseline = given;
    for (int i = 0; names && i < p->outcomes; i++)
        TRY(measure_outcome(c, p, column[i], &p->outcome[i], err));
    return DONE;
}

static enum status take_icc(struct call *c, struct test_plan *p, struct err *err) {
    double icc = NAN;
    TRY(args_number(&c->args, "--icc", -DBL_MIN, 1, "a correlation from 0 to below 1", &icc, err));
    if (!isnan(icc) && !p->clusters)
        return err_set(err, MISUSED, "--icc is of clusters: name them with --cluster");
    if (isnan(icc) && p->clusters && !p->outcome[0].name.n)
        return err_set(err, MISUSED,
                       "how alike the customers of a cluster are is measured on an --outcome; say "
                       "it with --icc");
    p->cluster_size = 1;
    if (p->clusters) {
        struct members m = members_of(p);
        p->cluster_size = baseline_cluster_size(c->arena, &m);
    }
    for (int i = 0; i < p->outcomes; i++) {
        if (!isnan(icc))
            p->outcome[i].baseline.icc = icc;
        baseline_factor(&p->outcome[i].baseline, p->cluster_size);
    }
    return DONE;
}

// ---- what it sees -------------------------------------------------------------------------------

// What is wanted of the outcome, in its unit. A rate must stay one.
static enum status settle_effect(struct test_outcome *y, const struct wanted_effect *wanted,
                                 struct err *err) {
    const struct outcome_spread *s = &y->baseline.spread;
    struct str name = plan_test_outcome_name(y);
    y->effect = wanted->share != 0 ? wanted->share * fabs(s->mean) : wanted->own;
    if (wanted->share == 0 && wanted->own == 0)
        y->effect = NAN;
    if (wanted->share != 0 && !(fabs(s->mean) > 0))
        return err_set(err, MISUSED, "a share of what? say --mean, or --effect without %%");
    double raised = s->mean + y->effect;
    if (s->rate && !isnan(y->effect) && !(raised >= 0 && raised <= 1))
        return err_set(
            err, REFUSED,
            "an effect of %g would bring %.*s from %g to %g, which is no share; 5 points "
            "are 0.05, and a twentieth of what there is now is 5%%",
            y->effect, (int)name.n, name.p, s->mean, raised);
    return DONE;
}

static void see(const struct test_plan *p, struct test_outcome *y, int arm) {
    const struct outcome_spread *spread = &y->baseline.spread;
    struct sight *s = &y->sight[arm];
    double share[] = {p->arm[0].share, p->arm[arm].share};
    double known = p->based ? 1 - (double)y->unknown / (double)p->members : 0;
    double n[] = {(double)p->size[0] * known, (double)p->size[arm] * known};
    *s = (struct sight){NAN, NAN, NAN};
    if (p->based)
        s->smallest = power_smallest(&p->design, spread, n[0], n[1]);
    if (isnan(y->effect))
        return;
    s->customers = power_customers(&p->design, spread, y->effect, share[0], share[1]);
    if (p->based)
        s->power = power_of(p->design.alpha, spread, y->effect, n[0], n[1]);
}

// How much of itself an outcome must change to be seen, for the arm that shows it least.
static double relative_sight(const struct test_plan *p, const struct test_outcome *y) {
    double most = 0;
    for (int i = 1; i < p->arms; i++) {
        if (isnan(y->sight[i].smallest))
            return INFINITY;
        most = fmax(most, y->sight[i].smallest);
    }
    return most / fabs(y->baseline.spread.mean);
}

static void choose_best(struct test_plan *p) {
    double least = INFINITY;
    p->best = -1;
    for (int i = 0; p->outcomes > 1 && i < p->outcomes; i++) {
        double sight = relative_sight(p, &p->outcome[i]);
        if (sight < least) {
            least = sight;
            p->best = i;
        }
    }
}

// More than can be counted tells nobody anything.
static enum status check_customers(const struct test_outcome *y, struct err *err) {
    struct str name = plan_test_outcome_name(y);
    if (!(y->customers > 1e15))
        return DONE;
    return err_set(err, REFUSED,
                   "no test has the customers to see %.*s change by as little as %g: ask for more",
                   (int)name.n, name.p, y->effect);
}

static enum status see_all(struct call *c, struct test_plan *p, struct err *err) {
    struct wanted_effect wanted;
    TRY(plan_test_effect(c, &wanted, err));
    if (!p->based && wanted.own == 0 && wanted.share == 0)
        return err_set(err, MISUSED,
                       "there is nothing to plan with: say the --effect, to hear how many "
                       "customers show it, or name the data, to hear which effect these customers "
                       "show");
    if (wanted.own != 0 && p->outcomes > 1)
        return err_set(
            err, MISUSED,
            "--effect %g is in the unit of one outcome, and there are %d: say it of each "
            "as a share, --effect 5%%",
            wanted.own, p->outcomes);
    for (int i = 0; i < p->outcomes; i++) {
        struct test_outcome *y = &p->outcome[i];
        TRY(settle_effect(y, &wanted, err));
        y->sight = arena_array(c->arena, (size_t)p->arms, sizeof *y->sight);
        y->customers = isnan(y->effect) ? NAN : 0;
        for (int k = 1; k < p->arms; k++) {
            see(p, y, k);
            y->customers = fmax(y->customers, y->sight[k].customers);
        }
        TRY(check_customers(y, err));
    }
    choose_best(p);
    return DONE;
}

// ---- running ------------------------------------------------------------------------------------

static enum status name_plan(const struct call *c, struct test_plan *p, struct err *err) {
    const char *name = args_value(&c->args, "--name"),
               *campaign = args_value(&c->args, "--campaign");
    p->name = str_of(name ? name : campaign ? campaign : "");
    if (p->name.n == 0 && args_value(&c->args, "-o"))
        return err_set(
            err, MISUSED,
            "give the plan a --name: by it the customers are drawn, and two plans of one "
            "name would draw the same ones");
    return DONE;
}

// What only data can answer.
static enum status check_alone(const struct call *c, struct err *err) {
    static const char *const options[] = {"--campaign", "--strata", "--even", "--cluster", "-o"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (args_value(&c->args, options[i]))
            return err_set(err, MISUSED, "%s is about customers: name the data", options[i]);
    return DONE;
}

static enum status check_output(const struct call *c, struct err *err) {
    const char *path = args_value(&c->args, "-o");
    struct sheet_options options = rows_options(c, path);
    return path ? sheet_check(&options, err) : DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct test_plan *p = arena_alloc(c->arena, sizeof *p);
    *result = p;
    p->based = c->args.n > 0;
    p->even = args_value(&c->args, "--even");
    TRY(plan_test_design(c, &p->design, err));
    TRY(plan_test_arms(c, p, err));
    TRY(check_output(c, err));
    TRY(name_plan(c, p, err));
    p->size = arena_array(c->arena, (size_t)p->arms, sizeof *p->size);
    p->units = arena_array(c->arena, (size_t)p->arms, sizeof *p->units);
    if (p->based) {
        TRY(plan_test_members(c, p, err));
        TRY(plan_test_draw(c, p, err));
    } else {
        TRY(check_alone(c, err));
    }
    TRY(take_outcomes(c, p, err));
    TRY(take_icc(c, p, err));
    TRY(see_all(c, p, err));
    return p->based ? plan_test_write(c, p, err) : DONE;
}

static const struct option options[] = {
    {"--outcome", "NAMES", "what the test is to change: columns or metrics, separated by commas"},
    {"--rate", "P", "... or the share of customers who do it now, without any data"},
    {"--mean", "M", "... or how much a customer brings now"},
    {"--sd", "S", "and how much that varies (standard deviation)"},
    {"--campaign", "CAMPAIGN", "test the offer of this campaign, among those whom it reaches"},
    {"--arms", "NAME=SHARE,...", "the control first; the default is control=0.5,offer=0.5"},
    {"--effect", "X", "how many customers to see this: 0.005, or 5% of what it is now"},
    {"--power", "P", "how surely an effect is to be seen; the default is 0.8"},
    {"--alpha", "P", "how often chance may look like one; the default is 0.05"},
    {"--strata", "COLUMN", "judge within the classes of this column"},
    {"--even", NULL, "draw exact shares, in each of the strata; then a new customer moves others"},
    {"--cluster", "COLUMN", "draw households, or whatever the column says, as a whole"},
    {"--icc", "R", "how alike the customers of a cluster are, 0 to 1; else it is measured"},
    {"--name", "PLAN", "of the plan, by which customers are drawn; else that of the campaign"},
    {"-o", "FILE", "write who is in which arm here (.csv, .json or .ndjson)"},
    {"--raw", NULL, "write texts as they are, also those a spreadsheet would run as a formula"},
    OPTION_OF_MODEL,
    OPTION_OF_ENCODING,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_plan_test = {
    .name = "plan-test",
    .synopsis = "[DATA] [POLICY]",
    .summary = "Plan a trial: what it can see, and who gets what",
    .help =
        "Says the smallest effect that a test of these customers sees, or with --effect how many\n"
        "it takes; of several outcomes the one that sees most; and, with --campaign, what is not\n"
        "earned while the control gets nothing. -o writes who is in which arm: drawn by a hash\n"
        "of the plan's name and the customer, so that it is the same at every run, and a new\n"
        "customer moves nobody. docs/trials.md explains the figures.\n\n"
        "Examples:\n"
        "  patron plan-test --rate 0.106167 --effect 0.005\n"
        "  patron plan-test samples/bank --outcome orders,spend --strata potential\n"
        "  patron plan-test samples/bank policies/card-retention.lua --outcome spend --name may "
        "-o may.csv\n",
    .options = options,
    .least = 0,
    .most = 2,
    .run = run,
    .text = plan_test_text,
    .json = plan_test_json,
};
