-- What decides, against closed forms of what knowing an input is worth, and against a slow way to
-- the same figures: another policy that has the input at its quantile.
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

-- E[max(0, X)] - max(0, E[X]) of a normal X.
local function worth_of_normal(mean, sd)
  local z = mean / sd
  local density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
  return mean * normal(z) + sd * density - math.max(0, mean)
end

local Q95 = 1.6448536269514722

local function near(expected, got, tolerance, what)
  assert.is_true(math.abs(expected - got) <= tolerance,
    ("%s: expected %.9g within %.3g, got %.9g"):format(what or "?", expected, tolerance, got))
end

local worth, base, rows = 0, 0, { "customer,p,worth,kind" }
for i = 1, 120 do
  local p, w = 0.3 + (i * 37 % 50) / 100, 50 + i * 13 % 400
  rows[i + 1] = ("C%03d,%s,%d,%s"):format(i, p, w, i % 2 == 0 and "gold" or "blue")
  worth, base = worth + w, base + p
end
rows = table.concat(rows, "\n") .. "\n"

local head = [[
inputs { p = number, worth = integer, kind = { "gold", "blue" } }
params { e = 0.1, g = 0.1, b = 0.0, v = 1.0, price = 20 }
]]

local function campaign(name, when, effect)
  return ([[
campaign "%s" { when = "%s", offer = cash(4), cost = "price", value = "v * worth", effect = { %s } }
]]):format(name, when, effect)
end

local function figures(policy, ...)
  local folder = cli.folder()
  os.execute("mkdir -p " .. folder .. "/base")
  cli.write(folder .. "/base/customers.csv", rows)
  cli.write(folder .. "/p.lua", head .. policy)
  local run = cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30", "--json", ... })
  assert.equal(0, run.status, run.err)
  local out = json.decode(run.out)
  for _, k in ipairs(out.tornado) do
    out.tornado[k.input] = k
  end
  return out
end

local still = { "--assume", "value_spread=0", "--assume", "base_spread=0" }

describe("what decides", function()
  teardown(cli.clean)

  it("has the closed form's worth of knowing an effect, to many digits", function()
    for _, sd in ipairs({ 0.01, 0.05, 0.2 }) do
      local out = figures(campaign("x", "true", "frequency = 0.1, sd = " .. sd),
        table.unpack(still))
      local mean = 0.1 * worth - 120 * 20
      local k = out.tornado["effect of x"]
      near(worth_of_normal(mean, sd * worth), k.worth_knowing, 1e-6 * sd * worth, "worth")
      near(k.worth_knowing, k.worth_knowing_each, 1e-9)
      near(mean - Q95 * sd * worth, k.low, 1e-6 * worth, "low")
      near(mean + Q95 * sd * worth, k.high, 1e-6 * worth, "high")
      near(k.high - k.low, k.swing, 1e-9)
      assert.equal(sd > 0.01, k.flips)
      assert.same({ 0, 0 }, { out.tornado["value of a success"].swing,
        out.tornado["value of a success"].worth_knowing })
      assert.equal(out.test_first, k.worth_knowing > 0 and "effect of x" or nil)
    end
  end)

  it("has that of a value, which is lognormal, and not moved by what else is uncertain", function()
    local out = figures(campaign("x", "true", "frequency = 0.1, sd = 0.04"),
      "--assume", "value_spread=0.4", "--set", "price=25")
    local a, c, s = 0.1 * worth, 120 * 25, math.sqrt(math.log(1 + 0.4 ^ 2))
    local d = (math.log(a / c) + s * s / 2) / s
    local value = out.tornado["value of a success"]
    near(a * normal(d) - c * normal(d - s) - math.max(0, a - c), value.worth_knowing, 1e-6 * a)
    local effect = out.tornado["effect of x"]
    near(worth_of_normal(a - c, 0.04 * worth), effect.worth_knowing, 1e-6 * a)
    near(a * math.exp(-s * s / 2 - Q95 * s) - c, value.low, 1e-6 * a)
    assert.is_true(value.flips)
  end)

  it("sums over campaigns where each is launched or not", function()
    local out = figures(campaign("x", "kind == 'gold'", "frequency = 0.1, sd = 0.03")
      .. campaign("y", "kind == 'blue'", "frequency = 0.12, sd = 0.06"), table.unpack(still))
    local nets = {}
    for _, k in ipairs(out.campaigns) do
      nets[k.campaign] = k
    end
    local total = 0
    for name, effect in pairs({ x = { 0.1, 0.03 }, y = { 0.12, 0.06 } }) do
      local k, earns = out.tornado["effect of " .. name], nets[name].earns.mean
      local slope = (k.high - k.low) / (2 * Q95 * effect[2])
      local mean = effect[1] * slope - 60 * 20
      near(earns, effect[1] * slope, 0.05 * earns)
      near(worth_of_normal(mean, effect[2] * slope), k.worth_knowing_each, 1e-6 * slope)
      total = total + mean
    end
    for _, k in ipairs(out.tornado) do
      if k.swing > 0 then
        near(worth_of_normal(total, (k.high - k.low) / (2 * Q95)), k.worth_knowing, 1e-4)
      end
    end
    assert.is_true(out.tornado[1].swing >= out.tornado[2].swing)
  end)

  it("is what a policy earns that has the input there, also where chances to stay end", function()
    local uncertain = 'retention = "e", sd = 0.3, base = "p + b", paid = "on success"'
    local certain = uncertain:gsub("sd = 0.3", "sd = 0")
    local out = figures(campaign("x", "true", uncertain), "--assume", "value_spread=0.3",
      "--assume", "base_spread=0.1", "--set", "e=0.3")
    local s = math.sqrt(math.log(1.09))
    local median = math.exp(-s * s / 2)
    for name, moved in pairs({
      ["effect of x"] = function(z) return { "e=" .. 0.3 + 0.3 * z, "b=0", "v=" .. median } end,
      ["base rate"] = function(z) return { "e=0.3", "b=" .. 0.1 * z, "v=" .. median } end,
      ["value of a success"] = function(z)
        return { "e=0.3", "b=0", "v=" .. math.exp(z * s) * median }
      end,
    }) do
      for side, z in pairs({ low = -Q95, high = Q95 }) do
        local words = { table.unpack(still) }
        for _, setting in ipairs(moved(z)) do
          words[#words + 1] = "--set"
          words[#words + 1] = setting
        end
        local slow = figures(campaign("x", "true", certain), table.unpack(words)).net.mean
        near(slow, out.tornado[name][side], 0.01 * worth, name .. " " .. side)
      end
    end
  end)

  it("is near what a fine grid over two inputs gives where chances to stay end", function()
    local same = { "customer,p,worth,kind" }
    for i = 1, 100 do same[i + 1] = ("C%03d,0.9,200,gold"):format(i) end
    local old = rows
    rows = table.concat(same, "\n") .. "\n"
    local out = figures(campaign("x", "true", 'retention = 0.06, sd = 0.06, base = "p"'),
      "--assume", "base_spread=0.05", "--set", "price=10")
    rows = old
    local function net(e, b)
      local stays = math.min(math.max(0.9 + 0.05 * b, 0), 1)
      return 100 * (200 * math.min(math.max(0.06 + 0.06 * e, -stays), 1 - stays) - 10)
    end
    local function mean(of)
      local sum, all = 0, 0
      for i = -120, 120 do
        local weight = math.exp(-(i / 30) ^ 2 / 2)
        sum, all = sum + weight * of(i / 30), all + weight
      end
      return sum / all
    end
    local function worth_of(known)
      local all, positive = mean(known), mean(function(z) return math.max(0, known(z)) end)
      return positive - math.max(0, all)
    end
    local effect = worth_of(function(e) return mean(function(b) return net(e, b) end) end)
    near(effect, out.tornado["effect of x"].worth_knowing, 0.03 * effect)
    local shift = worth_of(function(b) return mean(function(e) return net(e, b) end) end)
    near(shift, out.tornado["base rate"].worth_knowing, 0.03 * effect)
  end)

  it("is told on the page: shortly, or of all inputs", function()
    figures(campaign("x", "true", "frequency = 0.1, sd = 0.05"))
    local run = cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30" })
    assert.truthy(run.out:find("decides the net: effect of x ", 1, true), run.out)
    assert.truthy(run.out:find("worth testing first: effect of x, up to ", 1, true), run.out)
    run = cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30", "--tornado" })
    assert.truthy(run.out:find("effect of x, which flips the sign ", 1, true), run.out)
    assert.truthy(run.out:find("value of a success ", 1, true), run.out)
    figures(campaign("x", "p > 1", "frequency = 0.1, sd = 0.05"))
    run = cli.run({ "simulate", "base", "p.lua", "--as-of", "2025-06-30", "--tornado" })
    assert.is_nil(run.out:find("decides", 1, true), run.out)
  end)
end)
