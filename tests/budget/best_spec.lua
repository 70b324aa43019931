-- The best use of a budget under further limits: against an exact solver (GLPK, which the tests
-- install) on hundreds of random instances, and by what must hold whatever the figures are.
local core = require("patron_core").budget
local random = math.random

-- A customer's choices: { cost, value, { supplies that it draws on }, control }. A supply: { size,
-- money }. As in a policy: campaigns with budgets, caps and caps by class, two channels with
-- capacities.
local function instance(customers)
  local campaigns = random(1, 4)
  local supplies = { { random(5, 5 * customers), true } }
  local function perhaps(share, size, money)
    if random() < share then
      supplies[#supplies + 1] = { size, money }
      return #supplies
    end
  end
  local channel, budget, total, class = {}, {}, {}, {}
  for way = 1, 2 do channel[way] = perhaps(0.6, random(1, customers), false) end
  for k = 1, campaigns do
    budget[k] = perhaps(0.5, random(3, 4 * customers), true)
    total[k] = perhaps(0.5, random(1, customers), false)
    class[k] = {}
    for g = 1, 2 do class[k][g] = perhaps(0.3, random(0, customers // 2), false) end
  end
  local base = {}
  for i = 1, customers do
    local list, g = {}, random(1, 2)
    for k = 1, campaigns do
      local cost, value = random(0, 9), random(-2, 30)
      for way = 1, 2 do
        local draws = { 1 }
        draws[#draws + 1] = budget[k]
        draws[#draws + 1] = total[k]
        draws[#draws + 1] = class[k][g]
        draws[#draws + 1] = channel[way]
        if random() < 0.6 then list[#list + 1] = { cost + random(0, 2), value, draws } end
      end
    end
    base[i] = list
  end
  return base, supplies
end

-- Adds an allocation up again: its cost and value, and whether it keeps to all supplies.
local function total(base, supplies, chosen)
  local cost, value, used, fits = 0, 0, {}, true
  for i, k in ipairs(chosen) do
    local x = base[i][k]
    if x and not x[4] then
      cost, value = cost + x[1], value + x[2]
      for _, s in ipairs(x[3]) do
        used[s] = (used[s] or 0) + (supplies[s][2] and x[1] or 1)
      end
    end
  end
  for s, n in pairs(used) do fits = fits and n <= supplies[s][1] end
  return cost, value, fits
end

local function has_solver()
  return (os.execute("command -v glpsol >/dev/null 2>&1"))
end

-- The instance as a problem for glpsol, in the format of CPLEX.
local function problem(base, supplies)
  local goal, rows, names, used = {}, {}, {}, {}
  for i, list in ipairs(base) do
    local own = {}
    for k, x in ipairs(list) do
      local name = ("x%d_%d"):format(i, k)
      own[k], names[#names + 1] = name, name
      goal[#goal + 1] = ("%+d %s"):format(x[2], name)
      for _, s in ipairs(x[3]) do
        used[s] = used[s] or {}
        table.insert(used[s], ("%+d %s"):format(supplies[s][2] and x[1] or 1, name))
      end
    end
    if #own > 0 then rows[#rows + 1] = table.concat(own, " + ") .. " <= 1" end
  end
  for s, terms in pairs(used) do
    rows[#rows + 1] = table.concat(terms, "\n ") .. " <= " .. supplies[s][1]
  end
  return "Maximize\n 0 none\n " .. table.concat(goal, "\n ") .. "\nSubject To\n none = 0\n " ..
    table.concat(rows, "\n ") .. "\nBinary\n " .. table.concat(names, "\n ") .. "\nEnd\n"
end

local function optimum(base, supplies)
  local lp, solution = os.tmpname(), os.tmpname()
  local file = assert(io.open(lp, "w"))
  file:write(problem(base, supplies))
  file:close()
  assert(os.execute(("glpsol --lp %s -w %s >/dev/null"):format(lp, solution)))
  local value
  for line in io.lines(solution) do value = value or line:match("^s mip %d+ %d+ o (%S+)") end
  os.remove(lp)
  os.remove(solution)
  return math.floor(assert(tonumber(value)) + 0.5)
end

describe("the best use of a budget under further limits", function()
  it("keeps to every limit, and the exact optimum lies between it and its bound", function()
    if not has_solver() then
      return pending("glpsol (Debian: glpk-utils) is not here")
    end
    math.randomseed(11)
    local proven = 0
    for n = 1, 200 do
      local base, supplies = instance(({ 5, 8, 8, 20, 30 })[n % 5 + 1])
      local got, best = core.use(base, supplies, 1), optimum(base, supplies)
      local cost, value, fits = total(base, supplies, got.choice)
      assert.is_true(fits)
      assert.same({ got.cost, got.value }, { cost, value })
      assert.is_true(got.value <= best and best <= got.bound)
      assert.is_true(got.value >= 0.99 * best, n)
      assert.is_true(#base > 20 or got.value == got.bound, n)
      proven = proven + (got.value == got.bound and 1 or 0)
    end
    assert.is_true(proven > 195, proven)
  end)

  it("comes close to its bound where customers are many, also with two full channels", function()
    math.randomseed(3)
    for n = 1, 8 do
      local base, supplies = instance(2500)
      for i = 1, n % 2 == 0 and #base or 0, 10 do
        for _, x in ipairs(base[i]) do x[4] = true end -- held out, whatever it is
      end
      local got = core.use(base, supplies, 2)
      local cost, value, fits = total(base, supplies, got.choice)
      assert.is_true(fits)
      assert.same({ got.cost, got.value }, { cost, value })
      assert.is_true(got.bound - got.value <= 0.001 * got.bound)
    end
  end)

  it("uses up what there is where all are alike, and prices tell nobody from another", function()
    local base = {}
    for i = 1, 9000 do base[i] = { { 5, 50, { 1, 2 } }, { 7, 60, { 1, 3 } } } end
    local got = core.use(base, { { 40000, true }, { 4400, false }, { 2500, false } }, 2)
    assert.same({ 7 * 2500 + 5 * 4400, 60 * 2500 + 50 * 4400 }, { got.cost, got.value })
    assert.is_true(got.bound - got.value <= 1) -- prices are rounded up
  end)

  it("is the same for any number of threads", function()
    math.randomseed(5)
    for _ = 1, 2 do
      local base, supplies = instance(9000)
      assert.same((core.use(base, supplies, 1)), (core.use(base, supplies, 3)))
    end
  end)

  it("is at least what value for cost, in this order, would bring", function()
    math.randomseed(6)
    local base, order, budget = {}, {}, 3000
    for i = 1, 500 do
      base[i] = { { random(1, 40), random(1, 1000000), { 1 } } }
      order[i] = i
    end
    table.sort(order, function(x, y)
      return base[x][1][2] * base[y][1][1] > base[y][1][2] * base[x][1][1]
    end)
    local got, left, value = core.use(base, { { budget, true } }, 1), budget, 0
    for _, i in ipairs(order) do -- and then what still fits
      if base[i][1][1] <= left then
        left, value = left - base[i][1][1], value + base[i][1][2]
      end
    end
    assert.is_true(got.value >= value and got.value <= got.bound)
    assert.is_true(got.bound - got.value < 1000, got.bound - got.value) -- of 149 million
    assert.is_false(got.sided)
  end)

  it("counts a customer twice who is there twice, and costs in any unit", function()
    math.randomseed(8)
    local base, supplies = instance(40)
    local twice, scaled = {}, {}
    supplies = { supplies[1] }
    for i, list in ipairs(base) do
      scaled[i] = {}
      for k, x in ipairs(list) do
        x[3] = { 1 }
        scaled[i][k] = { 1000 * x[1], x[2], { 1 } }
      end
      twice[2 * i - 1], twice[2 * i] = list, list
    end
    local one = core.use(base, supplies, 1)
    local two = core.use(twice, { { 2 * supplies[1][1], true } }, 1)
    assert.is_true(two.value >= 2 * one.value and two.value <= 2 * one.bound + 1)
    local large = core.use(scaled, { { 1000 * supplies[1][1], true } }, 1)
    assert.same({ 1000 * one.cost, one.value, one.choice }, { large.cost, large.value,
      large.choice })
  end)

  it("lets who is held out take their place at the price, and their money go on", function()
    local function base(control)
      return { { { 10, 100, { 1 }, control } }, { { 10, 90, { 1 } } }, { { 10, 80, { 1 } } } }
    end
    local got = core.use(base(false), { { 20, true } }, 1)
    assert.same({ 20, 190, { 1, 1, 0 } }, { got.cost, got.value, got.choice })
    got = core.use(base(true), { { 20, true } }, 1)
    assert.same({ 20, 170, { 1, 1, 1 } }, { got.cost, got.value, got.choice })
    -- Likewise where a cap is what is scarce.
    local function capped(control)
      local list = base(control)
      for i = 1, 3 do list[i][1][3] = { 1, 2 } end
      return list
    end
    got = core.use(capped(true), { { 1000, true }, { 1, false } }, 1)
    assert.is_true(got.sided)
    assert.same({ 10, 90, { 1, 1, 0 } }, { got.cost, got.value, got.choice })
  end)

  it("takes no table of all changes and supplies where that would be gigabytes", function()
    local base, supplies = {}, { { 1000, true } }
    for k = 1, 500 do supplies[1 + k] = { 2000, false } end
    for i = 1, 1500 do
      base[i] = {}
      for k = 1, 100 do
        base[i][k] = { 600 + (7 * k + i) % 31, 100000 + (13 * k + i) % 37, { 1, 1 + 5 * k } }
      end
    end
    local function most()
      return tonumber(io.open("/proc/self/status"):read("a"):match("VmHWM:%s+(%d+)")) // 1024
    end
    local before = most()
    core.use(base, supplies, 1)
    assert.is_true(most() - before < 400, most() - before .. " MB more")
  end)

  it("ends soon where a thousand limits are scarce", function()
    math.randomseed(4)
    local base, supplies = {}, { { 10000, true } }
    for k = 1, 500 do
      supplies[2 * k] = { random(20, 40), true }
      supplies[2 * k + 1] = { random(4, 7), false }
    end
    for i = 1, 2000 do
      base[i] = {}
      for k = 1 + i % 5, 500, 5 do
        base[i][#base[i] + 1] = { random(2, 17), random(5, 100), { 1, 2 * k, 2 * k + 1 } }
      end
    end
    local got, asked = core.use(base, supplies, 1)
    local cost, value, fits = total(base, supplies, got.choice)
    assert.is_true(fits)
    assert.same({ got.cost, got.value }, { cost, value })
    assert.is_true(got.value > 0.6 * got.bound and got.value <= got.bound,
      got.value .. " of " .. got.bound)
    assert.is_true(asked < 2000, asked) -- one price after the other: 16,000 times
  end)

  it("asks while it searches whether to go on", function()
    math.randomseed(7)
    local base, supplies = instance(1000)
    local _, asked = core.use(base, supplies, 1)
    assert.is_true(asked > 1000, asked) -- of a million sets; all else asks less than 500 times
    assert.has_error(function() core.use(base, supplies, 1, asked) end)
  end)
end)
