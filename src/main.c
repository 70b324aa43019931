// The program: a host of the library. It shows the result on standard output, messages on standard
// error, and passes Ctrl-C on.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "patron.h"
#include "policy/helper.h"

struct terminal {
    bool progress; // standard error is a terminal
    bool line;     // a progress line stands there
    bool rows;     // standard output holds rows, so the text goes to standard error
};

static volatile sig_atomic_t stopped_by; // a signal

static void stop(int signal) {
    stopped_by = signal;
}

static void clear_line(struct terminal *t) {
    if (t->line)
        fputs("\r\033[K", stderr);
    t->line = false;
}

static void note(void *ctx, const char *text) {
    clear_line(ctx);
    fprintf(stderr, "patron: %s\n", text);
}

static void progress(void *ctx, const char *what, double share) {
    struct terminal *t = ctx;
    if (!t->progress)
        return;
    fprintf(stderr, "\r\033[K%.200s %3.0f %%", what, share * 100);
    t->line = true;
}

static int cancelled(void *ctx) {
    (void)ctx;
    return stopped_by != 0;
}

static int write_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno != EINTR)
            return errno;
        bytes += written > 0 ? written : 0;
        n -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static int write_rows(void *ctx, const char *bytes, size_t n) {
    ((struct terminal *)ctx)->rows = true;
    return write_all(STDOUT_FILENO, bytes, n);
}

static void complain(struct terminal *t, const struct patron_error *e) {
    clear_line(t);
    fputs("patron: ", stderr);
    if (e->file[0])
        fputs(e->file, stderr);
    if (e->line)
        fprintf(stderr, ":%ld", e->line);
    if (e->column)
        fprintf(stderr, ":%ld", e->column);
    fprintf(stderr, "%s%s\n", e->file[0] ? ": " : "", e->text);
}

// A reader that has gone away (`| head -1`) is no error, a full device is.
static bool print(struct terminal *t, const struct patron_result *result) {
    size_t n;
    const char *text = patron_result_text(result, &n);
    clear_line(t);
    int failed = write_all(t->rows ? STDERR_FILENO : STDOUT_FILENO, text, n);
    if (!failed || failed == EPIPE || t->rows)
        return true;
    fprintf(stderr, "patron: cannot write the output: %s\n", strerror(failed));
    return false;
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

// The first signal asks the run to end, the second ends the program at once. Who started us with
// one ignored (nohup, a job in the background) wants that.
static void catch_signal(int signal) {
    struct sigaction before, act = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(signal, &act, NULL);
}

// Files are read by mapping: who cuts one meanwhile takes away what is being looked at.
static void lose_file(int signal) {
    static const char text[] = "patron: a file was cut while it was read, or its device failed; "
                               "nothing was written; run again when it is whole\n";
    (void)signal;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(PATRON_MACHINE);
}

int main(int argc, char **argv) {
    if (policy_is_helper(argc, argv))
        return policy_helper_main(argv);
    struct terminal t = {.progress = isatty(STDERR_FILENO)};
    struct patron_host host = {
        sizeof host, &t, note, progress, cancelled, write_rows, "/proc/self/exe",
    };
    struct patron_result *result;
    struct patron_error error;
    signal(SIGPIPE, SIG_IGN);
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    signal(SIGBUS, lose_file);
    hold_streams();
    enum patron_status status =
        patron_run(&host, NULL, NULL, (const char *const *)argv + (argc > 0), &result, &error);
    if (result && !print(&t, result))
        status = PATRON_MACHINE;
    if (error.text[0])
        complain(&t, &error);
    patron_result_free(result);
    if (status == PATRON_CANCELLED && stopped_by)
        raise(stopped_by); // so that a shell sees what ended it
    return status;
}
