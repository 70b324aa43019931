-- Three systems of tiers, twelve campaigns and a referral programme. With LIMITED, which the
-- measurement sets, nearly all of what they offer is scarce.
local LIMITED = false

policy "campaigns" { currency = "CNY" }

tiers "value" {
  { "A", when = "clv >= 24000" }, { "B", when = "clv >= 12000" }, { "C" },
}
tiers "rhythm" {
  { "often", when = "orders >= 30 and recency_days < 100" }, { "now", when = "recency_days < 200" },
  { "rarely" },
}
tiers "size" {
  { "large", when = "spend >= 20000" }, { "middle", when = "spend >= 8000" }, { "small" },
}

for i = 1, 12 do
  local class = ({ "A", "B", "C" })[i % 3 + 1]
  local channel = ({ "phone", "email", "letter" })[i % 3 + 1]
  campaign("offer " .. i) {
    when    = ("(value == '%s' or rhythm == 'often') and orders >= %d and recency_days < %d")
      :format(class, i, 30 * i + 100),
    never   = ("size == 'small' and orders < %d"):format(i + 3),
    offer   = points(100 * i),
    cost    = ("%d + 0.01 * orders"):format(i),
    value   = ("0.00%d * clv + %d * orders"):format(i % 9 + 1, i % 4),
    channel = { channel, "sms" },
    caps    = LIMITED and { budget = 25000 * i, total = 20000 + 1000 * i,
                            class = by "size" { large = 6000 } } or nil,
    holdout = LIMITED and i % 4 == 0 and 0.05 or nil,
  }
end

referral "bring a friend" {
  hold      = days(30),
  qualifies = "friend.spend >= 1000",
  block     = "referrals_a_day > 3" .. (LIMITED and " or ring_size <= 3" or ""),
  reward    = by "friend.value" { A = both(300), B = both "20 + 0.01 * clv", C = referrer(50) },
  value     = "0.1 * friend.clv",
  caps      = LIMITED and { customer = { 5, per = months(12) }, budget = 10000000 } or nil,
}
