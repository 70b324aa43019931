-- What an expression means, according to stock Lua: its text is loaded as it stands, with an
-- environment that raises when a missing value is read. The functions are written here once more,
-- from their documentation, without a look at the C.
local M = {}

local function fault(text)
  error({ fault = text }, 0)
end

local function whole(x)
  return math.tointeger(x) or fault("number has no integer representation")
end

-- Halves away from zero, as a number of the same subtype; keeps the sign of zero.
local function half_away(x)
  local size = math.abs(x)
  local below = size - size % 1
  local rounded = size % 1 >= 0.5 and below + 1 or below
  return (x < 0 or 1 / x < 0) and -rounded or rounded
end

local MONTH_DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function leap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

local function month_days(year, month)
  return MONTH_DAYS[month] + (month == 2 and leap(year) and 1 or 0)
end

-- Days from 1970-01-01: whole years before, months before, days.
local function day_number(year, month, day)
  local past = year - 1
  local days = past * 365 + past // 4 - past // 100 + past // 400
  for m = 1, month - 1 do
    days = days + month_days(year, m)
  end
  return days + day - 1 - 719162
end

local FIRST, LAST = day_number(1, 1, 1), day_number(9999, 12, 31)
local OUTSIDE = "date outside of the calendar (years 1 to 9999)"

local function civil(date)
  if date < FIRST or date > LAST then
    fault(OUTSIDE)
  end
  local t = os.date("!*t", date * 86400)
  return t.year, t.month, t.day
end

local function add_months(date, n)
  local year, month, day = civil(date)
  if n < -200000 or n > 200000 then
    fault(OUTSIDE)
  end
  local months = year * 12 + month - 1 + n
  year, month = months // 12, months % 12 + 1
  if year < 1 or year > 9999 then
    fault(OUTSIDE)
  end
  return day_number(year, month, math.min(day, month_days(year, month)))
end

local Months = {}

function Months.__add(a, b)
  if getmetatable(a) == Months then
    return add_months(b, a.n)
  end
  return add_months(a, b.n)
end

function Months.__sub(date, months)
  return add_months(date, -months.n)
end

local TIERS = { diamond = 1, gold = 2, classic = 3 }

M.functions = {
  -- Hides a literal from Lua's constant folding, which turns x - 0 into x + 0.
  opaque = function(x) return x end,
  float = function(x) return x * 1.0 end,
  -- NaN without its sign, which is beyond what is promised.
  unsigned = function(x) return x ~= x and -(0 / 0) or x end,
  has = function(x)
    local ok, why = pcall(x)
    if not ok and not why.missing then
      error(why, 0)
    end
    return ok
  end,
  default = function(x, otherwise)
    local ok, v = pcall(x)
    if ok then
      return v
    end
    if not v.missing then
      error(v, 0)
    end
    return otherwise()
  end,
  one_of = function(x, ...)
    for _, y in ipairs({ ... }) do
      if x == y then
        return true
      end
    end
    return false
  end,
  at_least = function(tier, least) return TIERS[tier] <= TIERS[least] end,
  min = math.min,
  max = math.max,
  clamp = function(x, low, high) return math.min(math.max(x, low), high) end,
  abs = math.abs,
  floor = function(x) return whole(math.floor(x)) end,
  ceil = function(x) return whole(math.ceil(x)) end,
  round = function(x, digits)
    if not digits then
      return math.type(x) == "integer" and x or whole(half_away(x))
    end
    local scaled = x * 10.0 ^ digits
    if scaled - scaled ~= 0 then
      return x * 1.0
    end
    return half_away(scaled) / 10.0 ^ digits
  end,
  sqrt = math.sqrt,
  exp = math.exp,
  log = function(x) return math.log(x) end,
  starts_with = function(s, part) return s:sub(1, #part) == part end,
  ends_with = function(s, part) return part == "" or s:sub(-#part) == part end,
  contains = function(s, part) return s:find(part, 1, true) ~= nil end,
  date = function(text)
    local y, m, d = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
    return day_number(tonumber(y), tonumber(m), tonumber(d))
  end,
  days = function(n) return n end,
  months = function(n) return setmetatable({ n = n }, Months) end,
  months_between = function(a, b)
    local y1, m1 = civil(a)
    local y2, m2 = civil(b)
    local n = (y2 - y1) * 12 + m2 - m1
    return add_months(a, n) <= b and n or n - 1
  end,
  year = function(d) return (civil(d)) end,
  month = function(d) return (select(2, civil(d))) end,
  day = function(d) return (select(3, civil(d))) end,
  weekday = function(d)
    civil(d)
    return (d + 3) % 7 + 1
  end,
}

-- Evaluates text over columns {name = {values, n = rows}} and constants {name = value}. Returns
-- values and stops, one of them set for each row: a stop is the missing name or the fault's text.
function M.rows(text, columns, constants, rows)
  local row, missing = 0, {}
  local function read(name)
    local column = columns[name]
    if not column then
      error("no column " .. name)
    end
    local v = column[row]
    if v == nil then
      missing[name] = missing[name] or { missing = name }
      error(missing[name], 0)
    end
    return v
  end
  local env = setmetatable({}, { __index = function(_, name) return read(name) end })
  for name, f in pairs(M.functions) do
    env[name] = f
  end
  for name, v in pairs(constants) do
    env[name] = v
  end
  env.c = setmetatable({}, { __index = function(_, name) return read("c." .. name) end })
  local chunk = assert(load("return " .. text, "=expression", "t", env))
  local values, stops = {}, {}
  for i = 1, rows do
    row = i
    local ok, v = pcall(chunk)
    if ok then
      values[i] = v
    elseif type(v) == "table" then
      stops[i] = v.missing or v.fault
    else
      stops[i] = v:match("attempt to .*") or v
    end
  end
  return values, stops
end

return M
