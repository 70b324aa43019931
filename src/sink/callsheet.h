// Call sheets: for every granted offer what to say, filled in, in a file for each channel and
// owner.
#ifndef PATRON_SINK_CALLSHEET_H
#define PATRON_SINK_CALLSHEET_H

#include "base/folder.h"
#include "base/hash.h"
#include "decide/decide.h"

struct callsheet_file {
    const char *name;          // in the folder
    struct str channel, owner; // owner: empty if nobody owns them, or nobody knows who
    int64_t sheets;
    char sha256[HASH_HEX];
};

struct callsheets {
    int files;
    struct callsheet_file *file;
    int64_t sheets;
    int64_t gaping;    // sheets in which something could not be filled in
    struct gaps gaps;  // what
    int64_t silent;    // granted offers without a playbook
    int64_t ownerless; // sheets whose playbook has an owner, whom nobody knows
};

// Fills the folder, which is to be committed, each file with the best net first, ties in the order
// of the customers. Controls get no sheet. Puts what was decided on the board.
enum status callsheets_write(struct arena *a, const struct host *host, const struct decisions *d,
                             const struct folder *folder, struct callsheets *out, struct err *err);

#endif
