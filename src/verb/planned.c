// A plan is two files: the rows, and a manifest beside them (sink/manifest.h) that says by which
// policy, of which data, and what the rows' sum is. The rows are read only if that is theirs.
#include "verb/planned.h"

#include <cJSON.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "expr/value.h"
#include "load/document.h"
#include "load/parser.h"
#include "sink/manifest.h"

// ---- the manifest -----------------------------------------------------------------------------

static const cJSON *member(const cJSON *object, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool is_text(const cJSON *x, const char *text) {
    return cJSON_IsString(x) && strcmp(x->valuestring, text) == 0;
}

// The params that were changed, as the manifest has them.
static bool same_params(struct arena *a, const struct policy *p, const cJSON *set) {
    int changed = 0;
    for (int i = 0; i < p->params; i++) {
        struct buf text = {.arena = a};
        if (!p->param[i].changed)
            continue;
        value_print(&p->param[i].value, p->param[i].type, &text);
        const char *name = arena_copy(a, p->param[i].name.p, p->param[i].name.n);
        if (!is_text(member(set, name), buf_text(&text)))
            return false;
        changed++;
    }
    return cJSON_GetArraySize(set) == changed;
}

static enum status check_policy(struct call *c, const struct opened *o, const struct document *d,
                                const char *path, struct err *err) {
    const cJSON *policy = member(d->root, "policy");
    if (!is_text(member(policy, "sha256"), o->policy->sha256))
        return err_set(err, REFUSED,
                       "%s was made for another policy, or this one has changed since: make it "
                       "anew by `patron simulate --budget X --plan FILE`",
                       path);
    if (!same_params(c->arena, o->policy, member(policy, "set")))
        return err_set(err, REFUSED,
                       "%s was made with other params (--set): give the same here, or make it anew",
                       path);
    return DONE;
}

static bool same_data(const struct opened *o, const struct document *d) {
    const cJSON *data = member(d->root, "data"), *source = data ? data->child : NULL;
    char date[10], hex[HASH_HEX];
    date_print(o->loaded.data.as_of, date);
    const cJSON *as_of = member(d->root, "as_of");
    bool same = cJSON_IsString(as_of) && strncmp(as_of->valuestring, date, sizeof date) == 0 &&
                cJSON_GetArraySize(data) == o->loaded.sources;
    for (int i = 0; same && i < o->loaded.sources; i++, source = source->next) {
        source_fingerprint(&o->loaded.source[i], hex);
        same = is_text(member(source, "sha256"), hex);
    }
    return same;
}

static enum status check_rows(const struct document *d, const char *path, struct str rows,
                              struct err *err) {
    const cJSON *outputs = member(d->root, "outputs");
    char hex[HASH_HEX];
    hash_hex(rows, hex);
    if (!outputs || !is_text(member(outputs->child, "sha256"), hex))
        return err_set(err, REFUSED,
                       "%s is not as `patron simulate` wrote it, by %s: it was damaged or edited; "
                       "make it anew, or change the policy",
                       path, d->file);
    return DONE;
}

// ---- the rows -----------------------------------------------------------------------------------

enum { CUSTOMER, CAMPAIGN, CHANNEL, FIELDS };

struct plan_rows {
    const struct opened *opened;
    const char *path;
    struct planned *of; // [customer]
    struct str field[FIELDS];
    struct buf bytes;
    size_t end[FIELDS];
    int n; // fields of this row
    long line;
    enum status status;
    struct err *err;
};

static struct place here(const struct plan_rows *r) {
    return (struct place){r->path, r->line, 0};
}

static void put_field(void *field, size_t n, void *reading) {
    struct plan_rows *r = reading;
    if (r->n < FIELDS) {
        buf_put(&r->bytes, field, n);
        r->end[r->n] = r->bytes.n;
    }
    r->n++;
}

// The place of the channel among the campaign's; -1: the name is empty, -2: there is none.
static int find_channel(const struct policy *p, const struct campaign *c, struct str name) {
    for (int i = 0; i < c->channels; i++)
        if (str_eq(p->channel[c->channel[i]].name, name))
            return i;
    return name.n ? -2 : -1;
}

static enum status put_planned(struct plan_rows *r) {
    const struct policy *p = r->opened->policy;
    struct str id = r->field[CUSTOMER];
    int64_t customer = dataset_find(&r->opened->loaded.data, id);
    int campaign = policy_campaign(p, r->field[CAMPAIGN]);
    if (customer < 0)
        return err_at(r->err, REFUSED, here(r),
                      "customer %.*s is not in this data: the plan is for another base, or make it "
                      "anew",
                      (int)id.n, id.p);
    int channel = campaign < 0 ? -2 : find_channel(p, &p->campaign[campaign], r->field[CHANNEL]);
    if (channel < -1 || r->of[customer].campaign >= 0)
        return err_at(r->err, REFUSED, here(r),
                      "this is no row of a plan for this policy: make it anew");
    r->of[customer] = (struct planned){campaign, channel};
    return DONE;
}

static void end_row(int ending, void *reading) {
    struct plan_rows *r = reading;
    (void)ending;
    r->line++;
    if (r->line > 1 && r->status == DONE) {
        for (int i = 0; i < FIELDS; i++) {
            size_t start = i ? r->end[i - 1] : 0;
            r->field[i] = i < r->n ? (struct str){r->bytes.p + start, r->end[i] - start}
                                   : (struct str){"", 0};
        }
        r->status = put_planned(r);
    }
    r->bytes.n = 0;
    r->n = 0;
}

static enum status read_rows(struct call *c, const struct opened *o, const char *path,
                             struct str rows, struct plan *out, struct err *err) {
    size_t customers = (size_t)o->loaded.data.customers;
    struct plan_rows r = {.opened = o, .path = path, .bytes = {.arena = c->arena}, .err = err};
    struct csv_parser parser;
    r.of = arena_array(c->arena, customers, sizeof *r.of);
    for (size_t i = 0; i < customers; i++)
        r.of[i] = (struct planned){-1, -1};
    parser_open(&parser, c->arena, ',');
    size_t read = csv_parse(&parser, rows.p, rows.n, put_field, end_row, &r);
    if (r.status == DONE && (read != rows.n || csv_fini(&parser, put_field, end_row, &r) != 0))
        return err_at(err, REFUSED, here(&r), "this is no CSV any more: make the plan anew");
    out->of = r.of;
    return r.status;
}

enum status plan_open(struct call *c, struct opened *o, struct err *err) {
    const char *path = args_value(&c->args, "--plan");
    struct plan *plan = arena_alloc(c->arena, sizeof *plan);
    struct document manifest;
    struct str rows;
    if (!path)
        return DONE;
    TRY(file_map(c->arena, path, &rows, err));
    const char *beside = manifest_path(c->arena, path);
    if (access(beside, F_OK) != 0)
        return err_at(err, REFUSED, (struct place){path, 0, 0},
                      "is no plan, or lost its manifest: `patron simulate --budget X --plan FILE` "
                      "writes both, and %s is not there",
                      beside);
    TRY(document_read(c->arena, beside, &manifest, err));
    TRY(check_rows(&manifest, path, rows, err));
    TRY(check_policy(c, o, &manifest, path, err));
    if (!same_data(o, &manifest))
        host_note(c->host,
                  "%s was made from other data or for another day: what is no longer open is not "
                  "offered, and costs are those of now",
                  path);
    TRY(read_rows(c, o, path, rows, plan, err));
    o->policy->plan = plan;
    return DONE;
}

// ---- what became of it --------------------------------------------------------------------------

void plan_close(struct call *c, const struct decisions *d, struct carried_out *out) {
    const struct plan *plan = d->policy->plan;
    *out = (struct carried_out){.path = args_value(&c->args, "--plan")};
    for (int64_t i = 0; plan && i < d->data->customers; i++) {
        if (plan->of[i].campaign < 0)
            continue;
        enum reason r = (enum reason)d->reason[plan->of[i].campaign][i];
        out->offers++;
        out->made += reason_is_won(r);
        out->reason[r] += !reason_is_won(r);
    }
    if (out->made == out->offers)
        return;
    struct buf b = {.arena = c->arena};
    carried_out_text(out, &b);
    host_note(c->host, "%.*s", (int)b.n - 3, b.p + 2); // no line of the page
    c->partial = true;
}

void carried_out_text(const struct carried_out *k, struct buf *out) {
    if (!k->path)
        return;
    buf_printf(out, "  plan %s: %lld of %lld offers are made", k->path, (long long)k->made,
               (long long)k->offers);
    for (int r = 0, some = 0; r < REASONS; r++)
        if (k->reason[r])
            buf_printf(out, "%s %s %lld", some++ ? "," : "; not:", reason_name((enum reason)r),
                       (long long)k->reason[r]);
    buf_char(out, '\n');
}

void carried_out_json(const struct carried_out *k, struct json *j) {
    if (!k->path)
        return;
    json_field_open(j, "plan", '{');
    json_field_z(j, "file", k->path);
    json_field_integer(j, "offers", k->offers);
    json_field_integer(j, "made", k->made);
    json_field_open(j, "not_made", '{');
    for (int r = 0; r < REASONS; r++)
        if (k->reason[r])
            json_field_integer(j, reason_name((enum reason)r), k->reason[r]);
    json_close(j, '}');
    json_close(j, '}');
}
