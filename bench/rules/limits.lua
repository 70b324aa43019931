-- Three offers to a bank's card holders, of which more is scarce than money.
local CUSTOMERS = 1000000

policy "limits" { currency = "CNY", allocate = "net per cost", holdout = 0.02 }

inputs { annual_fee = money, in_collections = flag }

metrics {
  margin_12m = sum "transactions" { "margin", last = months(12) },
}

tiers "value" {
  { "high", when = "margin_12m >= 250" },
  { "fair", when = "margin_12m >= 80" },
  { "low" },
}

channel "sms" { cost = 0.1 }
channel "phone" { cost = 8, capacity = CUSTOMERS // 100 }

campaign "waive the fee" {
  when = "margin_12m >= 60 and annual_fee > 0", never = "in_collections",
  offer = waive_fee { up_to = 150 }, cost = "min(0.5 * annual_fee, 150)", value = "6 * margin_12m",
  effect = { retention = 0.12, base = "max(0.2, 0.95 - recency_days / 400)" },
  channel = { "sms", "phone" }, caps = { budget = 6 * CUSTOMERS // 10 },
}

campaign "a call" {
  when = "recency_days >= 30", never = "in_collections",
  offer = cash(20), cost = "5", value = "9 * margin_12m",
  effect = { retention = 0.05, base = "max(0.05, 0.9 - recency_days / 300)" }, channel = "phone",
  caps = { class = by "value" { high = 3 * CUSTOMERS // 1000, fair = 4 * CUSTOMERS // 1000 } },
}

campaign "double points" {
  when = "margin_12m >= 20",
  offer = points(500), cost = "4", value = "margin_12m / max(orders, 1)",
  effect = { frequency = 1.5, base = "orders / 3" }, channel = "sms",
  caps = { total = CUSTOMERS // 20 },
}
