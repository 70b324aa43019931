-- Offers whose amount differs by customer: points and cash that are expressions.
local cli = require("cli")

local folder

local function score(policy, status, words)
  cli.write(folder .. "/p.lua", policy)
  local run = cli.run({ "score", "base", "p.lua", "--as-of", "2025-06-30", "-o", "rows.csv",
    table.unpack(words or {}) })
  assert.equal(status or 0, run.status, run.err)
  return run
end

local function lines(file)
  local list = {}
  for line in cli.read(folder .. "/" .. file):gmatch("[^\n]+") do
    list[#list + 1] = line
  end
  return list
end

describe("an amount that is an expression", function()
  setup(function()
    folder = cli.folder()
    os.execute("mkdir -p " .. folder .. "/base")
    cli.write(folder .. "/base/customers.csv",
      "customer,bought,fee\nA,10.55,100\nB,0.3,\nC,-2,50\nD,49.9,0.05\n")
    cli.write(folder .. "/base/dataset.json", [[{ "currency": "CNY", "tables": { "customers": {
      "file": "customers.csv", "columns": { "bought": "number", "fee": "money" } } } }]])
  end)
  teardown(cli.clean)

  local inputs = "inputs { bought = number, fee = money }\n"

  it("is each customer's own: points cut to whole ones, cash to the smallest unit", function()
    -- 10 * 0.3 misses 3 by a bit, and is 3 points; 499 is 10 * 49.9, 105 is what 105.5 leaves
    score(inputs .. [[
      campaign "points" { when = "bought > 0", offer = points "10 * bought", cost = 1, value = 3,
        holdout = 0 }
      campaign "cash" { when = "fee < 50.5", offer = cash "fee / 3", cost = "fee / 3", value = 99 }
      campaign "fixed" { when = "fee >= 100", offer = points(500), cost = 1, value = 200 }
    ]], 0, { "--candidates", "all.csv" })
    assert.same({
      "customer,campaign,offer,amount,channel,cost,value,net,reason",
      "A,fixed,points 500,500,,1.00,200.00,199.00,granted",
      "B,points,points,3,,1.00,3.00,2.00,granted",
      "C,cash,cash,16.67,,16.67,99.00,82.33,granted",
      "D,cash,cash,0.02,,0.02,99.00,98.98,granted",
    }, lines("rows.csv"))
    local all = lines("all.csv")
    assert.equal("customer,campaign,reason,amount,channel,cost,value,net,line,fault", all[1])
    assert.equal("A,points,outbid,105,,1.00,3.00,2.00,,", all[2])
    assert.equal("B,cash,missing value,,,,,,,", all[6])
    assert.equal("D,points,outbid,499,,1.00,3.00,2.00,,", all[11])
  end)

  it("is no offer where a value is missing, and a fault below 0", function()
    local run = score(inputs .. [[
      campaign "both" { when = "true", offer = cash "fee + bought // 1 * 40", cost = 1 } ]], 4)
    assert.same({
      "customer,campaign,offer,amount,channel,cost,value,net,reason",
      "A,both,cash,500,,1.00,0.00,-1.00,granted",
      "B,,,,,,,,missing value",
      "C,,,,,,,,fault",
      "D,both,cash,1960.05,,1.00,0.00,-1.00,granted",
    }, lines("rows.csv"))
    assert.matches("failed for C: an offer is not below 0", run.err, 1, true)
    run = score(inputs .. [[campaign "many" { when = "true", offer = points "1e16 * bought",
      cost = 1 }]], 4)
    assert.matches("failed for A: it is not finite, or too many points", run.err, 1, true)
  end)

  it("may be a function, and stands in call sheets and explanations", function()
    score(inputs .. [[
      playbook "call" { text = "You get {offer}." }
      campaign "cash" {
        when = "bought > 20", cost = 1, channel = "phone", playbook = "call",
        offer = cash(function(bought) local half = bought / 2 return half end),
      } ]], 0, { "--playbooks", "sheets" })
    local sheet = cli.read(folder .. "/sheets/phone.txt")
    assert.matches("offer     cash 24.95", sheet, 1, true)
    assert.matches("You get cash 24.95.", sheet, 1, true)
    local told = cli.run({ "explain", "base", "p.lua", "D", "--as-of", "2025-06-30" })
    assert.matches("offer cash 24.95, by phone", told.out, 1, true)
    told = cli.run({ "explain", "base", "p.lua", "D", "--as-of", "2025-06-30", "--json" })
    assert.matches('"offer":"cash","amount":24.95', told.out, 1, true)
  end)

  it("changes nothing in the rows where all offers are the same for all", function()
    score(inputs .. 'campaign "x" { when = "fee >= 100", offer = points(500), cost = 1 }')
    assert.equal("customer,campaign,offer,channel,cost,value,net,reason", lines("rows.csv")[1])
  end)

  it("is what a diff compares", function()
    cli.write(folder .. "/p.lua", inputs .. [[params { rate = 0.1 }
      campaign "x" { when = "bought > 0", offer = points "100 * rate * bought", cost = 1 } ]])
    local run = cli.run({ "diff", "base", "p.lua", "--set", "rate=0.105", "--as-of", "2025-06-30" })
    assert.equal(0, run.status, run.err)
    -- 105 -> 110, 3 -> 3, 499 -> 523
    assert.matches("2 of 4 customers change", run.out, 1, true)
  end)
end)
