#include "verb/run.h"

#include <string.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/parallel.h"

static bool next_verb(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (!verbs[i])
        return false;
    *out = str_of(verbs[i]->name);
    return true;
}

static enum status find_verb(const char *name, const struct verb **out, struct err *err) {
    struct str near = str_nearest(str_of(name), next_verb, NULL);
    *out = verb_find(name);
    if (*out)
        return DONE;
    if (near.n)
        return err_set(err, MISUSED, "there is no verb '%s'; did you mean '%.*s'?", name,
                       (int)near.n, near.p);
    return err_set(err, MISUSED, "there is no verb '%s'; `patron --help` lists them", name);
}

static enum status set_threads(struct call *c, struct err *err) {
    int64_t n = parallel_cores();
    TRY(args_whole(&c->args, "--threads", 1, 64, &n, err));
    c->host->threads = (int)n;
    return DONE;
}

enum status run_verb(struct call *c, const struct verb *v, const char *const *words, void **result,
                     struct err *err) {
    *result = NULL;
    TRY(args_parse(v, words, &c->held, &c->args, err));
    if (args_value(&c->args, "--help"))
        return DONE;
    TRY(set_threads(c, err));
    return v->run(c, result, err);
}

void call_output(struct call *c, struct out *o) {
    c->output[c->outputs++] = o;
}

enum status call_write(struct call *c, const char *path, struct str text, struct err *err) {
    struct out *out;
    TRY(out_open(c->arena, c->host, path, &out, err));
    TRY(out_write(out, text.p, text.n, err));
    call_output(c, out);
    return DONE;
}

enum status run_commit(struct call *c, struct err *err) {
    if (c->folder)
        TRY(folder_commit(c->folder, err));
    for (int i = 0; i < c->outputs; i++)
        TRY(out_commit(c->output[i], err));
    return DONE;
}

static void show(const struct call *c, const struct verb *v, const void *result, struct buf *out) {
    if (!result) {
        verb_help(v, out);
    } else if (args_value(&c->args, "--json")) {
        struct json j = {.out = out};
        v->json(result, &j);
        buf_char(out, '\n');
    } else {
        v->text(result, out);
        out->n = str_clean(out->p, out->n, true);
    }
}

// `patron help`, and `patron help VERB`.
static enum status help(const char *name, struct buf *out, struct err *err) {
    const struct verb *v;
    if (!name) {
        verbs_help(out);
        return DONE;
    }
    TRY(find_verb(name, &v, err));
    verb_help(v, out);
    return DONE;
}

enum status run_words(struct call *c, const char *const *words, struct buf *out, struct err *err) {
    const char *name = words[0];
    const struct verb *v;
    void *result;
    if (!name)
        return err_set(err, MISUSED, "say what to do; `patron --help` lists the verbs");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(words[1], out, err);
    if (strcmp(name, "--version") == 0) {
        buf_printf(out, "patron %s\n", verb_version());
        return DONE;
    }
    TRY(find_verb(name, &v, err));
    TRY(run_verb(c, v, words + 1, &result, err));
    show(c, v, result, out);
    return DONE;
}
