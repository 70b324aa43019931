// What the policy would have brought on the log of an experiment, beside each arm given to all.
#include <math.h>

#include "base/hash.h"
#include "trial/offpolicy.h"
#include "verb/evaluate.h"
#include "verb/lineup.h"

struct policy_value {
    struct str name;
    int arm; // given to all; -1: what the policy gives
    struct offpolicy value;
};

struct policy_values {
    struct str outcome;
    int64_t n;     // customers of the log
    double logged; // their mean, as it was
    int policies;
    struct policy_value *policy;
};

// The log: customers of the experiment whose outcome is known.
struct policy_log {
    int64_t n;
    int64_t *customer;
    struct logged *row;
    int32_t *cell;
    uint8_t *fold;
};

// ---- the log ------------------------------------------------------------------------------------

static enum status take_propensity(const struct evaluation *x, const struct column *given,
                                   int64_t customer, struct logged *row, struct err *err) {
    struct str id = column_str(x->opened.loaded.data.id, customer);
    row->propensity = x->ratio.share[row->arm];
    if (!given)
        return DONE;
    if (!column_has(given, customer))
        return err_set(err, REFUSED,
                       "customer %.*s: %s is missing, and without the chance by which "
                       "an arm was given nothing can be said",
                       (int)id.n, id.p, x->propensity);
    row->propensity = column_double(given, customer);
    if (row->propensity > 0 && row->propensity <= 1)
        return DONE;
    return err_set(err, REFUSED,
                   "customer %.*s: %s is %g, but the arm '%.*s' was given: a chance is above 0 and "
                   "at most 1",
                   (int)id.n, id.p, x->propensity, row->propensity,
                   (int)x->experiment.arm[row->arm].name.n, x->experiment.arm[row->arm].name.p);
}

static enum status propensities(const struct evaluation *x, const struct column **out,
                                struct err *err) {
    *out = NULL;
    if (!x->propensity)
        return DONE;
    TRY(board_column(x->opened.board, str_of(x->propensity), out, err));
    if (type_numeric((*out)->type))
        return DONE;
    return err_set(err, REFUSED, "--propensity %s: it is a %s, and a chance is a number",
                   x->propensity, type_name((*out)->type));
}

static enum status read_log(struct call *c, const struct evaluation *x, const double *outcome,
                            struct policy_log *log, struct err *err) {
    const struct dataset *data = &x->opened.loaded.data;
    const struct column *given;
    size_t most = (size_t)data->customers;
    TRY(propensities(x, &given, err));
    log->customer = arena_array(c->arena, most, sizeof *log->customer);
    log->row = arena_array(c->arena, most, sizeof *log->row);
    log->cell = arena_array(c->arena, most, sizeof *log->cell);
    log->fold = arena_array(c->arena, most, 1);
    for (int64_t i = 0; i < data->customers; i++) {
        if (x->experiment.of[i] < 0 || isnan(outcome[i]))
            continue;
        struct logged *row = &log->row[log->n];
        *row =
            (struct logged){.arm = x->experiment.of[i], .reward = outcome[i], .unit = x->unit[i]};
        TRY(take_propensity(x, given, i, row, err));
        log->customer[log->n] = i;
        log->cell[log->n] = x->comparing.segment ? x->comparing.segment[i] : 0;
        log->fold[log->n++] =
            (uint8_t)(OFFPOLICY_FOLDS * hash_share(STR("fold"), column_str(data->id, x->unit[i])));
    }
    return DONE;
}

// ---- what the policy gives ----------------------------------------------------------------------

// The arm that a campaign is: that of its name, or the one that was not held out of the campaign
// itself.
static int arm_of(const struct experiment *e, struct str name) {
    if (e->arms == 2 && str_eq(e->name, name))
        return 1;
    for (int k = 1; k < e->arms; k++)
        if (str_eq(e->arm[k].name, name))
            return k;
    return -1;
}

// The arm of each customer of the log: that of the campaign which wins, also where the customer
// would be held out, else the control.
static enum status arms_of_policy(const struct evaluation *x, const struct policy_log *log,
                                  int32_t *arm, struct err *err) {
    const struct decisions *d = x->decisions;
    for (int64_t i = 0; i < log->n; i++) {
        int64_t chosen = d->chosen[log->customer[i]];
        arm[i] = 0;
        if (chosen < 0)
            continue;
        struct str name = d->policy->campaign[d->candidate[chosen].campaign].name;
        arm[i] = arm_of(&x->experiment, name);
        if (arm[i] < 0)
            return err_set(
                err, REFUSED,
                "%s gives '%.*s', of which %.*s has no arm, so that nobody knows what it "
                "would have done; name campaigns as the arms are named",
                x->policy, (int)name.n, name.p, (int)x->experiment.name.n, x->experiment.name.p);
    }
    return DONE;
}

// ---- the values ---------------------------------------------------------------------------------

static void judge(struct call *c, const struct evaluation *x, struct policy_log *log,
                  const int32_t *arm, struct policy_value *out) {
    struct arena *scratch = arena_child(c->arena);
    int arms = x->experiment.arms, cells = x->comparing.segment ? x->comparing.segments : 1;
    double *chance = arena_array(scratch, (size_t)log->n * (size_t)arms, sizeof *chance);
    for (int64_t i = 0; i < log->n; i++) {
        int32_t given = out->arm < 0 ? arm[i] : out->arm;
        chance[i * arms + given] = 1;
        log->row[i].target = given == log->row[i].arm;
    }
    offpolicy_fit(scratch, log->row, log->n, chance, arms, log->cell, cells, log->fold);
    out->value = offpolicy_value(scratch, log->row, log->n, x->experiment.customers);
    arena_free(scratch);
}

// Arms that customers got by chances of their own are not to be compared.
enum status evaluate_offpolicy_usage(const struct call *c, struct err *err) {
    static const char *const compares[] = {"--shares", "--before", "--worth", "--forecast",
                                           "--uplift"};
    bool asked = args_value(&c->args, "--off-policy"),
         chances = args_value(&c->args, "--propensity");
    if (asked && c->args.n < 2)
        return err_set(err, MISUSED, "--off-policy is the value of a policy: name the policy, too");
    if (chances && !asked)
        return err_set(err, MISUSED, "--propensity is for the value of a policy: --off-policy");
    for (size_t i = 0; chances && i < sizeof compares / sizeof *compares; i++)
        if (args_value(&c->args, compares[i]))
            return err_set(err, MISUSED,
                           "%s compares arms that were drawn alike for all, and --propensity says "
                           "that they were not",
                           compares[i]);
    return DONE;
}

enum status evaluate_offpolicy(struct call *c, struct evaluation *x, struct err *err) {
    struct policy_log log = {0};
    if (!args_value(&c->args, "--off-policy"))
        return DONE;
    struct policy_values *v = x->values = arena_alloc(c->arena, sizeof *v);
    const struct column *outcome = x->outcome[0];
    v->outcome = outcome->name;
    double *reward;
    TRY(upshot_values(c->arena, outcome, &reward, err));
    TRY(read_log(c, x, reward, &log, err));
    if (log.n == 0)
        return err_set(err, REFUSED, "%.*s is no number that is known of any customer of %.*s",
                       (int)v->outcome.n, v->outcome.p, (int)x->experiment.name.n,
                       x->experiment.name.p);
    v->n = log.n;
    for (int64_t i = 0; i < log.n; i++)
        v->logged += log.row[i].reward / (double)log.n;
    int32_t *arm = arena_array(c->arena, (size_t)log.n, sizeof *arm);
    TRY(arms_of_policy(x, &log, arm, err));
    v->policy = arena_array(c->arena, (size_t)x->experiment.arms + 1, sizeof *v->policy);
    for (int k = -1; k < x->experiment.arms; k++) {
        struct policy_value *p = &v->policy[v->policies++];
        p->arm = k;
        p->name = k < 0 ? x->opened.policy->title : x->experiment.arm[k].name;
        judge(c, x, &log, arm, p);
    }
    c->refused = c->refused || !offpolicy_means(&v->policy[0].value);
    return DONE;
}

// ---- showing ------------------------------------------------------------------------------------

static void refusal_text(struct buf *out, const struct policy_value *p) {
    buf_printf(out, "  no value of %.*s: ", (int)p->name.n, p->name.p);
    if (p->value.effective < OFFPOLICY_LEAST || p->value.heaviest > OFFPOLICY_HEAVIEST)
        buf_printf(out,
                   "those who got what it gives count as %.3g customers (at least %d are "
                   "needed),\n  and one of them makes %.3g %% (at most %g %%)\n",
                   p->value.effective, OFFPOLICY_LEAST, 100 * p->value.heaviest,
                   100 * OFFPOLICY_HEAVIEST);
    else
        buf_printf(out,
                   "all %lld who got what it gives brought the same,\n  so nothing tells how far "
                   "off that may be\n",
                   (long long)p->value.matched);
}

static void estimate_cells(struct lineup *l, const struct estimate_of_policy *e, bool known) {
    lineup_put_z(l, known ? arena_printf(l->arena, "%.6g", e->value) : ".");
    lineup_put_z(l, known ? arena_printf(l->arena, "%.4g", e->error) : ".");
}

void evaluate_offpolicy_text(struct buf *out, const struct evaluation *x) {
    static const char *const names[] = {"policy", "who got it", "effective", "inverse",
                                        "error",  "normalised", "error",     "model",
                                        "robust", "error"};
    const struct policy_values *v = x->values;
    struct lineup l = {.arena = out->arena, .columns = 10};
    if (!v)
        return;
    buf_printf(
        out, "\n%.*s of a customer if all %lld had been given what a policy gives (it was %.6g)\n",
        (int)v->outcome.n, v->outcome.p, (long long)v->n, v->logged);
    for (int i = 0; i < l.columns; i++)
        lineup_put_z(&l, names[i]);
    for (int i = 0; i < v->policies; i++) {
        const struct policy_value *p = &v->policy[i];
        bool known = offpolicy_means(&p->value);
        lineup_put_z(&l, arena_printf(out->arena, p->arm < 0 ? "%.*s" : "%.*s for all",
                                      (int)p->name.n, p->name.p));
        lineup_put_z(&l, arena_printf(out->arena, "%lld", (long long)p->value.matched));
        lineup_put_z(&l, arena_printf(out->arena, "%.0f", p->value.effective));
        estimate_cells(&l, &p->value.inverse, known);
        estimate_cells(&l, &p->value.normalised, known);
        lineup_put_z(&l, known ? arena_printf(out->arena, "%.6g", p->value.direct.value) : ".");
        estimate_cells(&l, &p->value.robust, known);
    }
    lineup_text(out, &l);
    for (int i = 0; i < v->policies; i++)
        if (!offpolicy_means(&v->policy[i].value))
            refusal_text(out, &v->policy[i]);
    buf_printf(out, "  the model is the mean of an arm%s%s, of other customers\n",
               x->by ? " by " : "", x->by ? x->by : "");
}

static void estimate_json(struct json *j, const char *key, const struct estimate_of_policy *e,
                          bool known) {
    json_field_open(j, key, '{');
    json_field_number(j, "value", known ? e->value : NAN);
    json_field_number(j, "error", known ? e->error : NAN);
    json_close(j, '}');
}

static void policy_json(struct json *j, const struct policy_value *p) {
    bool known = offpolicy_means(&p->value);
    json_open(j, '{');
    json_field_str(j, p->arm < 0 ? "policy" : "all", p->name);
    json_field_integer(j, "matched", p->value.matched);
    json_field_number(j, "effective", p->value.effective);
    json_field_number(j, "heaviest", p->value.heaviest);
    json_field_bool(j, "known", known);
    estimate_json(j, "inverse", &p->value.inverse, known);
    estimate_json(j, "normalised", &p->value.normalised, known);
    estimate_json(j, "direct", &p->value.direct, known);
    estimate_json(j, "robust", &p->value.robust, known);
    json_close(j, '}');
}

void evaluate_offpolicy_json(struct json *j, const struct evaluation *x) {
    const struct policy_values *v = x->values;
    if (!v)
        return;
    json_field_open(j, "off_policy", '{');
    json_field_str(j, "outcome", v->outcome);
    json_field_integer(j, "customers", v->n);
    json_field_number(j, "logged", v->logged);
    json_field_z(j, "propensity", x->propensity);
    json_field_z(j, "model_by", x->by);
    json_field_open(j, "policies", '[');
    for (int i = 0; i < v->policies; i++)
        policy_json(j, &v->policy[i]);
    json_close(j, ']');
    json_close(j, '}');
}
