// Who takes part in a trial, and who gets what in it.
#include <math.h>
#include <string.h>

#include "base/chance.h"
#include "base/hash.h"
#include "verb/plan_test.h"

// ---- the members --------------------------------------------------------------------------------

static bool campaign_name(const void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i < (size_t)p->campaigns)
        *out = p->campaign[i].name;
    return i < (size_t)p->campaigns;
}

static enum status find_campaign(const struct policy *p, const char *name, int *out,
                                 struct err *err) {
    *out = policy_campaign(p, str_of(name));
    if (*out >= 0)
        return DONE;
    struct str near = str_nearest(str_of(name), campaign_name, p);
    return err_set(err, MISUSED, "%.*s has no campaign '%s'%s%.*s%s", (int)p->path.n, p->path.p,
                   name, near.n ? "; do you mean '" : "", (int)near.n, near.p, near.n ? "'?" : "");
}

// Those whom the campaign's offer would reach without its own holdout, and of what it earns that of
// each. The policy's holdout is nobody's to take from.
static enum status members_of_campaign(struct call *c, struct test_plan *p, struct err *err) {
    struct decisions *d;
    int campaign;
    TRY(find_campaign(p->opened.policy, args_value(&c->args, "--campaign"), &campaign, err));
    if (campaign_lets_go(&p->opened.policy->campaign[campaign]))
        return err_set(err, MISUSED,
                       "--campaign '%s' lets its customers go: it offers nothing, so there is "
                       "nothing to test; name a campaign with an offer",
                       args_value(&c->args, "--campaign"));
    TRY(decide(c->arena, c->host, p->opened.policy, p->opened.board, &p->opened.loaded.data, &d,
               err));
    note_faults(c, d);
    p->decisions = d;
    p->campaign = &d->policy->campaign[campaign];
    p->member = arena_array(c->arena, (size_t)d->data->customers, sizeof *p->member);
    for (int64_t i = 0; i < d->data->customers; i++) {
        enum reason reason = (enum reason)d->reason[campaign][i];
        if (reason == REASON_GRANTED || reason == REASON_HOLDOUT)
            p->member[p->members++] = i;
    }
    if (p->members == 0)
        return err_set(err, REFUSED,
                       "the campaign '%.*s' reaches nobody, so there is nothing to test; `patron "
                       "check` with the data says why",
                       (int)p->campaign->name.n, p->campaign->name.p);
    return DONE;
}

static void members_all(struct call *c, struct test_plan *p) {
    p->members = p->opened.loaded.data.customers;
    p->member = arena_array(c->arena, (size_t)p->members, sizeof *p->member);
    for (int64_t i = 0; i < p->members; i++)
        p->member[i] = i;
}

enum status plan_test_members(struct call *c, struct test_plan *p, struct err *err) {
    const char *campaign = args_value(&c->args, "--campaign");
    if (campaign && c->args.n < 2)
        return err_set(err, MISUSED, "--campaign is one of a policy: name the policy, too");
    if (c->args.n == 2)
        TRY(open_both(c, c->args.positional[0], c->args.positional[1], &p->opened, err));
    else
        TRY(open_alone(c, c->args.positional[0], &p->opened, err));
    if (campaign)
        TRY(members_of_campaign(c, p, err));
    else
        members_all(c, p);
    if (p->members < p->arms)
        return err_set(err, REFUSED, "there are more arms (%d) than customers (%lld)", p->arms,
                       (long long)p->members);
    return DONE;
}

// ---- strata and clusters ------------------------------------------------------------------------

static enum status group_members(struct call *c, struct test_plan *p, const char *option,
                                 struct groups *out, struct err *err) {
    const char *name = args_value(&c->args, option);
    const struct column *column;
    if (!name)
        return DONE;
    TRY(board_column(p->opened.board, str_of(name), &column, err));
    *out = groups_of(c->arena, column, p->member, p->members);
    return DONE;
}

// Who lacks a value is in a stratum of their own.
static enum status take_strata(struct call *c, struct test_plan *p, struct err *err) {
    struct groups *g = &p->strata;
    bool lacking = false;
    TRY(group_members(c, p, "--strata", g, err));
    if (g->n > STRATA_MOST)
        return err_set(err, MISUSED,
                       "%s has %d values, too many for strata: cut it into classes in a policy "
                       "(segments), and name these",
                       args_value(&c->args, "--strata"), (int)g->n);
    for (int64_t i = 0; g->of && i < p->members; i++)
        if (g->of[i] < 0) {
            g->of[i] = g->n;
            lacking = true;
        }
    if (!lacking)
        return DONE;
    struct str *name = arena_array(c->arena, (size_t)g->n + 1, sizeof *name);
    memcpy(name, g->name, (size_t)g->n * sizeof *name);
    name[g->n++] = STR("(missing)");
    g->name = name;
    return DONE;
}

// Who is in no cluster is one alone: these are numbered behind the others.
static enum status take_clusters(struct call *c, struct test_plan *p, struct err *err) {
    TRY(group_members(c, p, "--cluster", &p->cluster, err));
    p->clusters = p->cluster.n;
    for (int64_t i = 0; p->cluster.of && i < p->members; i++)
        if (p->cluster.of[i] < 0)
            p->cluster.of[i] = p->clusters++;
    return DONE;
}

// ---- assigning ----------------------------------------------------------------------------------

// The unit by which a member is drawn: the cluster, or the member alone.
static int64_t unit_of(const struct test_plan *p, int64_t i) {
    return p->clusters ? p->cluster.of[i] : i;
}

static struct str key_of(const struct test_plan *p, int64_t i) {
    int32_t cluster = p->cluster.of ? p->cluster.of[i] : -1;
    if (cluster >= 0 && cluster < p->cluster.n)
        return p->cluster.name[cluster];
    return column_str(p->opened.loaded.data.id, p->member[i]);
}

// A cluster is in the stratum of the first of its members.
static struct drawn *draw_units(struct call *c, struct test_plan *p, int64_t *n) {
    static const struct str whole = {"", 0};
    *n = p->clusters ? p->clusters : p->members;
    struct drawn *unit = arena_array(c->arena, (size_t)*n, sizeof *unit);
    for (int64_t i = p->members - 1; i >= 0; i--)
        unit[unit_of(p, i)] =
            (struct drawn){hash_share(p->name, key_of(p, i)), p->strata.n ? p->strata.of[i] : 0};
    if (p->even)
        assign_evenly(c->arena, unit, *n, p->name, p->strata.n ? p->strata.name : &whole);
    return unit;
}

// The test of the ratio of the arms, in all strata together: of what was drawn by itself.
static void judge_balance(struct call *c, struct test_plan *p, const struct drawn *unit,
                          int64_t units) {
    int64_t(*in)[PLANNED_ARMS_MOST] = arena_array(c->arena, (size_t)p->strata.n, sizeof *in);
    double share[PLANNED_ARMS_MOST];
    for (int i = 0; i < p->arms; i++)
        share[i] = p->arm[i].share;
    for (int64_t k = 0; k < units; k++)
        in[unit[k].stratum][assign_arm(p->arm, p->arms, unit[k].x)]++;
    for (int s = 0; s < p->strata.n; s++) {
        struct ratio r = ratio_of(p->arms, in[s], share);
        if (isnan(r.statistic)) // of a stratum whose members are in clusters of others
            continue;
        p->balance.statistic += r.statistic;
        p->balance.freedom += r.freedom;
    }
    p->balance.p = chance_chi_square_above(p->balance.freedom, p->balance.statistic);
}

static void assign(struct call *c, struct test_plan *p) {
    int64_t units;
    const struct drawn *unit = draw_units(c, p, &units);
    p->of = arena_array(c->arena, (size_t)p->members, sizeof *p->of);
    p->in_stratum = arena_array(c->arena, (size_t)p->strata.n, sizeof *p->in_stratum);
    for (int64_t k = 0; k < units; k++)
        p->units[assign_arm(p->arm, p->arms, unit[k].x)]++;
    if (p->strata.n)
        judge_balance(c, p, unit, units);
    for (int64_t i = 0; i < p->members; i++) {
        int arm = p->of[i] = assign_arm(p->arm, p->arms, unit[unit_of(p, i)].x);
        p->size[arm]++;
        if (p->strata.n)
            p->in_stratum[p->strata.of[i]][arm]++;
        if (arm == 0 && p->decisions)
            p->not_earned +=
                candidate_net(&p->decisions->candidate[p->decisions->chosen[p->member[i]]]);
    }
}

static enum status check_sizes(const struct test_plan *p, struct err *err) {
    for (int i = 0; i < p->arms; i++)
        if (p->size[i] == 0)
            return err_set(err, REFUSED,
                           "the arm '%.*s' is empty: a share of %g of %lld %s is too little",
                           (int)p->arm[i].name.n, p->arm[i].name.p, p->arm[i].share,
                           (long long)(p->clusters ? p->clusters : p->members),
                           p->clusters ? "clusters" : "customers");
    return DONE;
}

enum status plan_test_draw(struct call *c, struct test_plan *p, struct err *err) {
    TRY(take_strata(c, p, err));
    TRY(take_clusters(c, p, err));
    assign(c, p);
    return check_sizes(p, err);
}

// ---- writing ------------------------------------------------------------------------------------

static const struct column *group_column(struct arena *a, const char *name,
                                         const struct test_plan *p, const struct groups *g) {
    struct column *out = column_new(a, str_of(name), TYPE_TEXT, p->members);
    struct buf bytes = {.arena = a};
    for (int64_t i = 0; i < p->members; i++) {
        bool known = g->of[i] < g->n;
        column_set_text(out, i, known ? g->name[g->of[i]] : STR(""), &bytes);
        if (!known)
            column_set_missing(out, i);
    }
    column_finish(out);
    return out;
}

enum status plan_test_write(struct call *c, const struct test_plan *p, struct err *err) {
    const char *path = args_value(&c->args, "-o");
    struct sheet_options options = rows_options(c, path);
    struct str arm[PLANNED_ARMS_MOST];
    struct out *out;
    if (!path)
        return DONE;
    struct column *id = column_new(c->arena, STR("customer"), TYPE_TEXT, p->members);
    struct buf bytes = {.arena = c->arena};
    for (int64_t i = 0; i < p->members; i++)
        column_set_text(id, i, column_str(p->opened.loaded.data.id, p->member[i]), &bytes);
    column_finish(id);
    for (int i = 0; i < p->arms; i++)
        arm[i] = p->arm[i].name;
    struct groups arms = {p->arms, arm, p->of};
    const struct column *column[4] = {id};
    int n = 1;
    if (p->strata.n)
        column[n++] = group_column(c->arena, "stratum", p, &p->strata);
    if (p->clusters)
        column[n++] = group_column(c->arena, "cluster", p, &p->cluster);
    column[n++] = group_column(c->arena, "arm", p, &arms);
    struct sheet sheet = {n, column, p->members};
    TRY(sheet_write(c->arena, c->host, &sheet, &options, &out, err));
    call_output(c, out);
    return DONE;
}
