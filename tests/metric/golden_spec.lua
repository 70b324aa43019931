-- Outside figures from public data that is kept beside the project.
local data = require("metric.dataset")
local path_of = require("data")

local function load(file, columns, spec)
  local path = path_of(file)
  if not path then
    pending("needs " .. file .. " of the public data (PATRON_DATA)") -- leaves the test
  end
  local rows = {}
  for i, row in ipairs(data.csv(path)) do
    local date = row.date or row.order_date
    rows[i] = { customer = row.customer_id, date = date,
      amount = tonumber(row.amount or row.revenue), quantity = tonumber(row.quantity) }
  end
  local kept, people = {}, {}
  for _, row in ipairs(rows) do
    people[#people + 1] = { id = row.customer } -- known, whatever the as-of date
    if row.date <= spec.as_of then
      kept[#kept + 1] = row
    end
  end
  spec.tables = { data.transactions(kept, columns) }
  spec.people = { rows = people }
  local board, ids = data.board(spec)
  return board, ids, kept
end

local function total(column)
  local sum = 0
  for i = 1, column.n do
    sum = sum + (column[i] or 0)
  end
  return sum
end

describe("CDNOW", function()
  local columns = { { "quantity", "integer" } }

  it("has the counts of the literature as of 1997-09-30", function()
    local board, ids = load("cdnow/transactions.csv", columns, { as_of = "1997-09-30" })
    local days = board:column("purchase_days")
    local repeats, zero = 0, 0
    for i = 1, days.n do
      repeats = repeats + days[i] - 1
      zero = zero + (days[i] == 1 and 1 or 0)
    end
    assert.equal(2357, #ids)
    assert.equal(2457, repeats)
    assert.equal(1411, zero)
    -- Without a second purchase there is no gap, no ratio and no warning.
    assert.equal(1411, board:column("mean_gap_days").missing)
    assert.equal(1411, board:column("rf_warning").missing)
  end)

  it("has them as of 1998-06-30, and those of the hold-out", function()
    local early = load("cdnow/transactions.csv", columns, { as_of = "1997-09-30" })
    local board, _, rows = load("cdnow/transactions.csv", columns, { as_of = "1998-06-30" })
    local quantity, free = 0, {}
    for _, row in ipairs(rows) do
      quantity = quantity + row.quantity
      free[row.customer] = (free[row.customer] or 0) + row.amount
    end
    assert.equal(6919, total(board:column("orders")))
    assert.equal(6696, total(board:column("purchase_days")))
    assert.equal(1882, total(board:column("purchase_days")) - total(early:column("purchase_days")))
    assert.equal(7097639, total(board:column("spend")) - total(early:column("spend")))
    assert.equal(quantity, total(board:column("units")))
    local nothing = 0
    for _, sum in pairs(free) do
      nothing = nothing + (sum == 0 and 1 or 0)
    end
    assert.equal(8, nothing)
    -- Who spent 0.00 bought all the same: every customer has scores.
    assert.equal(0, board:column("rfm").missing)
  end)

  it("has recency, tenure and mean gap of the summary, in weeks", function()
    local path = path_of("cdnow/summary.csv")
    local board, ids = load("cdnow/transactions.csv", columns, { as_of = "1997-09-30" })
    if not path then
      pending("needs cdnow/summary.csv of the public data (PATRON_DATA)")
    end
    local first, last = data.values(board, ids, "first_purchase"),
      data.values(board, ids, "last_purchase")
    local days, tenure = data.values(board, ids, "purchase_days"),
      data.values(board, ids, "tenure_days")
    for _, row in ipairs(data.csv(path)) do
      assert.equal(tonumber(row.x), days[row.ID] - 1)
      assert.near(tonumber(row.t_x), (last[row.ID] - first[row.ID]) / 7, 0.0051)
      assert.near(tonumber(row.T), tenure[row.ID] / 7, 0.0051)
    end
  end)
end)

describe("the RFM example", function()
  it("has the scores that its quantiles give, and their counts", function()
    local board, ids = load("rfm_orders/orders.csv", {}, { as_of = "2006-12-31" })
    assert.equal(995, #ids)
    assert.equal(4906, total(board:column("orders")))
    local rfm = data.values(board, ids, "rfm")
    for id, code in pairs({ ["Abbey O'Reilly"] = 343, ["Add Senger"] = 412, ["Aden Lesch"] = 323,
      ["Aden Murphy"] = 544, ["Admiral Senger"] = 433 }) do
      assert.equal(code, rfm[id], id)
    end
    local recency, orders = data.values(board, ids, "recency_days"),
      data.values(board, ids, "orders")
    local spend = data.values(board, ids, "spend")
    -- The scores of all by the printed cuts. The original compares with the cuts + 1: three
    -- customers then differ, and these are its champions.
    local function codes(more)
      local function part(x, cuts)
        local p = 1
        for _, cut in ipairs(cuts) do
          p = p + ((more == 0 and x > cut or more > 0 and x >= cut + more) and 1 or 0)
        end
        return p
      end
      local out = {}
      for _, id in ipairs(ids) do
        local r = 6 - part(recency[id], { 114, 180, 296.4, 481 })
        local f = part(orders[id], { 3, 4, 5, 7 })
        local m = part(spend[id] / 100, { 254.8, 381, 505.4, 665 })
        out[id] = 100 * r + 10 * f + m
      end
      return out
    end
    local original, differ = codes(1), 0
    local champions, bought, revenue = 0, 0, 0
    assert.same(codes(0), rfm)
    for _, id in ipairs(ids) do
      local code = original[id]
      differ = differ + (code ~= rfm[id] and 1 or 0)
      if code >= 400 and code // 10 % 10 >= 4 and code % 10 >= 4 then
        champions, bought, revenue = champions + 1, bought + orders[id], revenue + spend[id] / 100
      end
    end
    assert.equal(3, differ)
    assert.same({ 158, 1234, 120178.0 }, { champions, bought, revenue })
  end)
end)
