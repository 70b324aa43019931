-- Look after business customers: who covers whom, which care each class gets, and the days on which
-- to be in touch.
--
-- The rules are those that courses teach: a word within seven days after a visit; where
-- a decision takes more than six months, 92 of 100 minutes are not about us; a gift suits how far
-- the relation has come; birthdays and feasts are reasons to write. Runs on samples/firm.
policy "Key accounts" { currency = "CNY" }

inputs {
  name = text, contact = text, -- the firm, and the person there
  employees = integer, ownership = { "state", "private", "foreign" },
  birthday = date, -- of the person
  cycle_months = integer, -- how long a decision takes there
  opted_out = flag,
}

params {
  key_from  = { 50000.0, from = 10000, to = 500000 }, -- margin of a year
  main_from = { 5000.0, from = 1000, to = 50000 },
  informal  = { 0.92, from = 0, to = 1 }, -- of the minutes, where decisions take long
  long      = { 6, from = 1, to = 24 },   -- months from which a decision takes long, and more
}

metrics {
  margin_12m = sum "transactions" { "margin", last = months(12) },
  visited    = max "events" { "date", where = "type == 'visit'" },
  followed   = max "contacts" { "date", where = "campaign == 'follow up'" },
  talked     = sum "contacts" { "minutes", last = months(6) },
  chatted    = sum "contacts" { "minutes", where = "talk == 'informal'", last = months(6) },
  born_on    = "birthday + months(12 * (year(today) - year(birthday)))",
  celebrates = "born_on < today and born_on + months(12) or born_on", -- the next birthday
}

-- What each class is given: visits in hardship, what suits them, terms, the club, service of their
-- own, partners of other trades, the firm's own standing.
segments "class" {
  { "key", when = "margin_12m >= key_from", attention = "closest",
    care = { "visits in good days and bad", "service of their own", "the club",
             "partners' houses: golf, flights", "the yearly forum of the trade's heads" } },
  { "main", when = "margin_12m >= main_from", attention = "caring: track what they need",
    care = { "visits in good days and bad", "what suits them, to try free of charge",
             "terms of their class", "the club" } },
  { "others", attention = "adaptive: what draws them is the product",
    care = { "what suits them", "terms of their class" } },
}

-- How far the relation has come, and what gift suits it.
segments "relation" {
  { "first acquaintance", when = "tenure_months < 6", gift = "a sample of what we make" },
  { "trust",  when = "tenure_months < 36", gift = "something they need and lack the time for" },
  { "firm", gift = "something for those they care for" },
}

decision_table "coverage" {
  reads = { "employees", "ownership" }, gives = { "owner", "offer" },
  { at_least(500), "state", "senior account manager",  "a solution of their own and engineers" },
  { at_least(500), any,     "account manager",         "a solution of their own and engineers" },
  { at_least(50),  any,     "account manager",         "the solution of their industry" },
  { any,           any,     "service desk",            "the standard product, self-service" },
}

playbook "after the visit" {
  title = "{contact}, {name}: visited on {visited}",
  owner = "coverage_owner",
  text  = [[
Call by {visited + 7}. Thank them. What do they think of it by now, and what is still open?
Sell nothing that they did not ask for.
]],
}

playbook "no agenda" {
  title = "{contact}, {name}: see them without a reason",
  owner = "coverage_owner",
  text  = [[
Of {talked} minutes in six months {chatted} were not about us. A decision takes {cycle_months}
months there: it should be {round(100 * informal)} of 100. Talk of food, family, health, what is
new, what they enjoy. Not of the product, the price, the brand or the service.
]],
}

playbook "birthday" {
  title = "{contact}, {name}: birthday on {celebrates}",
  owner = "coverage_owner",
  text  = [[
The relation: {relation}. The gift: {relation_gift}.
It is needed, or wanted and not bought for oneself, or hard to get; it asks for nothing.
]],
}

campaign "follow up" {
  goal     = "hear what they think within seven days after a visit",
  when     = [[today - visited <= 7
               and (not has(followed) or followed < visited)]],
  never    = "opted_out",
  offer    = gift "an open ear",
  cost     = 8,
  value    = 100,
  channel  = "phone",
  playbook = "after the visit",
}

campaign "birthday" {
  goal     = "congratulate in time",
  when     = "celebrates - today <= 7 and class ~= 'others'",
  never    = "opted_out",
  offer    = gift "one that suits the relation",
  cost     = 50,
  value    = 80,
  channel  = "visit",
  playbook = "birthday",
}

campaign "no agenda" {
  goal     = "be known before anything is decided",
  when     = "cycle_months > long and chatted < informal * talked",
  never    = "opted_out",
  offer    = gift "an afternoon",
  cost     = 60,
  value    = 75,
  channel  = "visit",
  playbook = "no agenda",
}

campaign "spring festival" {
  goal    = "a word to everyone before the feast",
  when    = "orders > 0",
  never   = "opted_out",
  offer   = gift "a letter with New Year's wishes",
  cost    = 1,
  value   = 2,
  channel = "mail",
  period  = { from = "2026-02-07", to = "2026-02-16" },
}

test "a visit is followed up within seven days, once" {
  today    = "2025-06-30",
  customer = { opted_out = false },
  contacts = {},
  gives    = { offers = {} },
  cases = {
    { "seven days", events = { { date = "2025-06-23", type = "visit" } },
      gives = { offers = { "follow up" }, cost = 8, value = 100 } },
    { "eight: too late", events = { { date = "2025-06-22", type = "visit" } } },
    { "an enquiry is no visit", events = { { date = "2025-06-24", type = "enquiry" } } },
    { "done", events = { { date = "2025-06-24", type = "visit" } },
      contacts = { { date = "2025-06-24", campaign = "follow up" } } },
    { "done after the visit before",
      events = { { date = "2025-06-20", type = "visit" }, { date = "2025-06-25", type = "visit" } },
      contacts = { { date = "2025-06-24", campaign = "follow up" } },
      gives = { offers = { "follow up" } } },
    { "another call is none", events = { { date = "2025-06-24", type = "visit" } },
      contacts = { { date = "2025-06-26", campaign = "account call" } },
      gives = { offers = { "follow up" } } },
    { "but not who opted out", customer = { opted_out = true },
      events = { { date = "2025-06-24", type = "visit" } } },
  },
}

test "birthdays of a week, over the end of the year, too" {
  today    = "2025-12-28",
  customer = { margin_12m = 5000, tenure_months = 40, opted_out = false },
  gives    = { offers = {} },
  cases = {
    { "today", customer = { birthday = "1970-12-28" },
      gives = { offers = { "birthday" }, cost = 50, value = 80, class = "main" } },
    { "in seven days", customer = { birthday = "1970-01-04" },
      gives = { offers = { "birthday" } } },
    { "in eight", customer = { birthday = "1970-01-05" } },
    { "yesterday", customer = { birthday = "1970-12-27" } },
    { "the others have other people", customer = { birthday = "1970-12-28", margin_12m = 4999.99 },
      gives = { class = "others" } },
    { "not of who opted out", customer = { birthday = "1970-12-28", opted_out = true } },
    { "nor a birthday that nobody knows" },
  },
}

test "where decisions take long, 92 of 100 minutes are not about us" {
  customer = { cycle_months = 7, talked = 100, chatted = 91, opted_out = false },
  gives    = { offers = {} },
  cases = {
    { "91 are too few", gives = { offers = { "no agenda" }, cost = 60, value = 75 } },
    { "92 are enough", customer = { chatted = 92 } },
    { "six months are not long", customer = { cycle_months = 6 } },
    { "who was never talked to", customer = { talked = 0, chatted = 0 } },
    { "a minute is talk enough", customer = { talked = 1, chatted = 0 },
      gives = { offers = { "no agenda" } } },
    { "who opted out", customer = { opted_out = true } },
  },
}

test "minutes are those of six months" {
  today    = "2025-06-30",
  customer = { cycle_months = 9, opted_out = false },
  events   = {},
  contacts = {
    { date = "2025-01-15", campaign = "account call", minutes = 8, talk = "formal" },
    { date = "2025-02-15", campaign = "account visit", minutes = 92, talk = "informal" },
  },
  gives = { offers = {} },
  cases = {
    { "just enough" },
    { "and an older talk does not count",
      contacts = {
        { date = "2024-12-30", campaign = "account visit", minutes = 900, talk = "informal" },
        { date = "2025-01-15", campaign = "account call", minutes = 8, talk = "formal" },
        { date = "2025-02-15", campaign = "account visit", minutes = 91, talk = "informal" },
      },
      gives = { offers = { "no agenda" } } },
  },
}

test "the feast" {
  customer = { orders = 1, opted_out = false },
  today    = "2026-02-07",
  gives    = { offers = {} },
  cases = {
    { "a customer", gives = { offers = { "spring festival" }, cost = 1, value = 2 } },
    { "no customer yet", customer = { orders = 0 } },
    { "who opted out", customer = { opted_out = true } },
    { "the day before", today = "2026-02-06" },
  },
}

test "who is covered by whom" {
  customer = { employees = 500, ownership = "private" },
  gives    = { coverage_owner = "account manager" },
  cases = {
    { "large, the state's", customer = { ownership = "state" },
      gives = { coverage_owner = "senior account manager" } },
    { "large", gives = { coverage_offer = "a solution of their own and engineers" } },
    { "not large", customer = { employees = 499, ownership = "state" },
      gives = { coverage_offer = "the solution of their industry" } },
    { "in between", customer = { employees = 50 },
      gives = { coverage_offer = "the solution of their industry" } },
    { "small", customer = { employees = 49 }, gives = { coverage_owner = "service desk" } },
  },
}

test "class and relation" {
  customer = { margin_12m = 50000, tenure_months = 36 },
  cases = {
    { "key, firm", gives = { class = "key", relation = "firm" } },
    { "a cent less", customer = { margin_12m = 49999.99 }, gives = { class = "main" } },
    { "three years less a month", customer = { tenure_months = 35 },
      gives = { relation = "trust" } },
    { "half a year", customer = { tenure_months = 6 }, gives = { relation = "trust" } },
    { "less", customer = { tenure_months = 5 }, gives = { relation = "first acquaintance" } },
  },
}
