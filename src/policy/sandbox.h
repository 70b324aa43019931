// What a policy's script can call: an allow-list, in an environment that it cannot change. Only the
// helper process makes one. (`state` is Lua's: headers show no Lua type.)
#ifndef PATRON_POLICY_SANDBOX_H
#define PATRON_POLICY_SANDBOX_H

#include <stddef.h>

// Pushes a table of everything that is allowed. Nothing else of Lua can be reached in this state.
void sandbox_open(void *state);
// Replaces a table and, on top of it, a function by what reads like the table and cannot be
// changed. Reading a name that is not there calls the function, which raises an error, with the
// name as its second argument.
void sandbox_freeze(void *state);
// The line of the script that is being run; 0 outside of it.
long sandbox_line(void *state);
// How many bytes an allocation may go beyond the limit now. Functions of the stock libraries that
// build a text do not collect garbage before they fail; they get room for their bounded result, so
// that whether memory runs out never depends on the garbage of others.
size_t sandbox_allowance(void);
// Pushes and returns the value at `index` as a text that is the same in every run: no address.
const char *sandbox_text(void *state, int index);
// Pushes the list of the keys of the table at `index`, sorted: numbers, then strings. Raises an
// error for keys that have no order.
void sandbox_keys(void *state, int index);

#endif
