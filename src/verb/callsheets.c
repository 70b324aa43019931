#include "verb/callsheets.h"

#include <string.h>

static const char *folder_of(const struct call *c) {
    return args_value(&c->args, "--playbooks");
}

enum status callsheets_begin(struct call *c, const struct policy *p, struct err *err) {
    const char *path = folder_of(c);
    if (!path)
        return DONE;
    if (p->playbooks == 0)
        return err_set(err, MISUSED,
                       "--playbooks fills in the playbooks of a policy, and %s has none",
                       p->path.p);
    return folder_make(c->arena, path, &c->folder, err);
}

enum status callsheets_fill(struct call *c, const struct decisions *d, struct callsheets *out,
                            struct err *err) {
    if (!c->folder)
        return DONE;
    TRY(callsheets_write(c->arena, c->host, d, c->folder, out, err));
    for (int i = 0; i < out->gaps.n; i++)
        c->partial |= out->gaps.gap[i].failed;
    return DONE;
}

const struct output *callsheets_outputs(const struct call *c, const struct callsheets *s,
                                        const struct output *output, int *n) {
    struct output *all = arena_array(c->arena, (size_t)(*n + s->files), sizeof *all);
    memcpy(all, output, (size_t)*n * sizeof *all);
    for (int i = 0; i < s->files; i++)
        all[(*n)++] =
            (struct output){arena_printf(c->arena, "%s/%s", folder_of(c), s->file[i].name), NULL,
                            s->file[i].sha256};
    return all;
}

static void gaps_text(const struct gaps *g, bool failed, const char *what, struct buf *out) {
    const char *between = what;
    for (const struct gap *gap = g->gap; gap < g->gap + g->n; gap++) {
        if (gap->failed != failed)
            continue;
        buf_printf(out, "%s %.*s %lld", between, (int)gap->name.n, gap->name.p,
                   (long long)gap->times);
        between = ",";
    }
}

void callsheets_text(const struct call *c, const struct callsheets *s, struct buf *out) {
    if (!c->folder)
        return;
    buf_printf(out, "  call sheets: %lld in %d file%s in %s", (long long)s->sheets, s->files,
               plural(s->files), folder_of(c));
    if (s->silent)
        buf_printf(out, "; %lld granted without a playbook", (long long)s->silent);
    if (s->ownerless)
        buf_printf(out, "; the owner of %lld is not known", (long long)s->ownerless);
    gaps_text(&s->gaps, false, "; not known:", out);
    gaps_text(&s->gaps, true, "; failed:", out);
    if (s->gaping)
        buf_printf(out, ", in %lld sheet%s", (long long)s->gaping, plural(s->gaping));
    buf_char(out, '\n');
}

static void file_json(const struct callsheet_file *f, struct json *j) {
    json_open(j, '{');
    json_field_z(j, "file", f->name);
    json_field_str(j, "channel", f->channel);
    if (f->owner.n > 0)
        json_field_str(j, "owner", f->owner);
    json_field_integer(j, "sheets", f->sheets);
    json_close(j, '}');
}

static void gaps_json(const struct gaps *g, bool failed, const char *name, struct json *j) {
    json_field_open(j, name, '{');
    for (const struct gap *gap = g->gap; gap < g->gap + g->n; gap++) {
        if (gap->failed != failed)
            continue;
        json_key(j, gap->name);
        json_integer(j, gap->times);
    }
    json_close(j, '}');
}

void callsheets_json(const struct callsheets *s, struct json *j) {
    json_field_open(j, "playbooks", '{');
    json_field_integer(j, "sheets", s->sheets);
    json_field_integer(j, "without_playbook", s->silent);
    json_field_integer(j, "owner_not_known", s->ownerless);
    json_field_integer(j, "incomplete", s->gaping);
    gaps_json(&s->gaps, false, "not_known", j);
    gaps_json(&s->gaps, true, "failed", j);
    json_field_open(j, "files", '[');
    for (int i = 0; i < s->files; i++)
        file_json(&s->file[i], j);
    json_close(j, ']');
    json_close(j, '}');
}
