// The helper process: the program itself, spawned to run one policy's script, so that whatever the
// script does ends there.
#ifndef PATRON_POLICY_HELPER_H
#define PATRON_POLICY_HELPER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/host.h"
#include "base/str.h"

#define HELPER_SCRIPT "--policy-helper"
#define HELPER_ROWS   "--policy-helper-rows"

// Whether the program was started to be a helper, and is to return what policy_helper_main gives.
bool policy_is_helper(int argc, char **argv);
// By HELPER_SCRIPT: reads a script from standard input, runs it, answers on standard output. By
// HELPER_ROWS: calls the functions of the script that is in its shared rows (shared.h). Returns the
// exit status.
int policy_helper_main(char **argv);

// Runs the script in a process of `program` (NULL: this one) and takes its answer, which is not yet
// read. REFUSED when it was killed at the deadline or died, with the reason. The host is asked
// meanwhile whether to go on.
enum status helper_run(struct arena *a, const struct host *host, const char *program,
                       int deadline_ms, struct str script, struct str *answer, struct err *err);

// ---- processes, for those who talk to them themselves -----------------------------------------

// A process, and our end of the socket that is its standard input and output. Both 0 or less: none.
struct process {
    int socket;
    pid_t id;
    int how; // wait's status, when it is over
};

// Starts one. `shared`, unless negative, is its file HELPER_SHARED.
enum { HELPER_SHARED = 3 };
enum status process_start(struct process *p, const char *program, int shared, struct err *err);
// Kills it, and waits for its end. Nothing happens if there is none.
void process_end(struct process *p);
// How often whoever waits for one looks whether to go on.
enum { PROCESS_LOOK_MS = 20 };
// Milliseconds of the monotonic clock.
double process_clock(void);

#endif
