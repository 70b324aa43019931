// The vocabulary, in the order in which the documentation shows it. Before you add a word, see
// whether an expression says it.
#include "policy/words.h"

#include <string.h>

#include "policy/read.h"

#define KEY(block, name, takes, required, help, read, offset)                                      \
    { {block, name, takes, required, false, help}, read, offset }
#define GLOBAL(block, name, takes, help, read)                                                     \
    { {block, name, takes, false, true, help}, read, 0 }

#define ROWS_OF(table, help) KEY("test", table, "a list of rows", false, help, read_rows, 0)

static const struct row rows[] = {
    GLOBAL("", "policy", "a name and a table", "Names the policy, and says its currency.",
           read_policy),
    GLOBAL("", "inputs", "a table of name = type",
           "The columns that the policy needs to find in the data, checked before anything runs.",
           read_inputs),
    GLOBAL("", "params", "a table of name = value",
           "The knobs: values that expressions name and --set changes.", read_params),
    GLOBAL("", "metrics", "a table of name = expression or aggregate",
           "Columns that the policy adds to those of the data and of Patron.", read_metrics),
    GLOBAL("", "loyalty", "a name and a table",
           "Points that customers earn, redeem and lose, and what is owed for them.", read_loyalty),
    GLOBAL("", "tiers", "a name and a table of tiers",
           "A ranking of customers, from high to low: the first tier that holds is theirs.",
           read_tiers),
    GLOBAL("", "channel", "a name and a table",
           "A way to reach customers: whom it reaches, and what a contact costs.", read_channel),
    GLOBAL("", "campaign", "a name and a table",
           "An offer, to whom it is made, and what it costs and brings.", read_campaign),
    GLOBAL("", "contact_policy", "a name and a table",
           "How often a customer may be contacted, by several campaigns together.",
           read_contact_policy),
    GLOBAL("", "referral", "a name and a table",
           "A programme that rewards customers for bringing others.", read_referral),
    GLOBAL("", "test", "a name and a table",
           "A customer, and what the policy must give: `patron test` runs it.", read_test),

    KEY("policy", "currency", "an ISO 4217 code such as \"CNY\"", false,
        "The currency of every amount; it must be that of the data.", read_currency,
        offsetof(struct policy, currency)),
    KEY("policy", "allocate", "\"net\", \"net per cost\" or \"priority\"", false,
        "Which offer goes first, else the one with the best net.", read_allocate,
        offsetof(struct policy, allocate)),
    KEY("policy", "holdout", "a share from 0 to below 1", false,
        "The share of customers who get nothing at all, to measure the whole policy against.",
        read_share, offsetof(struct policy, holdout)),

    GLOBAL("inputs", "integer", "nothing", "A whole number.", NULL),
    GLOBAL("inputs", "number", "nothing", "A number.", NULL),
    GLOBAL("inputs", "money", "nothing", "An amount in the data's currency.", NULL),
    GLOBAL("inputs", "date", "nothing", "A day.", NULL),
    GLOBAL("inputs", "flag", "nothing", "True or false.", NULL),
    GLOBAL("inputs", "label", "nothing",
           "One of some words; { \"low\", \"high\" } instead says which.", NULL),
    GLOBAL("inputs", "text", "nothing", "Any text.", NULL),

    KEY("params", "from", "a number", false, "The least that --set may make it.", read_bound,
        offsetof(struct param, from)),
    KEY("params", "to", "a number", false, "The most that --set may make it.", read_bound,
        offsetof(struct param, to)),

    GLOBAL("metrics", "count", "a table's name and settings", "How many rows; 0 if none.", NULL),
    GLOBAL("metrics", "sum", "a table's name and { what }", "Their sum; 0 if none.", NULL),
    GLOBAL("metrics", "mean", "a table's name and { what }", "Their mean.", NULL),
    GLOBAL("metrics", "min", "a table's name and { what }", "The least.", NULL),
    GLOBAL("metrics", "max", "a table's name and { what }", "The greatest.", NULL),
    GLOBAL("metrics", "first", "a table's name and { what }", "That of the earliest row.", NULL),
    GLOBAL("metrics", "last", "a table's name and { what }", "That of the latest row.", NULL),

    GLOBAL("metrics", "quantile", "(share, \"an expression\")",
           "A line learned from all customers: below it lies that share of them (type 7).", NULL),
    GLOBAL("metrics", "median", "an expression", "A line: half of all customers lie below it.",
           NULL),
    GLOBAL("metrics", "average", "an expression", "A line: the mean over all customers.", NULL),
    GLOBAL("metrics", "top_heads", "(share, \"an expression\")",
           "A line: the least value among the best customers, that share of all heads.", NULL),
    GLOBAL("metrics", "top_share", "(share, \"an expression\")",
           "A line: the least value among the best who together bring that share of the total.",
           NULL),

    KEY("aggregate", "where", "a condition", false,
        "The rows that count; it reads columns of that table and params.", read_where,
        offsetof(struct declared, where)),
    KEY("aggregate", "last", "days(n) or months(n)", false, "The window's length; else all rows.",
        read_duration, offsetof(struct declared, last)),
    KEY("aggregate", "ending", "days(n) or months(n)", false,
        "How long before the as-of date the window ends; else at that date.", read_duration,
        offsetof(struct declared, ending)),

    GLOBAL("duration", "days", "a whole number", "So many days.", NULL),
    GLOBAL("duration", "months", "a whole number", "So many calendar months.", NULL),

    KEY("loyalty", "earn", "a number expression", false,
        "The points that a row of transactions brings, cut to whole ones.", read_quantity,
        offsetof(struct points, earn)),
    KEY("loyalty", "where", "a condition", false, "The rows of transactions that earn.", read_where,
        offsetof(struct points, where)),
    KEY("loyalty", "booked", "a condition", false,
        "The rows of the table points that count (false: none do); else all.", read_booked,
        offsetof(struct points, booked)),
    KEY("loyalty", "expire", "days(n) or months(n)", false,
        "How long points last from the day they are earned; else for ever.", read_duration,
        offsetof(struct points, expire)),
    KEY("loyalty", "soon", "days(n) or months(n)", false,
        "Points that expire within this time are expiring; else 30 days.", read_duration,
        offsetof(struct points, soon)),
    KEY("loyalty", "unit_value", "a number expression", false, "What a point is worth.",
        read_quantity, offsetof(struct points, unit_value)),
    KEY("loyalty", "redeems", "a number expression", false,
        "The share of the balance that will be redeemed, from 0 to 1; else all of it.",
        read_quantity, offsetof(struct points, redeems)),

    KEY("tier", "when", "a condition", false,
        "Who has this tier at least; the last tier goes without and takes everyone left.",
        read_condition, offsetof(struct class, when)),

    KEY("channel", "when", "a condition", false,
        "Who can be reached so; a missing value in it means no.", read_condition,
        offsetof(struct channel, when)),
    KEY("channel", "never", "a condition", false,
        "Who must not be contacted so; a missing value in it means never.", read_condition,
        offsetof(struct channel, never)),
    KEY("channel", "cost", "a number expression", false,
        "What a contact costs, beside the offer; else 0.", read_amount,
        offsetof(struct channel, cost)),
    KEY("channel", "capacity", "a whole number", false, "The most contacts in a run; else any.",
        read_count, offsetof(struct channel, capacity)),

    KEY("campaign", "goal", "text", false, "What it is for, in a sentence.", read_text,
        offsetof(struct campaign, goal)),
    KEY("campaign", "when", "a condition", true,
        "Who can get the offer; a missing value in it means no.", read_condition,
        offsetof(struct campaign, when)),
    KEY("campaign", "never", "a condition", false,
        "Who must not get it, whatever `when` says; a missing value in it means never.",
        read_condition, offsetof(struct campaign, never)),
    KEY("campaign", "offer", "an offer such as gift \"umbrella\"", true, "What is offered.",
        read_offer, offsetof(struct campaign, offer)),
    KEY("campaign", "cost", "a number expression", false, "What the offer costs, else 0.",
        read_amount, offsetof(struct campaign, cost)),
    KEY("campaign", "value", "a number expression", false,
        "What the offer brings, else 0; with an `effect`, what that is worth.", read_amount,
        offsetof(struct campaign, value)),
    KEY("campaign", "effect", "a table", false,
        "What the offer changes, and by how much; the net is that times `value`, less `cost`.",
        read_effect, offsetof(struct campaign, effect)),
    KEY("campaign", "channel", "text or a list of text", false,
        "How the customer is reached, the preferred way first.", read_channels, 0),
    KEY("campaign", "period", "a table", false, "The days on which the offer is made.", read_period,
        offsetof(struct campaign, period)),
    KEY("campaign", "priority", "a whole number", false,
        "With allocate = \"priority\": 1 goes first, and what has none last.", read_priority,
        offsetof(struct campaign, priority)),
    KEY("campaign", "caps", "a table", false, "How often, and for how much, it is made at most.",
        read_caps, offsetof(struct campaign, caps)),
    KEY("campaign", "holdout", "a share from 0 to below 1", false,
        "The share of winners that is held out, to measure the effect against.", read_share,
        offsetof(struct campaign, holdout)),

    KEY("effect", "retention", "a number expression", false,
        "By how much the chance to keep the customer rises: 0.12 is 12 in a hundred.",
        read_effect_size, offsetof(struct effect, size)),
    KEY("effect", "frequency", "a number expression", false, "How many purchases come on top.",
        read_effect_size, offsetof(struct effect, size)),
    KEY("effect", "spend", "a number expression", false, "How much spend comes on top.",
        read_effect_size, offsetof(struct effect, size)),
    KEY("effect", "referral", "a number expression", false, "How many new customers come of it.",
        read_effect_size, offsetof(struct effect, size)),
    KEY("effect", "relative", "true or false", false,
        "The effect is a share of `base`, not an amount of its own.", read_flag,
        offsetof(struct effect, relative)),
    KEY("effect", "base", "a number expression", false, "What a relative effect is a share of.",
        read_amount, offsetof(struct effect, base)),
    KEY("effect", "sd", "a number", false, "The standard deviation of what is known of it.",
        read_deviation, offsetof(struct effect, sd)),
    KEY("effect", "evidence", "text", false, "Where the effect is known from.", read_text,
        offsetof(struct effect, evidence)),

    KEY("period", "from", "a day such as \"2026-01-31\"", false, "The first day, else any.",
        read_day, offsetof(struct period, from)),
    KEY("period", "to", "a day such as \"2026-01-31\"", false, "The last day, else any.", read_day,
        offsetof(struct period, to)),

    KEY("contact_policy", "customer", "a whole number, or { number, per = months(12) }", false,
        "The most contacts with a customer.", read_limit,
        offsetof(struct contact_policy, customer)),
    KEY("contact_policy", "rest", "days(n) or months(n)", false,
        "The time after a contact in which there is no other.", read_rest,
        offsetof(struct contact_policy, rest)),
    KEY("contact_policy", "channels", "text or a list of text", false,
        "The channels that count, else all.", read_policy_channels,
        offsetof(struct contact_policy, channels)),
    KEY("contact_policy", "campaigns", "a campaign's name, or a list of them", false,
        "The campaigns that count, else all, also those of the past.", read_policy_campaigns,
        offsetof(struct contact_policy, campaign)),

    GLOBAL("offer", "waive_fee", "a table, or nothing", "A fee is not charged.", offer_fee),
    GLOBAL("offer", "upgrade", "the name of a tier", "A tier above the one that was earned.",
           offer_tier),
    GLOBAL("offer", "points", "a number", "So many points.", offer_amount),
    GLOBAL("offer", "cash", "a number", "So much money.", offer_amount),
    GLOBAL("offer", "gift", "text", "A thing.", offer_text),
    GLOBAL("offer", "service_recovery", "text, or nothing",
           "Putting right what went wrong, before anything else.", offer_perhaps_text),
    GLOBAL("offer", "let_go", "nothing", "The decision to do nothing, so without a channel.",
           offer_nothing),

    KEY("waive_fee", "up_to", "a number", false, "The most that is waived; else the whole fee.",
        offer_setting, 0),
    KEY("waive_fee", "share", "a share above 0, to 1", false, "The part that is waived, else all.",
        offer_share, 0),
    KEY("waive_fee", "after_purchases", "a whole number", false,
        "How many purchases it takes first.", offer_whole_setting, 0),
    KEY("waive_fee", "after_spend", "a number", false, "How much spend it takes first.",
        offer_setting, 0),
    KEY("waive_fee", "condition", "text", false, "What else it takes first, in words.",
        offer_condition, 0),

    KEY("referral", "programme", "text", false,
        "The rows of referrals that it is about, by their column programme; else all of them.",
        read_text, offsetof(struct referral, programme)),
    KEY("referral", "qualifies", "a condition", false,
        "When the reward is due; else as soon as the friend is a customer.", read_condition,
        offsetof(struct referral, qualifies)),
    KEY("referral", "hold", "days(n) or months(n)", false,
        "How long after the day of the referral nothing is paid yet.", read_duration,
        offsetof(struct referral, hold)),
    KEY("referral", "reward", "a reward such as both(300)", true, "Who gets how much.", read_reward,
        0),
    KEY("referral", "value", "a number expression", false, "What the friend brings, else 0.",
        read_amount, offsetof(struct referral, value)),
    KEY("referral", "block", "a condition", false,
        "Which referrals are not rewarded whatever else holds; a missing value in it blocks.",
        read_condition, offsetof(struct referral, block)),
    KEY("referral", "claw_back", "a condition", false,
        "Which rewards that were paid are taken back; a missing value in it takes nothing.",
        read_condition, offsetof(struct referral, claw_back)),
    KEY("referral", "caps", "a table", false, "How much is paid at most; else there is no cap.",
        read_caps, offsetof(struct referral, caps)),

    GLOBAL("reward", "both", "an amount", "So much for the referrer, and as much for the friend.",
           NULL),
    GLOBAL("reward", "referrer", "an amount", "So much for the referrer alone.", NULL),
    GLOBAL("reward", "friend", "an amount", "So much for the friend alone.", NULL),
    GLOBAL("reward", "by", "an expression and a table of class = reward, and no other `by` in it",
           "A reward for each class of customer.", NULL),
    GLOBAL("reward", "steps",
           "a list of { number, reward } with rising numbers from 1, and no other `steps` in it",
           "A reward by how many referrals of the referrer have qualified, with this one.", NULL),

    KEY("caps", "customer", "a whole number, or { number, per = months(12) }", false,
        "How often one customer gets the offer; how many referrals of one referrer are rewarded.",
        read_limit, offsetof(struct caps, customer)),
    KEY("caps", "total", "a whole number, or { number, per = months(12) }", false,
        "How often the offer is made, or how many referrals are rewarded, in all.", read_limit,
        offsetof(struct caps, total)),
    KEY("caps", "budget", "an amount, or { amount, per = months(12) }", false,
        "How much is spent in all.", read_limit, offsetof(struct caps, budget)),
    KEY("caps", "class", "by \"a tiers block\" { class = number }", false,
        "How often the offer is made to the customers of a class, else any number.",
        read_class_caps, 0),
    KEY("limit", "per", "days(n) or months(n)", false,
        "The window that ends at the as-of date; else since the campaign's period began.",
        read_duration, offsetof(struct limit, per)),

    KEY("test", "customer", "a table of name = value", false,
        "The customer's columns; a date is \"YYYY-MM-DD\", what is not here is missing.",
        read_customer, 0),
    KEY("test", "gives", "a table", false, "What the policy must give.", read_gives, 0),
    KEY("test", "cases", "a list of { \"a title\", customer = { ... }, gives = { ... } }", false,
        "Tests that share what the block says; each says what is different.", read_cases, 0),
    KEY("test", "today", "a day such as \"2025-03-31\"", false,
        "The day to decide for; later rows do not exist.", read_today, 0),
    ROWS_OF("transactions", "The customer's transactions; metrics are computed from them."),
    ROWS_OF("events", "The customer's events."),
    ROWS_OF("contacts", "What the customer was sent before."),
    ROWS_OF("rewards", "What the customer was rewarded before."),
    ROWS_OF("points", "The customer's points."),
    ROWS_OF("relations", "The customer's household and employer."),
    ROWS_OF("tier_history", "The tiers that the customer had before."),
    KEY("gives", "tier", "a tier's name, or { tiers = name, ... }", false,
        "The tier in the first tiers block, or in each that is named.", read_expected_tier, 0),
    KEY("gives", "offers", "a campaign's name, or a list of them", false,
        "Exactly the campaigns that the customer gets; { } is none.", read_expected_offers, 0),
};

enum { ROWS = sizeof rows / sizeof *rows };

const struct row *words_row(size_t i) {
    return i < ROWS ? &rows[i] : NULL;
}

const struct word *policy_word(size_t i) {
    return i < ROWS ? &rows[i].word : NULL;
}

const struct row *words_find(const char *block, struct str name) {
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (strcmp(row->word.block, block) == 0 && str_is(name, row->word.name))
            return row;
    return NULL;
}

bool words_later(struct str name) {
    static const char *const later[] = {
        "fall", "grace", "keep", "matrix", "playbook", "segments",
    };
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (str_is(name, later[i]))
            return true;
    return false;
}
