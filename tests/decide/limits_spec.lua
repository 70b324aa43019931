-- Where the limits lie: nothing at all, ratios that no double tells apart, tables that do not say
-- enough, and what is said of it all.
local cli = require("cli")

local folder

local function base(rows, contacts)
  folder = cli.folder()
  os.execute("rm -rf " .. folder .. "/base && mkdir -p " .. folder .. "/base")
  cli.write(folder .. "/base/customers.csv", rows)
  if contacts then
    cli.write(folder .. "/base/contacts.csv", contacts)
  end
end

local function score(policy, status, words)
  cli.write(folder .. "/p.lua", policy)
  local run = cli.run({ "score", "base", "p.lua", "--as-of", "2025-06-30",
    table.unpack(words or {}) })
  assert.equal(status or 0, run.status, run.err)
  return run
end

-- The reasons by customer, "A granted, B budget".
local function reasons(run)
  local out = {}
  for line in run.out:gmatch("[^\n]+") do
    local id, reason = line:match("^(%w+),.*,([^,]*)$")
    if id and id ~= "customer" then
      out[#out + 1] = id .. " " .. reason
    end
  end
  return table.concat(out, ", ")
end

local function campaign(fields)
  return "campaign 'x' { when = 'true', offer = gift 'y', " .. fields .. " }\n"
end

describe("limits", function()
  teardown(cli.clean)

  it("of nothing leave nothing but what is free of cost", function()
    base("customer,price\nA,0\nB,1\n")
    local inputs = "inputs { price = integer }\n"
    local function with(caps)
      return reasons(score(inputs .. campaign("cost = 'price', value = 5, caps = " .. caps)))
    end
    assert.equal("A granted, B budget", with("{ budget = 0 }"))
    assert.equal("A total cap, B total cap", with("{ total = 0 }"))
    assert.equal("A customer cap, B customer cap", with("{ customer = 0 }"))
    assert.equal("A granted, B granted", with("{}"))
    assert.equal("A capacity, B capacity", reasons(score(inputs .. "channel 'c' { capacity = 0 }\n"
      .. campaign("channel = 'c'"))))
    assert.equal("A contact policy, B contact policy", reasons(score(inputs
      .. campaign("goal = 'z'") .. "contact_policy 'q' { customer = 0 }")))
  end)

  it("move with the params that they are written with", function()
    base("customer,class\nA,high\nB,high\nC,low\n")
    local policy = "params { pot = { 200, from = 0, to = 500 }, many = 1 }\n"
      .. "inputs { class = label }\nsegments 's' { { 'high', when = \"class == 'high'\" }, "
      .. "{ 'low' } }\nchannel 'c' { capacity = '2 + many' }\n"
      .. campaign("cost = 60, channel = 'c', caps = { budget = 'pot / 2', "
        .. "class = by 's' { high = 'many' } }")
    local function with(...)
      local run = score(policy, 0, { ... })
      return reasons({ out = run.out:gsub(",%a+\n", "\n") }) -- the segment stands behind the reason
    end
    assert.equal("A granted, B class cap, C budget", with())
    assert.equal("A granted, B class cap, C granted", with("--set", "pot=240"))
    assert.equal("A granted, B granted, C granted", with("--set", "pot=360", "--set", "many=2"))
    assert.equal("A class cap, B class cap, C granted", with("--set", "many=0"))
    local none = score(policy, 1, { "--set", "many=-1" })
    assert.matches("`class` takes a whole number from 0 to 10^12, and this comes to -1", none.err,
      1, true)
  end)

  it("all hold at once, the tightest wins", function()
    base("customer\nA\nB\nC\n")
    assert.equal("A granted, B total cap, C total cap",
      reasons(score(campaign("cost = 1, caps = { total = 1, budget = 100, customer = 5 }"))))
    assert.equal("A granted, B budget, C budget",
      reasons(score(campaign("cost = 60, caps = { total = 2, budget = 100 }"))))
  end)

  it("pass over what a rest does not cover, and give it to what it does", function()
    base("customer,price,worth\nA,60,90\nB,50,70\nC,40,50\n")
    assert.equal("A granted, B budget, C granted", reasons(score(
      "inputs { price = integer, worth = integer }\n"
        .. campaign("cost = 'price', value = 'worth', caps = { budget = 100 }"))))
  end)

  it("go by the exact ratio of net to cost", function()
    -- (n + 1) / n rises as n falls; as doubles these ratios are the same, and A has the better net
    base("customer,net,cost\nA,1000000000.00,999999999.99\nB,999999999.99,999999999.98\n")
    cli.write(folder .. "/base/dataset.json", [[{ "currency": "CNY", "tables": { "customers": {
      "file": "customers.csv", "columns": { "net": "money", "cost": "money" } } } }]])
    local policy = "policy 'p' { allocate = 'net per cost' }\n"
      .. "inputs { net = money, cost = money }\n"
      .. campaign("cost = 'cost', value = 'net + cost', caps = { total = 1 }")
    assert.equal("A total cap, B granted", reasons(score(policy)))
    assert.equal("A granted, B total cap",
      reasons(score((policy:gsub("net per cost", "net")))))
  end)

  it("refuse a cost below nothing", function()
    base("customer,price\nA,-1\nB,0\n")
    local run = score("inputs { price = integer }\n" .. campaign("cost = 'price'"), 4)
    assert.equal("A fault, B granted", reasons(run))
    assert.matches("a cost is not below 0; what an offer brings belongs in `value`", run.err, 1,
      true)
  end)

  it("do not matter for one customer that is asked for alone", function()
    folder = cli.folder()
    cli.write(folder .. "/p.lua", campaign("cost = 5, caps = { budget = 1, total = 0 }")
      .. "test 't' { customer = {}, gives = { offers = { 'x' } } }")
    local run = cli.run({ "test", "p.lua" })
    assert.equal(0, run.status, run.out)
  end)
end)

describe("channels", function()
  teardown(cli.clean)

  it("that fail are closed, and are why there is none if no other is left", function()
    base("customer,visits\nA,0\nB,1\nC,\n")
    local policy = "inputs { visits = integer }\nchannel 'phone' { when = '1 // visits == 1' }\n"
      .. "channel 'sms' { %s }\n" .. campaign("channel = { 'phone', 'sms' }")
    local run = score(policy:format("when = 'visits > 5'"), 4)
    assert.equal("A fault, B granted, C no channel", reasons(run))
    assert.matches("p.lua:2: failed for A: attempt to divide by zero", run.err, 1, true)
    run = score(policy:format(""), 4)
    assert.equal("A granted, B granted, C granted", reasons(run))
    assert.matches("\nA,[^\n]*,sms,", run.out)
    assert.matches("\nB,[^\n]*,phone,", run.out)
    run = score(policy:format("when = 'visits > 5'"), 4, { "--json" })
    assert.truthy(run.out:find('{"customer":"A","channel":"phone","line":2', 1, true), run.out)
  end)

  it("cost what is said of them, for the customer", function()
    base("customer,visits\nA,3\nB,\n")
    local run = score("inputs { visits = integer }\nchannel 'phone' { cost = '2 * visits' }\n"
      .. "channel 'sms' {}\n" .. campaign("channel = { 'phone', 'sms' }, cost = 1, value = 9"))
    assert.matches("\nA,[^\n]*,phone,7.00,9.00,2.00,granted", run.out)
    assert.matches("\nB,[^\n]*,sms,1.00,9.00,8.00,granted", run.out) -- whose call nobody can price
  end)
end)

describe("the history", function()
  teardown(cli.clean)

  local policy = campaign("cost = 8, caps = { customer = { 1, per = days(10) }, budget = 20 }")

  it("counts its window to the day, and no controls", function()
    base("customer\nA\nB\nC\nD\nE\nF\n", "customer,date,campaign,arm,cost\n"
      .. "A,2025-06-20,x,,0\nB,2025-06-21,x,,0\nC,2025-06-30,x,,0\nD,2025-07-01,x,,0\n"
      .. "E,2025-06-25,x,control,9\nF,2025-06-25,z,,9\n")
    assert.equal("A granted, B customer cap, C customer cap, D granted, E budget, F budget",
      reasons(score(policy)))
  end)

  it("takes what was spent from the budget, whose refund nobody gets", function()
    base("customer\nA\nB\n", "customer,date,campaign,cost\nA,2025-01-01,x,12\n")
    local run = score(policy)
    assert.equal("A granted, B budget", reasons(run))
    assert.matches("budget of 20.00: 12.00 used before, 8.00 used, ran dry at net -8.00 "
      .. "(customer B)", run.err, 1, true)
    local said = cli.run({ "check", "p.lua", "base", "--as-of", "2025-06-30" }).out
    assert.is_truthy(said:find('the budget of "x", 20.00 (12.00 used before, by the history), runs '
      .. "dry: 1 of those it is for come too late, B first", 1, true), said)
    base("customer\nA\nB\n", "customer,date,campaign,cost\nA,2025-01-01,x,120\n")
    assert.equal("A budget, B budget", reasons(score(policy)))
  end)

  it("is refused where it does not say what is asked", function()
    base("customer\nA\n", "customer,date\nA,2025-06-29\n")
    assert.matches("p.lua:1:1: the table contacts has no column `campaign`, so nobody knows "
      .. "of which campaign the contacts were: add it, or drop the limit", score(policy, 1).err, 1,
      true)
    local by_channel = campaign("channel = 'sms'")
      .. "contact_policy 'q' { rest = days(7), channels = 'sms' }"
    assert.matches("p.lua:2:1: the table contacts has no column `channel`",
      score(by_channel, 1).err, 1, true)
    -- who was contacted at all is all that this one asks
    assert.equal("A contact policy",
      reasons(score(campaign("goal = 'z'") .. "contact_policy 'q' { rest = days(7) }")))
  end)

  it("is said to be missing, and so is a cost in it", function()
    base("customer\nA\n")
    assert.matches("the data has no table contacts: nobody counts as contacted before",
      score(policy).err, 1, true)
    base("customer\nA\n", "customer,date,campaign,cost\nA,2025-01-01,x,\n")
    assert.matches("contacts without a cost: 1; they count as free", score(policy).err, 1, true)
  end)
end)

describe("what is said of limits", function()
  teardown(cli.clean)

  local policy = [[
policy "p" { currency = "CNY" }
inputs { worth = integer, phone = flag }
tiers "card" { { "gold", when = "worth > 50" }, { "other" } }
channel "phone" { when = "phone", cost = 8, capacity = 1 }
channel "sms" { cost = 0.1 }
campaign "x" { when = "worth > 20", value = "worth", offer = cash(5), cost = 5,
  channel = { "phone", "sms" }, caps = { budget = 18.2, class = by "card" { gold = 2 } } }
campaign "y" { when = "true", offer = let_go() }
]]

  setup(function()
    base("customer,worth,phone\nA,100,yes\nB,90,yes\nC,80,yes\nD,40,no\nE,30,yes\nF,10,yes\n",
      "customer,date,campaign\nF,2025-01-01,y\n")
    cli.write(folder .. "/p.lua", policy)
  end)

  it("is said in the summary", function()
    local run = score(policy)
    local function line(text)
      assert.truthy(run.err:find(text, 1, true), text .. "\n" .. run.err)
    end
    assert.equal("A granted, B granted, C granted, D granted, E granted, F granted", reasons(run))
    line("  x: granted 2, budget 2, class cap 1, ineligible 1")
    line("    budget of 18.20: 18.10 used, ran dry at net 34.90 (customer D), too little for 1 "
      .. "more")
    line("    class cap of 2 for gold: 2 used, ran dry at net 67.00 (customer C)\n")
    line("  phone: capacity of 1: 1 used, ran dry at net 77.00 (customer B), too little for 1 more")
  end)

  it("is in the document", function()
    local run = score(policy, 0, { "--json" })
    assert.truthy(run.out:find('"limits":[{"limit":"budget","campaign":"x","size":18.20,'
      .. '"before":0.00,"used":18.10,"refused":2,"ran_dry":{"customer":"D","net":34.90}},'
      .. '{"limit":"class cap","campaign":"x","class":"gold","size":2,"before":0,"used":2,'
      .. '"refused":1,"ran_dry":{"customer":"C","net":67.00}},'
      .. '{"limit":"capacity","channel":"phone","size":1,"before":0,"used":1,"refused":2,'
      .. '"ran_dry":{"customer":"B","net":77.00}}]', 1, true), run.out)
  end)

  it("is explained to the customer", function()
    local function explained(id, text)
      local run = cli.run({ "explain", "base", "p.lua", id })
      assert.equal(0, run.status, run.err)
      assert.truthy(run.out:find(text, 1, true), run.out)
    end
    explained("E", "budget: what was left of the campaign's budget was too little")
    explained("E", "    offer cash 5, by phone")
    explained("E", "    budget of 18.20: 18.10 used, ran dry at net 34.90 (customer D)")
    explained("B", "    offer cash 5, by sms\n    cost 5.10, value 90.00, net 84.90")
    explained("C", "    class cap of 2 for gold: 2 used")
    explained("D", "channels\n  phone\n    when\n      no    phone   (phone = false)")
    cli.write(folder .. "/q.lua", policy .. 'contact_policy "rarely" { customer = 0 }\n')
    local run = cli.run({ "explain", "base", "q.lua", "A" })
    assert.truthy(run.out:find("    contact policy rarely: 0 contacts of at most 0\n", 1, true),
      run.out)
    run = cli.run({ "explain", "base", "q.lua", "A", "--json" })
    assert.truthy(run.out:find('"history":[{"limit":"contact policy","name":"rarely",'
      .. '"contacts":0,"most":0}]', 1, true), run.out)
    run = cli.run({ "explain", "base", "p.lua", "E", "--json" })
    assert.truthy(run.out:find('"net":17.00,"limits":[{"limit":"budget"', 1, true), run.out)
  end)

  it("is an effect with what it is known from", function()
    cli.write(folder .. "/e.lua", [[
inputs { worth = integer }
campaign "x" { when = "true", value = "worth", offer = cash(5), cost = 5,
  effect = { retention = 0.2, relative = true, base = "worth / 200", sd = 0.05,
    evidence = "the pilot of 2025" } }
]])
    local run = cli.run({ "explain", "base", "e.lua", "A" })
    assert.truthy(run.out:find("    effect retention 0.2 of 0.5, sd 0.05, from the pilot of 2025\n"
      .. "    cost 5.00, value 10.00, net 5.00", 1, true), run.out)
    run = cli.run({ "explain", "base", "e.lua", "A", "--json" })
    assert.truthy(run.out:find('"effect":{"of":"retention","size":{"expression":"0.2"', 1, true),
      run.out)
  end)

  it("is paid for those, too, who would have come anyway, where it is paid on success", function()
    base("customer,p,up\nA,0.8,0.05\nB,0.9,0.2\nC,0.1,-0.3\nD,1.2,0.1\nE,,0.1\n")
    local run = score([[
inputs { p = number, up = number }
channel "sms" { cost = 1 }
campaign "x" { when = "true", value = 200, offer = cash(10), cost = 10, channel = "sms",
  effect = { retention = "up", base = "p", paid = "on success" } }
]], 4)
    local rows = {}
    for id, money in run.out:gmatch("\n(%u),[^\n]-,(%-?[%d.]*,%-?[%d.]*,%-?[%d.]*,%l[%l ]+)") do
      rows[#rows + 1] = id .. " " .. money
    end
    assert.same({
      "A 9.50,10.00,0.50,granted",
      "B 11.00,20.00,9.00,granted", -- nobody stays more than surely
      "C 1.00,-20.00,-21.00,granted",
      "D ,,,fault",
      "E ,,,missing value",
    }, rows)
    assert.truthy(run.err:find("p.lua:4: failed for D: a chance to stay is from 0 to 1", 1, true),
      run.err)
    run = cli.run({ "explain", "base", "p.lua", "A" })
    assert.truthy(run.out:find("    effect retention 0.05 above 0.8, paid on success\n", 1, true),
      run.out)
  end)

  it("moves who stays by a share, however it is computed", function()
    base("customer,up\nA,1\nB,1.2\nC,-1.01\nD,-1\n")
    local text = "inputs { up = number }\ncampaign 'x' { when = 'true', value = 200, " ..
      "offer = cash(10), cost = 10, effect = { retention = 'up'%s } }\n"
    local function decided(more)
      local run, of = score(text:format(more), more == "" and 4 or 0), {}
      for id, reason in run.out:gmatch("\n(%u),[^\n]-(%l+)%f[\n]") do
        of[#of + 1] = id .. " " .. reason
      end
      return of, run.err
    end
    local of, err = decided("")
    assert.same({ "A granted", "B fault", "C fault", "D granted" }, of)
    assert.truthy(err:find("p.lua:2: failed for B: an effect on retention is from -1 to 1: " ..
      "0.12 is 12 in a hundred", 1, true), err)
    -- A share of the base may be more than all of it.
    assert.same({ "A granted", "B granted", "C granted", "D granted" },
      (decided(", relative = true, base = 0.3")))
  end)

  it("is granted at a loss, too, and that is counted where a value is stated", function()
    base("customer,v\nA,5\nB,20\nC,10\nD,-3\n")
    local function summary(value, ...)
      cli.write(cli.folder() .. "/l.lua", "inputs { v = number }\ncampaign 'x' { when = 'true', "
        .. "cost = '10', offer = cash(10)" .. value .. " }\n")
      return cli.run({ "score", "base", "l.lua", "-o", "l.csv", ... }).out
    end
    assert.matches("granted in all: cost 40.00, value 32.00; 2 offers for less value than cost "
      .. "(net below 0): A, D\n",
      summary(", value = 'v'"), 1, true)
    assert.matches('"value":32.00,"losing":2', summary(", value = 'v'", "--json"), 1, true)
    assert.matches("granted in all: cost 40.00, value 0.00\n", summary(""), 1, true)
  end)

  it("is told of the history, with the first day on which there is room again", function()
    base("customer\nA\n", "customer,date,campaign,channel\nA,2025-01-31,x,sms\n"
      .. "A,2025-02-10,other,sms\nA,2025-06-20,x,sms\nA,2025-06-28,other,phone\n")
    local function explained(limits, day, ...)
      cli.write(folder .. "/h.lua", campaign("channel = 'sms', " .. limits))
      return cli.run({ "explain", "base", "h.lua", "A", "--as-of", day, ... })
    end
    for _, case in ipairs({
      { "caps = { customer = { 2, per = months(6) } }", "2025-06-30", "2025-07-31",
        "cap for a customer: 2 contacts of at most 2 from 2024-12-31 on, the last on 2025-06-20" },
      { "} contact_policy 'q' { customer = { 3, per = days(150) }", "2025-06-30", "2025-07-10",
        "contact policy q: 3 contacts of at most 3 from 2025-02-01 on, the last on 2025-06-28" },
      { "} contact_policy 'q' { rest = days(14), campaigns = 'x'", "2025-06-30", "2025-07-04",
        "contact policy q: 1 contact of at most 1 from 2025-06-17 on, the last on 2025-06-20" },
    }) do
      local limits, day, free, text = table.unpack(case)
      local run = explained(limits, day)
      assert.truthy(run.out:find("    " .. text .. "; room again from " .. free .. "\n", 1, true),
        run.out .. run.err)
      run = explained(limits, day, "--json")
      assert.truthy(run.out:find('"room_from":"' .. free .. '"', 1, true), run.out)
      local year, month, mday = free:match("(%d+)-(%d+)-(%d+)")
      local eve = os.date("!%Y-%m-%d",
        os.time({ year = year, month = month, day = mday, hour = 12 }) - 86400)
      assert.is_nil(explained(limits, eve).out:find("x: granted", 1, true), eve)
      assert.truthy(explained(limits, free).out:find("x: granted", 1, true), free)
    end
    local run = explained("caps = { customer = 2 }", "2025-06-30")
    assert.truthy(run.out:find("2 contacts of at most 2, the last on 2025-06-20\n", 1, true),
      run.out)
  end)
end)
