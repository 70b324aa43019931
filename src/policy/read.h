// From the declared blocks, which anybody may have sent, to a policy: every value is checked
// against the vocabulary before it is taken.
#ifndef PATRON_POLICY_READ_H
#define PATRON_POLICY_READ_H

#include "base/finding.h"
#include "policy/policy.h"
#include "policy/source.h"
#include "policy/wire.h"

enum { READ_MOST = 1000 }; // so many blocks of a kind, or names in all of them

struct reader {
    struct arena *arena;
    const struct source *source;
    struct findings *findings;
    struct policy *policy;
    // Room for what is being read; the policy counts how much of it is filled.
    struct input *input;
    struct declared *metric;
    struct expectation *test;
    struct contact_policy *contact_policy;
    bool channels_declared;               // by a block: then all are
    int schemes, tests, routines, quotas; // so many have room in the policy's lists
    const char *where;                    // what is being read, for messages: "campaign 'x'"
};

struct row;

// Reads one value into what is being read. False: it is not of the kind that the row's word takes,
// which the caller says. Whatever else is wrong with it goes to the findings.
typedef bool read_fn(struct reader *r, const struct row *row, const struct node *v, void *into);

// The blocks of a script, with their places, into r->policy.
void read_blocks(struct reader *r, const struct node *block, int n);

// ---- for the readers of blocks --------------------------------------------------------------

void read_wrong(struct reader *r, struct place at, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// "`name` takes this, got that".
void read_mismatch(struct reader *r, struct str name, const char *takes, const struct node *v);
// Text of a script as messages show it: without control characters, and cut short.
const char *read_clean(struct reader *r, struct str text, size_t most);
const char *read_shown(struct reader *r, struct str text);
const char *read_described(struct reader *r, const struct node *v);

// The table of a block or construct that takes a title (unless `title` is NULL) and a table.
const struct node *read_body(struct reader *r, const struct node *block, struct str *title);
// The same of a block that declares one more of a list: counts it, and says where it stands.
const struct node *read_another(struct reader *r, const struct node *block, struct str *title,
                                struct place *at, int *count);
// Every field of a table by the rows of `block`, in the order of the rows.
void read_fields(struct reader *r, const struct node *table, const char *block, void *into);
// The same where other fields may stand, too: they are left out.
void read_known_fields(struct reader *r, const struct node *table, const char *block, void *into);
// Says that a field is no word of `block`.
void read_unknown(struct reader *r, const char *block, const struct field *f);
// Whether a field is nearly a word of `block`, or one that is not there yet; then it is said.
bool read_misspelt(struct reader *r, const char *block, const struct field *f);
// A value that stands in a list where only name = value pairs may.
void read_no_items(struct reader *r, const struct node *table);
const struct node *read_field(const struct node *table, const char *name); // NULL if none

void read_printable(struct reader *r, struct str text, struct place at); // says if it is not
bool read_name(struct reader *r, const struct node *v, struct str *out); // not empty, printable
bool read_double(const struct node *v, double *out);                     // finite
bool read_list(struct reader *r, const struct node *v, int *n, const struct str **list);
struct place read_list_place(const struct node *v, int i); // of its i-th name
// Which of these words it is; -1 if none.
int read_choice(const struct node *v, const char *const *words, int n);
bool read_formula(struct reader *r, const struct node *v, struct formula *out);
// n further metrics of the policy, for the caller to say what they are. (declare.c)
struct declared *add_metrics(struct reader *r, int n);
// A function over a customer, added to the policy's. NULL if it is none; what is wrong with one
// goes to the findings. (function.c)
struct routine *read_routine(struct reader *r, const struct node *v);

// ---- names of what was declared above: their index; -1, which is said, if there is none (refer.c)

int refer_scheme(struct reader *r, struct place at, struct str name);
int refer_class(struct reader *r, struct place at, struct scheme *s, struct str name);
int refer_channel(struct reader *r, struct place at, struct str name);
int refer_playbook(struct reader *r, struct place at, struct str name);
int refer_campaign(struct reader *r, struct place at, struct str name);

// ---- what the rows of the vocabulary point to -----------------------------------------------

// read.c
read_fn read_policy, read_text, read_condition, read_amount, read_share, read_currency;
// declare.c
read_fn read_inputs, read_params, read_bound, read_metrics, read_where, read_duration;
// the schemes, each in its file
read_fn read_tiers, read_column, read_fall;
read_fn read_segments;
read_fn read_matrix, read_axis, read_axis_by, read_axis_cuts, read_axis_names;
read_fn read_tree, read_node;
read_fn read_decision_table, read_hit, read_reads, read_given_names;
// campaign.c, and what is in one: contact.c, caps.c, effect.c, offer.c, playbook.c
read_fn read_campaign;
read_fn read_channel, read_channels, read_contact_policy, read_policy_channels,
    read_policy_campaigns;
read_fn read_caps, read_count, read_capacity, read_limit, read_rest, read_class_caps, read_day,
    read_period, read_priority, read_allocate;
read_fn read_effect, read_deviation, read_flag, read_paid;
read_fn read_offer, offer_fee, offer_text, offer_tier, offer_perhaps_text, offer_amount,
    offer_nothing, offer_setting, offer_whole_setting, offer_share, offer_condition;
read_fn read_playbook, read_template, read_owner, read_attached;
// loyalty.c
read_fn read_loyalty, read_quantity, read_booked;
// referral.c
read_fn read_referral, read_reward;
// expect.c
read_fn read_test, read_customer, read_friend, read_referral_row, read_today, read_rows, read_cases,
    read_gives, read_expected_tier, read_expected_offers, read_expected_amount,
    read_expected_reward;

#endif
