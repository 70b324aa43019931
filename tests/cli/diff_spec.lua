-- patron diff against an independent comparison: both policies are scored by themselves, and their
-- rows compared here.
local cli = require("cli")
local json = require("dkjson")

local dataset = [[{
  "name": "random", "as_of": "2025-06-30", "currency": "CNY",
  "tables": { "customers": { "file": "customers.csv", "columns": {
    "customer": { "type": "label" }, "spend": { "type": "money" }, "visits": { "type": "integer" },
    "share": { "type": "number" }, "opted_out": { "type": "flag" }
  } } }
}]]

local inputs = "inputs { spend = money, visits = integer, share = number, opted_out = flag }\n"

local before = [[policy "P" { currency = "CNY" }
]] .. inputs .. [[
params { gold_from = { 700, from = 100, to = 2000 } }
tiers "card" {
  { "gold", when = "spend >= gold_from and visits > 3" },
  { "silver", when = "spend >= 300 or share > 0.8" },
  { "bronze", when = "visits >= 1" },
}
tiers "mood" { { "keen", when = "visits > 6" }, { "calm" } }
campaign "call" { when = "spend > 200", never = "opted_out", cost = "12.34",
  value = "spend * share", offer = gift "a call", channel = "phone", holdout = 0.1 }
campaign "mail" { when = "visits < 10", never = "opted_out or visits == 0", cost = "visits * 0.1",
  value = "20 + visits // 2", offer = points(100), channel = "mail" }
campaign "odd" { when = "visits % 3 == 1", value = "100 // (visits - 4)", offer = cash(5) }
campaign "nod" { when = "visits == 2", cost = "0.1", value = "900", offer = gift "a nod" }
]]

-- Thresholds, terms, channels, amounts, order and names: something of everything.
local after = before:gsub("gold_from = { 700", "gold_from = { 640")
  :gsub("share > 0%.8", "share > 0.7"):gsub('value = "900"', 'value = "901"')
  :gsub('cost = "12%.34"', 'cost = "12.50"'):gsub("points%(100%)", "points(150)")
  :gsub('campaign "odd"', 'campaign "strange"'):gsub("visits > 6", "visits > 7")
  :gsub('channel = "phone"', 'channel = "sms"'):gsub("visits %- 4", "visits - 7")

local function customers(n, seed)
  math.randomseed(seed)
  local rows = { "customer,spend,visits,share,opted_out" }
  local function maybe(value)
    return math.random() < 0.06 and "" or value
  end
  for i = 1, n do
    rows[#rows + 1] = ("K%05d,%s,%s,%s,%s"):format(i,
      maybe(("%d.%02d"):format(math.random(0, 1000), math.random(0, 99))),
      maybe(math.random(0, 12)), maybe(math.random(0, 1000) / 1000),
      maybe(math.random() < 0.2 and "true" or "false"))
  end
  return rows
end

local function data(name, rows)
  local folder = cli.folder() .. "/" .. name
  os.execute("mkdir -p " .. folder)
  cli.write(folder .. "/dataset.json", dataset)
  cli.write(folder .. "/customers.csv", table.concat(rows, "\n") .. "\n")
end

local function put(name, text)
  cli.write(cli.folder() .. "/" .. name, text)
  return name
end

-- The rows of a file that the program wrote, by customer.
local function rows_of(path)
  local list = assert(json.decode(assert(cli.read(cli.folder() .. "/" .. path))))
  local by = {}
  for _, row in ipairs(list) do
    by[row.customer] = row
  end
  return by, #list
end

-- The rows of a score; `failed` where a rule of a campaign failed.
local function scored(policy)
  local run = cli.run({ "score", "base", policy, "-o", "rows.json", "--metrics", "mood",
    "--candidates", "all.json" })
  assert.is_true(run.status == 0 or run.status == 4, run.err)
  local rows = rows_of("rows.json")
  for _, row in ipairs(json.decode(cli.read(cli.folder() .. "/all.json"))) do
    rows[row.customer].failed = rows[row.customer].failed or row.reason == "fault"
  end
  return rows
end

local function diff(...)
  local run = cli.run({ "diff", ... })
  return run, run.out:sub(1, 1) == "{" and assert(json.decode(run.out)) or nil
end

-- What a customer is in, under the names that diff has for it.
local function state(row)
  if row.reason == "granted" then
    return row.campaign
  end
  return row.reason == "holdout" and "(held out)" or row.failed and "(failed)" or "(none)"
end

local function add(t, key, n)
  t[key] = (t[key] or 0) + n
end

local function number(x)
  return x == json.null and 0 or x or 0
end

describe("patron diff", function()
  setup(function()
    data("base", customers(4000, 7))
    put("before.lua", before)
    put("after.lua", after)
  end)
  teardown(cli.clean)

  it("says what a comparison of two scores says", function()
    local a, b = scored("before.lua"), scored("after.lua")
    local run, said = diff("base", "before.lua", "after.lua", "--json", "-o", "changes.json")
    assert.equal(4, run.status) -- rules failed on both sides
    local written, n_written = rows_of("changes.json")
    local moves, kinds, cost, net, changed, rows = {}, {}, { 0, 0 }, { 0, 0 }, 0, 0
    for id, x in pairs(a) do
      local y, kind = b[id], nil
      local from, to = state(x), state(y)
      cost[1], cost[2] = cost[1] + number(x.cost), cost[2] + number(y.cost)
      net[1], net[2] = net[1] + number(x.net), net[2] + number(y.net)
      add(moves, "offer " .. from .. " > " .. to, 1)
      for _, scheme in ipairs({ "tier", "mood" }) do
        local name = scheme == "tier" and "card" or scheme
        local p, q = x[scheme] or "(none)", y[scheme] or "(none)"
        add(moves, name .. " " .. p .. " > " .. q, 1)
        if p ~= q then
          kind = (kind and kind .. " " or "") .. name
        end
      end
      if kind then
        add(kinds, "class", 1)
      end
      local offer
      if from ~= to then
        offer = (from == "(failed)") ~= (to == "(failed)") and "failed" or "offer"
      elseif x.reason == "granted" then
        offer = x.offer ~= y.offer and "terms" or x.channel ~= y.channel and "channel"
          or (x.cost ~= y.cost or x.value ~= y.value) and "amount" or nil
      end
      if offer then
        add(kinds, offer, 1)
        kind = (kind and kind .. " " or "") .. offer
      end
      if kind then
        rows = rows + 1
        changed = changed + (kind == "failed" and 0 or 1)
        local row = assert(written[id], id)
        assert.equal(kind, row.change, id)
        for _, name in ipairs({ "tier", "campaign", "cost", "net", "reason", "offer" }) do
          assert.equal(x[name], row[name .. "_before"], id .. name)
          assert.equal(y[name], row[name .. "_after"], id .. name)
        end
      end
    end
    assert.equal(rows, n_written)
    assert.equal(changed, said.changed)
    for kind, told in pairs(said.changes) do
      assert.equal(kinds[kind] or 0, told.customers, kind)
    end
    local seen = 0
    for name, flow in pairs({ card = said.schemes.card, mood = said.schemes.mood,
      offer = said.offers }) do
      for i, from in ipairs(flow.before) do
        for k, to in ipairs(flow.after) do
          assert.equal(moves[name .. " " .. from .. " > " .. to] or 0, flow.matrix[i][k],
            from .. to)
          seen = seen + flow.matrix[i][k]
        end
      end
    end
    assert.equal(3 * 4000, seen)
    for i, side in ipairs({ "before", "after" }) do
      assert.is_true(math.abs(cost[i] - said.granted[side].cost) < 0.005)
      assert.is_true(math.abs(net[i] - said.granted[side].net) < 0.005)
    end
    for _, kind in ipairs({ "class", "offer", "terms", "channel", "amount", "failed" }) do
      assert.is_true(kinds[kind] > 0, kind)
    end
  end)

  it("adds up: of moves, of campaigns, and in all", function()
    local _, said = diff("base", "before.lua", "after.lua", "--json")
    local function near(a, b)
      assert.is_true(math.abs(a - b) < 0.005, a .. " " .. b)
    end
    local by_campaign, cost, inside = { 0, 0 }, 0, 0
    for _, campaign in pairs(said.campaigns) do
      for i, side in ipairs({ "before", "after" }) do
        by_campaign[i] = by_campaign[i] + (campaign[side] and campaign[side].net or 0)
      end
    end
    near(by_campaign[1], said.granted.before.net)
    near(by_campaign[2], said.granted.after.net)
    for _, move in ipairs(said.offers.moves) do
      cost = cost + move.cost
    end
    for _, kind in ipairs({ "terms", "channel", "amount" }) do
      inside = inside + said.changes[kind].cost
    end
    near(cost + inside, said.granted.difference.cost)
    near(said.granted.after.cost - said.granted.before.cost, said.granted.difference.cost)
  end)

  it("finds nothing between a policy and itself", function()
    for _, pair in ipairs({ { "base", "before.lua" }, { "samples/rfm-nine", "policies/rfm.lua" },
      { "samples/bank", "policies/card-retention.lua" } }) do
      local run = diff(pair[1], pair[2], pair[2], "-o", "none.csv")
      assert.truthy(run.out:find("\nnobody gets anything else\n", 1, true), run.out)
      assert.is_nil(run.out:find("for example", 1, true))
      local _, lines = cli.read(cli.folder() .. "/none.csv"):gsub("\n", "")
      assert.equal(1, lines)
      local _, said = diff(pair[1], pair[2], pair[2], "--json")
      assert.equal(0, said.changed)
      assert.same({}, said.examples)
      assert.same({}, said.offers.moves)
    end
  end)

  it("compares a policy with itself under other params", function()
    put("edited.lua", (before:gsub("gold_from = { 700", "gold_from = { 500")))
    local _, edited = diff("base", "before.lua", "edited.lua", "--json")
    local run, set = diff("base", "before.lua", "--set", "gold_from=500", "--json")
    assert.equal(4, run.status, run.err)
    assert.same({ gold_from = 500 }, set.after.set)
    assert.same({}, set.before.set)
    assert.is_true(set.changed > 100)
    for _, part in ipairs({ "changed", "granted", "schemes", "offers", "campaigns" }) do
      assert.same(edited[part], set[part])
    end
    local same = diff("base", "before.lua", "--set", "gold_from=700")
    assert.truthy(same.out:find("nobody gets anything else", 1, true))
    -- with two policies they are the new one's
    local _, both = diff("base", "before.lua", "before.lua", "--set", "gold_from=500", "--json")
    assert.same(edited.schemes, both.schemes)
  end)

  it("is the same for any number of threads, order of the input, and locale", function()
    local rows = customers(4000, 7)
    local shuffled = { rows[1] }
    for i = #rows, 2, -1 do
      shuffled[#shuffled + 1] = rows[i]
    end
    data("turned", shuffled)
    local function both(base, ...)
      local run = diff(base, "before.lua", "after.lua", "-o", "c.csv", ...)
      return run.out .. cli.read(cli.folder() .. "/c.csv")
    end
    local one = both("base", "--threads", "1")
    assert.equal(one, both("base", "--threads", "2"))
    assert.equal(one, both("base", "--threads", "7"))
    assert.equal(one, both("turned"))
  end)

  it("judges both by one model", function()
    put("cuts.lua", before .. 'tiers "q" { { "high", when = "r >= 4" }, { "low" } }\n')
    local text = "metrics { r = 'visits // 3' }\n"
    put("cuts.lua", cli.read(cli.folder() .. "/cuts.lua"):gsub("params {", text .. "params {", 1))
    assert.equal(0, cli.run({ "fit", "base", "cuts.lua", "-o", "m.json" }).status)
    local run = diff("base", "cuts.lua", "before.lua", "--model", "m.json")
    assert.is_true(run.status == 0 or run.status == 4, run.err)
    assert.truthy(run.out:find("\nq stands only in cuts.lua: high ", 1, true), run.out)
  end)
end)

-- One customer, two policies, and what the page says of why.
describe("the cause that diff finds", function()
  after_each(cli.clean)

  local function head(text)
    return 'policy "P" {}\n' .. inputs .. text
  end

  local function page(old, new, rows)
    data("base", rows or { "customer,spend,visits,share,opted_out", "A,500,5,0.5,false" })
    put("old.lua", head(old))
    put("new.lua", head(new))
    return (diff("base", "old.lua", "new.lua"))
  end

  local function says(text, old, new, rows)
    local run = page(old, new, rows)
    assert.truthy(run.out:find("\n" .. text, 1, true), run.out .. run.err)
  end

  local tiers = 'tiers "card" { { "gold", when = %q }, { "classic" } }\n'
  local offer = 'campaign "c" { when = %q, never = %q, offer = points(1), value = %q }\n'

  it("is a threshold that moved", function()
    says([[
    card: gold -> classic
      gold, when
      before  yes   spend >= 400   (spend = 500.00)   old.lua:3:34
      after   no    spend >= 600   (spend = 500.00)   new.lua:3:34
]], tiers:format("spend >= 400"), tiers:format("spend >= 600"))
  end)

  it("is the clause among others, at its place", function()
    says([[
      gold, when
      before  yes   spend >= 400   (spend = 500.00)   old.lua:3:49
      after   no    spend >= 600   (spend = 500.00)   new.lua:3:49
]], tiers:format("visits > 3 and spend >= 400 and share > 0.1"),
      tiers:format("visits > 3 and spend >= 600 and share > 0.1"))
  end)

  it("is a clause that was added, or an alternative that was taken away", function()
    says([[
      gold, when
      before  has no such clause   old.lua:3:34
      after   no    share > 0.6   (share = 0.5)   new.lua:3:51
]], tiers:format("spend >= 400"), tiers:format("spend >= 400 and share > 0.6"))
    says([[
      gold, when
      before  yes   share < 0.6   (share = 0.5)   old.lua:3:50
      after   has no such clause   new.lua:3:34
]], tiers:format("spend >= 900 or share < 0.6"), tiers:format("spend >= 900"))
  end)

  it("is a `never` that was added", function()
    says([[
    offer: c -> (none)
      c, never
      before  has no such rule
      after   yes   visits > 4   (visits = 5)   new.lua:3:]],
      'campaign "c" { when = "spend > 1", offer = points(1) }\n',
      'campaign "c" { when = "spend > 1", offer = points(1), never = "visits > 4" }\n')
  end)

  it("is a value that is missing", function()
    says([[
      c, never
      before  no    visits > 9   (visits = 5)   old.lua:3:45
      after   ?     share > 9   (share is missing)   new.lua:3:45
]],
      offer:format("spend > 1", "visits > 9", "1"),
      offer:format("spend > 1", "share > 9", "1"),
      { "customer,spend,visits,share,opted_out", "A,500,5,,false" })
  end)

  it("is a param in the values", function()
    data("base", { "customer,spend,visits,share,opted_out", "A,500,5,0.5,false" })
    put("p.lua", head("params { line = 400 }\n" .. tiers:format("spend >= line")))
    local run = diff("base", "p.lua", "--set", "line=600")
    assert.truthy(run.out:find("(spend = 500.00, line = 400)", 1, true), run.out)
    assert.truthy(run.out:find("(spend = 500.00, line = 600)", 1, true), run.out)
  end)

  it("is a tier or campaign that only one policy has", function()
    says([[
    card: gold -> platinum
      platinum stands only in new.lua
      after   yes   spend >= 450   (spend = 500.00)   new.lua:3:]], tiers:format("spend >= 400"),
      'tiers "card" { { "platinum", when = "spend >= 450" }, { "gold", when = "spend >= 400" },\n'
      .. '  { "classic" } }\n')
    says([[
    offer: d -> c
      d stands only in old.lua
]], (offer:format("spend > 1", "opted_out", "1"):gsub('"c"', '"d"')),
      offer:format("spend > 1", "opted_out", "1"))
  end)

  it("is an amount, where two offers compete", function()
    local two = 'campaign "d" { when = "spend > 1", offer = cash(1), value = "5" }\n'
    says([[
    offer: d -> c
      c, value
      before  4   old.lua:4:85
      after   spend = 500   (spend = 500.00)   new.lua:4:85
]], two .. offer:format("spend > 1", "opted_out", "4"),
      two .. offer:format("spend > 1", "opted_out", "spend"))
  end)

  it("is the rule of a channel, a budget, or what keeps a tier", function()
    local reached = 'channel "phone" { when = "visits > %d" }\n'
      .. 'campaign "c" { when = "spend > 1", offer = points(1), channel = "phone" }\n'
    says([[
    offer: c -> (none)
      phone, when
      before  yes   visits > 3   (visits = 5)   old.lua:3:27
      after   no    visits > 6   (visits = 5)   new.lua:3:27
]], reached:format(3), reached:format(6))
    local dear = 'campaign "c" { when = "spend > 1", offer = points(1), cost = 50, '
      .. "caps = { budget = %d } }\n"
    says("      c: granted before, budget after\n", dear:format(100), dear:format(10))
    local kept = 'inputs { was = label }\ntiers "card" { { "gold", when = "spend >= 900", '
      .. 'keep = "spend >= %d" }, { "classic" }, previous = "was" }\n'
    says([[
      gold, keep
      before  yes   spend >= 400   (spend = 500.00)   old.lua:4:]], kept:format(400),
      kept:format(600), { "customer,spend,visits,share,opted_out,was", "A,500,5,,false,gold" })
  end)

  it("is what becomes of a tier that stays", function()
    local memory = 'tiers "card" { { "gold", when = "spend >= 1000", keep = "spend >= %d" },\n'
      .. ' { "classic" }, previous = "was", since = "from", review = months(12),\n'
      .. " grace = days(%d) }\n"
    local rows = { "customer,spend,visits,share,opted_out,was,from",
      "A,850,5,,false,gold,2024-06-01", "B,2000,5,,false,gold,2024-06-01",
      "C,850,5,,false,gold,2024-12-01", "D,1,5,,false,classic," }
    says([[
    card_state: kept -> in grace
      gold, keep
      before  yes   spend >= 800   (spend = 850.00)   old.lua:3:58
      after   no    spend >= 900   (spend = 850.00)   new.lua:3:58
]], memory:format(800, 60), memory:format(900, 60), rows)
    local _, said = diff("base", "old.lua", "new.lua", "--json", "-o", "changes.json")
    local written, n = rows_of("changes.json")
    assert.equal(1, n)
    assert.equal("card_state", written.A.change)
    assert.equal("in grace", written.A.card_state_after)
    assert.equal(1, said.changed)
    assert.equal(0, said.schemes.card.changed)
    assert.same({ from = "kept", to = "in grace", customers = 1, cost = 0, value = 0, net = 0 },
      said.schemes.card_state.moves[1])
    says([[
    card_state: in grace -> fell
      every rule comes out alike: their order is another, or the memory of the tiers
]], memory:format(900, 60), memory:format(900, 20), rows)
  end)

  it("is what a tier or a row says, and no row's number", function()
    local owned = 'tiers "card" { { "gold", when = "spend > 1", owner = "%s" }, { "classic" } }\n'
    says([[
    card_owner: Ms Li -> Mr Wu
      gold has another card_owner
]], owned:format("Ms Li"), owned:format("Mr Wu"))
    local table = 'decision_table "care" { reads = { "visits" }, gives = { "owner" },\n'
      .. '%s{ at_least(4), "Ms Li" }, { any, "nobody" } }\n'
    says("nobody gets anything else\n", table:format(""), table:format('{ above(99), "Mr Wu" }, '))
    says([[
    care_owner: Ms Li -> nobody
      row 1, when
      before  yes   visits >= 4   (visits = 5)   old.lua:3:36
      after   no    visits >= 6   (visits = 5)   new.lua:3:36
]], table:format(""), (table:format(""):gsub("4", "6")))
  end)

  it("is a function, with its arguments", function()
    says([[
      gold, when
      before  yes   function(spend = 500) gave true (line 3)   old.lua:3:33
]],
      'tiers "card" { { "gold", when = function(spend) return spend > 400 and true end },\n'
      .. ' { "classic" } }\n',
      'tiers "card" { { "gold", when = function(spend) return spend > 600 and true end },\n'
      .. ' { "classic" } }\n')
  end)

  it("is a rule that failed, which is no change", function()
    local run = page(tiers:format("visits // 1 > 3"), tiers:format("visits // (visits - 5) > 3"))
    assert.equal(4, run.status)
    assert.truthy(run.out:find("nobody gets anything else", 1, true), run.out)
    assert.truthy(run.out:find("for 1 customer a rule failed on one side only", 1, true))
    assert.truthy(run.out:find("    card: gold -> (failed)\n      new.lua:3 failed: ", 1, true))
    assert.truthy(run.err:find("failed for A", 1, true))
  end)

  it("is a name, when nothing but that is another one", function()
    local run = page(tiers:format("spend > 1"), (tiers:format("spend > 1"):gsub("gold", "oro")))
    assert.truthy(run.out:find("gold before has the very customers of oro after", 1, true), run.out)
    run = page(offer:format("spend > 1", "opted_out", "1"),
      (offer:format("spend > 1", "opted_out", "1"):gsub('"c"', '"phone them"')))
    assert.truthy(run.out:find("c before has the very customers of phone them after", 1, true))
  end)

  it("is the title, where customers are held out", function()
    local rows = { "customer,spend,visits,share,opted_out" }
    for i = 1, 200 do
      rows[#rows + 1] = ("A%d,500,5,0.5,false"):format(i)
    end
    data("base", rows)
    local text = inputs .. 'campaign "c" { when = "spend > 1", offer = points(1), holdout = 0.3 }\n'
    put("old.lua", 'policy "one" {}\n' .. text)
    put("new.lua", 'policy "two" {}\n' .. text)
    local run = diff("base", "old.lua", "new.lua")
    assert.truthy(run.out:find("c -> (held out)", 1, true), run.out)
    assert.truthy(run.out:find("\n      c: granted before, holdout after\n", 1, true), run.out)
    assert.truthy(run.out:find("different titles, so other customers are held out", 1, true))
    text = text:gsub(", holdout = 0.3", "")
    put("old.lua", 'policy "one" { holdout = 0.3 }\n' .. text)
    put("new.lua", 'policy "two" { holdout = 0.3 }\n' .. text)
    run = diff("base", "old.lua", "new.lua")
    assert.truthy(run.out:find("different titles, so other customers are held out", 1, true))
  end)
end)

describe("patron diff refuses", function()
  after_each(cli.clean)

  local function refused(status, text, ...)
    local run = cli.run({ "diff", ... })
    assert.equal(status, run.status, run.out)
    assert.truthy(run.err:find(text, 1, true), run.err)
    assert.equal("", run.out)
  end

  it("what is no pair of policies for one set of data", function()
    local bank, retention = "samples/bank", "policies/card-retention.lua"
    refused(2, "another policy, or --set NAME=VALUE", bank, retention)
    refused(2, "here stands the policy", bank, retention, bank)
    refused(2, "no such param", bank, retention, "policies/rfm.lua", "--set", "drop=0.4")
    refused(2, "another option writes this file", bank, retention, "policies/rfm.lua", "-o",
      "x.csv", "--rejects", "x.csv")
    refused(2, "end its name in", bank, retention, "policies/rfm.lua", "-o", "x.txt")
    put("dear.lua", 'policy "d" { currency = "EUR" }\ntiers "t" { { "all" } }\n')
    refused(1, "EUR", bank, retention, "dear.lua")
    put("bad.lua", 'tiers "t" { { "a", when = "nothing > 3" }, { "all" } }\n')
    refused(1, "bad.lua:1:28", bank, retention, "bad.lua")
  end)

  it("two currencies, also where the data names none", function()
    cli.write(cli.folder() .. "/t.csv", "customer,date,amount\nA,2025-01-01,5\n")
    put("cny.lua", 'policy "d" { currency = "CNY" }\ntiers "t" { { "all" } }\n')
    put("eur.lua", 'policy "d" { currency = "EUR" }\ntiers "t" { { "all" } }\n')
    refused(1, "cny.lua counts in CNY and eur.lua in EUR", "t.csv", "cny.lua", "eur.lua")
  end)
end)

-- Whom a referral programme pays, before and after, as score --rewards says it.
describe("rewards for referrals", function()
  after_each(cli.clean)

  local programme = 'policy "P" { currency = "CNY" }\n'
    .. 'referral "bring a friend" { qualifies = "friend.spend >= %d", reward = both(%d) }\n'

  local function setup_base()
    local folder = cli.folder() .. "/base"
    os.execute("mkdir -p " .. folder)
    local people, links, buys = { "id,opened" }, { "referrer,referee,date" },
      { "customer,date,amount" }
    math.randomseed(3)
    for i = 1, 400 do
      people[#people + 1] = i .. ",2024-01-01"
      buys[#buys + 1] = i .. ",2024-06-01," .. math.random(1, 300)
      if i > 1 then
        links[#links + 1] = math.random(1, i - 1) .. "," .. i .. ",2024-02-01"
      end
    end
    for name, rows in pairs({ customers = people, referrals = links, transactions = buys }) do
      cli.write(folder .. "/" .. name .. ".csv", table.concat(rows, "\n") .. "\n")
    end
    put("old.lua", programme:format(100, 300))
    put("new.lua", programme:format(150, 400))
  end

  local function paid(policy)
    local run = cli.run({ "score", "base", policy, "-o", "s.csv", "--rewards", "rewards.json" })
    assert.equal(0, run.status, run.err)
    local sums, all = {}, 0
    for _, row in ipairs(json.decode(cli.read(cli.folder() .. "/rewards.json"))) do
      add(sums, row.customer, row.amount)
      all = all + row.amount
    end
    return sums, all
  end

  it("are compared for everybody, and by block", function()
    setup_base()
    local a, paid_before = paid("old.lua")
    local b, paid_after = paid("new.lua")
    local changed = 0
    for i = 1, 400 do
      changed = changed + ((a[tostring(i)] or 0) ~= (b[tostring(i)] or 0) and 1 or 0)
    end
    local _, said = diff("base", "old.lua", "new.lua", "--json")
    assert.equal(changed, said.changes.reward.customers)
    assert.equal(paid_after - paid_before, said.changes.reward.cost)
    local block = said.referrals["bring a friend"]
    assert.equal(paid_before, block.before.paid)
    assert.equal(paid_after, block.after.paid)
    local lost
    for _, move in ipairs(block.flow.moves) do
      lost = move.from == "granted" and move.to == "not qualified" and move.customers or lost
    end
    assert.equal(block.before.rewarded - block.after.rewarded, lost)
    local page = diff("base", "old.lua", "new.lua").out
    assert.truthy(page:find(
      "\n      bring a friend, qualifies: granted before, not qualified after\n", 1, true), page)
    assert.truthy(page:find("friend.spend >= 150   (friend.spend = ", 1, true), page)
    local customer, was, is = page:match("for example\n  (%d+)\n    paid for referrals: "
      .. "([%d.]+) %-> ([%d.]+)\n")
    assert.equal(a[customer] or 0, tonumber(was), page)
    assert.equal(b[customer] or 0, tonumber(is), page)
    local nobody = diff("base", "old.lua", "old.lua").out
    assert.truthy(nobody:find("nobody gets anything else", 1, true))
  end)

  it("are less by what is taken back", function()
    setup_base()
    put("taking.lua", (programme:format(100, 300):gsub("}\n$",
      ', claw_back = "friend.spend < 200" }\n')))
    local run = cli.run({ "score", "base", "old.lua", "-o", "s.csv",
      "--rewards", "base/rewards.csv" })
    assert.equal(0, run.status, run.err)
    local _, was = paid("old.lua")
    local _, is = paid("taking.lua")
    assert.equal(0, was)
    assert.truthy(is < 0)
    local page = diff("base", "old.lua", "taking.lua").out
    assert.matches(("\n  bring a friend +%%. +%%. +0.00 +%.2f +%.2f\n"):format(is, is)
      :gsub("%-", "%%-"), page)
  end)
end)
