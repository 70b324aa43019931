-- Makes the purchases of an invented online shop over two years, as a CSV: many customers who buy
-- once, a few who buy often, some who have quietly left. One number of customers, one file.
--
--   lua5.4 samples/shop.lua 20000 > shop.csv
--
-- Each customer buys at a rate of their own (gamma), may leave for good after any purchase (with a
-- chance of their own, beta), and spends around a level of their own (lognormal): the mixture that
-- the BG/NBD and gamma-gamma models suppose, and that real shops look like.
local customers = math.tointeger(tonumber(arg[1]))
if not customers or customers < 1 then
  io.stderr:write("usage: lua5.4 samples/shop.lua CUSTOMERS > FILE\n")
  os.exit(2)
end
math.randomseed(20250630)
local random = math.random

local last_day = 20269 -- 2025-06-30, in days since 1970-01-01
local days = 730

-- What a customer takes to, with how often, and the usual price of a piece.
local categories = {
  { "tea", 0.30, 68 }, { "kitchen", 0.22, 129 }, { "books", 0.20, 45 }, { "toys", 0.16, 99 },
  { "garden", 0.12, 159 },
}
local channels = { { "app", 0.45 }, { "web", 0.35 }, { "store", 0.20 } }

local function pick(list)
  local x = random()
  for _, one in ipairs(list) do
    x = x - one[2]
    if x < 0 then
      return one
    end
  end
  return list[#list]
end

local function normal()
  return math.sqrt(-2 * math.log(1 - random())) * math.cos(2 * math.pi * random())
end

-- Marsaglia and Tsang 2000.
local function gamma(shape)
  if shape < 1 then
    return gamma(shape + 1) * (1 - random()) ^ (1 / shape)
  end
  local d = shape - 1 / 3
  local c = 1 / math.sqrt(9 * d)
  while true do
    local x = normal()
    local v = (1 + c * x) ^ 3
    if v > 0 and math.log(1 - random()) < 0.5 * x * x + d - d * v + d * math.log(v) then
      return d * v
    end
  end
end

local function beta(a, b)
  local x, y = gamma(a), gamma(b)
  return x / (x + y)
end

local rows = {}

local function purchase(customer, day, favourite, level)
  local category = random() < 0.6 and favourite or pick(categories)
  local quantity = 1 + math.floor(gamma(0.6) * 1.2)
  local price = category[3] * level * math.exp(0.35 * normal())
  rows[#rows + 1] = { day, customer, category[1], pick(channels)[1], quantity, quantity * price }
end

for customer = 1, customers do
  local day = math.floor(days * random() ^ 0.8)
  local rate = gamma(0.6) / 22 -- purchases a day
  local leaving = beta(0.5, 0.8)
  local favourite = pick(categories)
  local level = math.exp(0.5 * normal())
  repeat
    purchase(customer, day, favourite, level)
    day = day + math.floor(-math.log(1 - random()) / rate)
  until day > days or random() < leaving
end

table.sort(rows, function(a, b)
  return a[1] < b[1] or a[1] == b[1] and a[2] < b[2]
end)

local write = io.write
write("customer_id,date,order_id,category,channel,quantity,amount\n")
for order, row in ipairs(rows) do
  local date = os.date("!%Y-%m-%d", (last_day - days + row[1]) * 86400)
  write(string.format("S%06d,%s,%d,%s,%s,%d,%.2f\n", row[2], date, 100000 + order, row[3], row[4],
    row[5], row[6]))
end
