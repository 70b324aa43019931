/* Patron as a library: everything that the program does, and the scoring of single records, from C.
 *
 * A call takes words, as they stand on the command line behind `patron`: `patron VERB --help` lists
 * them. docs/library.md shows how, samples/embed.c is a program to begin with.
 *
 * The library never exits, prints, or changes anything of the process that calls it: its locale,
 * working directory, environment, signals. It keeps nothing between calls but what handles hold.
 * Running out of memory is PATRON_MACHINE, and gives back what that call had taken.
 *
 * Threads: data and policies are read-only once they are open; any number of threads may use them
 * at the same time. A scorer and a result belong to one thread at a time. A thread that calls needs
 * 512 KB of stack.
 */
#ifndef PATRON_H
#define PATRON_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PATRON_API __attribute__((visibility("default")))

/* What became of a call; also the exit statuses of the program. */
enum patron_status {
    PATRON_DONE = 0,
    PATRON_REFUSED = 1,   /* the data, policy or record is wrong; nothing was written */
    PATRON_MISUSED = 2,   /* the words do not fit */
    PATRON_MACHINE = 3,   /* no memory, no space, a read error, no helper program */
    PATRON_PARTIAL = 4,   /* done, but rows or customers were left out, which was noted */
    PATRON_CANCELLED = 5, /* the host said so; nothing was written */
};

/* Why a call failed, and where. Plain text, one line. */
struct patron_error {
    enum patron_status status; /* what the call returned */
    long line, column;         /* from 1; 0: unknown */
    char file[512];            /* empty: no file's fault */
    char text[1536];           /* what is wrong and what to do; empty: nothing is */
};

/* What the caller gives to a run. Begin with PATRON_HOST; any member may stay NULL. The functions
 * are called on the thread that made the call, before it returns. */
struct patron_host {
    size_t size; /* sizeof(struct patron_host) */
    void *ctx;   /* what the functions get */
    /* A sentence for people: rejected rows, the as-of date ... */
    void (*note)(void *ctx, const char *text);
    /* How much is done, from 0 to 1, of what is being worked on. */
    void (*progress)(void *ctx, const char *what, double share);
    /* Asked often; not 0: the run is to stop, which is PATRON_CANCELLED. */
    int (*cancelled)(void *ctx);
    /* Takes what the program would write to its standard output as rows ("-o -"). Returns 0 or an
     * errno. Without it there are no rows but by "-o FILE". */
    int (*write)(void *ctx, const char *bytes, size_t n);
    /* The program `patron`, which runs the scripts of policies. NULL: where it was installed. */
    const char *program;
};

#define PATRON_HOST                                                                                \
    { sizeof(struct patron_host), NULL, NULL, NULL, NULL, NULL, NULL }

struct patron_data;
struct patron_policy;
struct patron_result;
struct patron_scorer;

PATRON_API const char *patron_version(void); /* "0.1.0" */

/* In all that follows `words` is an array that a NULL ends, or NULL for none; `host` may be NULL;
 * `error` may be NULL, else it is filled, with an empty text when all is well. What is not DONE or
 * PARTIAL opens nothing: the handle is NULL then. Closing NULL does nothing. */

/* Loads a dataset: {"samples/bank", "--as-of", "2025-06-30"}. */
PATRON_API enum patron_status patron_data_open(const struct patron_host *host,
                                               const char *const *words, struct patron_data **out,
                                               struct patron_error *error);
PATRON_API void patron_data_close(struct patron_data *data);

/* Runs a policy's script, once: {"policies/card-retention.lua", "--set", "high_value=500"}. Its
 * rules are compiled against the data of each run. */
PATRON_API enum patron_status patron_policy_open(const struct patron_host *host,
                                                 const char *const *words,
                                                 struct patron_policy **out,
                                                 struct patron_error *error);
PATRON_API void patron_policy_close(struct patron_policy *policy);

/* Runs a verb. Data and policy, if given, take the places of DATA and POLICY:
 *     {"score", "-o", "decisions.csv"}          with both,
 *     {"score", "bank", "rules.lua", "--json"}  with neither.
 * *result is what the program would print: with "--json" one document, else a text. There is one,
 * also, when a check or a test found something wrong, which is PATRON_REFUSED without an error
 * text; else a failure has none. */
PATRON_API enum patron_status patron_run(const struct patron_host *host,
                                         const struct patron_data *data,
                                         const struct patron_policy *policy,
                                         const char *const *words, struct patron_result **result,
                                         struct patron_error *error);
/* The text lives as long as the result, and a NUL follows it. `length` may be NULL. */
PATRON_API const char *patron_result_text(const struct patron_result *result, size_t *length);
PATRON_API void patron_result_free(struct patron_result *result);

/* Prepares to score single customers: words as for "score", of which --set, --metrics and --model
 * count; data and policy as in patron_run. Those that are given must stay open as long as the
 * scorer. Everything is compiled here, so that a customer takes microseconds then. */
PATRON_API enum patron_status
patron_scorer_open(const struct patron_host *host, const struct patron_data *data,
                   const struct patron_policy *policy, const char *const *words,
                   struct patron_scorer **out, struct patron_error *error);
PATRON_API void patron_scorer_close(struct patron_scorer *scorer);

/* Decides for one customer as a batch would, budgets aside: *row is the JSON object that `score -o
 * x.ndjson` writes, until the next call with this scorer; NULL when it fails. PATRON_PARTIAL: an
 * expression failed, and its rule gave nothing. The customer is one of the data, by its id, or ...
 */
PATRON_API enum patron_status patron_score_customer(struct patron_scorer *scorer, const char *id,
                                                    const char **row, struct patron_error *error);
/* ... a record in the shape of the data, as JSON of `length` bytes: an object of the customer's
 * fields, with arrays of rows under the names of the other tables:
 *     {"customer": "C9", "fee_due": "2025-07-20",
 *      "transactions": [{"date": "2025-06-01", "amount": 12.50}]}
 * What is left out or null is missing; rows after the day of the data do not exist. */
PATRON_API enum patron_status patron_score_record(struct patron_scorer *scorer, const char *json,
                                                  size_t length, const char **row,
                                                  struct patron_error *error);

#ifdef __cplusplus
}
#endif

#endif
