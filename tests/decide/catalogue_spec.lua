-- The catalogue's classifications as policies, with the figures that its texts print. What is
-- expected is written down here from the texts, never taken from an output.
local cli = require("cli")
local decide = require("decide.rows").decide

-- The CLV and CRV of the four groups of a telecom firm, in USD a year (catalogue B8).
local telecom = {
  { customer = "affluents", clv_now = 1219, crv_now = 49 },
  { customer = "champions", clv_now = 370, crv_now = 590 },
  { customer = "advocates", clv_now = 180, crv_now = 670 },
  { customer = "misers", clv_now = 130, crv_now = 64 },
}

local function telecom_matrix(clv, crv)
  return ([[
matrix "kind" {
  rows = { by = "clv_now", cuts = %s, names = { "low", "high" } },
  columns = { by = "crv_now", cuts = %s, names = { "low", "high" } },
  cells = {
    low  = { low = { "misers", give = { "purchase incentive", "referral incentive" } },
             high = { "advocates", give = "purchase incentive" } },
    high = { low = { "affluents", give = "referral incentive" }, high = "champions" },
  },
}
]]):format(clv, crv)
end

local money = { clv_now = "money", crv_now = "money" }

-- Which group each of the table's rows comes to.
local function groups(clv, crv, customers)
  local rows = decide(customers or telecom, money, telecom_matrix(clv, crv))
  local of = {}
  for _, row in ipairs(rows) do
    of[row.customer:match("^%a+")] = row.kind
  end
  return of, rows
end

local as_printed = { affluents = "affluents", champions = "champions", advocates = "advocates",
  misers = "misers" }

describe("the CLV x CRV matrix (B8)", function()
  after_each(cli.clean)

  it("is the table for any CLV cut in (180, 370] and CRV cut in (64, 590]", function()
    for _, cut in ipairs({ { 180.01, 64.01 }, { 370, 590 }, { 300, 300 }, { 180.01, 590 } }) do
      assert.same(as_printed, groups(("{ %s }"):format(cut[1]), ("{ %s }"):format(cut[2])))
    end
    assert.same(as_printed, groups('"median"', '"median"'))
  end)

  it("is another beyond them", function()
    assert.equal("champions", groups("{ 180 }", "{ 300 }").advocates)
    assert.equal("advocates", groups("{ 370.01 }", "{ 300 }").champions)
    assert.equal("champions", groups("{ 300 }", "{ 49 }").affluents)
    assert.equal("affluents", groups("{ 300 }", "{ 590.01 }").champions)
  end)

  it("throws champions among advocates when cut at the means, 510.71 and 345.85", function()
    local base, shares = {}, { 29, 21, 29, 21 }
    for i, group in ipairs(telecom) do
      for k = 1, shares[i] do
        base[#base + 1] = { customer = group.customer .. k, clv_now = group.clv_now,
          crv_now = group.crv_now }
      end
    end
    assert.equal("advocates", groups('"mean"', '"mean"', base).champions)
    local rows = decide(base, money, telecom_matrix('"mean"', '"mean"'), "--metrics",
      "kind_rows_cut1,kind_columns_cut1")
    assert.equal("510.71", rows[1].kind_rows_cut1)
    assert.equal("345.85", rows[1].kind_columns_cut1)
  end)

  it("gives purchase incentives to advocates, referral incentives to affluents, misers both",
    function()
      local _, rows = groups("{ 300 }", "{ 300 }")
      local give = {}
      for _, row in ipairs(rows) do
        give[row.customer] = row.kind_give
      end
      assert.same({ advocates = "purchase incentive", affluents = "referral incentive",
        misers = "purchase incentive; referral incentive", champions = "" }, give)
    end)
end)

describe("other grids", function()
  after_each(cli.clean)

  it("sort by current value and potential: lead, iron, silver, gold (B7)", function()
    local rows = decide({ { now = 1, more = 1 }, { now = 1, more = 9 }, { now = 9, more = 1 },
      { now = 9, more = 9 } }, { now = "money", more = "money" }, [[
params { much = 5.0 }
matrix "metal" {
  rows    = { by = "now", cuts = { "much" }, names = { "low", "high" } },
  columns = { by = "more", cuts = { "much" }, names = { "low", "high" } },
  cells   = { low = { low = "lead", high = "iron" }, high = { low = "silver", high = "gold" } },
}
]])
    for i, metal in ipairs({ "lead", "iron", "silver", "gold" }) do
      assert.equal(metal, rows[i].metal)
    end
  end)

  it("cross any two factors, also those that are words: size and credit grade (B4)", function()
    local rows, _, run = decide({ { size = "small", grade = "A" }, { size = "large", grade = "B" },
      { size = "giant", grade = "A" } }, { size = "label", grade = "label" }, [[
inputs { size = { "small", "large", "giant" }, grade = { "A", "B" } }
matrix "care" {
  rows    = { by = "size", names = { "small", "large" } },
  columns = { by = "grade", names = { "A", "B" } },
  cells   = { small = { A = "grow", B = "watch" }, large = { A = "key", B = "secure" } },
}
]])
    assert.equal("grow", rows[1].care)
    assert.equal("secure", rows[2].care)
    assert.equal("", rows[3].care)
    assert.is_truthy(run.err:find("no cell 1", 1, true), run.err)
  end)

  it("sort by profitability and loyalty, barnacles by their wallet (B15)", function()
    local rows = decide({
      { profit = 0, loyal = 0, wallet = 9, share = 0.1 },
      { profit = 9, loyal = 0, wallet = 9, share = 0.1 },
      { profit = 9, loyal = 9, wallet = 9, share = 0.1 },
      { profit = 0, loyal = 9, wallet = 1, share = 0.1 },
      { profit = 0, loyal = 9, wallet = 9, share = 0.1 },
      { profit = 0, loyal = 9, wallet = 9, share = 0.9 },
    }, { profit = "money", loyal = "number", wallet = "money", share = "number" }, [[
matrix "friends" {
  rows    = { by = "profit", cuts = { 5 }, names = { "low", "high" } },
  columns = { by = "loyal", cuts = { 5 }, names = { "short", "long" } },
  cells   = { low = { short = "strangers", long = "barnacles" },
              high = { short = "butterflies", long = "true friends" } },
}
decision_table "act" {
  reads = { "friends", "wallet >= 5", "share >= 0.5" }, gives = { "so" },
  { "strangers",    any,   any,   "do not invest" },
  { "butterflies",  any,   any,   "earn then stop in time" },
  { "true friends", any,   any,   "delight" },
  { "barnacles",    false, any,   "control cost" },
  { "barnacles",    true,  false, "cross-sell" },
  { any,            any,   any,   "nothing" },
}
]])
    local expected = { "do not invest", "earn then stop in time", "delight", "control cost",
      "cross-sell", "nothing" }
    for i, so in ipairs(expected) do
      assert.equal(so, rows[i].act_so)
    end
  end)

  it("hold the ladder of relationships by number of customers and margin (B13)", function()
    local levels = {
      many = { high = "accountable", medium = "reactive", low = "basic or reactive" },
      medium = { high = "proactive", medium = "accountable", low = "reactive" },
      few = { high = "partnership", medium = "proactive", low = "accountable" },
    }
    local customers, cells = {}, {}
    for _, number in ipairs({ "few", "medium", "many" }) do
      local row = {}
      for _, margin in ipairs({ "low", "medium", "high" }) do
        customers[#customers + 1] = { customer = number .. " " .. margin,
          customers_like_it = ({ few = 3, medium = 30, many = 300 })[number],
          unit_margin = ({ low = 1, medium = 20, high = 60 })[margin] }
        row[#row + 1] = ("%s = %q"):format(margin, levels[number][margin])
      end
      cells[#cells + 1] = ("%s = { %s }"):format(number, table.concat(row, ", "))
    end
    local rows = decide(customers, { customers_like_it = "integer", unit_margin = "money" }, ([[
matrix "relation" {
  rows    = { by = "customers_like_it", cuts = { 10, 100 }, names = { "few", "medium", "many" } },
  columns = { by = "unit_margin", cuts = { 10, 50 }, names = { "low", "medium", "high" } },
  cells   = { %s },
}
]]):format(table.concat(cells, ", ")))
    assert.equal(9, #rows)
    for _, row in ipairs(rows) do
      local number, margin = row.customer:match("(%a+) (%a+)")
      assert.equal(levels[number][margin], row.relation)
    end
  end)
end)

describe("the casino's value tree (B12)", function()
  after_each(cli.clean)

  it("has four programmes, and none for the other leaves", function()
    local rows = decide({
      { often = true, much = true },
      { often = true, much = false, will_much = true },
      { often = true, much = false, will_much = false },
      { often = false, will_often = true, much = true },
      { often = false, will_often = true, much = false, will_much = true },
      { often = false, will_often = true, much = false, will_much = false },
      { often = false, will_often = false },
    }, { often = "flag", will_often = "flag", much = "flag", will_much = "flag" }, [[
tree "programme" {
  "often",
  yes = { "much", yes = "reinvest", no = { "will_much", yes = "loyalty", no = "none" } },
  no  = { "will_often",
    yes = { "much", yes = "acquisition", no = { "will_much", yes = "cultivation", no = "none" } },
    no  = "none" },
}
]])
    local expected = { "reinvest", "loyalty", "none", "acquisition", "cultivation", "none", "none" }
    for i, programme in ipairs(expected) do
      assert.equal(programme, rows[i].programme)
    end
  end)
end)

describe("the RFM codes (B9)", function()
  after_each(cli.clean)

  -- The text's own codes, R = 5 the most recent; the rest by the two rules of thumb below it.
  local function named(r, f, m)
    local own = { [555] = "high value", [551] = "potential", [515] = "potential",
      [111] = "low value", [155] = "at risk", [115] = "at risk" }
    local code = own[100 * r + 10 * f + m]
    if code then
      return code
    elseif r <= 2 and (f >= 4 or m >= 4) then
      return "at risk"
    elseif r >= 4 and f >= 4 and m >= 4 then
      return "high value"
    elseif r >= 3 and (f >= 3 or m >= 3) then
      return "potential"
    end
    return "low value"
  end

  it("fall all 125 in a segment", function()
    local customers = {}
    for r = 1, 5 do
      for f = 1, 5 do
        for m = 1, 5 do
          customers[#customers + 1] = { customer = ("%d%d%d"):format(r, f, m), r = r, f = f, m = m }
        end
      end
    end
    local rows, _, run = decide(customers, { r = "integer", f = "integer", m = "integer" }, [[
decision_table "code" {
  reads = { "r", "f", "m" }, gives = { "name", "owner" },
  { at_most(2),  at_least(4), any,         "at risk",    "senior account manager" },
  { at_most(2),  any,         at_least(4), "at risk",    "senior account manager" },
  { at_least(4), at_least(4), at_least(4), "high value", "head of customer success" },
  { at_least(3), at_least(3), any,         "potential",  "account manager" },
  { at_least(3), any,         at_least(3), "potential",  "account manager" },
  { any,         any,         any,         "low value",  "nobody" },
}
segments "worth" {
  { "high value", when = "code_name == 'high value'" },
  { "potential", when = "code_name == 'potential'" },
  { "at risk", when = "code_name == 'at risk'" }, { "low value" },
}
]])
    assert.equal(125, #rows)
    local owners = { ["high value"] = "head of customer success", potential = "account manager",
      ["at risk"] = "senior account manager", ["low value"] = "nobody" }
    local count = {}
    for _, row in ipairs(rows) do
      local expected = named(row.customer:byte(1) - 48, row.customer:byte(2) - 48,
        row.customer:byte(3) - 48)
      assert.equal(expected, row.worth, row.customer)
      assert.equal(owners[expected], row.code_owner)
      count[expected] = (count[expected] or 0) + 1
    end
    assert.equal(125, count["high value"] + count.potential + count["at risk"] + count["low value"])
    assert.is_falsy(run.err:find("no row", 1, true), run.err)
  end)
end)

describe("segments", function()
  after_each(cli.clean)

  it("of the life cycle, each with its strategy and owner (B10, B11, D1)", function()
    local rows = decide({
      { months = 1, orders_now = 1, orders_before = 0, silent = 5 },
      { months = 20, orders_now = 9, orders_before = 3, silent = 5 },
      { months = 20, orders_now = 5, orders_before = 5, silent = 5 },
      { months = 20, orders_now = 1, orders_before = 6, silent = 60 },
      { months = 20, orders_now = 0, orders_before = 0, silent = 500 },
    }, { months = "integer", orders_now = "integer", orders_before = "integer",
      silent = "integer" }, [[
segments "stage" {
  { "lost",      when = "silent > 365", strategy = "win back by what is left to earn" },
  { "new",       when = "months < 3", strategy = "a second order", owner = "welcome desk" },
  { "growing",   when = "orders_now > 1.5 * orders_before", strategy = "sell more kinds" },
  { "declining", when = "orders_now < 0.5 * orders_before", owner = "senior account manager" },
  { "mature",    strategy = "keep" },
}
]])
    local expected = { "new", "growing", "mature", "declining", "lost" }
    for i, stage in ipairs(expected) do
      assert.equal(stage, rows[i].stage)
    end
    assert.equal("welcome desk", rows[1].stage_owner)
    assert.equal("", rows[2].stage_owner)
    assert.equal("", rows[4].stage_strategy)
    assert.equal("win back by what is left to earn", rows[5].stage_strategy)
  end)
end)
