// The classes of an experiment are those that its contacts say, under the name of the policy's
// first scheme: of that day. The classes of today would not do, for who answered has often risen
// by it, and in each class of today the arms differ by who rose.
#include "base/date.h"
#include "table/seal.h"
#include "trial/belief.h"
#include "trial/upshot.h"

struct study {
    struct arena *arena; // of its own
    const struct dataset *data;
    const struct policy *policy;
    const struct campaign *campaign;
    struct experiment experiment;
    int arm; // 0: all of them
};

static struct str name_of(const struct campaign *c) {
    return c->effect.from.n ? c->effect.from : c->name;
}

static int classes_of(const struct policy *p) {
    return p->schemes ? p->scheme[0].n + 1 : 1;
}

// The column of contacts that says the class, by the scheme's name or, of tiers, as `score` writes
// it; NULL: none does.
static const struct column *class_column(const struct policy *p, const struct table *contacts) {
    const struct scheme *s = p->scheme;
    if (p->schemes == 0 || s->collects)
        return NULL;
    const struct column *c = table_column(contacts, s->name);
    if (!c && s->kind == SCHEME_TIERS)
        c = table_column(contacts, STR("tier"));
    return c && c->type == TYPE_LABEL ? c : NULL;
}

// Each customer's class on the day of the first contact that says one; all are of one class, the
// first, where none does.
static enum status read_classes(const struct study *r, int *classes, int32_t *class,
                                struct err *err) {
    const struct table *contacts = dataset_table(r->data, STR("contacts"));
    const struct column *named = class_column(r->policy, contacts);
    const struct column *campaign = table_column(contacts, STR("campaign"));
    *classes = named ? classes_of(r->policy) : 1;
    int none = *classes - 1;
    int32_t code = dict_find(campaign->dict, name_of(r->campaign));
    for (int64_t i = 0; i < r->data->customers; i++)
        class[i] = none;
    if (!named)
        return DONE;
    TRY(seal_check(named, err));
    for (int64_t i = 0; i < r->data->customers; i++)
        for (int64_t row = contacts->start[i]; row < contacts->start[i + 1]; row++) {
            if (!column_has(campaign, row) || campaign->code[row] != code ||
                !column_has(named, row))
                continue;
            int32_t found = dict_find(r->policy->scheme[0].labels, column_str(named, row));
            class[i] = found < 0 ? none : found;
            break;
        }
    return DONE;
}

// The arms beside the control.
static bool next_arm(const void *ctx, size_t i, struct str *out) {
    const struct experiment *x = ctx;
    if (i + 1 >= (size_t)x->arms)
        return false;
    *out = x->arm[i + 1].name;
    return true;
}

static enum status find_arm(struct study *r, struct err *err) {
    struct str arm = r->campaign->effect.arm;
    for (int k = 1; k < r->experiment.arms; k++)
        if (str_eq(r->experiment.arm[k].name, arm))
            r->arm = k;
    if (arm.n == 0 || r->arm)
        return DONE;
    struct str from = name_of(r->campaign);
    return err_set(err, REFUSED, "%.*s has no arm '%.*s'; beside the control it has %s",
                   (int)from.n, from.p, (int)arm.n, arm.p,
                   str_listed(r->arena, next_arm, &r->experiment));
}

static enum status check_responses(const struct study *r, const double *value, struct err *err) {
    struct str from = name_of(r->campaign);
    if (!r->experiment.response)
        return err_set(err, REFUSED,
                       "the contacts of %.*s have no column `response` of numbers or flags, so "
                       "nothing was measured",
                       (int)from.n, from.p);
    for (int64_t i = 0; i < r->data->customers; i++)
        if (r->campaign->effect.kind == EFFECT_RETENTION && (value[i] < 0 || value[i] > 1))
            return err_set(err, REFUSED,
                           "a response of %.*s is %g, and of retention it is 1 for who stayed and "
                           "0 for who left",
                           (int)from.n, from.p, value[i]);
    return DONE;
}

static enum status check_moments(const struct study *r, const struct belief *b, struct err *err) {
    struct str from = name_of(r->campaign);
    if (b->all.control.n == 0 || b->all.treated.n == 0)
        return err_set(err, REFUSED, "nobody's response is known in %s of %.*s",
                       b->all.control.n == 0 ? "the control" : "the arm", (int)from.n, from.p);
    if (b->all.control.squares + b->all.treated.squares > 0)
        return DONE;
    return err_set(err, REFUSED,
                   "within each arm of %.*s all responses are the same, so nothing is known of how "
                   "far off they are",
                   (int)from.n, from.p);
}

static struct str source_of(struct arena *a, const struct study *r, const struct belief *b) {
    struct buf text = {.arena = a};
    struct str from = name_of(r->campaign), arm = r->campaign->effect.arm;
    char day[10];
    buf_z(&text, "experiment");
    if (!str_eq(from, r->campaign->name))
        buf_printf(&text, " \"%.*s\"", (int)from.n, from.p);
    if (r->experiment.dated) {
        date_print(r->experiment.first, day);
        buf_printf(&text, " of %.7s", day);
    }
    if (r->arm)
        buf_printf(&text, ", arm %.*s", (int)arm.n, arm.p);
    buf_printf(&text, ", %lld against %lld customers", (long long)b->all.treated.n,
               (long long)b->all.control.n);
    return (struct str){text.p, text.n};
}

// One class's effect is everybody's.
static void widen(struct arena *a, int classes, struct belief *b) {
    double effect = b->effect[0], deviation = b->deviation[0];
    if (b->classes == classes)
        return;
    b->classes = classes;
    b->effect = arena_array(a, (size_t)classes, sizeof *b->effect);
    b->deviation = arena_array(a, (size_t)classes, sizeof *b->deviation);
    for (int i = 0; i < classes; i++) {
        b->effect[i] = effect;
        b->deviation[i] = deviation;
    }
}

// Who answered what, by class and arm.
static enum status weigh(struct arena *a, struct study *r, struct belief *out, struct err *err) {
    const struct experiment *x = &r->experiment;
    const struct effect *e = &r->campaign->effect;
    int classes;
    int32_t *group = arena_array(r->arena, (size_t)x->customers, sizeof *group);
    TRY(find_arm(r, err));
    double *value = NULL;
    if (x->response)
        TRY(upshot_values(r->arena, x->response, &value, err));
    TRY(check_responses(r, value, err));
    TRY(read_classes(r, &classes, group, err));
    struct moments *m = arena_array(r->arena, 2 * (size_t)classes, sizeof *m);
    for (int64_t i = 0; i < x->customers; i++) {
        bool treated = r->arm ? x->of[i] == r->arm : x->of[i] > 0;
        group[i] = x->of[i] == 0 ? group[i] : treated ? classes + group[i] : -1;
    }
    moments_of(value, group, x->customers, 2 * classes, m);
    double size = e->from.n ? e->stated : 0, sd = e->from.n ? e->sd : 1;
    const struct common_prior prior = {size, sd};
    belief_of(a, &prior, m, m + classes, classes, e->relative, out);
    TRY(check_moments(r, out, err));
    widen(a, classes_of(r->policy), out);
    out->source = source_of(a, r, out);
    return DONE;
}

static enum status read_belief(struct arena *a, struct study *r, const struct belief **out,
                               struct err *err) {
    struct belief *b = arena_alloc(a, sizeof *b);
    const char *from =
        arena_printf(r->arena, "%.*s", (int)name_of(r->campaign).n, name_of(r->campaign).p);
    TRY(experiment_of_campaign(r->arena, r->data, from, NULL, &r->experiment, err));
    TRY(weigh(a, r, b, err));
    *out = b;
    return DONE;
}

static bool is_there(const struct dataset *data, struct str name) {
    const struct table *t = dataset_table(data, STR("contacts"));
    const struct column *c = t ? table_column(t, STR("campaign")) : NULL;
    return c && c->dict && dict_find(c->dict, name) >= 0;
}

enum status belief_of_campaign(struct arena *a, const struct dataset *data, const struct policy *p,
                               const struct campaign *c, const struct belief **out,
                               struct err *err) {
    struct study r = {arena_child(a), data, p, c};
    bool from = c->effect.from.n > 0;
    struct err unheard = {DONE};
    *out = NULL;
    if (!from && (c->effect.kind == EFFECT_NONE || !is_there(data, c->name)))
        return DONE;
    enum status status = read_belief(a, &r, out, from ? err : &unheard);
    arena_free(r.arena);
    return !from ? DONE : status == REFUSED ? err_place(err, c->at) : status;
}

enum status beliefs_take(struct arena *a, const struct dataset *data, struct policy *p,
                         struct err *err) {
    for (struct campaign *c = p->campaign; c < p->campaign + p->campaigns; c++) {
        if (c->effect.from.n == 0)
            continue;
        TRY(belief_of_campaign(a, data, p, c, &c->effect.belief, err));
        c->effect.measured = c->effect.belief->effect;
    }
    return DONE;
}
