#include "trial/experiment.h"

#include "base/money.h"
#include "decide/reason.h"
#include "table/seal.h"
#include "trial/groups.h"

// ---- which labels are arms ----------------------------------------------------------------------

struct naming {
    struct arena *arena;
    const struct dict *dict;
    const char *control; // or NULL
    bool *seen;          // by code
    int32_t *arm_of;     // by code; -1
};

static struct naming naming_of(struct arena *a, const struct dict *dict, const char *control) {
    struct naming n = {.arena = a, .dict = dict, .control = control};
    n.seen = arena_array(a, (size_t)dict->n, sizeof *n.seen);
    n.arm_of = arena_array(a, (size_t)dict->n, sizeof *n.arm_of);
    return n;
}

static bool is_control(const struct naming *n, int32_t code) {
    struct str name = dict_at(n->dict, code);
    return n->control ? str_is(name, n->control) : reason_is_control_arm(name);
}

// The i-th that was seen.
static bool next_seen(const void *ctx, size_t i, struct str *out) {
    const struct naming *n = ctx;
    for (int32_t code = 0; code < n->dict->n; code++)
        if (n->seen[code] && i-- == 0) {
            *out = dict_at(n->dict, code);
            return true;
        }
    return false;
}

static const char *list_of(struct naming *n) {
    return str_listed(n->arena, next_seen, n);
}

// Arm 0 is every control that was seen, the others follow.
static enum status name_arms(struct naming *n, struct experiment *x, struct err *err) {
    int name = (int)x->name.n, controls = 0;
    x->arms = 1;
    for (int32_t i = 0; i < n->dict->n; i++) {
        n->arm_of[i] = -1;
        if (!n->seen[i])
            continue;
        bool control = is_control(n, i);
        if (!control && x->arms == ARMS_MOST)
            return err_set(
                err, REFUSED, "%.*s has more than %d arms, such as %.*s: is it a column of arms?",
                name, x->name.p, ARMS_MOST, (int)dict_at(n->dict, i).n, dict_at(n->dict, i).p);
        n->arm_of[i] = control ? 0 : x->arms++;
        if (!control || controls++ == 0)
            x->arm[n->arm_of[i]].name = dict_at(n->dict, i);
    }
    if (!controls && n->control)
        return err_set(err, REFUSED, "%.*s has no arm '%s'; its arms are %s", name, x->name.p,
                       n->control, list_of(n));
    if (!controls)
        return err_set(
            err, REFUSED,
            "none of the arms of %.*s is called control, holdout or policy holdout: they "
            "are %s; give the control one of these names in the data (`evaluate` takes "
            "it by --control, too)",
            name, x->name.p, list_of(n));
    if (x->arms == 1)
        return err_set(err, REFUSED,
                       "%.*s reached nobody: all who are in it were held out (%s), so there is "
                       "nothing to compare",
                       name, x->name.p, list_of(n));
    return DONE;
}

static void count_customers(struct experiment *x) {
    for (int64_t i = 0; i < x->customers; i++)
        if (x->of[i] >= 0)
            x->arm[x->of[i]].customers++;
}

// False unless the sums of all arms together stay a number, too.
static bool add_amount(int64_t *sum, int64_t amount) {
    static const int64_t most = INT64_MAX / ARMS_MOST;
    return !__builtin_add_overflow(*sum, amount, sum) && -most <= *sum && *sum <= most;
}

static enum status refuse_sum(const struct experiment *x, const struct column *c, struct err *err) {
    return err_set(err, REFUSED,
                   "%.*s of %.*s adds up to more than a number can be; look for wrong values in it",
                   (int)c->name.n, c->name.p, (int)x->name.n, x->name.p);
}

// ---- arms in a column ---------------------------------------------------------------------------

enum status experiment_of_column(struct arena *a, const struct column *column, const char *control,
                                 struct experiment *out, struct err *err) {
    const struct column *arms = groups_label(a, column);
    *out = (struct experiment){.name = arms->name, .customers = arms->n};
    struct naming n = naming_of(a, arms->dict, control);
    for (int64_t i = 0; i < arms->n; i++)
        if (column_has(arms, i))
            n.seen[arms->code[i]] = true;
    TRY(name_arms(&n, out, err));
    out->of = arena_array(a, (size_t)arms->n, sizeof *out->of);
    for (int64_t i = 0; i < arms->n; i++)
        out->of[i] = column_has(arms, i) ? n.arm_of[arms->code[i]] : -1;
    count_customers(out);
    return DONE;
}

// ---- arms in the table contacts -----------------------------------------------------------------

struct rows {
    const struct table *contacts;
    const struct column *campaign, *arm, *cost, *response;
    int32_t code;              // of the campaign
    const struct column *over; // whose sums are more than a number can be
};

static bool is_row(const struct rows *r, int64_t row) {
    return column_has(r->campaign, row) && r->campaign->code[row] == r->code;
}

static bool next_label(const void *ctx, size_t i, struct str *out) {
    const struct dict *d = ctx;
    if (i >= (size_t)d->n)
        return false;
    *out = dict_at(d, (int32_t)i);
    return true;
}

static enum status refuse_campaign(struct arena *a, const char *name, const struct dict *campaigns,
                                   struct err *err) {
    struct str near = str_nearest(str_of(name), next_label, campaigns);
    if (near.n)
        return err_set(err, REFUSED, "no contact is of a campaign '%s'; did you mean '%.*s'?", name,
                       (int)near.n, near.p);
    if (!campaigns->n)
        return err_set(err, REFUSED,
                       "no contact is of a campaign '%s'; up to the as-of date the table contacts "
                       "names none",
                       name);
    return err_set(err, REFUSED,
                   "no contact is of a campaign '%s'; up to the as-of date the table contacts has "
                   "%s",
                   name, str_listed(a, next_label, campaigns));
}

static enum status find_campaign(struct arena *a, const struct dataset *data, const char *name,
                                 struct rows *r, struct err *err) {
    *r = (struct rows){.contacts = dataset_table(data, STR("contacts"))};
    if (!r->contacts)
        return err_set(err, REFUSED,
                       "the data has no table contacts, which says who was in which arm of a "
                       "campaign; --arms takes them from a column of the customers");
    TRY(seal_check_table(r->contacts, err));
    r->campaign = table_column(r->contacts, STR("campaign"));
    r->arm = table_column(r->contacts, STR("arm"));
    r->cost = table_column(r->contacts, STR("cost"));
    r->response = table_column(r->contacts, STR("response"));
    if (!r->campaign || !r->arm)
        return err_set(err, REFUSED,
                       "the table contacts has no column `%s`, so nobody knows which contacts "
                       "were whose: add it",
                       r->campaign ? "arm" : "campaign");
    r->code = dict_find(r->campaign->dict, str_of(name));
    return r->code >= 0 ? DONE : refuse_campaign(a, name, r->campaign->dict, err);
}

static enum status see_arms(const struct rows *r, struct naming *n, const struct experiment *x,
                            struct err *err) {
    int64_t rows = 0, named = 0;
    for (int64_t row = 0; row < r->contacts->n; row++) {
        if (!is_row(r, row))
            continue;
        rows++;
        if (!column_has(r->arm, row))
            continue;
        named++;
        n->seen[r->arm->code[row]] = true;
    }
    if (named > 0)
        return DONE;
    return err_set(err, REFUSED, rows ? "no contact of %.*s says its arm" : "%.*s has no contacts",
                   (int)x->name.n, x->name.p);
}

static void add_day(struct experiment *x, int32_t day) {
    x->first = !x->dated || day < x->first ? day : x->first;
    x->last = !x->dated || day > x->last ? day : x->last;
    x->dated = true;
}

static void add_contact(struct experiment *x, struct rows *r, int64_t customer, int64_t row) {
    struct arm *arm = &x->arm[x->of[customer]];
    arm->contacts++;
    if (r->contacts->date && column_has(r->contacts->date, row))
        add_day(x, r->contacts->date->date[row]);
    if (r->cost && column_has(r->cost, row)) {
        int64_t cost = r->cost->integer[row];
        if (!add_amount(&x->cost[customer], cost) || !add_amount(&arm->cost, cost))
            r->over = r->cost;
    }
}

// A customer's arm is that of the contacts. Returns the arm of a contact that has another one, -1:
// there is none.
static int32_t read_customer(struct experiment *x, struct rows *r, const struct naming *n,
                             int64_t customer) {
    const int64_t *start = r->contacts->start;
    bool some = false;
    x->of[customer] = -1;
    for (int64_t row = start[customer]; row < start[customer + 1]; row++) {
        if (!is_row(r, row))
            continue;
        some = true;
        if (!column_has(r->arm, row))
            continue;
        int32_t arm = n->arm_of[r->arm->code[row]];
        if (x->of[customer] >= 0 && x->of[customer] != arm)
            return arm;
        x->of[customer] = arm;
        add_contact(x, r, customer, row);
    }
    x->armless += some && x->of[customer] < 0;
    return -1;
}

static enum status read_customers(struct experiment *x, struct rows *r, const struct naming *n,
                                  const struct dataset *data, struct err *err) {
    int64_t twice = 0, first = 0;
    int32_t other = -1;
    for (int64_t i = 0; i < x->customers; i++) {
        int32_t arm = read_customer(x, r, n, i);
        if (arm >= 0 && twice++ == 0) {
            first = i;
            other = arm;
        }
    }
    if (!twice)
        return DONE;
    struct str id = column_str(data->id, first), a = x->arm[x->of[first]].name;
    struct str b = x->arm[other].name;
    return err_set(err, REFUSED,
                   "the arms of %.*s overlap: %lld customer%s in two of them, %.*s in '%.*s' and "
                   "'%.*s', so nobody knows which one worked; give each wave a campaign name of "
                   "its own, or correct the arms",
                   (int)x->name.n, x->name.p, (long long)twice, twice == 1 ? " is" : "s are",
                   (int)id.n, id.p, (int)a.n, a.p, (int)b.n, b.p);
}

// ---- what came of it ----------------------------------------------------------------------------

// Of several contacts a flag is whether any had a response, a number their sum.
static void add_response(struct column *out, int64_t customer, struct rows *r, int64_t row) {
    const struct column *c = r->response;
    bool has = column_has(out, customer);
    int64_t sum =
        has && c->type != TYPE_FLAG && c->type != TYPE_NUMBER ? out->integer[customer] : 0;
    if (c->type == TYPE_FLAG)
        column_set_flag(out, customer,
                        bit_get(c->flag, row) || (has && bit_get(out->flag, customer)));
    else if (c->type == TYPE_NUMBER)
        column_set_number(out, customer, c->number[row] + (has ? out->number[customer] : 0));
    else if (add_amount(&sum, c->integer[row]))
        column_set_integer(out, customer, sum);
    else
        r->over = c;
}

static void read_responses(struct arena *a, struct experiment *x, struct rows *r) {
    const struct column *c = r->response;
    if (!c || !(type_numeric(c->type) || c->type == TYPE_FLAG))
        return;
    struct column *out = column_new(a, c->name, c->type, x->customers);
    out->decimals = c->decimals;
    for (int64_t i = 0; i < x->customers; i++)
        for (int64_t row = r->contacts->start[i]; row < r->contacts->start[i + 1]; row++)
            if (x->of[i] >= 0 && is_row(r, row) && column_has(c, row) && column_has(r->arm, row))
                add_response(out, i, r, row);
    column_finish(out);
    x->response = out;
}

enum status experiment_of_campaign(struct arena *a, const struct dataset *data,
                                   const char *campaign, const char *control,
                                   struct experiment *out, struct err *err) {
    struct rows r;
    *out = (struct experiment){.name = str_of(campaign), .customers = data->customers};
    TRY(find_campaign(a, data, campaign, &r, err));
    struct naming n = naming_of(a, r.arm->dict, control);
    TRY(see_arms(&r, &n, out, err));
    TRY(name_arms(&n, out, err));
    out->of = arena_array(a, (size_t)data->customers, sizeof *out->of);
    if (r.cost)
        out->cost = arena_array(a, (size_t)data->customers, sizeof *out->cost);
    TRY(seal_check(data->id, err));
    TRY(read_customers(out, &r, &n, data, err));
    count_customers(out);
    read_responses(a, out, &r);
    return r.over ? refuse_sum(out, r.over, err) : DONE;
}

// ---- costs by a column --------------------------------------------------------------------------

enum status experiment_take_cost(struct arena *a, const struct column *cost, int decimals,
                                 struct experiment *x, struct err *err) {
    if (!type_numeric(cost->type))
        return err_set(err, REFUSED, "%.*s is a %s, and a cost is money or a number",
                       (int)cost->name.n, cost->name.p, type_name(cost->type));
    x->cost = arena_array(a, (size_t)x->customers, sizeof *x->cost);
    for (int k = 0; k < x->arms; k++)
        x->arm[k].cost = 0;
    for (int64_t i = 0; i < x->customers; i++) {
        if (x->of[i] < 0 || !column_has(cost, i))
            continue;
        if (!money_round(column_double(cost, i), decimals, &x->cost[i]))
            return err_set(err, REFUSED, "%.*s has a value that is beyond what an amount may be",
                           (int)cost->name.n, cost->name.p);
        if (!add_amount(&x->arm[x->of[i]].cost, x->cost[i]))
            return refuse_sum(x, cost, err);
    }
    return DONE;
}
