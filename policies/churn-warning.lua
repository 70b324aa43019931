-- Ring the customers who have been silent for longer than their own rhythm explains.
--
-- R is the days since the last purchase, F the usual days between two purchases. A customer who is
-- well and buys at random still has R >= 1.5 F on 22 days out of 100: the state is a reason to look
-- up, not a proof that somebody left.
policy "Churn warning" { currency = "CNY" }

params {
  alarm = { 1.5, from = 1.2, to = 3 }, -- R / F from which silence is abnormal
  kept  = { 0.10, from = 0, to = 0.5 }, -- the share of them that a call keeps: assumed
  earnings = { 0.3, from = 0.1, to = 0.6 }, -- of an order's amount
}

metrics {
  spend_per_order = "spend / orders",
}

tiers "state" {
  { "abnormal", when = "rf_ratio >= alarm" },
  { "normal",   when = "has(rf_ratio)" },
}

campaign "call" {
  goal    = "hear why they stopped, while they still pick up the phone",
  when    = "state == 'abnormal'",
  cost    = "8",
  effect  = { retention = "kept", sd = 0.05, evidence = "assumed" },
  value   = "4 * earnings * spend_per_order", -- four more purchases
  offer   = gift "a voucher for the next order",
  channel = "phone",
}

campaign "reminder" {
  goal    = "a nudge before it is late",
  when    = "rf_warning == 'at risk' and state == 'normal'",
  cost    = "0.1",
  effect  = { frequency = 0.01, sd = 0.01, evidence = "assumed" },
  value   = "earnings * spend_per_order",
  offer   = points(100),
  channel = "sms",
}

test "customer 001: 45 days of silence, where 17 are usual" {
  customer = { recency_days = 45, mean_gap_days = 17, spend = 570, orders = 3 },
  gives    = { tier = "abnormal", offers = { "call" }, cost = 8, value = 22.80 },
}

test "customer 002: not abnormal yet, but at risk" {
  customer = { recency_days = 36, mean_gap_days = 25, spend = 762, orders = 5 },
  gives    = { tier = "normal", offers = { "reminder" } },
}

test "at risk, but already abnormal: called, not reminded" {
  customer = { rf_ratio = 1.5, rf_warning = "at risk", spend = 568, orders = 3 },
  gives    = { offers = { "call" } },
}

test "exactly one and a half times the usual gap is abnormal" {
  customer = { recency_days = 30, mean_gap_days = 20, spend = 100, orders = 2 },
  gives    = { tier = "abnormal", offers = { "call" } },
}

test "customer 006: in rhythm, left in peace" {
  customer = { recency_days = 19, mean_gap_days = 20, spend = 824.20, orders = 9 },
  gives    = { tier = "normal", offers = {} },
}

test "one purchase has no rhythm, and no state" {
  customer = { recency_days = 90, spend = 40, orders = 1 },
  gives    = { offers = {} },
}
