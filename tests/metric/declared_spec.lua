local data = require("metric.dataset")

local function count(where, more)
  local d = { name = "n", aggregate = "count", table = "events", where = where }
  for key, value in pairs(more or {}) do
    d[key] = value
  end
  return d
end

local events = {
  name = "events", date = "date",
  columns = {
    { "date", "date" }, { "type", "label" }, { "value", "number" }, { "level", "integer" },
    { "cost", "money" }, { "open", "flag" }, { "due", "date" }, { "note", "text" },
  },
  rows = {
    { customer = "a", date = "2024-01-31", type = "complaint", value = 2.5, level = 3, cost = 1 },
    { customer = "a", date = "2024-02-29", type = "visit", value = 1, cost = 2.5, open = true },
    { customer = "a", date = "2024-02-29", type = "complaint", level = 1, due = "2024-06-01" },
    { customer = "a", date = "2024-03-31", value = -1, level = 2, cost = 0.01, open = false },
    { customer = "b", date = "2023-03-31", type = "visit", value = 4, level = 0 },
  },
}

local function board(...)
  return data.board({
    as_of = "2024-03-31", people = { rows = { { id = "never" } } }, tables = { events },
    constants = { data.number("cut", 2) }, declared = { ... },
  })
end

local function values(d)
  local b, ids = board(d)
  return data.values(b, ids, d.name), b
end

local function sum_up(how, value, more)
  local d = { name = "x", aggregate = how, table = "events", value = value }
  for key, v in pairs(more or {}) do
    d[key] = v
  end
  return d
end

describe("a declared aggregate", function()
  it("counts rows; where a condition is missing, the row does not count", function()
    assert.same({ a = 4, b = 1, never = 0 }, values(count()))
    assert.same({ a = 2, b = 0, never = 0 }, values(count("type == 'complaint'")))
    assert.same({ a = 1, b = 1, never = 0 }, values(count("not (type == 'complaint')")))
    assert.same({ a = 1, b = 1, never = 0 }, values(count("value > cut")))
    assert.same({ a = 1, b = 1, never = 0 }, values(count("month(date) == month(today)")))
    assert.same({ a = 2, b = 1, never = 0 }, values(count("default(type, 'visit') == 'visit'")))
  end)

  it("aggregates what is not missing, and nothing to 0 or missing", function()
    assert.same({ a = 2.5, b = 4.0, never = 0.0 }, values(sum_up("sum", "value")))
    assert.same({ a = 2.5 / 3, b = 4.0 }, values(sum_up("mean", "value")))
    assert.same({ a = -1.0, b = 4.0 }, values(sum_up("min", "value")))
    assert.same({ a = 2.5, b = 4.0 }, values(sum_up("max", "value")))
    assert.same({ a = 6, b = 0, never = 0 }, values(sum_up("sum", "level")))
    assert.same({ a = 2.0, b = 0.0 }, values(sum_up("mean", "level")))
    assert.same({ a = 351, b = 0, never = 0 }, values(sum_up("sum", "cost")))
    assert.same({ a = 117 }, values(sum_up("mean", "cost")))
    assert.same({ a = 1 }, values(sum_up("min", "cost")))
    assert.same({ a = 250 }, values(sum_up("max", "cost")))
    assert.same({ a = data.day("2024-01-31"), b = data.day("2023-03-31") },
      values(sum_up("min", "date")))
    assert.same({ a = data.day("2024-06-01") }, values(sum_up("max", "due")))
  end)

  it("takes the first and last values that are there, of every type but text", function()
    assert.same({ a = "complaint", b = "visit" }, values(sum_up("first", "type")))
    assert.same({ a = "complaint", b = "visit" }, values(sum_up("last", "type")))
    assert.same({ a = true }, values(sum_up("first", "open")))
    assert.same({ a = false }, values(sum_up("last", "open")))
    assert.same({ a = 3, b = 0 }, values(sum_up("first", "level")))
    assert.same({ a = 1 }, values(sum_up("last", "cost")))
    assert.same({ a = data.day("2024-06-01") }, values(sum_up("first", "due")))
    assert.same({ a = "visit", b = "visit" },
      values(sum_up("last", "type", { where = "type ~= 'complaint'" })))
  end)

  it("aggregates expressions", function()
    assert.same({ a = 702, b = 0, never = 0 }, values(sum_up("sum", "2 * cost")))
    assert.same({ a = 12, b = 0, never = 0 }, values(sum_up("sum", "level * 2")))
    assert.same({ a = 3.5, b = 2.0 }, values(sum_up("max", "value - cut + level")))
    assert.same({ a = data.day("2024-02-01"), b = data.day("2023-04-01") },
      values(sum_up("min", "date + 1")))
    assert.same({ a = "visit", b = "visit" },
      values(sum_up("last", "default(type, 'visit')")))
  end)

  it("has windows that are open at their start and clamped by the calendar", function()
    local function window(last, ending)
      return values(count(nil, { last = last, ending = ending })).a
    end
    -- Rows at 31 Jan, 29 Feb (2), 31 Mar; as of 31 Mar.
    assert.equal(1, window({ months = 1 })) -- (29 Feb, 31 Mar]
    assert.equal(1, window({ days = 31 }))
    assert.equal(3, window({ days = 32 }))
    assert.equal(3, window({ months = 2 })) -- (31 Jan, 31 Mar]
    assert.equal(4, window({ months = 3 }))
    assert.equal(3, window({ months = 1 }, { months = 1 })) -- (29 Jan, 29 Feb]: from its own end
    assert.equal(1, window({ months = 1 }, { months = 2 })) -- (31 Dec, 31 Jan]
    assert.equal(3, window(nil, { days = 1 }))
    assert.equal(0, window({ days = 0, months = 0 }, { months = 12 }))
    assert.equal(1, values(count(nil, { last = { months = 1 }, ending = { months = 12 } })).b)
    assert.equal(0, window({ days = 1 }, { days = 1 << 60 }))
    assert.equal(4, window({ days = 1 << 60 }))
  end)
end)

describe("a row without a date", function()
  it("counts where there is no window, and in no window", function()
    local rows = { { customer = "a" }, { customer = "a", date = "2024-01-01" } }
    local t = { name = "events", date = "date", columns = { { "date", "date" } }, rows = rows }
    local function n(last)
      local b = data.board({ as_of = "2024-03-31", tables = { t },
        declared = { count(nil, { last = last }) } })
      return b:column("n")[1]
    end
    assert.equal(2, n())
    assert.equal(1, n({ days = 1 << 60 }))
    assert.equal(1, n({ months = 3 }))
  end)
end)

describe("a declared aggregate that fails", function()
  it("in a row that counts takes its customer's value, and is counted", function()
    local v, b = values(count("10 // level > 2"))
    assert.same({ a = 3, never = 0 }, v)
    assert.equal(1, b:faults())
    v, b = values(sum_up("sum", "10 // level"))
    assert.same({ a = 18, never = 0 }, v)
    assert.equal(1, b:faults())
  end)

  it("in other rows does not", function()
    local v, b = values(sum_up("sum", "10 // level", { last = { months = 3 } }))
    assert.same({ a = 18, b = 0, never = 0 }, v)
    assert.equal(0, b:faults())
    v, b = values(count("10 // level > 2", { last = { months = 3 } }))
    assert.same({ a = 3, b = 0, never = 0 }, v)
    assert.equal(0, b:faults())
  end)

  it("by a sum that does not fit likewise", function()
    local big = {
      name = "events", columns = { { "i", "integer" }, { "x", "number" }, { "m", "money" } },
      rows = {
        { customer = "a", i = math.maxinteger, x = 1.7e308, m = 2 ^ 43 },
        { customer = "a", i = 1, x = 1.7e308, m = 2 ^ 43 },
        { customer = "b", i = math.maxinteger, x = 1e308, m = 1 },
        { customer = "b", i = 1 }, { customer = "b", i = -1 },
      },
    }
    for value, sum in pairs({ i = math.maxinteger, x = 1e308, m = 100 }) do
      local b, ids = data.board({ as_of = "2024-01-01", tables = { big },
        declared = { sum_up("sum", value) } })
      assert.same({ b = sum }, data.values(b, ids, "x"))
      assert.equal(1, b:faults())
    end
  end)
end)

describe("a declared aggregate is refused", function()
  local function refusal(d, spec)
    spec = spec or { as_of = "2024-03-31", tables = { events } }
    spec.declared = { d }
    local _, text = data.board(spec):column(d.name)
    local kind, same = data.board(spec):type(d.name)
    assert.is_nil(kind)
    assert.equal(text, same)
    return text
  end

  it("for a table that is not there, or has no customers or dates", function()
    assert.equal("policy.lua:1:3: n: the table evnts is not in the data; tables of this dataset: "
      .. "events", refusal(count(nil, { table = "evnts" })))
    assert.matches("customers has one row a customer: write an expression",
      refusal(count(nil, { table = "customers" })))
    local bare = { name = "events", columns = {}, rows = {}, strangers = true }
    local people = { rows = { { id = "a" } } }
    assert.matches("events has no customer column", refusal(count(),
      { as_of = "2024-01-01", people = people, tables = { bare } }))
    bare.strangers = nil
    assert.matches("events has no date, so there is no `last`", refusal(
      count(nil, { last = { days = 3 } }),
      { as_of = "2024-01-01", people = people, tables = { bare } }))
  end)

  it("for names that are not columns of the table, at their place", function()
    local text = refusal(count("tipe == 'visit'"))
    assert.matches("^policy.lua:1:10: n: ", text)
    assert.matches("type", text)
    text = refusal(count("true and clv > 3"))
    assert.matches("^policy.lua:1:19: n: ", text)
    text = refusal(sum_up("sum", "1 + velue"))
    assert.matches("^policy.lua:1:14: x: ", text)
  end)

  it("for what cannot be aggregated so", function()
    assert.equal("policy.lua:1:3: x: say what to take the sum of: a column of events",
      refusal(sum_up("sum")))
    assert.equal("policy.lua:1:10: x: there is no sum of a label", refusal(sum_up("sum", "type")))
    assert.matches("there is no mean of a date", refusal(sum_up("mean", "date")))
    assert.matches("there is no max of a flag", refusal(sum_up("max", "open")))
    assert.matches("there is no last of a text", refusal(sum_up("last", "note")))
    assert.matches("^policy.lua:1:10: n: ", refusal(count("level + 1")))
  end)
end)

describe("a declared expression", function()
  it("is computed over the customer's columns, and faults are counted", function()
    local b, ids = board({ name = "x", value = "6 // n" }, count("value > 0"))
    assert.same({ a = 3, b = 6 }, data.values(b, ids, "x"))
    assert.equal(1, b:faults())
    assert.equal("integer", b:type("x"))
  end)

  it("is refused at the place of what is wrong", function()
    local b = board({ name = "x", value = "1 + nobody" })
    local _, text = b:column("x")
    assert.matches("^policy.lua:1:14: x: ", text)
    local kind
    kind, text = b:type("x")
    assert.is_nil(kind)
    assert.matches("nobody", text)
  end)
end)

describe("without data, a declared aggregate", function()
  local function kind(d)
    return data.alone({ declared = { d }, constants = { data.number("cut", 2) } }):type(d.name)
  end

  it("has a type, and is checked as far as the usual columns are known", function()
    assert.equal("integer", kind(count("type == 'complaint' and value > cut")))
    assert.equal("money", (kind({ name = "x", aggregate = "sum", table = "transactions",
      value = "amount", where = "channel == 'web'" })))
    assert.equal("number", (kind({ name = "x", aggregate = "mean", table = "transactions",
      value = "quantity" })))
    assert.equal("label", (kind({ name = "x", aggregate = "last", table = "contacts",
      value = "campaign" })))
    assert.is_nil((kind(count("type > 3"))))
    assert.is_nil((kind(count("type =="))))
    assert.is_nil((kind({ name = "x", aggregate = "sum", table = "contacts", value = "arm" })))
  end)

  it("passes where nothing is known", function()
    assert.equal("integer", kind(count("mood > 3")))
    assert.equal("integer", kind(count("mood > 3", { table = "surveys" })))
    assert.equal("number", (kind({ name = "x", aggregate = "max", table = "surveys",
      value = "mood" })))
  end)
end)
