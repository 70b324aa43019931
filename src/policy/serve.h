// In the helper process: calls the functions of a script for rows that the parent shares with it.
#ifndef PATRON_POLICY_SERVE_H
#define PATRON_POLICY_SERVE_H

// Serves until the parent goes away. Returns the exit status.
int serve(void);

#endif
