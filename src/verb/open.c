#include "verb/open.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/format.h"
#include "base/money.h"
#include "table/seal.h"
#include "trial/belief.h"

enum { REJECTS_SHOWN = 3, FAILURES_SHOWN = 3, SETTINGS_MAX = OPTIONS_MAX };

// Says what was left out of one file: the first few rows, then the sum by reason.
static void note_rejects(struct call *c, const struct source *s, const char *rejects_file) {
    for (int i = 0; i < s->rejects && i < REJECTS_SHOWN; i++)
        host_note(c->host, "%s:%ld:%ld: %s", s->reject[i].at.file, s->reject[i].at.line,
                  s->reject[i].at.column, s->reject[i].text);
    struct buf b = {.arena = c->arena};
    for (int i = 0; i < s->reasons; i++)
        buf_printf(&b, "%s%lld %s", i ? ", " : "", (long long)s->reason_count[i], s->reason[i]);
    host_note(c->host, "%s: %lld of %lld rows were rejected (%s)%s%s", s->file,
              (long long)s->rejected, (long long)s->read, buf_text(&b),
              s->sha256      ? "; they were left out when it was packed"
              : rejects_file ? "; they are in "
                             : "; --rejects FILE writes them out",
              rejects_file ? rejects_file : "");
    c->partial = true;
}

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

struct outputs {
    int n;
    const char *path[2 * OPTIONS_MAX + 1]; // NULL-ended; each option may have a manifest
};

// A plan is written where there is a budget, and else read.
static bool plan_is_read(const struct args *a) {
    return args_value(a, "--plan") && !args_value(a, "--budget");
}

// The data and the policies, and the files that options name.
static bool is_read(const struct args *a, const char *path) {
    static const char *const options[] = {"--model", "--vs", "--forecast"};
    for (int i = 0; i < a->n; i++)
        if (file_same(a->positional[i], path))
            return true;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *read = args_value(a, options[i]);
        if (read && file_same(read, path))
            return true;
    }
    return plan_is_read(a) && file_same(args_value(a, "--plan"), path);
}

static enum status add_output(struct outputs *out, const struct args *a, const char *option,
                              const char *path, struct err *err) {
    for (int i = 0; i < out->n; i++)
        if (file_same(out->path[i], path))
            return err_set(err, MISUSED, "%s %s: another option writes this file, too", option,
                           path);
    if (is_read(a, path))
        return err_set(err, MISUSED, "%s %s: this file is read; write to another one", option,
                       path);
    out->path[out->n++] = path;
    return DONE;
}

// The files that the run will write: each is another one, and none is read. (-o may be given for a
// page and for a folder. A manifest is there if the verb writes one; else nothing is of its name.
// The plan is written by the verb that has a budget for it; the other one reads it, and is not to
// write over it either.)
static enum status outputs_of(const struct call *c, struct outputs *out, struct err *err) {
    static const struct {
        const char *option;
        bool manifest;
    } written[] = {{"-o", true},         {"--plan", true},     {"--candidates", false},
                   {"--clauses", false}, {"--rewards", false}, {"--referrals", false},
                   {"--rejects", false}};
    *out = (struct outputs){0};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        const char *path, *option = written[i].option;
        if (strcmp(option, "--plan") == 0 && plan_is_read(&c->args))
            continue;
        for (int k = 0; (path = args_nth(&c->args, option, k)); k++) {
            TRY(add_output(out, &c->args, option, path, err));
            if (written[i].manifest)
                TRY(add_output(out, &c->args, option, manifest_path(c->arena, path), err));
        }
    }
    return DONE;
}

static const struct option data_options[] = {
    OPTIONS_OF_DATA,
    OPTION_OF_THREADS,
    {NULL, NULL, NULL},
};

static const struct option policy_options[] = {
    OPTIONS_OF_POLICY,
    {NULL, NULL, NULL},
};

// What was settled at opening is not settled anew.
static enum status check_settled(const struct args *a, const struct option *options,
                                 const char *what, struct err *err) {
    for (const struct option *o = options; o->name; o++)
        if (args_value(a, o->name) && strcmp(o->name, "--threads") != 0)
            return err_set(err, MISUSED, "%s is said when the %s is opened, and this one is open",
                           o->name, what);
    return DONE;
}

static enum status take_data(struct call *c, const struct outputs *outputs, struct loaded *out,
                             struct err *err) {
    TRY(check_settled(&c->args, data_options, "data", err));
    TRY(load_spares(c->held.data, outputs->path, err));
    *out = *c->held.data;
    for (int i = 0; i < out->sources; i++)
        c->partial = c->partial || out->source[i].rejected > 0;
    return DONE;
}

// `as_of`: of the day where neither the call nor the data names one, or NULL.
static enum status load_data(struct call *c, const char *path, const char *as_of,
                             struct loaded *out, struct err *err) {
    struct outputs outputs;
    TRY(check_is_data(path, err));
    TRY(outputs_of(c, &outputs, err));
    if (c->held.data)
        return take_data(c, &outputs, out, err);
    struct load_options o = {
        .path = path,
        .rejects = args_value(&c->args, "--rejects"),
        .as_of = args_value(&c->args, "--as-of"),
        .strict = args_value(&c->args, "--strict") != NULL,
        .outputs = outputs.path,
        .as_of_else = as_of,
    };
    TRY(load_dataset(c->arena, c->host, &o, out, err));
    if (out->rejects)
        call_output(c, out->rejects);
    for (int i = 0; i < out->sources; i++) {
        const struct source *s = &out->source[i];
        if (s->rejected)
            note_rejects(c, s, o.rejects);
    }
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
    struct board_options b = {.host = c->host, .data = &out->loaded.data};
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

static void take_policy(struct call *c, struct findings *findings, struct policy **out) {
    const struct findings *held = &c->held.policy->findings;
    for (int i = 0; i < held->n; i++)
        findings_add(findings, held->list[i].severity, held->list[i].code, held->list[i].at, "%s",
                     held->list[i].text);
    *out = policy_copy(c->arena, c->held.policy->policy);
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
    bool held = c->held.policy && path == c->held.policy_path;
    if (held && set)
        TRY(check_settled(&c->args, policy_options, "policy", err));
    if (held) {
        findings->arena = c->arena;
        take_policy(c, findings, out);
        return DONE;
    }
    if (set)
        TRY(settings(c, list, &n, err));
    return load_script(c, path, list, n, findings, out, err);
}

enum status open_policy(struct call *c, const char *path, struct findings *findings,
                        struct policy **out, struct err *err) {
    return load_policy(c, path, true, findings, out, err);
}

void note_metric_faults(struct call *c, const struct board *board) {
    int64_t n = board_faults(board);
    if (n == 0)
        return;
    host_note(c->host,
              "%lld value%s of the policy's metrics could not be computed (a division by zero "
              "...) and count as missing",
              (long long)n, plural(n));
    c->partial = true;
}

void note_faults(struct call *c, const struct decisions *d) {
    note_metric_faults(c, d->board);
    for (int64_t i = 0; i < d->failures && i < FAILURES_SHOWN; i++) {
        struct str id = column_str(d->data->id, d->failure[i].customer);
        host_note(c->host, "%.*s:%ld: failed for %.*s: %s", (int)d->policy->path.n,
                  d->policy->path.p, d->failure[i].line, (int)id.n, id.p, d->failure[i].text);
    }
    if (d->faulty > 0) {
        struct str id = column_str(d->data->id, d->first_faulty);
        host_note(c->host,
                  "a rule failed for %lld customer%s, who got nothing from it; `patron explain ... "
                  "%.*s` shows the first",
                  (long long)d->faulty, plural(d->faulty), (int)id.n, id.p);
    }
    for (int k = 0; d->referred && k < d->policy->referrals; k++) {
        int64_t n = d->referred[k].count[REFERRAL_FAULT];
        if (n > 0)
            host_note(c->host, "a rule failed for %lld referral%s, which %s not rewarded",
                      (long long)n, plural(n), n == 1 ? "is" : "are");
    }
    c->partial = c->partial || d->failures > 0;
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

const char *rows_path(const struct call *c) {
    const char *path = args_value(&c->args, "-o");
    return path || args_value(&c->args, "--json") || !c->host->write ? path : "-";
}

struct sheet_options rows_options(const struct call *c, const char *path) {
    return (struct sheet_options){
        .path = path,
        .raw = args_value(&c->args, "--raw") != NULL,
        .encoding = args_value(&c->args, "--encoding"),
    };
}

enum status call_manifest(struct call *c, const struct opened *o, const struct buf *counts,
                          const char *path, const struct output *output, int outputs,
                          struct err *err) {
    struct out *out;
    struct manifest m = {
        .policy = o->policy,
        .loaded = &o->loaded,
        .model = o->model,
        .learned = board_learned(o->board),
        .version = verb_version(),
        .counts = {counts->p, counts->n},
        .path = path,
        .outputs = outputs,
        .output = output,
    };
    TRY(manifest_write(c->arena, &m, &out, err));
    call_output(c, out);
    return DONE;
}

static const char *const severities[] = {"error", "warning", "note"};

// "file:line:column: error: text", without what is not known of the place.
static const char *finding_line(struct arena *a, const struct finding *x) {
    struct err e = {DONE};
    char line[4096];
    err_at(&e, REFUSED, x->at, "%s: %s", severities[x->severity], x->text);
    err_line(&e, line, sizeof line);
    return arena_copy(a, line, strlen(line));
}

static bool has_code_before(const struct findings *f, int i) {
    for (int k = 0; k < i; k++)
        if (strcmp(f->list[k].code, f->list[i].code) == 0)
            return true;
    return false;
}

// What to do is said once for every code.
void findings_text(struct buf *out, const struct findings *f) {
    for (int i = 0; i < f->n; i++) {
        const char *code = f->list[i].code, *remedy = policy_remedy(code);
        buf_printf(out, "%s [%s]\n", finding_line(f->arena, &f->list[i]), code);
        if (remedy && !has_code_before(f, i))
            buf_printf(out, "    %s\n", remedy);
    }
}

static void place_json(struct json *j, const char *key, struct place at) {
    json_field_open(j, key, '{');
    json_field_integer(j, "line", at.line);
    json_field_integer(j, "column", at.column);
    json_close(j, '}');
}

static void range_json(struct json *j, const struct finding *x) {
    json_field_open(j, "range", '{');
    place_json(j, "start", x->at);
    place_json(j, "end", x->end.line ? x->end : x->at);
    json_close(j, '}');
}

// A customer as a test would give it, or the clauses of a proof.
static void evidence_json(struct json *j, const struct evidence *e) {
    if (e->values > 0) {
        json_field_open(j, "customer", '{');
        for (int i = 0; i < e->values; i++) {
            json_key(j, e->value[i].name);
            if (e->value[i].missing)
                json_null(j);
            else if (e->value[i].text)
                json_str(j, e->value[i].value);
            else
                json_raw(j, e->value[i].value);
        }
        json_close(j, '}');
    }
    if (e->clauses > 0) {
        json_field_open(j, "proof", '[');
        for (int i = 0; i < e->clauses; i++) {
            json_open(j, '{');
            json_field_str(j, "clause", e->clause[i].text);
            json_field_bool(j, "holds", e->clause[i].holds);
            place_json(j, "at", e->clause[i].at);
            json_close(j, '}');
        }
        json_close(j, ']');
    }
}

void findings_json(struct json *j, const struct findings *f) {
    json_open(j, '[');
    for (int i = 0; i < f->n; i++) {
        const struct finding *x = &f->list[i];
        json_open(j, '{');
        json_field_z(j, "severity", severities[x->severity]);
        json_field_z(j, "code", x->code);
        json_field_z(j, "file", x->at.file);
        json_field_integer(j, "line", x->at.line);
        json_field_integer(j, "column", x->at.column);
        json_field_z(j, "text", x->text);
        if (policy_remedy(x->code))
            json_field_z(j, "remedy", policy_remedy(x->code));
        range_json(j, x);
        if (x->evidence)
            evidence_json(j, x->evidence);
        json_close(j, '}');
    }
    json_close(j, ']');
}

// What is wrong, in full, before the call ends with the first of it.
static void note_findings(struct call *c, const struct findings *f, bool errors) {
    for (int i = 0; i < f->n; i++) {
        const struct finding *x = &f->list[i];
        if (x->severity == SEVERITY_NOTE || (x->severity == SEVERITY_ERROR) != errors)
            continue;
        host_note(c->host, "%s", finding_line(c->arena, x));
    }
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

static void note_all_findings(struct call *c, struct findings *f) {
    findings_sort(f);
    if (f->errors > 1)
        note_findings(c, f, true);
    note_findings(c, f, false);
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
    note_all_findings(c, &out->findings);
    return status;
}

enum status open_pair(struct call *c, const char *data, const char *before, const char *after,
                      struct opened out[2], struct err *err) {
    out[0] = out[1] = (struct opened){0};
    TRY(check_is_data(data, err));
    enum status status = open_sides(c, data, before, after, out, err);
    note_all_findings(c, &out[0].findings);
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
    note_all_findings(c, &out->findings);
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

void data_json(struct json *j, const struct loaded *l) {
    char date[10];
    date_print(l->data.as_of, date);
    json_open(j, '{');
    json_field_str(j, "name", l->data.name);
    json_field_str(j, "as_of", (struct str){date, sizeof date});
    json_field_str(j, "currency", l->data.currency);
    json_field_integer(j, "customers", l->data.customers);
    json_field_open(j, "files", '[');
    for (int i = 0; i < l->sources; i++) {
        const struct source *s = &l->source[i];
        json_open(j, '{');
        json_field_z(j, "file", s->file);
        json_field_z(j, "table", s->table);
        json_field_integer(j, "rows", s->read);
        json_field_integer(j, "accepted", s->accepted);
        json_field_integer(j, "rejected", s->rejected);
        json_field_integer(j, "after_as_of", s->after_as_of);
        json_field_open(j, "reasons", '{');
        for (int k = 0; k < s->reasons; k++) {
            json_key(j, str_of(s->reason[k]));
            json_integer(j, s->reason_count[k]);
        }
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

// ---- what is held open --------------------------------------------------------------------------

static enum status run_open_data(struct call *c, void **result, struct err *err) {
    struct loaded *loaded = arena_alloc(c->arena, sizeof *loaded);
    *result = loaded;
    return open_data(c, c->args.positional[0], loaded, err);
}

static enum status run_open_policy(struct call *c, void **result, struct err *err) {
    struct opened_policy *o = arena_alloc(c->arena, sizeof *o);
    *result = o;
    enum status status = open_policy(c, c->args.positional[0], &o->findings, &o->policy, err);
    if (o->findings.errors > 1)
        note_findings(c, &o->findings, true);
    return status;
}

const struct verb verb_open_data = {
    .name = "patron_data_open",
    .synopsis = "DATA",
    .options = data_options,
    .least = 1,
    .most = 1,
    .run = run_open_data,
};

const struct verb verb_open_policy = {
    .name = "patron_policy_open",
    .synopsis = "POLICY",
    .options = policy_options,
    .least = 1,
    .most = 1,
    .run = run_open_policy,
};
