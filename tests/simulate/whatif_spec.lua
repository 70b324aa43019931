-- The same customers under other params, and under another policy, draw by draw.
local json = require("dkjson")
local cli = require("cli")

-- P(a normal variable stays below x), by Simpson's rule.
local function normal(x)
  local n, low = 2000, -9
  local h, sum = (x - low) / n, 0
  for i = 0, n do
    local z = low + i * h
    sum = sum + math.exp(-z * z / 2) * ((i == 0 or i == n) and 1 or i % 2 == 1 and 4 or 2)
  end
  return sum * h / 3 / math.sqrt(2 * math.pi)
end

local worth, rows = 0, { "customer,p,worth,kind" }
for i = 1, 120 do
  local w = 50 + i * 13 % 400
  rows[i + 1] = ("C%03d,%s,%d,%s"):format(i, 0.3 + (i * 37 % 50) / 100, w,
    i % 2 == 0 and "gold" or "blue")
  worth = worth + w
end
rows = table.concat(rows, "\n") .. "\n"

local head = [[
policy "p" { currency = "CNY", holdout = 0.05 }
inputs { p = number, worth = integer, kind = { "gold", "blue" } }
params { least = { 100, from = 0, to = 400 }, e = { 0.1, from = 0, to = 1 }, most = 30,
         only = "gold", all = true }
]]

local function campaign(name, effect, cost)
  return ([[
campaign "%s" { when = "worth >= least and (all or kind == only)", offer = cash(4), cost = "%s",
  value = "worth", effect = { %s }, caps = { total = "most" } }
]]):format(name, cost or 20, effect)
end

local plain = 'frequency = "e", sd = 0.04'

local function run(...)
  return cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30", ... })
end

local function figures(...)
  local done = run("--json", ...)
  assert.equal(0, done.status, done.err)
  return json.decode(done.out)
end

local function write(policy, customers)
  os.execute("mkdir -p " .. cli.folder() .. "/base")
  cli.write(cli.folder() .. "/base/customers.csv", customers or rows)
  cli.write(cli.folder() .. "/p.lua", head .. policy)
end

local function near(expected, got, tolerance)
  assert.is_true(math.abs(expected - got) <= tolerance,
    ("expected %.9g within %.3g, got %.9g"):format(expected, tolerance, got))
end

describe("a sweep", function()
  before_each(function() write(campaign("x", plain)) end)
  teardown(cli.clean)

  it("is at every point what --set gives, to the last digit", function()
    local out = figures("--sweep", "least=50..350:4", "--sweep", "most=10,40", "--set", "e=0.2")
    assert.same({ "least", "most" }, out.sweep.params)
    local best = out.sweep.points[out.sweep.best + 1].net.mean
    assert.equal(8, #out.sweep.points)
    for i, point in ipairs(out.sweep.points) do
      local least, most = 50 + 100 * ((i - 1) // 2), i % 2 == 1 and 10 or 40
      assert.same({ least, most }, point.values)
      local one = figures("--set", "e=0.2", "--set", "least=" .. least, "--set", "most=" .. most)
      assert.same(one.net.p95, point.net.p95)
      assert.same(one.net.mean, point.net.mean)
      assert.same(one.cost.total, point.cost)
      assert.same(one.reach.offers, point.offers)
      assert.is_true(point.net.mean <= best + 1e-6)
    end
  end)

  it("computes anew whatever a param moves: it is what --set gives", function()
    cli.write(cli.folder() .. "/m.lua", [[
policy "m" { currency = "CNY" }
params { big = 900.0, retention_rate = 0.7, discount_rate = 0.1, over = 2, best = 9000 }
metrics {
  large = count "transactions" { where = "amount >= big" }, spent = sum "transactions" { "amount" },
  yearly_margin = sum "transactions" { "amount", last = months(12) }, more = "large + over",
  called = function(more, spent) return more + spent / 100 end,
}
tiers "t" { { "a", when = "spent >= best" }, { "b" } }
metrics { step = "t == 'a' and 2 or 1" }
campaign "x" { when = "large > 0 and called > over", offer = cash(4), cost = "more * step",
  value = "clv_perpetual + called", effect = { frequency = 0.1, sd = 0.04 } }
]])
    local function bank(...)
      local done = cli.run({ "simulate", "samples/bank", "m.lua", "--json", ... })
      assert.equal(0, done.status, done.err)
      return json.decode(done.out)
    end
    for name, to in pairs({ big = 5000, retention_rate = 0.9, discount_rate = 0.3, over = 5,
      best = 1000000 }) do
      local sweep = bank("--sweep", ("%s=1,%s"):format(name, to)).sweep.points[2]
      local set = bank("--set", ("%s=%s"):format(name, to))
      assert.same({ set.net.mean, set.net.p5, set.cost.total, set.reach.offers },
        { sweep.net.mean, sweep.net.p5, sweep.cost, sweep.offers })
      assert.is_true(set.reach.offers > 0)
      assert.is_true(set.net.mean ~= bank().net.mean, name)
    end
  end)

  it("takes fractions, flags and texts, and keeps whole numbers whole", function()
    local function values(text)
      local list = {}
      for i, point in ipairs(figures("--sweep", text).sweep.points) do list[i] = point.values[1] end
      return list
    end
    assert.same({ 0.1, 0.2, 0.3, 0.4, 0.5 }, values("e=0.1..0.5:5"))
    assert.same({ 0.3, 0.2, 0.1 }, values("e=0.3..0.1:3"))
    assert.same({ 0, 33, 67, 100 }, values("least=0..100:4"))
    assert.same({ true, false }, values("all=true,false"))
    local out = figures("--sweep", "only=gold,blue", "--set", "all=false")
    assert.same({ "gold" }, out.sweep.points[1].values)
    assert.is_true(out.sweep.points[1].net.mean ~= out.sweep.points[2].net.mean)
  end)

  -- golden.md: who leaves (score 0.2, 0.4, 0.7, 0.9) is kept by an offer of 10 with chance gamma.
  it("finds whom a retention campaign pays for, also over all that the chance may be", function()
    write("", "customer,leaves,score\nA,0,0.1\nB,1,0.2\nC,0,0.3\nD,1,0.4\nE,0,0.5\nF,1,0.7\n" ..
      "G,0,0.8\nH,1,0.9\n")
    cli.write(cli.folder() .. "/p.lua", [[
policy "p" {}
inputs { leaves = integer, score = number }
params { cut = { 0.1, from = 0, to = 1 }, gamma = { 0.3, from = 0, to = 1 } }
channel "mail" { cost = 1 }
campaign "keep" { when = "score >= cut", offer = cash(10), cost = 10, value = 200, channel = "mail",
  effect = { retention = "gamma * leaves", base = "1 - leaves", paid = "on success" } }
]])
    local certain = { "--assume", "base_spread=0", "--assume", "value_spread=0", "--assume",
      "effect_spread=0", "--draws", "100", "--sweep", "cut=0.1,0.2,0.3,0.4,0.5,0.7,0.8,0.9" }
    local sweep = figures(table.unpack(certain)).sweep
    assert.same({ 0.2 }, sweep.points[sweep.best + 1].values)
    near(8 * 23.875, sweep.points[sweep.best + 1].net.mean, 1e-9)
    certain[#certain + 1], certain[#certain + 2] = "--sweep", "gamma=0..1:51"
    local most, sum = {}, 0
    for _, point in ipairs(figures(table.unpack(certain)).sweep.points) do
      local gamma = point.values[2]
      most[gamma] = math.max(most[gamma] or 0, point.net.mean / 8)
    end
    for gamma, net in pairs(most) do -- gamma ~ Beta(6, 14); 1 / B(6, 14) = 162792
      sum = sum + 162792 * gamma ^ 5 * (1 - gamma) ^ 13 * net / 50
    end
    near(23.875593, sum, 1e-4)
  end)

  it("is a table, or a grid with the best marked", function()
    local out = run("--sweep", "least=50..350:4").out
    assert.truthy(out:find("sweep; * is the best\n  least  offers", 1, true), out)
    assert.truthy(out:find("is at an end of least: what lies beyond may be better", 1, true), out)
    out = run("--sweep", "least=50..350:4", "--sweep", "e=0.1,0.3").out
    assert.truthy(out:find("  least \\ e ", 1, true), out)
    assert.equal(1, select(2, out:gsub(" %*\n", "")), out)
  end)

  it("stops at a value that the policy can't have, and says which", function()
    local out = run("--sweep", "most=5,-5")
    assert.equal(1, out.status)
    assert.truthy(out.err:find("at most=-5:", 1, true), out.err)
    assert.truthy(out.err:find("this comes to -5", 1, true), out.err)
  end)

  it("refuses what is no sweep", function()
    for text, said in pairs({
      ["leest=1..2:3"] = "the policy has no such param; did you mean least?",
      ["least=100..500:3"] = "the policy allows 0 to 400",
      ["least=100,500"] = "the policy allows 0 to 400",
      ["least=1..9:1"] = "it takes 2 to 1000 steps between two numbers",
      ["least=1..1:3"] = "it takes 2 to 1000 steps between two numbers",
      ["least=1..4:9"] = "there are only 4 whole numbers from 1 to 4",
      ["least=1.5..4:2"] = "a range is FROM..TO:STEPS, of whole numbers",
      ["least=1..4"] = "a range is FROM..TO:STEPS, of whole numbers, such as 10..50:5",
      ["least=100"] = "or 2 to 1000 values with commas between",
      ["only=1..2:3"] = "only is no number; name the values it is to have: only=one,another",
      ["all=0..1:2"] = "all is no number; name the values it is to have: all=true,false",
      ["all=true,maybe"] = "'maybe' is neither true nor false",
      ["e=0.1,x"] = "'x' is no decimal number",
      ["least"] = "--sweep takes NAME=FROM..TO:STEPS or NAME=VALUE,VALUE,..., got 'least'",
    }) do
      local out = run("--sweep", text)
      assert.equal(2, out.status, text)
      assert.truthy(out.err:find(said, 1, true), out.err)
    end
    for said, words in pairs({
      ["--sweep names least twice"] = { "least=1,2", "least=3,4" },
      ["--sweep takes one or two params, and all=true,false is a third"] =
        { "least=1,2", "e=0.1,0.2", "all=true,false" },
      ["--sweep asks for 12000 points; it takes 1000 at most"] =
        { "least=1..400:300", "e=0..1:40" },
    }) do
      local list = {}
      for _, word in ipairs(words) do
        list[#list + 1] = "--sweep"
        list[#list + 1] = word
      end
      local out = run(table.unpack(list))
      assert.equal(2, out.status, said)
      assert.truthy(out.err:find(said, 1, true), out.err)
    end
  end)
end)

describe("a policy against another one", function()
  before_each(function() write(campaign("x", plain)) end)
  teardown(cli.clean)

  local still = { "--assume", "value_spread=0", "--draws", "20000" }

  local function against(policy, ...)
    cli.write(cli.folder() .. "/q.lua", policy)
    return figures("--vs", "q.lua", ...)
  end

  it("differs from itself by exactly nothing", function()
    local v = figures("--vs", "p.lua").versus
    local nothing = { mean = 0, p5 = 0, p50 = 0, p95 = 0 }
    assert.same({ nothing, nothing, nothing }, { v.difference, v.cost, v.earns })
    assert.same({ 0, 0 }, { v.probability_better, v.changed })
    local out = run("--vs", "p.lua").out
    assert.truthy(out:find("would change net by 0 [0..0]\n", 1, true), out)
    assert.truthy(out:find("nobody gets anything else", 1, true), out)
  end)

  it("has the closed form's difference, with draws that are shared by name and without", function()
    local all = { "--set", "least=0", "--set", "most=1000" }
    local open = head:gsub("holdout = 0.05", "holdout = 0"):gsub("{ 100,", "{ 0,")
      :gsub("most = 30", "most = 1000")
    cli.write(cli.folder() .. "/p.lua", open .. campaign("x", plain))
    for _, k in ipairs(still) do all[#all + 1] = k end
    for name, sd in pairs({ x = 0.07 - 0.04, y = math.sqrt(0.07 ^ 2 + 0.04 ^ 2) }) do
      local out = against(open .. campaign(name, "frequency = 0.12, sd = 0.07", 23),
        table.unpack(all))
      local v = out.versus
      local mean, deviation = 0.02 * worth - 120 * 3, sd * worth
      near(mean, v.difference.mean, 4 * deviation / math.sqrt(20000))
      near(mean - 1.6449 * deviation, v.difference.p5, 0.05 * deviation)
      near(mean + 1.6449 * deviation, v.difference.p95, 0.05 * deviation)
      near(normal(mean / deviation), v.probability_better, 4 * 0.5 / math.sqrt(20000))
      near(360, v.cost.mean, 1e-9)
      assert.same({ 120, name == "x" and 120 or 0, name == "y" and 120 or 0 },
        { v.changed, v.changes.amount, v.changes.offer })
    end
  end)

  it("is the difference of two pages, and tells who moves", function()
    local roomy = head:gsub("most = 30", "most = 60")
    local other = roomy .. campaign("x", plain):gsub("worth >= least", "worth >= 3 * least")
    cli.write(cli.folder() .. "/p.lua", roomy .. campaign("x", plain))
    local out = against(other)
    cli.write(cli.folder() .. "/p.lua", other)
    local alone = figures()
    near(alone.net.mean - out.net.mean, out.versus.difference.mean, 1e-6)
    assert.same({ before = out.reach.offers, after = alone.reach.offers }, out.versus.offers)
    assert.equal(out.versus.changes.offer, out.versus.changed)
    local moved = 0
    for _, m in ipairs(out.versus.moves) do moved = moved + m.customers end
    assert.equal(out.versus.changed, moved)
    cli.write(cli.folder() .. "/p.lua", roomy .. campaign("x", plain))
    out = run("--vs", "q.lua").out
    assert.truthy(out:find("instead  q.lua, policy \"p\", would change net by ", 1, true), out)
    assert.matches("%d+ customers change: offer %d+; offers %d+, with this one %d+", out)
    assert.matches("%d+ from x to %(none%)", out)
  end)

  it("may offer nothing at all: then the difference is what the policy brings", function()
    local out = against(head .. 'tiers "t" { { "a" } }')
    near(-out.net.mean, out.versus.difference.mean, 1e-6)
    near(1 - out.net.probability_positive, out.versus.probability_better, 1e-9)
  end)

  it("takes effects from experiments, each policy its own", function()
    local made = cli.run({ "generate", "bank", "--customers", "12000", "--seed", "7", "-o",
      "bank" })
    assert.equal(0, made.status, made.err)
    local policy = [[
params { silent = 60 }
campaign "%s" { when = "recency_days >= silent", offer = cash(20), cost = "5", value = "600",
  effect = { retention = 0.05, sd = 0.05, base = 0.3%s } }
]]
    cli.write(cli.folder() .. "/p.lua", policy:format("x", ', from = "use it again"'))
    cli.write(cli.folder() .. "/q.lua", policy:format("x", ""))
    local function bank(name, ...)
      local done = cli.run({ "simulate", "bank", name, "--json", ... })
      assert.equal(0, done.status, done.err)
      return json.decode(done.out)
    end
    local p = bank("p.lua", "--vs", "q.lua", "--sweep", "silent=60,120")
    local q = bank("q.lua", "--vs", "p.lua", "--sweep", "silent=60,120")
    assert.same({ "A", "C" }, { p.inputs[1].grade, q.inputs[1].grade })
    assert.same({ p.net.mean, q.net.mean },
      { p.sweep.points[1].net.mean, q.sweep.points[1].net.mean })
    assert.same(bank("p.lua", "--set", "silent=120").net.mean, p.sweep.points[2].net.mean)
    near(q.net.mean - p.net.mean, p.versus.difference.mean, 1e-6 * math.abs(p.net.mean))
    near(-q.versus.difference.mean, p.versus.difference.mean, 1e-6 * math.abs(p.net.mean))
    assert.equal(0, bank("p.lua", "--vs", "p.lua").versus.difference.p95)
  end)

  it("changes nobody's draws where a customer is added", function()
    local before = figures()
    write(campaign("x", plain), rows .. "C000,0.5,10,gold\nC999,0.5,20,blue\n")
    local after = figures()
    assert.equal(before.reach.customers + 2, after.reach.customers)
    assert.same({ before.net, before.cost, before.inputs, before.distribution, before.tornado },
      { after.net, after.cost, after.inputs, after.distribution, after.tornado })
  end)

  it("is refused in another currency, and without a policy", function()
    cli.write(cli.folder() .. "/q.lua", head:gsub("CNY", "EUR") .. campaign("x", plain))
    local out = run("--vs", "q.lua")
    assert.equal(1, out.status)
    assert.truthy(out.err:find("p.lua counts in CNY and q.lua in EUR", 1, true), out.err)
    out = run("--vs", "none.lua")
    assert.equal(1, out.status)
    assert.truthy(out.err:find("none.lua", 1, true), out.err)
    out = run("--vs", "base")
    assert.equal(2, out.status)
    assert.truthy(out.err:find("here stands the policy", 1, true), out.err)
    cli.write(cli.folder() .. "/q.lua", head .. campaign("x", plain):gsub("worth >=", "wroth >="))
    out = run("--vs", "q.lua")
    assert.equal(1, out.status)
    assert.truthy(out.err:find("did you mean `worth`?", 1, true) or out.err:find("worth", 1, true))
  end)
end)

describe("a mistake in an option", function()
  teardown(cli.clean)

  local function refused(out, said)
    assert.is_true(out.status == 1 or out.status == 2, said)
    assert.truthy(out.err:find(said, 1, true), out.err)
    assert.is_nil(out.err:find("failed for", 1, true), out.err) -- as is told once it has decided
  end

  it("is told before anybody is decided for", function()
    write(campaign("x", plain, "1 // (worth - worth)"))
    cli.write(cli.folder() .. "/q.lua", head:gsub("CNY", "EUR") .. campaign("x", plain))
    assert.truthy(run().err:find("failed for", 1, true))
    for said, words in pairs({
      ["did you mean least?"] = { "--sweep", "leest=1..2:3" },
      ["--sweep names least twice"] = { "--sweep", "least=1,2", "--sweep", "least=3,4" },
      ["counts in CNY and q.lua in EUR"] = { "--vs", "q.lua" },
      ["none.lua"] = { "--vs", "none.lua" },
      ["--budget takes an amount from 0 on, with 2 decimals"] = { "--budget", "1.234" },
    }) do
      refused(run(table.unpack(words)), said)
    end
  end)

  it("is told before anything is read, where it needs nothing of it", function()
    for said, words in pairs({
      ["a plan is a file that ends in .csv"] = { "--budget", "9", "--plan", "p.txt" },
      ["give --budget X, too"] = { "--plan", "p.csv" },
      ["no/p.csv: cannot write"] = { "--budget", "9", "--plan", "no/p.csv" },
      ["no/r.html: cannot write"] = { "-o", "no/r.html" },
      ["f.html: cannot write"] = { "-o", "f.html" },
      ["add --months N"] = { "--runs", "9" },
      ["--months takes"] = { "--months", "0" },
      ["--sample takes"] = { "--months", "9", "--sample", "x" },
      ["loyalty"] = { "--months", "9", "--elasticity", "loyalty=1" },
    }) do
      os.execute("mkdir -p " .. cli.folder() .. "/f.html")
      refused(cli.run({ "simulate", "nowhere", "nowhere.lua", table.unpack(words) }), said)
    end
  end)
end)
