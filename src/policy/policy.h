// A policy as plain data: what the helper process read from the Lua file, checked against the
// vocabulary, and its expressions compiled against a board. No Lua type shows here.
#ifndef PATRON_POLICY_POLICY_H
#define PATRON_POLICY_POLICY_H

#include <stdatomic.h>

#include "base/finding.h"
#include "base/hash.h"
#include "expr/expr.h"
#include "metric/board.h"

struct input {
    struct str name;
    enum type type;
    const struct dict *labels; // the closed set of a label, or NULL
    struct place at;
};

struct param {
    struct str name;
    enum type type; // TYPE_INTEGER, TYPE_NUMBER, TYPE_FLAG or TYPE_LABEL
    struct value value;
    bool ranged;
    double from, to;
    bool changed; // by --set
    struct place at;
};

// A Lua function of the policy over a customer. Its parameters name the columns that it takes.
struct routine {
    int number; // in order of declaration, as the helper process has it
    int index;  // in the policy's list
    struct place at;
    int parameters;
    const struct parameter {
        struct str name;
        struct place at;
    } * parameter;
    struct str body;         // if all it does is to return an expression: that; else empty
    atomic_bool keeps_state; // it was seen to change what it reads; see policy_settle
    bool disabled;           // and is therefore not called any more
};

// A formula or a function of the policy, and what it compiled to (all NULL: there is none).
struct rule {
    struct formula formula; // of a function only its place
    struct routine *routine;
    const struct expr *expr;
    const struct bound *bound; // the function with the columns of a board
};

struct tier {
    struct str name;
    struct rule when; // no expression: always holds
    struct place at;
};

struct tiers {
    struct str name;      // the column's name: "card"; the first system is also `tier`
    struct str undecided; // the flag beside it: "card_undecided"; the first: also `tier_undecided`
    int n;
    struct tier *tier;         // from high to low
    const struct dict *labels; // the tiers' names, ordered
    struct place at;
};

struct offer {
    struct str kind; // "waive_fee"; empty if there is none
    struct str text; // for people and files: "waive_fee up_to=300 after_purchases=6"
    struct place at;
};

struct campaign {
    struct str name, goal;
    struct rule when, never, cost, value;
    struct offer offer;
    int channels;
    const struct str *channel; // in order of preference
    double holdout;            // share, 0 to below 1
    struct place at;
};

// A `test` block: one customer, and what the policy must give.
struct expectation {
    struct str name;
    struct place at;
    int given;
    const struct given {
        struct str name;
        struct value value; // a date is given as "YYYY-MM-DD"
        struct place at;
    } * give;
    int tiers; // tiers[i]: system -> tier
    const struct expected_tier { struct str system, tier; } * tier;
    bool has_offers; // `offers` was written: exactly these campaigns, {} is none
    int offers;
    const struct str *offer;
};

struct policy {
    struct str path, source; // the file's text
    struct str title, currency;
    char sha256[HASH_HEX];
    int inputs, params, metrics, tier_systems, campaigns, tests, routines;
    const struct input *input;
    struct param *param;
    const struct declared *metric;
    struct tiers *tiers;
    struct campaign *campaign;
    const struct expectation *test;
    struct routine **routine; // in the order in which they were read
    struct pool *pool;        // of processes that call them
};

// One --set name=value.
struct setting {
    struct str name, value;
};

struct policy_options {
    const struct setting *settings;
    int n_settings;
    // The program that is spawned to run the script; it calls policy_helper_main then
    // (policy/helper.h). NULL: this program. Hosts other than patron itself must set it.
    const char *helper;
    const struct host *host; // asked whether to go on; may be NULL
    int deadline_ms;         // for running the script; 0: 2000
    int customer_ms;         // of the processor, for a function and a customer; 0: 200
};

// Reads the policy through the helper process and checks its words. What is wrong with it goes to
// `findings`, with its place: REFUSED then. A setting that fits no param is MISUSED.
enum status policy_load(struct arena *a, const char *path, const struct policy_options *o,
                        struct findings *findings, struct policy **out, struct err *err);

// A copy to compile by itself, so that one that is held open can be used by many runs at once. It
// shares all but the rules.
struct policy *policy_copy(struct arena *a, const struct policy *p);

// A board for the policy: its metrics, params and inputs over a dataset (or none), with its tier
// systems announced.
struct board *policy_board(struct arena *a, const struct policy *p, const struct host *host,
                           const struct dataset *data);

// Compiles every rule against the board and checks it: names, types, labels, tiers that cannot be
// reached, inputs that the data lacks or has with another type. REFUSED if a finding is an error.
enum status policy_compile(struct arena *a, struct policy *p, struct board *board,
                           const struct dataset *data, struct findings *findings, struct err *err);

// ---- rules over customers -------------------------------------------------------------------

// A rule that failed for a customer.
struct failure {
    int64_t customer;
    const struct rule *rule;
    long line; // of the policy
    const char *text;
};

// What one thread needs to evaluate rules, and what failed meanwhile.
struct evaluator {
    struct arena *arena;
    const struct policy *policy;
    int worker; // 0, of the thread that began the run, to 63: no two have the same at a time
    const struct host *host;
    struct expr_scratch *scratch;
    union shared_value *value; // of the last function called, BLOCK of them
    int64_t failures, size;
    struct failure *failure;
    atomic_int *late; // of all workers together: customers for whom a function took too long
};

// One for each thread of the host, each in an arena of its own below `a`.
struct evaluator *evaluators_new(struct arena *a, const struct policy *p, const struct host *host);
// Records a failure; the text is copied.
void evaluator_fail(struct evaluator *e, const struct rule *rule, int64_t customer, long line,
                    const char *text);

bool rule_given(const struct rule *r); // else it is not there
// The slots of the columns that it reads; 0 if it is not there.
int rule_slots(const struct rule *r, const int **slots);
// As expr_condition and expr_number, for a rule that is there and for n <= BLOCK rows. Rows where
// `skip` (unless NULL) is not 0 do not count: nothing is called for them, and their results are
// arbitrary.
enum status rule_condition(const struct rule *r, struct evaluator *e,
                           const struct column *const *columns, int64_t first, int n,
                           const uint8_t *skip, uint8_t *truth, uint8_t *stop, struct err *err);
enum status rule_number(const struct rule *r, struct evaluator *e,
                        const struct column *const *columns, int64_t first, int n,
                        const uint8_t *skip, double *out, uint8_t *stop, struct err *err);

// Disables the functions that were seen to keep state, and says so to the host. True if there is a
// new one: then whatever was evaluated meanwhile has to be evaluated again. (What such a function
// gave depends on which customers it met before.)
bool policy_settle(const struct policy *p, const struct host *host);

// One call of a function, told in full.
struct called {
    int n;
    struct argument {
        struct str name;
        enum type type;
        bool missing; // then it was not called
        struct value value;
    } * argument;
    struct outcome outcome;
    const char *fault; // of OUTCOME_FAULT
    long line;         // which returned or failed; 0: unknown
};
// Calls the function of a rule that is one, for one customer.
enum status rule_call(const struct rule *r, struct evaluator *e,
                      const struct column *const *columns, int64_t customer, struct called *out,
                      struct err *err);

// ---- the vocabulary, for documentation and editors ------------------------------------------

struct word {
    const char *block; // where it stands: "campaign"; "" for the blocks themselves
    const char *name;  // "when"
    const char *takes; // "a condition", "text", "a share from 0 to below 1", ...
    bool required;
    bool global;      // a name that the script may use anywhere, no key
    const char *help; // a sentence
};
const struct word *policy_word(size_t i); // NULL behind the last

#endif
