// Tasks on threads. The result must not depend on the number of threads: a task writes only what
// belongs to its index.
#ifndef PATRON_BASE_PARALLEL_H
#define PATRON_BASE_PARALLEL_H

#include <stddef.h>

#include "base/host.h"
#include "base/mem.h"

struct task {
    void *arg;           // what parallel_run was given
    size_t index;        // 0 .. tasks - 1
    int worker;          // 0 .. threads - 1, for scratch space of one's own
    struct arena *arena; // the worker's arena, freed at the end of parallel_run
};

// Runs fn for every index on up to host->threads threads (the caller's is one of them, and it is
// worker 0), in rising order of index, in the caller's locale. Stops early when the host cancels,
// and after an error; of several, that of the lowest index is reported. A worker that runs out of
// memory makes the whole call return MACHINE.
enum status parallel_run(const struct host *host, size_t tasks,
                         enum status (*fn)(struct task *t, struct err *e), void *arg,
                         struct err *err);

// The number of cores this process may use.
int parallel_cores(void);

#endif
