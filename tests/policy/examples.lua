-- The smallest right use of every word of the vocabulary, and what it stands in: `...` is where it
-- goes. docs/words.md shows them, tests/policy/words_spec.lua runs them.
local M = {}

local friends = 'referral "bring a friend" { reward = both(300) }\n'
  .. 'test "both get it" { customer = {}, friend = { spend = 120 }, '
  .. 'referral = { date = "2025-03-01" }, today = "2025-03-31", gives = { ... } }'

local axis = 'matrix "worth" { rows = { %s }, '
  .. 'columns = { by = "orders", cuts = { 5 }, names = { "low", "high" } },\n  cells = { '
  .. 'low = { low = "small", high = "busy" }, high = { low = "rich", high = "best" } } }'

-- By block, the policy around a word. A block's needed words are filled in.
M.frames = {
  [""] = "...",
  policy = 'policy "Cards" { ... }',
  inputs = "inputs { since = ... }",
  params = "params { gold_from = { 1000, ... } }",
  metrics = "metrics { mine = ... }",
  aggregate = 'metrics { mine = count "events" { ... } }',
  duration = 'metrics { lately = count "events" { last = ... } }',
  loyalty = 'loyalty "miles" { ... }',
  tier = 'tiers "card" { { "gold", ... }, { "classic" } }',
  campaign = 'campaign "a cake" { ... }',
  offer = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
    .. 'campaign "thanks" { when = "orders > 9", offer = ... }',
  waive_fee = 'campaign "first fee" { when = "orders > 9", offer = waive_fee { ... } }',
  referral = 'referral "bring a friend" { ... }',
  reward = 'referral "bring a friend" { reward = ... }',
  caps = 'referral "bring a friend" { reward = both(300), caps = { ... } }',
  ["campaign.priority"] = 'policy "Cards" { allocate = "priority" }\ncampaign "a cake" { ... }',
  ["caps.class"] = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
    .. 'campaign "thanks" { when = "orders > 9", offer = points(100), caps = { ... } }',
  tiers = 'inputs { before = label, since = date, seen = date }\n'
    .. 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" }, ... }',
  segment = 'segments "stage" { { "new", ... }, { "others" } }',
  matrix = 'matrix "worth" { ... }',
  axis = axis:format("cuts = { 100 }, ..."),
  ["axis.cuts"] = axis:format("..."),
  tree = 'tree "care" { "orders >= 4", ... }',
  decision_table = 'decision_table "care" { ..., { at_least(4), "Ms Li" }, { any, "nobody" } }',
  row = 'decision_table "care" { reads = { "orders", "spend" }, gives = { "owner" },\n'
    .. '  { 3, ..., "Ms Li" }, { any, any, "nobody" } }',
  ["row.at_least"] = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
    .. 'decision_table "care" { reads = { "card" }, gives = { "owner" }, { ..., "Ms Li" }, '
    .. '{ any, "nobody" } }',
  playbook = 'campaign "thanks" { when = "orders > 9", offer = points(9), '
    .. 'channel = "sms", playbook = "thank them" }\nplaybook "thank them" { ... }',
  ["campaign.playbook"] = 'playbook "thank them" { text = "Thank you for {orders} orders." }\n'
    .. 'campaign "a cake" { ... }',
  channel = 'channel "phone" { ... }',
  contact_policy = 'channel "phone" { cost = 8 }\n'
    .. 'campaign "thanks" { when = "orders > 9", offer = points(100), channel = "phone" }\n'
    .. 'contact_policy "not too often" { ... }',
  effect = 'campaign "thanks" { when = "orders > 9", offer = points(100), value = 50, '
    .. 'effect = { ... } }',
  period = 'campaign "thanks" { when = "orders > 9", offer = points(100), period = { ... } }',
  limit = 'referral "bring a friend" { reward = both(300), caps = { customer = { 5, ... } } }',
  test = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
    .. 'test "much is gold" { ... }',
  gives = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
    .. 'campaign "thanks" { when = "spend >= 1000", offer = points(100) }\n'
    .. 'test "much is gold" { customer = { spend = 1200 }, gives = { ... } }',
  ["gives.reward"] = friends,
  ["gives.friend_reward"] = friends,
  ["test.referral"] = 'referral "bring a friend" { reward = both(300) }\n'
    .. 'test "both get it" { ... }',
  ["test.friend"] = 'referral "bring a friend" { reward = both(300) }\n'
    .. 'test "both get it" { ... }',
}

M.words = {
  [""] = {
    policy = 'policy "Cards" { currency = "CNY" }',
    inputs = "inputs { opted_out = flag }",
    params = "params { gold_from = 1000 }",
    metrics = 'metrics { per_order = "spend / orders" }',
    loyalty = 'loyalty "miles" { earn = "2 * amount" }',
    tiers = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }',
    segments = 'segments "stage" { { "new", when = "orders == 1" }, { "others" } }',
    matrix = 'matrix "worth" { rows = { by = "spend", cuts = { 100 }, names = { "low", "high" } }, '
      .. 'columns = { by = "orders", cuts = { 5 }, names = { "low", "high" } }, cells = { '
      .. 'low = { low = "small", high = "busy" }, high = { low = "rich", high = "best" } } }',
    tree = 'tree "care" { "orders >= 4", yes = "call", no = { "spend >= 100", yes = "write", '
      .. 'no = "wait" } }',
    decision_table = 'decision_table "care" { reads = { "orders" }, gives = { "owner" }, '
      .. '{ at_least(4), "Ms Li" }, { any, "nobody" } }',
    playbook = 'playbook "thank them" { text = "Thank you for {orders} orders." }\n'
      .. 'campaign "thanks" { when = "orders > 9", offer = points(9), channel = "sms", '
      .. 'playbook = "thank them" }',
    channel = 'channel "phone" { cost = 8 }',
    contact_policy = 'contact_policy "not too often" { customer = { 3, per = months(1) } }',
    campaign = 'campaign "thanks" { when = "orders > 9", offer = gift "a cake" }',
    referral = 'referral "bring a friend" { reward = both(300) }',
    test = 'tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" } }\n'
      .. 'test "much is gold" { customer = { spend = 1200 }, gives = { tier = "gold" } }',
  },
  policy = {
    currency = 'currency = "CNY"',
    allocate = 'allocate = "net per cost"',
    holdout = "holdout = 0.02",
  },
  inputs = {
    integer = "integer", number = "number", money = "money", date = "date", flag = "flag",
    label = "label", text = "text",
  },
  params = { from = "from = 500", to = "to = 5000" },
  metrics = {
    count = 'count "events" { where = "type == \'complaint\'" }',
    sum = 'sum "transactions" { "amount", last = months(12) }',
    mean = 'mean "transactions" { "amount" }',
    min = 'min "transactions" { "amount" }',
    max = 'max "transactions" { "amount" }',
    first = 'first "transactions" { "amount" }',
    last = 'last "transactions" { "amount" }',
    quantile = 'quantile(0.8, "spend")',
    median = 'median "spend"',
    average = 'average "spend"',
    top_heads = 'top_heads(0.05, "spend")',
    top_share = 'top_share(0.8, "spend")',
  },
  aggregate = {
    where = 'where = "type == \'complaint\'"',
    last = "last = days(90)",
    ending = "last = days(90), ending = days(90)",
  },
  duration = { days = "days(90)", months = "months(12)" },
  loyalty = {
    earn = 'earn = "2 * amount"',
    where = 'earn = "amount", where = "amount >= 10"',
    booked = 'booked = "points > 0"',
    expire = 'earn = "amount", expire = months(24)',
    soon = 'earn = "amount", expire = months(24), soon = days(60)',
    unit_value = 'earn = "amount", unit_value = 0.01',
    redeems = 'earn = "amount", unit_value = 0.01, redeems = 0.7',
  },
  tier = {
    when = 'when = "spend >= 1000"',
    keep = 'when = "spend >= 1000", keep = "spend >= 800"',
  },
  tiers = {
    previous = 'previous = "before", since = "since"',
    since = 'previous = "before", since = "since"',
    reviewed = 'previous = "before", since = "since", reviewed = "seen"',
    review = "review = months(12)",
    valid = "valid = months(12)",
    grace = "grace = days(60)",
    fall = 'fall = "one tier"',
  },
  segment = { when = 'when = "orders == 1"' },
  matrix = {
    rows = 'rows = { by = "spend", cuts = { 100 }, names = { "low", "high" } }',
    columns = 'columns = { by = "orders", cuts = "median", names = { "low", "high" } }',
    cells = 'cells = { low = { low = "small", high = "busy" }, '
      .. 'high = { low = "rich", high = { "best", owner = "Ms Li" } } }',
  },
  axis = {
    by = 'by = "spend"',
    cuts = "cuts = { quantile(0.8) }",
    names = 'names = { "low", "high" }',
  },
  tree = {
    yes = 'yes = { "care", owner = "Ms Li" }',
    no = 'no = { "spend >= 100", yes = "care", no = "wait" }',
  },
  decision_table = {
    hit = 'hit = "collect"',
    reads = 'reads = { "orders" }',
    gives = 'gives = { "owner" }',
  },
  row = {
    any = "any",
    at_least = 'at_least("gold")',
    above = "above(100)",
    at_most = "at_most(100)",
    below = "below(100)",
    from_to = "from_to(100, 500)",
  },
  playbook = {
    title = 'title = "{orders} orders"',
    text = 'text = "Thank you for {orders} orders."',
    owner = [[owner = "orders > 9 and 'Ms Li' or 'Mr Wu'"]],
  },
  channel = {
    when = 'when = "recency_days < 400"',
    never = 'never = "recency_days > 400"',
    cost = "cost = 8",
    capacity = "capacity = 500",
  },
  contact_policy = {
    customer = "customer = { 3, per = months(1) }",
    rest = "rest = days(7)",
    channels = 'rest = days(7), channels = { "phone" }',
    campaigns = 'rest = days(7), campaigns = { "thanks" }',
  },
  effect = {
    retention = "retention = 0.12",
    frequency = "frequency = 2",
    spend = "spend = 40",
    referral = "referral = 0.1",
    relative = 'retention = 0.05, relative = true, base = "0.4"',
    base = 'retention = 0.05, relative = true, base = "0.4"',
    paid = 'retention = 0.05, base = "0.4", paid = "on success"',
    sd = "retention = 0.12, sd = 0.05",
    evidence = 'retention = 0.12, evidence = "pilot 2025"',
    from = 'retention = 0.05, sd = 0.05, from = "thanks"',
    arm = 'retention = 0.05, sd = 0.05, from = "thanks", arm = "phone"',
  },
  period = { from = 'from = "2026-01-01"', to = 'to = "2026-03-31"' },
  campaign = {
    goal = 'goal = "that they hear it"',
    when = 'when = "orders > 9"',
    never = 'never = "recency_days > 365"',
    offer = 'offer = gift "a cake"',
    cost = 'cost = 8',
    value = 'value = "0.05 * spend"',
    channel = 'channel = { "phone", "sms" }',
    holdout = "holdout = 0.1",
    effect = "value = 50, effect = { retention = 0.12 }",
    period = 'period = { from = "2026-01-01", to = "2026-03-31" }',
    playbook = 'channel = "sms", playbook = "thank them"',
    priority = "priority = 1",
    caps = "caps = { customer = { 1, per = months(12) } }",
  },
  offer = {
    waive_fee = "waive_fee { up_to = 300 }",
    upgrade = 'upgrade "gold"',
    points = "points(500)",
    cash = "cash(20)",
    gift = 'gift "an umbrella"',
    service_recovery = 'service_recovery "settle it today"',
    let_go = "let_go()",
  },
  waive_fee = {
    up_to = "up_to = 300",
    share = "share = 0.5",
    after_purchases = "after_purchases = 6",
    after_spend = "after_spend = 2000",
    condition = 'condition = "an account for the salary"',
  },
  referral = {
    programme = 'programme = "spring"',
    qualifies = 'qualifies = "friend.spend >= 100"',
    hold = "hold = days(30)",
    reward = "reward = both(300)",
    value = 'value = "0.2 * friend.spend"',
    block = 'block = "ring_size <= 3"',
    claw_back = 'claw_back = "friend.recency_days > 300"',
    caps = "caps = { budget = 80000 }",
  },
  reward = {
    both = "both(300)",
    referrer = "referrer(300)",
    friend = "friend(100)",
    by = 'by "friend.rf_warning" { ["at risk"] = both(100), stable = both(300) }',
    steps = "steps { { 1, both(100) }, { 5, both(300) } }",
  },
  caps = {
    customer = "customer = { 5, per = months(12) }",
    total = "total = 1000",
    budget = "budget = { 80000, per = months(3) }",
    class = 'class = by "card" { gold = 100 }',
  },
  limit = { per = "per = months(12)" },
  test = {
    customer = 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    gives = 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    friend = 'customer = {}, friend = { spend = 100 }, referral = { date = "2025-03-01" }, '
      .. 'today = "2025-03-31", gives = { reward = 300 }',
    referral = 'customer = {}, referral = { date = "2025-03-01" }, today = "2025-03-31", '
      .. 'friend = { spend = 100 }, gives = { reward = 300 }',
    cases = 'cases = { { "1,200", customer = { spend = 1200 }, gives = { tier = "gold" } } }',
    today = 'today = "2025-03-31", customer = { spend = 1200 }, gives = { tier = "gold" }',
    transactions = 'transactions = { { date = "2025-03-01", amount = 1200 } }, '
      .. 'today = "2025-03-31", customer = {}, gives = { tier = "gold" }',
    events = 'events = { { date = "2025-03-01", type = "visit" } }, today = "2025-03-31", '
      .. 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    contacts = 'contacts = { { date = "2025-03-01", campaign = "thanks" } }, '
      .. 'today = "2025-03-31", customer = { spend = 1200 }, gives = { tier = "gold" }',
    rewards = 'rewards = { { date = "2025-03-01", amount = 20 } }, today = "2025-03-31", '
      .. 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    points = 'points = { { date = "2025-03-01", points = 500 } }, today = "2025-03-31", '
      .. 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    relations = 'relations = { { household = "H1" } }, today = "2025-03-31", '
      .. 'customer = { spend = 1200 }, gives = { tier = "gold" }',
    tier_history = 'tier_history = { { date = "2025-03-01", tier = "gold" } }, '
      .. 'today = "2025-03-31", customer = { spend = 1200 }, gives = { tier = "gold" }',
  },
  gives = {
    tier = 'tier = "gold"',
    offers = 'offers = { "thanks" }',
    amount = "amount = 0",
    cost = "cost = 0",
    value = "value = 0",
    reward = "reward = 300",
    friend_reward = "friend_reward = 300",
  },
}

-- A policy whose frame is filled with the example of a word, or with another text in its place.
function M.policy(vocabulary, word, text)
  local own = M.words[word.block] or {}
  local parts = {}
  for _, other in ipairs(vocabulary) do
    if other.block == word.block and other.required and other.name ~= word.name then
      parts[#parts + 1] = assert(own[other.name], other.block .. "." .. other.name)
    end
  end
  parts[#parts + 1] = text or assert(own[word.name], word.block .. "." .. word.name
    .. " has no example in tests/policy/examples.lua")
  local frame = assert(M.frames[word.block .. "." .. word.name] or M.frames[word.block],
    "no frame for the words of " .. word.block)
  return (frame:gsub("%.%.%.", function()
    return table.concat(parts, ", ")
  end))
end

return M
