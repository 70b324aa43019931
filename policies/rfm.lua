-- Thank a shop's best customers, bring back the good who fell silent, ask for a second order.
--
-- Runs on a bare CSV of purchases with a customer, a date and an amount. Scores go from 1 to 5, and
-- 5 is the most recent, the most frequent, the most spent.
policy "RFM and churn warning" {}

params {
  alarm    = { 1.5, from = 1.2, to = 3 },     -- silence in multiples of the usual gap: too long
  answer   = { 0.05, from = 0.01, to = 0.2 }, -- the share that orders again because of us: assumed
  earnings = { 0.3, from = 0.1, to = 0.6 },   -- of an order's amount
}

metrics {
  order_worth = "earnings * mean_order_value",
}

tiers "club" {
  { "gold",   when = "r_score >= 4 and f_score >= 4 and m_score >= 4" },
  { "silver", when = "f_score >= 4 or m_score >= 4" },
  { "bronze" },
}

campaign "thank you" {
  goal    = "the best customers hear it",
  when    = "club == 'gold'",
  offer   = points(500),
  cost    = "0.01 * mean_order_value",
  value   = "answer * order_worth",
  channel = "email",
}

campaign "come back" {
  goal    = "good customers, silent for longer than they usually are",
  when    = "club ~= 'bronze' and orders > 1 and rf_ratio >= alarm",
  offer   = cash(20),
  cost    = "answer * 20",
  value   = "answer * 3 * order_worth",
  channel = { "email", "sms" },
  holdout = 0.1,
}

campaign "second order" {
  goal    = "most customers buy once: the second order is the hardest",
  when    = "orders == 1 and recency_days >= 14 and recency_days <= 90",
  offer   = cash(5),
  cost    = "answer * 5",
  value   = "answer * order_worth",
  channel = "email",
}

test "recent, frequent and generous" {
  customer = { r_score = 4, f_score = 4, m_score = 4, orders = 12, mean_order_value = 80,
               recency_days = 3, rf_ratio = 1.49 },
  gives    = { tier = "silver", offers = {} },
  cases = {
    { "gold, and thanked",
      gives = { tier = "gold", offers = { "thank you" }, cost = 0.80, value = 1.20 } },
    { "not quite recent", customer = { r_score = 3 } },
    { "not quite frequent", customer = { f_score = 3 } },
    { "not quite generous", customer = { m_score = 3 } },
    { "neither frequent nor generous", customer = { f_score = 3, m_score = 3 },
      gives = { tier = "bronze" } },
  },
}

test "a good customer, long silent" {
  customer = { r_score = 2, f_score = 4, m_score = 5, orders = 2, mean_order_value = 80,
               recency_days = 120, rf_ratio = 1.5 },
  gives    = { tier = "silver", offers = {} },
  cases = {
    { "come back", gives = { offers = { "come back" }, cost = 1, value = 3.60 } },
    { "not silent for longer than usual", customer = { rf_ratio = 1.49 } },
    { "not that good", customer = { f_score = 3, m_score = 3 }, gives = { tier = "bronze" } },
    { "with a single order", customer = { orders = 1 } },
  },
}

test "bought once, a while ago" {
  customer = { r_score = 4, f_score = 1, m_score = 2, orders = 1, mean_order_value = 40,
               recency_days = 14 },
  gives    = { tier = "bronze", offers = {} },
  cases = {
    { "asked for a second order",
      gives = { offers = { "second order" }, cost = 0.25, value = 0.60 } },
    { "up to three months later", customer = { recency_days = 90 },
      gives = { offers = { "second order" } } },
    { "just now", customer = { recency_days = 13 } },
    { "long ago: left in peace", customer = { recency_days = 91 } },
    { "bought twice", customer = { orders = 2 } },
  },
}
