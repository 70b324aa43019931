-- Generated bases as Lua tables, read by other means than the program's own: plain cells of CSV.
local cli = require("cli")

local M = {}

-- 2024-03-01 -> days since 1970-01-01.
local days = {}
local function day(text)
  local known = days[text]
  if not known then
    local year, month, d = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
    known = math.tointeger((os.time({ year = year, month = month, day = d, hour = 12 })
      - os.time({ year = 1970, month = 1, day = 1, hour = 12 }) + 43200) // 86400)
    days[text] = known
  end
  return known
end

M.day = day

-- The rows of a file, one after another: their cells as text, by header.
function M.cells(path)
  local lines, header = io.lines(path), {}
  for word in lines():gmatch("[^,]+") do
    header[#header + 1] = word
  end
  return function()
    local line = lines()
    if not line then
      return nil
    end
    local row, n = {}, 0
    for cell in (line .. ","):gmatch("([^,]*),") do
      n = n + 1
      row[header[n]] = cell
    end
    assert(n == #header, path .. ": " .. line)
    return row
  end
end

-- The rows of a table, each by header; dates are days, numbers numbers, an empty cell is nil.
function M.rows(folder, name)
  local list = {}
  for row in M.cells(folder .. "/" .. name .. ".csv") do
    for column, cell in pairs(row) do
      if cell == "" then
        row[column] = nil
      else
        local number = cell:byte() <= 57 and tonumber(cell)
        row[column] = number or (cell:find("^%d%d%d%d%-") and day(cell)) or cell
      end
    end
    list[#list + 1] = row
  end
  return list
end

-- How many uses, or orders, are expected of each customer of a base in the year after its last day:
-- they come at a constant rate until the customer leaves; at banks, in the 90 days before that, at
-- 0.4 of it (docs/generate.md).
function M.expected(folder)
  local out, today = {}, day("2025-12-31")
  for _, row in ipairs(M.rows(folder, "truth")) do
    local there = row.left and math.max(0, math.min(365, row.left - today)) or 365
    local slow = row.uses_a_week and there < 365 and math.min(90, there) or 0
    out[row.customer] = (row.uses_a_week or row.orders_a_week) * (there - 0.6 * slow) / 7
  end
  return out
end

-- Lists of rows by customer.
function M.by_customer(rows)
  local map = {}
  for _, row in ipairs(rows) do
    local list = map[row.customer]
    if not list then
      list = {}
      map[row.customer] = list
    end
    list[#list + 1] = row
  end
  return map
end

-- Runs `patron generate`, which must succeed; returns the folder.
function M.make(kind, customers, folder, ...)
  local run = cli.run({ "generate", kind, "--customers", customers, "-o", folder, ... })
  assert(run.status == 0, run.err)
  return cli.folder() .. "/" .. folder
end

return M
