#include "verb/open.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/format.h"
#include "base/money.h"
#include "table/seal.h"
#include "trial/belief.h"
#include "verb/held.h"

enum { SETTINGS_MAX = OPTIONS_MAX };

static enum status check_is_data(const char *path, struct err *err) {
    if (format_ends_in(path, ".lua"))
        return err_set(err, MISUSED,
                       "%s is a policy, and here stands the data: a folder or a file (the "
                       "order is DATA POLICY)",
                       path);
    return DONE;
}

static enum status check_is_policy(const char *path, struct err *err) {
    struct stat st;
    enum format format;
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    if (folder || format_of(path, &format))
        return err_set(err, MISUSED,
                       "%s is %s, and here stands the policy: a file that ends in .lua", path,
                       folder ? "a folder" : "a file of data");
    return DONE;
}

static enum status check_helper(const char *program, struct err *err) {
    if (!program || access(program, X_OK) == 0)
        return DONE;
    return err_set(
        err, MACHINE,
        "scripts of policies run in the program patron, and there is none at %s: install "
        "it, or say where it is (`program` of struct patron_host)",
        program);
}

// `as_of`: of the day where neither the call nor the data names one, or NULL.
static enum status load_data(struct call *c, const char *path, const char *as_of,
                             struct loaded *out, struct err *err) {
    const char *const *outputs;
    TRY(check_is_data(path, err));
    TRY(outputs_of(c, &outputs, err));
    if (c->held.data)
        return held_data(c, outputs, out, err);
    struct load_options o = {
        .path = path,
        .rejects = args_value(&c->args, "--rejects"),
        .as_of = args_value(&c->args, "--as-of"),
        .strict = args_value(&c->args, "--strict") != NULL,
        .outputs = outputs,
        .as_of_else = as_of,
    };
    TRY(load_dataset(c->arena, c->host, &o, out, err));
    if (out->rejects)
        call_output(c, out->rejects);
    for (int i = 0; i < out->sources; i++)
        if (out->source[i].rejected)
            note_rejects(c, &out->source[i], o.rejects);
    return DONE;
}

enum status open_data(struct call *c, const char *path, struct loaded *out, struct err *err) {
    return load_data(c, path, NULL, out, err);
}

// The data, and the model that judges it: for a part of a base the model's day is the better guess
// than the latest date in that part.
static enum status open_judged(struct call *c, const char *path, struct opened *out,
                               struct err *err) {
    const char *model = args_value(&c->args, "--model");
    char day[11] = {0};
    if (!model)
        return open_data(c, path, &out->loaded, err);
    out->model = arena_alloc(c->arena, sizeof *out->model);
    TRY(model_read(c->arena, model, out->model, err));
    date_print(out->model->as_of, day);
    TRY(load_data(c, path, day, &out->loaded, err));
    TRY(model_check(out->model, &out->loaded.data, err));
    struct str ours = out->loaded.data.name, theirs = out->model->dataset;
    if (!str_eq(ours, theirs))
        host_note(c->host, "%s was learned from %.*s, and judges %.*s", model, (int)theirs.n,
                  theirs.p, (int)ours.n, ours.p);
    return DONE;
}

enum status open_alone(struct call *c, const char *data, struct opened *out, struct err *err) {
    *out = (struct opened){0};
    TRY(open_judged(c, data, out, err));
    struct board_options b = {
        .host = c->host,
        .data = &out->loaded.data,
        .lacking = "names of a policy, as of its tiers, need the POLICY behind the data",
    };
    out->board = board_new(c->arena, &b);
    board_use_model(out->board, out->model);
    return DONE;
}

static enum status settings(struct call *c, struct setting *list, int *n, struct err *err) {
    const char *text;
    for (*n = 0; (text = args_nth(&c->args, "--set", *n)); ++*n) {
        const char *equals = strchr(text, '=');
        if (!equals || equals == text)
            return err_set(err, MISUSED, "--set takes NAME=VALUE, got '%s'", text);
        list[*n].name = (struct str){text, (size_t)(equals - text)};
        list[*n].value = str_of(equals + 1);
    }
    return DONE;
}

static enum status load_script(struct call *c, const char *path, const struct setting *list, int n,
                               struct findings *findings, struct policy **out, struct err *err) {
    struct policy_options o = {
        .settings = list, .n_settings = n, .helper = c->host->helper, .host = c->host};
    findings->arena = c->arena;
    TRY(check_is_policy(path, err));
    TRY(check_helper(o.helper, err));
    return policy_load(c->arena, path, &o, findings, out, err);
}

// With the call's settings, or as it stands.
static enum status load_policy(struct call *c, const char *path, bool set,
                               struct findings *findings, struct policy **out, struct err *err) {
    struct setting list[SETTINGS_MAX];
    int n = 0;
    if (c->held.policy && path == c->held.policy_path)
        return held_policy(c, set, findings, out, err);
    if (set)
        TRY(settings(c, list, &n, err));
    return load_script(c, path, list, n, findings, out, err);
}

enum status open_policy(struct call *c, const char *path, struct findings *findings,
                        struct policy **out, struct err *err) {
    return load_policy(c, path, true, findings, out, err);
}

enum status find_customer(const struct dataset *data, const char *id, int64_t *out,
                          struct err *err) {
    TRY(seal_check(data->id, err));
    *out = dataset_find(data, str_of(id));
    if (*out >= 0)
        return DONE;
    struct str first = data->customers ? column_str(data->id, 0) : STR("");
    return err_set(
        err, REFUSED, "there is no customer '%s' among the %lld of %.*s; ids look like '%.*s'", id,
        (long long)data->customers, (int)data->name.n, data->name.p, (int)first.n, first.p);
}

// Amounts of data that name no currency are in that of the policy.
static void take_currency(struct opened *o) {
    struct dataset *data = &o->loaded.data;
    struct str currency = o->policy->currency;
    if (currency.n && !data->currency.n && money_decimals(currency) == data->decimals)
        data->currency = currency;
}

// The policy is there, the data, too: joins them, with what its effects were measured to be.
static enum status join(struct call *c, struct opened *o, struct findings *findings,
                        struct err *err) {
    o->board = policy_board(c->arena, o->policy, c->host, &o->loaded.data);
    board_use_model(o->board, o->model);
    TRY(policy_compile(c->arena, o->policy, o->board, &o->loaded.data, findings, err));
    take_currency(o);
    return beliefs_take(c->arena, &o->loaded.data, o->policy, err);
}

static enum status open_sides(struct call *c, const char *data, const char *before,
                              const char *after, struct opened out[2], struct err *err) {
    struct findings *findings = &out[0].findings; // of both
    TRY(load_policy(c, before, false, findings, &out[0].policy, err));
    TRY(load_policy(c, after, true, findings, &out[1].policy, err));
    TRY(open_judged(c, data, &out[0], err));
    out[1].loaded = out[0].loaded;
    out[1].model = out[0].model;
    TRY(join(c, &out[0], findings, err));
    return join(c, &out[1], findings, err);
}

enum status open_both(struct call *c, const char *data, const char *policy, struct opened *out,
                      struct err *err) {
    *out = (struct opened){0};
    TRY(check_is_data(data, err));
    enum status status = open_policy(c, policy, &out->findings, &out->policy, err);
    if (status == DONE) {
        TRY(open_judged(c, data, out, err));
        status = join(c, out, &out->findings, err);
    }
    note_findings(c, &out->findings);
    return status;
}

enum status open_pair(struct call *c, const char *data, const char *before, const char *after,
                      struct opened out[2], struct err *err) {
    out[0] = out[1] = (struct opened){0};
    TRY(check_is_data(data, err));
    enum status status = open_sides(c, data, before, after, out, err);
    note_findings(c, &out[0].findings);
    return status;
}

enum status check_currencies(const struct policy *a, const struct policy *b, struct err *err) {
    if (!a->currency.n || !b->currency.n || str_eq(a->currency, b->currency))
        return DONE;
    return err_set(
        err, REFUSED, "%s counts in %.*s and %s in %.*s: policies are compared in one currency",
        a->path.p, (int)a->currency.n, a->currency.p, b->path.p, (int)b->currency.n, b->currency.p);
}

// A policy that was loaded for the data that another one has.
static enum status join_other(struct call *c, const struct opened *o, enum status loaded,
                              struct opened *out, struct err *err) {
    out->loaded = o->loaded;
    out->model = o->model;
    if (loaded != DONE)
        return loaded;
    TRY(check_currencies(o->policy, out->policy, err));
    return join(c, out, &out->findings, err);
}

enum status open_other(struct call *c, const struct opened *o, const char *path, struct opened *out,
                       struct err *err) {
    *out = (struct opened){0};
    enum status status = load_script(c, path, NULL, 0, &out->findings, &out->policy, err);
    status = join_other(c, o, status, out, err);
    note_findings(c, &out->findings);
    return status;
}

// What was set of the policy so far, then those of the list.
static struct setting *settings_anew(struct arena *a, const struct policy *p,
                                     const struct setting *list, int *n) {
    struct setting *all = arena_array(a, (size_t)(p->params + *n), sizeof *all);
    int some = 0;
    for (const struct param *k = p->param; k < p->param + p->params; k++) {
        struct buf value = {.arena = a};
        if (!k->changed)
            continue;
        value_print(&k->value, k->type, &value);
        all[some++] = (struct setting){k->name, {buf_text(&value), value.n}};
    }
    for (int i = 0; i < *n; i++)
        all[some++] = list[i];
    *n = some;
    return all;
}

enum status open_anew(struct arena *a, struct host *host, const struct opened *o,
                      const struct setting *list, int n, struct opened *out, struct err *err) {
    struct call in = {.arena = a, .host = host};
    const struct setting *all = settings_anew(a, o->policy, list, &n);
    *out = (struct opened){0};
    enum status status =
        load_script(&in, o->policy->path.p, all, n, &out->findings, &out->policy, err);
    return join_other(&in, o, status, out, err);
}
