-- Where customers stand in schemes: in order of dependency, with what their class says.
local cli = require("cli")
local decide = require("decide.rows").decide
local json = require("dkjson")

local function shown(row, ...)
  local cells = {}
  for i, name in ipairs({ ... }) do
    cells[i] = assert(row[name], name)
  end
  return table.concat(cells, " ")
end

describe("schemes", function()
  after_each(cli.clean)

  it("read each other and metrics in any order, and say what their classes say", function()
    local rows, header = decide({ { spend = 50 }, { spend = 200 }, {} }, { spend = "money" }, [[
metrics { bonus = "10 * care_rank" }
tiers "care" {
  { "close", when = "card_lounge and worth > 1", rank = 2, who = { "Ms Li", "Mr Wu" } },
  { "far", rank = 1 },
}
tiers "card" {
  { "gold", when = "worth >= 20", lounge = true, share = 0.5 },
  { "silver", when = "worth >= 2", lounge = false, share = 1 },
}
metrics { worth = "spend / 10" }
tiers "late" { { "yes", when = "bonus > 10" }, { "no" } }
]], "--metrics", "bonus,care_undecided,tier_who")
    assert.equal("customer tier campaign offer channel cost value net reason care_rank care_who "
      .. "card card_lounge card_share late bonus care_undecided tier_who",
      table.concat(header, " "))
    local function told(row)
      return shown(row, "tier", "care_rank", "care_who", "card", "card_lounge", "card_share",
        "late", "bonus", "care_undecided", "tier_who")
    end
    assert.equal("far 1  silver false 1 no 10 false ", told(rows[1]))
    assert.equal("close 2 Ms Li; Mr Wu gold true 0.5 yes 20 false Ms Li; Mr Wu", told(rows[2]))
    assert.equal("far 1     no 10 true ", told(rows[3]))
  end)

  it("of every kind read each other: a table a tree, a tree a matrix, a matrix segments", function()
    local rows = decide({ { spend = 10, visits = 1 }, { spend = 90, visits = 9 } },
      { spend = "money", visits = "integer" }, [[
decision_table "act" { reads = { "way", "kind_rank" }, gives = { "what" },
  { "up", at_least(2), "call" }, { any, any, "wait" } }
tree "way" { "grid == 'best'", yes = "up", no = "down" }
matrix "grid" {
  rows = { by = "kind", names = { "rare", "often" } },
  columns = { by = "spend", cuts = { 50 }, names = { "low", "high" } },
  cells = { rare = { low = "rest", high = "rest" }, often = { low = "rest", high = "best" } },
}
segments "kind" { { "often", when = "visits > 5", rank = 2 }, { "rare", rank = 1 } }
]])
    assert.equal("rare 1 rest down row 2 wait",
      shown(rows[1], "kind", "kind_rank", "grid", "way", "act", "act_what"))
    assert.equal("often 2 best up row 1 call",
      shown(rows[2], "kind", "kind_rank", "grid", "way", "act", "act_what"))
  end)

  it("pass over what a missing value leaves open, and mark it", function()
    local customers = {
      { a = 1 },        -- row low: b says which cell
      { b = 1 },        -- no row
      { a = 9, b = 9 },
      { a = 9 },        -- the class is the same whatever b is, and yet b was to be known
    }
    local rows = decide(customers, { a = "integer", b = "integer" }, [[
matrix "grid" {
  rows = { by = "a", cuts = { 5 }, names = { "low", "high" } },
  columns = { by = "b", cuts = { 5 }, names = { "low", "high" } },
  cells = { low = { low = "w", high = "x" }, high = { low = "y", high = "y" } },
}
tree "way" { "a >= 5", yes = "far", no = { "b >= 5", yes = "near", no = "at home" } }
decision_table "act" { reads = { "a", "b" }, gives = { "n" },
  { at_least(5), any, 1 }, { any, at_least(5), 2 }, { any, any, 3 } }
]], "--metrics", "grid_undecided,way_undecided,act_undecided")
    local function told(row)
      return shown(row, "grid", "grid_undecided", "way", "way_undecided", "act_n", "act_undecided")
    end
    assert.equal(" true  true 3 true", told(rows[1]))
    assert.equal(" true  true 3 true", told(rows[2]))
    assert.equal("y false far false 1 false", told(rows[3]))
    assert.equal(" true far false 1 false", told(rows[4]))
  end)

  it("have one class for leaves and cells of one name", function()
    local rows, _, run = decide({ { a = 1 }, { a = 4 }, { a = 8 } }, { a = "integer" }, [[
tree "way" { "a > 2", yes = { "a > 5", yes = { "out", why = "much" }, no = "in" }, no = "out" }
]])
    assert.equal("out much", shown(rows[1], "way", "way_why"))
    assert.equal("in ", shown(rows[2], "way", "way_why"))
    assert.equal("out much", shown(rows[3], "way", "way_why"))
    assert.is_truthy(run.err:find("way: out 2, in 1\n", 1, true), run.err)
  end)
end)

describe("a table that collects", function()
  after_each(cli.clean)
  local policy = [[
decision_table "act" { hit = "collect", reads = { "a", "b" }, gives = { "texts", "n", "x", "f" },
  { at_least(2), any, { "gift", "letter" }, 1, 0.5, false },
  { any, true, "letter", 2, 0.25, true },
  { 7, any, { "call", "gift" }, 4, 1, false },
}
]]

  it("joins texts without repeats in the order of the rows, and adds numbers", function()
    local rows, _, run = decide({
      { a = 1, b = false }, { a = 1, b = true }, { a = 2, b = false }, { a = 2, b = true },
      { a = 7, b = false }, { a = 7, b = true }, { b = true }, { a = 7 },
    }, { a = "integer", b = "flag" }, policy, "--metrics", "act_undecided")
    local expected = {
      "     false", "row 2 letter 2 0.25 true false", "row 1 gift; letter 1 0.5 false false",
      "row 1 gift; letter 3 0.75 true false", "row 1 gift; letter; call 5 1.5 false false",
      "row 1 gift; letter; call 7 1.75 true false", "row 2 letter 2 0.25 true true",
      "row 1 gift; letter; call 5 1.5 false true",
    }
    for i, row in ipairs(rows) do
      assert.equal(expected[i],
        shown(row, "act", "act_texts", "act_n", "act_x", "act_f", "act_undecided"))
    end
    assert.is_truthy(run.err:find("act: row 1 5, row 2 4, row 3 3, no row 1", 1, true), run.err)
  end)

  it("says the same for any number of threads", function()
    local customers = {}
    for i = 1, 3000 do
      customers[i] = { customer = ("K%04d"):format(i), a = i % 9, b = i % 5 == 0 }
    end
    local columns = { a = "integer", b = "flag" }
    local _, _, one = decide(customers, columns, policy, "--threads", "1")
    local _, _, three = decide(customers, columns, policy, "--threads", "3")
    assert.equal(one.out, three.out)
    local seen = {}
    for line in one.out:gmatch("[^\n]+") do
      seen[line:match("row.*$") or ""] = true
    end
    assert.is_true(seen["row 1,gift; letter; call,7,1.75,true"])
  end)

  it("shows all rows that hold to who asks about a customer", function()
    decide({ { a = 7, b = false } }, { a = "integer", b = "flag" }, policy)
    local told = cli.run({ "explain", cli.folder(), cli.folder() .. "/p.lua", "C1", "--json" })
    local act = json.decode(told.out).schemes[1]
    assert.same({ "act", "decision_table", "row 1" }, { act.scheme, act.kind, act.class })
    assert.same({ act_texts = "gift; letter; call", act_n = 5, act_x = 1.5, act_f = false },
      act.details)
    assert.same({ true, false, true },
      { act.classes[1].holds, act.classes[2].holds, act.classes[3].holds })
    local run = cli.run({ "explain", cli.folder(), cli.folder() .. "/p.lua", "C1" })
    assert.is_truthy(run.out:find([[
act: row 1
  act_texts = gift; letter; call, act_n = 5, act_x = 1.5, act_f = false
  row 1: holds
      yes   a >= 2   (a = 7)
  row 2: no
      no    b == true   (b = false)   would hold at b = true
  row 3: holds
      yes   a == 7   (a = 7)]], 1, true), run.out)
  end)
end)

describe("the columns of decisions", function()
  it("are no names of schemes", function()
    local run = require("policy.run")
    local _, header = decide({ {} }, { a = "integer" }, "segments 'only' { { 'x' } }")
    for _, name in ipairs(header) do
      local finding = run.finding(("segments '%s' { { 'x' } }"):format(name))
      assert.equal(name == "only" and "" or ("error 1:1 `%s` is a segments block here and a column "
        .. "of every decision already; choose another name"):format(name), finding)
    end
    cli.clean()
  end)
end)
