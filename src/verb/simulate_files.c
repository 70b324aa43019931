// What patron simulate -o writes: the page, the tables, and the manifest beside the first of them.
#include <string.h>

#include "base/format.h"
#include "sink/page.h"
#include "sink/tables.h"
#include "verb/simulate.h"

// What -o names; NULL: nothing of the kind.
struct targets {
    const char *page, *folder;
};

static enum status refuse_name(const char *path, struct err *err) {
    return err_set(
        err, MISUSED,
        "-o takes a page, whose name ends in .html (a browser prints it), or a folder for "
        "the tables; '%s' is neither",
        path);
}

// "report.pdf", but neither "2025.06" nor "report.pdf/": its end begins with a letter.
static bool is_like_file(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot && !strchr(dot, '/') && dot > path && dot[-1] != '/' && dot[-1] != '.' &&
           ((dot[1] >= 'a' && dot[1] <= 'z') || (dot[1] >= 'A' && dot[1] <= 'Z'));
}

static enum status refuse_file(const char *path, struct err *err) {
    return err_set(err, MISUSED,
                   "-o writes a page, whose name ends in .html, and tables into a folder, but no "
                   "file such as '%s'; if that is to be a folder, add a slash: '%s/'",
                   path, path);
}

static enum status read_names(const struct call *c, struct targets *out, struct err *err) {
    enum format format;
    const char *path;
    *out = (struct targets){NULL, NULL};
    for (int i = 0; (path = args_nth(&c->args, "-o", i)); i++) {
        const char **name = format_ends_in(path, ".html") ? &out->page : &out->folder;
        if (out_is_stdout(path) || !*path || format_of(path, &format) ||
            format_ends_in(path, ".pdf"))
            return refuse_name(path, err);
        if (name == &out->folder && is_like_file(path))
            return refuse_file(path, err);
        if (*name)
            return err_set(err, MISUSED, "-o names two %s, '%s' and '%s': one of them is enough",
                           name == &out->page ? "pages" : "folders", *name, path);
        *name = path;
    }
    return DONE;
}

enum status simulate_check_files(struct call *c, struct err *err) {
    struct sheet_options tables = rows_options(c, "tables.csv");
    struct targets targets;
    TRY(read_names(c, &targets, err));
    TRY(sheet_check(&tables, err));
    if (targets.page)
        TRY(out_check(c->arena, targets.page, err));
    return targets.folder ? folder_make(c->arena, targets.folder, &c->folder, err) : DONE;
}

// The folder's name without slashes at its end.
static const char *plain(struct arena *a, const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return arena_copy(a, path, n);
}

static enum status write_page(struct call *c, const char *path, struct str run,
                              struct output *output, struct err *err) {
    *output = (struct output){.path = path};
    TRY(page_write(c->arena, c->host, path, run, &output->out, err));
    call_output(c, output->out);
    return DONE;
}

// One output a table, from *n on.
static enum status write_tables(struct call *c, const char *folder, struct str run,
                                struct output *output, int *n, struct err *err) {
    struct sheet_options options = rows_options(c, NULL);
    struct tables *tables = arena_alloc(c->arena, sizeof *tables);
    TRY(tables_write(c->arena, c->host, run, c->folder, &options, tables, err));
    for (int i = 0; i < tables->n; i++)
        output[(*n)++] =
            (struct output){arena_printf(c->arena, "%s/%s", folder, tables->file[i].name), NULL,
                            tables->file[i].sha256};
    return DONE;
}

static enum status write_manifest(struct simulation *s, const char *path,
                                  const struct output *output, int outputs, struct err *err) {
    struct buf counts = {.arena = s->call->arena};
    struct json j = {.out = &counts};
    json_open(&j, '{');
    json_field_integer(&j, "customers", s->opened.loaded.data.customers);
    json_field_number(&j, "intervals", 0.9); // hold so much of what is expected
    json_field_integer(&j, "draws", s->options.draws);
    json_field_integer(&j, "seed", (int64_t)s->options.seed);
    json_close(&j, '}');
    return call_manifest(s->call, &s->opened, &counts, path, output, outputs, err);
}

enum status simulate_write_files(struct simulation *s, struct str run, struct err *err) {
    struct call *c = s->call;
    struct output output[TABLES_MOST + 1];
    struct targets targets;
    int n = 0;
    TRY(read_names(c, &targets, err));
    if (targets.page)
        TRY(write_page(c, targets.page, run, &output[n++], err));
    if (targets.folder)
        TRY(write_tables(c, plain(c->arena, targets.folder), run, output, &n, err));
    if (n == 0)
        return DONE;
    return write_manifest(s, targets.page ? targets.page : plain(c->arena, targets.folder), output,
                          n, err);
}
