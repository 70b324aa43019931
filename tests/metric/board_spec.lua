local core = require("patron_core")
local data = require("metric.dataset")

local people_only = {
  as_of = "2024-01-31",
  people = { columns = { { "city", "label" } }, rows = { { id = "a", city = "Wien" } } },
}

local function refused(board, name)
  local column, text, status = board:column(name)
  assert.is_nil(column)
  assert.equal(1, status)
  return text
end

local function formula(name, value)
  return { name = name, value = value }
end

describe("the board says what is lacking, and the way out:", function()
  it("a table", function()
    local board = data.board(people_only)
    assert.equal("rfm needs the table transactions; this dataset has customers only: add it to "
      .. "dataset.json, or give customers the columns recency_days, orders, spend",
      refused(board, "rfm"))
    assert.equal("spend needs the table transactions; this dataset has customers only: add it to "
      .. "dataset.json, or give customers the column spend", refused(board, "spend"))
    assert.matches("column opened or first_purchase$", refused(board, "tenure_months"))
    assert.matches("columns recency_days, mean_gap_days$", refused(board, "rf_ratio"))
  end)

  it("of several columns, those that are", function()
    local board = data.board({
      as_of = "2024-01-31", tables = { { name = "events", columns = {}, rows = {} } },
      people = {
        columns = { { "orders", "integer" }, { "spend", "money" } },
        rows = { { id = "a", orders = 1, spend = 2 } },
      },
    })
    assert.equal("rfm needs the table transactions; this dataset has customers, events: add it to "
      .. "dataset.json, or give customers the column recency_days", refused(board, "rfm"))
  end)

  it("a column of a table", function()
    local board = data.board({
      as_of = "2024-01-31",
      tables = { data.transactions({ { customer = "a", date = "2024-01-01", amount = 1 } }) },
    })
    assert.equal("units needs the column quantity of transactions, which has date, amount: name it "
      .. "in dataset.json, or give customers the column units", refused(board, "units"))
  end)

  it("the customer of each row", function()
    local t = data.transactions({})
    t.strangers = true
    local board = data.board({ as_of = "2024-01-31", people = people_only.people, tables = { t } })
    assert.equal("orders needs to know the customer of each row of transactions: name that column "
      .. "in dataset.json", refused(board, "orders"))
  end)

  it("an input", function()
    local board = data.board(people_only)
    assert.equal("clv_perpetual needs yearly_margin (margin that the customer brings): give "
      .. "customers a column of that name, or name it in the policy's params or metrics",
      refused(board, "clv"))
  end)

  it("a name", function()
    local board = data.board(people_only)
    assert.equal("there is no column or metric recencydays: did you mean recency_days?",
      refused(board, "recencydays"))
    assert.equal("there is no column or metric citi: did you mean city?", refused(board, "citi"))
    assert.matches("^there is no column or metric xyzzy; `patron metrics` lists",
      refused(board, "xyzzy"))
  end)

  it("a type", function()
    local board = data.board({
      as_of = "2024-01-31",
      people = {
        columns = { { "recency_days", "label" }, { "mean_gap_days", "integer" }, { "opened",
          "integer" } },
        rows = { { id = "a", recency_days = "long", mean_gap_days = 3, opened = 2 } },
      },
    })
    assert.equal("rf_ratio takes recency_days as number, and it is given as label: change its type "
      .. "where it comes from", refused(board, "rf_ratio"))
    assert.matches("takes opened as date, and it is given as integer",
      refused(board, "tenure_days"))
    board = data.board({
      as_of = "2024-01-31",
      tables = { { name = "transactions", date = "date", columns = { { "date", "date" },
        { "amount", "number" } }, rows = {} } }, people = people_only.people,
    })
    assert.equal("spend needs the column amount of transactions as money, and it is given as "
      .. "number: change its type in dataset.json", refused(board, "spend"))
  end)
end)

describe("names", function()
  it("are looked for in columns put, data, params, declared metrics, the registry", function()
    local spec = {
      as_of = "2024-01-31",
      people = { columns = { { "orders", "integer" } }, rows = { { id = "a", orders = 7 } } },
      tables = { data.transactions({ { customer = "a", date = "2024-01-01", amount = 1 } }) },
      constants = { data.number("orders", 8), data.number("spend", 9) },
      declared = { formula("spend", "10"), formula("purchase_days", "11"), formula("orders", "1") },
    }
    local board = data.board(spec)
    assert.equal(7, board:column("orders")[1])
    assert.equal(9, board:column("spend")[1])
    assert.equal(11, board:column("purchase_days")[1])
    assert.equal(data.day("2024-01-01"), board:column("last_purchase")[1])
    board = data.board(spec)
    board:put({ name = "orders", type = "integer", 6 })
    assert.equal(6, board:column("orders")[1])
    assert.equal(100, board:column("mean_order_value")[1] * 6 // 9) -- 9 / 6 is 1.50
  end)

  it("are all there for suggestions", function()
    local board = data.board({
      as_of = "2024-01-31", people = people_only.people,
      constants = { data.number("cut", 1) }, declared = { formula("d", "1") },
    })
    board:announce({ name = "card", type = "label", labels = { "gold", "classic" } })
    local names = board:names()
    for _, name in ipairs({ "id", "city", "cut", "d", "card", "today", "clv", "rfm_segment" }) do
      assert.is_true(names[name])
    end
  end)

  it("have types before anything is computed", function()
    local board = data.board({
      as_of = "2024-01-31", people = people_only.people,
      constants = { data.number("cut", 1) },
      declared = { formula("late", "recency_days > 30"), formula("double", "2 * spend"),
        formula("soon", "today + 7") },
      expected = { { name = "city", type = "label", labels = { "Wien", "Graz" } } },
    })
    assert.equal("flag", board:type("late"))
    assert.equal("money", board:type("double"))
    assert.equal("date", board:type("soon"))
    assert.equal("date", board:type("today"))
    assert.equal("number", board:type("cut"))
    assert.same({ "label", { "A", "B", "C" }, true }, { board:type("abc_class") })
    assert.same({ "label", { "high risk", "at risk", "stable" }, true },
      { board:type("rf_warning") })
    assert.same({ "label", { "Wien", "Graz" }, true }, { board:type("city") })
    assert.same({ "label" }, { data.board(people_only):type("city") })
  end)

  it("give constants as columns", function()
    local board = data.board({
      as_of = "2024-01-31", people = people_only.people,
      constants = {
        { name = "i", type = "integer", value = 3 }, { name = "x", type = "number", value = 3 },
        { name = "y", type = "number", value = 0.5 }, { name = "f", type = "flag", value = true },
        { name = "l", type = "label", value = "gold" },
      },
    })
    local got = {}
    for i, name in ipairs({ "i", "x", "y", "f", "l", "today" }) do
      local column = board:column(name)
      assert.equal(0, column.missing)
      got[i] = column[1]
    end
    assert.same({ 3, 3.0, 0.5, true, "gold", data.day("2024-01-31") }, got)
  end)
end)

describe("tiers", function()
  it("can be named before they are decided, but not read", function()
    local spec = { as_of = "2024-01-31", people = people_only.people,
      declared = { formula("top", "at_least(card, 'gold')") } }
    local board = data.board(spec)
    local labels = { "diamond", "gold", "classic" }
    board:announce({ name = "card", type = "label", labels = labels })
    assert.same({ "label", labels, true }, { board:type("card") })
    assert.equal("flag", board:type("top"))
    assert.matches("^card is decided only after", refused(board, "top"))
  end)
end)

describe("cycles", function()
  it("are shown", function()
    local board = data.board({
      as_of = "2024-01-31", people = people_only.people,
      declared = { formula("a", "b + 1"), formula("b", "2 * c"), formula("c", "a // 2"),
        formula("d", "a + 1") },
    })
    assert.equal("policy.lua:1:3: a → b → c → a: a metric cannot depend on itself",
      refused(board, "a"))
    assert.equal("policy.lua:1:3: a → b → c → a: a metric cannot depend on itself",
      refused(board, "d"))
    local kind, text = board:type("b")
    assert.is_nil(kind)
    assert.matches("a → b → c → a", text)
  end)

  it("are found through the registry", function()
    local board = data.board({
      as_of = "2024-01-31", people = people_only.people,
      declared = { formula("recency_days", "rf_ratio * 2"), formula("mean_gap_days", "3") },
    })
    assert.equal("policy.lua:1:3: recency_days → rf_ratio → recency_days: a metric cannot depend "
      .. "on itself", refused(board, "recency_days"))
    -- The board can be asked on after a failure.
    assert.equal(3, board:column("mean_gap_days")[1])
  end)

  it("are no chains, and long chains end in a message", function()
    local declared = {}
    for i = 1, 300 do
      declared[i] = formula("m" .. i, i < 300 and ("m%d + 1"):format(i + 1) or "1")
    end
    local board = data.board({ as_of = "2024-01-31", people = people_only.people,
      declared = declared })
    assert.equal(180, board:column("m121")[1])
    board = data.board({ as_of = "2024-01-31", people = people_only.people, declared = declared })
    assert.matches("more than 200 metrics one above the other", refused(board, "m1"))
  end)

  it("take no time where many metrics read one that is broken", function()
    local declared = {}
    for i = 1, 60 do
      declared[i] = formula("m" .. i, i < 60 and ("m%d + m%d"):format(i + 1, i + 1) or "nobody")
    end
    local board = data.board({ as_of = "2024-01-31", people = people_only.people,
      declared = declared })
    assert.matches("^policy.lua:60:10: m60: ", refused(board, "m1"))
  end)
end)

describe("without a dataset", function()
  it("names have types", function()
    local board = data.alone({
      expected = { { name = "fee", type = "money" }, { name = "potential", type = "label",
        labels = { "low", "high" } } },
      declared = { formula("rich", "clv > 10 * fee") },
    })
    assert.equal("money", board:type("fee"))
    assert.equal("flag", board:type("rich"))
    assert.equal("date", board:type("today"))
    assert.equal("integer", board:type("recency_days"))
    assert.same({ "label", { "low", "high" }, true }, { board:type("potential") })
    assert.is_nil((board:type("city")))
  end)

  it("one customer has what was put; the rest is missing, but for formulas over it", function()
    local board = data.alone({
      expected = { { name = "fee", type = "money" } },
      constants = { data.number("discount_rate", 0.1), data.number("retention_rate", 0.5) },
      declared = {
        formula("pace", "orders / (recency_days + 1)"),
        { name = "n", aggregate = "count", table = "events" },
      },
    })
    board:put({ name = "recency_days", type = "integer", 45 })
    board:put({ name = "mean_gap_days", type = "number", 17 })
    board:put({ name = "orders", type = "integer", 23 })
    board:put({ name = "yearly_margin", type = "money", 12000 })
    assert.equal(45 / 17, board:column("rf_ratio")[1])
    assert.equal("high risk", board:column("rf_warning")[1])
    assert.equal(0.5, board:column("pace")[1])
    assert.equal(10000, board:column("clv")[1])
    for _, name in ipairs({ "fee", "spend", "rfm", "abc_class", "tenure_days", "today", "n",
      "mean_order_value", "clv_simple" }) do
      local column = assert(board:column(name))
      assert.equal(1, column.n)
      assert.is_nil(column[1])
    end
    assert.equal("", board:notes())
  end)

  it("today can be put", function()
    local board = data.alone({})
    board:put({ name = "today", type = "date", data.day("2024-03-01") })
    board:put({ name = "last_purchase", type = "date", data.day("2024-02-01") })
    board:put({ name = "opened", type = "date", data.day("2023-03-01") })
    assert.equal(29, board:column("recency_days")[1])
    assert.equal(12, board:column("tenure_months")[1])
  end)

  it("money has the decimals of the currency", function()
    for currency, decimals in pairs({ JPY = 0, CNY = 2, KWD = 3, [""] = 2 }) do
      local board = data.alone({ currency = currency })
      assert.equal(decimals, board:column("clv").decimals)
    end
  end)
end)

describe("expressions over a customer", function()
  it("read the board by slots", function()
    local board = data.board({
      as_of = "2024-01-31",
      people = {
        columns = { { "spend", "money" } },
        rows = { { id = "a", spend = 5 }, { id = "b", spend = 50 }, { id = "c" } },
      },
      constants = { data.number("cut", 20) },
      declared = { formula("double", "2 * spend") },
    })
    local text = "double > 2 * cut and year(today) == 2024"
    assert.same({ false, true, nil }, board:condition(text, 3))
    local parsed
    parsed, text = board:condition("dubble > 1", 3)
    assert.is_nil(parsed)
    assert.matches("double", text)
  end)
end)

describe("a computation that runs out of memory", function()
  it("ends as such at every allocation", function()
    local failures = 0
    for n = 1, 400 do
      local board = data.board({
        as_of = "2024-01-31",
        tables = { data.transactions({ { customer = "a", date = "2024-01-01", amount = 1 } }) },
        declared = { { name = "n", aggregate = "sum", table = "transactions", value = "2 * amount",
          where = "amount > 0" }, formula("x", "n + rfm") },
      })
      core.metric.fail_at(n)
      local column, text, status = board:column("x")
      core.metric.fail_at(0)
      if not column then
        assert.equal(3, status)
        assert.equal("out of memory", text)
        failures = failures + 1
      else
        assert.equal(1, column.n)
      end
    end
    assert.is_true(failures > 20)
  end)
end)
