-- The differential test of the expression language against stock Lua: values, subtypes, missing
-- names and faults of the row evaluator, the block evaluator and whole columns, row by row.
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
    check_blocks(report, e, text, world.rows, values, stops, report.expressions % 2 == 0 and 37 or 64)
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

local ARITHMETIC = { "+", "-", "*", "/", "//", "%", "^" }
local COMPARISON = { "==", "~=", "<", "<=", ">", ">=" }

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
            check(report, world, "x " .. op .. " " .. literal, "x " .. op .. " opaque(" .. literal .. ")")
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
    for text, meaning in pairs({ ["-x"] = NUMERIC[x], ["not x"] = x == "flag", ["- - x"] = NUMERIC[x] }) do
      if meaning then
        check(report, world, text, text)
      elseif world.core:parse(text) then
        report:differ("accepted", text .. " of " .. x, 0, "-", "-")
      end
    end
  end
end

local OPERATORS = { "and", "or", ".." }
table.move(ARITHMETIC, 1, #ARITHMETIC, #OPERATORS + 1, OPERATORS)
table.move(COMPARISON, 1, #COMPARISON, #OPERATORS + 1, OPERATORS)

-- ---- generated expressions ----------------------------------------------------------------------

-- A stream of its own, so that a seed says everything (xorshift, from the seed).
local function random_from(seed)
  local state = seed * 2654435769 + 88172645463325252
  return function(n)
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return (state >> 11) % n + 1
  end
end

local ROWS = 64

local POOL = {
  integer = { 0, 1, -1, 2, 3, 10, 30, 45, 60, 90, 365, -7, 100000, 2 ^ 53 | 0, (2 ^ 53 | 0) + 1,
    math.maxinteger, math.mininteger },
  number = { 0.0, -0.0, 0.5, 0.35, 1.0, -1.25, 3.0, 1e-3, 100.0, 20000.5, 2.0 ^ 53, 1e300, -2.0 ^ 63 },
  money = { 0, 1, -250, 12345, 2000000, 999999, 100, -100 },
  date = { 0, 19000, 19782, 10957, -1, 20000, 19783, 11015 },
  flag = { true, false },
  label = { "low", "high", "mid" },
  tier = { "diamond", "gold", "classic" },
  text = { "", "a", "ab", "b", "VIP-1", "a\0b", "\u{e9}" },
}

local function random_world(expr, random)
  local names = {}
  local function add(name, type_name, missing, more)
    local pool, values = POOL[more and more.pool or type_name], {}
    for i = 1, ROWS do
      if random(100) > missing then values[i] = pool[random(#pool)] end
    end
    local n = { name = name, type = type_name, values = values }
    for k, v in pairs(more or {}) do n[k] = v end
    table.insert(names, n)
  end
  add("i1", "integer", 0)
  add("i2", "integer", 6)
  add("n1", "number", 0)
  add("n2", "number", 6)
  add("m1", "money", 0)
  add("m2", "money", 6)
  add("d1", "date", 0)
  add("d2", "date", 6)
  add("f1", "flag", 0)
  add("f2", "flag", 6)
  add("seg", "label", 0, { labels = { "low", "high", "mid" } })
  add("seg2", "label", 6)
  names[#names].values[1] = "high"
  add("tier", "label", 6, { pool = "tier", labels = { "diamond", "gold", "classic" }, ordered = true })
  add("t1", "text", 0)
  add("c.any header", "text", 6)
  local function constant(name, type_name, value)
    table.insert(names, { name = name, type = type_name, constant = value })
  end
  constant("pi_", "integer", 30)
  constant("pn", "number", 0.35)
  constant("pf", "flag", true)
  constant("pl", "label", "high")
  constant("today", "date", 19800)
  return make_world(expr, ROWS, names)
end

-- gen.TYPE(depth) -> text, text for Lua, whether it reads a column. int, float, num (either, by row),
-- money, date, bool and str are types of the language's checker.
local function generator(random)
  local gen = {}
  local function pick(list)
    return list[random(#list)]
  end

  local function binary(a, op, b, depth)
    local x, lx, cx = gen[a](depth - 1)
    local y, ly, cy = gen[b](depth - 1)
    if op == "-" and not cy then
      ly = "opaque(" .. ly .. ")"
    end
    return "(" .. x .. " " .. op .. " " .. y .. ")", "(" .. lx .. " " .. op .. " " .. ly .. ")", cx or cy
  end

  local function call(name, depth, ...)
    local xs, ls, reads = {}, {}, false
    for i, t in ipairs({ ... }) do
      local x, l, c = gen[t](depth - 1)
      xs[i], ls[i], reads = x, l, reads or c
    end
    return name .. "(" .. table.concat(xs, ", ") .. ")", name .. "(" .. table.concat(ls, ", ") .. ")", reads
  end

  -- float if any argument is one: Lua's own min and max keep the subtype of what they return.
  local function widened(name, depth, ...)
    local x, l, c = call(name, depth, ...)
    return x, "float(" .. l .. ")", c
  end

  local function choice(t, depth)
    local c, lc, rc = gen.bool(depth - 1)
    local x, lx, rx = gen[t == "str" and "open" or t](depth - 1)
    local y, ly, ry = gen[t](depth - 1)
    local format = "((%s) and %s or %s)"
    if random(5) == 1 then
      local d, ld, rd = gen.bool(depth - 2)
      local z, lz, rz = gen[t](depth - 2)
      format = "(%s and %s or %s and %s or %s)"
      return format:format(c, x, d, z, y), format:format(lc, lx, ld, lz, ly), rc or rx or ry or rd or rz
    end
    return format:format(c, x, y), format:format(lc, lx, ly), rc or rx or ry
  end

  local function default(t, depth)
    local x, lx, cx = gen[t](depth - 1)
    if not cx then
      return x, lx, cx
    end
    local y, ly = gen[t](depth - 1)
    return ("default(%s, %s)"):format(x, y),
      ("default(function() return %s end, function() return %s end)"):format(lx, ly), true
  end

  local function leaf(...)
    local names, constants = ...
    if constants and random(4) == 1 then
      local x = pick(constants)
      return x, x, false
    end
    local x = pick(names)
    return x, x, true
  end

  local function maker(leaves, constants, rules)
    return function(depth)
      if depth <= 0 or random(6) == 1 then
        return leaf(leaves, constants)
      end
      return pick(rules)(depth)
    end
  end

  gen.int = maker({ "i1", "i2" }, { "0", "1", "2", "7", "30", "9007199254740993", "pi_" }, {
    function(d) return binary("int", pick({ "+", "-", "*" }), "int", d) end,
    function(d) return binary("int", pick({ "//", "%" }), "int", d) end,
    function(d) return binary("date", "-", "date", d) end,
    function(d)
      local x, l, c = gen.int(d - 1)
      return "(- " .. x .. ")", "(- " .. l .. ")", c
    end,
    function(d) return call("abs", d, "int") end,
    function(d) return call(pick({ "min", "max" }), d, "int", "int") end,
    function(d) return call("clamp", d, "int", "int", "int") end,
    function(d) return call(pick({ "floor", "ceil", "round" }), d, "small") end,
    function(d) return call(pick({ "year", "month", "day", "weekday" }), d, "date") end,
    function(d) return call("months_between", d, "date", "date") end,
    function(d) return choice("int", d) end,
    function(d) return default("int", d) end,
  })
  gen.small = maker({ "n1" }, { "0.5", "2.5", "pn" }, {
    function(d) return call("clamp", d, "float", "low", "high") end,
  })
  gen.low = function() return "-1000.5", "-1000.5", false end
  gen.high = function() return "1e6", "1e6", false end
  gen.float = maker({ "n1", "n2" }, { "0.5", "2.0", "1e300", "0.1", ".25", "3e-5", "pn" }, {
    function(d) return binary(pick({ "float", "int", "num" }), pick(ARITHMETIC), "float", d) end,
    function(d) return binary("float", pick(ARITHMETIC), pick({ "float", "int", "num" }), d) end,
    function(d) return binary("int", pick({ "/", "^" }), "int", d) end,
    function(d)
      local x, l, c = gen.float(d - 1)
      return "(-" .. x .. ")", "(-" .. l .. ")", c
    end,
    function(d)
      local x, l, c = gen.float(d - 1)
      return "(" .. x .. " ^ 2)", "(" .. l .. " ^ 2)", c
    end,
    function(d) return call(pick({ "abs", "sqrt" }), d, "float") end,
    function(d) return call(pick({ "exp", "log", "sqrt" }), d, pick({ "float", "int", "num" })) end,
    function(d) return widened(pick({ "min", "max" }), d, pick({ "float", "int", "num" }), "float") end,
    function(d) return widened("clamp", d, "float", "int", pick({ "float", "int" })) end,
    function(d)
      local x, l, c = gen.float(d - 1)
      local digits = pick({ "0", "1", "2", "6" })
      return ("round(%s, %s)"):format(x, digits), ("round(%s, %s)"):format(l, digits), c
    end,
    function(d) return binary("money", "/", "money", d) end,
    function(d) return choice("float", d) end,
    function(d) return default("float", d) end,
  })
  gen.num = function(depth)
    local c, lc, rc = gen.bool(depth - 1)
    local x, lx, rx = gen.int(depth - 1)
    local y, ly, ry = gen.float(depth - 1)
    if random(2) == 1 then
      x, lx, y, ly = y, ly, x, lx
    end
    local format = "(%s and %s or %s)"
    return format:format(c, x, y), format:format(lc, lx, ly), rc or rx or ry
  end
  gen.money = maker({ "m1", "m2" }, nil, {
    function(d) return binary("money", pick({ "+", "-" }), pick({ "money", "int" }), d) end,
    function(d) return binary("money", pick({ "*", "/", "//", "%" }), pick({ "int", "float" }), d) end,
    function(d) return widened("max", d, "money", "int") end,
    function(d) return binary("whole", "+", "money", d) end,
    function(d) return choice("money", d) end,
    function(d) return default("money", d) end,
  })
  gen.whole = function(d) return call(pick({ "floor", "ceil", "round" }), d, "cents") end
  gen.cents = maker({ "m1", "m2" }, nil, {
    function(d) return binary("cents", pick({ "/", "*", "+" }), "one", d) end,
  })
  gen.date = maker({ "d1", "d2" }, { "today", "date('2024-02-29')" }, {
    function(d) return binary("date", pick({ "+", "-" }), "day", d) end,
    function(d)
      local x, lx, cx = gen.date(d - 1)
      local n, ln, cn = gen.day(d - 1)
      local format = pick({ "(%s + months(%s))", "(%s - months(%s))" })
      return format:format(x, n), format:format(lx, ln), cx or cn
    end,
    function(d)
      local n, ln, cn = gen.day(d - 1)
      local x, lx, cx = gen.date(d - 1)
      return ("(months(%s) + %s)"):format(n, x), ("(months(%s) + %s)"):format(ln, lx), cx or cn
    end,
    function(d) return call(pick({ "min", "max" }), d, "date", "date") end,
    function(d) return choice("date", d) end,
    function(d) return default("date", d) end,
  })
  gen.day = maker({ "i1" }, { "1", "12", "30", "pi_" }, {
    function(d) return call("clamp", d, "int", "one", "year") end,
    function(d) return call("days", d, "day") end,
  })
  gen.one = function() return "1", "1", false end
  gen.year = function() return "365", "365", false end
  gen.str = maker({ "t1", 'c["any header"]', "seg2" }, { "'a'", "'VIP'", '"a\\0b"', "''", "pl" }, {
    function(d) return binary("str", "..", pick({ "str", "int", "shown" }), d) end,
    function(d) return binary(pick({ "int", "shown" }), "..", "str", d) end,
    function(d) return choice("str", d) end,
    function(d) return default("str", d) end,
  })
  -- a label or text of any value: two literals would make a closed set, which == is checked against
  gen.open = function()
    local x = pick({ "t1", 'c["any header"]', "seg2" })
    return x, x, true
  end
  -- a float that becomes text
  gen.shown = function(depth)
    local x, l, c = gen[pick({ "float", "num", "money" })](depth)
    return x, "unsigned(" .. l .. ")", c
  end
  -- a text, so that it has an order
  gen.text = maker({ "t1", 'c["any header"]' }, { "'a'", "'VIP'", "''" }, {
    function(d) return binary("str", "..", pick({ "str", "int" }), d) end,
  })

  local function compare(t, u, operators)
    return function(d) return binary(t, pick(operators), u, d) end
  end
  local EQUAL = { "==", "~=" }
  gen.bool = maker(
    { "f1", "f2", "(seg == 'low')", "(seg ~= 'high')", "('mid' == seg)", "(tier == 'gold')" },
    { "true", "false", "pf" }, {
      compare("int", "int", COMPARISON),
      compare("int", "float", COMPARISON),
      compare("float", "int", COMPARISON),
      compare("float", "float", COMPARISON),
      compare("num", "int", COMPARISON),
      compare("float", "num", COMPARISON),
      compare("money", "int", COMPARISON),
      compare("money", "money", COMPARISON),
      compare("date", "date", COMPARISON),
      compare("text", "text", COMPARISON),
      compare("str", "str", EQUAL),
      compare("bool", "bool", EQUAL),
      function(d) return binary("bool", pick({ "and", "or" }), "bool", d) end,
      function(d) return binary("bool", pick({ "and", "or" }), "bool", d) end,
      function(d) return binary("bool", pick({ "and", "or" }), "bool", d) end,
      function(d)
        local x, l, c = gen.bool(d - 1)
        return "(not (" .. x .. "))", "(not (" .. l .. "))", c
      end,
      function(d)
        local x, l, c = gen[pick({ "int", "float", "money", "date", "str", "bool" })](d - 1)
        if not c then
          return x, l, c, true
        end
        return "has(" .. x .. ")", "has(function() return " .. l .. " end)", true
      end,
      function(d) return default("bool", d) end,
      function(d) return call("one_of", d, "int", "int", pick({ "int", "float" })) end,
      function(d) return call("one_of", d, "str", "str", "str") end,
      function()
        local x = pick({ "one_of(seg, 'low', 'mid')", "one_of(seg2, 'high')", "at_least(tier, 'gold')",
          "at_least(tier, 'classic')" })
        return x, x, true
      end,
      function(d) return call(pick({ "starts_with", "ends_with", "contains" }), d, "str", "str") end,
    })
  -- A constant under has() is refused: another condition then.
  local bool = gen.bool
  gen.bool = function(depth)
    local x, l, c, refused = bool(depth)
    if refused then
      return "f1", "f1", true
    end
    return x, l, c
  end
  return gen
end

local ROOTS = { "bool", "bool", "bool", "int", "float", "num", "money", "date", "str" }

local function check_generated(report, expr, count, seed)
  local random = random_from(seed)
  local gen = generator(random)
  local world
  for i = 1, count do
    if i % 1000 == 1 then
      world = random_world(expr, random)
    end
    local text, lua = gen[ROOTS[random(#ROOTS)]](random(4))
    check(report, world, text, lua)
  end
end

-- ---- the whole test -----------------------------------------------------------------------------

local function new_report()
  return setmetatable({ expressions = 0, rows = 0, values = 0, differences = 0, examples = {} }, Report)
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
