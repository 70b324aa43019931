// The run of patron simulate; what it shows is in its parts.
#include "verb/simulate.h"

#include "base/date.h"
#include "verb/all.h"

static const struct simulation_part *const parts[] = {
    &simulate_reach,  &simulate_page,   &simulate_tornado, &simulate_sweep,
    &simulate_versus, &simulate_budget, &simulate_months,  &simulate_referrals};
enum { PARTS = sizeof parts / sizeof *parts };

// ---- running ------------------------------------------------------------------------------------

static enum status read_options(const struct call *c, struct forecast_options *o, struct err *err) {
    int64_t seed = 1, draws = 4000;
    const char *setting;
    o->assume = assumptions_default();
    TRY(args_whole(&c->args, "--seed", 0, (INT64_C(1) << 53) - 1, &seed, err));
    TRY(args_whole(&c->args, "--draws", 100, DRAWS_MOST, &draws, err));
    o->seed = (uint64_t)seed;
    o->draws = (int)draws;
    for (int i = 0; (setting = args_nth(&c->args, "--assume", i)); i++)
        TRY(assumptions_set(&o->assume, setting, err));
    return DONE;
}

// What experiments say of effects that the policy states by itself: to be shown beside them.
static enum status add_beliefs(struct simulation *s, struct err *err) {
    struct policy *p = s->opened.policy;
    for (struct campaign *c = p->campaign; c < p->campaign + p->campaigns; c++)
        if (!c->effect.belief)
            TRY(belief_of_campaign(s->call->arena, &s->opened.loaded.data, p, c, &c->effect.belief,
                                   err));
    return DONE;
}

static void json(const void *result, struct json *j);

static enum status write_files(struct simulation *s, struct err *err) {
    struct buf document = {.arena = s->call->arena};
    struct json j = {.out = &document};
    if (!args_value(&s->call->args, "-o"))
        return DONE;
    json(s, &j);
    return simulate_write_files(s, (struct str){document.p, document.n}, err);
}

// Everything that can be wrong with what is asked for.
static enum status open_all(struct simulation *s, struct err *err) {
    struct call *c = s->call;
    TRY(read_options(c, &s->options, err));
    TRY(simulate_check_files(c, err));
    for (int i = 0; i < PARTS; i++)
        if (parts[i]->check)
            TRY(parts[i]->check(s, err));
    TRY(open_both(c, c->args.positional[0], c->args.positional[1], &s->opened, err));
    if (s->opened.policy->campaigns == 0 && !args_value(&c->args, "--months"))
        return err_set(err, REFUSED,
                       "%s makes no offers: there is no campaign in it to simulate; --months N "
                       "shows how its tiers and the base go on",
                       s->opened.policy->path.p);
    for (int i = 0; i < PARTS; i++)
        if (parts[i]->open)
            TRY(parts[i]->open(s, err));
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct simulation *s = arena_alloc(c->arena, sizeof *s);
    *result = s;
    s->call = c;
    TRY(open_all(s, err));
    TRY(decide_staking(c->arena, c->host, s->opened.policy, s->opened.board, &s->opened.loaded.data,
                       &s->decisions, err));
    note_faults(c, s->decisions);
    TRY(add_beliefs(s, err));
    TRY(forecast(c->arena, c->host, s->decisions, &s->options, &s->forecast, err));
    for (int i = 0; i < PARTS; i++)
        if (parts[i]->run)
            TRY(parts[i]->run(s, err));
    return write_files(s, err);
}

// ---- showing ------------------------------------------------------------------------------------

static void head_text(const struct simulation *s, struct buf *out) {
    const struct dataset *data = &s->opened.loaded.data;
    enum grade grade = s->forecast->all.grade;
    struct str title = s->opened.policy->title;
    char date[10];
    date_print(data->as_of, date);
    buf_printf(out, "%.*s, %lld customer%s as of %.10s, policy \"%.*s\", seed %llu",
               (int)data->name.n, data->name.p, (long long)data->customers, plural(data->customers),
               date, (int)title.n, title.p, (unsigned long long)s->options.seed);
    if (data->currency.n)
        buf_printf(out, ", in %.*s", (int)data->currency.n, data->currency.p);
    buf_char(out, '\n');
    if (s->forecast->factors.n > 0)
        buf_printf(out, "evidence %s: %s; intervals hold 90 %%\n", grade_letter(grade),
                   grade_help(grade));
}

static void text(const void *result, struct buf *out) {
    head_text(result, out);
    for (int i = 0; i < PARTS; i++)
        parts[i]->text(result, out);
}

static void json(const void *result, struct json *j) {
    const struct simulation *s = result;
    json_open(j, '{');
    json_field_str(j, "policy", s->opened.policy->title);
    json_key(j, STR("data"));
    data_json(j, &s->opened.loaded);
    json_field_integer(j, "seed", (int64_t)s->options.seed);
    json_field_integer(j, "draws", s->options.draws);
    json_field_str(j, "currency", s->opened.loaded.data.currency);
    json_key(j, STR("grade"));
    if (s->forecast->factors.n > 0)
        json_str(j, str_of(grade_letter(s->forecast->all.grade)));
    else
        json_null(j);
    for (int i = 0; i < PARTS; i++)
        parts[i]->json(s, j);
    json_key(j, STR("findings"));
    findings_json(j, &s->opened.findings);
    json_close(j, '}');
}

static const struct option options[] = {
    OPTIONS_OF_FILES,
    OPTION_OF_ENCODING,
    {"--seed", "N", "another set of random numbers; the default is 1"},
    {"--draws", "N", "how often the uncertain inputs are drawn; the default is 4000"},
    {"--assume", "NAME=NUMBER", "what holds where nobody said it; may be given several times"},
    OPTIONS_OF_TORNADO,
    OPTIONS_OF_SWEEP,
    OPTIONS_OF_VERSUS,
    OPTIONS_OF_BUDGET,
    OPTIONS_OF_MONTHS,
    OPTION_OF_MODEL,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_simulate = {
    .name = "simulate",
    .synopsis = "DATA POLICY",
    .summary = "Tell what a policy will cost and earn, and how surely",
    .help =
        "Runs the policy on the data as `score` does, without writing decisions: who gets what\n"
        "and why others do not, what it costs, of it what goes to those who would have come\n"
        "anyway, what it earns, with intervals of 90 %, and the chance that it pays. Every\n"
        "uncertain input is listed with where it is known from: A an experiment of one's own,\n"
        "B one's own history, C stated or assumed. What rests on C is shown with two digits.\n\n"
        "--months lets the base live on under the policy, month after month: who stays, buys,\n"
        "changes tiers, and gets offers again.\n\n"
        "The same seed gives the same figures, to the digit. docs/simulating.md takes one\n"
        "campaign from its first page to the look back.\n\n"
        "-o report.html writes all of it as one page with pictures, to be opened in any browser\n"
        "and printed, without a network; -o FOLDER writes its tables as CSV. What --json prints\n"
        "has the same figures.\n\n"
        "Examples:\n"
        "  patron simulate samples/bank policies/card-retention.lua\n"
        "  patron simulate samples/bank policies/card-retention.lua -o report.html -o tables\n"
        "  patron simulate samples/bank policies/card-retention.lua --set high_value=800\n"
        "  patron simulate samples/bank policies/card-retention.lua --assume effect_spread=0.3\n"
        "  patron simulate samples/bank policies/card-retention.lua --sweep high_value=300..900:3\n"
        "  patron simulate samples/bank policies/card-retention.lua --budget 1000 --plan plan.csv\n"
        "  patron simulate samples/bank policies/card-retention.lua --months 24\n"
        "  patron simulate samples/bank policies/card-retention.lua --months 12 --elasticity "
        "retention=+0.05\n",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
