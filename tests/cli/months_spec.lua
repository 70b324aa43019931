-- patron simulate --months, from the command line.
local dkjson = require("dkjson")
local cli = require("cli")
local made = require("generate.made")

local bank = { "simulate", "samples/bank", "policies/card-retention.lua" }

local function simulate(more, options)
  local words = { table.unpack(bank) }
  for _, word in ipairs(more) do
    words[#words + 1] = word
  end
  return cli.run(words, options)
end

local function json(more)
  more[#more + 1] = "--json"
  local run = simulate(more)
  assert.equal(0, run.status, run.err)
  return dkjson.decode(run.out), run.out
end

describe("patron simulate --months", function()
  after_each(cli.clean)

  it("begins with what score decides", function()
    local d = json({ "--months", "2", "--runs", "3" })
    assert.equal(d.reach.offers, d.months[1].offers.mean)
    assert.equal(d.months[1].offers.p5, d.months[1].offers.p95)
    for _, class in ipairs(d.reach.by[1].classes) do
      assert.equal(class.customers, d.months[1].classes[class.class].mean)
    end
    assert.same({ "potential", "opted_out", "in_collections", "annual_fee", "complaints" },
      d.over_time.frozen)
  end)

  it("begins so under every stock policy", function()
    for policy, data in pairs({ care = "bank", ["loyalty-tiers"] = "club", ["win-back"] = "lost",
      ["key-accounts"] = "firm", ["bring-a-friend"] = "friends", rfm = "rfm-nine",
      ["value-and-referrals"] = "friends", ["use-it-again"] = "bank" }) do
      local run = cli.run({ "simulate", "samples/" .. data, "policies/" .. policy .. ".lua",
        "--months", "14", "--runs", "4", "--json" })
      assert.equal(0, run.status, run.err)
      local d = dkjson.decode(run.out)
      assert.equal(d.reach.offers, d.months[1].offers.mean, policy)
      for _, class in ipairs(d.reach.by[1] and d.reach.by[1].classes or {}) do
        assert.equal(class.customers, d.months[1].classes[class.class].mean, policy)
      end
    end
  end)

  it("gives the same digits again, with any number of threads", function()
    local _, one = json({ "--months", "8", "--runs", "9", "--threads", "1" })
    local _, four = json({ "--months", "8", "--runs", "9", "--threads", "4" })
    assert.equal(one, four)
  end)

  it("tells what is earned in the months from what is to come then", function()
    local d, n = json({ "--months", "7", "--runs", "9", "--assume", "discount=0.3" }), 7
    local within, month = 0, 1.3 ^ (1 / 12)
    for i, m in ipairs(d.months) do
      within = within - m.cost.mean / month ^ (i - 1) + m.margin.mean / month ^ i
    end
    local after = d.months[n].equity.mean / month ^ n
    assert.near(after, d.over_time.earned_after.mean, 1e-6 * after)
    assert.near(within + after, d.over_time.earned.mean, 1e-6 * after)
    local page = simulate({ "--months", "7", "--runs", "9" }).out
    assert.matches("\n  of that in these months %d%S*, and what is to come then, as it is worth " ..
      "today, %d%S*\n", page)
    assert.matches("\n  of that in this month ", simulate({ "--months", "1", "--runs", "2" }).out)
  end)

  it("tells error by few runs from what is not known", function()
    local few = json({ "--months", "6", "--runs", "20" }).over_time
    local many = json({ "--months", "6", "--runs", "320" }).over_time
    assert.near(4, few.monte_carlo_error / many.monte_carlo_error, 2)
    local width = many.earned.p95 - many.earned.p5
    assert.near(1, width / (few.earned.p95 - few.earned.p5), 0.6)
  end)

  it("shows elasticities beside it", function()
    local d = json({ "--months", "3", "--runs", "20", "--elasticity", "retention=+0.05" })
    -- At .8 a year and 12 %: (.85 / .27) / (.8 / .32) - 1.
    assert.near(0.85 / 0.27 / (0.8 / 0.32) - 1, d.over_time.elasticity.equity, 1e-4)
    assert.is_true(d.over_time.elasticity.earned.p5 > 0)
    -- A tenth more of every margin, while offers cost the same: somewhat more than a tenth.
    local margin = json({ "--months", "3", "--runs", "20", "--elasticity", "margin=0.1" })
    assert.near(0.1, margin.over_time.elasticity.equity, 1e-4)
    local earned = margin.over_time.elasticity.earned
    assert.is_true(earned.p5 > 0.1 and earned.p95 < 0.12, earned.mean)
  end)

  local function policy(text)
    cli.write(cli.folder() .. "/other.lua", [[
      policy "other" { currency = "CNY" }
      metrics { lately = count "transactions" { last = months(3) } }
    ]] .. text)
  end
  local keys = { "earned", "customers", "equity", "cost" }

  local function figures_of(d)
    local cost = 0
    for _, m in ipairs(d.months) do cost = cost + m.cost.mean end
    local last = d.months[#d.months]
    return { earned = d.over_time.earned.mean, customers = last.customers.mean,
      equity = last.equity.mean, cost = cost }
  end

  it("is compared with doing nothing and with the other policy, run by run", function()
    policy('campaign "none" { when = "lately > 9999", offer = gift "x", cost = "1", value = "2" }')
    local function run(...)
      local out = cli.run({ "simulate", "samples/bank", ... })
      assert.equal(0, out.status, out.err)
      return out.out
    end
    local more = { "--months", "8", "--runs", "40" }
    local both = json({ "--vs", "other.lua", table.unpack(more) })
    local mine = figures_of(both)
    local idle = dkjson.decode(run("other.lua", "--json", table.unpack(more)))
    local nothing, against = figures_of(idle), both.over_time.against_nothing
    for _, key in ipairs(keys) do
      local x, by = against[key], mine[key] - nothing[key]
      assert.near(by, x.mean, 1e-6 * math.max(1, math.abs(mine[key])), key)
      assert.is_true(x.p5 <= x.p50 and x.p50 <= x.p95, key)
      assert.near(-x.mean, both.over_time.versus[key].mean, 1e-9 * math.abs(x.mean), key)
      local none = idle.over_time.against_nothing[key]
      assert.same({ 0, 0, 0, 0, 0 },
        { none.mean, none.p5, none.p50, none.p95, none.probability_more }, key)
    end
    -- Effects keep customers, in most of the runs; what the offers cost differs in all.
    assert.equal(1, against.cost.probability_more)
    assert.equal(0, both.over_time.versus.cost.probability_more)
    local kept = against.customers
    assert.is_true(kept.mean > 0 and kept.p5 >= 0 and kept.probability_more > 0.5)
    -- Paired: what both have in common is in neither's interval.
    assert.is_true(against.equity.p95 - against.equity.p5
      < 0.8 * (both.months[8].equity.p95 - both.months[8].equity.p5))
    local text = run("policies/card-retention.lua", "--vs", "other.lua", table.unpack(more))
    assert.matches("\n  against doing nothing +more, by the same luck +P%(more%)\n    earned +%S",
      text)
    assert.matches("\n  with other.lua instead +more, .-\n    cost of all months +%-%S+ %S+ +under "
      .. "0.01\n", text)
    assert.matches("\n    equity after the last month +0 %[0%.%.0%] +the same\n",
      run("other.lua", table.unpack(more)))
  end)

  it("compares a policy with itself to nothing, and tiers alone with none", function()
    local same = json({ "--months", "3", "--runs", "5", "--vs", bank[3] }).over_time.versus
    for _, key in ipairs(keys) do
      assert.same({ 0, 0, 0 }, { same[key].mean, same[key].p5, same[key].p95 })
    end
    policy('tiers "pace" { { "high", when = "lately >= 5" }, { "low" } }')
    local run = cli.run({ "simulate", "samples/bank", "other.lua", "--months", "2", "--runs", "2",
      "--json" })
    assert.is_nil(dkjson.decode(run.out).over_time.against_nothing)
  end)

  it("goes on under tiers alone, with the evidence that there is of the base", function()
    local at = cli.folder()
    cli.write(at .. "/t.lua", [[
      policy "t" { currency = "CNY" }
      metrics { lately = sum "transactions" { "amount", last = months(3) } }
      tiers "pace" { { "high", when = "lately >= 5000" }, { "low" } }
    ]])
    local function page(data, ...)
      local run = cli.run({ "simulate", data, "t.lua", "--months", "4", "--runs", "5", ... })
      assert.equal(0, run.status, run.err)
      return run.out
    end
    local d = dkjson.decode(page("samples/bank", "--json"))
    assert.is_nil(d.grade)
    assert.same({ 0, 24, "C" }, { d.reach.offers, d.why_not.ineligible, d.over_time.grade })
    assert.equal(24, d.months[1].classes.high.mean + d.months[1].classes.low.mean)
    assert.truthy(page("samples/bank"):find(" 5 runs, evidence C; earned", 1, true))
    cli.run({ "generate", "bank", "--customers", "300", "-o", "base" })
    assert.truthy(page("base"):find(" 5 runs, evidence B; earned", 1, true))
    cli.write(at .. "/t.lua", cli.read(at .. "/t.lua") .. "params { retention_rate = 0.9 }\n")
    assert.truthy(page("base"):find(" 5 runs, evidence C; earned", 1, true))
  end)

  it("refuses what cannot be, and says what can", function()
    for _, case in ipairs({
      { "%-%-months takes a whole number from 1 to 60, got '0'", "--months", "0" },
      { "%-%-months takes a whole number from 1 to 60, got 'x'", "--months", "x" },
      { "%-%-runs takes a whole number from 1", "--months", "3", "--runs", "0" },
      { "%-%-sample takes a whole number from 1", "--months", "3", "--sample", "0" },
      { "%-%-runs is about months: add %-%-months N", "--runs", "3" },
      { "did you mean retention%?", "--months", "3", "--elasticity", "retentoin=0.1" },
      { "a share from %-1 to 1", "--months", "3", "--elasticity", "retention=5" },
      { "fatigue takes a number from 0 to 1", "--months", "3", "--assume", "fatigue=2" },
    }) do
      local run = simulate({ table.unpack(case, 2) })
      assert.equal(2, run.status)
      assert.matches(case[1], run.err)
    end
  end)

  it("refuses a chance to stay above 1, naming the customer", function()
    local at = cli.folder()
    cli.write(at .. "/p.lua", [[
      policy "p" {}
      params { retention_rate = 1.2 }
      campaign "c" { when = "true", offer = gift "x", cost = "1", value = "2" }
    ]])
    local run = cli.run({ "simulate", "samples/bank", "p.lua", "--months", "3" })
    assert.equal(1, run.status)
    assert.matches("retention_rate of customer %S+ is 1.2: it is to be a share", run.err)
  end)

  -- Where most customers are new: their first purchase tells no pace.
  it("promises the revenue that is true of generated customers", function()
    cli.write(cli.folder() .. "/p.lua", "campaign 'none' { when = 'orders < 0', offer = gift 'x', "
      .. "cost = 1, value = 1 }\n")
    for _, seed in ipairs({ "1", "2" }) do
      local folder = made.make("retail", "5000", "base" .. seed, "--seed", seed)
      local orders, amount, bought, seen = 0, 0, 0, {}
      for _, expected in pairs(made.expected(folder)) do
        orders = orders + expected
      end
      for row in made.cells(folder .. "/transactions.csv") do
        if row.date > "2024-12-31" then
          amount = amount + tonumber(row.amount)
          bought = bought + (seen[row.order] and 0 or 1)
          seen[row.order] = true
        end
      end
      local run = cli.run({ "simulate", "base" .. seed, "p.lua", "--months", "12", "--runs", "20",
        "--json" })
      assert.equal(0, run.status, run.err)
      local revenue = 0
      for _, month in ipairs(dkjson.decode(run.out).months) do
        revenue = revenue + month.revenue.mean
      end
      assert.near(orders * amount / bought, revenue, 0.2 * revenue)
    end
  end)

  it("says that nobody brings anything without purchases, and what would tell", function()
    cli.write(cli.folder() .. "/c.csv", "customer,fee\nA,20\nB,30\n")
    local function page(metrics)
      cli.write(cli.folder() .. "/p.lua", "inputs { fee = number } metrics { x = '1', " .. metrics
        .. " }\ncampaign 'c' { when = 'x > 0', offer = gift 'y', cost = '1', value = '2' }\n")
      return cli.run({ "simulate", "c.csv", "p.lua", "--months", "2", "--runs", "2" }).out
    end
    local said = "nobody bought again in the last year, so nobody brings anything: let metrics "
      .. "`purchases_a_year` and"
    assert.truthy(page(""):find(said, 1, true))
    assert.truthy(page(""):find("purchases a year: none: nobody ever bought", 1, true))
    cli.write(cli.folder() .. "/t.csv", "customer,date,amount\nA,2025-01-10,5\nB,2025-01-20,5\n")
    cli.write(cli.folder() .. "/q.lua", "campaign 'c' { when = 'orders > 0', offer = gift 'y', "
      .. "cost = 1, value = 2 }\n")
    local once = cli.run({ "simulate", "t.csv", "q.lua", "--months", "2", "--runs", "2" })
    assert.truthy(once.out:find(said, 1, true), once.out .. once.err)
    local subscribers = page("purchases_a_year = '12', yearly_margin = '6 * fee'")
    assert.is_nil(subscribers:find(said, 1, true), subscribers)
    assert.truthy(subscribers:find("customers without a purchase: 2;", 1, true), subscribers)
  end)

  it("tells what is assumed where nobody said it, and something rests on it", function()
    local function assumed(metrics, effect)
      cli.write(cli.folder() .. "/p.lua", "metrics { x = '1', " .. metrics .. " }\ncampaign 'c' { "
        .. "when = 'x > 0', offer = gift 'y', cost = '1', value = '2', " .. effect .. " }\n")
      local run = cli.run({ "simulate", "samples/bank", "p.lua", "--months", "2", "--runs", "2",
        "--json" })
      assert.equal(0, run.status, run.err)
      local names, d = {}, dkjson.decode(run.out)
      for name in pairs(d.over_time.assumed) do names[#names + 1] = name end
      table.sort(names)
      return table.concat(names, " "), d
    end
    assert.equal("discount history purchases retention", (assumed("", "")))
    assert.equal("dip discount fatigue history pull_forward purchases retention",
      (assumed("", "effect = { frequency = 1 }")))
    assert.equal("fatigue purchases", (assumed("discount_rate = '0.1', retention_rate = '0.9', "
      .. "purchases_a_year = '3'", "effect = { retention = 0.01 }")))
    local page = cli.run({ "simulate", "samples/bank", "p.lua", "--months", "2" }).out
    assert.is_nil(page:find("\n  pull_forward", 1, true))
  end)

  it("says where the same customers get an offer month after month", function()
    local function notes(caps, more)
      cli.write(cli.folder() .. "/p.lua", (more or "") .. [[ metrics { x = "orders" }
        campaign "c" { when = "x > 0", offer = gift "y", cost = "1", value = "2", ]] .. caps .. "}")
      local run = cli.run({ "simulate", "samples/bank", "p.lua", "--months", "4", "--runs", "2",
        "--json" })
      assert.equal(0, run.status, run.err)
      return dkjson.decode(run.out).over_time.notes
    end
    local said = notes("")
    assert.equal(1, #said)
    assert.matches("^99 %% of the offers after the first month go to who had one the month before",
      said[1])
    assert.same({}, notes("caps = { customer = { 1, per = months(2) } }"))
    assert.same({}, notes("caps = { customer = 4 }")) -- somebody thought of it
    assert.same({}, notes("", 'contact_policy "p" { rest = days(40) }\n'))
    local page = simulate({ "--months", "4", "--runs", "3" })
    assert.matches("\n  %d+ %% of the offers after the first month go", page.out)
    assert.truthy(page.out:find("\n  customers and equity are those of the month's end, classes of "
      .. "its beginning\n", 1, true))
  end)

  it("computes what its page says of equity by acquisition and retention", function()
    local at = cli.folder()
    local page = assert(cli.read("docs/simulation-over-time.md"))
    cli.write(at .. "/equity.lua", page:match("```lua\n(policy \"Blattberg.-)```"))
    local run = cli.run({ "measure", "samples/bank", "equity.lua", "--metrics", "equity" })
    assert.equal(0, run.status, run.err)
    assert.near(4.375, tonumber(run.out:match("\n[^,]+,([%d.]+)")), 1e-3)
    cli.write(at .. "/value.lua", page:match("```lua\n(policy \"Berger.-)```"))
    run = cli.run({ "measure", "samples/bank", "value.lua", "--metrics", "yearly,by_contract" })
    assert.equal(0, run.status, run.err)
    local yearly, by_contract = run.out:match("\n[^,]+,([%d.]+),([%d.]+)")
    assert.near(568.783067, tonumber(yearly), 1e-6)
    assert.near(8273.286927, tonumber(by_contract), 1e-6)
  end)
end)
