// In the helper process: calls the functions of a script for rows that the parent shares with it.
#ifndef PATRON_POLICY_SERVE_H
#define PATRON_POLICY_SERVE_H

#include <stdbool.h>

// Whether this process was given rows.
bool serve_wanted(void);
// Serves until the parent goes away. Returns the exit status.
int serve(void);

#endif
