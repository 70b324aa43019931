-- Random bases against a second implementation, written here from the documentation; and the same
-- base in another order of input, and on other numbers of threads, to the bit.
local data = require("metric.dataset")

local AS_OF = "2024-03-31"
local columns = {
  { "quantity", "number" }, { "weight", "number" }, { "points", "integer" }, { "margin", "money" },
  { "channel", "label" }, { "order", "integer" },
}

local function pick(list)
  return list[math.random(#list)]
end

local function maybe(x)
  return math.random() < 0.9 and x or nil
end

-- Dates crowd around the ends of months, where calendar windows go wrong.
local function random_date()
  local month, day = math.random(1, 12), pick({ 1, 15, 27, 28, 29, 30, 31 })
  local year = month <= 3 and 2024 or 2023
  local last = ({ 31, year == 2024 and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 })[month]
  return ("%04d-%02d-%02d"):format(year, month, math.min(day, last))
end

local function random_rows(customers, n)
  local rows = {}
  for i = 1, n do
    rows[i] = {
      customer = ("c%05d"):format(math.random(customers)), date = random_date(),
      amount = maybe(math.random(-500, 9999) / 100), quantity = maybe(math.random(-20, 80) / 8),
      weight = maybe((math.random() - 0.3) * 10 ^ math.random(-3, 6)),
      points = maybe(math.random(-5, 50)), margin = maybe(math.random(-100, 900) / 100),
      channel = maybe(pick({ "web", "shop", "phone" })), order = maybe(math.random(9)),
    }
  end
  return rows
end

local function make(rows, threads, declared)
  return data.board({
    as_of = AS_OF, threads = threads, people = { rows = { { id = "c00000" } } },
    tables = { data.transactions(rows, columns) }, declared = declared,
  })
end

local function shuffle(list)
  local out = { table.unpack(list) }
  for i = #out, 2, -1 do
    local k = math.random(i)
    out[i], out[k] = out[k], out[i]
  end
  return out
end

-- ---- the second implementation: dates stay text, which sorts like dates ----------------------

local function months_before(date, n)
  local year, month, day = date:match("(%d+)-(%d+)-(%d+)")
  local months = year * 12 + month - 1 - n
  year, month, day = months // 12, months % 12 + 1, math.tointeger(day)
  while true do
    local text = ("%04d-%02d-%02d"):format(year, month, day)
    if pcall(data.day, text) then
      return text
    end
    day = day - 1
  end
end

local function before(date, duration)
  if duration and duration.months then
    return months_before(date, duration.months)
  end
  return data.date(data.day(date) - (duration and duration.days or 0))
end

local function by_customer(rows)
  local by = { c00000 = {} }
  for i, row in ipairs(rows) do
    by[row.customer] = by[row.customer] or {}
    table.insert(by[row.customer], { row = row, at = i })
  end
  for id, own in pairs(by) do
    table.sort(own, function(a, b)
      return a.row.date < b.row.date or (a.row.date == b.row.date and a.at < b.at)
    end)
    for i, entry in ipairs(own) do
      own[i] = entry.row
    end
    by[id] = own
  end
  return by
end

local fold = {
  count = function(list) return #list end,
  sum = function(list)
    local sum = 0
    for _, x in ipairs(list) do
      sum = sum + x
    end
    return sum
  end,
  mean = function(list, sum) return list[1] and sum / #list end,
  min = function(list) return list[1] and math.min(table.unpack(list)) end,
  max = function(list) return list[1] and math.max(table.unpack(list)) end,
  first = function(list) return list[1] end,
  last = function(list) return list[#list] end,
}

-- d.value and d.where are column names and Lua functions of a row here.
local function aggregate(own, d)
  local until_date = before(AS_OF, d.ending)
  local after = d.last and before(until_date, d.last)
  local list = {}
  for _, row in ipairs(own) do
    local inside = row.date <= until_date and (not after or row.date > after)
    local x = true
    if d.value then
      x = row[d.value]
    end
    if inside and x ~= nil and (not d.test or d.test(row)) then
      list[#list + 1] = x
    end
  end
  return fold[d.aggregate](list, d.aggregate == "mean" and fold.sum(list))
end

local function check(name, got, expected, money)
  if expected == nil or type(expected) == "string" then
    assert.equal(expected, got, name)
  elseif money then
    assert.near(expected * 100, got, 0.5 + 1e-6, name)
  else
    assert.near(expected, got, 1e-9 * math.max(1, math.abs(expected)), name)
  end
end

local windows = {
  {}, { last = { months = 1 } }, { last = { months = 2 } }, { last = { days = 60 } },
  { last = { months = 3 }, ending = { months = 1 } }, { ending = { days = 31 } },
  { last = { days = 10 }, ending = { months = 6 } },
}
local conditions = {
  {},
  { where = "channel == 'web'", test = function(r) return r.channel == "web" end },
  { where = "channel ~= 'web'", test = function(r) return r.channel and r.channel ~= "web" end },
  { where = "points > 10 or quantity > 2", test = function(r)
    -- Missing points stop the expression before quantity is read.
    return r.points and (r.points > 10 or (r.quantity and r.quantity > 2))
  end },
}

local function random_declared(n)
  local list = {}
  for i = 1, n do
    local how = pick({ "count", "sum", "mean", "min", "max", "first", "last" })
    local value = pick({ "amount", "quantity", "weight", "points", "margin" })
    if how == "first" or how == "last" then
      value = pick({ "amount", "points", "channel" })
    end
    local d = { name = "d" .. i, aggregate = how, table = "transactions",
      value = how ~= "count" and value or nil }
    for _, more in ipairs({ pick(windows), pick(conditions) }) do
      for key, x in pairs(more) do
        d[key] = x
      end
    end
    list[i] = d
  end
  return list
end

describe("declared aggregates", function()
  it("are what a second implementation finds", function()
    math.randomseed(21)
    local rows, declared = random_rows(200, 2000), random_declared(120)
    local board, ids = make(rows, 2, declared)
    local by = by_customer(rows)
    for _, d in ipairs(declared) do
      local got = data.values(board, ids, d.name)
      local money = (d.value == "amount" or d.value == "margin") and d.aggregate ~= "count"
      for id, own in pairs(by) do
        check(d.name .. " " .. id, got[id], aggregate(own, d), money)
      end
    end
  end)
end)

-- One customer's purchases by the documentation.
local function purchases(own)
  local p = { orders = 0, purchase_days = 0, spend = 0, units = 0, margin = 0 }
  local seen = {}
  for _, row in ipairs(own) do
    p.spend = p.spend + (row.amount or 0)
    p.units = p.units + (row.quantity or 0)
    p.margin = p.margin + (row.margin or 0)
    if not (row.amount and row.amount < 0) then
      p.purchase_days = p.purchase_days + (row.date ~= p.last_purchase and 1 or 0)
      p.first_purchase = p.first_purchase or row.date
      p.last_purchase = row.date
      if not row.order or not seen[row.order] then
        p.orders = p.orders + 1
      end
      seen[row.order or {}] = true
    end
  end
  return p
end

local function derived(p)
  local today = data.day(AS_OF)
  local first = p.first_purchase and data.day(p.first_purchase)
  local last = p.last_purchase and data.day(p.last_purchase)
  p.first_purchase, p.last_purchase = first, last
  p.recency_days = last and today - last
  p.tenure_days = first and today - first
  p.mean_gap_days = p.purchase_days > 1 and (last - first) / (p.purchase_days - 1) or nil
  p.rf_ratio = p.mean_gap_days and p.recency_days / p.mean_gap_days
  if p.rf_ratio then
    p.rf_warning = p.rf_ratio <= 1 and "stable" or p.rf_ratio < 1.5 and "at risk" or "high risk"
  end
  if first then
    p.tenure_months = -1
    while data.day(months_before(AS_OF, p.tenure_months + 1)) >= first do
      p.tenure_months = p.tenure_months + 1
    end
  end
  return p
end

-- Scores by counting: the share of customers below is all that a quantile cut can see.
local function score(all, name, reversed)
  local sorted = {}
  for _, p in pairs(all) do
    if p.orders > 0 then
      sorted[#sorted + 1] = p[name]
    end
  end
  table.sort(sorted)
  for _, p in pairs(all) do
    local s = p.orders > 0 and 1 or nil
    for k = 1, 4 do
      local h = (#sorted - 1) * k / 5
      local low = math.floor(h + 1e-9)
      local cut = sorted[low + 1] + (h - low) * ((sorted[low + 2] or 0) - sorted[low + 1])
      s = s and s + (p[name] > cut + 1e-9 and 1 or 0)
    end
    p[name .. " score"] = s and (reversed and 6 - s or s)
  end
end

describe("the metrics of the registry", function()
  it("are what a second implementation finds", function()
    math.randomseed(22)
    local rows = random_rows(400, 1500)
    local board, ids = make(rows, 2)
    local all = {}
    for id, own in pairs(by_customer(rows)) do
      all[id] = derived(purchases(own))
    end
    for _, name in ipairs({ "first_purchase", "last_purchase", "orders", "purchase_days", "units",
      "spend", "margin", "recency_days", "tenure_days", "mean_gap_days", "rf_ratio",
      "rf_warning" }) do
      local got = data.values(board, ids, name)
      for id, p in pairs(all) do
        check(name .. " " .. id, got[id], p[name], name == "spend" or name == "margin")
      end
    end
    score(all, "recency_days", true)
    score(all, "orders")
    score(all, "spend")
    for name, of in pairs({ r_score = "recency_days", f_score = "orders", m_score = "spend" }) do
      local got = data.values(board, ids, name)
      for id, p in pairs(all) do
        assert.equal(p[of .. " score"], got[id], name .. " " .. id)
      end
    end
  end)

  it("count whole months as adding months to the start does", function()
    math.randomseed(23)
    for _ = 1, 40 do
      local opened = random_date()
      local board = data.board({ as_of = AS_OF, people = { columns = { { "opened", "date" } },
        rows = { { id = "a", opened = opened } } } })
      local year, month, day = opened:match("(%d+)-(%d+)-(%d+)")
      -- The last day of March: every start up to its day 31 has had its month.
      assert.equal((2024 - year) * 12 + 3 - month, board:column("tenure_months")[1], day)
    end
  end)
end)

describe("all metrics", function()
  it("have the same bits for every order of input and number of threads", function()
    math.randomseed(24)
    local rows = random_rows(9000, 14000)
    local declared = {
      { name = "d_sum", aggregate = "sum", table = "transactions", value = "weight" },
      { name = "d_mean", aggregate = "mean", table = "transactions", value = "weight",
        where = "points > 3", last = { months = 6 } },
      { name = "d_expr", aggregate = "sum", table = "transactions", value = "weight * quantity" },
      { name = "d_max", aggregate = "max", table = "transactions", value = "amount" },
      { name = "d_fault", aggregate = "sum", table = "transactions", value = "100 // points" },
      { name = "d_over", value = "d_sum / d_max + rf_ratio" },
    }
    local names = { "first_purchase", "last_purchase", "orders", "purchase_days", "units", "spend",
      "margin", "mean_order_value", "recency_days", "tenure_months", "mean_gap_days", "rf_ratio",
      "rf_warning", "rfm", "rfm_segment", "spend_share", "abc_class" }
    for _, d in ipairs(declared) do
      names[#names + 1] = d.name
    end
    local function prints(list, threads)
      local board, ids = make(list, threads, declared)
      local out = {}
      for _, name in ipairs(names) do
        local column = assert(board:column(name))
        local text = {}
        for i = 1, #ids do
          local x = column[i]
          text[i] = math.type(x) == "float" and ("%a"):format(x) or tostring(x)
        end
        out[name] = table.concat(text, " ")
      end
      out.faults = board:faults()
      return out
    end
    local first = prints(rows, 1)
    assert.is_true(first.faults > 0)
    for _, threads in ipairs({ 2, 4 }) do
      assert.same(first, prints(rows, threads))
      assert.same(first, prints(shuffle(rows), threads))
    end
  end)
end)
