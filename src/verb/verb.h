// Verbs. One verb is one struct in one table, which feeds look-up, options and help, of the command
// line and of the library. `run` does the work and yields a result; `text` and `json` show the same
// result.
#ifndef PATRON_VERB_VERB_H
#define PATRON_VERB_VERB_H

#include "base/host.h"
#include "base/json.h"

struct option {
    const char *name;  // "--as-of"
    const char *value; // "DATE", or the words it takes: "utf-8|gb18030"; NULL: it is a switch
    const char *help;
};

enum { POSITIONALS_MAX = 64, OPTIONS_MAX = 64, OUTPUTS_MAX = 7 };

// What stands behind the verb on a command line. Values stay where they were.
struct args {
    int n;
    const char *positional[POSITIONALS_MAX];
    int given;
    struct {
        const struct option *option;
        const char *value;
    } option[OPTIONS_MAX];
};

struct loaded;
struct opened_policy;

// What the caller holds open over many runs, which takes the place of DATA and POLICY in a
// synopsis.
struct held {
    const char *data_path, *policy_path; // NULL: the run opens its own
    const struct loaded *data;
    const struct opened_policy *policy;
};

// One run of a verb.
struct call {
    struct arena *arena;
    struct host *host; // its threads are set from the options
    struct held held;
    struct args args;
    int outputs; // files that are complete, to be committed in this order
    struct out *output[OUTPUTS_MAX];
    struct folder *folder; // likewise, before these; or NULL
    bool partial;          // out: done, but rows or customers were left out
    bool refused;          // out: the result itself is a refusal (a check or test that fails)
};

// Leaves a complete file to run_commit: until the result is made, too, the run may fail.
void call_output(struct call *c, struct out *o);
// A file of that text, left to run_commit.
enum status call_write(struct call *c, const char *path, struct str text, struct err *err);

struct verb {
    const char *name, *synopsis, *summary;
    const char *help;             // paragraphs, then examples that work on samples/
    const struct option *options; // ends with a NULL name
    int least, most;              // positional arguments
    enum status (*run)(struct call *c, void **result, struct err *err);
    void (*text)(const void *result, struct buf *out); // NULL: an opening of the library
    void (*json)(const void *result, struct json *j);
};

// The table, ended by a NULL.
extern const struct verb *const verbs[];
const struct verb *verb_find(const char *name); // NULL if there is none

// The whole help of one verb, and of the program.
void verb_help(const struct verb *v, struct buf *out);
void verbs_help(struct buf *out);
extern const char verbs_about[], verbs_notes[]; // what stands there before and behind the verbs
const char *verb_version(void);

// The ending of a counted word: "" for one, else "s".
const char *plural(int64_t n);

// Parses what stands behind the verb's name, NULL-ended; MISUSED with a suggestion where it does
// not fit.
enum status args_parse(const struct verb *v, const char *const *argv, const struct held *held,
                       struct args *out, struct err *err);
// The value of an option (of a switch: its name), NULL if it was not given; the last one counts.
const char *args_value(const struct args *a, const char *name);
// The value of its i-th occurrence, or NULL.
const char *args_nth(const struct args *a, const char *name, int i);
// A number between two bounds, neither of which it may be ("takes <what>"); a whole one within two.
// What was not given stays as it is.
enum status args_number(const struct args *a, const char *name, double above, double below,
                        const char *what, double *out, struct err *err);
enum status args_whole(const struct args *a, const char *name, int64_t least, int64_t most,
                       int64_t *out, struct err *err);

// Options that several verbs share.
#define OPTION_OF_THREADS                                                                          \
    { "--threads", "N", "use N threads; the default is all cores" }
#define OPTIONS_OF_ALL                                                                             \
    OPTION_OF_THREADS, {"--json", NULL, "print one JSON document"}, {                              \
        "--help", NULL, "print this help"                                                          \
    }
#define OPTIONS_OF_DATA                                                                            \
    {"--as-of", "DATE", "the day to decide for, YYYY-MM-DD; later rows do not exist"},             \
        {"--rejects", "FILE", "write rejected rows here, with their place and reason"}, {          \
        "--strict", NULL, "stop at the first bad row"                                              \
    }
#define OPTION_OF_MODEL                                                                            \
    { "--model", "FILE", "judge by what `patron fit` learned; else it is learned from this data" }
#define OPTION_OF_ENCODING                                                                         \
    { "--encoding", "utf-8|utf-8-bom|gb18030", "of CSV; utf-8-bom is for spreadsheets" }
#define OPTIONS_OF_POLICY                                                                          \
    { "--set", "NAME=VALUE", "change a param of the policy; may be given several times" }

#endif
