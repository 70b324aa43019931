// Threads are made for a call and joined before it returns: there is no state between calls. The
// caller's thread is worker 0. Indices are handed out in rising order, so when a task fails, every
// task of a lower index has been started and is waited for: the lowest failing index is known.
#include "base/parallel.h"

#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

struct job {
    const struct host *host;
    locale_t locale; // of the caller: a thread begins in that of the process
    size_t tasks;
    enum status (*fn)(struct task *t, struct err *e);
    void *arg;
    atomic_size_t next;
    atomic_bool stop;
};

struct worker {
    struct job *job;
    struct task task;
    struct err err;
    size_t failed_at;
    pthread_t thread;
};

static enum status work(void *arg) {
    struct worker *w = arg;
    struct job *job = w->job;
    while (!atomic_load(&job->stop)) {
        if (w->task.worker == 0)
            TRY(host_poll(job->host, &w->err));
        w->task.index = atomic_fetch_add(&job->next, 1);
        if (w->task.index >= job->tasks)
            break;
        TRY(job->fn(&w->task, &w->err));
    }
    return DONE;
}

static void *worker_main(void *arg) {
    struct worker *w = arg;
    uselocale(w->job->locale);
    if (arena_run(work, w, &w->err) != DONE) {
        w->failed_at = w->task.index;
        atomic_store(&w->job->stop, true);
    }
    return NULL;
}

// Makes the worker's arena and thread; false leaves nothing behind.
static bool worker_start(struct worker *w, struct job *job, int number, void *(*run)(void *arg)) {
    *w = (struct worker){.job = job, .task = {.arg = job->arg, .worker = number}};
    w->task.arena = arena_new();
    if (w->task.arena && run && pthread_create(&w->thread, NULL, run, w) != 0) {
        arena_free(w->task.arena);
        w->task.arena = NULL;
    }
    return w->task.arena != NULL;
}

enum { THREADS_MAX = 64, LOOK_NS = 20000000 };

// Meanwhile the caller's thread, which has nothing left to do, asks the host.
static void wait_for(struct worker *w, struct worker *own) {
    struct timespec until;
    do {
        if (own->err.status == DONE && host_poll(own->job->host, &own->err) != DONE) {
            own->failed_at = own->job->tasks;
            atomic_store(&own->job->stop, true);
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
    } while (pthread_clockjoin_np(w->thread, NULL, CLOCK_MONOTONIC, &until) == ETIMEDOUT);
}

enum status parallel_run(const struct host *host, size_t tasks,
                         enum status (*fn)(struct task *t, struct err *e), void *arg,
                         struct err *err) {
    struct job job = {host, uselocale((locale_t)0), tasks, fn, arg};
    struct worker workers[THREADS_MAX];
    int n = 0, most = host->threads > THREADS_MAX ? THREADS_MAX : host->threads;
    if (!worker_start(&workers[n++], &job, 0, NULL))
        return err_set(err, MACHINE, "out of memory");
    // Where a thread cannot be had, fewer do the same work.
    while (n < most && (size_t)n < tasks && worker_start(&workers[n], &job, n, worker_main))
        n++;
    worker_main(&workers[0]);
    for (int i = 1; i < n; i++)
        wait_for(&workers[i], &workers[0]);
    const struct worker *failed = NULL;
    for (int i = 0; i < n; i++) {
        struct worker *w = &workers[i];
        if (w->err.status && (!failed || w->failed_at < failed->failed_at))
            failed = w;
    }
    if (failed && err->status == DONE)
        *err = failed->err;
    for (int i = 0; i < n; i++)
        arena_free(workers[i].task.arena);
    return failed ? err->status : DONE;
}

int parallel_cores(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return CPU_COUNT(&set);
}
