-- The prover, against what evaluation says of every customer of a grid.
local core = require("patron_core")
local expr = core.expr
local generator = require("expr.generator")

-- Columns that have a few values each in the grid, and those values.
local grid = {
  { name = "spend", type = "money", grid = { -1, 0, 50000, 99999, 100000, 100001, 200000 } },
  { name = "orders", type = "integer", grid = { -3, 0, 1, 2, 5, 6, 7, 100 } },
  { name = "pace", type = "number", grid = { -0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 3.0 } },
  { name = "opted_out", type = "flag", grid = { true, false } },
  { name = "joined", type = "date", grid = { 18000, 19000, 19001, 20000 } },
  { name = "kind", type = "label", grid = { "a", "b", "c" }, labels = { "a", "b", "c" } },
  { name = "tier", type = "label", grid = { "gold", "silver", "bronze" },
    labels = { "gold", "silver", "bronze" }, ordered = true },
  { name = "city", type = "text", grid = { "", "Bonn", "Bern", "Rome" } },
}

-- A world with one row for every customer in the list, each { name = value }.
local function world(customers)
  local columns = { { name = "gold", type = "integer", constant = 1000 },
    { name = "today", type = "date", constant = 20000 } }
  for _, column in ipairs(grid) do
    local values = {}
    for i, customer in ipairs(customers) do
      values[i] = customer[column.name]
    end
    table.insert(columns, { name = column.name, type = column.type, values = values,
      labels = column.labels, ordered = column.ordered, decimals = 2 })
  end
  return expr.world(#customers, columns)
end

local function known_of(w, known)
  local out = {}
  for name, k in pairs(known or {}) do
    out[name] = { least = k.least, most = k.most, n = k.n,
      value = k.value and w:parse(k.value, "any") }
    for i = 1, k.n or 0 do
      out[name][i] = k[i] and w:parse(k[i], "condition") or nil
    end
  end
  return out
end

-- Asks for conditions: { text, "true", text, "false missing", ... }.
local function ask(list, known)
  local w = world({ {} })
  local asked = {}
  for i = 1, #list, 2 do
    table.insert(asked, { w:parse(list[i], "condition"), list[i + 1] })
  end
  return w:ask(asked, known_of(w, known))
end

local function witness(list, known)
  local kind, customer = ask(list, known)
  assert.equal("witness", kind, table.concat(list, " | "))
  for name, value in pairs(customer) do
    if value == "missing" then
      customer[name] = nil
    end
  end
  return customer
end

local function proof(list, clauses, known)
  local kind, got = ask(list, known)
  assert.equal("proof", kind, table.concat(list, " | "))
  assert.same(clauses, got, table.concat(list, " | "))
end

describe("the prover", function()
  it("names the clauses that exclude each other, and no others", function()
    proof({ "spend >= 1000 and orders > 2 and spend < 500", "true" },
      { "spend >= 1000", "spend < 500" })
    proof({ "kind == 'a' and orders > 2 and one_of(kind, 'b', 'c')", "true" },
      { "kind == 'a'", "one_of(kind, 'b', 'c')" })
    proof({ "spend >= 1000", "true", "spend >= 500", "false missing" },
      { "spend >= 1000", "not spend >= 500" })
    proof({ "not has(spend) and spend > 5", "true" }, { "not has(spend)", "spend > 5" })
    proof({ "orders > 5 and orders < 6", "true" }, { "orders > 5", "orders < 6" })
    proof({ "spend > 5.01 and spend < 5.02", "true" }, { "spend > 5.01", "spend < 5.02" })
    proof({ "at_least(tier, 'silver') and tier == 'bronze'", "true" },
      { "at_least(tier, 'silver')", "tier == 'bronze'" })
    proof({ "city == 'Bonn' and city == 'Bern'", "true" }, { "city == 'Bonn'", "city == 'Bern'" })
  end)

  it("knows that a missing value is neither true nor false", function()
    assert.same({}, witness({ "spend > 5", "missing" }))
    assert.same({}, witness({ "spend > 5 or spend <= 5", "false missing" }))
    proof({ "spend > 5 or spend <= 5", "false" }, { "not spend > 5", "not spend <= 5" })
    proof({ "default(spend, 0) > 5", "missing" }, { "not default(spend, 0) > 5" })
    assert.same({ opted_out = true, spend = 0 }, witness({ "opted_out or spend > 5", "true" }))
  end)

  it("counts with what moves one way, to the last cent", function()
    local customer = witness({ "1.1 * spend >= gold", "true", "spend <= 909.1", "true" })
    assert.equal(90910, customer.spend) -- 909.10 * 1.1 = 1000.01
    proof({ "1.1 * spend >= gold", "true", "spend < 909.1", "true" },
      { "1.1 * spend >= gold", "spend < 909.1" })
    proof({ "-orders + 3 > 1 and orders >= 2", "true" }, { "-orders + 3 > 1", "orders >= 2" })
    proof({ "today - joined > 30 and joined > today - days(10)", "true" },
      { "today - joined > 30", "joined > today - days(10)" })
    assert.equal(6, witness({ "orders * 2 > 11 and orders < 7", "true" }).orders)
  end)

  it("takes the same term, and the same comparison, for the same", function()
    proof({ "spend / orders > 10 and kind == 'a' and spend / orders < 5", "true" },
      { "spend / orders > 10", "spend / orders < 5" })
    proof({ "spend > orders and orders >= spend", "true" }, { "spend > orders", "orders >= spend" })
    proof({ "starts_with(city, 'B') and not starts_with(city, 'B')", "true" },
      { "starts_with(city, 'B')", "not starts_with(city, 'B')" })
    assert.is_truthy(witness({ "spend / orders > 10 and orders > 3", "true" }))
    assert.equal("B", witness({ "starts_with(city, 'B')", "true" }).city)
  end)

  it("counts with bounds", function()
    proof({ "spend + orders < 0", "true" }, { "spend + orders < 0" },
      { spend = { least = 0 }, orders = { least = 0 } })
    proof({ "spend >= 5 * orders", "true", "spend < orders", "true", "orders > 1", "true" },
      { "spend >= 5 * orders", "spend < orders", "orders > 1" },
      { orders = { least = 2, most = 4 } })
    proof({ "pace > 5", "true" }, { "pace > 5" }, { pace = { least = 1, most = 5 } })
  end)

  it("looks into what is computed from other columns", function()
    local known = { opted_out = { value = "spend > 100 and orders < 5" },
      tier = { n = 3, "spend >= 1000", "spend >= 500" },
      pace = { value = "spend / 2" } }
    proof({ "opted_out and spend < 50", "true" }, { "spend < 50", "spend > 100" }, known)
    proof({ "tier == 'gold' and spend < 700", "true" }, { "spend < 700", "spend >= 1000" }, known)
    proof({ "tier == 'bronze' and spend > 700", "true" },
      { "spend > 700", "not spend >= 500" }, known)
    assert.same({ spend = 50000 }, witness({ "tier == 'silver'", "true" }, known))
    assert.same({}, witness({ "tier == 'bronze' and not has(spend)", "true" }, known))
    assert.same({ spend = 40000 }, witness({ "pace == 200", "true" }, known))
    proof({ "pace > 200 and spend < 300", "true" }, { "pace > 200", "spend < 300" }, known)
  end)
end)

-- Conditions over some columns: simple leaves, which the prover must decide, and others.
local simple = {
  spend = { "spend %s 1000", "spend %s gold", "1.1 * spend %s gold + 100",
    "default(spend, 7) %s 500", "1000 %s spend - 0.005", "has(spend)" },
  orders = { "orders %s 5", "2 * orders %s 11", "one_of(orders, 1, 6)", "-orders %s 0",
    "min(orders, 6) %s 5", "default(orders, 6) %s 6" },
  pace = { "pace %s 0.5", "pace * 3 %s 1.5", "not has(pace)",
    "max(pace, 0.3) %s 0.3" },
  opted_out = { "opted_out", "default(opted_out, true)", "has(opted_out)" },
  joined = { "joined %s today - days(1000)", "today - joined %s 999", "year(joined) %s 2022" },
  kind = { "kind == 'a'", "kind ~= 'b'", "one_of(kind, 'b', 'c')", "starts_with(kind, 'a')" },
  tier = { "at_least(tier, 'silver')", "tier ~= 'gold'" },
  city = { "city == 'Bonn'", "city ~= ''", "one_of(city, 'Bern', 'Paris')" },
}
local mixed = { "orders - min(orders, 5) * 2 %s -2", "spend - max(spend - 1000, 0) * 2 %s 500",
  "spend / orders %s 100", "spend - 100 * orders %s 0", "spend %s 200 * orders",
  "pace * pace %s 0.25", "orders %% 2 == 0", "abs(spend) %s 1000", "(opted_out and 1 or 5) %s pace",
  "(kind == 'a') == opted_out", "spend * pace %s orders", "has(spend + pace)",
  "orders // 2 %s 3", "pace %s orders", "floor(min(pace, 9) * 1) %s 1" }
local signs = { "<", "<=", ">", ">=", "==", "~=" }

local function any(random, list)
  return list[random(#list)]
end

local function leaf(random, columns, plain)
  local text = any(random, (plain or random(3) > 1) and simple[any(random, columns)] or mixed)
  local count = select(2, text:gsub("%%s", ""))
  return count > 0 and text:format(any(random, signs)) or (text:gsub("%%%%", "%%"))
end

local function condition(random, columns, plain, depth)
  local kind = depth > 0 and random(6) or 6
  if kind <= 2 then
    return "(" .. condition(random, columns, plain, depth - 1) .. " and "
      .. condition(random, columns, plain, depth - 1) .. ")"
  elseif kind <= 4 then
    return "(" .. condition(random, columns, plain, depth - 1) .. " or "
      .. condition(random, columns, plain, depth - 1) .. ")"
  elseif kind == 5 then
    return "not (" .. condition(random, columns, plain, depth - 1) .. ")"
  end
  return leaf(random, columns, plain)
end

-- Every customer of the grid over these columns; all others are missing.
local function customers(columns)
  local list = { {} }
  for _, name in ipairs(columns) do
    local column, longer = nil, {}
    for _, c in ipairs(grid) do
      column = c.name == name and c or column
    end
    for _, customer in ipairs(list) do
      for i = 0, #column.grid do
        local copy = {}
        for k, v in pairs(customer) do copy[k] = v end
        copy[name] = column.grid[i] -- [0]: missing
        table.insert(longer, copy)
      end
    end
    list = longer
  end
  return list
end

-- Whether each row is as asked.
local function as_asked(w, asked, rows)
  local fits = {}
  for i = 1, rows do fits[i] = true end
  for i = 1, #asked, 2 do
    local values, stops = w:parse(asked[i], "condition"):rows()
    for row = 1, rows do
      local is = values[row] ~= nil and tostring(values[row])
        or (stops[row]:find("^attempt") or stops[row]:find("^number")) and "fault" or "missing"
      fits[row] = fits[row] and asked[i + 1]:find(is) ~= nil
    end
  end
  return fits
end

-- Puts random questions; what is claimed must be so. Returns how many stayed open.
local function examine(seed, questions, columns, plain)
  local random = generator.random(seed)
  local list, open = customers(columns), 0
  local w = world(list)
  for _ = 1, questions do
    local asked = {}
    for _ = 1, random(3) do
      table.insert(asked, condition(random, columns, plain, random(4) - 1))
      table.insert(asked, any(random, { "true", "false", "false missing", "missing", "true" }))
    end
    local text = table.concat(asked, " | ")
    local kind, got = ask(asked)
    if kind == "witness" then
      for name, value in pairs(got) do
        if value == "missing" then got[name] = nil end
      end
      assert.is_true(as_asked(world({ got }), asked, 1)[1], text)
    elseif kind == "proof" then
      local fits = as_asked(w, asked, #list)
      for i = 1, #list do
        assert.is_false(fits[i], text)
      end
    end
    open = open + (kind == "open" and 1 or 0)
  end
  return open
end

describe("what the prover says of random conditions", function()
  local sets = { { "spend", "orders", "opted_out" }, { "pace", "kind", "joined" },
    { "tier", "city", "spend" }, { "spend", "orders", "pace" } }

  it("is so for every customer of a grid, and all is said where a leaf reads one column", function()
    for i, columns in ipairs(sets) do
      assert.equal(0, examine(i, 400, columns, true))
    end
  end)

  it("is so where leaves read several columns, and most is said", function()
    local open = examine(11, 400, { "spend", "orders", "opted_out" })
      + examine(12, 400, { "spend", "orders", "pace" }) + examine(13, 400, { "pace", "kind" })
    assert.is_true(open < 0.05 * 1200, open .. " of 1200 stayed open")
  end)
end)
