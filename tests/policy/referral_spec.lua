-- The words of referral programmes: right use, wrong use.
local run = require("policy.run")

-- The only finding of a referral block with these settings, but that an input is not read.
local function finding(settings, before)
  local text = (before or "") .. 'referral "r" {\n' .. settings .. "\n}"
  local found = {}
  for _, one in ipairs(run.load(text, { compile = true }).findings) do
    if not one:find("^warning unused") then
      found[#found + 1] = one:gsub("^(%S+) %S+ (%d+:%d+)", "%1 %2")
    end
  end
  assert.is_true(#found <= 1, table.concat(found, "\n"))
  return found[1] or ""
end

local INPUTS = 'inputs { kind = { "private", "business" }, city = label, closed = flag }\n'

describe("a referral", function()
  it("is read with all its words", function()
    assert.equal("", finding([[
      programme = "bank", hold = days(30), qualifies = "friend.spend >= 100 or closed",
      block = "city == friend.city or referral.status == 'void'", claw_back = "friend.closed",
      value = "friend.spend - spend", reward = both(300),
      caps = { customer = { 3, per = months(12) }, total = 100, budget = 1000.5 }]], INPUTS))
  end)

  it("says which word is missing, and which is wrong", function()
    assert.equal("error 1:14 referral 'r': `reward` is missing: it takes a reward such as "
      .. "both(300)", finding("hold = days(3)"))
    assert.equal("error 2:1 referral 'r': unknown word `qualifis`; did you mean `qualifies`?",
      finding("qualifis = 'true', reward = both(3)"))
    assert.equal("error 2:8 referral 'r': `hold` takes days(n) or months(n), got 30",
      finding("hold = 30, reward = both(3)"))
  end)

  it("has rules that are conditions and amounts", function()
    assert.equal("error 2:14 `friend.spend` is an amount of money, and this place takes a "
      .. "condition: compare it, or ask has(...)",
      finding("qualifies = 'friend.spend', reward = both(3)"))
    assert.matches("^error 2:10 .* is a flag",
      finding("value = 'friend.spend > 3', reward = both(3)"))
  end)

  it("refuses a function, with the way out", function()
    assert.equal("error 2:13 referral 'r': a referral is decided by expressions: declare the "
      .. "function as a metric, and read that, of the friend as friend.NAME",
      finding("qualifies = function(spend) return spend > 3 end, reward = both(3)"))
    assert.equal("", finding("qualifies = 'friend.odd', reward = both(3)",
      "metrics { odd = flag(function(spend) local x = spend return x > 3 end) }\n"))
  end)

  it("has a name of its own", function()
    assert.equal("error 3:1 'r' is a referral here and a referral in line 1; choose another name",
      finding("reward = both(3) }\nreferral 'r' { reward = both(3)"))
  end)
end)

describe("the names of a referral", function()
  it("are the referrer's, the friend's and the row's", function()
    assert.equal("", finding("qualifies = 'today - friend.opened > 3 and referral.date > opened', "
      .. "reward = both(3)", "inputs { opened = date }\n"))
    assert.equal("error 2:14 there is no name `friend.spned`: did you mean `friend.spend`?",
      finding("qualifies = 'friend.spned > 3', reward = both(3)"))
    assert.equal("error 2:14 there is no name `referral.colour`",
      finding("qualifies = 'referral.colour == 3', reward = both(3)"):match("^[^:]*:[^:;]*"))
    assert.equal("", finding("qualifies = 'referral.colour == 3', reward = both(3)",
      'inputs { ["referral.colour"] = integer }\n'))
  end)

  it("mean nothing to a campaign", function()
    assert.matches("there is no name `friend.spend`", run.compiled(
      'campaign "c" { when = "friend.spend > 3", offer = let_go }'))
  end)

  it("of a metric that is broken are reported there, once", function()
    assert.matches("^error 1:", finding("qualifies = 'friend.bad > 3', reward = both('bad')",
      "metrics { bad = 'spned + 1' }\n"))
  end)
end)

describe("a reward", function()
  local function reward(text)
    return finding("reward = " .. text, INPUTS)
  end

  it("is for both, for one, by class and in steps, or both of these", function()
    for _, text in ipairs({ "both(3)", "both 'spend'", "referrer(3)", "friend '0.1 * friend.spend'",
      "by 'friend.kind' { private = both(3), business = friend(2) }",
      "steps { { 1, both(3) }, { 5, referrer(9) } }",
      "steps { { 3, by 'kind' { private = both(3) } } }",
      "by 'kind' { private = steps { { 1, both(3) }, { 2, both(4) } } }",
      "by \"default(city, '')\" { [\"it's\"] = both(3) }" }) do
      assert.equal("", reward(text), text)
    end
  end)

  it("says what it takes", function()
    assert.equal("error 3:10 referral 'r': `both` takes an amount", reward("both(true)"))
    assert.matches("`reward` takes a reward such as both%(300%), got 300", reward("300"))
    assert.matches("`by` takes an expression and a table of class = reward, and no other `by` in "
      .. "it", reward("by 'kind' { private = by 'city' { x = both(3) } }"))
    for _, text in ipairs({ "{ 1, both(3) }, { 1, both(4) }", "{ 0, both(3) }", "{ 1, 3 }",
      "{ 1.5, both(3) }", "both(3)", "{ 1, steps { { 1, both(3) } } }" }) do
      assert.matches("`steps` takes a list of { number, reward } with rising numbers from 1",
        reward("steps { " .. text .. " }"), text)
    end
  end)

  it("knows the classes, where they are known", function()
    assert.equal("error 3:29 `friend.kind` is never 'privat': did you mean 'private'?",
      reward("by 'friend.kind' { privat = both(3) }"))
    assert.equal("error 3:14 there is no name `friend.knd`: did you mean `friend.kind`?",
      reward("by 'friend.knd' { private = both(3) }"))
  end)
end)

describe("caps", function()
  local function caps(text)
    return finding("reward = both(3), caps = " .. text)
  end

  it("are whole numbers and amounts, with a window or without", function()
    assert.equal("", caps("{ customer = 0, total = { 5, per = days(3) }, budget = 0 }"))
    assert.matches("`customer` takes a whole number", caps("{ customer = 1.5 }"))
    assert.matches("`budget` takes an amount", caps("{ budget = -1 }"))
    assert.matches("`total` takes a whole number", caps("{ total = { per = days(3) } }"))
    assert.matches("unknown word `budgets`", caps("{ budgets = 3 }"))
    assert.matches("caps by class are for campaigns", finding(
      "reward = both(3), caps = { class = by 'card' { gold = 3 } }", "tiers 'card' { { 'gold' } }"))
  end)
end)

describe("a test of a referral", function()
  local function test(settings)
    return run.compiled('referral "r" { reward = both(3) }\ntest "t" {\n' .. settings .. "\n}")
  end

  it("has a friend, the row that joins the two, and a day", function()
    assert.equal("", test([[today = "2025-01-31", customer = {}, friend = { spend = 3 },
      referral = { date = "2025-01-01" }, gives = { reward = 3, friend_reward = 3 }]]))
    assert.matches("a friend comes on a day, and is seen from one: write `referral = { date = ",
      test("customer = {}, friend = {}, gives = { reward = 3 }"))
    assert.matches("a referral is of a friend: write `friend = { ... }`",
      test("customer = {}, gives = { reward = 3 }"))
    assert.matches("there is no column or metric spned", test([[today = "2025-01-31",
      customer = {}, friend = { spned = 3 }, referral = { date = "2025-01-01" },
      gives = { reward = 3 }]]))
  end)
end)
