// The library's entries. Each runs in an arena and a locale of its own, and hands over what it made
// or nothing.
//
// Invariant: whatever happens inside, the calling thread leaves with the locale and the signals
// that it came with.
#include "patron.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "verb/held.h"
#include "verb/run.h"
#include "verb/scorer.h"

// One call of the library.
struct entry {
    struct host host;
    atomic_bool stopping;
    struct call call;
    const char *const *words;
    struct err err;
    struct buf text; // of a run
    void *handle;    // what the caller gets
};

struct patron_data {
    struct arena *arena;
    const char *path;
    const struct loaded *loaded;
};

struct patron_policy {
    struct arena *arena;
    const char *path;
    const struct opened_policy *opened;
};

// ---- in and out -------------------------------------------------------------------------------

// A caller that was compiled for an older or a newer library has fewer members, or more behind
// these.
static struct host host_of(const struct patron_host *given) {
    struct patron_host h = PATRON_HOST;
    if (given)
        memcpy(&h, given, given->size < sizeof h ? given->size : sizeof h);
    return (struct host){
        .ctx = h.ctx,
        .note = h.note,
        .progress = h.progress,
        .cancelled = h.cancelled,
        .write = h.write,
        .helper = h.program ? h.program : PATRON_PROGRAM,
    };
}

static struct held held_of(const struct patron_data *data, const struct patron_policy *policy) {
    return (struct held){
        .data_path = data ? data->path : NULL,
        .policy_path = policy ? policy->path : NULL,
        .data = data ? data->loaded : NULL,
        .policy = policy ? policy->opened : NULL,
    };
}

static struct entry entry_of(const struct patron_host *host, const struct patron_data *data,
                             const struct patron_policy *policy, const char *const *words) {
    static const char *const none[] = {NULL};
    struct entry e = {.host = host_of(host), .words = words ? words : none};
    e.call.held = held_of(data, policy);
    if (host && host->size == 0)
        err_set(&e.err, MISUSED, "begin a struct patron_host with PATRON_HOST");
    return e;
}

// A pipe or socket that nobody reads must not kill the caller: the signal is held back, and taken
// away again if it came.
struct held_signal {
    sigset_t pipe, before;
    bool pending;
};

static void hold_signal(struct held_signal *s) {
    sigset_t pending;
    sigemptyset(&s->pipe);
    sigaddset(&s->pipe, SIGPIPE);
    sigpending(&pending);
    s->pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &s->pipe, &s->before);
}

static void release_signal(const struct held_signal *s) {
    static const struct timespec now;
    if (!s->pending)
        sigtimedwait(&s->pipe, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}

static void tell(const struct err *err, enum patron_status status, struct patron_error *out) {
    if (!out)
        return;
    *out = (struct patron_error){status, err->line, err->column};
    memcpy(out->file, err->file, sizeof err->file);
    memcpy(out->text, err->text, sizeof err->text);
    str_clean_z(out->file);
    str_clean_z(out->text);
}

// Whatever a cancelled run failed of: Ctrl-C on a terminal also ends the helper process.
static void check_cancelled(struct entry *e) {
    struct err cancelled = {DONE};
    if (e->err.status && host_poll(&e->host, &cancelled) != DONE)
        e->err = cancelled;
}

static enum patron_status outcome(const struct entry *e) {
    return (enum patron_status)(e->err.status     ? e->err.status
                                : e->call.refused ? REFUSED
                                : e->call.partial ? PARTIAL
                                                  : DONE);
}

// Runs fn(e) in e->call.arena.
static enum patron_status enter(enum status (*fn)(void *e), struct entry *e,
                                struct patron_error *error) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(plain);
    struct held_signal held;
    hold_signal(&held);
    e->host.stopping = &e->stopping;
    e->call.host = &e->host;
    e->call.arena = plain ? arena_new() : NULL;
    if (!e->call.arena)
        err_set(&e->err, MACHINE, "out of memory");
    if (!e->err.status)
        arena_run(fn, e, &e->err);
    check_cancelled(e);
    release_signal(&held);
    uselocale(before);
    if (plain)
        freelocale(plain);
    enum patron_status status = outcome(e);
    tell(&e->err, status, error);
    return status;
}

// ---- what is held open --------------------------------------------------------------------------

// What is opened outlives the caller's words.
static enum status open_kept(struct entry *e, const struct verb *v, void **result) {
    struct arena *a = e->call.arena;
    size_t n = 0;
    while (e->words[n])
        n++;
    const char **words = arena_array(a, n + 1, sizeof *words);
    for (size_t i = 0; i < n; i++)
        words[i] = arena_copy(a, e->words[i], strlen(e->words[i]));
    TRY(run_verb(&e->call, v, words, result, &e->err));
    return run_commit(&e->call, &e->err);
}

static enum status open_data_handle(void *arg) {
    struct entry *e = arg;
    struct patron_data *d = arena_alloc(e->call.arena, sizeof *d);
    void *loaded;
    TRY(open_kept(e, &verb_open_data, &loaded));
    *d = (struct patron_data){e->call.arena, e->call.args.positional[0], loaded};
    e->handle = d;
    return DONE;
}

static enum status open_policy_handle(void *arg) {
    struct entry *e = arg;
    struct patron_policy *p = arena_alloc(e->call.arena, sizeof *p);
    void *opened;
    TRY(open_kept(e, &verb_open_policy, &opened));
    *p = (struct patron_policy){e->call.arena, e->call.args.positional[0], opened};
    e->handle = p;
    return DONE;
}

// The handle, or NULL with nothing kept.
static void *opened(const struct entry *e) {
    if (!e->handle)
        arena_free(e->call.arena);
    return e->handle;
}

enum patron_status patron_data_open(const struct patron_host *host, const char *const *words,
                                    struct patron_data **out, struct patron_error *error) {
    struct entry e = entry_of(host, NULL, NULL, words);
    enum patron_status status = enter(open_data_handle, &e, error);
    *out = opened(&e);
    return status;
}

void patron_data_close(struct patron_data *data) {
    if (data)
        arena_free(data->arena);
}

enum patron_status patron_policy_open(const struct patron_host *host, const char *const *words,
                                      struct patron_policy **out, struct patron_error *error) {
    struct entry e = entry_of(host, NULL, NULL, words);
    enum patron_status status = enter(open_policy_handle, &e, error);
    *out = opened(&e);
    return status;
}

void patron_policy_close(struct patron_policy *policy) {
    if (policy)
        arena_free(policy->arena);
}

// ---- running ------------------------------------------------------------------------------------

struct patron_result {
    size_t n;
    char text[];
};

static struct patron_result *result_of(struct str text) {
    struct patron_result *r = malloc(sizeof *r + text.n + 1);
    if (!r)
        mem_exhausted();
    r->n = text.n;
    memcpy(r->text, text.p ? text.p : "", text.n);
    r->text[text.n] = '\0';
    return r;
}

static enum status run(void *arg) {
    struct entry *e = arg;
    e->text.arena = e->call.arena;
    TRY(run_words(&e->call, e->words, &e->text, &e->err));
    struct patron_result *r = result_of((struct str){e->text.p, e->text.n});
    enum status status = run_commit(&e->call, &e->err);
    if (status == DONE)
        e->handle = r;
    else
        free(r);
    return status;
}

enum patron_status patron_run(const struct patron_host *host, const struct patron_data *data,
                              const struct patron_policy *policy, const char *const *words,
                              struct patron_result **result, struct patron_error *error) {
    struct entry e = entry_of(host, data, policy, words);
    enum patron_status status = enter(run, &e, error);
    arena_free(e.call.arena);
    *result = e.handle;
    return status;
}

const char *patron_result_text(const struct patron_result *result, size_t *length) {
    if (length)
        *length = result->n;
    return result->text;
}

void patron_result_free(struct patron_result *result) {
    free(result);
}

// ---- one customer -------------------------------------------------------------------------------

struct patron_scorer {
    struct arena *arena;
    struct scorer *scorer;
    struct arena *last; // of the call whose row the caller still has
};

// One customer to be scored.
struct scoring {
    struct entry entry;
    struct scorer *scorer;
    const char *id; // NULL: a record
    struct str json;
};

static enum status open_scorer_handle(void *arg) {
    struct entry *e = arg;
    struct patron_scorer *s = arena_alloc(e->call.arena, sizeof *s);
    void *scorer;
    TRY(open_kept(e, &verb_open_scorer, &scorer));
    *s = (struct patron_scorer){e->call.arena, scorer, NULL};
    e->handle = s;
    return DONE;
}

enum patron_status patron_scorer_open(const struct patron_host *host,
                                      const struct patron_data *data,
                                      const struct patron_policy *policy, const char *const *words,
                                      struct patron_scorer **out, struct patron_error *error) {
    struct entry e = entry_of(host, data, policy, words);
    enum patron_status status = enter(open_scorer_handle, &e, error);
    *out = opened(&e);
    return status;
}

void patron_scorer_close(struct patron_scorer *scorer) {
    if (!scorer)
        return;
    arena_free(scorer->last);
    arena_free(scorer->arena);
}

static enum status score(void *arg) {
    struct scoring *s = arg;
    struct call *c = &s->entry.call;
    struct buf *text = &s->entry.text;
    text->arena = c->arena;
    if (s->id)
        TRY(scorer_customer(s->scorer, c->arena, s->id, text, &c->partial, &s->entry.err));
    else
        TRY(scorer_record(s->scorer, c->arena, s->json, text, &c->partial, &s->entry.err));
    s->entry.handle = (void *)(uintptr_t)buf_text(text);
    return DONE;
}

static enum patron_status score_one(struct patron_scorer *scorer, struct scoring *s,
                                    const char **row, struct patron_error *error) {
    arena_free(scorer->last);
    s->scorer = scorer->scorer;
    enum patron_status status = enter(score, &s->entry, error);
    scorer->last = s->entry.call.arena;
    *row = s->entry.handle;
    return status;
}

enum patron_status patron_score_customer(struct patron_scorer *scorer, const char *id,
                                         const char **row, struct patron_error *error) {
    struct scoring s = {.id = id};
    return score_one(scorer, &s, row, error);
}

enum patron_status patron_score_record(struct patron_scorer *scorer, const char *json,
                                       size_t length, const char **row,
                                       struct patron_error *error) {
    struct scoring s = {.json = {json, length}};
    return score_one(scorer, &s, row, error);
}

const char *patron_version(void) {
    return verb_version();
}
