-- Boards over datasets made from Lua tables, so that these specs need no loader. Rows are grouped
-- as the loader promises: by customer, then date, then input order.
local core = require("patron_core")

local M = {}

function M.day(text)
  return assert((core.base.date(text, "YYYY-MM-DD")))
end

function M.date(day)
  return day and core.base.print_date(day)
end

-- A value as the core stores it: dates may be given as text, money in major units.
local function stored(value, kind, decimals)
  if value == nil then
    return nil
  elseif kind == "date" and type(value) == "string" then
    return M.day(value)
  elseif kind == "money" then
    return math.floor(value * 10 ^ decimals + 0.5)
  end
  return value
end

local function columns_of(columns, rows, decimals)
  local out = {}
  for i, column in ipairs(columns) do
    local name, kind = column[1], column[2]
    out[i] = { name = name, type = kind }
    for k, row in ipairs(rows) do
      out[i][k] = stored(row[name], kind, decimals)
    end
  end
  return out
end

local function sorted_ids(spec)
  local seen, ids = {}, {}
  local function add(id)
    if not seen[id] then
      seen[id] = true
      ids[#ids + 1] = id
    end
  end
  for _, row in ipairs(spec.people and spec.people.rows or {}) do
    add(row.id)
  end
  for _, t in ipairs(spec.tables or {}) do
    for _, row in ipairs(t.rows) do
      add(row.customer)
    end
  end
  table.sort(ids)
  return ids
end

local function group(t, ids, decimals)
  local by, start, rows = {}, { 0 }, {}
  for i, row in ipairs(t.rows) do
    local own = by[row.customer] or {}
    by[row.customer] = own
    own[#own + 1] = { row = row, at = i, date = stored(row[t.date or 1], "date") or 0 }
  end
  for i, id in ipairs(ids) do
    local own = by[id] or {}
    table.sort(own, function(a, b)
      if a.date ~= b.date then
        return a.date < b.date
      end
      return a.at < b.at
    end)
    for _, entry in ipairs(own) do
      rows[#rows + 1] = entry.row
    end
    start[i + 1] = #rows
  end
  return {
    name = t.name, n = #rows, start = not t.strangers and start or nil, date = t.date,
    columns = columns_of(t.columns, rows, decimals),
  }
end

-- spec = { as_of = "1998-06-30", people = { columns = {{"opened", "date"}}, rows = {{id = "a",
-- opened = ...}} }, tables = {{ name = "transactions", date = "date", columns = {...}, rows =
-- {{customer = "a", date = "...", amount = 12.5}} }}, and what core.metric.board takes }.
function M.board(spec)
  local decimals = spec.decimals or 2
  local ids = sorted_ids(spec)
  local people, by = { { "id", "label" } }, {}
  for _, column in ipairs(spec.people and spec.people.columns or {}) do
    people[#people + 1] = column
  end
  for _, row in ipairs(spec.people and spec.people.rows or {}) do
    by[row.id] = row
  end
  local rows, tables = {}, {}
  for i, id in ipairs(ids) do
    rows[i] = by[id] or { id = id }
  end
  for i, t in ipairs(spec.tables or {}) do
    tables[i] = group(t, ids, decimals)
  end
  return core.metric.board({
    as_of = M.day(spec.as_of), decimals = decimals, threads = spec.threads,
    alone = spec.alone and 1,
    people = { name = "customers", n = #ids, columns = columns_of(people, rows, decimals) },
    tables = tables,
    constants = spec.constants or {}, declared = spec.declared or {},
    expected = spec.expected or {},
  }), ids
end

-- A board without a dataset: one customer, or names and types only.
function M.alone(spec)
  return core.metric.board({
    constants = spec.constants or {}, declared = spec.declared or {},
    expected = spec.expected or {}, currency = spec.currency,
  })
end

function M.transactions(rows, columns)
  local all = { { "date", "date" }, { "amount", "money" } }
  for _, column in ipairs(columns or {}) do
    all[#all + 1] = column
  end
  return { name = "transactions", date = "date", columns = all, rows = rows }
end

-- The column's values by customer id.
function M.values(board, ids, name)
  local column = assert(board:column(name))
  local out = {}
  for i, id in ipairs(ids) do
    out[id] = column[i]
  end
  return out
end

-- A param.
function M.number(name, value)
  return { name = name, type = "number", value = value }
end

-- Rows of a CSV file without quotes, as tables by header.
function M.csv(path)
  local rows, header = {}, nil
  for line in io.lines(path) do
    local fields = {}
    for field in (line:gsub("\r$", "") .. ","):gmatch("([^,]*),") do
      fields[#fields + 1] = field
    end
    if header then
      local row = {}
      for i, name in ipairs(header) do
        row[name] = fields[i]
      end
      rows[#rows + 1] = row
    else
      header = fields
    end
  end
  return rows
end

return M
