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

enum { GRACE_MS = 500 }; // from the signal that asks for the line to the one that kills

struct helper {
    const char *program;
    int socket;
    pid_t process; // 0: none
    int how;       // wait's status, when it is over
    bool late;
    int64_t deadline; // in milliseconds of the monotonic clock
    struct str script;
    struct buf answer;
};

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void end(void *p) {
    struct helper *h = p;
    if (h->socket >= 0)
        close(h->socket);
    if (h->process > 0) {
        kill(h->process, SIGKILL);
        while (waitpid(h->process, &h->how, 0) < 0 && errno == EINTR)
            continue;
    }
    h->socket = -1;
    h->process = 0;
}

// Default signals, no files but the socket: the host's own state does not reach the helper.
static int spawn(struct helper *h, int socket) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    char *const arguments[] = {(char *)(uintptr_t)h->program, (char[]){HELPER_ARGUMENT}, NULL};
    char *const environment[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    int failed = posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO) |
                 posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO) |
                 posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) |
                 posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    if (!failed) // they fail for want of memory only
        failed = posix_spawn(&h->process, h->program, &files, &how, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return failed;
}

static enum status start(struct helper *h, struct err *err) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return err_set(err, MACHINE, "cannot talk to a helper process: %s", strerror(errno));
    h->socket = pair[0];
    int failed = spawn(h, pair[1]);
    close(pair[1]);
    if (failed) {
        h->process = 0;
        return err_set(err, MACHINE, "cannot start the helper process %s: %s", h->program,
                       strerror(failed));
    }
    return DONE;
}

// Sends what the socket takes; false when the helper listens no more.
static bool give(struct helper *h) {
    ssize_t n = send(h->socket, h->script.p, h->script.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    h->script.p += n;
    h->script.n -= (size_t)n;
    if (h->script.n == 0)
        shutdown(h->socket, SHUT_WR);
    return true;
}

// Takes what has come; false at its end.
static bool take(struct helper *h) {
    char bytes[65536];
    ssize_t n = recv(h->socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n > 0)
        buf_put(&h->answer, bytes, (size_t)n);
    return n > 0 ? h->answer.n <= WIRE_BYTES : n < 0 && (errno == EAGAIN || errno == EINTR);
}

// At the deadline the helper is asked for the line, a little later it is over; false then.
static bool in_time(struct helper *h) {
    if (now_ms() < h->deadline)
        return true;
    if (h->late)
        return false;
    h->late = true;
    h->deadline = now_ms() + GRACE_MS;
    kill(h->process, SIGTERM);
    return true;
}

static void talk(struct helper *h) {
    bool giving = true;
    while (in_time(h)) {
        struct pollfd p = {h->socket, (short)(POLLIN | (giving ? POLLOUT : 0)), 0};
        int64_t left = h->deadline - now_ms();
        if (poll(&p, 1, left > 0 ? (int)left : 0) <= 0)
            continue;
        if (giving && (p.revents & POLLOUT))
            giving = give(h) && h->script.n > 0;
        if ((p.revents & (POLLIN | POLLHUP | POLLERR)) && !take(h))
            break;
    }
}

// Why there is no answer, as far as that is known.
static enum status explain(const struct helper *h, int deadline_ms, struct err *err) {
    if (h->late)
        return err_set(
            err, REFUSED,
            "the script was still running after %g seconds; a policy only declares: look "
            "for a loop without end",
            deadline_ms / 1000.0);
    if (h->answer.n > WIRE_BYTES)
        return err_set(err, REFUSED, "the script declares more than %d MB", WIRE_BYTES >> 20);
    if (WIFSIGNALED(h->how) && WTERMSIG(h->how) != SIGKILL)
        return err_set(err, REFUSED, "the process that runs the script died of signal %d (%s)",
                       WTERMSIG(h->how), strsignal(WTERMSIG(h->how)));
    return err_set(err, REFUSED, "the process that runs the script, %s, ended without an answer",
                   h->program);
}

enum status helper_run(struct arena *a, const char *program, int deadline_ms, struct str script,
                       struct str *answer, struct err *err) {
    struct helper *h = arena_alloc(a, sizeof *h);
    *h = (struct helper){.program = program ? program : "/proc/self/exe",
                         .socket = -1,
                         .script = script,
                         .answer = {.arena = a}};
    h->deadline = now_ms() + deadline_ms;
    arena_defer(a, end, h);
    TRY(start(h, err));
    talk(h);
    end(h);
    *answer = (struct str){h->answer.p, h->answer.n};
    bool usable = answer->n > 0 && answer->n <= WIRE_BYTES;
    if (h->late) // all that counts then is the line
        usable = usable && answer->p[0] == ANSWER_LATE;
    return usable ? DONE : explain(h, deadline_ms, err);
}
