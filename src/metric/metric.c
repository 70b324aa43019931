// The registry. The order of the rows is that of the documentation: what happened, how it goes on,
// how the customer compares with the others, what it is worth.
#include "metric/metric.h"

#include "metric/family.h"

static const char *const warnings[] = {"high risk", "at risk", "stable", NULL};
static const char *const segments[] = {"at risk", "high value", "low value", "potential", NULL};
static const char *const classes[] = {"A", "B", "C", NULL};

#define MISSING_WITHOUT_PURCHASE "Missing without a purchase."

static const struct metric registry[] = {
    // ---- purchases ----
    {.name = "first_purchase",
     .type = TYPE_DATE,
     .unit = "date",
     .table = "transactions",
     .columns = "date ?amount",
     .run = purchase_first,
     .title = "day of the first purchase",
     .help = "The earliest date among the customer's purchases. A row of transactions is a "
             "purchase unless its amount is negative (a refund). " MISSING_WITHOUT_PURCHASE,
     .source = "A2"},
    {.name = "last_purchase",
     .type = TYPE_DATE,
     .unit = "date",
     .table = "transactions",
     .columns = "date ?amount",
     .run = purchase_last,
     .title = "day of the last purchase",
     .help = "The latest date among the customer's purchases (refunds are "
             "none). " MISSING_WITHOUT_PURCHASE,
     .source = "A2"},
    {.name = "orders",
     .type = TYPE_INTEGER,
     .unit = "orders",
     .table = "transactions",
     .columns = "date ?amount ?order",
     .run = purchase_orders,
     .title = "number of orders",
     .help = "The distinct order ids among the customer's purchases, where transactions have a "
             "column order (a purchase without an id is an order of its own); else the number of "
             "purchases. Refunds are no orders. 0 without a purchase.",
     .source = "A2, B9"},
    {.name = "purchase_days",
     .type = TYPE_INTEGER,
     .unit = "days",
     .table = "transactions",
     .columns = "date ?amount",
     .run = purchase_days,
     .title = "number of days with a purchase",
     .help = "The distinct dates among the customer's purchases, so several on one day count once; "
             "one less is the number of repeat purchases of the buy-till-you-die models. 0 without "
             "a purchase.",
     .source = "Fader, Hardie and Lee 2005"},
    {.name = "units",
     .type = TYPE_NUMBER,
     .unit = "units",
     .table = "transactions",
     .columns = "quantity",
     .run = purchase_sum,
     .title = "units bought, less units returned",
     .help = "The sum of transactions.quantity; returns lower it where their quantity is negative. "
             "0 without transactions.",
     .source = "A2"},
    {.name = "spend",
     .type = TYPE_MONEY,
     .unit = "money",
     .table = "transactions",
     .columns = "amount",
     .run = purchase_sum,
     .title = "money spent, less refunds",
     .help =
         "The sum of transactions.amount, exact to the minor unit; negative amounts are refunds "
         "and lower it; missing amounts are left out. 0 without transactions.",
     .source = "A2, B9"},
    {.name = "margin",
     .type = TYPE_MONEY,
     .unit = "money",
     .table = "transactions",
     .columns = "margin",
     .run = purchase_sum,
     .title = "margin earned",
     .help = "The sum of transactions.margin; refunds lower it where their margin is negative. 0 "
             "without transactions.",
     .source = "A4"},
    {.name = "mean_order_value",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "spend orders",
     .run = value_mean_order,
     .title = "spend per order",
     .help = "spend / orders, net of refunds. Missing without an order.",
     .source = "A2, C5"},

    // ---- rhythm ----
    {.name = "recency_days",
     .type = TYPE_INTEGER,
     .unit = "days",
     .inputs = "last_purchase today",
     .run = rhythm_recency_days,
     .title = "days since the last purchase",
     .help =
         "today - last_purchase, where today is the as-of date. This is R of RFM: less is "
         "better. (The recency of buy-till-you-die models is another thing, the age at the last "
         "purchase.) " MISSING_WITHOUT_PURCHASE,
     .source = "A2, B9, I2"},
    {.name = "tenure_days",
     .type = TYPE_INTEGER,
     .unit = "days",
     .inputs = "opened|first_purchase today",
     .run = rhythm_tenure_days,
     .title = "days since the relationship began",
     .help = "today - opened, where customers have a column opened; else today - first_purchase. "
             "Missing where that date is missing or after the as-of date.",
     .source = "I1"},
    {.name = "tenure_months",
     .type = TYPE_INTEGER,
     .unit = "months",
     .inputs = "opened|first_purchase today",
     .run = rhythm_tenure_months,
     .title = "whole calendar months since the relationship began",
     .help = "The greatest n for which opened (or first_purchase, as in tenure_days) plus n "
             "calendar months is not after today; the 31st plus a month is the last day of a "
             "shorter month. Missing as tenure_days is.",
     .source = "I1, I6"},
    {.name = "mean_gap_days",
     .type = TYPE_NUMBER,
     .unit = "days",
     .inputs = "first_purchase last_purchase purchase_days",
     .run = rhythm_mean_gap_days,
     .title = "mean days between purchases",
     .help = "(last_purchase - first_purchase) / (purchase_days - 1). This is F of the R/F warning "
             "(the F of RFM is a count: orders). Missing with fewer than two purchase days.",
     .source = "I2"},
    {.name = "rf_ratio",
     .type = TYPE_NUMBER,
     .unit = "",
     .inputs = "recency_days mean_gap_days",
     .run = rhythm_rf_ratio,
     .title = "how late the next purchase is",
     .help = "recency_days / mean_gap_days: 1 when the customer has been away as long as its mean "
             "gap, 2 when twice as long. Missing with one purchase, and where the mean gap is 0.",
     .source = "I2, I3"},
    {.name = "rf_warning",
     .type = TYPE_LABEL,
     .unit = "",
     .inputs = "rf_ratio",
     .labels = warnings,
     .ordered = true,
     .run = rhythm_rf_warning,
     .title = "churn warning by R/F",
     .help =
         "By rf_ratio: up to 1 'stable', above 1 and below 1.5 'at risk', from 1.5 'high risk'. "
         "Read it against chance: a healthy customer who buys at random at a steady pace "
         "(Poisson) has R > F 36.8 % of the time (1/e) and R >= 1.5 F 22.3 % (e^-1.5), so only "
         "more than that in a group is a warning. Missing as rf_ratio is, with one purchase "
         "above all.",
     .source = "I2, I3"},

    // ---- among the others ----
    {.name = "r_score",
     .type = TYPE_INTEGER,
     .unit = "score 1-5",
     .inputs = "recency_days",
     .learn = rfm_r_learn,
     .run = rfm_r_score,
     .title = "recency score, 5 the most recent",
     .help = "6 less 1 + the number of cuts that recency_days exceeds. The cuts are the base's "
             "quantiles (type 7) at 20, 40, 60 and 80 %; a value on a cut does not exceed it, so "
             "equal values have equal scores. " MISSING_WITHOUT_PURCHASE,
     .source = "B9; Hyndman and Fan 1996"},
    {.name = "f_score",
     .type = TYPE_INTEGER,
     .unit = "score 1-5",
     .inputs = "orders",
     .learn = rfm_f_learn,
     .run = rfm_f_score,
     .title = "frequency score, 5 the most orders",
     .help = "1 + the number of cuts that orders exceeds, with cuts as in r_score over the "
             "customers who bought. " MISSING_WITHOUT_PURCHASE,
     .source = "B9"},
    {.name = "m_score",
     .type = TYPE_INTEGER,
     .unit = "score 1-5",
     .inputs = "spend ?orders",
     .learn = rfm_m_learn,
     .run = rfm_m_score,
     .title = "monetary score, 5 the most spend",
     .help = "1 + the number of cuts that spend exceeds, with cuts as in r_score over the "
             "customers who bought (all, where orders are not known). " MISSING_WITHOUT_PURCHASE,
     .source = "B9"},
    {.name = "rfm",
     .type = TYPE_INTEGER,
     .unit = "three scores",
     .inputs = "r_score f_score m_score",
     .run = rfm_code,
     .title = "the three scores as one number, 555 the best",
     .help = "100 r_score + 10 f_score + m_score. " MISSING_WITHOUT_PURCHASE,
     .source = "B9"},
    {.name = "rfm_segment",
     .type = TYPE_LABEL,
     .unit = "",
     .inputs = "r_score f_score m_score",
     .labels = segments,
     .run = rfm_segment,
     .title = "named RFM segment",
     .help = "'low value': F and M both at most 2 (20 of the 125 cells, 111 among them). Of the "
             "others: 'at risk' with R at most 2 (42 cells, 155 and 115); 'high value' with R at "
             "least 3 and F and M both at least 4 (12 cells, 555); else 'potential' (51 cells, 551 "
             "and 515). The names are the catalogue's, the lines between its cells "
             "Patron's. " MISSING_WITHOUT_PURCHASE,
     .source = "B9"},
    {.name = "spend_share",
     .type = TYPE_NUMBER,
     .unit = "share",
     .inputs = "spend",
     .learn = spread_learn,
     .run = spread_share,
     .title = "share of the whole base's spend",
     .help =
         "spend / the sum of spend over all customers. Refunds count: shares of customers whose "
         "spend is negative are negative, and the others then add up to more than 1. Missing "
         "where the sum is not above 0.",
     .source = "B1, B2"},
    {.name = "abc_class",
     .type = TYPE_LABEL,
     .unit = "",
     .inputs = "spend",
     .labels = classes,
     .ordered = true,
     .learn = spread_learn,
     .run = spread_class,
     .title = "ABC class by share of spend",
     .help =
         "From the highest spend down, customers are A until together they bring 80 % of the "
         "sum of spend; the one who crosses that line is A. C are the last 10 % by head count "
         "(rounded up), B those between. Who ties with a customer on a line is in its class, so "
         "A and C can be larger; a customer that could be both is A. Negative spend lowers the "
         "sum, and so brings the line of A closer. Missing where the sum is not above 0.",
     .source = "B1"},

    // ---- referrals ----
    {.name = "referrer",
     .type = TYPE_LABEL,
     .unit = "",
     .table = "referrals",
     .columns = "referee date",
     .inputs = "?opened",
     .others = true,
     .run = credit_referrer,
     .title = "who is credited with having referred the customer",
     .help = "The referrer of the first row of referrals, by date, that names the customer as "
             "referee; of one day, the one whose id stands first. Rows do not count in which the "
             "referrer names itself, whose referee is no customer, or that are from before the "
             "referrer joined (where customers have a column opened). Where the credits of several "
             "customers make a ring, the latest is not given (of one day, that of the customer "
             "whose id stands first): who was there first was not referred by those who came "
             "after. So credits are trees. How many rows are not credited, and why, is said. "
             "Missing where nobody is credited.",
     .source = "A4"},
    {.name = "referred_count",
     .type = TYPE_INTEGER,
     .unit = "customers",
     .inputs = "referrer",
     .others = true,
     .run = referral_count,
     .title = "new customers that the customer referred",
     .help = "The customers whose referrer is this one: each is counted once, for one referrer. 0 "
             "without a referral.",
     .source = "A4, H1"},
    {.name = "referred_qualified",
     .type = TYPE_INTEGER,
     .unit = "customers",
     .table = "referrals",
     .columns = "referee date status",
     .inputs = "referrer",
     .others = true,
     .run = referral_qualified,
     .title = "of these, those whose referral has qualified",
     .help = "The customers of referred_count whose last status under this referrer is qualified, "
             "rewarded, paid, 合格 or 已奖励; the last is that of the latest row that has one, and "
             "of one day's a qualified one. For other words or rules, declare a metric. 0 without "
             "a referral.",
     .source = "A4, H2"},
    {.name = "generation",
     .type = TYPE_INTEGER,
     .unit = "generations",
     .inputs = "referrer",
     .others = true,
     .run = referral_generation,
     .title = "how many referrals led to the customer",
     .help = "1 + the generation of the referrer; 0 without a referrer. Missing in a ring of "
             "referrers and below one, which only a given column referrer can have.",
     .source = "H5"},
    {.name = "referral_depth",
     .type = TYPE_INTEGER,
     .unit = "generations",
     .inputs = "referrer",
     .others = true,
     .run = referral_depth,
     .title = "generations of customers below",
     .help = "1 + the greatest referral_depth among the customers referred; 0 without any. Missing "
             "in a ring of referrers, which only a given column referrer can have.",
     .source = "H5"},
    {.name = "referral_reach",
     .type = TYPE_INTEGER,
     .unit = "customers",
     .inputs = "referrer",
     .others = true,
     .run = referral_reach,
     .title = "customers below, of all generations",
     .help = "referred_count, and the referral_reach of each of these. Twelve generations in which "
             "everyone brings two are 8190. Missing in a ring of referrers, which only a given "
             "column referrer can have.",
     .source = "H5"},
    {.name = "referral_cascade",
     .type = TYPE_NUMBER,
     .unit = "customers",
     .inputs = "referral_branching referral_generations ?referral_fading",
     .run = referral_cascade,
     .title = "customers to be expected of a chain of referrals",
     .help = "m + m^2 (1 - d) + m^3 (1 - d)^3 + ..., a term for each of up to 100 generations, in "
             "which everyone brings m referral_branching customers, a share d referral_fading (0 "
             "where there is none) less in every generation. With m below 1 it comes to m / (1 - "
             "m), with 2 and twelve generations to 8190. Missing where an input is.",
     .source = "H5"},
    {.name = "self_referral",
     .type = TYPE_FLAG,
     .unit = "",
     .table = "referrals",
     .columns = "referee",
     .run = abuse_self,
     .title = "whether the customer referred itself",
     .help = "Whether referee is referrer in a row of referrals. False without a referral.",
     .source = "H2"},
    {.name = "ring_size",
     .type = TYPE_INTEGER,
     .unit = "customers",
     .table = "referrals",
     .columns = "referee",
     .others = true,
     .run = abuse_ring,
     .title = "customers in the smallest ring of referrals",
     .help = "The fewest customers, from 2 to 10, of whom each referred the next and the last the "
             "first, with this one among them. 11 stands for none of up to 10, so that less is "
             "worse and ring_size <= 3 is true of nobody without a ring. Every row of referrals "
             "counts, credited or not, but those of oneself. Never missing.",
     .source = "H2; Tarjan 1972, Pearce 2016"},
    {.name = "referrals_a_day",
     .type = TYPE_INTEGER,
     .unit = "referrals",
     .table = "referrals",
     .columns = "date",
     .run = abuse_a_day,
     .title = "most referrals on one day",
     .help = "The most rows of referrals that the customer made on one date. Every row counts, "
             "credited or not, also of somebody who never became a customer. 0 without a "
             "referral.",
     .source = "H2"},
    {.name = "household",
     .type = TYPE_LABEL,
     .unit = "",
     .table = "relations",
     .columns = "household",
     .run = household_first,
     .title = "household of the customer",
     .help = "relations.household of the customer; the first in the order of labels where rows "
             "name several. Missing where they name none.",
     .source = "A8"},
    {.name = "referrer_same_household",
     .type = TYPE_FLAG,
     .unit = "",
     .inputs = "referrer household",
     .others = true,
     .run = household_referrer,
     .title = "whether the referrer lives in the same household",
     .help =
         "Whether household is that of the referrer. False without a referrer, and where either "
         "household is not known.",
     .source = "A8, H2"},

    // ---- worth ----
    {.name = "clv",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "clv_perpetual",
     .run = value_default,
     .title = "customer lifetime value by the default model, clv_perpetual",
     .help =
         "The value of clv_perpetual. To choose another model, write its name where clv stands: "
         "clv_simple, clv_revenue, clv_profit, clv_contribution; or give customers a column "
         "clv, which goes before this.",
     .source = "C6"},
    {.name = "clv_simple",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs =
         "profit_per_purchase purchases_a_year lifespan_years acquisition_cost ?discount_rate",
     .run = value_simple,
     .title = "profit per purchase x frequency x lifespan - acquisition cost",
     .help = "profit_per_purchase * purchases_a_year * lifespan_years - acquisition_cost; with a "
             "discount_rate i, the years are discounted at their ends: (1 - (1 + i)^-lifespan) / i "
             "stands for lifespan_years. From a log of purchases, declare profit_per_purchase = "
             "\"margin / orders\" and purchases_a_year = \"365.25 * orders / tenure_days\". A "
             "lifespan measured as last less first purchase is too short: most customers are not "
             "done yet. Missing where an input is.",
     .source = "C5"},
    {.name = "clv_perpetual",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "yearly_margin retention_rate discount_rate ?growth_rate",
     .run = value_perpetual,
     .title = "margin without end, each year kept with the same probability",
     .help =
         "m r / (1 + i - r (1 + g)) with m yearly_margin, r retention_rate, i discount_rate and "
         "g growth_rate (0 where there is none): the first margin comes at the end of year 1 "
         "with probability r, growth from year 2. Where 1 + i - r (1 + g) is not above 0 the "
         "series does not converge, which is an error. Missing where an input is.",
     .source = "C6; Gupta and Lehmann 2003"},
    {.name = "clv_revenue",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "first_income yearly_income discount_rate horizon_years",
     .run = value_revenue,
     .title = "finite horizon, model 1: revenue",
     .help = "P0 + In a, where a = (1 - (1 + i)^-n) / i, with P0 first_income, In yearly_income, i "
             "discount_rate and n horizon_years: what comes at the ends of n years. It ranks "
             "customers by income alone, and so may rank otherwise than profit. Missing where an "
             "input is.",
     .source = "C7 model 1"},
    {.name = "clv_profit",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "yearly_income yearly_cost discount_rate horizon_years",
     .run = value_profit,
     .title = "finite horizon, model 2: profit",
     .help =
         "(In - C) a, with a as in clv_revenue and C yearly_cost, allocated fixed cost included. "
         "Missing where an input is.",
     .source = "C7 model 2"},
    {.name = "clv_contribution",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "first_income acquisition_cost yearly_income yearly_direct_cost discount_rate "
               "horizon_years",
     .run = value_contribution,
     .title = "finite horizon, model 3: profit contribution",
     .help = "P0 - C0 + (In - Cs) a, with a as in clv_revenue, C0 acquisition_cost and Cs "
             "yearly_direct_cost, direct cost only. Missing where an input is.",
     .source = "C7 model 3"},
    {.name = "crv",
     .type = TYPE_MONEY,
     .unit = "money",
     .inputs = "referrals_a_year joins_anyway referred_clv ?referred_upkeep referral_reward "
               "?reward_anyway ?acquisition_saving discount_rate horizon_years",
     .run = value_referral,
     .title = "customer referral value: what future referrals bring",
     .help =
         "n ((1 - s) (A - a - M + ACQ) + s (ACQ - a2)) k, where k = (1 - (1 + i)^-T) / i, with n "
         "referrals_a_year, s joins_anyway, A referred_clv, a referral_reward, M "
         "referred_upkeep, ACQ acquisition_saving, a2 reward_anyway, i discount_rate and T "
         "horizon_years. These are the two sums of the papers: of those who would not have "
         "come, what they bring and what it would have cost to win them; of those who would "
         "have come anyway only the latter. The papers charge no reward in the second sum. A "
         "programme that rewards every referral does pay it there: give reward_anyway = "
         "\"referral_reward\". M, ACQ and a2 are 0 where there are none. Missing where an "
         "input is.",
     .source = "H1; Kumar, Petersen and Leone 2007, 2010"},
};

static const struct metric_input inputs[] = {
    {"today", TYPE_DATE, "date", "the as-of date"},
    {"opened", TYPE_DATE, "date", "the day the relationship began"},
    {"profit_per_purchase", TYPE_MONEY, "money", "mean profit of a purchase"},
    {"purchases_a_year", TYPE_NUMBER, "purchases a year", "how often the customer buys"},
    {"lifespan_years", TYPE_NUMBER, "years", "how long a customer stays"},
    {"acquisition_cost", TYPE_MONEY, "money", "what it cost to win the customer"},
    {"yearly_margin", TYPE_MONEY, "money a year", "margin that the customer brings"},
    {"retention_rate", TYPE_NUMBER, "share a year", "probability of being kept, 0.85 for 85 %"},
    {"discount_rate", TYPE_NUMBER, "share a year", "cost of capital, 0.1 for 10 %"},
    {"growth_rate", TYPE_NUMBER, "share a year", "growth of the margin, 0.02 for 2 %"},
    {"first_income", TYPE_MONEY, "money", "income of the first purchase"},
    {"yearly_income", TYPE_MONEY, "money a year", "income of the years after it"},
    {"yearly_cost", TYPE_MONEY, "money a year", "cost of a year, allocated fixed cost included"},
    {"yearly_direct_cost", TYPE_MONEY, "money a year", "cost of a year, direct cost only"},
    {"horizon_years", TYPE_NUMBER, "years", "how many years are counted"},
    {"referrals_a_year", TYPE_NUMBER, "referrals a year", "new customers that the customer refers"},
    {"joins_anyway", TYPE_NUMBER, "share", "of these, who would have come by themselves"},
    {"referred_clv", TYPE_MONEY, "money", "lifetime value of a referred customer when it joins"},
    {"referred_upkeep", TYPE_MONEY, "money", "cost to keep it that referred_clv does not have"},
    {"referral_reward", TYPE_MONEY, "money", "paid for a referral, to both sides together"},
    {"reward_anyway", TYPE_MONEY, "money", "the same for one who would have come anyway"},
    {"acquisition_saving", TYPE_MONEY, "money", "cost to win a customer without a referral"},
    {"referral_branching", TYPE_NUMBER, "customers", "new customers that everyone refers"},
    {"referral_generations", TYPE_NUMBER, "generations", "how often that goes on"},
    {"referral_fading", TYPE_NUMBER, "share a generation", "by which branching falls each time"},
};

enum { METRICS = sizeof registry / sizeof *registry, INPUTS = sizeof inputs / sizeof *inputs };

const struct metric *metric_find(struct str name) {
    for (int i = 0; i < METRICS; i++)
        if (str_is(name, registry[i].name))
            return &registry[i];
    return NULL;
}

const struct metric *metric_all(size_t *n) {
    *n = METRICS;
    return registry;
}

const struct metric_input *metric_input_find(struct str name) {
    for (int i = 0; i < INPUTS; i++)
        if (str_is(name, inputs[i].name))
            return &inputs[i];
    return NULL;
}

const struct metric_input *metric_inputs(size_t *n) {
    *n = INPUTS;
    return inputs;
}
