// A policy as plain data: what the helper process read from the Lua file, checked against the
// vocabulary, and its expressions compiled against a board. No Lua type shows here.
#ifndef PATRON_POLICY_POLICY_H
#define PATRON_POLICY_POLICY_H

#include "base/finding.h"
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

// A formula of the policy and what it compiled to (NULL: there is none).
struct rule {
    struct formula formula;
    const struct expr *expr;
};

struct tier {
    struct str name;
    struct rule when; // no expression: always holds
    struct place at;
};

struct tiers {
    struct str name; // the column's name: "card"; the first system is also `tier`
    int n;
    const struct tier *tier;   // from high to low
    const struct dict *labels; // the tiers' names, ordered
    struct place at;
};

struct offer {
    struct str kind; // "waive_fee"; empty if there is none
    struct str text; // for people and files: "waive_fee up_to=300 after_purchases=6"
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
    char sha256[65];
    int inputs, params, metrics, tier_systems, campaigns, tests;
    const struct input *input;
    struct param *param;
    const struct declared *metric;
    struct tiers *tiers;
    struct campaign *campaign;
    const struct expectation *test;
};

// One --set name=value.
struct setting {
    struct str name, value;
};

// Which program the helper process is: argv[0] of it, then "--policy-helper". The default is
// /proc/self/exe. Hosts other than the program itself must set it.
void policy_helper(const char *program);

// Reads the policy through the helper process and checks its words. Everything that is wrong goes
// to `findings`, with its place; a policy with errors is REFUSED.
enum status policy_load(struct arena *a, const char *path, const struct setting *settings,
                        int n_settings, struct findings *findings, struct policy **out,
                        struct err *err);

// A board for the policy: its metrics, params and inputs over a dataset (or none), with its tier
// systems announced.
struct board *policy_board(struct arena *a, const struct policy *p, const struct host *host,
                           const struct dataset *data);

// Compiles every rule against the board and checks it: names, types, labels, tiers that cannot be
// reached, inputs that the data lacks or has with another type. REFUSED if a finding is an error.
enum status policy_compile(struct arena *a, struct policy *p, struct board *board,
                           const struct dataset *data, struct findings *findings, struct err *err);

// ---- the vocabulary, for documentation and editors ------------------------------------------

struct word {
    const char *block; // where it stands: "campaign"; "" for the top level
    const char *name;  // "when"
    const char *kind;  // "condition", "number expression", "text", "share", "list of text", ...
    bool required;
    const char *help; // a sentence
};
const struct word *policy_words(size_t *n);

#endif
