// A program that embeds Patron, as library_spec.lua tells it. Whatever it does, at the end it
// checks that the library has left the process as it was: status 9 and a word on standard error if
// not.
//
//   host run WORDS...                       one run; what is noted goes to standard error
//   host held DATA POLICY WORDS...          the same with data and policy held open, twice
//   host rows DATA POLICY WORDS... <ids     the row of each customer
//   host records DATA POLICY WORDS... <json the row of each record, a line each
//   host cancel FILE WORDS...               cancels a run at its first question, its second, ...;
//                                           FILE is what it writes when nobody does, or "-"
//   host threads DATA POLICY DATA POLICY    two threads, each with all four
//
// PATRON is the program that runs scripts. HOST_LOCALE is what it passes to setlocale.
#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <patron.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "host: %s\n", what);
    exit(9);
}

// ---- the process
// ----------------------------------------------------------------------------------

struct process {
    char locale[256], folder[1024], decimal;
    locale_t thread;
    sigset_t blocked;
    struct sigaction action[32];
    int files;
};

static int count_files(void) {
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static void look(struct process *p) {
    memset(p, 0, sizeof *p);
    snprintf(p->locale, sizeof p->locale, "%s", setlocale(LC_ALL, NULL));
    p->decimal = *localeconv()->decimal_point;
    p->thread = uselocale((locale_t)0);
    if (!getcwd(p->folder, sizeof p->folder))
        fail("no folder");
    pthread_sigmask(SIG_SETMASK, NULL, &p->blocked);
    for (int i = 1; i < 32; i++)
        sigaction(i, NULL, &p->action[i]);
    p->files = count_files();
}

static void check_unchanged(const struct process *before) {
    struct process now;
    sigset_t pending;
    look(&now);
    if (strcmp(now.locale, before->locale) != 0 || now.decimal != before->decimal ||
        now.thread != before->thread)
        fail("the locale changed");
    if (strcmp(now.folder, before->folder) != 0)
        fail("the folder changed");
    if (memcmp(&now.blocked, &before->blocked, sizeof now.blocked) != 0)
        fail("the blocked signals changed");
    for (int i = 1; i < 32; i++)
        if (now.action[i].sa_handler != before->action[i].sa_handler)
            fail("a signal's handler changed");
    if (now.files != before->files)
        fail("a file was left open");
    if (sigpending(&pending) != 0 || sigismember(&pending, SIGPIPE))
        fail("a signal is left");
    if (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD)
        fail("a process is left");
}

// ---- hosts
// ----------------------------------------------------------------------------------------

// What callbacks know. A run is cancelled at its `cancel_at`-th question.
struct context {
    pthread_t thread;
    int asked, cancel_at;
    bool told; // notes are shown
};

static void check_thread(const struct context *c) {
    if (!pthread_equal(c->thread, pthread_self()))
        fail("called on another thread");
}

static void note(void *ctx, const char *text) {
    const struct context *c = ctx;
    check_thread(c);
    if (c->told)
        fprintf(stderr, "note: %s\n", text);
}

static void progress(void *ctx, const char *what, double share) {
    check_thread(ctx);
    if (!*what || share < 0 || share > 1)
        fail("progress without sense");
}

static int cancelled(void *ctx) {
    struct context *c = ctx;
    check_thread(c);
    return ++c->asked == c->cancel_at;
}

static int write_out(void *ctx, const char *bytes, size_t n) {
    check_thread(ctx);
    return fwrite(bytes, 1, n, stdout) == n ? 0 : EIO;
}

static struct patron_host host_of(struct context *c) {
    c->thread = pthread_self();
    return (struct patron_host){
        sizeof(struct patron_host), c, note, progress, cancelled, NULL, getenv("PATRON"),
    };
}

static void show_error(enum patron_status status, const struct patron_error *e) {
    printf("%d %s:%ld:%ld: %s\n", status, e->file, e->line, e->column, e->text);
}

// ---- what it is told
// ------------------------------------------------------------------------------

static int run(const struct patron_data *data, const struct patron_policy *policy,
               const char *const *words) {
    struct context c = {.told = true};
    struct patron_host host = host_of(&c);
    struct patron_result *result;
    struct patron_error error;
    if (getenv("HOST_WRITES"))
        host.write = write_out;
    enum patron_status status = patron_run(&host, data, policy, words, &result, &error);
    if (result)
        fputs(patron_result_text(result, NULL), stdout);
    if (error.text[0])
        show_error(status, &error);
    patron_result_free(result);
    return (int)status;
}

static int run_held(const char *const *words) {
    struct context c = {.told = true};
    struct patron_host host = host_of(&c);
    struct patron_data *data;
    struct patron_policy *policy = NULL;
    struct patron_error error;
    const char *data_words[] = {words[0], NULL}, *policy_words[] = {words[1], NULL};
    int status = (int)patron_data_open(&host, data_words, &data, &error);
    if (data)
        status = (int)patron_policy_open(&host, policy_words, &policy, &error);
    if (!policy)
        show_error((enum patron_status)status, &error);
    for (int i = 0; policy && i < 2; i++)
        status = run(data, policy, words + 2);
    patron_policy_close(policy);
    patron_data_close(data);
    return status;
}

static int score(const char *const *words, bool records) {
    struct context c = {.told = true};
    struct patron_host host = host_of(&c);
    struct patron_scorer *scorer;
    struct patron_error error;
    static char line[1 << 20];
    enum patron_status status = patron_scorer_open(&host, NULL, NULL, words, &scorer, &error);
    if (!scorer)
        show_error(status, &error);
    while (scorer && fgets(line, sizeof line, stdin)) {
        const char *row;
        size_t n = strcspn(line, "\n");
        line[n] = '\0';
        status = records ? patron_score_record(scorer, line, n, &row, &error)
                         : patron_score_customer(scorer, line, &row, &error);
        if (row)
            fputs(row, stdout);
        else
            show_error(status, &error);
    }
    patron_scorer_close(scorer);
    return 0;
}

static int cancel(const char *file, const char *const *words) {
    struct context c = {0};
    struct patron_host host = host_of(&c);
    struct patron_result *result;
    struct patron_error error;
    enum patron_status status;
    int questions = 0;
    for (;; questions++) {
        c.asked = 0;
        c.cancel_at = questions + 1;
        status = patron_run(&host, NULL, NULL, words, &result, &error);
        if (status != PATRON_CANCELLED)
            break;
        if (result || strcmp(error.text, "cancelled; nothing was written") != 0)
            fail("cancelled, and says something else");
        if (access(file, F_OK) == 0)
            fail("cancelled, and has written");
    }
    if (c.asked >= c.cancel_at || (*file != '-' && access(file, F_OK) != 0))
        fail("not cancelled where it should have been");
    printf("%d questions, then %d\n", questions, (int)status);
    patron_result_free(result);
    return 0;
}

// ---- two threads
// ----------------------------------------------------------------------------------

enum { ROUNDS = 20 };

struct shared {
    struct patron_data *data[2];
    struct patron_policy *policy[2];
    char *expected[2];
};

static const char newcomer[] = "{\"customer\": \"N\"}";

struct worker {
    struct shared *shared;
    int number;
    int wrong;
};

static char *scored(struct shared *s, int i, struct context *c) {
    const char *words[] = {"score", "--json", "--threads", "2", NULL};
    struct patron_host host = host_of(c);
    struct patron_result *result;
    patron_run(&host, s->data[i], s->policy[i], words, &result, NULL);
    char *text = result ? strdup(patron_result_text(result, NULL)) : NULL;
    patron_result_free(result);
    return text;
}

// A scorer is one's own; data and policy are not.
static bool scores(struct shared *s, int i) {
    struct patron_host host = PATRON_HOST;
    struct patron_scorer *scorer;
    const char *row = NULL;
    host.program = getenv("PATRON");
    patron_scorer_open(&host, s->data[i], s->policy[i], NULL, &scorer, NULL);
    if (scorer)
        patron_score_record(scorer, newcomer, strlen(newcomer), &row, NULL);
    bool right = row && strncmp(row, "{\"customer\":\"N\",\"tier\":", 23) == 0;
    patron_scorer_close(scorer);
    return right;
}

static void *work(void *arg) {
    struct worker *w = arg;
    struct context c = {0};
    for (int round = 0; round < ROUNDS; round++) {
        int i = (round + w->number) % 2;
        char *text = scored(w->shared, i, &c);
        w->wrong += !text || strcmp(text, w->shared->expected[i]) != 0;
        w->wrong += !scores(w->shared, i);
        free(text);
    }
    return NULL;
}

static int threads(const char *const *words) {
    struct context c = {0};
    struct patron_host host = host_of(&c);
    struct shared s = {0};
    struct patron_error error;
    for (int i = 0; i < 2; i++) {
        const char *data[] = {words[2 * i], NULL}, *policy[] = {words[2 * i + 1], NULL};
        patron_data_open(&host, data, &s.data[i], &error);
        patron_policy_open(&host, policy, &s.policy[i], &error);
        s.expected[i] = scored(&s, i, &c);
        if (!s.expected[i])
            fail(error.text);
    }
    struct worker worker[2] = {{&s, 0, 0}, {&s, 1, 0}};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        if (pthread_create(&thread[i], NULL, work, &worker[i]) != 0)
            fail("no thread");
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 2; i++) {
        free(s.expected[i]);
        patron_policy_close(s.policy[i]);
        patron_data_close(s.data[i]);
    }
    printf("%d rounds, %d wrong\n", 2 * ROUNDS, worker[0].wrong + worker[1].wrong);
    return 0;
}

int main(int argc, char **argv) {
    const char *const *words = (const char *const *)argv + 2;
    const char *what = argc > 1 ? argv[1] : "", *locale = getenv("HOST_LOCALE");
    struct process before;
    int status = 2;
    if (locale && !setlocale(LC_ALL, locale))
        fail("there is no such locale");
    if (getenv("HOST_IGNORES_CHILDREN"))
        signal(SIGCHLD, SIG_IGN);
    look(&before);
    if (strcmp(what, "run") == 0)
        status = run(NULL, NULL, words);
    else if (strcmp(what, "held") == 0 && argc > 4)
        status = run_held(words);
    else if (strcmp(what, "rows") == 0)
        status = score(words, false);
    else if (strcmp(what, "records") == 0)
        status = score(words, true);
    else if (strcmp(what, "cancel") == 0 && argc > 3)
        status = cancel(argv[2], words + 1);
    else if (strcmp(what, "threads") == 0 && argc == 6)
        status = threads(words);
    check_unchanged(&before);
    return status;
}
