-- The words of campaigns that are scarce, right and wrong.
local run = require("policy.run")

local function says(list)
  for i = 1, #list, 2 do
    assert.equal(list[i + 1], run.finding(list[i]), list[i])
  end
end

local function campaign(fields)
  return "campaign 'x' { when = 'true', offer = gift 'y', " .. fields .. " }"
end

describe("a channel", function()
  it("is taken as it is written", function()
    says({
      "channel 'phone' { when = 'orders > 1', never = 'spend < 3', cost = 8, capacity = 0 }\n"
        .. campaign("channel = { 'phone' }"), "",
      campaign("channel = 'owl'"), "", -- without a block it is what it is called
    })
  end)

  it("must be declared once one is, and stands once in a list", function()
    says({
      "channel 'phone' {} " .. campaign("channel = { 'phone', 'phnoe' }"),
      "error 1:89 campaign 'x': there is no channel 'phnoe'; did you mean 'phone'?",
      "channel 'phone' {} channel 'sms' {} " .. campaign("channel = 'email'"),
      "error 1:95 campaign 'x': there is no channel 'email'; the names here are: 'phone', 'sms'",
      campaign("channel = { 'phone', 'sms', 'phone' }"),
      "error 1:77 campaign 'x': the channel 'phone' stands here twice",
      campaign("channel = {}"),
      "error 1:59 campaign 'x': `channel` takes text or a list of text, got an empty table",
      "channel 'phone' {} channel 'phone' {} " .. campaign("channel = 'phone'"),
      "error 1:20 'phone' is a channel here and a channel in line 1; choose another name",
      "channel 'phone' { capacity = 1.5 } " .. campaign("channel = 'phone'"),
      "error 1:30 channel 'phone': `capacity` takes a whole number, or an "
        .. "expression over params, got 1.5",
      "channel 'phone' { cost = 'when' } " .. campaign("channel = 'phone'"), "",
      "channel { } " .. campaign("goal = 'z'"),
      "error 1:1 `channel` is written channel \"a name\" { ... }",
    })
    assert.matches("did you mean `spend`", run.compiled(
      "channel 'phone' { cost = 'spedn' } " .. campaign("channel = 'phone'")))
  end)
end)

describe("caps", function()
  it("are taken as they are written", function()
    says({
      "tiers 'card' { { 'gold', when = 'spend > 3' }, { 'other' } } " .. campaign(
        "caps = { customer = 1, total = { 500, per = months(1) }, "
          .. "budget = { 99.5, per = days(7) }, class = by 'card' { gold = 100, other = 0 } }"), "",
      "tiers 'card' { { 'gold' } } " .. campaign("caps = { class = by 'tier' { gold = 1 } }"), "",
      "segments 'kind' { { 'new', when = 'orders < 2' }, { 'old' } } "
        .. campaign("caps = { class = by 'segment' { new = 5 } }"), "",
      campaign("caps = { customer = 0, total = 0, budget = 0 }"), "",
    })
  end)

  it("are refused as anything else", function()
    local whole = "`customer` takes a whole number or an expression over params, or { that, per = "
      .. "months(12) }, got "
    says({
      campaign("caps = 3"), "error 1:56 campaign 'x': `caps` takes a table, got 3",
      campaign("caps = { customer = 1.5 }"), "error 1:69 campaign 'x': " .. whole .. "1.5",
      campaign("caps = { customer = -1 }"), "error 1:69 campaign 'x': " .. whole .. "-1",
      campaign("caps = { customer = { per = days(3) } }"),
      "error 1:69 campaign 'x': " .. whole .. "a table",
      campaign("caps = { customer = { 1, pre = days(3) } }"),
      "error 1:74 campaign 'x': unknown word `pre`; did you mean `per`?",
      campaign("caps = { customer = { 1, per = 3 } }"),
      "error 1:80 campaign 'x': `per` takes days(n) or months(n), got 3",
      campaign("caps = { budget = true }"), "error 1:67 campaign 'x': `budget` takes an amount or "
        .. "an expression over params, or { that, per = months(12) }, got true",
      campaign("caps = { class = by 'card' { gold = 1 } }"),
      "error 1:69 campaign 'x': there is no tiers or segments block 'card'",
      "tiers 'card' { { 'gold' } } " .. campaign("caps = { class = by 'card' { glod = 1 } }"),
      "error 1:106 campaign 'x': there is no tier 'glod'; did you mean 'gold'?",
      "tiers 'card' { { 'gold' } } " .. campaign("caps = { class = by 'card' { gold = 0.5 } }"),
      "error 1:113 campaign 'x': `gold` takes a whole number, or an "
        .. "expression over params, got 0.5",
      "tiers 'card' { { 'gold' } } " .. campaign("caps = { class = { gold = 1 } }"),
      "error 1:94 campaign 'x': `class` takes by \"tiers or segments\" { class = number }, "
        .. "got a table",
    })
  end)
end)

describe("a cap, a budget and a capacity", function()
  local params = "params { pot = { 900.5, from = 0, to = 5000 }, many = 7 }\n"

  it("may be expressions over params", function()
    says({
      params .. "tiers 'card' { { 'gold' } } channel 'phone' { capacity = '40 * many' }\n"
        .. campaign("channel = 'phone', caps = { customer = 'many', total = { 'many + 1', per = "
          .. "months(1) }, budget = 'pot / 2', class = by 'card' { gold = 'many' } }"), "",
    })
  end)

  it("read nothing else, and come to a number that may stand there", function()
    says({
      params .. campaign("caps = { budget = 'spend' }"), "error 2:68 there is no name `spend`; "
        .. "check its spelling, or declare it under inputs or metrics (`budget` is one number for "
        .. "all, so it reads params only)",
      params .. campaign("caps = { budget = '-pot' }"),
      "error 2:67 `budget` takes an amount from 0 to 10^12, and this comes to -900.5",
      params .. campaign("caps = { total = 'many / 2' }"),
      "error 2:66 `total` takes a whole number from 0 to 10^12, and this comes to 3.5",
      params .. campaign("caps = { customer = 'many // 0' }"),
      "error 2:69 `customer` takes a whole number from 0 to 10^12, and this comes to nan",
    })
  end)
end)

describe("an effect", function()
  it("is one thing that is worth something", function()
    says({
      campaign("value = 3, effect = { retention = 0.12, sd = 0.05, evidence = 'pilot' }"), "",
      campaign("value = 3, effect = { spend = '0.1 * spend' }"), "",
      campaign("value = 3, effect = { frequency = -0.5, relative = true, base = 'orders' }"), "",
      campaign("effect = { referral = 1 }"), "error 1:58 campaign 'x': an `effect` counts times "
        .. "`value`, which is missing: what is it worth?",
      campaign("value = 3, effect = { sd = 0.05 }"), "error 1:69 campaign 'x': `effect` has none: "
        .. "it takes one of retention, frequency, spend and referral",
      campaign("value = 3, effect = { retention = 0.1, spend = 3 }"), "error 1:69 campaign 'x': "
        .. "`effect` has more than one: it takes one of retention, frequency, spend and referral",
      campaign("value = 3, effect = { retention = 12 }"),
      "error 1:83 campaign 'x': `retention` is a share: 0.12 is 12 in a hundred, got 12",
      campaign("value = 3, effect = { retention = 0.1, base = 40 }"),
      "error 1:95 campaign 'x': `base` is a share: 0.12 is 12 in a hundred, got 40",
      campaign("value = 3, effect = { retention = 0.1, base = -0.1 }"),
      "error 1:95 campaign 'x': `base` is a share: 0.12 is 12 in a hundred, got -0.1",
      campaign("value = 3, effect = { retention = 0.1, sd = 5 }"),
      "error 1:93 campaign 'x': `sd` is a share: 0.12 is 12 in a hundred, got 5",
      campaign("value = 3, effect = { spend = 100, base = 400, sd = 50 }"), "",
      campaign("value = 3, effect = { retention = 0.1, relative = true }"), "error 1:69 campaign "
        .. "'x': a relative effect is a share of `base`, which is missing",
      campaign("value = 3, effect = { retention = 0.1, base = 0.5, sd = 0 }"), "",
      campaign("value = 3, effect = { retention = 0.1, base = 0.5, paid = 'on success' }"), "",
      campaign("value = 3, effect = { retention = 0.1, paid = 'on success' }"), "error 1:69 "
        .. "campaign 'x': what is paid on success is paid for `base`, too: what there would be "
        .. "without the offer; it is missing: say it, `base = 0.4`",
      campaign("value = 3, effect = { retention = 0.1, base = 0.5, paid = 'never' }"),
      "error 1:107 campaign 'x': `paid` takes \"always\" or \"on success\", got \"never\"",
      campaign("value = 3, effect = { retention = 0.1, sd = -1 }"),
      "error 1:93 campaign 'x': `sd` takes a number from 0 on, got -1",
      campaign("value = 3, effect = { retention = 0.1, relative = 1 }"),
      "error 1:99 campaign 'x': `relative` takes true or false, got 1",
    })
  end)
end)

describe("a period, a priority and an allocation", function()
  it("are taken as they are written", function()
    says({
      campaign("period = { from = '2026-01-01', to = '2026-01-01' }"), "",
      campaign("period = { from = '2026-01-01' }"), "",
      "policy 'p' { allocate = 'priority', holdout = 0.1 } " .. campaign("priority = 1"), "",
      "policy 'p' { allocate = 'net per cost' } " .. campaign("goal = 'z'"), "",
    })
  end)

  it("are refused as anything else", function()
    says({
      campaign("period = { from = '2026-02-30' }"), "error 1:67 campaign 'x': `from` takes a day "
        .. 'such as "2026-01-31", got "2026-02-30"',
      campaign("period = { from = '2026-02-02', to = '2026-02-01' }"),
      "error 1:58 campaign 'x': `period` ends before it begins",
      campaign("priority = 1"), "error 1:60 campaign 'x': `priority` counts only with "
        .. 'allocate = "priority" in the policy block',
      "policy 'p' { allocate = 'priority' } " .. campaign("priority = 0"),
      "error 1:97 campaign 'x': `priority` takes a whole number, got 0",
      "policy 'p' { allocate = 'best' } " .. campaign("goal = 'z'"), "error 1:25 policy 'p': "
        .. '`allocate` takes "net", "net per cost" or "priority", got "best"',
      "policy 'p' { holdout = 1 } " .. campaign("goal = 'z'"),
      "error 1:24 policy 'p': `holdout` takes a share from 0 to below 1, got 1",
    })
  end)
end)

describe("a contact policy", function()
  it("is taken as it is written", function()
    says({
      campaign("channel = 'phone'") .. "\ncontact_policy 'q' { customer = { 3, per = months(1) }, "
        .. "channels = 'phone', campaigns = { 'x' }, rest = days(7) }", "",
      campaign("goal = 'z'") .. "\ncontact_policy 'q' { rest = days(7) }", "",
    })
  end)

  it("limits something that there is", function()
    says({
      campaign("goal = 'z'") .. "\ncontact_policy 'q' {}", "error 2:1 contact_policy 'q': it "
        .. "limits nothing: say `customer` = { 3, per = months(1) }, or `rest` = days(7)",
      campaign("goal = 'z'") .. "\ncontact_policy 'q' { rest = 7 }",
      "error 2:29 contact_policy 'q': `rest` takes days(n) or months(n), got 7",
      campaign("channel = 'sms'") .. "\ncontact_policy 'q' { rest = days(7), channels = 'smss' }",
      "error 2:49 contact_policy 'q': there is no channel 'smss'; did you mean 'sms'?",
      campaign("goal = 'z'") .. "\ncontact_policy 'q' { rest = days(7), campaigns = 'y' }",
      "error 2:50 contact_policy 'q': there is no campaign 'y'; did you mean 'x'?",
      campaign("goal = 'z'") .. "\ncontact_policy 'q' { rest = days(7) }\n"
        .. "contact_policy 'q' { rest = days(8) }",
      "error 3:1 'q' is a contact policy here and a contact policy in line 2; choose another name",
    })
  end)
end)
