-- Win back customers who have left: hear why they went, and begin with those who had most still
-- to bring.
--
-- What somebody was worth in all is behind us; what is left of it decides. Of samples/lost A was
-- worth 200,000 and has brought 180,000; B 150,000 and 50,000: B is called first. The eight reasons
-- are Keaveney's (1995); the three kinds say what can be done about them.
policy "Win back" { currency = "CNY" }

inputs {
  name = text, left = date, -- no date: still a customer
  reason = { "core service", "staff", "price", "inconvenience", "response to failure",
             "competition", "ethics", "involuntary" },
  lifetime_value = money, earned = money, -- what they were worth in all; what of it has come
  opted_out = flag,
}

params {
  forgets = { 365, from = 90, to = 730 },     -- days after which they are strangers
  enough  = { 2000.0, from = 500, to = 10000 }, -- what is left that is worth a call
  returns = { 0.15, from = 0, to = 0.5 },     -- how many of them come back: assumed
  keeping = { 40.0, from = 10, to = 200 },    -- what it costs to keep a customer for a year
  times   = { 5.0, from = 5, to = 8 },        -- a new one costs so many times as much
}

metrics {
  gone      = "today - left", -- days
  remaining = "max(lifetime_value - earned, 0)",
  loss      = "remaining + times * keeping", -- profit to come, and somebody new in their place
}

local back = { retention = "returns", base = 0.02, sd = 0.07, evidence = "assumed" }

-- Why they left: the kind, what is put right first, what could bring them back, who calls. That
-- inconvenience is competitive is our reading: somebody else was easier to reach.
decision_table "why" {
  reads = { "reason" }, gives = { "kind", "first", "back", "owner" },
  { "core service", "fault", "put the service right, and show it", "the loss made good",
    "head of customer success" },
  { "response to failure", "fault", "apologise; one person answers for it", "the loss made good",
    "head of customer success" },
  { "staff", "fault", "another person, and an apology from above", "a person they choose",
    "senior account manager" },
  { "ethics", "fault", "hear it in person; change it, and say so", "no gift: be honest",
    "head of customer success" },
  { "price", "competitive", "compare with them what each price holds", "a price for a year",
    "account manager" },
  { "competition", "competitive", "ask what the other does better", "what they lack, on trial",
    "account manager" },
  { "inconvenience", "competitive", "another branch, hours, a way online", "the move is done",
    "account manager" },
  { "involuntary", "natural", "part as friends", "the door stays open", "self-service" },
  { any, "not known", "ask: when they leave, in a group, by a form", "nothing yet",
    "account manager" },
}

playbook "come back" {
  title = "{name}: gone for {gone} days, {remaining} still to come",
  owner = "why_owner",
  text  = [[
They left because of: {reason} ({why_kind}).

1. Be in touch again. Say who you are, that they are missed, and that you know why they went.
2. First: {why_first}.
3. Give a reason to return: {why_back}.
4. Do not press. Settle when you call again, or thank them and leave the door open.
5. Write down what they said, in their words: it is the reason for the next ones, too.

To lose them costs {loss}: what was still to come, and {times} times the keeping of a customer to
find another.
]],
}

playbook "ask why" {
  title = "{name}: why did they go?",
  owner = "why_owner",
  text  = [[
Nobody wrote down why they left. Sell nothing; ask, and listen.

1. What made you think of leaving? What was the moment?
2. What should we have done, and when?
3. Who does it better now?
Then choose one: the service itself, our staff, the price, inconvenience, how we met a failure,
a competitor, something not right, or none of our doing (moved, closed, no more need).
]],
}

campaign "put it right" {
  goal     = "win back those whom we lost by a fault of ours",
  when     = "why_kind == 'fault' and gone <= forgets and remaining >= enough",
  never    = "opted_out",
  offer    = service_recovery "what went wrong is put right, and the loss made good",
  cost     = 300,
  effect   = back,
  value    = "loss",
  channel  = { "visit", "phone" },
  playbook = "come back",
}

campaign "a reason to return" {
  goal     = "win back those whom another has won",
  when     = "why_kind == 'competitive' and gone <= forgets and remaining >= enough",
  never    = "opted_out",
  offer    = gift "a year on better terms",
  cost     = 150,
  effect   = back,
  value    = "loss",
  channel  = "phone",
  playbook = "come back",
}

campaign "ask why" {
  goal     = "hear why they left; without a reason nothing can be put right",
  when     = "why_kind == 'not known' and gone <= forgets and remaining >= enough",
  never    = "opted_out",
  offer    = gift "a small thank-you for the answer",
  cost     = 20,
  channel  = "phone",
  playbook = "ask why",
}

campaign "part as friends" {
  goal  = "spend nothing where nothing can be done",
  when  = "why_kind == 'natural'",
  offer = let_go(),
}

test "what is left of the lifetime value decides, not the whole of it" {
  today    = "2025-06-30",
  customer = { left = "2025-04-30", reason = "core service", opted_out = false },
  gives    = { offers = { "put it right" }, cost = 300 },
  cases = {
    { "A: 20,000 left", customer = { lifetime_value = 200000, earned = 180000 },
      gives = { value = 3030 } },
    { "B: 100,000 left", customer = { lifetime_value = 150000, earned = 50000 },
      gives = { value = 15030 } },
  },
}

test "eight reasons, three kinds" {
  customer = { gone = 60, lifetime_value = 9000, earned = 4000, opted_out = false },
  cases = {
    { "core service", customer = { reason = "core service" },
      gives = { why_kind = "fault", offers = { "put it right" } } },
    { "staff", customer = { reason = "staff" },
      gives = { why_kind = "fault", offers = { "put it right" } } },
    { "response to failure", customer = { reason = "response to failure" },
      gives = { why_kind = "fault", offers = { "put it right" } } },
    { "ethics", customer = { reason = "ethics" },
      gives = { why_kind = "fault", offers = { "put it right" } } },
    { "price", customer = { reason = "price" },
      gives = { why_kind = "competitive", offers = { "a reason to return" }, cost = 150,
                value = 780 } },
    { "competition", customer = { reason = "competition" },
      gives = { why_kind = "competitive", offers = { "a reason to return" } } },
    { "inconvenience", customer = { reason = "inconvenience" },
      gives = { why_kind = "competitive", offers = { "a reason to return" } } },
    { "involuntary", customer = { reason = "involuntary" },
      gives = { why_kind = "natural", offers = { "part as friends" } } },
    { "nobody asked", gives = { why_kind = "not known", offers = { "ask why" }, cost = 20 } },
  },
}

test "nobody is called who is too long gone, or has too little left" {
  customer = { reason = "staff", gone = 365, lifetime_value = 9000, earned = 7000,
               opted_out = false },
  gives    = { offers = {} },
  cases = {
    { "a year, and 2,000", gives = { offers = { "put it right" } } },
    { "a day more", customer = { gone = 366 } },
    { "a cent less", customer = { earned = 7000.01 } },
    { "brought more than was thought", customer = { earned = 9500 } },
    { "who wants no call", customer = { opted_out = true } },
    { "won by another, a year ago", customer = { reason = "price" },
      gives = { offers = { "a reason to return" } } },
    { "the same, and a day", customer = { reason = "price", gone = 366 } },
    { "won by another, a cent less", customer = { reason = "price", earned = 7000.01 } },
    { "won by another, and wants no call", customer = { reason = "price", opted_out = true } },
  },
}

test "nor asked" {
  customer = { gone = 365, lifetime_value = 9000, earned = 7000, opted_out = false },
  gives    = { offers = {} },
  cases = {
    { "a year, and 2,000", gives = { offers = { "ask why" } } },
    { "a day more", customer = { gone = 366 } },
    { "a cent less", customer = { earned = 7000.01 } },
    { "who wants no call", customer = { opted_out = true } },
  },
}

test "who has not left is not won back" {
  today    = "2025-06-30",
  customer = { lifetime_value = 9000, earned = 4000, reason = "price", opted_out = false },
  gives    = { offers = {} },
}
