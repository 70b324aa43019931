-- Generated worlds and expressions: typed, so that the checker accepts every one of them.
local M = {}

M.arithmetic = { "+", "-", "*", "/", "//", "%", "^" }
M.comparison = { "==", "~=", "<", "<=", ">", ">=" }

-- A stream of its own, so that a seed says everything (xorshift, from the seed).
function M.random(seed)
  local state = seed * 2654435769 + 88172645463325252
  return function(n)
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return (state >> 11) % n + 1
  end
end

M.rows = 64

local POOL = {
  integer = { 0, 1, -1, 2, 3, 10, 30, 45, 60, 90, 365, -7, 100000, 2 ^ 53 | 0, (2 ^ 53 | 0) + 1,
    math.maxinteger, math.mininteger },
  number = { 0.0, -0.0, 0.5, 0.35, 1.0, -1.25, 3.0, 1e-3, 100.0, 20000.5, 2.0 ^ 53, 1e300,
    -2.0 ^ 63 },
  money = { 0, 1, -250, 12345, 2000000, 999999, 100, -100 },
  date = { 0, 19000, 19782, 10957, -1, 20000, 19783, 11015 },
  flag = { true, false },
  label = { "low", "high", "mid" },
  tier = { "diamond", "gold", "classic" },
  text = { "", "a", "ab", "b", "VIP-1", "a\0b", "\u{e9}" },
}

-- The names of a world, as expr.world takes them, over M.rows rows.
function M.names(random)
  local names = {}
  local function add(name, type_name, missing, more)
    local pool, values = POOL[more and more.pool or type_name], {}
    for i = 1, M.rows do
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
  add("tier", "label", 6,
    { pool = "tier", labels = { "diamond", "gold", "classic" }, ordered = true })
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
  return names
end

-- gen.TYPE(depth) -> text, text for Lua, whether it reads a column. int, float, num (either, by
-- row), money, date, bool and str are types of the language's checker.
function M.generator(random)
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
    local format = "(%s " .. op:gsub("%%", "%%%%") .. " %s)"
    return format:format(x, y), format:format(lx, ly), cx or cy
  end

  local function call(name, depth, ...)
    local xs, ls, reads = {}, {}, false
    for i, t in ipairs({ ... }) do
      local x, l, c = gen[t](depth - 1)
      xs[i], ls[i], reads = x, l, reads or c
    end
    local format = name .. "(%s)"
    return format:format(table.concat(xs, ", ")), format:format(table.concat(ls, ", ")), reads
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
      return format:format(c, x, d, z, y), format:format(lc, lx, ld, lz, ly),
        rc or rx or ry or rd or rz
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
    function(d) return binary(pick({ "float", "int", "num" }), pick(M.arithmetic), "float", d) end,
    function(d) return binary("float", pick(M.arithmetic), pick({ "float", "int", "num" }), d) end,
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
    function(d)
      return widened(pick({ "min", "max" }), d, pick({ "float", "int", "num" }), "float")
    end,
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
    function(d)
      return binary("money", pick({ "*", "/", "//", "%" }), pick({ "int", "float" }), d)
    end,
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
  -- a label or text of any value: two literals would make a closed set, and == is checked on it
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
      compare("int", "int", M.comparison),
      compare("int", "float", M.comparison),
      compare("float", "int", M.comparison),
      compare("float", "float", M.comparison),
      compare("num", "int", M.comparison),
      compare("float", "num", M.comparison),
      compare("money", "int", M.comparison),
      compare("money", "money", M.comparison),
      compare("date", "date", M.comparison),
      compare("text", "text", M.comparison),
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
        local x, l, c = gen[pick({ "int", "float", "money", "date", "str" })](d - 1)
        if not c then
          return x, l, c, true
        end
        return "has(" .. x .. ")", "has(function() return " .. l .. " end)", true
      end,
      function(d) return default("bool", d) end,
      function(d) return call("one_of", d, "int", "int", pick({ "int", "float" })) end,
      function(d) return call("one_of", d, "str", "str", "str") end,
      function()
        local x = pick({ "one_of(seg, 'low', 'mid')", "one_of(seg2, 'high')",
          "at_least(tier, 'gold')", "at_least(tier, 'classic')" })
        return x, x, true
      end,
      function(d)
        return call(pick({ "starts_with", "ends_with", "contains" }), d, "str", "str")
      end,
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

return M
