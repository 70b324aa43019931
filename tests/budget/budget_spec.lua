-- What a budget is worth, from the command line: the figures against hand counts, the plan carried
-- out to the same money, and what is said of wrong plans.
local json = require("dkjson")
local cli = require("cli")
local core = require("patron_core")

local folder

local function base(rows)
  folder = cli.folder()
  os.execute("rm -rf " .. folder .. "/base && mkdir -p " .. folder .. "/base")
  cli.write(folder .. "/base/customers.csv", rows)
end

local function run(verb, words, status)
  local all = { verb, "base", "p.lua", "--as-of", "2025-06-30" }
  for _, word in ipairs(words) do all[#all + 1] = word end
  local done = cli.run(all)
  assert.equal(status or 0, done.status, done.err)
  return done
end

local function simulate(...)
  return json.decode(run("simulate", { "--draws", "100", "--json", ... }).out).budget
end

local function refused(verb, words, status, text)
  assert.matches(text, run(verb, words, status).err, 1, true)
end

-- ---- three customers, two offers ---------------------------------------------------------------

local THREE = "customer,ca,va,cb,vb,p\nalice,3,30,6,10,0.9\nbob,3,40,6,50,0.5\neve,3,10,6,55,0.2\n"
local TWO = "inputs { ca = integer, va = integer, cb = integer, vb = integer, p = number }\n"
  .. "campaign 'a' { when = 'true', offer = gift 'a', cost = 'ca', value = 'va' }\n"
  .. "campaign 'b' { when = 'true', offer = gift 'b', cost = 'cb', value = 'vb' }\n"

local function three(policy)
  base(THREE)
  cli.write(folder .. "/p.lua", policy or TWO)
end

-- Of a base of which only a few could be offered anything, with more scarce than money.
local function few()
  local rows = { "customer,open,worth" }
  for i = 1, 9000 do
    rows[#rows + 1] = ("c%05d,%d,%d"):format(i, i % 300 == 2 and 1 or 0, 50 + i % 7)
  end
  base(table.concat(rows, "\n") .. "\n")
  cli.write(folder .. "/p.lua", "inputs { open = integer, worth = integer }\n"
    .. "channel 'call' { cost = 2, capacity = 20 }\n"
    .. "campaign 'k' { when = 'open == 1', offer = gift 'x', cost = 3, value = 'worth', "
    .. "channel = 'call' }\n")
end

-- ---- many: all that a policy can limit ---------------------------------------------------------

local function many()
  math.randomseed(17)
  local rows = { "customer,kind,age,stay,worth,price,phone" }
  for i = 1, 1200 do
    rows[#rows + 1] = ("c%04d,%s,%d,%.3f,%.2f,%.2f,%s"):format(i,
      math.random() < 0.2 and "firm" or "person", math.random(18, 80), 0.3 + 0.6 * math.random(),
      20 + 400 * math.random() ^ 2, 1 + 20 * math.random(),
      math.random() < 0.7 and "call" or "post")
  end
  base(table.concat(rows, "\n") .. "\n")
end

local MANY = [[
policy "many" { holdout = 0.03, allocate = "net per cost" }
inputs { kind = { "firm", "person" }, age = integer, stay = number, worth = number, price = number,
         phone = { "call", "post" } }
segments "kinds" { { "firm", when = "kind == 'firm'" }, { "person" } }
channel "call" { when = "phone == 'call'", cost = 2.5, capacity = 80 }
channel "letter" { cost = 1 }
channel "text" { when = "phone == 'call'", cost = 0.1 }
campaign "keep" {
  when = "stay < 0.8", offer = gift "10 %", cost = "price", value = "worth",
  effect = { retention = 0.2, base = "stay" }, channel = { "call", "letter" },
  caps = { budget = 1600, class = by "kinds" { firm = 20 } }, holdout = 0.1,
}
campaign "visit" {
  when = "age > 30", offer = gift "visit", cost = "2 * price", value = "worth",
  effect = { retention = 0.3, base = "stay" }, channel = "call",
}
campaign "remind" {
  when = "true", offer = gift "a card", cost = "0.4 * price", value = "worth",
  effect = { retention = 0.05, base = "stay" }, channel = { "text", "letter" },
  caps = { total = 360 }, holdout = 0.2,
}
]]

-- The rows of a file as "customer campaign channel cost reason", as far as an offer is named.
local function offers_of(path)
  local out, names = {}, nil
  for line in io.lines(path) do
    local fields = {}
    for field in (line .. ","):gmatch("([^,]*),") do fields[#fields + 1] = field end
    if not names then
      names = {}
      for i, name in ipairs(fields) do names[name] = i end
    elseif fields[names.campaign] ~= "" then
      local function get(name) return fields[names[name]] end
      local control = get("reason"):match("holdout")
      out[#out + 1] = table.concat({ get("customer"), get("campaign"),
        control and "" or get("channel"), get("cost"), get("value"), get("reason") }, " ")
    end
  end
  return out
end

local function same_money(budget, status)
  local planned = simulate("--budget", budget, "--plan", "plan.csv")
  local scored = json.decode(run("score", { "--plan", "plan.csv", "-o", "out.csv", "--json" },
    status).out)
  assert.same({ planned.cost, planned.promise },
    { scored.counts.granted.cost, scored.counts.granted.value })
  assert.same(offers_of(folder .. "/plan.csv"), offers_of(folder .. "/out.csv"))
  assert.is_true(planned.cost <= budget)
  assert.equal(scored.plan.offers, scored.plan.made)
  return planned, scored
end

describe("a budget", function()
  teardown(cli.clean)

  it("is put where each unit brings most, and what more would bring is told", function()
    three()
    local b = simulate("--budget", "12")
    assert.same({ 12, 12, 125, 125, 0 }, { b.budget, b.cost, b.value, b.bound, b.gap })
    assert.same({ cost = 1, value = 3.33 }, b.price)
    assert.same({ budget = 15, net = 120 }, b.best)
    assert.equal(15, b.all)
    assert.same({ { 0, 0 }, { 3, 40 }, { 6, 70 }, { 12, 125 }, { 15, 135 } }, (function()
      local points = {}
      for i, p in ipairs(b.curve) do points[i] = { p.cost, p.value } end
      return points
    end)())
    local text = run("simulate", { "--budget", "12" }).out
    assert.matches("budget   12.00 at best: 3 offers, cost 12.00", text, 1, true)
    assert.matches("beyond 15.00 more changes nothing", text, 1, true)
  end)

  it("is never best below what it reaches", function()
    few()
    local b = simulate("--budget", "1000")
    assert.is_false(b.exact)
    assert.equal(20 * 5, b.cost)
    assert.is_true(b.best.net >= b.value - b.cost, b.best.net)
  end)

  it("tells how sure its net is, as the page does of what is granted", function()
    local rows = { "customer,worth" }
    for i = 1, 50 do rows[#rows + 1] = ("c%d,100"):format(i) end
    base(table.concat(rows, "\n") .. "\n")
    cli.write(folder .. "/p.lua", "inputs { worth = integer }\n"
      .. "campaign 'k' { when = 'true', offer = gift 'x', cost = 2, value = 'worth', "
      .. "effect = { retention = 0.1, sd = 0.04 } }\n")
    local all = json.decode(run("simulate", { "--budget", "60", "--json" }).out)
    local page, best = all.net, all.budget.net
    for _, at in ipairs({ "mean", "p5", "p95" }) do -- 30 of the 50
      assert.near(0.6 * page[at], best[at], 1e-6)
    end
    assert.equal(page.probability_positive, all.budget.probability_positive)
    assert.matches("\n         net 240 [39..450], P(net > 0) 0.97\n",
      run("simulate", { "--budget", "60" }).out, 1, true)
  end)

  it("stands beside what others would do with it", function()
    three()
    local rivals = {}
    for _, r in ipairs(simulate("--budget", "12").compare) do
      rivals[r.name] = { r.offers, r.cost, r.value, r.net }
    end
    assert.same({ 3, 12, 125, 113 }, rivals.best)
    assert.same({ 0, 0, 0, 0 }, rivals.nobody)
    assert.same({ 2, 12, 105, 93 }, rivals["highest value first"]) -- eve and bob, their best
    assert.same({ 2, 12, 105, 93 }, rivals["the policy as written"])
    assert.is_nil(rivals["highest risk first"]) -- no effect says a base
    assert.matches("highest risk first: not known, no effect has a `base`",
      run("simulate", { "--budget", "12" }).out, 1, true)
    three((TWO:gsub("value = 'v(.)'", "value = 'v%1', effect = { retention = 1, base = 'p' }")))
    for _, r in ipairs(simulate("--budget", "9").compare) do
      rivals[r.name] = { r.offers, r.cost, r.value, r.net }
    end
    -- Eve gets b, then bob a; nobody stays more than surely.
    assert.same({ 2, 9, 55 * 0.8 + 40 * 0.5, 55 }, rivals["highest risk first"])
  end)

  it("is best put as the page says, which counts nobody who is let go as an offer", function()
    local done = cli.run({ "simulate", "samples/bank", "policies/card-retention.lua", "--budget",
      "500", "--draws", "100", "--json" })
    local compare, rivals = json.decode(done.out).budget.compare, {}
    for _, r in ipairs(compare) do
      rivals[r.name] = r
      assert.is_true(r.net <= compare[1].net, r.name)
    end
    assert.equal(4, rivals["the policy as written"].offers) -- and three who are let go
    assert.matches("nobody: the cheapest offer costs 40.00", cli.run({ "simulate", "samples/bank",
      "policies/card-retention.lua", "--budget", "5", "--draws", "100" }).out, 1, true)
  end)

  it("is within 1 % of the best from where that can be had, not from between two offers", function()
    base("customer,c\nA,1000\nB,2000\nC,3000\n")
    cli.write(folder .. "/p.lua", "inputs { c = integer }\ncampaign 'a' { when = 'true', "
      .. "offer = gift 'a', cost = 'c', value = 5000, caps = { total = 2 } }\n")
    local b = simulate("--budget", "2999")
    assert.same({ 3000, 7000, 3000, 3000 },
      { b.best.budget, b.best.net, b.flat.from, b.flat.to })
    assert.equal(1, b.offers) -- so 2999 is not within 1 % of it
  end)

  it("below the cheapest offer goes to nobody, which is said", function()
    three()
    local b = simulate("--budget", "2.99")
    assert.same({ 0, 0, 0 }, { b.cost, b.value, b.offers })
    assert.matches("nobody: the cheapest offer costs 3.00",
      run("simulate", { "--budget", "2.99" }).out, 1, true)
    same_money(0)
  end)

  it("that is too much says so, in the policy's currency where the data name none", function()
    three("policy 'x' { currency = 'CNY' }\n" .. TWO:gsub("cost = 'c.'", "cost = '45'"))
    local text = run("simulate", { "--budget", "200" }).out -- nobody would pay 45 for alice's 30
    assert.matches(", in CNY\n", text, 1, true)
    assert.matches("that is too much: offers beyond 90.00, the best budget, earn less than they "
      .. "cost", text, 1, true)
    text = run("simulate", { "--budget", "100" }).out
    assert.is_nil(text:find("that is too much", 1, true))
    three((TWO:gsub("cost = 'c.'", "cost = '60'")))
    assert.matches("no offer earns what it costs: best would be none",
      run("simulate", { "--budget", "200" }).out, 1, true)
  end)

  it("changes nothing where all offers are free", function()
    three((TWO:gsub("cost = 'c.'", "cost = 0")))
    local b = simulate("--budget", "0")
    assert.same({ 0, 135, 135, 0 }, { b.cost, b.value, b.bound, b.all })
    assert.matches("more money changes nothing", run("simulate", { "--budget", "0" }).out, 1, true)
  end)

  it("leaves out who has no cost, as the policy does", function()
    base((THREE:gsub("bob,3", "bob,")))
    cli.write(folder .. "/p.lua", TWO)
    local b = simulate("--budget", "100")
    assert.same({ 15, 135, 3 }, { b.cost, b.value, b.offers }) -- bob by b
  end)

  it("reaches no less where it is more", function()
    folder = cli.folder()
    os.execute("rm -rf " .. folder .. "/base")
    assert.equal(0, cli.run({ "generate", "bank", "-o", "base", "--customers", "150" }).status)
    cli.write(folder .. "/p.lua", [[
      policy "both" { currency = "CNY" }
      channel "mail" { cost = 5, capacity = 31 }
      channel "call" { cost = 20, capacity = 14 }
      campaign "keep" { when = "orders > 6", channel = { "mail", "call" }, offer = gift "a mug",
        caps = { total = 27 }, cost = 5, value = "39 + spend / 2512" }
      campaign "grow" { when = "orders > 1", channel = "mail", offer = gift "a pen", cost = 21,
        value = "15 + orders", caps = { budget = 274 } }
    ]])
    local done = cli.run({ "simulate", "base", "p.lua", "--budget", "664", "--json" })
    assert.equal(0, done.status, done.err)
    local curve = json.decode(done.out).budget.curve
    for i = 2, #curve do
      assert.is_true(curve[i].value >= curve[i - 1].value and curve[i].cost >= curve[i - 1].cost, i)
    end
  end)

  it("is an amount", function()
    three()
    for _, wrong in ipairs({ "-1", "much", "1e3", "12.345", "" }) do
      refused("simulate", { "--budget", wrong }, 2, "--budget takes an amount from 0 on")
    end
    refused("simulate", { "--plan", "x.csv" }, 2, "give --budget X, too")
    assert.not_equal(0, cli.run({ "simulate", "base", "p.lua", "--budget", "1", "--plan",
      "no/such/folder/x.csv" }).status)
    assert.equal(2, cli.run({ "simulate", "base", "p.lua", "--budget", "1", "--plan",
      "x.txt" }).status)
  end)
end)

describe("a plan", function()
  teardown(cli.clean)

  it("is carried out to the same money, with budgets, caps, capacities and controls", function()
    many()
    cli.write(folder .. "/p.lua", MANY)
    for _, budget in ipairs({ 1200, 100000 }) do
      local b, scored = same_money(budget)
      assert.is_false(b.exact)
      assert.is_true(b.gap >= 0 and b.gap <= 0.02 * b.value)
      for _, limit in ipairs(scored.counts.limits) do
        assert.is_true(limit.used <= limit.size, limit.limit)
      end
      for _, r in ipairs(b.compare) do assert.is_true(r.value <= b.bound, r.name) end
      assert.equal(26, #b.curve)
      local before = math.huge
      for i = 2, #b.curve do -- each step earns less for its cost than the one before
        local p, q = b.curve[i - 1], b.curve[i]
        local slope = (q.value - p.value) / (q.cost - p.cost)
        assert.is_true(slope <= 1.05 * before + 0.01 or q.cost - p.cost < 20, i)
        assert.is_true(q.value - q.cost <= b.best.net + 1e-9, i)
        before = slope
      end
      assert.is_true(b.flat.from < b.best.budget and b.best.budget < b.flat.to)
    end
    -- Who is held out is held out of what the price would have given them.
    local held = { holdout = 0, ["policy holdout"] = 0 }
    for _, line in ipairs(offers_of(folder .. "/out.csv")) do
      for reason in pairs(held) do
        held[reason] = held[reason] + (line:match(" " .. reason .. "$") and 1 or 0)
      end
    end
    assert.is_true(held.holdout > 8 and held["policy holdout"] > 8)
  end)

  it("keeps its controls, whatever is used up before their turn", function()
    local bank = cli.folder() .. "/bank"
    assert.equal(0, cli.run({ "generate", "bank", "--customers", "6000", "--seed", "7", "-o",
      bank }).status)
    local policy = "policies/use-it-again.lua"
    assert.equal(0, cli.run({ "simulate", bank, policy, "--budget", "500", "--draws", "100",
      "--plan", "bank.csv" }).status)
    local done = cli.run({ "score", bank, policy, "--plan", "bank.csv", "-o", "out.csv" })
    assert.equal(0, done.status, done.err) -- the class cap is used up before its last control
    -- What is shown of the curve is known of enough customers to hold what is reached.
    local b = json.decode(cli.run({ "simulate", bank, policy, "--budget", "5000", "--draws", "100",
      "--json" }).out).budget
    assert.is_true(b.best.net >= 0.98 * (b.value - b.cost))
    assert.is_nil(done.err:find("too little for 0 more", 1, true))
  end)

  it("is the same for any number of threads", function()
    many()
    cli.write(folder .. "/p.lua", MANY)
    run("simulate", { "--budget", "800", "--plan", "one.csv", "--threads", "1" })
    run("simulate", { "--budget", "800", "--plan", "three.csv", "--threads", "3" })
    assert.equal(cli.read(folder .. "/one.csv"), cli.read(folder .. "/three.csv"))
  end)

  it("is not written over, and stands beside every other file of a run", function()
    three()
    simulate("--budget", "9", "--plan", "plan.csv")
    local text = cli.read(folder .. "/plan.csv")
    refused("score", { "--plan", "plan.csv", "-o", "plan.csv" }, 2,
      "-o plan.csv: this file is read; write to another one")
    refused("score", { "--plan", "plan.csv", "-o", "o.csv", "--candidates", "c.csv", "--clauses",
      "k.csv", "--rewards", "r.csv", "--referrals", "f.csv", "--rejects", "j.csv" }, 2, "--rewards")
    assert.equal(text, cli.read(folder .. "/plan.csv"))
  end)

  it("of another policy, or of other params, is refused", function()
    three("params { most = 1 }\n" .. TWO)
    simulate("--budget", "9", "--plan", "plan.csv", "--set", "most=2")
    run("score", { "--plan", "plan.csv", "--set", "most=2" })
    refused("score", { "--plan", "plan.csv" }, 1, "made with other params (--set)")
    cli.write(folder .. "/p.lua", "params { most = 1 }\n\n" .. TWO)
    refused("score", { "--plan", "plan.csv", "--set", "most=2" }, 1, "made for another policy")
  end)

  it("that was damaged or edited, or stands alone, is refused", function()
    three()
    simulate("--budget", "9", "--plan", "plan.csv")
    local text = cli.read(folder .. "/plan.csv")
    cli.write(folder .. "/plan.csv", text:sub(1, -5))
    refused("score", { "--plan", "plan.csv" }, 1, "it was damaged or edited")
    cli.write(folder .. "/plan.csv", text)
    run("score", { "--plan", "plan.csv" })
    os.remove(folder .. "/plan.csv.manifest.json")
    refused("score", { "--plan", "plan.csv" }, 1, "plan.csv.manifest.json")
    refused("score", { "--plan", "none.csv" }, 1, "none.csv")
  end)

  it("is not any file", function()
    three()
    refused("score", { "--plan", "base/customers.csv" }, 1, "is no plan, or lost its manifest")
  end)

  it("for a customer who is gone is refused, with the line", function()
    three()
    simulate("--budget", "12", "--plan", "plan.csv")
    base((THREE:gsub("bob[^\n]*\n", "")))
    refused("score", { "--plan", "plan.csv" }, 1, "plan.csv:3: customer bob is not in this data")
  end)

  it("offers no more what is no longer open, and says why", function()
    local policy = TWO .. "channel 'mail' { when = 'p < 0.6' }\n"
    policy = policy:gsub("when = 'true', offer = gift 'a'",
      "when = 'va > 20', channel = 'mail', offer = gift 'a'")
    base((THREE:gsub("0.9", "0.1"))) -- mail reaches alice
    cli.write(folder .. "/p.lua", policy)
    simulate("--budget", "12", "--plan", "plan.csv")
    base((THREE:gsub("bob,3,40", "bob,3,4"))) -- of bob `when` holds no more
    local done = run("score", { "--plan", "plan.csv", "-o", "out.csv", "--json" }, 4)
    assert.matches("plan.csv was made from other data or for another day", done.err, 1, true)
    assert.matches("1 of 3 offers are made; not: no channel 1, ineligible 1", done.err, 1, true)
    assert.same({ file = "plan.csv", offers = 3, made = 1,
      not_made = { ["no channel"] = 1, ineligible = 1 } }, json.decode(done.out).plan)
  end)

  it("is what explain tells of, too", function()
    three()
    simulate("--budget", "3", "--plan", "plan.csv")
    local told = cli.run({ "explain", "base", "p.lua", "eve", "--plan", "plan.csv", "--json" })
    assert.equal(0, told.status, told.err)
    assert.matches('"reason":"plan"', told.out, 1, true)
    told = cli.run({ "explain", "base", "p.lua", "bob", "--plan", "plan.csv", "--json",
      "--as-of", "2025-06-30" })
    assert.matches('"reason":"granted"', told.out, 1, true)
  end)

  it("may name no file that is read or written otherwise", function()
    three()
    refused("score", { "--plan", "same.csv", "-o", "same.csv" }, 2, "same.csv")
    refused("simulate", { "--budget", "9", "--plan", "p.lua" }, 2, "p.lua")
  end)
end)

describe("what is expected of the optimum", function()
  teardown(cli.clean)

  it("is not what the best looking of several estimates promise", function()
    local rows, campaigns = { "customer,worth" }, {}
    for i = 1, 60 do rows[#rows + 1] = ("c%02d,%d"):format(i, 100 + i) end
    for k, effect in ipairs({ 0.05, 0.06, 0.07, 0.2 }) do
      campaigns[k] = ("campaign 'k%d' { when = 'true', offer = gift 'x', cost = 2, "
        .. "value = 'worth', effect = { retention = %g, sd = 0.06 } }\n"):format(k, effect)
    end
    base(table.concat(rows, "\n") .. "\n")
    cli.write(folder .. "/p.lua", "inputs { worth = integer }\n" .. table.concat(campaigns))
    local b = simulate("--budget", "40")
    assert.is_true(b.value < 0.8 * b.promise)
    local shrunk = core.trial.shrink({ 0.05, 0.06, 0.07, 0.2 }, { 0.06, 0.06, 0.06, 0.06 })
    assert.is_true(math.abs(b.value / b.promise - shrunk[4] / 0.2) < 1e-3)
    assert.matches("above and in `score` they count net 560: what looks best is in part luck",
      run("simulate", { "--budget", "40" }).out, 1, true)
    same_money(40)
  end)

  it("knows from history who would stay anyway, which `score` does not", function()
    local rows = { "customer,worth,retention_rate" }
    for i = 1, 20 do rows[#rows + 1] = ("c%02d,%d,%g"):format(i, 100, i <= 10 and 0.98 or 0.5) end
    base(table.concat(rows, "\n") .. "\n")
    cli.write(folder .. "/p.lua", "inputs { worth = integer, retention_rate = number }\n"
      .. "campaign 'k' { when = 'true', offer = gift 'x', cost = 5, value = 'worth', "
      .. "effect = { retention = 0.1, sd = 0.001 } }\n")
    local b = simulate("--budget", "100")
    assert.same({ 20, 100, 10 * 10 + 10 * 2, 200 }, { b.offers, b.cost, b.value, b.promise })
    assert.same({ budget = 50, net = 50 }, b.best) -- ten who may leave; `score` pays for all
    assert.near(20, b.net.mean, 3)
    for _, rival in ipairs(b.compare) do
      if rival.name == "the policy as written" then assert.equal(20, rival.net) end
    end
    local text = run("simulate", { "--budget", "100" }).out
    assert.matches("`score` counts net 100 for them: it does not ask who would stay anyway", text,
      1, true)
    assert.matches("best budget 50.00, net 50", text, 1, true)
    assert.matches("`score` counts net 100, its effects as stated; here nobody stays", text,
      1, true)
    assert.equal(100, json.decode(run("simulate", { "--json" }).out).net.scored)
    same_money(50)
  end)

  it("draws what experiments measured together, and not a second time", function()
    local rows, campaigns = { "customer,worth" }, {}
    local contacts = { "customer,date,campaign,arm,response" }
    local yes = { {}, {} } -- by arm, then campaign, of 120 each
    for i = 1, 240 do
      rows[#rows + 1] = ("c%03d,%d"):format(i, 100 + i)
      for k = 1, 4 do
        local control, first = i % 2 == 0, (i // 2 * 7) % 10
        local response = first < (control and 3 or 3 + k) and 1 or 0
        local own = yes[control and 1 or 2]
        own[k] = (own[k] or 0) + response
        contacts[#contacts + 1] = ("c%03d,2025-03-01,t%d,%s,%d"):format(i, k,
          control and "control" or "t", response)
      end
    end
    local effect, errors = {}, {}
    for k = 1, 4 do
      campaigns[k] = ("campaign 'k%d' { when = 'true', offer = gift 'x', cost = 2, "
        .. "value = 'worth', effect = { retention = 0.1, sd = 0.06, from = 't%d' } }\n"):format(k,
          k)
      local p, q = yes[1][k] / 120, yes[2][k] / 120
      effect[k], errors[k] = q - p, math.sqrt((p * (1 - p) + q * (1 - q)) / 119)
    end
    base(table.concat(rows, "\n") .. "\n")
    cli.write(folder .. "/base/contacts.csv", table.concat(contacts, "\n") .. "\n")
    cli.write(folder .. "/p.lua", "inputs { worth = integer }\n" .. table.concat(campaigns))
    local b = simulate("--budget", "40") -- the 20 who are worth most, 6610 together
    assert.near(6610 * core.trial.shrink(effect, errors)[4], b.value, 0.2)
  end)

  it("is about what comes of it, over many worlds; the promise is more", function()
    math.randomseed(23)
    local function normal()
      return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random())
    end
    local promised, believed, came = 0, 0, 0
    for _ = 1, 300 do
      local truth, estimate, errors, offers = {}, {}, {}, {}
      for k = 1, 6 do
        truth[k] = 0.10 + 0.03 * normal()
        estimate[k], errors[k] = truth[k] + 0.05 * normal(), 0.05
      end
      local shrunk = core.trial.shrink(estimate, errors)
      for i = 1, 40 do
        offers[i] = {}
        for k = 1, 6 do
          local value = math.floor(1000 * (1 + i % 7) * shrunk[k] + 0.5)
          offers[i][k] = { 1 + (i * k) % 4, math.max(value, 0), { 1 } }
        end
      end
      local got = core.budget.use(offers, { { 50, true } }, 1)
      for i, k in ipairs(got.choice) do
        if k > 0 then
          promised = promised + (1 + i % 7) * estimate[k]
          believed = believed + (1 + i % 7) * shrunk[k]
          came = came + (1 + i % 7) * truth[k]
        end
      end
    end
    -- With six estimates it is not known well how much offers differ: some of the luck stays.
    assert.is_true(promised > 1.2 * came, promised / came)
    assert.is_true(math.abs(believed - came) < 0.5 * (promised - came), believed / came)
  end)
end)
