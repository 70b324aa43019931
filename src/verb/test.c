// patron test: the policies' own tests, through the real engine.
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/number.h"
#include "verb/all.h"
#include "verb/coverage.h"
#include "verb/probe.h"

// One policy file: its tests, or why it could not be tested.
struct tested {
    const char *path;
    const char *refused; // NULL if it loaded
    int tests;
    struct probe *probe;
    struct coverage *coverage;
    bool uncovered; // less than --min-coverage
};

struct test {
    int files, room;
    struct tested *file;
    int passed, failed;
    double least; // of --min-coverage; below 0: nothing is asked
    bool all;     // --coverage: what is not covered is listed
};

// ---- which files ------------------------------------------------------------------------------

static void add_file(struct call *c, struct test *t, const char *path) {
    t->file = arena_more(c->arena, t->file, t->files, &t->room, sizeof *t->file);
    t->file[t->files++] = (struct tested){.path = path};
}

static enum status find_files(struct call *c, struct test *t, const char *path, struct err *err) {
    struct stat st;
    const char *const *names;
    int n;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        add_file(c, t, path); // what is wrong with it is said when it is read
        return DONE;
    }
    TRY(folder_list(c->arena, path, ".lua", &names, &n, err));
    if (n == 0)
        return err_set(err, REFUSED, "%s: there is no policy (*.lua) in this folder", path);
    for (int i = 0; i < n; i++)
        add_file(c, t, arena_printf(c->arena, "%s/%s", path, names[i]));
    return DONE;
}

// ---- running ----------------------------------------------------------------------------------

static enum status run_file(struct call *c, struct test *t, struct tested *f, struct err *err) {
    struct findings findings = {0};
    struct policy *p;
    struct err own = {DONE};
    enum status status = open_policy(c, f->path, &findings, &p, &own);
    if (status == REFUSED) {
        char line[4096];
        err_line(&own, line, sizeof line);
        f->refused = arena_copy(c->arena, line, strlen(line));
        t->failed++;
        return DONE;
    }
    if (status != DONE) {
        *err = own;
        return status;
    }
    f->tests = p->tests;
    f->probe = arena_array(c->arena, (size_t)p->tests, sizeof *f->probe);
    f->coverage = coverage_new(c->arena, p);
    for (int i = 0; i < p->tests; i++) {
        struct probe *probe = &f->probe[i];
        TRY(probe_run(c, p, &p->test[i], probe, err));
        t->passed += probe->passed;
        t->failed += !probe->passed;
        if (probe->explanation.d)
            TRY(coverage_add(c->arena, f->coverage, &p->test[i], probe->outcomes,
                             &probe->explanation, err));
    }
    coverage_close(f->coverage);
    f->uncovered = coverage_percent(f->coverage) < t->least;
    c->refused = c->refused || f->uncovered;
    return DONE;
}

static enum status read_least(struct call *c, double *out, struct err *err) {
    const char *text = args_value(&c->args, "--min-coverage");
    *out = -1;
    if (!text || (number_double(str_of(text), '.', out) && *out >= 0 && *out <= 100))
        return DONE;
    return err_set(err, MISUSED, "--min-coverage takes a number from 0 to 100, got '%s'", text);
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct test *t = arena_alloc(c->arena, sizeof *t);
    *result = t;
    t->all = args_value(&c->args, "--coverage") != NULL;
    TRY(read_least(c, &t->least, err));
    for (int i = 0; i < c->args.n; i++)
        TRY(find_files(c, t, c->args.positional[i], err));
    for (int i = 0; i < t->files; i++)
        TRY(run_file(c, t, &t->file[i], err));
    c->refused = c->refused || t->failed > 0;
    return DONE;
}

// ---- showing ----------------------------------------------------------------------------------

static void failure_text(struct buf *out, const struct tested *f, const struct probe *t) {
    buf_printf(out, "%s:%ld: FAILED: %.*s\n", f->path, t->expected->at.line,
               (int)t->expected->name.n, t->expected->name.p);
    buf_str(out, t->failure);
    if (t->explanation.d) {
        explain_text(&t->explanation, out);
        buf_char(out, '\n');
    }
}

static void covered_text(struct buf *out, const struct test *t, const struct tested *f) {
    const struct coverage *k = f->coverage;
    if (f->tests == 0 && !f->uncovered)
        return;
    if (k->outcomes > 0)
        buf_printf(out, "  %d of %d outcomes of clauses seen, %.1f %%", k->seen, k->outcomes,
                   coverage_percent(k));
    if (f->uncovered)
        buf_printf(out, ": FAILED, less than %g %%", t->least);
    buf_char(out, '\n');
    if (t->all || f->uncovered)
        coverage_text(out, k);
}

static void text(const void *result, struct buf *out) {
    const struct test *t = result;
    for (int i = 0; i < t->files; i++) {
        const struct tested *f = &t->file[i];
        int passed = 0;
        if (f->refused)
            buf_printf(out, "%s\n", f->refused);
        for (int k = 0; k < f->tests; k++) {
            passed += f->probe[k].passed;
            if (!f->probe[k].passed)
                failure_text(out, f, &f->probe[k]);
        }
        if (f->refused)
            continue;
        buf_printf(out, "%s: %d of %d passed%s\n", f->path, passed, f->tests,
                   f->tests ? "" : " (it has no `test` blocks)");
        covered_text(out, t, f);
    }
    buf_printf(out, "%d passed, %d failed\n", t->passed, t->failed);
}

static void probe_json(struct json *j, const struct probe *t) {
    json_open(j, '{');
    json_field_str(j, "name", t->expected->name);
    json_field_integer(j, "line", t->expected->at.line);
    json_field_bool(j, "passed", t->passed);
    if (!t->passed)
        json_field_str(j, "failure", t->failure);
    json_close(j, '}');
}

static void json(const void *result, struct json *j) {
    const struct test *t = result;
    json_open(j, '{');
    json_field_integer(j, "passed", t->passed);
    json_field_integer(j, "failed", t->failed);
    json_field_open(j, "files", '[');
    for (int i = 0; i < t->files; i++) {
        json_open(j, '{');
        json_field_z(j, "file", t->file[i].path);
        json_field_z(j, "refused", t->file[i].refused);
        json_field_open(j, "tests", '[');
        for (int k = 0; k < t->file[i].tests; k++)
            probe_json(j, &t->file[i].probe[k]);
        json_close(j, ']');
        if (t->file[i].coverage) {
            json_key(j, STR("coverage"));
            coverage_json(j, t->file[i].coverage);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static const struct option options[] = {
    {"--coverage", NULL, "list the clauses that no test has seen true, or false"},
    {"--min-coverage", "PERCENT", "fail where the tests see less of the outcomes of clauses"},
    OPTIONS_OF_POLICY,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_test = {
    .name = "test",
    .synopsis = "POLICY|FOLDER...",
    .summary = "Run the policies' own tests",
    .help =
        "Runs every `test` block through the real engine; values that a test does not give are\n"
        "missing. A failure shows the decision clause by clause. Exit status 1 if one fails.\n"
        "Every clause of every rule should be seen true, and seen false: --coverage lists those\n"
        "that were not, with a customer that would show it.\n\n"
        "Examples:\n"
        "  patron test policies\n"
        "  patron test policies/rfm.lua --coverage\n"
        "  patron test policies --min-coverage 95\n",
    .options = options,
    .least = 1,
    .most = POSITIONALS_MAX,
    .run = run,
    .text = text,
    .json = json,
};
