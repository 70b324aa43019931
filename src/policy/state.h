// In the helper process: whether a function still finds what the script left it, or keeps something
// from one customer to the next. (`state` is Lua's: headers show no Lua type.)
#ifndef PATRON_POLICY_STATE_H
#define PATRON_POLICY_STATE_H

#include <stdbool.h>

// Remembers what each function of the list on top can reach and change; pops the list.
void state_remember(void *state);
// Whether anything of that is different now. Functions are numbered from 0.
bool state_changed(void *state, unsigned function);

#endif
