// The one script of a helper process: its Lua state within its limits. (`state` is Lua's: headers
// show no Lua type.)
#ifndef PATRON_POLICY_SCRIPT_H
#define PATRON_POLICY_SCRIPT_H

#include "base/str.h"

#define SCRIPT_MEMORY "64 MB"

void *script_open(void); // NULL: there is no memory for it
// Runs the text; `written` is what record_open takes. False: the error is on top.
bool script_run(void *state, struct str text, struct buf *written);
// No file can be opened from here on, no process started. It is no wall against code that breaks
// out of Lua; it leaves such code little to do.
void script_confine(void);
// Bytes that Lua has now.
size_t script_memory(void);

// Pushes the message handler for lua_pcall. It remembers the line, and whatever is raised becomes a
// text.
void script_push_handler(void *state);
// What went wrong, from the message on top. (An error outside of any line has line 0.)
struct script_error {
    long line;
    const char *text;
    bool memory; // it ran out
};
struct script_error script_error(void *state);

#endif
