-- The tests of policies: cases, rows of tables, what they must give, and what they have seen.
local cli = require("cli")
local json = require("dkjson")

local function test(policy, ...)
  cli.write(cli.folder() .. "/p.lua", policy)
  return cli.run({ "test", "p.lua", ... })
end

local function passes(policy)
  local run = test(policy)
  assert.equal(0, run.status, run.out .. run.err)
  return run.out
end

local function fails(policy, ...)
  local run = test(policy)
  assert.equal(1, run.status, run.out .. run.err)
  for _, said in ipairs({ ... }) do
    assert.is_truthy(run.out:find(said, 1, true), said .. "\n" .. run.out)
  end
end

local function lines(path)
  local list = {}
  for line in cli.read(path):gmatch("[^\n]+") do
    local row = {}
    for field in (line:gsub('"[^"]*"', "") .. ","):gmatch("([^,]*),") do
      row[#row + 1] = field
    end
    list[#list + 1] = row
  end
  return table.remove(list, 1), list
end

describe("a test with rows", function()
  after_each(cli.clean)

  -- The same customer in a base and alone in a test: what one gets, so does the other.
  it("decides as a base does, for every customer of samples/bank", function()
    local policy = cli.read("policies/card-retention.lua")
    local parts = { policy:sub(1, policy:find("\ntest \"") - 1) }
    local decided = cli.run({ "score", "samples/bank", "policies/card-retention.lua" }).out
    local people, customers = lines("samples/bank/customers.csv")
    local function rows(name, customer, money)
      local header, list = lines("samples/bank/" .. name .. ".csv")
      local out = {}
      for _, row in ipairs(list) do
        local fields = {}
        for i = 2, #header do
          local bare = money and (header[i] == "amount" or header[i] == "margin")
          fields[#fields + 1] = row[i] ~= "" and header[i] .. " = "
            .. (bare and row[i] or ("%q"):format(row[i])) or nil
        end
        out[#out + 1] = row[1] == customer and "{ " .. table.concat(fields, ", ") .. " }" or nil
      end
      return "{ " .. table.concat(out, ", ") .. " }"
    end
    for _, row in ipairs(customers) do
      local fields = {}
      for i, name in ipairs(people) do
        local flag, money = name == "opted_out" or name == "in_collections", name == "annual_fee"
        if i > 3 and row[i] ~= "" then
          fields[#fields + 1] = name .. " = " .. (flag and tostring(row[i] == "yes")
            or money and row[i] or ("%q"):format(row[i]))
        end
      end
      local tier, campaign, amounts = decided:match("\n" .. row[1] .. ",([^,]*),([^,]*),([^\n]*)")
      local cost, value = amounts:match("([%d.]+),([%d.]+),[-%d.]+,granted$")
      parts[#parts + 1] = ([[test "%s" { today = "2025-06-30", customer = { %s },
        transactions = %s, events = %s, gives = { tier = "%s", offers = { %s }%s } }]]):format(
        row[1], table.concat(fields, ", "), rows("transactions", row[1], true),
        rows("events", row[1]), tier, campaign ~= "" and ("%q"):format(campaign) or "",
        cost and (", cost = %s, value = %s"):format(cost, value) or "")
    end
    assert.equal(25, #parts)
    assert.is_truthy(passes(table.concat(parts, "\n")):find("24 of 24 passed", 1, true))
  end)

  local RULES = [[
    inputs { vip = flag }
    metrics {
      calls = count "events" { where = "type == 'call'", last = days(30) },
      web   = sum "transactions" { "amount", where = "channel == 'web'" },
    }
    tiers "level" { { "high", when = "spend >= 100" }, { "low" } }
    campaign "thank" { when = "calls > 0 and web > 10", never = "vip", offer = gift "x",
                       cost = 2, value = "0.5 * web" }
  ]]

  it("sees no row after its day, and those of a day in their order", function()
    passes(RULES .. [[
      metrics { latest = last "transactions" { "amount" } }
      campaign "last" { when = "latest == 3", offer = gift "y" }
      test "x" {
        today = "2025-03-31", customer = { vip = true },
        transactions = { { date = "2025-04-01", amount = 99, channel = "shop" },
          { date = "2025-03-31", amount = 2 },
          { date = "2025-03-31", amount = 3 }, { date = "2025-03-30", amount = 4 } }, events = {},
        gives = { tier = "low", offers = { "last" } },
        cases = { { "a day later", today = "2025-04-01", gives = { tier = "high", offers = {} } },
                  { "as it is" } },
      }]])
  end)

  it("takes values instead of what rows would give; other tables are unknown", function()
    passes(RULES .. [[
      test "x" {
        today = "2025-03-31", customer = { vip = false },
        transactions = { { date = "2025-03-01", amount = 60.5, channel = "web" } },
        gives = { tier = "low", offers = {} },
        cases = {
          { "nobody knows of calls" },
          { "no calls", events = {} },
          { "a call", events = { { date = "2025-03-02", type = "call" } },
            gives = { offers = { "thank" }, cost = 2, value = 30.25 } },
          { "31 days ago", events = { { date = "2025-03-01", type = "call" } } },
          { "calls as a value", customer = { calls = 1, spend = 100 },
            gives = { tier = "high", offers = "thank" } },
        },
      }]])
  end)

  it("with a friend has no news of tables that it lacks, and errors with their place", function()
    cli.write(cli.folder() .. "/p.lua", 'referral "r" { reward = both(3) }\n'
      .. 'campaign "c" { when = "orders > 1", offer = gift "x", cost = 2, caps = { total = 9 } }\n'
      .. 'test "t" { customer = {}, friend = { spend = 3 }, today = "2025-03-31",\n'
      .. '  referral = { date = "2025-03-01" }, gives = { reward = 3 } }\n')
    local run = cli.run({ "test", "p.lua" })
    assert.equal("", run.err)
    assert.equal(0, run.status, run.out)
    cli.write(cli.folder() .. "/p.lua", 'tiers "t" { { "a", when = "spend > 3" }, { "b" } }\n'
      .. 'test "t" { customer = { spent = 9 }, gives = { tier = "a" } }\n')
    assert.matches("p.lua:2:25: there is no column or metric spent",
      cli.run({ "test", "p.lua" }).out, 1, true)
  end)

  it("has no r_score, or anything else that takes a whole base", function()
    passes([[
      tiers "t" { { "best", when = "r_score >= 1 or spend >= top" }, { "rest" } }
      metrics { top = quantile(0.5, "spend") }
      test "x" {
        today = "2025-03-31", customer = {},
        transactions = { { date = "2025-03-01", amount = 60 } },
        gives = { tier = "rest" },
        cases = { { "unknown" }, { "given", customer = { r_score = 0, top = 60 },
                                   gives = { tier = "best" } } },
      }]])
  end)

  it("is told what is wrong with a row, and where", function()
    local function with(rest)
      return RULES .. "\ntest 'x' { customer = {}, gives = { offers = {} }, " .. rest .. " }"
    end
    fails(with("transactions = {}"), "rows need a day to be seen from: write `today")
    fails(with("today = '31.3.2025'"), "`today` takes a day such as \"2025-03-31\", got")
    fails(with("today = '2025-03-31', transactions = 3"), "`transactions` takes a list of rows")
    fails(with("today = '2025-03-31', transactions = { { amount = 3 } }"),
      "p.lua:10:91: a row of transactions has its `date`")
    fails(with("today = '2025-03-31', transactions = { { date = '2025-01-01', amount = 'x' } }"),
      "p.lua:10:114: `amount` takes an amount")
    fails(with("today = '2025-03-31', transactions = { { date = 3, amount = 1 } }"),
      "`date` takes a day such as")
    fails(with([[today = '2025-03-31', transactions = {
      { date = '2025-01-01', amount = 1, channel = 'x', k = true },
      { date = '2025-01-01', amount = 1, k = 2 } }]]),
      "`k` is a flag here and something else in another row")
    fails(with("transctions = {}"), "did you mean `transactions`?")
  end)
end)

describe("cases", function()
  after_each(cli.clean)
  local RULES = "tiers 't' { { 'a', when = 'x > 1' }, { 'b' } } inputs { x = integer, y = flag }\n"

  it("share what their block says, and are told by both titles", function()
    local run = test(RULES .. [[test "block" {
      customer = { x = 1, y = true }, gives = { tier = "b" },
      cases = { { "first" }, { "second", customer = { x = 2 } } },
    }]])
    assert.equal(1, run.status)
    assert.is_truthy(run.out:find("p.lua:4: FAILED: block: second\nexpected t = \"b\", got \"a\"",
      1, true), run.out)
    assert.is_truthy(run.out:find("1 of 2 passed", 1, true), run.out)
  end)

  it("are refused where they are none", function()
    local function with(cases)
      return RULES .. "test 'x' { customer = {}, gives = { tier = 'b' }, cases = " .. cases .. " }"
    end
    fails(with("{}"), "`cases` takes a list of { \"a title\", customer")
    fails(with("{ { customer = {} } }"), "2:61: test 'x': a case is written { \"a title\",")
    fails(with("{ { 'a', cases = { { 'b' } } } }"), "a case has no cases of its own")
    fails(with("{ { 'a', gives = { tier = 'c' } } }"), "test 'x': a: there is no tier 'c'")
    fails(with("{ { 'a' }, { 'a' } }"), "'x: a'")
    fails(RULES .. "test 'x' { cases = { { 'a', customer = {} } } }",
      "test 'x': a: `gives` is missing")
    fails(RULES .. "test 'x' { gives = { tier = 'b' }, cases = { { 'a' } } }",
      "test 'x': a: `customer` is missing")
  end)

  it("say how many points or how much cash is offered", function()
    local function given(offer, fields)
      return ("%s campaign 'c' { when = 'y', offer = %s, cost = 1, holdout = 0.9 }\n"
        .. "test 'x' { customer = { x = 3, %s }, gives = { %s } }"):format(RULES, offer,
        table.unpack(fields))
    end
    passes(given("points '100 * x'", { "y = true", "amount = 300" }))
    passes(given("points(500)", { "y = true", "amount = 500" }))
    passes(given("cash 'x / 7'", { "y = true", "amount = 0.43" }))
    passes(given("gift 'g'", { "y = true", "amount = 0" }))
    passes(given("points(500)", { "y = false", "amount = 0" }))
    fails(given("points '100 * x'", { "y = true", "amount = 300.5" }),
      "expected an amount of 300.5, got 300")
    fails(given("points(500)", { "y = false", "amount = 500" }),
      "expected an amount of 500, got 0")
  end)

  it("say what offers cost and bring", function()
    local rules = RULES .. "campaign 'c' { when = 'y', offer = gift 'g', cost = '0.1 * x', "
      .. "value = 7, holdout = 0.9 }\n"
    local function given(y, amounts)
      return ("%s test 'x' { customer = { x = 3, y = %s }, gives = { %s } }"):format(rules, y,
        amounts)
    end
    passes(given(true, "cost = 0.3, value = 7"))
    passes(given(false, "cost = 0, value = 0"))
    fails(given(true, "cost = 0.31, value = 6"),
      "expected a cost of 0.31, got 0.30", "expected a value of 6, got 7.00")
    fails(rules .. "test 'x' { customer = {}, gives = { cost = '3' } }",
      "`cost` takes an amount, got \"3\"")
  end)
end)

describe("the outcomes that tests have seen", function()
  after_each(cli.clean)

  local RULES = [[
params { knob = 3 }
inputs { x = integer, y = flag, z = label }
tiers "t" { { "a", when = "x > knob and not y" }, { "b" } }
campaign "c" { when = "knob > 2 and (z == 'good' or x >= 10)", never = function(y) return y end,
  offer = gift "g" }
]]

  local function coverage(tests, ...)
    local run = test(RULES .. tests, "--json", ...)
    return json.decode(run.out).files[1].coverage, run.status
  end

  local function unseen(c)
    local out = {}
    for i, x in ipairs(c.unseen) do
      out[i] = ("%d:%d %s never %s; %s"):format(x.line, x.column, x.clause, x.never, x.try or "")
    end
    return out
  end

  it("are both of every clause, but one of a constant, as evaluation met them", function()
    local c = coverage('test "one" { customer = { x = 4, y = false, z = "good" }, '
      .. 'gives = { tier = "a" } }')
    -- x > knob, y, knob > 2 (constant), z == 'good', x >= 10, the function: 2 + 2 + 1 + 2 + 2 + 2
    assert.equal(11, c.outcomes)
    assert.equal(5, c.seen)
    assert.same({
      "3:28 x > knob never false; \"one\" with x = 3",
      "3:45 y never true; \"one\" with y = true",
      "4:38 z == 'good' never false; ",
      "4:53 x >= 10 never true; ",
      "4:53 x >= 10 never false; ",
      "4:72 function(y) never true; ",
    }, unseen(c))
    assert.same({}, c.never_granted)
    assert.same({ { scheme = "t", class = "b" } }, c.never_given)
  end)

  it("do not count a missing value, or a clause that only an explanation looks at", function()
    local c = coverage('test "one" { customer = { y = true }, gives = { tier = "b" } }')
    assert.equal(1, c.seen) -- knob > 2
    assert.same({ "c" }, c.never_granted)
  end)

  it("can be required", function()
    local all = [[test "x" { customer = { x = 4, y = false, z = "good" }, gives = { tier = "a" },
      cases = { { "1" }, { "2", customer = { x = 3, z = "bad" }, gives = { tier = "b" } },
        { "3", customer = { x = 10, y = true, z = "bad" }, gives = { tier = "b" } } } }]]
    local c, status = coverage(all, "--min-coverage", "100")
    assert.same({}, unseen(c))
    assert.equal(0, status)
    assert.equal(100, c.percent)
    local some = 'test "one" { customer = { x = 4, y = false }, gives = { tier = "a" } }'
    c, status = coverage(some, "--min-coverage", "40")
    assert.equal(1, status)
    assert.equal(3, c.seen)
    assert.equal(0, select(2, coverage(some, "--min-coverage", "27")))
    local run = test(RULES .. some, "--min-coverage", "40")
    for _, said in ipairs({
      "3 of 11 outcomes of clauses seen, 27.3 %: FAILED, less than 40 %",
      "p.lua:3:45: never true: y   (when of a in 't'); try \"one\" with y = true",
    }) do
      assert.is_truthy(run.out:find(said, 1, true), run.out)
    end
    assert.equal(1, select(2, coverage("", "--min-coverage", "1"))) -- no tests at all
    for _, wrong in ipairs({ "101", "-1", "many" }) do
      run = test(RULES .. some, "--min-coverage", wrong)
      assert.equal(2, run.status)
      assert.is_truthy(run.err:find("--min-coverage takes a number from 0 to 100", 1, true))
    end
  end)

  it("are of referrals, too", function()
    local text = [[
      referral "r" { qualifies = "friend.spend > 10", reward = both(5) }
      test "x" { customer = {}, gives = { tier = "b" } }]]
    local run = test("tiers 't' { { 'b' } }\n" .. text, "--json")
    local c = json.decode(run.out).files[1].coverage
    assert.equal(2, c.outcomes, run.out)
  end)

  it("are of a tree once a branch, of a matrix and a table that each cell held", function()
    local run = test([[
      inputs { visits = integer, spend = number }
      tree "casino" { "visits >= 4", yes = { "spend >= 1000", yes = "a", no = "b" }, no = "c" }
      matrix "worth" {
        rows = { by = "visits", cuts = { 4 }, names = { "low", "high" } },
        columns = { by = "spend", cuts = { 10, 1000 }, names = { "low", "mid", "high" } },
        cells = { low = { low = "p", mid = "q", high = "r" },
                  high = { low = "s", mid = "t", high = "u" } } }
      decision_table "care" { reads = { "visits" }, gives = { "owner" },
        { at_least(4), "x" }, { below(2), "y" }, { any, "z" } }
      test "x" { customer = { visits = 4, spend = 1000 }, gives = { tier = { casino = "a" } } }
      test "y" { customer = { visits = 3, spend = 20 }, gives = { tier = { casino = "c" } } }]],
      "--json")
    local c = json.decode(run.out).files[1].coverage
    -- 2 branches, twice; visits < 4, >= 4, spend < 10, >= 10, < 1000, >= 1000; two rows
    assert.equal(12, c.outcomes, run.out)
    assert.same({
      "5:27 spend < 10 never true; \"x\" with spend = 9.999999999999998",
      "2:47 spend >= 1000 never false; \"x\" with spend = 999.9999999999999",
    }, { unseen(c)[1], unseen(c)[2] })
    assert.equal(3, #c.unseen) -- and below(2)
  end)

  it("are told of several files and folders", function()
    cli.write(cli.folder() .. "/p.lua", "campaign 'c' { when = true, offer = gift 'g' }")
    local run = cli.run({ "test", "p.lua", "policies", "policies/rfm.lua", "--json" })
    assert.equal(0, run.status, run.out)
    local files = json.decode(run.out).files
    assert.equal("p.lua", files[1].file)
    assert.equal("policies/rfm.lua", files[#files].file)
    assert.is_true(#files > 4)
  end)
end)
