-- Public data that is kept beside the project: the counts of the outside.
local core = require("patron_core")
local load = core.load
local data = require("data")

local function open(name, options)
  local path = data(name)
  if not path then
    pending(name .. " is not here")
    return nil
  end
  options = options or {}
  options.path = path
  options.threads = 2
  options.chunk = options.chunk or 10000
  return assert(load.dataset(options))
end

local function sum(column)
  local total = 0
  for _, text in ipairs(column) do
    total = total + math.floor(tonumber(text) * 100 + 0.5)
  end
  return total / 100
end

local function merged_days(t, customers)
  local n = 0
  for c = 1, customers do
    local last
    for row = t.start[c] + 1, t.start[c + 1] do
      n = n + (t.column.date[row] ~= last and 1 or 0)
      last = t.column.date[row]
    end
  end
  return n
end

describe("real data", function()
  it("CDNOW: rows, customers, days", function()
    local d = open("cdnow/transactions.csv")
    assert.are.equal(6919, d.transactions.n)
    assert.are.equal(2357, d.customers)
    assert.are.equal(6696, merged_days(d.transactions, d.customers))
    assert.are.equal(core.base.date("1998-06-30", "YYYY-MM-DD"), d.as_of)
    assert.are.same({ "1", "2", "3" }, { table.unpack(d.people.column.customer, 1, 3) })
  end)

  it("CDNOW as of the end of the calibration", function()
    local d = open("cdnow/transactions.csv", { as_of = "1997-09-30" })
    local days = merged_days(d.transactions, d.customers)
    assert.are.equal(2357, d.customers)
    assert.are.equal(2457, days - d.customers) -- repeat purchase days
    assert.are.equal(6919, d.transactions.n + d.source[1].after_as_of)
  end)

  it("orders with names as ids", function()
    local d = open("rfm_orders/orders.csv")
    assert.are.equal(4906, d.transactions.n)
    assert.are.equal(995, d.customers)
  end)

  it("a telecom's customers: all columns, blank charges missing", function()
    local d = open("telco/Telco-Customer-Churn.csv")
    assert.are.equal(7043, d.customers)
    assert.are.equal(21, #d.people.names)
    assert.are.equal("number", d.people.column.TotalCharges.type)
    assert.are.equal(11, d.people.column.TotalCharges.missing)
    assert.are.equal("flag", d.people.column.Churn.type)
    assert.are.equal("label", d.people.column.Contract.type)
    assert.are.equal(3, d.people.column.Contract.labels)
  end)

  it("invoice lines without an amount", function()
    local d = open("baskets/online_retail_micro.csv")
    assert.are.equal(57, d.transactions.n)
    local column = d.transactions.column
    local revenue, units, lines = {}, 0, 0
    for row, quantity in ipairs(column.quantity) do
      if tonumber(quantity) > 0 then
        revenue[#revenue + 1] = column.amount[row]
        units = units + tonumber(quantity)
        lines = lines + 1
      end
    end
    assert.are.equal(1731.34, sum(revenue))
    assert.are.equal(518, units)
    assert.are.equal(55, lines)
  end)

  it("a shop's customers who have no ids are refused with what to say", function()
    local path = data("campaigns/hillstrom.csv")
    if not path then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    local d, message = load.dataset { path = path }
    assert.is_nil(d)
    assert.matches("recognised as the customer; its headers are recency, history_segment", message,
      1,
      true)
  end)

  it("baskets that are no table at all are refused", function()
    local path = data("baskets/groceries.csv")
    if not path then
      pending("baskets/groceries.csv is not here")
      return
    end
    assert.is_nil((load.dataset { path = path }))
  end)
end)
