-- One class of customers, one way of care: who looks after whom, and what they say, word for word.
--
-- `patron score DATA policies/care.lua --playbooks sheets` writes the call sheets, by channel and
-- owner. The questions are SPIN's: situation, problem, implication, need-payoff; the visit has five
-- steps. Nobody is sold anything while a complaint is open.
policy "Care" { currency = "CNY" }

inputs {
  name = text, opted_out = flag, annual_fee = money, fee_due = date,
  potential = { "low", "high" },
}

params {
  high_value = { 600, from = 200, to = 2000 }, -- margin of a year that makes a key customer
  drop       = { 0.5, from = 0.3, to = 0.9 },  -- uses against the three months before: falling
  -- What a conversation brings, as a share of a year's margin. Assumed: nobody has measured it yet.
  call_brings  = { 0.15, from = 0, to = 0.5 },
  visit_brings = { 0.25, from = 0, to = 0.5 },
  idea_brings  = { 0.10, from = 0, to = 0.5 },
}

metrics {
  complaints  = count "events" { where = "type == 'complaint'" },
  settled     = count "events" { where = "type == 'resolved'" },
  uses_3m     = count "transactions" { last = months(3) },
  uses_3m_ago = count "transactions" { last = months(3), ending = months(3) },
  margin_12m  = sum "transactions" { "margin", last = months(12) },
}

-- The care table: the first class that holds, with its goal, what is done, and who does it.
segments "care" {
  { "at risk", when = "margin_12m >= high_value and uses_3m <= drop * uses_3m_ago",
    owner = "senior account manager",
    aim   = "notice early, and keep them",
    how   = "a call or a visit in person; the reason first, then what settles it; a welcome back" },
  { "high value", when = "margin_12m >= high_value",
    owner = "head of customer success",
    aim   = "keep their loyalty, and let it grow",
    how   = "an adviser of their own; served first, and to measure; invitations" },
  { "potential", when = "potential == 'high'",
    owner = "account manager",
    aim   = "wake the need, so that they buy more often",
    how   = "what fits to what they have; a trial or a limited offer; ask how it went" },
  { "others",
    owner = "self-service",
    aim   = "serve them well at little cost",
    how   = "the standard product, and help online" },
}

local consent = "opted_out or complaints > settled"

local facts = [[
With us for {tenure_months} months. Last use {last_purchase}, {uses_3m} uses in three months
({uses_3m_ago} in the three before). Margin of the year {margin_12m}.
Fee of {annual_fee} due on {fee_due}.
]]

-- Few of the first kind, they tire; of all of them only such as we have an answer to.
local spin = [[
Situation (facts to build on; two or three, no more)
  - How do you feel about the card, and about what you use it for?
Problem (what troubles them, that we can solve, and others better not)
  - Do you have difficulties with it? Is there anything you are not content with?
  - Does anything seem wrong with the fee, the limit, the service?
Implication (what follows from it, and how serious that is)
  - Because of this, what does it mean for you?
  - And what would come of that in turn, if nothing is done about it?
Need-payoff (they name the gain themselves; only now speak of the offer)
  - Would it help if that were settled? What would be good about it?
  - So the gain of solving it is ..., is that right?
]]

playbook "ask why they use it less" {
  title = "{name}: what has happened?",
  owner = "care_owner",
  text  = facts .. [[

{name} uses the card less than before. The aim: {care_aim}.
First hear the reason, and write it down in their words. Promise nothing in the first minutes.

]] .. spin .. [[
The offer: {offer}.
Within a week: call again, and hear what they think of it.
]],
}

playbook "visit" {
  title = "Visit to {name}",
  owner = "care_owner",
  text  = facts .. [[

The aim: {care_aim}.
How: {care_how}.

1. Plan. What do they need, what has changed? Bring a card, the papers, the prices. Set one aim.
   Choose day, hour and place by their habits.
2. Make an appointment by phone. Who you are, what for; settle day, hour and place.
3. Be there on time. If you cannot, say so beforehand, and apologise. Have yourself announced; wait
   quietly.
4. Talk. Introduce yourself, hand over the papers, say briefly why you came. Answer what they ask.
   When all is said, or they want to end: thank them, settle the next time, and go.
   Where a decision takes more than half a year, 92 minutes of 100 are not about us: food, family,
   health, what they enjoy.
5. Write it down the same day: when, where, what was said, what they think, what to do next.
   Within 7 days: call or come again, and ask what they think.

A gift suits what has been reached with them: something they need now, or want and would not buy
themselves, or cannot easily get. It says more given to somebody they care for.
]],
}

playbook "questions" {
  title = "{name}: what would fit?",
  owner = "care_owner",
  text  = facts .. [[

The aim: {care_aim}.
How: {care_how}.

]] .. spin .. "The offer: {offer}.\n",
}

playbook "text message" {
  owner = "care_owner",
  text  = "Dear {name}, you used your card {uses_3m} times in three months. We have an idea what "
    .. "would suit you: {offer}. Reply 1, and we call you.",
}

playbook "settle a complaint" {
  title = "{name}: a complaint is open",
  owner = "care_owner",
  text  = facts .. [[

{complaints - settled} of {complaints} complaints are open. The aim: {goal}.
1. Say that you have read it, and that it was right to tell us.
2. Ask what happened, and what would put it right. Repeat it, so that they hear it was understood.
3. The offer: {offer}. Name a day, and who answers for it.
4. On that day, call and ask whether it is settled. Sell nothing until then.
]],
}

campaign "settle" {
  goal     = "settle the complaint before anything else",
  when     = "complaints > settled and (care == 'at risk' or care == 'high value')",
  never    = "opted_out",
  offer    = service_recovery "put it right today",
  cost     = "40",
  value    = "visit_brings * margin_12m",
  channel  = "phone",
  playbook = "settle a complaint",
}

campaign "ask why" {
  goal     = "hear why they use the card less, while they still use it",
  when     = "care == 'at risk'",
  never    = consent,
  offer    = gift "a welcome back: the fee of the next year",
  cost     = "annual_fee",
  value    = "call_brings * 3 * margin_12m",
  channel  = "phone",
  playbook = "ask why they use it less",
}

campaign "visit" {
  goal     = "stay close to those who carry the firm",
  when     = "care == 'high value'",
  never    = consent,
  offer    = gift "an adviser of their own",
  cost     = "60",
  value    = "visit_brings * margin_12m",
  channel  = "visit",
  playbook = "visit",
}

campaign "an idea" {
  goal     = "wake a need that we can meet",
  when     = "care == 'potential'",
  never    = consent,
  offer    = gift "three months of the gold card to try",
  cost     = "8",
  value    = "idea_brings * margin_12m",
  channel  = { "phone", "sms" },
  playbook = { phone = "questions", sms = "text message" },
}

local function key(more)
  local customer = { margin_12m = 600, uses_3m = 6, uses_3m_ago = 6, complaints = 1, settled = 1,
                     annual_fee = 300, potential = "low", opted_out = false }
  for name, value in pairs(more) do
    customer[name] = value
  end
  return customer
end

test "who brings much and uses it as before gets a visit" {
  customer = key {},
  gives    = { care = "high value", offers = { "visit" }, cost = 60, value = 150 },
}

test "half the uses: ask why" {
  customer = key { uses_3m = 3 },
  gives    = { care = "at risk", offers = { "ask why" }, cost = 300, value = 270 },
}

test "more than half: no alarm" {
  customer = key { uses_3m = 32, uses_3m_ago = 63 },
  gives    = { care = "high value", offers = { "visit" } },
}

test "a little less, but of high potential: an idea" {
  customer = key { margin_12m = 599, potential = "high" },
  gives    = { care = "potential", offers = { "an idea" }, cost = 8, value = 59.90 },
}

test "neither: nothing" {
  customer = key { margin_12m = 599 },
  gives    = { care = "others", offers = {} },
}

test "of a potential that nobody knows: nothing" {
  customer = { margin_12m = 599, uses_3m = 6, uses_3m_ago = 6, complaints = 0, settled = 0,
               opted_out = false },
  gives    = { care = "others", offers = {} },
}

test "a complaint is open: settle it, and sell nothing" {
  customer = key { complaints = 2 },
  gives    = { offers = { "settle" }, cost = 40, value = 150 },
}

test "open, and the uses fall: settle it first" {
  customer = key { complaints = 2, uses_3m = 0 },
  gives    = { care = "at risk", offers = { "settle" } },
}

test "open, and of high potential: no idea is sold meanwhile" {
  customer = key { complaints = 2, margin_12m = 599, potential = "high" },
  gives    = { offers = {} },
}

test "opted out: left alone, whatever else" {
  customer = key { opted_out = true },
  gives    = { offers = {} },
}

test "opted out with a complaint: left alone" {
  customer = key { opted_out = true, complaints = 2, uses_3m = 3 },
  gives    = { offers = {} },
}

test "opted out with falling use: left alone" {
  customer = key { opted_out = true, uses_3m = 3 },
  gives    = { offers = {} },
}

test "opted out with potential: left alone" {
  customer = key { opted_out = true, margin_12m = 599, potential = "high" },
  gives    = { offers = {} },
}
