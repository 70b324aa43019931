// A policy as plain data: what the helper process read from the Lua file, checked against the
// vocabulary, and its expressions compiled against a board. No Lua type shows here.
#ifndef PATRON_POLICY_POLICY_H
#define PATRON_POLICY_POLICY_H

#include "base/finding.h"
#include "base/hash.h"
#include "metric/board.h"
#include "metric/points.h"
#include "policy/campaign.h"
#include "policy/expect.h"
#include "policy/playbook.h"
#include "policy/referral.h"
#include "policy/rule.h"
#include "policy/scheme.h"

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

// Where a rule of the policy stands. Everything that goes through all rules walks the sites.
enum site_kind { SITE_CONDITION, SITE_AMOUNT, SITE_SHOWN }; // shown: any value, in a text

struct site {
    struct rule *rule;
    enum site_kind kind;
    const char *word;          // under which it is written: "when", "never", "cost"
    struct scheme *scheme;     // of a class, or NULL
    struct class *class;       // the class, or NULL
    struct campaign *campaign; // or NULL
    struct channel *channel;   // or NULL
    struct referral *referral; // or NULL
    struct playbook *playbook; // or NULL
};

struct quota; // a number of a block that is an expression over params (quota.h)

struct policy {
    struct str path, source; // the file's text
    struct str title, currency;
    char sha256[HASH_HEX];
    double holdout; // the share of customers who get nothing at all
    enum allocation allocate;
    const struct plan *plan; // who gets what was settled before (decide/plan.h), or NULL
    int inputs, params, metrics, loyalties, schemes, channels, playbooks, campaigns,
        contact_policies, referrals, tests, routines, quotas;
    const struct input *input;
    struct param *param;
    const struct declared *metric; // also the figures of the loyalty programmes
    struct points *loyalty;
    struct scheme *scheme;
    const int *order; // the schemes so that each comes behind those that it reads; compiled
    struct channel *channel;
    struct playbook *playbook;
    struct campaign *campaign;
    const struct contact_policy *contact_policy;
    struct referral *referral;
    struct pairs *pairs; // what the rules of referrals read, once they are compiled; or NULL
    struct quota *quota;
    const struct expectation *test;
    struct routine **routine; // in the order in which they were read
    int sites;
    struct site
        *site; // every rule: of schemes, channels, campaigns, referrals, playbooks, in their order
    struct pool *pool;         // of processes that call them
    struct outcomes *outcomes; // where what clauses come to is recorded; or NULL (outcomes.h)
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

// (Again) lists the rules of the policy as p->site, once all of its blocks are there. (sites.c)
void policy_list_sites(struct arena *a, struct policy *p);
// What a rule is of, and its name: a "scheme", "channel", "campaign", "referral" or "playbook".
const char *site_owner(const struct site *s, struct str *name);
// Where a rule of the policy stands.
const struct site *policy_site(const struct policy *p, const struct rule *rule);

// The index of the block, or param, of that name, -1 if there is none. (find.c)
int policy_scheme(const struct policy *p, struct str name);
int policy_channel(const struct policy *p, struct str name);
int policy_campaign(const struct policy *p, struct str name);
int policy_referral(const struct policy *p, struct str name);
int policy_param(const struct policy *p, struct str name);
// The i-th param's name, false behind the last, for str_nearest; ctx is the policy.
// MISUSED, with the nearest one or all: `option` of the command line names none.
enum status policy_no_param(struct arena *a, const struct policy *p, struct str name,
                            const char *option, struct err *err);
bool policy_param_name(const void *ctx, size_t i, struct str *out);

// A copy to compile by itself, so that one that is held open can be used by many runs at once. It
// shares all but the rules.
struct policy *policy_copy(struct arena *a, const struct policy *p);

// A board for the policy: its metrics, params and inputs over a dataset (or none), with its
// schemes announced.
struct board *policy_board(struct arena *a, const struct policy *p, const struct host *host,
                           const struct dataset *data);

// Compiles every rule against the board and checks it: names, types, labels,
// inputs that the data lacks or has with another type. REFUSED if a finding is an error.
enum status policy_compile(struct arena *a, struct policy *p, struct board *board,
                           const struct dataset *data, struct findings *findings, struct err *err);

// What is wrong with the sense of a compiled policy, told without data: classes that nobody has,
// campaigns that never fire, clauses that say nothing ... Each finding shows a customer for whom it
// is so, or the clauses from which it follows. (audit.c)
void policy_audit(struct arena *a, const struct policy *p, struct board *board,
                  struct findings *findings);

// What to do about findings with that code; NULL where the text says it. (remedy.c)
const char *policy_remedy(const char *code);

// Where those findings end that stand at a word of the policy, for editors. (audit.c)
void policy_mark_ends(struct arena *a, const struct policy *p, struct findings *findings);

// Disables the functions that were seen to keep state, and says so to the host. True if there is a
// new one: then whatever was evaluated meanwhile has to be evaluated again. (What such a function
// gave depends on which customers it met before.)
bool policy_settle(const struct policy *p, const struct host *host);

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
