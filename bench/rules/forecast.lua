-- Five offers to a bank's card holders, each with its effect and what there is without it.
policy "five offers" { currency = "CNY", allocate = "net per cost", holdout = 0.02 }

inputs { annual_fee = money, balance = money, opted_out = flag, in_collections = flag }

metrics {
  margin_12m = sum "transactions" { "margin", last = months(12) },
}

tiers "value" {
  { "high", when = "margin_12m >= 250" },
  { "fair", when = "margin_12m >= 80" },
  { "low" },
}

channel "sms" { cost = 0.1 }
channel "phone" { cost = 8, when = "not opted_out", capacity = 50000 }

campaign "waive the fee" {
  when = "margin_12m >= 60 and annual_fee > 0", never = "in_collections",
  offer = waive_fee { up_to = 150 }, cost = "min(0.5 * annual_fee, 150)", value = "6 * margin_12m",
  effect = { retention = 0.12, sd = 0.05, base = "max(0.2, 0.95 - recency_days / 400)",
             paid = "on success" },
  channel = { "sms", "phone" }, caps = { budget = 3000000 },
}

campaign "use it again" {
  when = "recency_days >= 30", never = "in_collections",
  offer = cash(20), cost = "5", value = "6 * margin_12m",
  effect = { retention = 0.05, sd = 0.02, base = "max(0.05, 0.9 - recency_days / 300)" },
  channel = { "phone", "sms" },
}

campaign "double points" {
  when = "margin_12m >= 20",
  offer = points(500), cost = "4", value = "margin_12m / max(orders, 1)",
  effect = { frequency = 1.5, sd = 0.8, base = "orders / 3" }, channel = "sms",
}

campaign "pay in parts" {
  when = "balance >= 2000",
  offer = cash(10), cost = "10", value = "0.02 * balance",
  effect = { spend = 0.3, relative = true, base = "0.5" }, channel = "sms",
}

campaign "bring a friend" {
  when = "tenure_days >= 365",
  offer = cash(30), cost = "30", value = "200",
  effect = { referral = 0.05, sd = 0.03, base = "0.01", paid = "on success" }, channel = "sms",
}
