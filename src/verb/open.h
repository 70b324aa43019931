// What most verbs begin with: the dataset, the policy, and the board that joins them.
#ifndef PATRON_VERB_OPEN_H
#define PATRON_VERB_OPEN_H

#include "verb/note.h"
#include "verb/outputs.h"

// A policy whose script has run, and what is to be said about its words.
struct opened_policy {
    struct policy *policy;
    struct findings findings;
};

struct opened {
    struct loaded loaded;
    struct policy *policy;
    struct model *model; // of --model, or NULL
    struct board *board;
    struct findings findings;
};

// Loads the dataset by the call's options, or takes the one that is held. Rejected rows are noted
// and make the call partial.
enum status open_data(struct call *c, const char *path, struct loaded *out, struct err *err);
// Loads the policy by the call's options, or takes the one that is held, without compiling it.
enum status open_policy(struct call *c, const char *path, struct findings *findings,
                        struct policy **out, struct err *err);
// The data and a board for it, without a policy.
enum status open_alone(struct call *c, const char *data, struct opened *out, struct err *err);
// Both, compiled against each other. Warnings are noted.
enum status open_both(struct call *c, const char *data, const char *policy, struct opened *out,
                      struct err *err);

// Two policies, each compiled against the same data on a board of its own. Settings are for the
// second. Findings of both are in the first.
enum status open_pair(struct call *c, const char *data, const char *before, const char *after,
                      struct opened out[2], struct err *err);

// Another policy as its script has it, compiled against the data of `o` on a board of its own.
// REFUSED if it counts in another currency. Its warnings are noted.
enum status open_other(struct call *c, const struct opened *o, const char *path, struct opened *out,
                       struct err *err);
// The policy of `o` anew, its script run once more, with these settings besides its own. All of it
// is in `a`, and its warnings are not noted again.
enum status open_anew(struct arena *a, struct host *host, const struct opened *o,
                      const struct setting *list, int n, struct opened *out, struct err *err);
// Amounts in two currencies can't be compared: REFUSED. (Each is that of the data, where the data
// says one.)
enum status check_currencies(const struct policy *a, const struct policy *b, struct err *err);

// REFUSED if there is no such customer.
enum status find_customer(const struct dataset *data, const char *id, int64_t *out,
                          struct err *err);

// ---- open_json.c: parts of a JSON document

void data_json(struct json *j, const struct loaded *l);
void findings_json(struct json *j, const struct findings *f);

#endif
