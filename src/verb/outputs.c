#include "verb/outputs.h"

#include <string.h>

#include "base/file.h"
#include "verb/open.h"

// ---- what a run will write ----------------------------------------------------------------------

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
    static const char *const options[] = {"--model", "--vs", "--forecast", "--arms"};
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

// -o may be given for a page and for a folder. A manifest is there if the verb writes one; else
// nothing is of its name. The plan is written by the verb that has a budget for it; the other one
// reads it, and is not to write over it either.
enum status outputs_of(const struct call *c, const char *const **out, struct err *err) {
    static const struct {
        const char *option;
        bool manifest;
    } written[] = {{"-o", true},         {"--plan", true},     {"--candidates", false},
                   {"--clauses", false}, {"--rewards", false}, {"--referrals", false},
                   {"--rejects", false}};
    struct outputs *all = arena_alloc(c->arena, sizeof *all);
    *out = all->path;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        const char *path, *option = written[i].option;
        if (strcmp(option, "--plan") == 0 && plan_is_read(&c->args))
            continue;
        for (int k = 0; (path = args_nth(&c->args, option, k)); k++) {
            TRY(add_output(all, &c->args, option, path, err));
            if (written[i].manifest)
                TRY(add_output(all, &c->args, option, manifest_path(c->arena, path), err));
        }
    }
    return DONE;
}

// ---- writing it ---------------------------------------------------------------------------------

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
