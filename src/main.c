// The program: argv to one verb, its result to standard output, messages to standard error.
//
// Invariant: no text of a file or of the command line reaches the terminal as anything but text.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/parallel.h"
#include "policy/helper.h"
#include "verb/verb.h"

struct terminal {
    bool progress; // standard error is a terminal
    bool line;     // a progress line stands there
};

static void clear_line(struct terminal *t) {
    if (t->line)
        fputs("\r\033[K", stderr);
    t->line = false;
}

static void say(struct terminal *t, char *line) {
    size_t n = str_clean(line, strlen(line), false);
    clear_line(t);
    fprintf(stderr, "patron: %.*s\n", (int)n, line);
}

static void note(void *ctx, const char *text) {
    char line[4096];
    snprintf(line, sizeof line, "%s", text);
    say(ctx, line);
}

static void progress(void *ctx, const char *what, double share) {
    struct terminal *t = ctx;
    if (!t->progress)
        return;
    char line[256];
    int n = snprintf(line, sizeof line, "%.200s %3.0f %%", what, share * 100);
    n = (int)str_clean(line, (size_t)n, false);
    fprintf(stderr, "\r\033[K%.*s", n, line);
    t->line = true;
}

static void complain(struct terminal *t, const struct err *err) {
    char line[4096];
    err_line(err, line, sizeof line);
    say(t, line);
}

struct program {
    int argc;
    char **argv;
    struct call call;
    struct host host;
    struct terminal terminal;
    struct err err;
};

// A reader that has gone away (`| head -1`) is no error, a full device is.
static enum status print(struct program *p, const struct buf *b) {
    struct out *out;
    TRY(out_open(p->call.arena, "-", &out, &p->err));
    TRY(out_write(out, b->p, b->n, &p->err));
    return out_commit(out, &p->err);
}

static bool next_verb(void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (!verbs[i])
        return false;
    *out = str_of(verbs[i]->name);
    return true;
}

static enum status unknown_verb(const char *name, struct err *err) {
    struct str near = str_nearest(str_of(name), next_verb, NULL);
    if (near.n)
        return err_set(err, MISUSED, "there is no verb '%s'; did you mean '%.*s'?", name,
                       (int)near.n, near.p);
    return err_set(err, MISUSED, "there is no verb '%s'; `patron --help` lists them", name);
}

static enum status set_threads(struct program *p) {
    const char *text = args_value(&p->call.args, "--threads");
    int64_t n = parallel_cores();
    if (text && (!number_integer(str_of(text), &n) || n < 1 || n > 64))
        return err_set(&p->err, MISUSED, "--threads takes a number from 1 to 64, got '%s'", text);
    p->host.threads = (int)n;
    return DONE;
}

// Runs the verb and shows its result.
static enum status run_verb(struct program *p, const struct verb *v) {
    struct call *c = &p->call;
    struct buf out = {.arena = c->arena};
    void *result = NULL;
    TRY(args_parse(v, p->argc - 2, p->argv + 2, &c->args, &p->err));
    if (args_value(&c->args, "--help")) {
        verb_help(v, &out);
        return print(p, &out);
    }
    TRY(set_threads(p));
    TRY(v->run(c, &result, &p->err));
    clear_line(&p->terminal);
    if (args_value(&c->args, "--json")) {
        struct json j = {.out = &out};
        v->json(result, &j);
        buf_char(&out, '\n');
    } else {
        v->text(result, &out);
        out.n = str_clean(out.p, out.n, true);
    }
    if (!c->data_on_stdout)
        return print(p, &out);
    fwrite(out.p, 1, out.n, stderr);
    return DONE;
}

// `patron help`, and `patron help VERB`.
static enum status help(struct program *p) {
    struct buf out = {.arena = p->call.arena};
    const char *name = p->argc > 2 ? p->argv[2] : NULL;
    const struct verb *v = name ? verb_find(name) : NULL;
    if (name && !v)
        return unknown_verb(name, &p->err);
    if (v)
        verb_help(v, &out);
    else
        verbs_help(&out);
    return print(p, &out);
}

static enum status run(void *arg) {
    struct program *p = arg;
    const char *name = p->argc > 1 ? p->argv[1] : "";
    struct buf out = {.arena = p->call.arena};
    if (p->argc < 2)
        return err_set(&p->err, MISUSED, "say what to do; `patron --help` lists the verbs");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help(p);
    if (strcmp(name, "--version") == 0) {
        buf_printf(&out, "patron %s\n", verb_version());
        return print(p, &out);
    }
    const struct verb *v = verb_find(name);
    return v ? run_verb(p, v) : unknown_verb(name, &p->err);
}

// The file that is opened next would get the number of a stream that the caller closed, and what is
// meant for that stream. Read-only, so that writing to the stream fails.
static void hold_streams(void) {
    int fd;
    do
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    close(fd);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--policy-helper") == 0)
        return policy_helper_main();
    signal(SIGPIPE, SIG_IGN);
    hold_streams();
    struct program p = {.argc = argc, .argv = argv};
    p.host = (struct host){.ctx = &p.terminal, .note = note, .progress = progress};
    p.terminal.progress = isatty(STDERR_FILENO);
    p.call.host = &p.host;
    p.call.arena = arena_new();
    enum status status =
        p.call.arena ? arena_run(run, &p, &p.err) : err_set(&p.err, MACHINE, "out of memory");
    if (status != DONE)
        complain(&p.terminal, &p.err);
    arena_free(p.call.arena);
    return status != DONE   ? (int)status
           : p.call.refused ? REFUSED
           : p.call.partial ? PARTIAL
                            : DONE;
}
