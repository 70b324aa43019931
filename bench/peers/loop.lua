-- Stock Lua's side: rules/functions.lua as a plain loop over arrays that are in memory, without a
-- sandbox, limits or missing values: what the language itself costs. Prints the best of five.
--
--   lua5.4 loop.lua FILE
local rules = {
  function(clv, recency_days, orders)
    return clv >= 20000 and recency_days < 60 or orders >= 40
  end,
  function(clv, recency_days, orders)
    return clv >= 10000 and recency_days < 90 or orders >= 30
  end,
  function(clv, recency_days, orders)
    return clv >= 5000 and recency_days < 120 or orders >= 20
  end,
  function(clv, recency_days, orders)
    return clv >= 2000 and recency_days < 180 or orders >= 10
  end,
  function(clv, recency_days)
    return clv >= 500 and recency_days < 365
  end,
}

local clv, recency_days, orders = {}, {}, {}
local header = true
for line in io.lines(arg[1]) do
  if not header then
    local a, b, c = line:match("^[^,]*,([^,]*),([^,]*),([^,]*)")
    clv[#clv + 1], recency_days[#clv + 1] = a + 0.0, math.tointeger(b)
    orders[#clv] = math.tointeger(c)
  end
  header = false
end

local best, sum = math.huge
for _ = 1, 5 do
  local tier = {}
  local start = os.clock()
  for i = 1, #clv do
    local place = 0
    for r = 1, #rules do
      if rules[r](clv[i], recency_days[i], orders[i]) then
        place = r
        break
      end
    end
    tier[i] = place
  end
  sum = 0
  for i = 1, #tier do
    sum = sum + tier[i]
  end
  best = math.min(best, os.clock() - start)
end
print(string.format("%.6f %d %d", best, #clv, sum))
