// Reasons as files and pages have them, and those that stocks give.
#include "decide/reason.h"

#include "decide/stock.h"

static const struct {
    const char *name, *help;
} reasons[REASONS] = {
    [REASON_GRANTED] = {"granted", "the offer is made"},
    [REASON_HOLDOUT] = {"holdout", "won the offer, but is held out as a control and gets nothing"},
    [REASON_POLICY_HOLDOUT] =
        {"policy holdout", "won the offer, but is held out as a control of the whole policy and "
                           "gets nothing"},
    [REASON_OUTBID] = {"outbid", "the customer got another campaign's offer, which went first"},
    [REASON_BUDGET] = {"budget", "what was left of the campaign's budget was too little"},
    [REASON_CAPACITY] = {"capacity", "the channels that reach the customer were full"},
    [REASON_TOTAL_CAP] = {"total cap", "the campaign's offer was made as often as it may be"},
    [REASON_CLASS_CAP] = {"class cap", "it was made as often as it may be in the customer's class"},
    [REASON_PLAN] = {"plan", "the plan that is carried out does not give it"},
    [REASON_CUSTOMER_CAP] = {"customer cap", "the customer had it as often as may be"},
    [REASON_CONTACT_POLICY] = {"contact policy",
                               "the customer was contacted as often as may be, or just now"},
    [REASON_NO_CHANNEL] = {"no channel", "none of the campaign's channels reaches the customer"},
    [REASON_NEVER] = {"never", "the campaign's `never` holds"},
    [REASON_SUPPRESSED] = {"suppressed", "a value that `never` needs is missing: no contact"},
    [REASON_UNKNOWN] =
        {"missing value",
         "a value that `when`, `offer`, `cost`, `value` or `effect` needs is missing"},
    [REASON_FAULT] = {"fault", "a rule failed for this customer"},
    [REASON_INELIGIBLE] = {"ineligible", "the campaign's `when` does not hold"},
    [REASON_PERIOD] = {"period", "the campaign does not run on this day"},
};

const char *reason_name(enum reason r) {
    return reasons[r].name;
}

const char *reason_help(enum reason r) {
    return reasons[r].help;
}

bool reason_is_control(enum reason r) {
    return r == REASON_HOLDOUT || r == REASON_POLICY_HOLDOUT;
}

bool reason_is_control_arm(struct str arm) {
    return str_is(arm, "control") || str_is(arm, reason_name(REASON_HOLDOUT)) ||
           str_is(arm, reason_name(REASON_POLICY_HOLDOUT));
}

bool reason_is_won(enum reason r) {
    return r == REASON_GRANTED || reason_is_control(r);
}

enum reason stock_reason(enum stock_kind k) {
    static const enum reason list[] = {[STOCK_BUDGET] = REASON_BUDGET,
                                       [STOCK_CAPACITY] = REASON_CAPACITY,
                                       [STOCK_TOTAL] = REASON_TOTAL_CAP,
                                       [STOCK_CLASS] = REASON_CLASS_CAP};
    return list[k];
}

const char *stock_name(enum stock_kind k) {
    return reason_name(stock_reason(k));
}
