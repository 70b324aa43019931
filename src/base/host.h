// What a run is given by whoever calls: threads, where notes, progress and output go, and whether
// to go on. The core never prints. Everything here is called on the thread that began the run.
#ifndef PATRON_BASE_HOST_H
#define PATRON_BASE_HOST_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/err.h"

struct host {
    int threads;
    void *ctx;
    // A sentence for people, e.g. "as of 1998-06-30, the latest date in the data"; nothing in it is
    // obeyed by a terminal. May be NULL.
    void (*note)(void *ctx, const char *text);
    // Share done (0 to 1) of what is being worked on. May be NULL.
    void (*progress)(void *ctx, const char *what, double share);
    // Whether to stop; long work asks often. May be NULL; else `stopping` is where the answer is
    // kept, for good, so that other threads hear of it.
    int (*cancelled)(void *ctx);
    atomic_bool *stopping;
    // Standard output: returns 0 or an errno; EPIPE, nobody reads on, is no error. May be NULL:
    // then there is none.
    int (*write)(void *ctx, const char *bytes, size_t n);
    const char *helper; // the program that runs scripts (policy/helper.h); NULL: this one
};

void host_note(const struct host *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
void host_progress(const struct host *h, const char *what, double share);
// CANCELLED when the run is to stop, else DONE. A NULL host never stops.
enum status host_poll(const struct host *h, struct err *err);
// The same on any thread: what the thread that began the run was told last.
enum status host_heard(const struct host *h, struct err *err);

#endif
