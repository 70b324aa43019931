-- More than there is a number, or memory, or patience for.
local json = require("dkjson")
local cli = require("cli")

local columns = '"customers": { "file": "customers.csv", "columns": { "customer": "label", '
  .. '"v": "money", "x": "number", "arm": "label" } }, '
  .. '"contacts": { "file": "contacts.csv", "columns": { "customer": "label", "date": "date", '
  .. '"campaign": "label", "arm": "label", "cost": "money", "response": "integer" } }'

local function path(name)
  return cli.folder() .. "/" .. name
end

-- So many customers; row says v, x and, of so many contacts each, cost and response.
local function base(customers, contacts, row)
  local people, rows = { "customer,v,x,arm" }, { "customer,date,campaign,arm,cost,response" }
  for i = 1, customers do
    local v, x, cost, response = row(i)
    local arm = i % 2 == 0 and "control" or "call"
    people[#people + 1] = ("C%d,%s,%s,%s"):format(i, v, x, arm)
    for _ = 1, contacts do
      rows[#rows + 1] = ("C%d,2025-06-01,call,%s,%s,%s"):format(i, arm, cost, response)
    end
  end
  os.execute("mkdir -p " .. path("base"))
  cli.write(path("base/dataset.json"), '{ "name": "base", "as_of": "2025-06-30", "currency": '
    .. '"CNY", "tables": { ' .. columns .. " } }")
  cli.write(path("base/customers.csv"), table.concat(people, "\n") .. "\n")
  cli.write(path("base/contacts.csv"), table.concat(rows, "\n") .. "\n")
end

local function run(verb, policy, ...)
  cli.write(path("p.lua"), 'policy "p" { currency = "CNY" }\ninputs { v = money, x = number }\n'
    .. policy)
  return cli.run({ verb, "base", "p.lua", ... })
end

local function evaluate(...)
  return cli.run({ "evaluate", "base", "--campaign", "call", ... })
end

local function refused(result, status, text)
  assert.equal(status, result.status, result.out .. result.err)
  assert.is_truthy(result.err:find(text, 1, true), result.err)
  assert.equal("", result.out)
end

local much = "9000000000000" -- 10,250 of them are more than 2^63 hundredths

describe("a sum", function()
  after_each(cli.clean)

  it("of what is granted is refused where it is no amount any more, and says by whom", function()
    local gift = "campaign 'gift' { when = 'true', cost = '%s', value = '%s', offer = cash(1) }"
    base(10500, 1, function() return much, 1, 1, 1 end)
    for _, amounts in ipairs({ { "v", "1" }, { "1", "v" }, { "0", "-v" } }) do
      for _, verb in ipairs({ "score", "simulate" }) do
        refused(run(verb, gift:format(amounts[1], amounts[2])), 1,
          "campaign 'gift': up to customer C9772, what is granted adds up to more")
      end
    end
  end)

  it("of what a budget was spent on before leaves nothing of it", function()
    base(10500, 1, function() return 1, 1, much, 0 end)
    local scored = run("score", "campaign 'call' { when = 'true', cost = '1', value = '2', "
      .. "offer = cash(1), caps = { budget = 1000 } }", "-o", "out.csv")
    assert.equal(0, scored.status, scored.err)
    assert.is_truthy(scored.out:find("call: granted 0, budget 10500", 1, true), scored.out)
  end)

  it("of an experiment's costs or responses is refused", function()
    base(100, 120, function() return 1, 1, much, 0 end)
    refused(evaluate(), 1, "cost of call adds up to more than a number can be")
    base(10, 3, function() return 1, 1, 1, "9000000000000000000" end)
    refused(evaluate(), 1, "response of call adds up to more than a number can be")
  end)
end)

describe("purchases of more than 64 bits can add up", function()
  after_each(cli.clean)

  local function simulate(...)
    local rows = { "customer,date,amount" }
    for year = 2023, 2025 do
      for _ = 1, 8500 do -- 8,193 of them are more than 2^63 hundredths
        rows[#rows + 1] = ("C1,%d-03-01,11000000000000"):format(year)
      end
    end
    os.execute("mkdir -p " .. path("base"))
    cli.write(path("base/dataset.json"), '{ "name": "base", "as_of": "2025-06-30", "currency": '
      .. '"CNY", "tables": { "customers": { "file": "customers.csv", "columns": { "customer": '
      .. '"label", "v": "money", "x": "number" } }, "transactions": { "file": "transactions.csv", '
      .. '"columns": { "customer": "label", "date": "date", "amount": "money" } } } }')
    cli.write(path("base/customers.csv"), "customer,v,x\nC1,1,1\n")
    cli.write(path("base/transactions.csv"), table.concat(rows, "\n") .. "\n")
    return run("simulate", "campaign 'gift' { when = 'true', cost = '1', value = '2', "
      .. "offer = cash(1), effect = { spend = 3 } }", ...)
  end

  it("are a history, and no months", function()
    local page = simulate("--json")
    assert.equal(0, page.status, page.err)
    local out = json.decode(page.out)
    assert.near(8500 * 1.1e13, out.campaigns[1].uplift.base, 1e9)
    refused(simulate("--months", "1", "--runs", "1"), 1, "what all customers bring together")
  end)
end)

describe("an effect", function()
  after_each(cli.clean)

  local gift = "campaign 'gift' { when = 'true', cost = '%s', value = '%s', offer = cash(1), "
    .. "effect = { referral = '%s', base = '%s', sd = %s } }"

  it("of which nothing finite can be made fails, by the rule that is too large", function()
    base(100, 0, function() return 1, 1 end)
    for _, four in ipairs({ { 1, 0, "1e308", 1 }, { 1, "1e308", 1e-308, 1 }, { 1, 1, 1, "1e308" },
      { "1e19", 1, 1, 1 } }) do
      local text = gift:format(four[1], four[2], four[3], four[4], 1)
      local page = run("simulate", text, "-o", "r.html")
      assert.equal(4, page.status, page.err)
      assert.is_truthy(page.err:find("failed for C1: it is not finite, or too large", 1, true))
    end
    refused(run("simulate", gift:format(1, 1, 1, 1, "1e308")), 1, "`sd` takes a number")
  end)
end)

describe("an outcome", function()
  after_each(cli.clean)

  it("whose square is no number is refused, whatever it is needed for", function()
    base(100, 1, function(i) return i, i % 3 == 0 and "1e308" or "-1e308", 1, i % 2 end)
    local policy = "campaign 'call' { when = 'v > 50', value = '1', offer = cash(1) }"
    local words = { { "--outcome", "x" }, { "--outcome", "v", "--before", "x" },
      { "--outcome", "v", "--uplift", "x" } }
    for _, list in ipairs(words) do
      refused(evaluate(table.unpack(list)), 1, "x has a value of ")
    end
    refused(run("evaluate", policy, "--campaign", "call", "--outcome", "x", "--off-policy"), 1,
      "x has a value of ")
  end)
end)

describe("a thousand campaigns", function()
  after_each(cli.clean)

  local function policy()
    local list = {}
    for i = 1, 1000 do
      list[i] = ("campaign 'k%d' { when = 'v == %d', cost = '1', value = '20', "
        .. "effect = { retention = 0.1, base = 0.3 }, offer = cash(1) }"):format(i, i)
    end
    return table.concat(list, "\n")
  end

  it("are not drawn more often than there is memory for", function()
    base(1000, 0, function(i) return i, 1 end)
    refused(run("simulate", policy(), "--draws", "1000000"), 1,
      "1000000 draws of 1000 campaigns take 40 GB of memory: take ")
  end)
end)

describe("a folder for tables", function()
  after_each(cli.clean)

  it("is not made where a file is meant", function()
    local words = { "simulate", "samples/bank", "policies/card-retention.lua", "-o" }
    for name, said in pairs({ ["report.doc"] = "'report.doc/'", ["a/tables.xlsx"] = "add a slash",
      [""] = "is neither", ["page.csv"] = "is neither" }) do
      words[5] = name
      refused(cli.run(words), 2, said)
    end
    for _, name in ipairs({ "2025.06", "tables.d/", ".tables" }) do
      words[5] = name
      assert.equal(0, cli.run(words).status)
      assert.is_truthy(cli.read(path(name .. "/figures.csv")), name)
    end
  end)
end)

describe("a figure of many digits", function()
  after_each(cli.clean)

  it("is rounded as it is said", function()
    base(1500, 0, function() return much, 1 end)
    local page = run("simulate", "campaign 'gift' { when = 'true', cost = '1', value = 'v', "
      .. "offer = cash(1) }")
    assert.equal(0, page.status, page.err)
    assert.is_truthy(page.out:find("earns    14000000G [2400000G..25000000G]", 1, true))
  end)
end)
