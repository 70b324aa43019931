local core = require("patron_core")
local expr = core.expr
local generator = require("expr.generator")

local function world(values)
  values = values or {}
  local function column(name, type_name, value)
    local v = values[name]
    if v == nil then v = value end
    return { name = name, type = type_name, values = { v } }
  end
  return expr.world(1, {
    column("spend", "money", 58800),
    column("orders", "integer", 5),
    column("pace", "number", 0.25),
    column("vip", "flag", false),
    column("last", "date", 19000),
    { name = "gone", type = "number", values = {} },
    { name = "step", type = "integer", constant = 3 },
    { name = "today", type = "date", constant = 20000 },
  })
end

local function solve(text, column, values)
  return world(values):parse(text, "condition"):solve(1, column)
end

describe("what would make a condition hold", function()
  it("is the nearest value of a column, in its own unit", function()
    assert.same({ "value", 1000.0, true }, { solve("spend >= 1000", "spend") })
    assert.same({ "value", 1000.01, true }, { solve("spend > 1000", "spend") })
    assert.same({ "value", 333.34, true }, { solve("3 * spend >= 1000.01", "spend",
      { spend = 100 }) })
    assert.same({ "value", 8, true }, { solve("orders * step > 21", "orders") })
    assert.same({ "value", 4, false }, { solve("spend / orders >= 120", "orders") })
    assert.same({ "value", 0.5, true }, { solve("pace >= 0.5", "pace") })
    assert.same({ "value", 19971, true }, { solve("today - last < 30", "last") })
    assert.same({ "value", true, true }, { solve("vip", "vip") })
    assert.same({ "value", 19971, true }, { solve("months_between(last, today) < 1", "last",
      { last = 19968 }) })
  end)

  it("leaves all other columns as they are", function()
    assert.same({ "value", 1000.0, true },
      { solve("spend >= 1000 and orders >= 5", "spend") })
    assert.equal("never", (solve("spend >= 1000 and orders >= 6", "spend")))
    assert.equal("never", (solve("spend >= 1000 and orders >= 6", "orders")))
    assert.same({ "value", 6, true }, { solve("spend >= 1000 or orders >= 6", "orders") })
    assert.same({ "value", 700.0, true },
      { solve("spend >= (vip and 500 or 700)", "spend") })
  end)

  it("is nothing where the condition is not known to be monotone", function()
    for _, text in ipairs({
      "orders == 7", "orders % 10 == 0", "orders >= 7 and orders < 100", "abs(orders) > 9",
      "(orders - 3) * (orders - 4) > 9", "orders ^ 2 >= 81", "month(last + days(orders)) > 4",
      "orders < 3 or orders > 9", "one_of(orders, 7, 8)", "100 // orders < 3",
    }) do
      assert.equal("mixed", (solve(text, "orders")), text)
    end
  end)

  it("goes no further than arithmetic is what it seems", function()
    assert.equal("mixed", (solve("10 / (orders - 7) > 6", "orders")))
    assert.equal("never", (solve("min(orders, 3) >= 5", "orders")))
    assert.equal("never", (solve("min(orders, 9) + 1 > 10", "orders")))
    assert.equal("mixed", (solve("orders * 4611686018427387904 < 0", "orders")))
  end)

  it("does not wait for what is missing", function()
    assert.equal("never", (solve("gone > 1 or spend >= 1000", "spend")))
    assert.equal("never", (solve("spend >= 1000 and gone > 1", "spend")))
    assert.same({ "value", 1000.0, true }, { solve("spend >= 1000 or gone > 1", "spend") })
    assert.same({ "value", 1000.0, true }, { solve("spend + default(gone, 0) >= 1000", "spend") })
    assert.same({ "value", 6, true }, { solve("default(gone, orders) >= 6", "orders") })
    assert.equal("mixed", (solve("default((vip and gone or 5), 3) >= 4", "vip", { vip = true })))
  end)

  -- Whatever is claimed of a random condition is held against evaluation at many values. (The
  -- values on the way are samples here; the engine does not sample, it proves.)
  it("is right for random conditions at random rows", function()
    local random = generator.random(41)
    local seen = { value = 0, never = 0, mixed = 0 }
    local columns = { i1 = "integer", i2 = "integer", n1 = "number", n2 = "number", m1 = "money",
      m2 = "money", d1 = "date", d2 = "date", f1 = "flag", f2 = "flag" }
    local samples = {
      integer = { 0, 1, -1, 6, 29, 31, 1000, -1000, 1 << 40, -(1 << 40) },
      number = { 0.0, 0.1, 0.34, 0.36, -0.5, 7.0, 1e5, -1e5, 1e12, -1e12 },
      money = { 0, 1, 99, 101, -1, 5000, 10 ^ 9 | 0, -(10 ^ 9 | 0) },
      date = { 0, 1, 18999, 19001, 19800, 25000, -500 },
      flag = { true, false },
    }
    local function down(kind, v) -- to the grid, one back, and up again
      if kind == "money" then return math.floor(v * 100 + 0.5) end
      return v
    end
    for _ = 1, 120 do
      local names = generator.names(random)
      local w = expr.world(generator.rows, names)
      local gen = generator.generator(random)
      local kinds = {}
      for i, n in ipairs(names) do kinds[n.name] = i end
      for _ = 1, 20 do
        local condition = gen.bool(1 + random(3))
        local parsed = w:parse(condition, "condition")
        local _, _, slots = parsed:about()
        for _, name in ipairs(slots) do
          local row, kind = random(generator.rows), columns[name]
          local now = names[kinds[name]].values[row]
          if kind and now ~= nil and parsed:rows()[row] ~= true then
            local function at(v)
              w:set(name, row, v)
              return parsed:rows()[row]
            end
            local what, value, rising = parsed:solve(row, name)
            seen[what] = seen[what] + 1
            local text = ("%s at row %d, %s"):format(condition, row, name)
            if what == "never" then
              for _, v in ipairs(samples[kind]) do assert.is_not_true(at(v), text) end
            elseif what == "value" then
              local v = down(kind, value)
              assert.is_true(at(v), text)
              if kind ~= "number" and kind ~= "flag" then
                assert.is_not_true(at(rising and v - 1 or v + 1), text)
              end
              for _, x in ipairs(kind == "flag" and {} or samples[kind]) do
                local beyond
                if rising then beyond = x >= v else beyond = x <= v end
                local back
                if rising then back = x >= now else back = x <= now end
                local there = at(x)
                -- no fault, and nothing whose domain may end there
                local sound = there ~= nil and
                  not (condition:find("/") or condition:find("sqrt") or condition:find("log"))
                if back and (sound or not beyond) then
                  assert.equal(beyond, there == true, text .. " " .. tostring(x))
                end
              end
            end
            w:set(name, row, now)
          end
        end
      end
    end
    assert.is_true(seen.value > 150, tostring(seen.value))
    assert.is_true(seen.never > 150, tostring(seen.never))
    assert.is_true(seen.mixed > 150, tostring(seen.mixed))
  end)
end)
