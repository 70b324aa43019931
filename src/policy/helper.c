// The parent's side: one socket to the helper, which is its standard input and output; it has no
// other file, an empty environment, and until the deadline to answer.
//
// Invariant: when helper_run returns, the process is dead and waited for, whatever it did; memory
// running out ends it too, through the arena. Nothing here can block: the socket is only touched
// when poll says so, and the wait comes after SIGKILL.
#include "policy/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "policy/wire.h"

#define PROGRAM "/proc/self/exe"

enum { GRACE_MS = 500 }; // from the signal that asks for the line to the one that kills

struct helper {
    struct process process;
    bool late;
    double deadline; // by process_clock
    struct str script;
    struct buf answer;
};

double process_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

void process_end(struct process *p) {
    if (p->socket > 0)
        close(p->socket);
    // Where the host reaps all children, the number of one that has ended may be another's by now.
    if (p->id > 0 && waitpid(p->id, &p->how, WNOHANG) == 0) {
        kill(p->id, SIGKILL);
        while (waitpid(p->id, &p->how, 0) < 0 && errno == EINTR)
            continue;
    }
    p->socket = 0;
    p->id = 0;
}

static void end(void *p) {
    struct helper *h = p;
    process_end(&h->process);
}

// Default signals, no files but its own: the host's own state does not reach the helper. Nor do the
// keys of a terminal, in a group of processes of its own: who stops a run, to go on later, must not
// find a customer failed.
static int spawn(struct process *p, const char *program, int socket, int shared) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    char *argument = shared >= 0 ? (char[]){HELPER_ROWS} : (char[]){HELPER_SCRIPT};
    char *const arguments[] = {(char *)(uintptr_t)program, argument, NULL};
    char *const environment[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                       POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&files);
    int failed = posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO) |
                 posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO) |
                 posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (shared >= 0)
        failed |= posix_spawn_file_actions_adddup2(&files, shared, HELPER_SHARED);
    failed |= posix_spawn_file_actions_addclosefrom_np(&files, HELPER_SHARED + (shared >= 0));
    if (!failed) // they fail for want of memory only
        failed = posix_spawn(&p->id, program, &files, &how, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return failed;
}

// A pair whose numbers are not among those that the helper's files get.
static bool pair_open(int pair[2]) {
    int low[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, low) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        pair[i] = fcntl(low[i], F_DUPFD_CLOEXEC, HELPER_SHARED + 1);
        close(low[i]);
    }
    if (pair[0] >= 0 && pair[1] >= 0)
        return true;
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
    return false;
}

enum status process_start(struct process *p, const char *program, int shared, struct err *err) {
    int pair[2];
    if (!pair_open(pair))
        return err_set(err, MACHINE, "cannot talk to a helper process: %s", strerror(errno));
    *p = (struct process){.socket = pair[0]};
    int failed = spawn(p, program ? program : PROGRAM, pair[1], shared);
    close(pair[1]);
    if (failed) {
        p->id = 0;
        process_end(p);
        return err_set(err, MACHINE, "cannot start the helper process %s: %s",
                       program ? program : PROGRAM, strerror(failed));
    }
    return DONE;
}

// Sends what the socket takes; false when the helper listens no more.
static bool give(struct helper *h) {
    ssize_t n = send(h->process.socket, h->script.p, h->script.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    h->script.p += n;
    h->script.n -= (size_t)n;
    if (h->script.n == 0)
        shutdown(h->process.socket, SHUT_WR);
    return true;
}

// Takes what has come; false at its end.
static bool take(struct helper *h) {
    char bytes[65536];
    ssize_t n = recv(h->process.socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n > 0)
        buf_put(&h->answer, bytes, (size_t)n);
    return n > 0 ? h->answer.n <= WIRE_BYTES : n < 0 && (errno == EAGAIN || errno == EINTR);
}

// At the deadline the helper is asked for the line, a little later it is over; false then.
static bool in_time(struct helper *h) {
    if (process_clock() < h->deadline)
        return true;
    if (h->late)
        return false;
    h->late = true;
    h->deadline = process_clock() + GRACE_MS;
    kill(h->process.id, SIGTERM);
    return true;
}

static enum status talk(struct helper *h, const struct host *host, struct err *err) {
    bool giving = true;
    while (in_time(h)) {
        struct pollfd p = {h->process.socket, (short)(POLLIN | (giving ? POLLOUT : 0)), 0};
        int ready = poll(&p, 1, PROCESS_LOOK_MS);
        TRY(host_poll(host, err));
        if (ready <= 0)
            continue;
        if (giving && (p.revents & POLLOUT))
            giving = give(h) && h->script.n > 0;
        if ((p.revents & (POLLIN | POLLHUP | POLLERR)) && !take(h))
            break;
    }
    return DONE;
}

// Why there is no answer, as far as that is known.
static enum status explain(const struct helper *h, const char *program, int deadline_ms,
                           struct err *err) {
    if (h->late)
        return err_set(
            err, REFUSED,
            "the script was still running after %g seconds; a policy only declares: look "
            "for a loop without end",
            deadline_ms / 1000.0);
    if (h->answer.n > WIRE_BYTES)
        return err_set(err, REFUSED, "the script declares more than %d MB", WIRE_BYTES >> 20);
    if (WIFSIGNALED(h->process.how) && WTERMSIG(h->process.how) != SIGKILL)
        return err_set(err, REFUSED, "the process that runs the script died of signal %d (%s)",
                       WTERMSIG(h->process.how), strsignal(WTERMSIG(h->process.how)));
    return err_set(err, REFUSED, "the process that runs the script, %s, ended without an answer",
                   program ? program : PROGRAM);
}

enum status helper_run(struct arena *a, const struct host *host, const char *program,
                       int deadline_ms, struct str script, struct str *answer, struct err *err) {
    struct helper *h = arena_alloc(a, sizeof *h);
    *h = (struct helper){.script = script, .answer = {.arena = a}};
    h->deadline = process_clock() + deadline_ms;
    arena_defer(a, end, h);
    TRY(process_start(&h->process, program, -1, err));
    enum status status = talk(h, host, err);
    process_end(&h->process);
    TRY(status);
    *answer = (struct str){h->answer.p, h->answer.n};
    bool usable = answer->n > 0 && answer->n <= WIRE_BYTES;
    if (h->late) // all that counts then is the line
        usable = usable && answer->p[0] == ANSWER_LATE;
    return usable ? DONE : explain(h, program, deadline_ms, err);
}
