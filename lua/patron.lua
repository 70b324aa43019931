---@meta
-- The words of a policy, for editors that run lua-language-server: make this folder a
-- library of the workspace ("workspace.library": ["lua"]), as .luarc.json does. Written from
-- the vocabulary and the metrics.

---@class patron.type
---@overload fun(f: function): patron.computed
---@overload fun(labels: string[], f: function): patron.computed
---@class patron.computed
---@class patron.duration
---@class patron.offer
---@class patron.reward
---@class patron.aggregated
---@class patron.cell

--- An expression over a customer; all by themselves, the metrics of Patron.
---@alias patron.expression
---| string
---| "first_purchase" # day of the first purchase
---| "last_purchase" # day of the last purchase
---| "orders" # number of orders
---| "purchase_days" # number of days with a purchase
---| "units" # units bought, less units returned
---| "spend" # money spent, less refunds
---| "margin" # margin earned
---| "mean_order_value" # spend per order
---| "recency_days" # days since the last purchase
---| "tenure_days" # days since the relationship began
---| "tenure_months" # whole calendar months since the relationship began
---| "mean_gap_days" # mean days between purchases
---| "rf_ratio" # how late the next purchase is
---| "rf_warning" # churn warning by R/F
---| "r_score" # recency score, 5 the most recent
---| "f_score" # frequency score, 5 the most orders
---| "m_score" # monetary score, 5 the most spend
---| "rfm" # the three scores as one number, 555 the best
---| "rfm_segment" # named RFM segment
---| "spend_share" # share of the whole base's spend
---| "abc_class" # ABC class by share of spend
---| "referrer" # who is credited with having referred the customer
---| "referred_count" # new customers that the customer referred
---| "referred_qualified" # of these, those whose referral has qualified
---| "generation" # how many referrals led to the customer
---| "referral_depth" # generations of customers below
---| "referral_reach" # customers below, of all generations
---| "referral_cascade" # customers to be expected of a chain of referrals
---| "self_referral" # whether the customer referred itself
---| "ring_size" # customers in the smallest ring of referrals
---| "referrals_a_day" # most referrals on one day
---| "household" # household of the customer
---| "referrer_same_household" # whether the referrer lives in the same household
---| "clv" # customer lifetime value by the default model, clv_perpetual
---| "clv_simple" # profit per purchase x frequency x lifespan - acquisition cost
---| "clv_perpetual" # margin without end, each year kept with the same probability
---| "clv_revenue" # finite horizon, model 1: revenue
---| "clv_profit" # finite horizon, model 2: profit
---| "clv_contribution" # finite horizon, model 3: profit contribution
---| "crv" # customer referral value: what future referrals bring

---@alias patron.condition patron.expression|boolean|fun(...): boolean
---@alias patron.amount patron.expression|number|fun(...): any

---@alias patron.table
---| string
---| "transactions"
---| "events"
---| "referrals"
---| "contacts"
---| "points"
---| "relations"
---| "tier_history"
---| "rewards"
---| "products"

--- A customer of a test: columns of the data, and metrics.
---@class patron.customer
---@field [string] any
---@field first_purchase? string day of the first purchase
---@field last_purchase? string day of the last purchase
---@field orders? integer number of orders
---@field purchase_days? integer number of days with a purchase
---@field units? number units bought, less units returned
---@field spend? number money spent, less refunds
---@field margin? number margin earned
---@field mean_order_value? number spend per order
---@field recency_days? integer days since the last purchase
---@field tenure_days? integer days since the relationship began
---@field tenure_months? integer whole calendar months since the relationship began
---@field mean_gap_days? number mean days between purchases
---@field rf_ratio? number how late the next purchase is
---@field rf_warning? 'high risk'|'at risk'|'stable' churn warning by R/F
---@field r_score? integer recency score, 5 the most recent
---@field f_score? integer frequency score, 5 the most orders
---@field m_score? integer monetary score, 5 the most spend
---@field rfm? integer the three scores as one number, 555 the best
---@field rfm_segment? 'at risk'|'high value'|'low value'|'potential' named RFM segment
---@field spend_share? number share of the whole base's spend
---@field abc_class? 'A'|'B'|'C' ABC class by share of spend
---@field referrer? string who is credited with having referred the customer
---@field referred_count? integer new customers that the customer referred
---@field referred_qualified? integer of these, those whose referral has qualified
---@field generation? integer how many referrals led to the customer
---@field referral_depth? integer generations of customers below
---@field referral_reach? integer customers below, of all generations
---@field referral_cascade? number customers to be expected of a chain of referrals
---@field self_referral? boolean whether the customer referred itself
---@field ring_size? integer customers in the smallest ring of referrals
---@field referrals_a_day? integer most referrals on one day
---@field household? string household of the customer
---@field referrer_same_household? boolean whether the referrer lives in the same household
---@field clv? number customer lifetime value by the default model, clv_perpetual
---@field clv_simple? number profit per purchase x frequency x lifespan - acquisition cost
---@field clv_perpetual? number margin without end, each year kept with the same probability
---@field clv_revenue? number finite horizon, model 1: revenue
---@field clv_profit? number finite horizon, model 2: profit
---@field clv_contribution? number finite horizon, model 3: profit contribution
---@field crv? number customer referral value: what future referrals bring

---@class patron.policy
---@field currency? string The currency of every amount; it must be that of the data.
---@field allocate? "net"|"net per cost"|"priority" Which offer goes first, else the one with the best net.
---@field holdout? number The share of customers who get no offer at all, to measure the whole policy against.

---@class patron.params
---@field [1] number The value, unless --set says another.
---@field from? number The least that --set may make it.
---@field to? number The most that --set may make it.

---@class patron.aggregate
---@field [1]? string What is aggregated: an expression over the table.
---@field where? patron.condition The rows that count; it reads columns of that table and params.
---@field last? patron.duration The window's length; else all rows.
---@field ending? patron.duration How long before the as-of date the window ends; else at that date.

---@class patron.loyalty
---@field earn? patron.amount The points that a row of transactions brings, cut to whole ones.
---@field where? patron.condition The rows of transactions that earn.
---@field booked? patron.condition The rows of the table points that count (false: none do); else all.
---@field expire? patron.duration How long points last from the day they are earned; else for ever.
---@field soon? patron.duration Points that expire within this time are expiring; else 30 days.
---@field unit_value? patron.amount What a point is worth.
---@field redeems? patron.amount The share of the balance that will be redeemed, from 0 to 1; else all of it.

---@class patron.tier
---@field [1] string Its name.
---@field when? patron.condition Who has this tier at least; the last tier goes without and takes everyone left.
---@field keep? patron.condition What keeps this tier for whoever has it, else `when`; a missing value in it keeps it.

---@class patron.tiers
---@field [1] patron.tier|string[] The highest; the others follow.
---@field previous? string The column with the tier before; else the table tier_history tells.
---@field since? string The column with the day it was entered.
---@field reviewed? string The column with the last review that it passed.
---@field review? patron.duration How often a tier is reviewed, counted from its entry; else in every run.
---@field valid? patron.duration How long after its entry a tier is reviewed first; else as `review` says.
---@field grace? patron.duration How long a tier stays after a review that was not passed.
---@field fall? "to what holds"|"one tier"|"never" Where a customer goes then; else to what holds.

---@class patron.channel
---@field when? patron.condition Who can be reached so; a missing value in it means no.
---@field never? patron.condition Who must not be contacted so; a missing value in it means never.
---@field cost? patron.amount What a contact costs, beside the offer; else 0.
---@field capacity? integer|string The most contacts in a run; else any.

---@class patron.playbook
---@field title? string The first line of the sheet; braces are filled in.
---@field text string What to say; an expression in braces, {fee_due}, gives way to its value.
---@field owner? string Whose sheet it is: each has a file.

---@class patron.segment
---@field [1] string Its name.
---@field when? patron.condition Who is in this segment; a last segment goes without and takes everyone left.

---@class patron.matrix
---@field rows patron.axis The first axis.
---@field columns patron.axis The second axis.
---@field cells table<string, table<string, string|table>> What each pair of levels is called: { row = { column = "name", ... }, ... }.

---@class patron.axis
---@field by string What the customers are sorted by.
---@field cuts? (number|string|patron.aggregated)[]|"median"|"mean" Where the levels but the lowest begin: numbers, expressions, quantile(0.33); without it the names are the labels of `by`.
---@field names string[] The levels, the lowest first.

---@class patron.tree
---@field [1] patron.condition What is asked.
---@field yes string|table Where the condition holds.
---@field no string|table Where it does not.

---@class patron.decision_table
---@field [1] table The first row: what it takes, then what it gives.
---@field hit? "first"|"collect" Whether the first row that holds counts, as without it, or all that hold.
---@field reads string[] What the first cells of each row are about.
---@field gives string[] What the other cells say: columns by the table's name and theirs.

---@class patron.campaign
---@field goal? string What it is for, in a sentence.
---@field when patron.condition Who can get the offer; a missing value in it means no.
---@field never? patron.condition Who must not get it, whatever `when` says; a missing value in it means never.
---@field offer patron.offer What is offered.
---@field cost? patron.amount What the offer costs, else 0.
---@field value? patron.amount What the offer brings, else 0; with an `effect`, what that is worth.
---@field effect? patron.effect What the offer changes, and by how much; the net is that times `value`, less `cost`.
---@field channel? string|string[] How the customer is reached, the preferred way first.
---@field period? patron.period The days on which the offer is made.
---@field priority? integer With allocate = "priority": 1 goes first, and what has none last.
---@field caps? patron.caps How often, and for how much, it is made at most.
---@field playbook? string|table<string, string> What to say, over every channel or over each that is named.
---@field holdout? number The share of winners that is held out, to measure the effect against.

---@class patron.effect
---@field retention? patron.amount By how much the chance to keep the customer rises: 0.12 is 12 in a hundred.
---@field frequency? patron.amount How many purchases come on top.
---@field spend? patron.amount How much spend comes on top.
---@field referral? patron.amount How many new customers come of it.
---@field relative? boolean The effect is a share of `base`, not an amount of its own.
---@field base? patron.amount What there is without the offer, as the chance to stay; a relative effect is a share of it. Where it is not said, a simulation asks the firm's history.
---@field paid? "always"|"on success" For what `cost` is: for each offer, or for each success, so times `base` and uplift.
---@field sd? number The standard deviation of what is known of it; 0: it is known for certain.
---@field evidence? string Where the effect is known from.
---@field from? string The campaign in `contacts` that measured it; the number is what was believed before.
---@field arm? string The arm of `from` that this offer is, else all of them.

---@class patron.period
---@field from? string The first day, else any.
---@field to? string The last day, else any.

---@class patron.contact_policy
---@field customer? integer|string|patron.limit The most contacts with a customer.
---@field rest? patron.duration The time after a contact in which there is no other.
---@field channels? string|string[] The channels that count, else all.
---@field campaigns? string|string[] The campaigns that count, else all, also those of the past.

---@class patron.waive_fee
---@field up_to? number The most that is waived; else the whole fee.
---@field share? number The part that is waived, else all.
---@field after_purchases? integer How many purchases it takes first.
---@field after_spend? number How much spend it takes first.
---@field condition? string What else it takes first, in words.

---@class patron.referral
---@field programme? string The rows of referrals that it is about, by their column programme; else all of them.
---@field qualifies? patron.condition When the reward is due; else as soon as the friend is a customer.
---@field hold? patron.duration How long after the day of the referral nothing is paid yet.
---@field reward patron.reward Who gets how much.
---@field value? patron.amount What the friend brings, else 0.
---@field block? patron.condition Which referrals are not rewarded whatever else holds; a missing value in it blocks.
---@field claw_back? patron.condition Which rewards that were paid are taken back; a missing value in it takes nothing.
---@field caps? patron.caps How much is paid at most; else there is no cap.

---@class patron.caps
---@field customer? integer|string|patron.limit How often one customer gets the offer; how many referrals of one referrer are rewarded.
---@field total? integer|string|patron.limit How often the offer is made, or how many referrals are rewarded, in all.
---@field budget? number|string|patron.limit How much is spent in all.
---@field class? patron.reward How often the offer is made to the customers of a class, else any number.

---@class patron.limit
---@field [1] number|string The most there may be.
---@field per? patron.duration The window that ends at the as-of date; else since the campaign's period began.

---@class patron.test
---@field [1]? string Of a case: its title.
---@field customer? patron.customer The customer's columns; a date is "YYYY-MM-DD", what is not here is missing.
---@field friend? patron.customer The columns of another, whom the customer brought.
---@field referral? patron.customer The row of referrals that joins the two, with its date.
---@field gives? patron.gives What the policy must give.
---@field cases? patron.test[] Tests that share what the block says; each says what is different.
---@field today? string The day to decide for; later rows do not exist.
---@field transactions? table<string, any>[] The customer's transactions; metrics are computed from them.
---@field events? table<string, any>[] The customer's events.
---@field contacts? table<string, any>[] What the customer was sent before.
---@field rewards? table<string, any>[] What the customer was rewarded before.
---@field points? table<string, any>[] The customer's points.
---@field relations? table<string, any>[] The customer's household and employer.
---@field tier_history? table<string, any>[] The tiers that the customer had before.

---@class patron.gives
---@field tier? string|table<string, string> The tier in the first tiers block, or in each that is named.
---@field offers? string|string[] Exactly the campaigns that the customer gets; { } is none.
---@field amount? patron.amount How many points, or how much cash, is offered.
---@field cost? patron.amount What the offers cost.
---@field value? patron.amount What the offers bring.
---@field reward? number What the customer gets for having brought the friend; 0 is nothing.
---@field friend_reward? number What the friend gets for having been brought.

--- Names the policy, and says its currency.
---@param name string
---@return fun(settings: patron.policy)
function policy(name) end

--- The columns that the policy needs to find in the data, checked before anything runs.
---@param columns table<string, patron.type|string[]>
function inputs(columns) end

--- The knobs: values that expressions name and --set changes.
---@param params table<string, number|string|boolean|patron.params>
function params(params) end

--- Columns that the policy adds to those of the data and of Patron.
---@param metrics table<string, patron.amount|patron.aggregated|patron.computed>
function metrics(metrics) end

--- Points that customers earn, redeem and lose, and what is owed for them.
---@param name string
---@return fun(settings: patron.loyalty)
function loyalty(name) end

--- A ranking of customers, from high to low: the first tier that holds is theirs.
---@param name string
---@return fun(tiers: patron.tiers|(patron.tier|string[])[])
function tiers(name) end

--- Groups of customers: the first segment that holds is theirs.
---@param name string
---@return fun(segments: patron.segment[])
function segments(name) end

--- Two axes, each cut into levels, and a named cell for each pair of levels.
---@param name string
---@return fun(settings: patron.matrix)
function matrix(name) end

--- Conditions that lead by yes and no to a leaf, whose name the customer gets.
---@param name string
---@return fun(branch: patron.tree)
function tree(name) end

--- Rows that say what they take of some columns and what they give.
---@param name string
---@return fun(rows: patron.decision_table)
function decision_table(name) end

--- A way to reach customers: whom it reaches, and what a contact costs.
---@param name string
---@return fun(settings: patron.channel)
function channel(name) end

--- What to say to a customer: a text whose braces are filled in.
---@param name string
---@return fun(settings: patron.playbook)
function playbook(name) end

--- An offer, to whom it is made, and what it costs and brings.
---@param name string
---@return fun(settings: patron.campaign)
function campaign(name) end

--- How often a customer may be contacted, by several campaigns together.
---@param name string
---@return fun(settings: patron.contact_policy)
function contact_policy(name) end

--- A programme that rewards customers for bringing others.
---@param name string
---@return fun(settings: patron.referral)
function referral(name) end

--- A customer, and what the policy must give: `patron test` runs it.
---@param name string
---@return fun(settings: patron.test)
function test(name) end

--- A whole number.
---@type patron.type
integer = nil

--- A number.
---@type patron.type
number = nil

--- An amount in the data's currency.
---@type patron.type
money = nil

--- A day.
---@type patron.type
date = nil

--- True or false.
---@type patron.type
flag = nil

--- One of some words; { "low", "high" } instead says which.
---@type patron.type
label = nil

--- Any text.
---@type patron.type
text = nil

--- How many rows; 0 if none.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function count(tables) end

--- Their sum; 0 if none.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function sum(tables) end

--- Their mean.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function mean(tables) end

--- The least.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function min(tables) end

--- The greatest.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function max(tables) end

--- That of the earliest row.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function first(tables) end

--- That of the latest row.
---@param tables patron.table
---@return fun(settings: patron.aggregate): patron.aggregated
function last(tables) end

--- A line learned from all customers: below it lies that share of them (type 7).
---@param share number
---@param of patron.expression
---@return patron.aggregated
function quantile(share, of) end

--- A line: half of all customers lie below it.
---@param of patron.expression
---@return patron.aggregated
function median(of) end

--- A line: the mean over all customers.
---@param of patron.expression
---@return patron.aggregated
function average(of) end

--- A line: the least value among the best customers, that share of all heads.
---@param share number
---@param of patron.expression
---@return patron.aggregated
function top_heads(share, of) end

--- A line: the least value among the best who together bring that share of the total.
---@param share number
---@param of patron.expression
---@return patron.aggregated
function top_share(share, of) end

--- So many days.
---@param what integer
---@return patron.duration
function days(what) end

--- So many calendar months.
---@param what integer
---@return patron.duration
function months(what) end

--- Whatever it is, even missing.
---@return patron.cell
function any() end

--- So much or more.
---@param what number|string
---@return patron.cell
function at_least(what) end

--- More than that.
---@param what number
---@return patron.cell
function above(what) end

--- So much or less.
---@param what number
---@return patron.cell
function at_most(what) end

--- Less than that.
---@param what number
---@return patron.cell
function below(what) end

--- The first or more, and less than the second.
---@param from number
---@param to number
---@return patron.cell
function from_to(from, to) end

--- A fee is not charged.
---@param what patron.waive_fee?
---@return patron.offer
function waive_fee(what) end

--- A tier above the one that was earned.
---@param what string
---@return patron.offer
function upgrade(what) end

--- So many points, cut to whole ones.
---@param what patron.amount
---@return patron.offer
function points(what) end

--- So much money.
---@param what patron.amount
---@return patron.offer
function cash(what) end

--- A thing.
---@param what string
---@return patron.offer
function gift(what) end

--- Putting right what went wrong, before anything else.
---@param what string?
---@return patron.offer
function service_recovery(what) end

--- The decision to do nothing, so without a channel.
---@return patron.offer
function let_go() end

--- So much for the referrer, and as much for the friend.
---@param what patron.amount
---@return patron.reward
function both(what) end

--- So much for the referrer alone.
---@param what patron.amount
---@return patron.reward
function referrer(what) end

--- So much for the friend alone.
---@param what patron.amount
---@return patron.reward
function friend(what) end

--- A reward for each class of customer.
---@param what string
---@return fun(by: table<string, patron.reward|number>): patron.reward
function by(what) end

--- A reward by how many referrals of the referrer have qualified, with this one.
---@param list table[]
---@return patron.reward
function steps(list) end
