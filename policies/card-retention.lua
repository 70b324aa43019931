-- Keep the card holders worth keeping: waive a first fee, settle complaints, lift use that falls.
--
-- Months run from the day the card was opened, in half-open ranges: 0 to below 6, 6 to below 12,
-- and 12 or more.
policy "Card retention" { currency = "CNY" }

inputs {
  opened = date, annual_fee = money, fee_due = date,
  potential = { "low", "high" },
  opted_out = flag, in_collections = flag,
}

params {
  high_value = { 600, from = 200, to = 2000 }, -- margin so far that makes a customer worth a call
  drop       = { 0.5, from = 0.3, to = 0.9 },  -- uses against the three months before: falling
  -- How many more stay because of the measure. Assumed: nobody has measured it yet.
  waiver_keeps   = { 0.12, from = 0.02, to = 0.3 },
  recovery_keeps = { 0.30, from = 0.05, to = 0.6 },
  upgrade_keeps  = { 0.20, from = 0.05, to = 0.4 },
  young_stay     = { 0.7, from = 0.4, to = 0.95 }, -- how many stay without it: assumed, too
  young_worth    = 6000, -- margin to come of a young account of high potential
}

metrics {
  fee_in      = "fee_due - today", -- days
  complaints  = count "events" { where = "type == 'complaint'", last = days(90) },
  uses_3m     = count "transactions" { last = months(3) },
  uses_3m_ago = count "transactions" { last = months(3), ending = months(3) },
  margin_12m  = sum "transactions" { "margin", last = months(12) },
}

tiers "card" {
  { "diamond", when = "margin >= 2.5 * high_value" },
  { "gold",    when = "margin >= high_value" },
  { "classic" },
}

campaign "waive the fee" {
  goal    = "carry a promising young account past its first fee",
  when    = "tenure_months < 6 and fee_in <= 30 and potential == 'high'",
  never   = "opted_out or in_collections",
  offer   = waive_fee { up_to = 600, after_purchases = 6 },
  cost    = "annual_fee", -- who leaves is charged none, and waived none
  effect  = { retention = "waiver_keeps", base = "young_stay", paid = "on success",
              sd = 0.05, evidence = "assumed" },
  value   = "young_worth",
  channel = { "phone", "sms" },
}

campaign "put it right" {
  goal    = "settle the complaint at once, and recommend a product that fits better",
  when    = [[tenure_months >= 6 and tenure_months < 12
              and complaints > 0 and margin >= high_value]],
  never   = "opted_out or in_collections",
  offer   = service_recovery "settle today, and recommend another card",
  cost    = "40",
  effect  = { retention = "recovery_keeps", base = 0.4, sd = 0.15, evidence = "assumed" },
  value   = "3 * margin_12m",
  channel = "phone",
}

campaign "lift" {
  goal    = "win back the use of the card: a better card, or a reward for spending",
  when    = "tenure_months >= 12 and uses_3m <= drop * uses_3m_ago and margin >= high_value",
  never   = "opted_out or in_collections",
  offer   = upgrade "diamond",
  cost    = "150",
  effect  = { retention = "upgrade_keeps", base = 0.6, sd = 0.1, evidence = "assumed" },
  value   = "3 * margin_12m",
  channel = "phone",
}

campaign "let go" {
  goal    = "spend nothing on accounts that bring nothing: no call, no waiver",
  when    = "tenure_months >= 12 and fee_in <= 30 and margin < high_value",
  offer   = let_go(),
}

test "A: young, promising, the fee is due" {
  customer = { tenure_months = 5, fee_in = 30, annual_fee = 300, potential = "high", margin = 0,
               complaints = 0, opted_out = false, in_collections = false },
  gives    = { offers = {} }, -- but for the first
  cases = {
    { "waive it", gives = { offers = { "waive the fee" }, cost = 246, value = 720 } },
    { "six months to the day is no longer young", customer = { tenure_months = 6 } },
    { "it is not due yet", customer = { fee_in = 31 } },
    { "little potential", customer = { potential = "low" } },
    { "who does not want to be contacted", customer = { opted_out = true } },
    { "in collections", customer = { in_collections = true } },
  },
}

test "A, but with a potential that nobody knows: no offer" {
  customer = { tenure_months = 4, fee_in = 10, annual_fee = 300,
               opted_out = false, in_collections = false },
  gives    = { offers = {} },
}

test "A, but whether they opted out is unknown: left alone" {
  customer = { tenure_months = 4, fee_in = 10, annual_fee = 300, potential = "high",
               in_collections = false },
  gives    = { offers = {} },
}

test "B: a complaint from a customer who brings much" {
  customer = { tenure_months = 6, complaints = 1, margin = 600, margin_12m = 900,
               opted_out = false, in_collections = false },
  gives    = { tier = "gold", offers = {} },
  cases = {
    { "put it right", gives = { offers = { "put it right" }, cost = 40, value = 810 } },
    { "in the twelfth month", customer = { tenure_months = 11 },
      gives = { offers = { "put it right" } } },
    { "after a year",
      customer = { tenure_months = 12, fee_in = 100, uses_3m = 9, uses_3m_ago = 9 } },
    { "too young", customer = { tenure_months = 5, fee_in = 100 } },
    { "who did not complain", customer = { complaints = 0 } },
    { "who brings less", customer = { margin = 599.99 }, gives = { tier = "classic" } },
    { "who does not want to be contacted", customer = { opted_out = true } },
    { "in collections", customer = { in_collections = true } },
  },
}

test "B, from what the card did: a complaint 89 days ago counts, an older one does not" {
  today    = "2025-03-31",
  customer = { tenure_months = 8, margin = 900, opted_out = false, in_collections = false },
  transactions = {
    { date = "2024-03-31", amount = 100, margin = 50 }, -- a year and a day ago
    { date = "2024-04-01", amount = 500, margin = 250.50 },
    { date = "2025-02-01", amount = 400, margin = 200 },
  },
  cases = {
    { "89 days", events = { { date = "2025-01-01", type = "complaint" } },
      gives = { offers = { "put it right" }, value = 405.45 } },
    { "90 days", events = { { date = "2024-12-31", type = "complaint" } },
      gives = { offers = {} } },
    { "a call", events = { { date = "2025-03-01", type = "call" } }, gives = { offers = {} } },
  },
}

test "C: long with us, brings much, uses the card less" {
  customer = { tenure_months = 12, uses_3m = 10, uses_3m_ago = 20, margin = 600, margin_12m = 1200,
               fee_in = 140, opted_out = false, in_collections = false },
  gives    = { tier = "gold", offers = {} },
  cases = {
    { "lift", gives = { offers = { "lift" }, cost = 150, value = 720 } },
    { "only a little less", customer = { uses_3m = 11 } },
    { "less than a year", customer = { tenure_months = 11, complaints = 0 } },
    { "brings less", customer = { margin = 599.99 }, gives = { tier = "classic" } },
    { "the best", customer = { margin = 1500 }, gives = { tier = "diamond", offers = { "lift" } } },
    { "nearly the best", customer = { margin = 1499.99 }, gives = { offers = { "lift" } } },
    { "who does not want to be contacted", customer = { opted_out = true } },
    { "in collections", customer = { in_collections = true } },
  },
}

test "D: long with us, the fee is due, brings little" {
  customer = { tenure_months = 12, fee_in = 30, margin = 599.99, uses_3m = 1, uses_3m_ago = 2,
               opted_out = false, in_collections = false },
  gives    = { tier = "classic", offers = {} },
  cases = {
    { "let go", gives = { offers = { "let go" } } },
    { "a fee that is not due", customer = { fee_in = 31 } },
    { "less than a year", customer = { tenure_months = 11, complaints = 0 } },
    { "brings enough", customer = { margin = 600, uses_3m = 2 }, gives = { tier = "gold" } },
  },
}
