-- policies/card-retention.lua without its effects: what is decided is raced, not what offers do.
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
  cost    = "annual_fee",
  value   = "waiver_keeps * young_worth",
  channel = { "phone", "sms" },
}

campaign "put it right" {
  goal    = "settle the complaint at once, and recommend a product that fits better",
  when    = [[tenure_months >= 6 and tenure_months < 12
              and complaints > 0 and margin >= high_value]],
  never   = "opted_out or in_collections",
  offer   = service_recovery "settle today, and recommend another card",
  cost    = "40",
  value   = "recovery_keeps * 3 * margin_12m",
  channel = "phone",
}

campaign "lift" {
  goal    = "win back the use of the card: a better card, or a reward for spending",
  when    = "tenure_months >= 12 and uses_3m <= drop * uses_3m_ago and margin >= high_value",
  never   = "opted_out or in_collections",
  offer   = upgrade "diamond",
  cost    = "150",
  value   = "upgrade_keeps * 3 * margin_12m",
  channel = "phone",
}

campaign "let go" {
  goal    = "spend nothing on accounts that bring nothing: no call, no waiver",
  when    = "tenure_months >= 12 and fee_in <= 30 and margin < high_value",
  offer   = let_go(),
}
