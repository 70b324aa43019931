-- Decisions for customers that a test writes down.
local cli = require("cli")

local M = {}

local types = { customer = "label" }

-- The CSV of rows such as { customer = "a", spend = 3 }, and its description. What no row has is no
-- column; `columns` says the type of each ("money", "label" ...).
local function write(folder, rows, columns)
  local names, described, lines = { "customer" }, {}, {}
  for name in pairs(columns) do
    names[#names + 1] = name
  end
  table.sort(names, function(a, b)
    return (a == "customer" and "" or a) < (b == "customer" and "" or b)
  end)
  for i, name in ipairs(names) do
    described[i] = ('"%s": { "type": "%s" }'):format(name, types[name] or columns[name])
  end
  lines[1] = table.concat(names, ",")
  for i, row in ipairs(rows) do
    local cells = {}
    for k, name in ipairs(names) do
      local value = row[name]
      if value == nil then
        value = name == "customer" and "C" .. i or ""
      end
      cells[k] = tostring(value)
    end
    lines[i + 1] = table.concat(cells, ",")
  end
  cli.write(folder .. "/customers.csv", table.concat(lines, "\n") .. "\n")
  cli.write(folder .. "/dataset.json", ([[{ "name": "d", "as_of": "2025-06-30", "currency": "CNY",
    "tables": { "customers": { "file": "customers.csv", "columns": { %s } } } }]]):format(
    table.concat(described, ", ")))
end

-- The rows that score writes, in the order of the customers' ids, each by column; the columns; and
-- the run. Further arguments are score's own.
function M.decide(customers, columns, policy, ...)
  local folder = cli.folder()
  write(folder, customers, columns)
  cli.write(folder .. "/p.lua", policy)
  local run = cli.run({ "score", folder, folder .. "/p.lua", ... })
  assert(run.status == 0, run.err)
  local rows, header = {}, nil
  for line in run.out:gmatch("[^\n]+") do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do
      cells[#cells + 1] = cell
    end
    if header then
      local row = {}
      for i, name in ipairs(header) do
        row[name] = cells[i]
      end
      rows[#rows + 1] = row
    end
    header = header or cells
  end
  return rows, header, run
end

return M
