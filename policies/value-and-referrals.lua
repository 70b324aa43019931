-- Sort customers by what they buy and by whom they bring, and say who looks after whom.
--
-- A small buyer who brings ten others is worth more than a look at the till says. Runs on
-- samples/friends, or on any data with transactions that have a margin, and referrals.
policy "Value and referrals" { currency = "CNY" }

inputs { opened = date, opted_out = flag }

params {
  buys_much   = { 300.0, from = 100, to = 1000 },  -- margin of a year from which a customer is rich
  brings_much = { 500.0, from = 100, to = 2000 },  -- the same of those whom the customer brought
  friend      = { 250.0, from = 50, to = 1000 },   -- margin of a year that a friend brings: assumed
  incentive   = { 0.05, from = 0.01, to = 0.2 },   -- how much more a prompt brings: assumed
}

metrics {
  margin_12m = sum "transactions" { "margin", last = months(12) },
  brings     = "friend * referred_count",
}

-- Four groups, cut at values and not at the means: a few rich customers pull a mean above all who
-- both buy and bring.
matrix "group" {
  rows    = { by = "margin_12m", cuts = { "buys_much" }, names = { "little", "much" } },
  columns = { by = "brings", cuts = { "brings_much" }, names = { "few", "many" } },
  cells   = {
    little = { few  = { "misers", strategy = { "ask to buy", "ask to bring a friend" } },
               many = { "advocates", strategy = "ask to buy" } },
    much   = { few  = { "affluents", strategy = "ask to bring a friend" },
               many = { "champions", strategy = "thank, and leave in peace" } },
  },
}

segments "stage" {
  { "new",      when = "today - opened < 90" },
  { "silent",   when = "recency_days >= 180" },
  { "active" },
}

decision_table "care" {
  reads = { "group", "stage" }, gives = { "owner", "visit_days" },
  { "champions",                  any,      "head of customer success", 30 },
  { { "affluents", "advocates" }, "silent", "senior account manager",   14 },
  { { "affluents", "advocates" }, any,      "account manager",          90 },
  { any,                          "new",    "welcome desk",             60 },
  { any,                          any,      "self-service",             0 },
}

campaign "come and buy" {
  goal    = "those who bring others buy more themselves",
  when    = "one_of(group, 'advocates', 'misers') and stage == 'active'",
  never   = "opted_out",
  offer   = points(200),
  cost    = 10,
  value   = "incentive * buys_much",
  channel = "sms",
}

campaign "bring a friend" {
  goal    = "those who buy bring others",
  when    = "one_of(group, 'affluents', 'misers') and stage == 'active'",
  never   = "opted_out",
  offer   = points(500),
  cost    = 12,
  value   = "incentive * 2 * friend",
  channel = "sms",
}

test "who buys and brings how much has which name" {
  customer = { opened = "2024-01-01", recency_days = 30, opted_out = false },
  today    = "2025-06-30",
  cases = {
    { "little and few", customer = { margin_12m = 299.99, brings = 499.99 },
      gives = { group = "misers", group_strategy = "ask to buy; ask to bring a friend",
                offers = "bring a friend", care_owner = "self-service", care_visit_days = 0 } },
    { "little and many", customer = { margin_12m = 299.99, brings = 500 },
      gives = { group = "advocates", offers = "come and buy", care_owner = "account manager" } },
    { "much and few", customer = { margin_12m = 300, brings = 499.99 },
      gives = { group = "affluents", offers = "bring a friend", care_owner = "account manager" } },
    { "much and many", customer = { margin_12m = 300, brings = 500 },
      gives = { group = "champions", offers = {}, care_owner = "head of customer success",
                care_visit_days = 30 } },
  },
}

test "who is silent or new is cared for by others" {
  customer = { margin_12m = 299.99, brings = 500, opted_out = false },
  today    = "2025-06-30",
  cases = {
    { "silent for 180 days", customer = { opened = "2024-01-01", recency_days = 180 },
      gives = { segment = "silent", care_owner = "senior account manager", offers = {} } },
    { "silent for 179 days", customer = { opened = "2024-01-01", recency_days = 179 },
      gives = { segment = "active", care_owner = "account manager", offers = "come and buy" } },
    { "here for 89 days", customer = { opened = "2025-04-02", recency_days = 3, brings = 0 },
      gives = { segment = "new", care_owner = "welcome desk", care_visit_days = 60, offers = {} } },
    { "here for 90 days", customer = { opened = "2025-04-01", recency_days = 3, brings = 0 },
      gives = { segment = "active", care_owner = "self-service" } },
    { "a miser who fell silent",
      customer = { opened = "2024-01-01", recency_days = 400, brings = 0 },
      gives = { stage = "silent", care_owner = "self-service", offers = {} } },
  },
}

test "two friends are many" {
  customer = { opened = "2024-01-01", recency_days = 30, margin_12m = 10, opted_out = false,
               referred_count = 2 },
  today    = "2025-06-30",
  gives    = { group = "advocates", offers = "come and buy" },
}

test "one friend is not" {
  customer = { opened = "2024-01-01", recency_days = 30, margin_12m = 10, opted_out = false,
               referred_count = 1 },
  today    = "2025-06-30",
  gives    = { group = "misers", value = 25, cost = 12, offers = "bring a friend" },
}

test "who wants no mail gets none, whatever else" {
  customer = { opened = "2024-01-01", recency_days = 30, opted_out = true, margin_12m = 10,
               brings = 0 },
  today    = "2025-06-30",
  gives    = { offers = {} },
}

test "what a customer buys is not known: no group, and no offer" {
  customer = { opened = "2024-01-01", recency_days = 30, opted_out = false, brings = 500 },
  today    = "2025-06-30",
  gives    = { group_undecided = true, care_undecided = true, care_owner = "self-service",
               offers = {} },
}
