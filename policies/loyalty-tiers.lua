-- Who is diamond, gold or silver, who looks after them, and whom to tell before the tier is lost.
--
-- A tier is entered by the spend of twelve months, reviewed a year later, and kept with four fifths
-- of that. Who does not pass has sixty days, and falls one tier. The table tier_history says which
-- tier customers had: it is what the runs before this one wrote.
policy "Loyalty tiers" { currency = "CNY" }

params {
  silver_from  = { 5000, from = 1000, to = 20000 },
  gold_from    = { 20000, from = 5000, to = 80000 },
  diamond_from = { 80000, from = 20000, to = 300000 },
  keeps        = { 0.8, from = 0.5, to = 1 }, -- the part of it that keeps the tier
}

metrics {
  spend_12m  = sum "transactions" { "amount", last = months(12) },
  margin_12m = sum "transactions" { "margin", last = months(12) },
  best       = top_heads(0.05, "margin_12m"), -- the least margin among the best twentieth
}

tiers "card" {
  { "diamond", when = "spend_12m >= diamond_from", keep = "spend_12m >= keeps * diamond_from",
    owner = "head of customer success",
    services = { "a person to call, day and night", "lounge", "fees waived", "own events" } },
  { "gold", when = "spend_12m >= gold_from", keep = "spend_12m >= keeps * gold_from",
    owner = "account manager", services = { "own number", "lounge", "half the fees" } },
  { "silver", when = "spend_12m >= silver_from", keep = "spend_12m >= keeps * silver_from",
    owner = "service desk", services = { "own number" } },
  { "other", owner = "service desk" },
  review = months(12), grace = days(60), fall = "one tier",
}

-- How closely we look, by what a customer brings: it has no memory.
tiers "attention" {
  { "key",         when = "margin_12m >= best and margin_12m > 0", visits_a_year = 12 },
  { "caring",      when = "at_least(card, 'gold')", visits_a_year = 4 },
  { "adaptive",    when = "margin_12m > 0", visits_a_year = 1 },
  { "indifferent", visits_a_year = 0 },
}

campaign "keep your tier" {
  goal    = "tell those in grace what keeps their tier; --advice says how much that is",
  when    = "card_state == 'in grace' and card_until - today >= 7",
  offer   = points(500),
  cost    = 5,
  value   = "0.05 * margin_12m",
  channel = { "phone", "sms" },
}

campaign "welcome to your tier" {
  goal    = "make the first days in a higher tier felt",
  when    = "card_state == 'entered'",
  offer   = gift "a letter from the owner, and the list of services",
  cost    = 8,
  value   = "0.02 * margin_12m",
  channel = "mail",
}

test "a tier is entered by what was spent in twelve months" {
  today    = "2025-06-30",
  customer = { margin_12m = 100, best = 900 },
  gives    = { tier = { card = "other", attention = "adaptive" }, offers = {} },
  cases = {
    { "diamond", customer = { spend_12m = 80000 },
      gives = { tier = { card = "diamond", attention = "caring" } } },
    { "not quite", customer = { spend_12m = 79999.99 },
      gives = { tier = { card = "gold", attention = "caring" } } },
    { "gold", customer = { spend_12m = 20000 },
      gives = { tier = { card = "gold", attention = "caring" } } },
    { "just silver", customer = { spend_12m = 19999.99 },
      gives = { tier = { card = "silver", attention = "adaptive" } } },
    { "silver", customer = { spend_12m = 5000 }, gives = { tier = { card = "silver" } } },
    { "no tier to speak of", customer = { spend_12m = 4999.99 } },
    { "who brings nothing", customer = { spend_12m = 0, margin_12m = 0 },
      gives = { tier = { attention = "indifferent" } } },
    { "one of the best", customer = { spend_12m = 100, margin_12m = 900 },
      gives = { tier = { attention = "key" } } },
    { "who brings a cent", customer = { spend_12m = 0, margin_12m = 0.01 } },
    { "where that is much", customer = { spend_12m = 0, margin_12m = 0.01, best = 0.01 },
      gives = { tier = { attention = "key" } } },
    { "where nobody brings anything", customer = { spend_12m = 0, margin_12m = 0, best = 0 },
      gives = { tier = { attention = "indifferent" } } },
  },
}

test "twelve months, and no more" {
  today = "2025-06-30",
  customer = { best = 900 },
  transactions = {
    { date = "2024-06-30", amount = 9000, margin = 90 },
    { date = "2024-07-01", amount = 5000, margin = 50 },
  },
  gives = { tier = { card = "silver", attention = "adaptive" } },
}

test "gold since 2024-05-01" {
  customer     = { margin_12m = 200, best = 900 },
  tier_history = { { date = "2024-05-01", tier = "gold" } },
  gives        = { tier = { card = "gold" }, offers = {} },
  cases = {
    { "before the review", today = "2025-04-30", customer = { spend_12m = 0 } },
    { "at the review, with enough", today = "2025-05-01", customer = { spend_12m = 16000 } },
    { "at the review, with less", today = "2025-05-01", customer = { spend_12m = 15999.99 },
      gives = { offers = { "keep your tier" }, cost = 5, value = 10 } },
    { "a week before the end of grace", today = "2025-06-23", customer = { spend_12m = 0 },
      gives = { offers = { "keep your tier" } } },
    { "too late to tell", today = "2025-06-24", customer = { spend_12m = 0 } },
    { "after that it falls by one", today = "2025-07-01", customer = { spend_12m = 0 },
      gives = { tier = { card = "silver" } } },
    { "or rises", today = "2025-04-30", customer = { spend_12m = 80000 },
      gives = { tier = { card = "diamond" }, offers = { "welcome to your tier" }, cost = 8,
                value = 4 } },
    { "nobody knows what was spent", today = "2025-09-01" },
  },
}

test "the review of diamond and silver" {
  customer = { margin_12m = 200, best = 900 },
  today    = "2025-08-01",
  gives    = { offers = {} },
  cases = {
    { "diamond kept", customer = { spend_12m = 64000 }, gives = { tier = { card = "diamond" } },
      tier_history = { { date = "2024-05-01", tier = "diamond" } } },
    { "diamond lost", customer = { spend_12m = 63999.99 }, gives = { tier = { card = "gold" } },
      tier_history = { { date = "2024-05-01", tier = "diamond" } } },
    { "silver kept", customer = { spend_12m = 4000 }, gives = { tier = { card = "silver" } },
      tier_history = { { date = "2024-05-01", tier = "silver" } } },
    { "silver lost", customer = { spend_12m = 3999.99 }, gives = { tier = { card = "other" } },
      tier_history = { { date = "2024-05-01", tier = "silver" } } },
    { "silver again", customer = { spend_12m = 5000 },
      tier_history = { { date = "2024-05-01", tier = "other" } },
      gives = { tier = { card = "silver" }, offers = { "welcome to your tier" } } },
  },
}
