local data = require("metric.dataset")

local columns = {
  { "order", "label" }, { "quantity", "number" }, { "margin", "money" },
}

local function board(rows, spec)
  spec = spec or {}
  spec.as_of = "2024-12-31"
  spec.people = spec.people or { rows = { { id = "never" } } }
  spec.tables = { data.transactions(rows, spec.columns or columns) }
  return data.board(spec)
end

describe("purchases", function()
  local rows = {
    { customer = "a", date = "2024-01-05", amount = 20, order = "o1", quantity = 2, margin = 4 },
    { customer = "a", date = "2024-01-05", amount = 10, order = "o1", quantity = 1.5 },
    { customer = "a", date = "2024-03-01", amount = 30, order = "o2", quantity = 3, margin = 9 },
    { customer = "a", date = "2024-03-02", amount = 5, order = "o1" },
    { customer = "a", date = "2024-06-01", amount = -30, order = "o2", quantity = -3, margin = -9 },
    { customer = "b", date = "2024-02-02", amount = 0 },
    { customer = "b", date = "2024-02-03" },
    { customer = "b", date = "2024-02-03", order = "o1", amount = 8 },
    { customer = "refund only", date = "2024-02-03", amount = -8 },
  }

  it("are rows whose amount is not negative", function()
    local b, ids = board(rows)
    local function dates(name)
      local out = data.values(b, ids, name)
      for id, day in pairs(out) do
        out[id] = data.date(day)
      end
      return out
    end
    assert.same({ a = "2024-01-05", b = "2024-02-02" }, dates("first_purchase"))
    assert.same({ a = "2024-03-02", b = "2024-02-03" }, dates("last_purchase"))
    assert.same({ a = 3, b = 2, never = 0, ["refund only"] = 0 },
      data.values(b, ids, "purchase_days"))
  end)

  it("make orders by their ids, and each one without an id its own", function()
    local b, ids = board(rows)
    assert.same({ a = 2, b = 3, never = 0, ["refund only"] = 0 }, data.values(b, ids, "orders"))
  end)

  it("are orders each where there are no ids", function()
    local b, ids = board(rows, { columns = {} })
    assert.same({ a = 4, b = 3, never = 0, ["refund only"] = 0 }, data.values(b, ids, "orders"))
  end)

  it("count integer order ids, of any order and sign", function()
    local many = {}
    for i = 1, 500 do
      many[i] = { customer = "a", date = "2024-01-01", amount = 1, order = (i * 7919) % 83 - 40 }
    end
    local b, ids = board(many, { columns = { { "order", "integer" } } })
    assert.same({ a = 83, never = 0 }, data.values(b, ids, "orders"))
  end)

  it("refuse order ids that are no ids", function()
    local b = board(rows, { columns = { { "order", "text" } } })
    local _, err = b:column("orders")
    assert.equal("orders needs the order ids of transactions as integer or label, and they are "
      .. "text: change their type in dataset.json", err)
  end)

  it("sum net of refunds, over what is there", function()
    local b, ids = board(rows)
    assert.same({ a = 3500, b = 800, never = 0, ["refund only"] = -800 },
      data.values(b, ids, "spend"))
    assert.same({ a = 3.5, b = 0.0, never = 0.0, ["refund only"] = 0.0 },
      data.values(b, ids, "units"))
    assert.same({ a = 400, b = 0, never = 0, ["refund only"] = 0 }, data.values(b, ids, "margin"))
    assert.same({ a = 1750, b = 267 }, data.values(b, ids, "mean_order_value"))
  end)

  it("sum whole quantities as numbers", function()
    local b, ids = board({
      { customer = "a", date = "2024-01-05", quantity = 4 },
      { customer = "a", date = "2024-01-05", quantity = -1 },
    }, { columns = { { "quantity", "integer" } } })
    assert.equal("number", b:column("units").type)
    assert.same({ a = 3.0, never = 0.0 }, data.values(b, ids, "units"))
  end)

  it("do without amounts", function()
    local plain = {
      name = "transactions", date = "date", columns = { { "date", "date" } },
      rows = { { customer = "a", date = "2024-01-01" }, { customer = "a", date = "2024-01-09" } },
    }
    local b, ids = data.board({ as_of = "2024-02-01", tables = { plain } })
    assert.same({ a = 8.0 }, data.values(b, ids, "mean_gap_days"))
    assert.same({ a = 2 }, data.values(b, ids, "orders"))
  end)

  it("are refused when their sum is beyond money", function()
    local b = board({
      { customer = "a", date = "2024-01-01", amount = 2 ^ 43 },
      { customer = "a", date = "2024-01-01", amount = 2 ^ 43 },
    })
    local _, err = b:column("spend")
    assert.matches("^spend of customer a is beyond what a column can hold", err)
  end)
end)
