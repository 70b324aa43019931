local data = require("metric.dataset")

-- R, F, M and purchases of the text's nine customers, and what it prints of them.
local nine = {
  { "001", 45, 17, 568.00, 3, 2.64, 189.33, "high risk" },
  { "002", 36, 25, 762.00, 5, 1.44, 152.40, "at risk" },
  { "003", 32, 30, 524.20, 6, 1.06, 87.36, "at risk" },
  { "004", 28, 16, 721.42, 4, 1.75, 180.35, "high risk" }, -- misprinted there: 180.25
  { "005", 22, 19, 759.16, 5, 1.15, 151.83, "at risk" },
  { "006", 19, 20, 824.20, 9, 0.95, 91.57, "stable" },
  { "007", 12, 14, 1776.90, 10, 0.85, 177.69, "stable" },
  { "008", 17, 9, 1534.50, 12, 1.88, 127.87, "high risk" },
  { "009", 4, 3, 2203.50, 17, 1.33, 129.61, "at risk" },
}

-- The text cuts to two decimals and does not round.
local function cut(x)
  return math.floor(x * 100 + 1e-9) / 100
end

local function nine_board(spec)
  local rows = {}
  for i, c in ipairs(nine) do
    rows[i] = { id = c[1], recency_days = c[2], mean_gap_days = c[3], spend = c[4], orders = c[5] }
  end
  spec = spec or {}
  spec.as_of = "2024-01-01"
  spec.people = {
    columns = {
      { "recency_days", "integer" }, { "mean_gap_days", "number" }, { "spend", "money" },
      { "orders", "integer" },
    },
    rows = rows,
  }
  return data.board(spec)
end

describe("the nine customers of the text", function()
  it("have its ratios, its values per purchase and its states", function()
    local board, ids = nine_board()
    local ratio = data.values(board, ids, "rf_ratio")
    local warning = data.values(board, ids, "rf_warning")
    local order = data.values(board, ids, "mean_order_value")
    for _, c in ipairs(nine) do
      local id, r, f, m, n, printed, per_purchase, state = table.unpack(c)
      assert.equal(r / f, ratio[id])
      assert.equal(printed, cut(ratio[id]))
      assert.equal(state, warning[id])
      assert.equal(per_purchase, cut(m / n))
      assert.near(m / n * 100, order[id], 0.5 + 1e-9) -- money is rounded, not cut
    end
  end)

  it("come with the base rate that chance gives", function()
    local board = nine_board()
    board:column("rf_warning")
    assert.equal("rf_warning: of 9 customers with a pace, 7 have R/F above 1 and 3 of 1.5 or more; "
      .. "of healthy customers who buy at random 36.8 % and 22.3 % do, here 3 and 2\n",
      board:notes())
  end)
end)

describe("the R/F warning", function()
  it("has closed and open ends as the text has", function()
    local rows, expected = {}, {
      [0] = "stable", [1] = "stable", [1.0000001] = "at risk", [1.4999999] = "at risk",
      [1.5] = "high risk", [9] = "high risk",
    }
    for ratio in pairs(expected) do
      rows[#rows + 1] = { id = tostring(ratio), rf_ratio = ratio }
    end
    rows[#rows + 1] = { id = "none" }
    local board, ids = data.board({
      as_of = "2024-01-01", people = { columns = { { "rf_ratio", "number" } }, rows = rows },
    })
    local warning = data.values(board, ids, "rf_warning")
    for ratio, label in pairs(expected) do
      assert.equal(label, warning[tostring(ratio)])
    end
    assert.is_nil(warning.none)
  end)

  it("is missing with one purchase, and without a gap", function()
    local board, ids = data.board({
      as_of = "2024-01-01",
      people = { rows = { { id = "never" } } },
      tables = { data.transactions({
        { customer = "once", date = "2023-01-01", amount = 1 },
        { customer = "one day", date = "2023-01-01", amount = 1 },
        { customer = "one day", date = "2023-01-01", amount = 1 },
        { customer = "twice", date = "2023-01-01", amount = 1 },
        { customer = "twice", date = "2023-12-31", amount = 1 },
      }) },
    })
    assert.same({ twice = "stable" }, data.values(board, ids, "rf_warning"))
    assert.same({ twice = 1 / 364 }, data.values(board, ids, "rf_ratio"))
    board, ids = data.board({
      as_of = "2024-01-01",
      people = {
        columns = { { "recency_days", "integer" }, { "mean_gap_days", "integer" } },
        rows = { { id = "a", recency_days = 3, mean_gap_days = 0 } },
      },
    })
    assert.same({}, data.values(board, ids, "rf_ratio"))
  end)
end)

describe("recency and tenure", function()
  it("run to the as-of date", function()
    local board, ids = data.board({
      as_of = "2024-02-29",
      tables = { data.transactions({
        { customer = "a", date = "2023-11-30", amount = 1 },
        { customer = "a", date = "2024-02-28", amount = 1 },
        { customer = "b", date = "2024-02-29", amount = 1 },
        { customer = "c", date = "2023-12-01", amount = 1 },
      }) },
    })
    assert.same({ a = 1, b = 0, c = 90 }, data.values(board, ids, "recency_days"))
    assert.same({ a = 91, b = 0, c = 90 }, data.values(board, ids, "tenure_days"))
    -- 30 November and three months is 29 February, its month's last day.
    assert.same({ a = 3, b = 0, c = 2 }, data.values(board, ids, "tenure_months"))
  end)

  it("count from the opening day where customers have one", function()
    local board, ids = data.board({
      as_of = "2024-03-31",
      people = {
        columns = { { "opened", "date" } },
        rows = {
          { id = "a", opened = "2022-03-31" }, { id = "b" }, { id = "c", opened = "2024-05-01" },
        },
      },
      tables = { data.transactions({ { customer = "b", date = "2024-01-01", amount = 1 } }) },
    })
    assert.same({ a = 731 }, data.values(board, ids, "tenure_days"))
    assert.same({ a = 24 }, data.values(board, ids, "tenure_months"))
  end)
end)
