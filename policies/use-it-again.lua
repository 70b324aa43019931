-- Win silent card holders back within a budget, reach each as they allow, bother nobody too often.
--
-- Runs on `patron generate bank`. What was done before is in the table contacts: caps and budgets
-- count it, and so does the contact policy.
policy "Use it again" { currency = "CNY", allocate = "net per cost", holdout = 0.02 }

inputs {
  annual_fee = money, fee_due = date, potential = { "low", "high" },
  opted_out = flag, in_collections = flag,
}

params {
  silent = { 60, from = 30, to = 120 },   -- days without a use of the card
  good   = { 250, from = 100, to = 500 }, -- margin in a year
  fair   = { 50, from = 20, to = 100 },   -- below it no offer pays
  years  = 6,                             -- for how long a customer who stays brings that
}

metrics {
  fee_in     = "fee_due - today", -- days
  margin_12m = sum "transactions" { "margin", last = months(12) },
  complaints = count "events" { where = "type == 'complaint'", last = days(90) },
}

tiers "value" {
  { "high", when = "margin_12m >= good" },
  { "low" },
}

channel "phone" {
  when     = "not opted_out",
  never    = "complaints > 0", -- who is angry gets no sales call
  cost     = 8,
  capacity = 15,
}

channel "sms" {
  when = "not opted_out",
  cost = 0.1,
}

contact_policy "not too often" {
  customer = { 3, per = months(6) },
  rest     = days(30),
}

campaign "waive the fee" {
  goal    = "carry good accounts of high potential past their next fee",
  when    = "fee_in <= 30 and potential == 'high' and value == 'high'",
  never   = "in_collections",
  offer   = waive_fee { share = 0.5, up_to = 150, after_purchases = 6 },
  cost    = "min(0.5 * annual_fee, 150)",
  effect  = { retention = 0.12, base = 0.8, paid = "on success", sd = 0.05,
              evidence = "what the firm's sales people expect" },
  value   = "years * margin_12m",
  channel = { "sms", "phone" },
  caps    = { customer = { 1, per = months(12) }, budget = 1000 },
  period  = { from = "2025-10-01", to = "2026-03-31" },
  holdout = 0.1,
}

campaign "use it again" {
  goal    = "hear why the card lies in a drawer, and bring it back into use",
  when    = "recency_days >= silent and recency_days <= 365 and margin_12m >= fair",
  never   = "in_collections",
  offer   = cash(20),
  cost    = "20", -- who comes takes the money, and one in five comes anyway
  effect  = { retention = 0.05, base = 0.2, paid = "on success", sd = 0.02,
              evidence = "the campaign of March 2025" },
  value   = "years * margin_12m",
  channel = { "phone", "sms" },
  period  = { from = "2025-10-01", to = "2026-03-31" },
  caps    = { customer = { 2, per = months(12) }, class = by "value" { low = 25 } },
  holdout = 0.1,
}

campaign "leave alone" {
  goal  = "spend nothing on cards that nobody has used for a year",
  when  = "recency_days > 365",
  offer = let_go(),
}

test "a fee is due, and the account is good" {
  customer = { fee_in = 30, annual_fee = 600, potential = "high", margin_12m = 250, complaints = 0,
               recency_days = 59, opted_out = false, in_collections = false },
  gives    = { tier = "high", offers = { "waive the fee" } },
  cases = {
    { "by a text", gives = { cost = 138.10, value = 180 } },
    { "due in 31 days: not yet", customer = { fee_in = 31 }, gives = { offers = {} } },
    { "of low potential: no", customer = { potential = "low" }, gives = { offers = {} } },
    { "not good enough", customer = { margin_12m = 249 }, gives = { tier = "low", offers = {} } },
    { "in collections: never", customer = { in_collections = true }, gives = { offers = {} } },
    { "opted out: by no channel", customer = { opted_out = true }, gives = { offers = {} } },
    { "a complaint keeps from calls, not from this", customer = { complaints = 1 },
      gives = { offers = { "waive the fee" } } },
  },
}

test "the card is not used any more" {
  customer = { recency_days = 60, margin_12m = 50, fee_in = 200, annual_fee = 300, complaints = 0,
               potential = "high", opted_out = false, in_collections = false },
  gives    = { tier = "low", offers = { "use it again" } },
  cases = {
    { "a call", gives = { cost = 13, value = 15 } },
    { "who complained gets a text", customer = { complaints = 1 }, gives = { cost = 5.10 } },
    { "59 days are nothing", customer = { recency_days = 59 }, gives = { offers = {} } },
    { "too little margin to pay for it", customer = { margin_12m = 49 }, gives = { offers = {} } },
    { "365 days are not too late", customer = { recency_days = 365 },
      gives = { offers = { "use it again" } } },
    { "nor too early to leave it alone", customer = { recency_days = 365, margin_12m = 49 },
      gives = { offers = {} } },
    { "after more than a year: leave alone", customer = { recency_days = 366 },
      gives = { offers = { "leave alone" } } },
    { "in collections: never", customer = { in_collections = true }, gives = { offers = {} } },
    { "opted out: by no channel", customer = { opted_out = true }, gives = { offers = {} } },
  },
}

test "who was contacted just now is left in peace" {
  today    = "2025-12-31",
  customer = { recency_days = 60, margin_12m = 50, fee_in = 200, annual_fee = 300, complaints = 0,
               potential = "high", opted_out = false, in_collections = false },
  contacts = { { date = "2025-12-02", campaign = "news", channel = "sms" } },
  gives    = { offers = {} },
  cases = {
    { "thirty days are enough",
      contacts = { { date = "2025-12-01", campaign = "news", channel = "sms" } },
      gives = { offers = { "use it again" } } },
    { "who had it twice in a year does not get it again",
      contacts = { { date = "2025-01-01", campaign = "use it again", channel = "sms" },
                   { date = "2025-03-15", campaign = "use it again", channel = "sms" } },
      gives = { offers = {} } },
    { "three contacts in half a year are enough",
      contacts = { { date = "2025-07-01", campaign = "news", channel = "sms" },
                   { date = "2025-09-01", campaign = "news", channel = "sms" },
                   { date = "2025-10-01", campaign = "news", channel = "sms" } },
      gives = { offers = {} } },
  },
}
