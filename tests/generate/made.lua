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

-- The rows of a table, each by header; dates are days, numbers numbers, an empty cell is nil.
function M.rows(folder, name)
  local text = assert(cli.read(folder .. "/" .. name .. ".csv"), name)
  local lines = text:gmatch("([^\n]*)\n")
  local header, list = {}, {}
  for word in lines():gmatch("[^,]+") do
    header[#header + 1] = word
  end
  for line in lines do
    local row, n = {}, 0
    for cell in (line .. ","):gmatch("([^,]*),") do
      n = n + 1
      if cell ~= "" then
        local first = cell:byte()
        local number = (first <= 57) and tonumber(cell)
        row[header[n]] = number or (cell:find("^%d%d%d%d%-") and day(cell)) or cell
      end
    end
    assert(n == #header, name .. ": " .. line)
    list[#list + 1] = row
  end
  return list
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
