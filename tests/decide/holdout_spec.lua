-- Holdouts: whom they take, what they leave to others, and that an evaluation by them is right.
local cli = require("cli")

local folder

local function score(arguments)
  table.insert(arguments, 1, "score")
  local run = cli.run(arguments)
  assert.equal(0, run.status, run.err)
  return run
end

-- The rows of a CSV without quotes, as { id, campaign, reason }.
local function decisions(text)
  local out = {}
  for line in text:gmatch("[^\n]+") do
    local id, campaign, rest = line:match("^([^,]*),([^,]*),(.*)$")
    if id ~= "customer" then
      out[#out + 1] = { id = id, campaign = campaign, reason = rest:match("([^,]*)$") }
    end
  end
  return out
end

local function count(rows, reason)
  local n = 0
  for _, row in ipairs(rows) do
    n = n + (row.reason == reason and 1 or 0)
  end
  return n
end

describe("a holdout", function()
  local N = 20000

  setup(function()
    folder = cli.folder()
    local rows = { "customer,worth" }
    for i = 1, N do
      rows[#rows + 1] = ("H%05d,%d"):format(i, i * 7919 % 1000)
    end
    os.execute("mkdir -p " .. folder .. "/base")
    cli.write(folder .. "/base/customers.csv", table.concat(rows, "\n") .. "\n")
  end)
  teardown(cli.clean)

  local function decide(policy, fields, more)
    cli.write(folder .. "/p.lua", ([[
policy "%s" { currency = "CNY"%s }
inputs { worth = integer }
campaign "a" { when = "true", value = "worth", cost = "1", offer = gift "x"%s }
%s]]):format(policy.title or "p", policy.holdout and ", holdout = " .. policy.holdout or "",
      fields and ", " .. fields or "", more or ""))
    return decisions(score({ "base", "p.lua" }).out)
  end

  local function near(n, expected, of, share)
    assert.is_true(math.abs(n - expected) < 4 * math.sqrt(of * share * (1 - share)), n)
  end

  it("of the policy takes its share, the same at every run, and by itself", function()
    local rows = decide({ holdout = 0.1 }, "holdout = 0.2")
    local all, own = count(rows, "policy holdout"), count(rows, "holdout")
    near(all, 0.1 * N, N, 0.1)
    near(own, 0.2 * (N - all), N - all, 0.2) -- of those whom the policy's leaves
    assert.equal(N, all + own + count(rows, "granted"))
    local other = decide({ holdout = 0.1 }, "holdout = 0.3", 'campaign "b" { when = "true", '
      .. 'value = "1000 - worth", offer = gift "y" }')
    for i, row in ipairs(rows) do
      assert.equal(row.reason == "policy holdout", other[i].reason == "policy holdout", row.id)
    end
  end)

  it("leaves its money to the next", function()
    local without = decide({}, "caps = { budget = 5000 }")
    local with = decide({}, "caps = { budget = 5000 }, holdout = 0.5")
    assert.equal(5000, count(without, "granted"))
    assert.equal(5000, count(with, "granted"))
    near(count(with, "holdout"), 5000, 10000, 0.5)
  end)

  it("takes nobody who would not have won", function()
    local with = decide({ holdout = 0.5 }, "caps = { total = 100 }")
    local granted, held = count(with, "granted"), count(with, "policy holdout")
    assert.equal(100, granted)
    near(held, 100, 200, 0.5)
    assert.equal(N - granted - held, count(with, "total cap"))
  end)
end)

describe("an evaluation by holdout", function()
  -- Customers of a generated bank whose answers in each arm are known, and so is the true effect of
  -- a call on those who win it. Who is less likely to answer anyway is likelier to win, so any
  -- other comparison than that with the holdout would be wrong.
  local truth = {}

  setup(function()
    folder = cli.folder()
    local made = cli.run({ "generate", "bank", "--customers", "20000", "--seed", "5", "-o",
      "bank" })
    assert.equal(0, made.status, made.err)
    local rows = { "customer,rate" }
    for line in cli.read(folder .. "/bank/truth.csv"):gmatch("[^\n]+") do
      local id, rate, alone, called = line:match("^(%w+),[^,]*,([%d.]+),([01]),[01],([01])$")
      if id then
        truth[id] = { alone = tonumber(alone), called = tonumber(called) }
        rows[#rows + 1] = id .. "," .. rate
      end
    end
    os.execute("mkdir -p " .. folder .. "/silent")
    cli.write(folder .. "/silent/customers.csv", table.concat(rows, "\n") .. "\n")
  end)
  teardown(cli.clean)

  local function mean(list)
    local sum = 0
    for _, x in ipairs(list) do
      sum = sum + x
    end
    return sum / #list
  end

  -- What is measured and what is true of the winners of one lot.
  local function evaluate(title)
    cli.write(folder .. "/p.lua", ([[
policy "%s" { currency = "CNY" }
inputs { rate = number }
channel "phone" { cost = 8, capacity = 800 }
channel "sms" { cost = 1 }
campaign "call" { when = "rate > 0.05", value = "20 / rate", offer = gift "x",
  channel = { "phone" }, caps = { budget = 5000 }, holdout = 0.4 }
campaign "mail" { when = "rate > 0.1", value = "5 / rate", offer = gift "y", channel = "sms" }
]]):format(title))
    local called, alone, effect = {}, {}, {}
    for _, row in ipairs(decisions(score({ "silent", "p.lua" }).out)) do
      local t = truth[row.id]
      if row.campaign == "call" then
        effect[#effect + 1] = t.called - t.alone
        if row.reason == "granted" then
          called[#called + 1] = t.called
        else
          assert.equal("holdout", row.reason)
          alone[#alone + 1] = t.alone
        end
      end
    end
    assert.equal(625, #called) -- what 5000 pay for
    return mean(called) - mean(alone), mean(effect)
  end

  it("is right on average", function()
    local lots, errors, squares, effects = 40, 0, 0, 0
    for i = 1, lots do
      local measured, true_effect = evaluate("lot " .. i)
      errors = errors + (measured - true_effect)
      squares = squares + (measured - true_effect) ^ 2
      effects = effects + true_effect
    end
    local spread = math.sqrt(squares / lots)
    assert.is_true(effects / lots > 0.05, effects / lots) -- there is something to be found
    assert.is_true(spread < 0.05, spread)
    assert.is_true(math.abs(errors / lots) < 3.5 * spread / math.sqrt(lots), errors / lots)
  end)
end)
