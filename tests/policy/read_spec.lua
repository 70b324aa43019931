-- Every word of the vocabulary, used rightly and wrongly.
local run = require("policy.run")

-- The findings of a text, one a line: "error 1:5 what is wrong".
local function findings(text)
  local out = {}
  for i, finding in ipairs(run.load(text).findings) do
    out[i] = finding:gsub("^(%S+) %S+ ", "%1 ")
  end
  return table.concat(out, "\n")
end

local function says(cases)
  for i = 1, #cases, 2 do
    assert.equal(cases[i + 1], findings(cases[i]), cases[i])
  end
end

local function reads(expected, text)
  local result = run.load(text)
  assert.equal(0, result.status, result.error)
  assert.equal(expected, result.policy)
end

describe("a policy", function()
  it("is read whole", function()
    reads([[
policy Card retention currency=CNY
input fee_due_in integer
input annual_fee money
input opted_out flag
input potential label high|low
input 潜力 label
input note text
input since date
input share number
param gold_clv integer 20000 10000..40000
param churn_cut number 0.5f 0.1..0.9
param least number 3f -inf..4
param polite flag true
param way label sms
metric complaints_90d 1 table=events where=type == 'complaint' last=90d
metric web_spend 2 table=transactions value=amount where=channel == 'web' last=12m
metric spend_before 2 table=transactions value=amount last=12m ending=12m
metric all_events 1 table=events
metric highest 5 table=transactions value=amount / 2
metric twice 0 value=2 * spend
tiers card
  diamond when=clv >= 5 * gold_clv
  gold when=clv >= gold_clv
  classic diamond|gold|classic
tiers mood
  all all
campaign annual-fee waiver
  goal=keep good young accounts past their first fee
  when=fee_due_in <= 30 and tenure_months < 6 and potential == 'high'
  never=opted_out
  offer=waive_fee up_to=300 after_purchases=6
  cost=annual_fee
  value=clv
  channel=phone|sms
  holdout=0.1
campaign 升级
  when=true
  offer=upgrade gold
  cost=3
  value=1.5
  channel=phone
test young
  fee_due_in=10 since=2025-01-31 potential=high share=0.25f opted_out=false
  tier card=gold
  offers annual-fee waiver
test nothing
  tier card=classic
  tier mood=all
  offers ]], [[
policy "Card retention" { currency = "CNY" }

inputs {
  fee_due_in = integer, annual_fee = money, opted_out = flag,
  potential  = { "low", "high" }, ["潜力"] = label, note = text, since = date, share = number,
}

params {
  gold_clv  = { 20000, from = 10000, to = 40000 },
  churn_cut = { 0.5, from = 0.10, to = 0.90 },
  least = { 3.0, to = 4 }, polite = true, way = "sms",
}

metrics {
  complaints_90d = count "events" { where = "type == 'complaint'", last = days(90) },
  web_spend      = sum "transactions" { "amount", where = "channel == 'web'", last = months(12) },
  spend_before   = sum "transactions" { "amount", last = months(12), ending = months(12) },
  all_events     = count "events",
  highest        = max "transactions" { "amount / 2" },
  twice          = "2 * spend",
}

tiers "card" {
  { "diamond", when = "clv >= 5 * gold_clv" },
  { "gold",    when = "clv >= gold_clv" },
  { "classic" },
}
tiers "mood" { { "all" } }

campaign "annual-fee waiver" {
  goal    = "keep good young accounts past their first fee",
  when    = "fee_due_in <= 30 and tenure_months < 6 and potential == 'high'",
  never   = "opted_out",
  offer   = waive_fee { after_purchases = 6, up_to = 300 },
  cost    = "annual_fee",
  value   = "clv",
  channel = { "phone", "sms" },
  holdout = 0.10,
}
campaign("升级", { when = true, offer = upgrade "gold", cost = 3, value = 1.5, channel = "phone" })

test "young" {
  customer = { fee_due_in = 10, since = "2025-01-31", potential = "high", share = 0.25,
               opted_out = false },
  gives    = { tier = "gold", offers = { "annual-fee waiver" } },
}
test "nothing" { customer = {}, gives = { tier = { card = "classic", mood = "all" }, offers = {} } }
]])
  end)

  it("may stand in any order, and be computed", function()
    reads([[
policy FILE
tiers card
  gold gold
campaign c1
  when=orders > 1
  offer=points 100
campaign c2
  when=orders > 2
  offer=points 200
test t
  tier card=gold]], [[
test "t" { customer = {}, gives = { tier = "gold" } }
for i = 1, 2 do
  campaign("c" .. i) { when = "orders > " .. i, offer = points(100 * i) }
end
tiers "card" { { "gold" } }]])
  end)

  it("has every offer as one text", function()
    for offer, text in pairs({
      ["waive_fee { up_to = 1.5 }"] = "waive_fee up_to=1.5",
      ["upgrade 'gold'"] = "upgrade gold",
      ["points(500)"] = "points 500",
      ["cash(0.1)"] = "cash 0.1",
      ["gift 'an umbrella'"] = "gift an umbrella",
      ["service_recovery"] = "service_recovery",
      ["service_recovery 'call'"] = "service_recovery call",
      ["let_go"] = "let_go",
      ["let_go()"] = "let_go",
    }) do
      reads("policy FILE\ncampaign x\n  when=true\n  offer=" .. text,
        "campaign 'x' { when = 'true', offer = " .. offer .. " }")
    end
  end)
end)

describe("a block", function()
  it("has its own form", function()
    says({
      "", "",
      "-- nothing", "error 0:0 declares nothing: write a campaign \"...\" { ... } or tiers \"...\" "
        .. "{ ... }",
      "gift 'x'", "error 0:0 declares nothing: write a campaign \"...\" { ... } or tiers \"...\" "
        .. "{ ... }",
      "policy 'x'", "error 1:1 `policy` is written policy \"a name\" { ... }",
      "policy {}", "error 1:1 `policy` is written policy \"a name\" { ... }",
      "inputs 'x' {}", "error 1:1 `inputs` is written inputs { ... }",
      "tiers {}", "error 1:1 `tiers` is written tiers \"a name\" { ... }",
      "\n campaign '' {}", "error 2:2 `campaign` is written campaign \"a name\" { ... }",
      "campaign 'x' {} {}", "error 1:1 `campaign` is written campaign \"a name\" { ... }",
      "test", "error 1:0 syntax error near <eof>; the file ends too early: is a } or a quote "
        .. "missing?",
      "policy 'x' {} policy 'y' {}", "error 1:15 policy 'y': a file has one `policy`",
      "inputs { integer }", "error 1:10 inputs: `integer` has no name here; write name = value",
      "campaign 'x' { 'true', when = 'true', offer = let_go }",
      "error 1:16 campaign 'x': \"true\" has no name here; write name = value",
      "policy 'a\\nb' {}", "error 1:8 \"a?b\" has a line break or another control character",
      "policy '" .. ("x"):rep(201) .. "' {}",
      "error 1:8 \"" .. ("x"):rep(60) .. "...\" is longer than 200 bytes",
    })
  end)

  it("knows its words", function()
    says({
      "campaign 'x' { when = 'true', offer = let_go, chanel = {} }",
      "error 1:47 campaign 'x': unknown word `chanel`; did you mean `channel`?",
      "campaign 'x' { when = 'true', offer = let_go,\n  zzz = {} }",
      "error 2:3 campaign 'x': unknown word `zzz`; the words here are: goal, when, never, offer, "
        .. "cost, value, effect, channel, period, priority, caps, playbook, holdout",
      "policy 'x' { curency = 'CNY' }",
      "error 1:14 policy 'x': unknown word `curency`; did you mean `currency`?",
      "campaign 'x' { when = 'true', ofer = let_go }",
      "error 1:31 campaign 'x': unknown word `ofer`; did you mean `offer`?",
      "campaign 'x' { when = 'true',\n when = 'false', offer = let_go }",
      "error 2:2 `when` is written twice in this table, first in line 1; keep one",
      "campaign 'x' { offer = let_go }",
      "error 1:14 campaign 'x': `when` is missing: it takes a condition",
    })
  end)

  it("takes functions that name what they take, and no others", function()
    local own = "this is a function of Lua's; write function(...) ... end"
    local typed = "metrics: `a`: write flag(function ... end), or integer, money, date, number, or "
      .. 'label({ "low", "high" }, function ... end) with at most 256 labels'
    says({
      "campaign 'x' { offer = let_go,\n  when = function(orders) return orders > 3 end }", "",
      "local function f() end\ncampaign 'x' { when = f, cost = f, offer = let_go }", "",
      "metrics { a = function(x) return x end, b = flag(function(a) return a end) }", "",
      "metrics { a = label({ 'x' }, function(x) return x end) }", "",
      "metrics { a = date(function(x) return x end) }", "",
      "metrics { a = label(function(x) return x end) }", "error 1:15 " .. typed,
      "metrics { a = label({}, function(x) return x end) }", "error 1:15 " .. typed,
      "metrics { a = text(function(x) return x end) }", "error 1:15 " .. typed,
      "metrics { a = flag({ 'x' }, function(x) return x end) }", "error 1:15 " .. typed,
      "campaign 'x' { when = math.abs, offer = let_go }",
      "error 1:23 campaign 'x': " .. own,
      "metrics { a = pairs }", "error 1:15 metrics: " .. own,
      "campaign 'x' { when = function(a, ...) return a end, offer = let_go }",
      "error 1:23 campaign 'x': a function over a customer names what it takes; `...` names "
        .. "nothing",
      "params { a = function() end }",
      "error 1:14 params: `a` takes a value or { value, from = number, to = number }, got a "
        .. "function",
      "campaign 'x' { when = 'true', offer = gift(function() end) }",
      "error 1:39 campaign 'x': `gift` takes text, got a function",
      "metrics { a = sum 't' { function() end } }",
      "error 1:15 metrics: `a` is written sum \"a table\" { \"a column\", last = months(12) }",
    })
  end)
end)

describe("inputs", function()
  it("have types", function()
    local takes = "inputs: `a` takes a type (integer, number, money, date, flag, label "
      .. "or text) or a list of labels, got "
    says({
      "inputs { a = integr }", "error 1:14 unknown word `integr`; did you mean `integer`?",
      "inputs { a = 'integer' }", "error 1:14 " .. takes .. "\"integer\"",
      "inputs { a = {} }", "error 1:14 " .. takes .. "an empty table",
      "inputs { a = { 1 } }", "error 1:14 " .. takes .. "a table",
      "inputs { a = integer(3) }", "error 1:14 " .. takes .. "`integer`",
      "inputs { a = days }", "error 1:14 " .. takes .. "`days`",
      "inputs { ['a\\27'] = integer }",
      "error 1:11 inputs: \"a?\" has a line break or another control character",
    })
  end)
end)

describe("params", function()
  it("are values within their range", function()
    local takes = "params: `a` takes a value or { value, from = number, to = number }, got "
    says({
      "params { a = {} }", "error 1:14 " .. takes .. "an empty table",
      "params { a = { 1, 2 } }", "error 1:14 " .. takes .. "a table",
      "params { a = 0/0 }", "error 1:14 " .. takes .. "nan",
      "params { a = integer }", "error 1:14 " .. takes .. "`integer`",
      "params { a = '' }", "error 1:14 " .. takes .. "\"\"",
      "params { a = { 1, from = 2 } }", "error 1:14 params: `a` is not within its own from and to",
      "params { a = { 1.5, from = 2, to = 1 } }",
      "error 1:14 params: `a` is not within its own from and to",
      "params { a = { 'x', from = 2 } }",
      "error 1:14 params: `a` is no number, so it has no from and to",
      "params { a = { 1, form = 2 } }",
      "error 1:19 params: unknown word `form`; did you mean `from`?",
      "params { a = { 1, from = 'x' } }", "error 1:26 params: `from` takes a number, got \"x\"",
    })
  end)
end)

describe("metrics", function()
  it("are expressions or aggregates", function()
    says({
      "metrics { a = 5 }",
      "error 1:15 metrics: `a` takes an expression in quotes, a function, count, "
        .. "sum ... of a table, or median, quantile ... of all customers, got 5",
      "metrics { a = gift 'x' }",
      "error 1:15 metrics: `a` takes an expression in quotes, a function, count, "
        .. "sum ... of a table, or median, quantile ... of all customers, got `gift`",
      "metrics { a = meen 'x' {} }", "error 1:15 unknown word `meen`; did you mean `mean`?",
      "metrics { a = count }",
      "error 1:15 metrics: `a` is written count \"a table\" { last = months(12) }",
      "metrics { a = count 'x' { 'amount' } }",
      "error 1:15 metrics: `a` is written count \"a table\" { last = months(12) }",
      "metrics { a = sum 'x' }",
      "error 1:15 metrics: `a` is written sum \"a table\" { \"a column\", last = months(12) }",
      "metrics { a = sum 'x' { 'y' } {} }",
      "error 1:15 metrics: `a` is written sum \"a table\" { \"a column\", last = months(12) }",
      "metrics { a = sum 'x' { 'y', last = 90 } }",
      "error 1:37 metrics: `last` takes days(n) or months(n), got 90",
      "metrics { a = sum 'x' { 'y', last = days(1.5) } }",
      "error 1:37 metrics: `last` takes days(n) or months(n), got `days`",
      "metrics { a = sum 'x' { 'y', last = days(0) } }",
      "error 1:37 metrics: days(n) takes a whole number from 1 to 36600, got 0",
      "metrics { a = sum 'x' { 'y', ending = months(1201) } }",
      "error 1:39 metrics: months(n) takes a whole number from 1 to 1200, got 1201",
      "metrics { a = sum 'x' { 'y', lst = days(1) } }",
      "error 1:30 metrics: unknown word `lst`; did you mean `last`?",
    })
  end)
end)

describe("tiers", function()
  it("are a list of names and conditions", function()
    says({
      "tiers 'card' {}", "error 1:1 tiers 'card': has 0 tiers; it takes 1 to 1000",
      "tiers 'card' { 'gold' }",
      "error 1:16 tiers 'card': a tier is written { \"name\", when = \"...\" }, got \"gold\"",
      "tiers 'card' { { 'gold', when = 3 } }",
      "error 1:33 tiers 'card': `when` takes a condition, got 3",
      "tiers 'card' { { 'gold', whn = 'x' } }",
      "error 1:26 tiers 'card': unknown word `whn`; did you mean `when`?",
      "tiers 'card' { { 'gold' }, when = 'x' }",
      "error 1:28 tiers 'card': unknown word `when`; the words here are: "
        .. "previous, since, reviewed, review, valid, grace, fall; a tier is written "
        .. "{ \"gold\", when = \"...\" }",
    })
  end)
end)

describe("campaigns", function()
  it("take the right kind everywhere", function()
    local function with(fields)
      return "campaign 'x' { when = 'true', offer = let_go, " .. fields .. " }"
    end
    says({
      "campaign 'x' { when = 1, offer = let_go }",
      "error 1:23 campaign 'x': `when` takes a condition, got 1",
      with("holdout = 'ten'"),
      "error 1:57 campaign 'x': `holdout` takes a share from 0 to below 1, got \"ten\"",
      with("holdout = 1"),
      "error 1:57 campaign 'x': `holdout` takes a share from 0 to below 1, got 1",
      with("holdout = -0.1"),
      "error 1:57 campaign 'x': `holdout` takes a share from 0 to below 1, got -0.1",
      with("cost = true"), "error 1:54 campaign 'x': `cost` takes a number expression, got true",
      with("cost = 0/0"), "error 1:54 campaign 'x': `cost` takes a number expression, got nan",
      with("goal = 3"), "error 1:54 campaign 'x': `goal` takes text, got 3",
      with("channel = 'sms'"),
      "error 1:57 campaign 'x': let_go is the decision to do nothing, so it has no channel",
      "campaign 'x' { when = 'true', offer = gift 'a', channel = {} }",
      "error 1:59 campaign 'x': `channel` takes text or a list of text, got an empty table",
      "campaign 'x' { when = 'true', offer = gift 'a', channel = { 1 } }",
      "error 1:59 campaign 'x': `channel` takes text or a list of text, got a table",
    })
  end)

  it("make one of the offers", function()
    local function offering(offer)
      return "campaign 'x' { when = 'true', offer = " .. offer .. " }"
    end
    local no = "error 1:39 campaign 'x': `offer` takes an offer such as cash(20) or "
      .. "gift \"umbrella\", got "
    says({
      offering("'gift'"), no .. "\"gift\"",
      offering("count 'x'"), no .. "`count`",
      offering("gift"), "error 1:39 campaign 'x': `gift` takes text",
      offering("gift(3)"), "error 1:39 campaign 'x': `gift` takes text, got 3",
      offering("let_go 'x'"), "error 1:39 campaign 'x': `let_go` takes nothing, got \"x\"",
      offering("points(-3)"), "error 1:39 campaign 'x': `points` takes a number expression, got -3",
      offering("cash(true)"), "error 1:39 campaign 'x': `cash` takes a number expression, got true",
      offering("waive_fee(3)"),
      "error 1:39 campaign 'x': `waive_fee` takes a table, or nothing, got 3",
      offering("waive_fee"), "",
      offering("waive_fee { share = 0.5, after_spend = 1000, condition = 'a visit' }"), "",
      offering("waive_fee { share = 1.5 }"),
      "error 1:59 campaign 'x': `share` takes a share above 0, to 1, got 1.5",
      offering("waive_fee { condition = 3 }"),
      "error 1:63 campaign 'x': `condition` takes text, got 3",
      offering("waive_fee { up_to = 'x' }"),
      "error 1:59 campaign 'x': `up_to` takes a number, got \"x\"",
      offering("waive_fee { up_to = 1, after_purchases = 1.5 }"),
      "error 1:80 campaign 'x': `after_purchases` takes a whole number, got 1.5",
      "tiers 'card' { { 'silver' } } " .. offering("upgrade 'gold'"),
      "error 1:77 campaign 'x': no tiers block has a tier \"gold\"; what is no tier is a `gift`",
    })
  end)
end)

describe("tests", function()
  it("name a customer, and what is there", function()
    local function gives(what)
      return "tiers 'card' { { 'silver' } } test 'x' { customer = {}, gives = " .. what .. " }"
    end
    says({
      "test 'x' {}",
      "error 1:10 test 'x': `customer` is missing: it takes a table of name = value\n"
        .. "error 1:10 test 'x': `gives` is missing: it takes a table",
      "test 'x' { customer = 3, gives = { offers = {} } }",
      "error 1:23 test 'x': `customer` takes a table of name = value, got 3",
      "test 'x' { customer = { a = {} }, gives = { offers = {} } }",
      "error 1:29 test 'x': `a` takes a value, got an empty table",
      "test 'x' { customer = { a = 1/0 }, gives = { offers = {} } }",
      "error 1:29 test 'x': `a` takes a value, got inf",
      gives("{}"),
      "error 1:65 test 'x': `gives` is empty: say which tier, or which offers ({ } for none)",
      gives("{ offer = {} }"), "error 1:67 test 'x': unknown word `offer`; did you mean `offers`?",
      gives("{ offers = { 'y' } }"), "error 1:78 test 'x': there is no campaign 'y'",
      gives("{ tier = 'siver' }"),
      "error 1:74 test 'x': there is no tier 'siver'; did you mean 'silver'?",
      gives("{ tier = { crd = 'silver' } }"),
      "error 1:82 test 'x': there is no tiers or segments block 'crd'; did you mean 'card'?",
      gives("{ tier = {} }"),
      "error 1:74 test 'x': `tier` takes a tier's name, or { tiers = name, ... }, got an empty "
        .. "table",
      "test 'x' { customer = {}, gives = { tier = 'gold' } }",
      "error 1:44 test 'x': there is no tiers or segments block 'tier'",
    })
  end)
end)

describe("names", function()
  it("are declared once", function()
    local c = " { when = 'true', offer = let_go }"
    says({
      "params { a = 1, a = 2 }",
      "error 1:17 `a` is written twice in this table, first in line 1; keep one",
      "params { a = 1 }\nparams { a = 2 }",
      "error 2:10 'a' is a param here and a param in line 1; choose another name",
      "params { a = 1 }\nmetrics { a = 'b' }\ntiers 'a' { { 'x' } }",
      "error 2:11 'a' is a metric here and a param in line 1; choose another name\n"
        .. "error 3:1 'a' is a tiers block here and a metric in line 2; choose another name",
      "params { a = 1 } inputs { a = integer }",
      "error 1:27 'a' is an input here and a param in line 1; choose another name",
      "campaign 'x'" .. c .. "\ncampaign 'x'" .. c,
      "error 2:1 'x' is a campaign here and a campaign in line 1; choose another name",
      "campaign 'x'" .. c .. " campaign 'x'" .. c,
      "error 1:48 'x' is a campaign here and a campaign in line 1; choose another name",
      "tiers 'a' { { 'x' }, { 'x' } } tiers 'b' { { 'x' } }",
      "error 1:22 'x' is a tier here and a tier in line 1; choose another name",
    })
  end)

  it("mean nothing else", function()
    local function taken(name, what)
      return "error 1:10 `" .. name .. "` is a param here and " .. what
        .. " already; choose another name"
    end
    says({
      "params { clv = 1 }", taken("clv", "a metric of Patron"),
      "params { max = 1 }", taken("max", "a function of the expression language"),
      "params { today = 1 }", taken("today", "the as-of date"),
      "params { tier = 1 } tiers 'card' { { 'x' } }", taken("tier", "the first tiers block"),
      "params { tier = 1 }", "",
      "params { c = 1 }", taken("c", "the customer, in c[\"a column\"]"),
      "params {['and'] = 1 }", taken("and", "a word of the expression language"),
      "params { ['a b'] = 1 }",
      "error 1:11 'a b' cannot name a param: use letters, digits and _, and begin with a letter",
      "tiers '1st' { { 'x' } }",
      "error 1:1 '1st' cannot name a tiers block: use letters, digits and _, and begin with a "
        .. "letter",
      "tiers 'tier' { { 'x' } }", "",
      "tiers 'card' { { 'x' } } inputs { tier = text }",
      "error 1:35 `tier` is an input here and the first tiers block already; choose another name",
      "tiers 'tier' { { 'x' } } inputs { tier = text }",
      "error 1:35 'tier' is an input here and a tiers block in line 1; choose another name",
      "tiers 'card' { { 'x' } } params { card_undecided = 1, tier_undecided = 1 }",
      "error 1:35 'card_undecided' is a param here and the mark of a tiers block in line 1; choose "
        .. "another name\nerror 1:55 `tier_undecided` is a param here and the first tiers block "
        .. "already; choose another name",
      "inputs { tier = text }", "",
      "inputs { clv = money, ['the end'] = flag }", "",
    })
  end)
end)
