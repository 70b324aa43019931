-- The best use of a budget, against an exact solver's figures, a solver's bound and brute force.
local data = require("data")
local core = require("patron_core").budget

local function by_hand()
  -- Alice, Bob, Eve; offers A and B.
  return { { { 3, 30 }, { 6, 10 } }, { { 3, 40 }, { 6, 50 } }, { { 3, 10 }, { 6, 55 } } }
end

-- What an allocation costs and brings, added up again.
local function total(offers, chosen)
  local cost, value = 0, 0
  for i, k in ipairs(chosen) do
    cost = cost + (k > 0 and offers[i][k][1] or 0)
    value = value + (k > 0 and offers[i][k][2] or 0)
  end
  return cost, value
end

-- The best value within each budget 0 .. most, by dynamic programming over all choices.
local function exhaustive(offers, most)
  local best = {}
  for b = 0, most do best[b] = 0 end
  for _, list in ipairs(offers) do
    local next_best = {}
    for b = 0, most do
      next_best[b] = best[b]
      for _, offer in ipairs(list) do
        if offer[1] <= b then
          next_best[b] = math.max(next_best[b], best[b - offer[1]] + offer[2])
        end
      end
    end
    best = next_best
  end
  return best
end

describe("the best use of a budget", function()
  it("goes up the steps of the example, the steepest first", function()
    local o = core.best(by_hand(), 1, 0, 3, 6, 12, 15, 100)
    local got = {}
    for i, one in ipairs(o) do got[i] = { one.cost, one.value, one.bound } end
    assert.same({ { 0, 0, 0 }, { 3, 40, 40 }, { 6, 70, 70 }, { 12, 125, 125 }, { 15, 135, 135 },
      { 15, 135, 135 } }, got)
    assert.same({ 1, 1, 2 }, o[4].offer)
    assert.same({ 0, 1, 0 }, o[2].offer)
  end)

  it("is not left to a steep step where a later one, of more value, fits in its place", function()
    -- 40 and 150 are the steepest; 246 fits when a 150 goes.
    local offers = { { { 40, 400 } }, { { 150, 600 } }, { { 150, 590 } }, { { 246, 800 } } }
    local o = core.best(offers, 1, 440)[1]
    assert.same({ 436, 1800, { 1, 1, 0, 1 } }, { o.cost, o.value, o.offer })
    assert.is_true(o.value <= o.bound)
  end)

  it("is what an exact solver found for 200 customers with 4 offers", function()
    local path = data("campaigns/mckp_200x4_seed42.csv")
    if not path then
      return pending("campaigns/mckp_200x4_seed42.csv is not here")
    end
    local offers = {}
    for line in io.lines(path) do
      local n = {}
      for x in line:gmatch("[^,]+") do n[#n + 1] = math.tointeger(tonumber(x)) end
      if n[1] then
        offers[#offers + 1] = { { n[3], n[4] }, { n[5], n[6] }, { n[7], n[8] }, { n[9], n[10] } }
      end
    end
    local best = core.best(offers, 2, 250, 500, 1000, 2000, 4000, 6000, 1000000)
    local value, bound = {}, {}
    for i, o in ipairs(best) do
      value[i], bound[i] = o.value, o.bound
      assert.same({ o.cost, o.value }, { total(offers, o.offer) })
    end
    assert.same({ 4853, 6886, 9604, 13571, 19095, 23245, 29592 }, value)
    assert.same({ 6888, 9605, 13573, 19097, 23249, 29592 }, { table.unpack(bound, 2) })
    assert.same({ cost = 12255, value = 29592 },
      { cost = best[7].cost, value = best[7].value })
    local corners = core.corners(offers)
    assert.same({ cost = 12255, value = 29592 }, corners[#corners])
  end)

  it("stays below the bound by less than a step, keeps to the budget, and never falls", function()
    math.randomseed(7)
    local random = math.random
    for _ = 1, 60 do
      local offers = {}
      for c = 1, random(1, 12) do
        offers[c] = {}
        for k = 1, random(0, 4) do offers[c][k] = { random(0, 9), random(-3, 20) } end
      end
      local exact, budgets = exhaustive(offers, 60), {}
      for b = 0, 60 do budgets[b + 1] = b end
      local one = core.best(offers, 1, table.unpack(budgets))
      assert.same(one, core.best(offers, 3, table.unpack(budgets)))
      for b = 0, 60 do
        local o = one[b + 1]
        assert.same({ o.cost, o.value }, { total(offers, o.offer) })
        assert.is_true(o.cost <= b)
        assert.is_true(o.value <= exact[b] and exact[b] <= o.bound)
        assert.is_true(o.bound - o.value <= o.price_value)
      end
    end
  end)

  it("refuses sums that are no amount of money, and budgets below 0", function()
    local most = math.tointeger(2 ^ 50)
    local offers = {}
    for c = 1, 5000 do offers[c] = { { most, most } } end
    assert.has_error(function() core.best(offers, 2, 1) end)
    assert.has_error(function() core.best(by_hand(), 1, -1) end)
  end)
end)
