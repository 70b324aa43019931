// The parent's side. The rows are a file in memory that both have mapped, and that neither can
// shrink; bytes through a socket say whose turn it is.
//
// Invariant: a worker's slot is touched by its thread alone; a new process finds nothing that the
// one before it wrote. Whoever has to be waited for is asked what it is doing every few
// milliseconds, so that a customer is given up when its call has taken `customer_ms`, a little
// later at most, whatever the process does.
#include "policy/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "policy/helper.h"

enum {
    LOOKS = 50,   // at the progress, in the time of a customer
    GRACE = 25,   // from the signal that asks for the line to the one that kills: a 25th of that
    STARVED = 50, // times that, on the clock: so long a process may find no processor
};

struct server {
    struct process process;
    struct shared *shared; // NULL: none yet
    bool fresh;
};

struct pool {
    struct pool_options o;
    size_t size; // of the rows and the script behind them
    struct server server[POOL_WORKERS];
};

static void end_all(void *p) {
    struct pool *pool = p;
    for (int i = 0; i < POOL_WORKERS; i++) {
        process_end(&pool->server[i].process);
        if (pool->server[i].shared)
            munmap(pool->server[i].shared, pool->size);
    }
}

struct pool *pool_new(struct arena *a, const struct pool_options *o) {
    struct pool *p = arena_alloc(a, sizeof *p);
    *p = (struct pool){.o = *o, .size = sizeof(struct shared) + o->script.n};
    arena_defer(a, end_all, p);
    return p;
}

static bool is_cancelled(struct pool_worker worker) {
    struct err err = {DONE};
    return (worker.number == 0 ? host_poll : host_heard)(worker.host, &err) != DONE;
}

struct pool *pool_copy(struct arena *a, const struct pool *p) {
    return pool_new(a, &p->o);
}

// ---- starting ---------------------------------------------------------------------------------

static int open_rows(size_t size) {
    int low = memfd_create("rows", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (low < 0)
        return -1;
    int file = fcntl(low, F_DUPFD_CLOEXEC, HELPER_SHARED + 1); // not among the helper's own
    close(low);
    if (file >= 0 && (ftruncate(file, (off_t)size) != 0 ||
                      fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

// Rows of its own for every process: nothing of the last one is left in them.
static enum status map_rows(struct pool *p, struct server *s, int *file, struct err *err) {
    if (s->shared)
        munmap(s->shared, p->size);
    s->shared = NULL;
    *file = open_rows(p->size);
    void *rows = MAP_FAILED;
    if (*file >= 0)
        rows = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, *file, 0);
    if (rows == MAP_FAILED) {
        enum status status =
            err_set(err, MACHINE, "cannot share rows with a helper process: %s", strerror(errno));
        if (*file >= 0)
            close(*file);
        return status;
    }
    s->shared = rows;
    s->shared->script = (uint32_t)p->o.script.n;
    memcpy(s->shared + 1, p->o.script.p, p->o.script.n);
    return DONE;
}

// Whether it says that it is ready, in time.
static bool hear_ready(struct pool *p, struct pool_worker worker, const struct server *s) {
    double until = process_clock() + p->o.start_ms;
    char byte = 0;
    while (!is_cancelled(worker) && process_clock() < until) {
        struct pollfd f = {s->process.socket, POLLIN, 0};
        if (poll(&f, 1, PROCESS_LOOK_MS) > 0)
            return recv(s->process.socket, &byte, 1, MSG_DONTWAIT) == 1 && byte == SHARED_READY;
    }
    return false;
}

static enum status start(struct pool *p, struct pool_worker worker, struct err *err) {
    struct server *s = &p->server[worker.number];
    int file;
    TRY(map_rows(p, s, &file, err));
    enum status status = process_start(&s->process, p->o.program, file, err);
    close(file);
    TRY(status);
    s->fresh = true;
    if (hear_ready(p, worker, s))
        return DONE;
    process_end(&s->process);
    TRY(host_heard(worker.host, err));
    return err_set(err, MACHINE,
                   "a helper process could not run the policy again within %g seconds, to call its "
                   "functions",
                   p->o.start_ms / 1000.0);
}

enum status pool_rows(struct pool *p, struct pool_worker worker, struct shared **out, bool *fresh,
                      struct err *err) {
    struct server *s = &p->server[worker.number];
    if (s->process.id <= 0)
        TRY(start(p, worker, err));
    *out = s->shared;
    *fresh = s->fresh;
    return DONE;
}

// ---- running ----------------------------------------------------------------------------------

// What a row has taken: of the processor, so that a busy machine fails nobody; and of the clock
// since it was last seen to compute.
struct watch {
    clockid_t clock;
    uint32_t at;
    double begun, seen; // of the process's clock
    double moved;       // of the wall's
};

static double computed(const struct watch *w) {
    struct timespec t = {0};
    clock_gettime(w->clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

// Only a row behind the last one seen is progress, and only if it is there.
static void look(struct watch *w, uint32_t at) {
    double now = computed(w), wall = process_clock();
    bool on = at < SHARED_ROWS && (w->at == SHARED_NOT_BEGUN || at > w->at);
    if (on)
        w->begun = now;
    if (on || now != w->seen)
        w->moved = wall;
    w->at = on ? at : w->at;
    w->seen = now;
}

// Whether a signal has stopped it. Else what does not compute waits for a processor, for as long as
// one can wait.
static bool is_still(const struct server *s, const struct watch *w, int ms) {
    siginfo_t info = {0};
    int stopped = waitid(P_PID, (id_t)s->process.id, &info, WSTOPPED | WNOHANG | WNOWAIT);
    return (stopped == 0 && info.si_pid != 0) || process_clock() - w->moved >= STARVED * ms;
}

static struct watch watch(const struct server *s, uint32_t at) {
    struct watch w = {.at = at, .moved = process_clock()};
    if (clock_getcpuclockid(s->process.id, &w.clock) == 0)
        w.begun = w.seen = computed(&w);
    return w;
}

// Asks for the line, in vain if the process does not run Lua code just now. It is given some time
// of the processor to answer.
static void ask_for_line(const struct pool *p, const struct server *s) {
    struct watch w = watch(s, atomic_load(&s->shared->at));
    char byte;
    kill(s->process.id, SIGTERM);
    while (w.seen - w.begun < (double)p->o.customer_ms / GRACE &&
           !is_still(s, &w, p->o.customer_ms)) {
        struct pollfd f = {s->process.socket, POLLIN, 0};
        if (poll(&f, 1, 1) > 0 && recv(s->process.socket, &byte, 1, MSG_DONTWAIT) <= 0)
            break;
        look(&w, w.at);
    }
}

// Waits for the answer as long as the process gets on and the run is to. False: it has ended, or is
// `late`.
static bool wait_for_answer(struct pool *p, struct pool_worker worker, char *byte, bool *late) {
    const struct server *s = &p->server[worker.number];
    int limit = p->o.customer_ms, pause = limit / LOOKS;
    struct watch w = watch(s, SHARED_NOT_BEGUN);
    for (;;) {
        struct pollfd f = {s->process.socket, POLLIN, 0};
        if (poll(&f, 1, pause > 1 ? pause : 1) > 0)
            return recv(s->process.socket, byte, 1, MSG_DONTWAIT) == 1;
        if (is_cancelled(worker))
            return false;
        look(&w, atomic_load(&s->shared->at));
        bool busy = w.seen - w.begun >= limit;
        *late = busy || is_still(s, &w, limit);
        if (busy)
            ask_for_line(p, s);
        if (*late)
            return false;
    }
}

static void read_text(const struct shared *s, struct pool_result *out) {
    uint32_t n = *(const volatile uint32_t *)&s->length,
             line = *(const volatile uint32_t *)&s->line;
    n = n < SHARED_TEXT ? n : SHARED_TEXT;
    memcpy(out->text, s->text, n);
    out->text[str_clean(out->text, n, false)] = '\0';
    out->line = line <= INT32_MAX ? (long)line : 0;
}

static void tell_end(struct server *s, const struct pool *p, bool late, struct pool_result *out) {
    process_end(&s->process);
    read_text(s->shared, out);
    if (late) {
        out->event = POOL_LATE;
        snprintf(out->text, sizeof out->text, "it took more than %d ms", p->o.customer_ms);
        return;
    }
    out->event = POOL_DIED;
    out->line = 0;
    int signal = WIFSIGNALED(s->process.how) ? WTERMSIG(s->process.how) : 0;
    const char *what = signal ? sigdescr_np(signal) : NULL;
    snprintf(out->text, sizeof out->text, "it ended its process%s%s", what ? ": " : "",
             what ? what : "");
}

enum status pool_run(struct pool *p, struct pool_worker worker, uint32_t first, uint32_t rows,
                     struct pool_result *out, struct err *err) {
    struct server *s = &p->server[worker.number];
    char byte = 0;
    bool late = false;
    *out = (struct pool_result){.event = POOL_DONE};
    s->shared->first = first;
    s->shared->rows = rows;
    s->shared->line = 0;
    atomic_store(&s->shared->at, SHARED_NOT_BEGUN);
    bool sent = send(s->process.socket, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
    bool heard = sent && wait_for_answer(p, worker, &byte, &late);
    s->fresh = false;
    if (!heard && host_heard(worker.host, err) != DONE) {
        process_end(&s->process);
        return err->status;
    }
    if (heard && byte == SHARED_FAULT)
        out->event = POOL_FAULT;
    else if (heard && byte == SHARED_MEMORY)
        out->event = POOL_MEMORY;
    else if (!heard || byte != SHARED_DONE)
        tell_end(s, p, late, out);
    if (heard) {
        out->changed = *(volatile uint32_t *)&s->shared->changed != 0;
        read_text(s->shared, out);
    }
    out->at = atomic_load(&s->shared->at);
    if ((out->event == POOL_DIED || out->event == POOL_LATE) && out->at == SHARED_NOT_BEGUN)
        out->event = POOL_NOT_BEGUN;
    if (out->event == POOL_DONE || out->at > rows)
        out->at = rows;
    else if (out->at < first)
        out->at = first;
    if (out->event == POOL_MEMORY || out->changed)
        process_end(&s->process);
    return DONE;
}
