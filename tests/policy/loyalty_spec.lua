-- The words of a loyalty block: right and wrong use.
local run = require("policy.run")

local function loyalty(body)
  return 'loyalty "miles" { ' .. body .. " }\n"
end

describe("loyalty", function()
  it("takes numbers, expressions and durations", function()
    assert.equal("", run.compiled(loyalty([[earn = 2, where = "amount > 0", booked = "points > 0",
      expire = months(24), soon = days(10), unit_value = "0.001 * spend", redeems = 0.8]])))
    assert.equal("", run.compiled(loyalty("booked = false, earn = 'amount'")))
  end)

  it("gives columns to rules, metrics and tests", function()
    assert.equal("", run.compiled(loyalty("unit_value = 0.01") .. [[
      metrics { dear = "miles_liability * 2" }
      tiers "flyer" { { "often", when = "miles_earned > 100" }, { "seldom" } }
      campaign "a" { when = "has(miles_expires_on) and miles_balance > 0 and dear > 1",
        offer = gift "x" }
      test "t" { customer = { miles_earned = 101, miles_balance = 1 }, gives = { tier = "often" } }
    ]]))
  end)

  it("says where a name in it is wrong, once", function()
    assert.is_truthy(run.compiled(loyalty('earn = "2 * (amount"')):find("^error 1:38 miles: "))
    assert.equal("error 1:50 miles: there is no name `spnd`: did you mean `spend`?",
      run.compiled(loyalty('earn = "amount", unit_value = "spnd"')))
    assert.is_truthy(run.compiled(loyalty('where = "2 * amount", earn = 1')):find(
      "^error 1:28 miles: .*takes a condition"))
  end)

  it("takes what its words take", function()
    for body, finding in pairs({
      ["earn = true"] = "error 1:26 loyalty 'miles': `earn` takes a number expression, got true",
      ["expire = 24"] = "error 1:28 loyalty 'miles': `expire` takes days(n) or months(n), got 24",
      ["redeems = 0.5"] = "error 1:29 loyalty 'miles': `redeems` is for what is owed, which needs "
        .. "`unit_value`: what a point is worth",
      ["where = 'amount > 1'"] = "error 1:27 loyalty 'miles': `where` says which purchases earn, "
        .. "and there is no `earn`; for rows of the table points write `booked`",
      ["earns = 1"] = "error 1:19 loyalty 'miles': unknown word `earns`; did you mean `earn`?",
      ["booked = 1"] = "error 1:28 loyalty 'miles': `booked` takes a condition, got 1",
    }) do
      assert.equal(finding, run.compiled(loyalty(body)), body)
    end
  end)

  it("has a name that columns can begin with, and that nothing else has", function()
    assert.equal("error 1:1 'air miles' cannot name a loyalty block: use letters, digits and _, "
      .. "and begin with a letter", run.finding('loyalty "air miles" {}'))
    assert.equal("error 2:10 'miles_balance' is a param here and a metric in line 1; choose "
      .. "another name", run.finding(loyalty("") .. "params { miles_balance = 1 }"))
  end)

  it("reads its params, and may not depend on itself", function()
    assert.equal("", run.compiled("params { p = 1 }" .. loyalty('unit_value = "p"')))
    assert.is_truthy(run.compiled(loyalty('unit_value = "miles_liability"')):find("itself"))
  end)
end)

describe("docs/points.md", function()
  it("shows policies that are sound", function()
    local file = assert(io.open("docs/points.md"))
    local examples = 0
    for text in file:read("a"):gmatch("\n```lua\n(.-)```") do
      assert.equal("", run.compiled(text))
      examples = examples + 1
    end
    file:close()
    assert.equal(2, examples)
  end)
end)
