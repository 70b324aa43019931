-- The first page of a simulation against closed forms: sums over customers done here, and the means
-- and deviations of what is linear in normal factors.
local json = require("dkjson")
local cli = require("cli")

local folder

local function simulate(rows, policy, ...)
  folder = cli.folder()
  os.execute("rm -rf " .. folder .. "/base && mkdir -p " .. folder .. "/base")
  cli.write(folder .. "/base/customers.csv", rows)
  cli.write(folder .. "/p.lua", policy)
  local run = cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30", ... })
  assert.equal(0, run.status, run.err)
  return run
end

local function figures(...)
  return json.decode(simulate(...).out)
end

local function near(expected, got, tolerance, what)
  assert.is_true(math.abs(expected - got) <= tolerance,
    ("%s: expected %.6g within %.3g, got %.6g"):format(what or "?", expected, tolerance, got))
end

-- 200 customers of different chances to stay and worths.
local customers, rows = {}, { "customer,p,worth,kind" }
for i = 1, 200 do
  customers[i] = { p = 0.3 + (i * 37 % 50) / 100, worth = 50 + i * 13 % 400 }
  rows[i + 1] = ("C%03d,%s,%d,%s"):format(i, customers[i].p, customers[i].worth,
    i % 3 == 0 and "gold" or "blue")
end
rows = table.concat(rows, "\n") .. "\n"

local function policy(effect)
  return [[
inputs { p = number, worth = integer, kind = { "gold", "blue" } }
segments "kinds" { { "gold", when = "kind == 'gold'" }, { "blue" } }
channel "sms" { cost = 0.5 }
campaign "x" { when = "true", offer = cash(4), cost = 4, value = "worth", channel = "sms",
  effect = { ]] .. effect .. [[ } }
]]
end

describe("a simulation", function()
  lazy_teardown(cli.clean)

  local still = { "--assume", "value_spread=0", "--assume", "base_spread=0" }

  it("adds up who gets an offer, and why others do not", function()
    local out = figures(rows, [[
inputs { p = number, worth = integer, kind = { "gold", "blue" } }
campaign "x" { when = "worth >= 250", never = "kind == 'gold'", offer = cash(4), cost = 4,
  value = "0.1 * worth", holdout = 0.2, caps = { total = 30 } }
]], "--json")
    local sum = out.reach.offers
    for _, n in pairs(out.why_not) do
      sum = sum + n
    end
    assert.equal(200, sum)
    assert.equal(30, out.reach.offers)
    assert.is_true(out.why_not.holdout > 0 and out.why_not["total cap"] > 0)
    assert.equal(4 * 30, out.cost.total.mean)
  end)

  it("makes no offer to who has no cost, or no value, and counts them", function()
    local holes = rows:gsub("(C00%d,[^,]*,)%d+", "%1") -- nine have no worth
    for _, missing in ipairs({ 'cost = "0.01 * worth", value = 9', 'cost = 4, value = "worth"' }) do
      local out = figures(holes, [[
inputs { p = number, worth = integer, kind = label }
campaign "x" { when = "true", offer = cash(4), ]] .. missing .. " }", "--json")
      assert.same({ 191, 9, 9 }, { out.reach.offers, out.why_not["missing value"],
        out.reach.campaigns[1].reasons["missing value"] })
    end
  end)

  it("counts no decision to do nothing as an offer, and has no evidence of nothing", function()
    local text = [[
inputs { p = number, worth = integer, kind = { "gold", "blue" } }
campaign "x" { when = "worth > 1000", offer = cash(4), cost = 4, value = 1 }
campaign "alone" { when = "kind == 'gold'", offer = let_go() }
]]
    local out = figures(rows, text, "--json")
    assert.same({ 0, 66, 134 }, { out.reach.offers, out.reach.let_go, out.why_not.ineligible })
    local page = simulate(rows, text).out
    for _, said in ipairs({
      "\nreach    0 of 200 get an offer, 66 are let go; not: ineligible 134\n",
      "\nearns    nothing: no offer with a `value` is made\n",
      "\n  x: 0 offers; it reaches nobody\n  alone: 66 customers, cost 0, ",
    }) do
      assert.truthy(page:find(said, 1, true), page)
    end
    assert.is_nil(page:find("evidence", 1, true))
    assert.is_nil(out.grade)
    assert.is_nil(out.payback_months)
  end)

  it("has the mean and the deviation of the closed form", function()
    local out = figures(rows, policy('retention = 0.1, sd = 0.03, base = "p", paid = "on success"'),
      "--json", table.unpack(still))
    local worth, base = 0, 0
    for _, c in ipairs(customers) do
      worth = worth + c.worth
      base = base + c.p
    end
    -- gain = x * worth; cost = contacts + 4 * (base + 200 x); x is normal (0.1, 0.03)
    local slope = worth - 4 * 200
    local mean, sd = 0.1 * slope - 4 * base - 100, 0.03 * slope
    near(mean, out.net.mean, 4 * sd / math.sqrt(4000), "mean")
    near(sd / math.sqrt(4000), out.net.monte_carlo_error, 0.05 * sd / math.sqrt(4000), "error")
    near(mean - 1.6449 * sd, out.net.p5, 0.1 * sd, "p5")
    near(mean + 1.6449 * sd, out.net.p95, 0.1 * sd, "p95")
    near(mean - 2.0627 * sd, out.net.worst_5_percent, 0.1 * sd, "worst 5 %")
    near(4 * base, out.cost.sure_things.mean, 1e-9, "sure things")
    local x = out.campaigns[1].uplift
    near((4 * base + 100) / slope, x.break_even, 1e-9, "break-even")
    -- Every draw is in one bin, and those up to a standard deviation are five sixths.
    local edges, draws, below = out.distribution.edges, 0, 0
    for i, n in ipairs(out.distribution.counts) do
      draws = draws + n
      below = below + (edges[i + 1] <= mean + sd and n or 0)
    end
    assert.equal(4000, draws)
    near(0.8413, below / draws, 0.06, "draws up to a deviation")
  end)

  -- golden.md: f = 1, d = 10, V = 200, p0 = 0.8
  it("breaks even at (f + d p0) / (V - d), and pays up to (V t - f) / (p0 + t)", function()
    local same = { "customer,p,worth,kind" }
    for i = 1, 50 do
      same[i + 1] = ("C%d,0.8,200,gold"):format(i)
    end
    local out = figures(table.concat(same, "\n") .. "\n", (policy(
      'retention = 0.05, sd = 0.02, base = "p", paid = "on success"')
      :gsub("cost = 0.5", "cost = 1"):gsub("cost = 4", "cost = 10")), "--json")
    near(0.0473684, out.campaigns[1].uplift.break_even, 1e-7)
    near((200 * 0.05 - 1) / (0.8 + 0.05), out.campaigns[1].largest_offer, 1e-9)
    near(50 * 10 * 0.8, out.cost.sure_things.mean, 0.02 * 50 * 10 * 4 / math.sqrt(4000))
  end)

  it("is paid back within the horizon exactly where its net is above 0", function()
    local function payback(cost, horizon)
      local out = figures(rows, policy('frequency = 0.1'):gsub("cost = 4", "cost = " .. cost),
        "--json", "--assume", "horizon=" .. horizon)
      local share = out.cost.total.mean / out.earns.mean -- of the earnings, which come in evenly
      assert.equal(out.net.mean >= 0, out.payback_months ~= nil)
      assert.equal(share <= 1 and math.ceil(horizon * share) or nil, out.payback_months)
      return out.payback_months or 0
    end
    local worth = 0
    for _, c in ipairs(customers) do
      worth = worth + c.worth / 200
    end
    local just = 0.1 * worth - 0.5 -- besides the contact
    assert.same({ 12, 24, 6, 0, 0, 1 }, { payback(0.97 * just, 12), payback(0.97 * just, 24),
      payback(0.5 * just - 0.5, 12), payback(1.03 * just, 12), payback(1.03 * just, 1200),
      payback(0, 12) })
  end)

  it("knows no chance to break even where no effect does", function()
    local hopeless = policy('retention = 0.1, base = "p"'):gsub('"worth",', '"0",')
    local x = figures(rows, hopeless, "--json").campaigns[1].uplift
    assert.matches("retention: expected 0.1 [^\n]*, and no effect that there can be would pay",
      simulate(rows, hopeless).out)
    assert.is_true(x.mean > 0)
    assert.is_nil(x.break_even)
    assert.is_nil(x.probability_above)
  end)

  it("moves a relative effect with its base, and ends at certainty", function()
    local out = figures(rows, policy('retention = 0.2, sd = 0, base = "p", relative = true'),
      "--json", table.unpack(still))
    local gain = 0
    for _, c in ipairs(customers) do
      gain = gain + math.min(0.2 * c.p, 1 - c.p) * c.worth
    end
    near(gain, out.earns.mean, 1e-6)
    assert.equal(out.earns.p5, out.earns.p95)
    out = figures(rows, policy('retention = 0.9, sd = 0, base = "p"'), "--json",
      table.unpack(still))
    gain = 0
    for _, c in ipairs(customers) do
      gain = gain + (1 - c.p) * c.worth
    end
    near(gain, out.earns.mean, 1e-6)
  end)

  it("gives the same digits for any number of threads, and others for another seed", function()
    local text = policy('retention = 0.1, base = "p"')
    local one = simulate(rows, text, "--json", "--threads", "1").out
    assert.equal(one, simulate(rows, text, "--json", "--threads", "3").out)
    local other = figures(rows, text, "--json", "--seed", "2")
    assert.not_equal(json.decode(one).net.mean, other.net.mean)
  end)

  it("shows what is only assumed with two digits", function()
    local out = simulate(rows, policy('retention = 0.123456')).out
    assert.truthy(out:find("evidence C", 1, true), out)
    assert.truthy(out:find("  C effect of x   0.12, sd 0.062 (assumed)", 1, true), out)
    assert.is_nil(out:match("\ncost.-%d%d%d%d%.%d"))
  end)

  it("says what is due to who brought friends and has points, as `score` does", function()
    cli.write(cli.folder() .. "/club.lua", [[
loyalty "stars" { earn = "amount / 10", unit_value = 0.05, redeems = 0.9 }
campaign "thanks" { when = "stars_balance > 0", offer = gift "a card", cost = 1, value = 2 }
]])
    for _, pair in ipairs({ { "samples/friends", "policies/bring-a-friend.lua" },
      { "samples/club", "club.lua" } }) do
      local score = cli.run({ "score", pair[1], pair[2], "-o", "rows.csv" })
      local page = cli.run({ "simulate", pair[1], pair[2] })
      assert.same({ 0, 0 }, { score.status, page.status }, score.err .. page.err)
      local due = page.out:match("\ndue today, and no part of the above\n(  [^\n]+\n)$")
      assert.truthy(due and score.out:find(due, 1, true), page.out)
      local said = json.decode(cli.run({ "simulate", pair[1], pair[2], "--json" }).out)
      local scored = json.decode(cli.run({ "score", pair[1], pair[2], "--json" }).out)
      assert.truthy(said.referrals or said.points)
      assert.same(scored.counts.referrals, said.referrals)
      assert.same(scored.points, said.points)
    end
    assert.is_nil(simulate(rows, policy("retention = 0.1")).out:find("due today", 1, true))
  end)

  it("lists on the page what was assumed here, and no chance of 0 or 1", function()
    local page = simulate(rows, policy('retention = 0.3, sd = 0.01')).out
    assert.is_nil(page:find("effect_spread", 1, true) or page:find("base_spread", 1, true))
    assert.truthy(page:find("\n  value_spread 0.1 ", 1, true), page)
    assert.truthy(page:find("P(net > 0) over 0.99 ", 1, true), page)
    page = simulate(rows, policy('retention = 0.001, base = 0.4'), "--assume", "horizon=6").out
    local used = page:match("\nassumed unless [^\n]*(\n.*)$")
    assert.truthy(used:match("\n  effect_spread .*\n  base_spread .*\n  horizon 6 .*, given "),
      page)
    assert.truthy(page:find("P(net > 0) under 0.01 ", 1, true), page)
  end)

  it("refuses what it can't take, and says what there is", function()
    folder = cli.folder()
    for words, text in pairs({
      ["--draws 10"] = "--draws takes a whole number from 100 to 1000000, got '10'",
      ["--assume efect_spread=1"] = "did you mean effect_spread?",
      ["--assume horizon=0"] = "--assume horizon takes a number from 1 to 1200 (months), got 0",
      ["--assume horizon"] = "--assume takes NAME=NUMBER, got horizon",
    }) do
      local list = { "simulate", "base", "p.lua" }
      for word in words:gmatch("%S+") do
        list[#list + 1] = word
      end
      local run = cli.run(list)
      assert.equal(2, run.status)
      assert.truthy(run.err:find(text, 1, true), run.err)
    end
    cli.write(folder .. "/t.lua", "tiers 'a' { { 'b' } }")
    local run = cli.run({ "simulate", "base", "t.lua" })
    assert.equal(1, run.status)
    assert.truthy(run.err:find("makes no offers", 1, true), run.err)
    assert.truthy(run.err:find("--months N shows", 1, true), run.err)
  end)
end)
