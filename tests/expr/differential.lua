-- The differential test of the expression language against stock Lua: values, subtypes, missing
-- names and faults of the row evaluator, the block evaluator and whole columns, row by row.
local generator = require("expr.generator")
local reference = require("expr.reference")

local M = {}

-- ---- comparing ------------------------------------------------------------------------------

-- Equal in value and subtype; NaNs are alike, whatever their sign, also as text.
local function same(a, b)
  if math.type(a) ~= math.type(b) or type(a) ~= type(b) then
    return false
  end
  if type(a) == "string" then
    return a:gsub("%-nan", "nan") == b:gsub("%-nan", "nan")
  end
  if a == b then
    return a ~= 0 or math.type(a) == "integer" or 1 / a == 1 / b
  end
  return a ~= a and b ~= b
end

local function show(v, stop)
  if stop then
    return "stops: " .. stop
  end
  return math.type(v) == "float" and ("%.17g (float)"):format(v) or ("%q"):format(v)
end

local FAULTS = {
  ["attempt to divide by zero"] = true,
  ["attempt to perform 'n%0'"] = true,
  ["number has no integer representation"] = true,
  ["date outside of the calendar (years 1 to 9999)"] = true,
}

local function minor_units(x)
  local scaled = x * 100.0
  local below = math.floor(scaled)
  if scaled ~= scaled or math.abs(scaled) > 2 ^ 51 then
    return nil
  end
  local rest = scaled - below
  local up = rest > 0.5 or (rest == 0.5 and below % 2 == 1)
  local rounded = math.tointeger(up and below + 1 or below)
  if math.abs(rounded) <= 2 ^ 50 then
    return rounded
  end
end

-- What a column holds of a value: nothing that is not finite or beyond its type.
local function column_value(v, type_name)
  if v == nil or type(v) ~= "number" then
    return v
  elseif type_name == "money" then
    return minor_units(v)
  elseif type_name == "date" then
    return v >= -719162 and v <= 2932896 and v or nil
  elseif type_name == "number" then
    v = v * 1.0
    return v - v == 0 and v or nil
  end
  return v
end

local Report = {}
Report.__index = Report

function Report:differ(where, text, row, wanted, got)
  self.differences = self.differences + 1
  if #self.examples < 10 then
    table.insert(self.examples,
      ("%s: %s, row %d: Lua %s, Patron %s"):format(where, text, row, wanted, got))
  end
end

local function check_rows(report, e, text, rows, values, stops)
  local got, got_stops = e:rows()
  for i = 1, rows do
    if stops[i] ~= got_stops[i] or (not stops[i] and not same(values[i], got[i])) then
      report:differ("row", text, i, show(values[i], stops[i]), show(got[i], got_stops[i]))
    end
  end
end

local function check_blocks(report, e, text, rows, values, stops, size)
  local got, got_stops = e:blocks(size)
  for i = 1, rows do
    local stop = stops[i] and (FAULTS[stops[i]] and "fault" or "missing")
    local wanted = values[i]
    if math.type(wanted) == "integer" then
      wanted = wanted * 1.0
    end
    if stop ~= got_stops[i] or (not stop and not same(wanted, got[i])) then
      report:differ("block", text, i, show(wanted, stop), show(got[i], got_stops[i]))
    end
  end
end

local function check_column(report, e, text, rows, values, stops)
  local got, type_name, _, faults, first = e:column()
  local wanted_faults, wanted_first = 0, 0
  for i = 1, rows do
    local wanted = column_value(values[i], type_name)
    if FAULTS[stops[i]] then
      wanted_faults = wanted_faults + 1
      wanted_first = wanted_first == 0 and i or wanted_first
    end
    if (wanted == nil) ~= (got[i] == nil) or (wanted ~= nil and not same(wanted, got[i])) then
      report:differ("column", text, i, show(wanted, stops[i]), show(got[i]))
    end
  end
  if faults ~= wanted_faults or first ~= wanted_first then
    report:differ("column", text, wanted_first, "faults " .. wanted_faults, "faults " .. faults)
  end
end

-- One expression over a world: `lua` is its text for Lua, where has() and default() have functions.
local function check(report, world, text, lua)
  local e, why, offset = world.core:parse(text)
  if not e then
    report:differ("refused", text, 0, lua, ("%s (at %d)"):format(why, offset))
    return
  end
  local values, stops = reference.rows(lua, world.columns, world.constants, world.rows)
  local is_string = e:about() == "label"
  report.expressions = report.expressions + 1
  report.rows = report.rows + world.rows
  for i = 1, world.rows do
    report.values = report.values + (stops[i] and 0 or 1)
  end
  check_rows(report, e, text, world.rows, values, stops)
  check_column(report, e, text, world.rows, values, stops)
  if not is_string and e:about() ~= "date" then
    local size = report.expressions % 2 == 0 and 37 or 64
    check_blocks(report, e, text, world.rows, values, stops, size)
  end
end

-- ---- worlds -----------------------------------------------------------------------------------

-- names: {{name=, type=, values= (money in minor units), constant=, ...}...}
local function make_world(expr, rows, names)
  local world = { rows = rows, columns = {}, constants = {}, names = names }
  for _, n in ipairs(names) do
    if n.constant ~= nil then
      world.constants[n.name] = n.constant
    elseif n.type == "money" then
      local major = {}
      for i = 1, rows do
        major[i] = n.values[i] and n.values[i] / 100.0
      end
      world.columns[n.name] = major
    else
      world.columns[n.name] = n.values
    end
  end
  world.core = expr.world(rows, names)
  return world
end

-- ---- every operator over every pair of types and special values -------------------------------

local INF = math.huge
local MISSING = {}

local SPECIAL = {
  integer = { 0, 1, -1, 2, 7, -7, math.mininteger, math.maxinteger, 2 ^ 53 | 0, (2 ^ 53 | 0) - 1,
    (2 ^ 53 | 0) + 1, -(2 ^ 53 | 0) - 1, MISSING },
  number = { 0.0, -0.0, INF - INF, INF, -INF, 2.0, 1.5, -7.25, 2.0 ^ 53, 2.0 ^ 53 - 1, -2.0 ^ 53,
    2.0 ^ 63, -2.0 ^ 63, 5e-324, 1.7e308, MISSING },
  money = { 0, 1, -1, 12345, -99, 2 ^ 50 | 0, -(2 ^ 50 | 0), 2000000, MISSING },
  date = { -719162, 2932896, 0, -1, 19000, 19782, 10000, 1, MISSING },
  flag = { true, false, true, MISSING, false, true, false, MISSING },
  label = { "", "a", "b", "ab", "a\0b", "a\0c", "\u{e9}", "B", MISSING },
  text = { "", "a", "b", "ab", "a\0b", "a\0", "\u{e9}", "B", "10", MISSING },
}

local LITERAL = {
  integer = { "0", "3", "-2", "9007199254740993", "(-9223372036854775807 - 1)" },
  number = { "0.0", "2.0", "-0.5", "9007199254740992.0", "1e308" },
  text = { "''", "'a'", "'a\\0b'" },
}

-- The cross product of two lists of special values, as two columns.
local function cross(a, b)
  local x, y, n = {}, {}, 0
  for _, u in ipairs(a) do
    for _, v in ipairs(b) do
      n = n + 1
      if u ~= MISSING then x[n] = u end
      if v ~= MISSING then y[n] = v end
    end
  end
  return x, y, n
end

local NUMERIC = { integer = true, number = true, money = true }
local STRING = { label = true, text = true }

-- Whether the language gives the operator a meaning for the types (Lua often gives it more).
local function has_meaning(op, x, y)
  local dates = (x == "date" and 1 or 0) + (y == "date" and 1 or 0)
  if op == "and" or op == "or" then
    return x == "flag" and y == "flag"
  elseif op == ".." then
    return (NUMERIC[x] or STRING[x]) and (NUMERIC[y] or STRING[y])
  elseif op == "==" or op == "~=" then
    return x == y or (NUMERIC[x] and NUMERIC[y]) or (STRING[x] and STRING[y])
  elseif op:match("[<>]") then
    return (NUMERIC[x] and NUMERIC[y]) or dates == 2 or (x == "text" and y == "text")
  elseif dates > 0 then
    return (op == "-" and dates == 2) or (op == "-" and x == "date" and y == "integer")
      or (op == "+" and dates == 1 and (x == "integer" or y == "integer"))
  end
  return NUMERIC[x] and NUMERIC[y]
end

local function check_operators(report, expr, operators)
  for x, xs in pairs(SPECIAL) do
    for y, ys in pairs(SPECIAL) do
      local vx, vy, n = cross(xs, ys)
      assert(n >= 64)
      local world = make_world(expr, n, {
        { name = "x", type = x, values = vx }, { name = "y", type = y, values = vy },
      })
      for _, op in ipairs(operators) do
        local text = "x " .. op .. " y"
        if has_meaning(op, x, y) then
          check(report, world, text, text)
        elseif world.core:parse(text) then
          report:differ("accepted", x .. " " .. op .. " " .. y, 0, "-", "-")
        end
      end
      for _, literal in ipairs(LITERAL[y] or {}) do
        for _, op in ipairs(operators) do
          if has_meaning(op, x, y) then
            local text = "x " .. op .. " "
            check(report, world, text .. literal, text .. "opaque(" .. literal .. ")")
          end
          if has_meaning(op, y, x) then
            check(report, world, literal .. " " .. op .. " x", literal .. " " .. op .. " x")
          end
        end
      end
    end
  end
end

local function check_unary(report, expr)
  for x, xs in pairs(SPECIAL) do
    local vx, _, n = cross(xs, { 1, 2, 3, 4, 5, 6, 7, 8 })
    local world = make_world(expr, n, { { name = "x", type = x, values = vx } })
    assert(n >= 64)
    local number = NUMERIC[x]
    for text, meaning in pairs({ ["-x"] = number, ["- - x"] = number, ["not x"] = x == "flag" }) do
      if meaning then
        check(report, world, text, text)
      elseif world.core:parse(text) then
        report:differ("accepted", text .. " of " .. x, 0, "-", "-")
      end
    end
  end
end

local OPERATORS = { "and", "or", ".." }
for _, list in ipairs({ generator.arithmetic, generator.comparison }) do
  table.move(list, 1, #list, #OPERATORS + 1, OPERATORS)
end

-- ---- generated expressions ------------------------------------------------------------------

local ROOTS = { "bool", "bool", "bool", "int", "float", "num", "money", "date", "str" }

local function check_generated(report, expr, count, seed)
  local random = generator.random(seed)
  local gen = generator.generator(random)
  local world
  for i = 1, count do
    if i % 1000 == 1 then
      world = make_world(expr, generator.rows, generator.names(random))
    end
    local text, lua = gen[ROOTS[random(#ROOTS)]](random(4))
    check(report, world, text, lua)
  end
end

-- ---- the whole test -----------------------------------------------------------------------------

local function new_report()
  local report = { expressions = 0, rows = 0, values = 0, differences = 0, examples = {} }
  return setmetatable(report, Report)
end

-- Each returns {expressions=, rows=, values=, differences=, examples=}.
function M.operators(expr)
  local report = new_report()
  check_operators(report, expr, OPERATORS)
  check_unary(report, expr)
  return report
end

function M.generated(expr, count, seed)
  local report = new_report()
  check_generated(report, expr, count, seed)
  return report
end

return M
