-- What `score` is measured with: windows over the transactions, tiers, four campaigns that compete,
-- one of which needs the whole base. peers/duck.py and peers/polar.py say the same.
policy "Measured" { currency = "CNY" }

metrics {
  spend_12m    = sum "transactions" { "amount", last = months(12) },
  spend_before = sum "transactions" { "amount", last = months(12), ending = months(12) },
  orders_90d   = count "transactions" { last = days(90) },
}

tiers "club" {
  { "gold",   when = "spend_12m >= 800" },
  { "silver", when = "spend_12m >= 300" },
  { "bronze" },
}

campaign "thank you" {
  when    = "club == 'gold' and recency_days <= 60",
  offer   = points(500),
  cost    = "5",
  value   = "0.02 * spend_12m",
  channel = "email",
}

campaign "come back" {
  when    = "club ~= 'bronze' and orders > 1 and rf_ratio >= 1.5",
  offer   = cash(20),
  cost    = "20",
  value   = "0.05 * spend_12m",
  channel = "phone",
}

campaign "lift" {
  when    = "spend_12m < 0.5 * spend_before and m_score >= 4",
  offer   = gift "voucher",
  cost    = "15",
  value   = "0.1 * (spend_before - spend_12m)",
  channel = "phone",
}

campaign "nudge" {
  when    = "orders_90d == 0 and recency_days <= 365",
  offer   = points(50),
  cost    = "0.1",
  value   = "0.5",
  channel = "sms",
}
