// Helper processes that call a policy's functions: one for each worker thread, made when it is
// needed, replaced when it has died or had to be ended.
#ifndef PATRON_POLICY_POOL_H
#define PATRON_POLICY_POOL_H

#include "base/host.h"
#include "base/str.h"
#include "policy/shared.h"

enum { POOL_WORKERS = 64 }; // at most, as of threads

struct pool;

struct pool_options {
    const char *program; // NULL: this one
    struct str script;
    int start_ms;    // to run the script
    int customer_ms; // of the processor, for one row
};

// The processes end with the arena. The pool keeps what the options point to.
struct pool *pool_new(struct arena *a, const struct pool_options *o);
// Another one for the same script, without processes yet.
struct pool *pool_copy(struct arena *a, const struct pool *p);

// A thread that has something to call. While it waits it asks the host whether to go on.
struct pool_worker {
    int number; // 0, of the thread that began the run, to 63: no two have the same at a time
    const struct host *host;
};

// The rows of a worker's process, to be filled in before pool_run. A process is started if there is
// none, and `*fresh` set if it has not called anything yet.
enum status pool_rows(struct pool *p, struct pool_worker worker, struct shared **out, bool *fresh,
                      struct err *err);

enum pool_event {
    POOL_DONE,      // all rows were called
    POOL_FAULT,     // row `at` failed; the process can go on behind it
    POOL_MEMORY,    // row `at` ran out of memory
    POOL_LATE,      // row `at` took too long
    POOL_DIED,      // row `at` killed the process
    POOL_NOT_BEGUN, // the process was dead already
};

// What came of a batch. After everything but POOL_DONE and POOL_FAULT there is no process any more.
struct pool_result {
    enum pool_event event;
    uint32_t at;  // the answers of the rows before it stand
    long line;    // 0: unknown
    bool changed; // the function keeps state; there is no process any more
    char text[SHARED_TEXT + 1];
};

// Calls the rows first .. rows - 1 of those that were filled in. CANCELLED when the host says so;
// there is no process then.
enum status pool_run(struct pool *p, struct pool_worker worker, uint32_t first, uint32_t rows,
                     struct pool_result *out, struct err *err);

#endif
