// The recorded clauses as a column: a short code a customer, and the key that says what the codes
// mean. `patron recall` reads both.
#ifndef PATRON_SINK_CLAUSES_H
#define PATRON_SINK_CLAUSES_H

#include "base/json.h"
#include "policy/outcomes.h"

// The column `clauses`, and in *key a JSON document: the policy, and of every group its clauses
// with their places and the patterns that customers have. The same for any number of threads.
enum status clauses_code(struct arena *a, const struct host *host, const struct policy *p,
                         const struct outcomes *o, const struct column **column, struct str *key,
                         struct err *err);

// ---- the code ---------------------------------------------------------------------------------

// A group's part of a code is the number of its pattern, in letters only (a spreadsheet would take
// 0012 or 1e5 for a number), as many as its highest number needs.
enum { CODE_BASE = 52 };
static const char code_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
// A pattern has a sign for every clause, by enum truth.
static const char code_signs[] = "-FT?!";

static inline int code_width(int64_t patterns) {
    int width = 1;
    for (int64_t most = CODE_BASE; most < patterns; most *= CODE_BASE)
        width++;
    return width;
}

#endif
