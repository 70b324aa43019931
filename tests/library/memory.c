// A program that embeds Patron and runs out of memory. It stands in front of the allocator and of
// what makes threads, files and mappings: every step is done with the first of these calls failing,
// then the second, and so on until a step needs no more of them; each once, and with all that
// follow failing too. Each time the step must end with PATRON_MACHINE and give back all it took, or
// have done without what failed.
//
//   memory DATA POLICY CUSTOMER RECORD FILE     PATRON is the program that runs scripts
#include <dirent.h>
#include <errno.h>
#include <patron.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- what fails
// -----------------------------------------------------------------------------------

static atomic_long live;    // blocks and mappings
static atomic_long calls;   // since fail_at was set
static atomic_long fail_at; // 0: never
static atomic_bool for_good;

static bool fails(void) {
    long at = atomic_load(&fail_at);
    if (at == 0)
        return false;
    long call = atomic_fetch_add(&calls, 1) + 1;
    bool failed = call == at || (call > at && atomic_load(&for_good));
    if (failed)
        errno = ENOMEM;
    return failed;
}

static void *counted(void *p) {
    live += p != NULL;
    return p;
}

#pragma GCC visibility push(default) // so that the library, too, finds these first

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

void *malloc(size_t n) {
    return fails() ? NULL : counted(__libc_malloc(n));
}

void *calloc(size_t n, size_t size) {
    return fails() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n) {
    if (fails())
        return NULL;
    void *q = __libc_realloc(p, n);
    live += (q != NULL && p == NULL) - (q == NULL && p != NULL && n == 0);
    return q;
}

void free(void *p) {
    live -= p != NULL;
    __libc_free(p);
}

void *mmap(void *at, size_t n, int protection, int flags, int file, off_t offset) {
    if (fails())
        return MAP_FAILED;
    void *p = (void *)syscall(SYS_mmap, at, n, protection, flags, file, offset);
    live += p != MAP_FAILED;
    return p;
}

int munmap(void *p, size_t n) {
    live--;
    return (int)syscall(SYS_munmap, p, n);
}

void *mremap(void *p, size_t old, size_t n, int flags, ...) {
    return fails() ? MAP_FAILED : (void *)syscall(SYS_mremap, p, old, n, flags);
}

#pragma GCC visibility pop

// ---- the steps
// ------------------------------------------------------------------------------------

struct step {
    const struct patron_host *host;
    struct patron_data *data; // open, for the steps that take them
    struct patron_policy *policy;
    struct patron_scorer *scorer;
    char *const *argument;
    struct patron_error error;
};

enum { DATA, POLICY, CUSTOMER, RECORD, FILE_WRITTEN, ARGUMENTS };

static enum patron_status step_data(struct step *s) {
    const char *words[] = {s->argument[DATA], "--threads", "2", NULL};
    struct patron_data *data;
    enum patron_status status = patron_data_open(s->host, words, &data, &s->error);
    patron_data_close(data);
    return status;
}

static enum patron_status step_policy(struct step *s) {
    const char *words[] = {s->argument[POLICY], NULL};
    struct patron_policy *policy;
    enum patron_status status = patron_policy_open(s->host, words, &policy, &s->error);
    patron_policy_close(policy);
    return status;
}

static enum patron_status run(struct step *s, const char *const *words) {
    struct patron_result *result;
    enum patron_status status = patron_run(s->host, s->data, s->policy, words, &result, &s->error);
    if ((result != NULL) != (status == PATRON_DONE || status == PATRON_PARTIAL))
        status = -1;
    patron_result_free(result);
    return status;
}

static enum patron_status step_score(struct step *s) {
    const char *words[] = {"score", "-o", s->argument[FILE_WRITTEN], "--threads", "2", NULL};
    unlink(s->argument[FILE_WRITTEN]);
    enum patron_status status = run(s, words);
    bool written = access(s->argument[FILE_WRITTEN], F_OK) == 0;
    return written == (status != PATRON_MACHINE) ? status : (enum patron_status) - 1;
}

// A folder each time: it must be new.
static enum patron_status step_simulate(struct step *s) {
    static int times;
    char folder[64];
    const char *words[] = {"simulate", "-o",  "page.html", "-o", folder,
                           "--draws",  "100", "--threads", "2",  NULL};
    snprintf(folder, sizeof folder, "tables-%d-%d", (int)getpid(), times++);
    unlink("page.html");
    enum patron_status status = run(s, words);
    bool written = access("page.html", F_OK) == 0 && access(folder, F_OK) == 0;
    return written == (status != PATRON_MACHINE) ? status : (enum patron_status) - 1;
}

static enum patron_status step_explain(struct step *s) {
    const char *words[] = {"explain", s->argument[CUSTOMER], "--json", NULL};
    return run(s, words);
}

static enum patron_status step_open_scorer(struct step *s) {
    struct patron_scorer *scorer;
    enum patron_status status =
        patron_scorer_open(s->host, s->data, s->policy, NULL, &scorer, &s->error);
    patron_scorer_close(scorer);
    return status;
}

static enum patron_status step_customer(struct step *s) {
    const char *row;
    return patron_score_customer(s->scorer, s->argument[CUSTOMER], &row, &s->error);
}

static enum patron_status step_record(struct step *s) {
    const char *row, *json = s->argument[RECORD];
    return patron_score_record(s->scorer, json, strlen(json), &row, &s->error);
}

static const struct {
    const char *name;
    enum patron_status (*run)(struct step *s);
} steps[] = {
    {"open data", step_data},
    {"open a policy", step_policy},
    {"score", step_score},
    {"simulate", step_simulate},
    {"explain", step_explain},
    {"open a scorer", step_open_scorer},
    {"score a customer", step_customer},
    {"score a record", step_record},
};

// ---- what may not happen ------------------------------------------------------------------------

static int count_files(void) {
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static int wrong(const char *name, long at, const struct step *s, const char *what) {
    printf("%s, call %ld%s: %s: %s\n", name, at, for_good ? " and all that follow" : "", what,
           s->error.text);
    return 1;
}

// Fails at every call; returns how many things were wrong.
static int exhaust(const char *name, enum patron_status (*fn)(struct step *s), struct step *s) {
    int bad = 0;
    long at = 0;
    bool reached = true;
    enum patron_status expected = fn(s); // once to warm up: the C library keeps the threads' stacks
    while (reached && bad < 5) {
        long blocks = live;
        int files = count_files();
        calls = 0;
        fail_at = ++at;
        enum patron_status status = fn(s);
        fail_at = 0;
        reached = calls >= at;
        if (status != expected && status != PATRON_MACHINE)
            bad += wrong(name, at, s, "another status");
        if (status == PATRON_MACHINE && !s->error.text[0])
            bad += wrong(name, at, s, "no word of it");
        if (live != blocks)
            fn(s); // a scorer keeps the row of its last call
        if (live != blocks)
            bad += wrong(name, at, s, live > blocks ? "a leak" : "given back twice");
        if (count_files() != files)
            bad += wrong(name, at, s, "a file is open");
        if (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD)
            bad += wrong(name, at, s, "a process is left");
    }
    printf("%s: %ld calls\n", name, at - 1);
    return bad + (at < 3);
}

int main(int argc, char **argv) {
    struct patron_host host = PATRON_HOST;
    struct step s = {.host = &host, .argument = argv + 1};
    int bad = 0;
    if (argc != ARGUMENTS + 1)
        return 2;
    host.program = getenv("PATRON");
    const char *data[] = {argv[1 + DATA], NULL}, *policy[] = {argv[1 + POLICY], NULL};
    patron_data_open(&host, data, &s.data, &s.error);
    patron_policy_open(&host, policy, &s.policy, &s.error);
    patron_scorer_open(&host, s.data, s.policy, NULL, &s.scorer, &s.error);
    if (!s.scorer)
        return wrong("opening", 0, &s, "failed");
    for (int good = 0; good < 2; good++)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            for_good = good;
            bad += exhaust(steps[i].name, steps[i].run, &s);
        }
    patron_scorer_close(s.scorer);
    patron_policy_close(s.policy);
    patron_data_close(s.data);
    return bad ? 1 : 0;
}
