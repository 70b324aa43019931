#include "sink/manifest.h"

#include "base/date.h"
#include "base/hash.h"

// The identity of a decision: SHA-256 of policy text, changed params, engine version, as-of date
// and what the metrics judged by. A model that was learned from this data and one that was given
// are the same if they hold the same numbers.
static void decision_identity(struct arena *a, const struct manifest *m, char out[HASH_HEX]) {
    const struct policy *p = m->policy;
    char date[10];
    struct buf b = {.arena = a};
    struct json j = {.out = &b};
    date_print(m->loaded->data.as_of, date);
    buf_printf(&b, "patron %s\npolicy %s\nas_of %.10s\n", m->version, p->sha256, date);
    for (int i = 0; i < p->params; i++) {
        if (!p->param[i].changed)
            continue;
        buf_printf(&b, "set %.*s=", (int)p->param[i].name.n, p->param[i].name.p);
        value_print(&p->param[i].value, p->param[i].type, &b);
        buf_char(&b, '\n');
    }
    if (m->learned->n > 0)
        model_print_learned(m->learned, &j);
    hash_hex((struct str){b.p, b.n}, out);
}

static void put_policy(struct json *j, struct arena *a, const struct policy *p) {
    json_open(j, '{');
    json_field_str(j, "file", p->path);
    json_field_str(j, "title", p->title);
    json_field_z(j, "sha256", p->sha256);
    json_field_open(j, "set", '{');
    for (int i = 0; i < p->params; i++) {
        struct buf text = {.arena = a};
        if (!p->param[i].changed)
            continue;
        value_print(&p->param[i].value, p->param[i].type, &text);
        json_key(j, p->param[i].name);
        json_str(j, (struct str){text.p, text.n});
    }
    json_close(j, '}');
    json_close(j, '}');
}

static void put_data(struct json *j, const struct loaded *l) {
    json_open(j, '[');
    for (int i = 0; i < l->sources; i++) {
        const struct source *s = &l->source[i];
        char hex[HASH_HEX];
        source_fingerprint(s, hex);
        json_open(j, '{');
        json_field_z(j, "file", s->file);
        json_field_z(j, "sha256", hex);
        json_field_integer(j, "rows", s->read);
        json_field_integer(j, "accepted", s->accepted);
        json_field_integer(j, "rejected", s->rejected);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_model(struct json *j, const struct model *m) {
    char date[10];
    date_print(m->as_of, date);
    json_open(j, '{');
    json_field_z(j, "file", m->path);
    json_field_z(j, "sha256", m->sha256);
    json_field_str(j, "as_of", (struct str){date, sizeof date});
    json_close(j, '}');
}

// What the manifest belongs to: a run that ended between two files leaves one beside others.
static enum status put_outputs(struct arena *a, struct json *j, const struct output *outputs, int n,
                               struct err *err) {
    json_open(j, '[');
    for (int i = 0; i < n; i++) {
        struct str content;
        char hex[HASH_HEX];
        if (outputs[i].out) {
            TRY(out_content(a, outputs[i].out, &content, err));
            if (!content.p)
                continue;
            hash_hex(content, hex);
        }
        json_open(j, '{');
        json_field_z(j, "file", outputs[i].path);
        json_field_z(j, "sha256", outputs[i].out ? hex : outputs[i].sha256);
        json_close(j, '}');
    }
    json_close(j, ']');
    return DONE;
}

const char *manifest_path(struct arena *a, const char *path) {
    return arena_printf(a, "%s.manifest.json", path);
}

enum status manifest_write(struct arena *a, const struct manifest *m, struct out **out,
                           struct err *err) {
    char identity[HASH_HEX], hex[HASH_HEX], date[10];
    struct buf b = {.arena = a};
    struct json j = {.out = &b};
    decision_identity(a, m, identity);
    date_print(m->loaded->data.as_of, date);
    json_open(&j, '{');
    json_field_z(&j, "identity", identity);
    json_field_z(&j, "patron", m->version);
    json_field_str(&j, "as_of", (struct str){date, sizeof date});
    json_key(&j, STR("policy"));
    put_policy(&j, a, m->policy);
    if (m->model) {
        json_key(&j, STR("model"));
        put_model(&j, m->model);
    }
    json_key(&j, STR("learned"));
    model_print_learned(m->learned, &j);
    hash_hex(m->loaded->description, hex);
    json_field_z(&j, "dataset_sha256", hex);
    json_key(&j, STR("data"));
    put_data(&j, m->loaded);
    json_key(&j, STR("outputs"));
    TRY(put_outputs(a, &j, m->output, m->outputs, err));
    json_key(&j, STR("counts"));
    buf_str(&b, m->counts);
    json_close(&j, '}');
    buf_char(&b, '\n');
    TRY(out_open(a, NULL, manifest_path(a, m->path), out, err));
    return out_write(*out, b.p, b.n, err);
}
