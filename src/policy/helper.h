// The helper process: the program itself, spawned to run one policy's script, so that whatever the
// script does ends there.
#ifndef PATRON_POLICY_HELPER_H
#define PATRON_POLICY_HELPER_H

#include "base/str.h"

#define HELPER_ARGUMENT "--policy-helper"

// What the program calls when HELPER_ARGUMENT is its only argument: reads a script from standard
// input, runs it, answers on standard output. Returns the exit status.
int policy_helper_main(void);

// Runs the script in a process of `program` (NULL: this one) and takes its answer, which is not yet
// read. REFUSED when it was killed at the deadline or died, with the reason.
enum status helper_run(struct arena *a, const char *program, int deadline_ms, struct str script,
                       struct str *answer, struct err *err);

#endif
