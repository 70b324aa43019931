-- patron plan-test: its figures against the program's own data and golden.md, who is drawn, and
-- what it refuses.
local cli = require("cli")
local json = require("dkjson")
local data = require("data")

local function plan(...)
  local run = cli.run({ "plan-test", ... })
  assert.equal(0, run.status, run.err)
  return run
end

local function planned(...)
  return assert(json.decode(plan("--json", ...).out))
end

local function near(want, got, most)
  assert.is_true(math.abs(want - got) <= (most or 1e-9) * math.max(1, math.abs(want)),
    ("want %.12g, got %.12g"):format(want, got))
end

local function rows(path)
  local list, header = {}, nil
  for line in io.lines(cli.folder() .. "/" .. path) do
    local fields = {}
    for field in (line .. ","):gmatch("([^,]*),") do
      fields[#fields + 1] = field
    end
    if header then
      local row = {}
      for i, name in ipairs(header) do
        row[name] = fields[i]
      end
      list[#list + 1] = row
    else
      header = fields
    end
  end
  return list, header
end

local function by_customer(list)
  local out = {}
  for _, row in ipairs(list) do
    out[row.customer] = row.arm
  end
  return out
end

local function people(n)
  local list = { "customer,family,kind,worth,bought,remark" }
  for i = 1, n do
    local family = i % 3 == 0 and "" or "F" .. i // 5
    list[#list + 1] = ("C%05d,%s,%s,%d,%d,x"):format(i, family, i % 4 == 0 and "" or
      (i % 2 == 0 and "new" or "old"), i % 2 * 50 + i * 7919 % 101, i % 5 == 0 and 1 or 0)
  end
  cli.write(cli.folder() .. "/people.csv", table.concat(list, "\n") .. "\n")
end

describe("patron plan-test", function()
  after_each(cli.clean)

  it("says how many customers an effect takes, without data", function()
    local needed = planned("--rate", "0.106167", "--effect", "0.005").outcomes[1].needed
    assert.are.same({ control = 60815, offer = 60815 }, needed.arms)
    -- (1.959964 + 0.841621)^2 * 9 * (1 / 0.2 + 1 / 0.8) / 0.5^2, from statsmodels' quantiles
    -- = 1765.998, of which each arm takes its share, in whole customers.
    assert.are.same({ none = 354, all = 1413 }, planned("--sd", "3", "--mean", "10", "--effect",
      "5%", "--arms", "none=.2,all=.8").outcomes[1].needed.arms)
    assert.are.same(planned("--rate", "0.2", "--effect", "10%").outcomes[1].needed,
      planned("--rate", "0.2", "--effect", "0.02").outcomes[1].needed)
  end)

  it("measures outcomes, and chooses the one that shows most", function()
    people(4000)
    local p = planned("people.csv", "--outcome", "worth,bought", "--strata", "kind")
    local sum, squares = 0, 0
    for i = 1, 4000 do
      local x = i % 2 * 50 + i * 7919 % 101
      sum, squares = sum + x, squares + x * x
    end
    local worth, bought = table.unpack(p.outcomes)
    near(sum / 4000, worth.mean)
    near(math.sqrt((squares - sum * sum / 4000) / 3999), worth.sd)
    assert.is_true(bought.rate)
    near(.2, bought.mean)
    assert.is_true(worth.explained_by_strata > .3)
    near(0, bought.explained_by_strata, 1e-3)
    near(worth.arms[1].smallest_effect / worth.mean, worth.arms[1].relative)
    assert.equal("worth", p.decide_by)
    assert.equal(4000, p.arms[1].customers + p.arms[2].customers)
    local n = 0
    for _, stratum in ipairs(p.strata) do
      n = n + stratum.arms.control + stratum.arms.offer
    end
    assert.equal(4000, n)
    assert.are.same({ "new", "old", "(missing)" }, { p.strata[1].stratum, p.strata[2].stratum,
      p.strata[3].stratum })
  end)

  it("draws by name and customer: a further customer, threads and order move nobody", function()
    people(500)
    plan("people.csv", "--outcome", "worth", "--name", "spring", "-o", "a.csv")
    local before, header = rows("a.csv")
    assert.are.same({ "customer", "arm" }, header)
    local list = {}
    for line in io.lines(cli.folder() .. "/people.csv") do
      list[#list + 1] = line
    end
    local last = table.remove(list)
    list[#list + 1] = "B1,,new,1,0,x"
    table.insert(list, 2, last)
    cli.write(cli.folder() .. "/people.csv", table.concat(list, "\n") .. "\n")
    plan("people.csv", "--outcome", "worth", "--name", "spring", "-o", "b.csv", "--threads", "1")
    local after = by_customer(rows("b.csv"))
    assert.equal(501, #rows("b.csv"))
    for _, row in ipairs(before) do
      assert.equal(row.arm, after[row.customer])
    end
    plan("people.csv", "--outcome", "worth", "--name", "autumn", "-o", "c.csv")
    local other, moved = by_customer(rows("c.csv")), 0
    for _, row in ipairs(before) do
      moved = moved + (other[row.customer] ~= row.arm and 1 or 0)
    end
    assert.is_true(moved > 180 and moved < 320)
  end)

  -- The arms by Python: hashlib's SHA-256 of the plan, a byte and the customer, ranked within the
  -- stratum, and that rank plus the stratum's own hash by the size of the stratum.
  it("draws exact shares of each stratum, by the order of the hashes", function()
    cli.write(cli.folder() .. "/c.csv", "customer,kind,worth\nK4,x,3\nK1,x,1\nK2,y,2\nK3,x,3\n"
      .. "K5,,4\nK6,y,6\nK7,x,1\nK8,x,9\nK9,y,5\n")
    plan("c.csv", "--outcome", "worth", "--arms", "none=.4,all=.6", "--strata", "kind", "--even",
      "--name", "may", "-o", "a.csv")
    assert.are.same({ K1 = "all", K2 = "all", K3 = "all", K4 = "none", K5 = "none",
      K6 = "all", K7 = "none", K8 = "all", K9 = "none" }, by_customer(rows("a.csv")))
    people(2000)
    local p = planned("people.csv", "--outcome", "worth", "--arms", "a=.1,b=.3,c=.6", "--strata",
      "kind", "--even")
    assert.is_true(p.even)
    for _, s in ipairs(p.strata) do
      local n = s.arms.a + s.arms.b + s.arms.c
      for arm, share in pairs({ a = .1, b = .3, c = .6 }) do
        assert.is_true(math.abs(s.arms[arm] - share * n) < 1, s.stratum)
      end
    end
    assert.is_true(p.balance.p > .999)
    local whole = planned("people.csv", "--outcome", "worth", "--arms", "a=.1,b=.9", "--even")
    assert.are.same({ 200, 1800 }, { whole.arms[1].customers, whole.arms[2].customers })
    local family = planned("people.csv", "--outcome", "worth", "--cluster", "family", "--even")
    assert.is_true(math.abs(family.arms[1].clusters - family.arms[2].clusters) <= 1)
  end)

  it("gives who is alone in a stratum either arm", function()
    local list = { "customer,own,worth" }
    for i = 1, 900 do
      list[i + 1] = ("C%d,S%d,%d"):format(i, i, i % 7)
    end
    cli.write(cli.folder() .. "/c.csv", table.concat(list, "\n") .. "\n")
    local p = planned("c.csv", "--outcome", "worth", "--strata", "own", "--even", "--arms",
      "a=.3,b=.7")
    assert.is_true(math.abs(p.arms[1].customers - 270) < 4 * math.sqrt(900 * .3 * .7))
  end)

  it("says whether lots are as uneven over the strata", function()
    people(2000)
    local p, statistic = planned("people.csv", "--outcome", "worth", "--strata", "kind"), 0
    for _, s in ipairs(p.strata) do
      local a, b = s.arms.control, s.arms.offer
      statistic = statistic + (a - b) ^ 2 / (a + b)
    end
    assert.is_false(p.even)
    near(statistic, p.balance.chi_square)
    assert.equal(3, p.balance.freedom)
    assert.is_true(p.balance.p > .001 and p.balance.p < .999)
  end)

  it("says that chance drew arms unlike their shares", function()
    people(400)
    local said = "times;\n  `evaluate` refuses what it makes less than once in 1000 times: --even "
      .. "draws exact shares\n"
    local odd = plan("people.csv", "--outcome", "worth", "--name", "n219").out
    assert.truthy(odd:find("control  50 %  174\n  offer    50 %  226\n  these arms are as far from "
      .. "their shares as chance makes them once in 107 " .. said, 1, true), odd)
    local even = plan("people.csv", "--outcome", "worth", "--name", "n1").out -- 204 and 196
    assert.is_nil(even:find(said, 1, true))
  end)

  it("draws clusters as a whole, and says what that costs", function()
    people(2000)
    local p = planned("people.csv", "--outcome", "worth", "--cluster", "family", "--strata", "kind",
      "--name", "x", "-o", "a.csv")
    local list, header = rows("a.csv")
    assert.are.same({ "customer", "stratum", "cluster", "arm" }, header)
    local arm, families, alone = {}, 0, 0
    for _, row in ipairs(list) do
      if row.cluster == "" then
        alone = alone + 1
      else
        families = families + (arm[row.cluster] and 0 or 1)
        assert.equal(arm[row.cluster] or row.arm, row.arm)
        arm[row.cluster] = row.arm
      end
    end
    assert.equal(families + alone, p.clusters)
    assert.equal(p.clusters, p.arms[1].clusters + p.arms[2].clusters)
    local given = planned("people.csv", "--outcome", "worth", "--cluster", "family", "--icc", "0.5")
    near(1 + (given.cluster_size - 1) * .5, given.outcomes[1].design_effect)
    near(planned("people.csv", "--outcome", "worth").outcomes[1].arms[1].smallest_effect
      * math.sqrt(given.outcomes[1].design_effect), given.outcomes[1].arms[1].smallest_effect, .02)
    assert.is_true(planned("people.csv", "--rate", "0.3", "--cluster", "family", "--icc", "0")
      .outcomes[1].design_effect == 1)
  end)

  it("takes those whom a campaign reaches, and what its control would have earned", function()
    people(300)
    cli.write(cli.folder() .. "/p.lua", [[policy "P" {}
      inputs { worth = integer }
      campaign "call" { when = "worth > 60", offer = gift "a call", cost = "2", value = "worth",
        holdout = 0.3 }
    ]])
    local p = planned("people.csv", "p.lua", "--campaign", "call", "--outcome", "bought",
      "--arms", "none=0.25,call=0.75", "-o", "a.csv")
    local members, earned = {}, 0
    for i = 1, 300 do
      local spend = i % 2 * 50 + i * 7919 % 101
      members[("C%05d"):format(i)] = spend > 60 and spend or nil
    end
    local n = 0
    for _, row in ipairs(rows("a.csv")) do
      assert.is_truthy(members[row.customer])
      earned = earned + (row.arm == "none" and members[row.customer] - 2 or 0)
      n = n + 1
    end
    assert.equal(n, p.customers)
    near(earned, p.not_earned)
    local names = 0
    for _ in pairs(members) do
      names = names + 1
    end
    assert.equal(names, n)
  end)

  it("leaves who has no value out of what it sees", function()
    cli.write(cli.folder() .. "/c.csv", "customer,x\n1,3\n2,5\n3,\n4,4\n5,\n6,1\n7,9\n8,2\n")
    local y = planned("c.csv", "--outcome", "x").outcomes[1]
    assert.equal(2, y.missing)
    near(4, y.mean)
  end)

  it("is what Hillstrom's experiment was", function()
    local path = data("campaigns/hillstrom.csv")
    if not path then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    cli.write(cli.folder() .. "/dataset.json", ('{ "tables": { "customers": { "file": "%s", ' ..
      '"numbered": true } } }'):format(path))
    local p = planned(cli.folder(), "--outcome", "visit,conversion,spend")
    assert.equal("visit", p.decide_by)
    near(.14678125, p.outcomes[1].mean)
    near(15.036448116095249, p.outcomes[3].sd)
  end)

  it("says what a control saves where the offer is a loss", function()
    local done = cli.run({ "plan-test", "samples/bank", "policies/card-retention.lua", "--campaign",
      "waive the fee", "--outcome", "orders", "--set", "waiver_keeps=0.02", "--set",
      "young_worth=600" })
    assert.equal(0, done.status, done.err)
    assert.matches("the control saves %d+%.%d%d CNY: the loss that the policy expects", done.out)
  end)

  for _, case in ipairs({
    { { "--rate", "0.1" }, "there is nothing to plan with: say the --effect" },
    { { "--rate", "1.2", "--effect", "1" }, "--rate takes a share above 0 and below 1" },
    { { "--rate", "5%", "--effect", "1" }, "such as 0.05 for 5 %" },
    { { "samples/bank", "policies/card-retention.lua", "--campaign", "let go", "--outcome",
      "orders" }, "it offers nothing, so there is nothing to test; name a campaign with an offer" },
    { { "--rate", "0.99", "--effect", "0.05" }, "would bring the rate from 0.99 to 1.04", 1 },
    { { "--rate", "0.42", "--effect", "7" }, "is no share; 5 points are 0.05, and a twentieth", 1 },
    { { "--rate", "0.42", "--effect", ".07", "--alpha", "5" }, "such as 0.05 for 5 %, got '5'" },
    { { "--rate", "0.5", "--effect", "1e-300" }, "no test has the customers to see the rate", 1 },
    { { "--mean", "1", "--sd", "1e300", "--effect", "1" }, "no test has the customers", 1 },
    { { "--sd", "3", "--effect", "5%" }, "a share of what? say --mean" },
    { { "--mean", "3", "--effect", "1" }, "say --sd, too" },
    { { "--rate", ".1", "--sd", "3", "--effect", ".01" }, "give one of them" },
    { { "--rate", ".1", "--effect", ".01", "--strata", "x" }, "--strata is about customers" },
    { { "--rate", ".1", "--effect", ".01", "--even" }, "--even is about customers" },
    { { "samples/bank" }, "say what the test is to change" },
    { { "samples/bank", "--outcome", "," }, "--outcome takes names of columns or metrics" },
    { { "samples/bank", "--outcome", "spend", "--rate", "0.1" }, "not both" },
    { { "samples/bank", "--outcome", "potential" }, "potential is a label, and no outcome", 1 },
    { { "samples/bank", "--outcome", "spend", "--power", "1" }, "nothing is ever certain" },
    { { "samples/bank", "--outcome", "spend", "--alpha", "0" }, "--alpha takes a probability" },
    { { "samples/bank", "--outcome", "spend", "--arms", "a=.5,b=.4" }, "add up to 0.9, not to 1" },
    { { "samples/bank", "--outcome", "spend", "--arms", "a=.5,a=.5" }, "two arms are named 'a'" },
    { { "samples/bank", "--outcome", "spend", "--arms", "a=1,b=0" }, "below 1: 0.1 is 10 %" },
    { { "samples/bank", "--outcome", "spend", "--arms", "a" }, "write NAME=SHARE,NAME=SHARE" },
    { { "samples/bank", "--outcome", "spend", "--arms", "a=0.01,b=0.99" },
      "the arm 'a' is empty: a share of 0.01 of 24 customers is too little", 1 },
    { { "samples/rfm-nine", "--outcome", "spend", "--arms",
      "a=.1,b=.1,c=.1,d=.1,e=.1,f=.1,g=.1,h=.1,i=.1,j=.1" },
      "there are more arms (10) than customers (9)", 1 },
    { { "samples/bank", "--outcome", "spend", "--effect", "0" }, "a change of the outcome that" },
    { { "samples/bank", "--outcome", "orders,spend", "--effect", "3" }, "the unit of one outcome" },
    { { "samples/bank", "--outcome", "spend", "-o", "x.csv" }, "give the plan a --name" },
    { { "samples/bank", "--outcome", "spend", "--campaign", "x" }, "name the policy, too" },
    { { "samples/bank", "policies/card-retention.lua", "--outcome", "spend", "--campaign",
      "waive" }, "do you mean 'waive the fee'?" },
    { { "samples/bank", "--outcome", "spend", "--icc", ".1" }, "name them with --cluster" },
    { { "samples/bank", "--rate", ".1", "--cluster", "city" }, "say it with --icc" },
  }) do
    it("refuses " .. table.concat(case[1], " "), function()
      local run = cli.run({ "plan-test", table.unpack(case[1]) })
      assert.equal(case[3] or 2, run.status)
      assert.is_truthy(run.err:find(case[2], 1, true), run.err)
    end)
  end

  it("refuses what shows nothing, too many strata, and a campaign that reaches nobody", function()
    local list = { "customer,same,other,empty" }
    for i = 1, 1500 do
      list[#list + 1] = ("%d,4,%d,"):format(i, i)
    end
    cli.write(cli.folder() .. "/c.csv", table.concat(list, "\n") .. "\n")
    cli.write(cli.folder() .. "/p.lua", [[policy "P" {}
      inputs { same = integer }
      campaign "call" { when = "same > 5", offer = gift "a call", cost = "2", value = "3" }
    ]])
    for _, case in ipairs({
      { { "c.csv", "--outcome", "same" }, "same is the same for all of them", 1 },
      { { "c.csv", "--outcome", "other", "--strata", "other" }, "has 1500 values, too many", 2 },
      { { "c.csv", "p.lua", "--outcome", "other", "--campaign", "call" }, "reaches nobody", 1 },
    }) do
      local run = cli.run({ "plan-test", table.unpack(case[1]) })
      assert.equal(case[3], run.status)
      assert.is_truthy(run.err:find(case[2], 1, true), run.err)
    end
  end)
end)
