-- Where customers stand in schemes: in order of dependency, with what their class says.
local cli = require("cli")

local M = {}

-- The decisions for customers (a CSV text) by a policy, as a list of rows: each column's text.
local function decide(customers, columns, policy, ...)
  local folder = cli.folder()
  cli.write(folder .. "/customers.csv", customers)
  cli.write(folder .. "/dataset.json", ([[{ "name": "d", "as_of": "2025-06-30", "currency": "CNY",
    "tables": { "customers": { "file": "customers.csv", "columns": { %s } } } }]]):format(columns))
  cli.write(folder .. "/p.lua", policy)
  local run = cli.run({ "score", folder, folder .. "/p.lua", ... })
  assert.equal(0, run.status, run.err)
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

M.decide = decide

describe("schemes", function()
  after_each(cli.clean)

  it("read each other and metrics in any order, and say what their classes say", function()
    local rows, header = decide("customer,spend\na,50\nb,200\nc,\n",
      '"customer": { "type": "label" }, "spend": { "type": "money" }', [[
metrics { bonus = "10 * care_rank" }
tiers "care" {
  { "close", when = "card_lounge and worth > 1", rank = 2, who = { "Ms Li", "Mr Wu" } },
  { "far", rank = 1 },
}
tiers "card" {
  { "gold", when = "worth >= 20", lounge = true, share = 0.5 },
  { "silver", when = "worth >= 2", lounge = false, share = 1 },
}
metrics { worth = "spend / 10" }
tiers "late" { { "yes", when = "bonus > 10" }, { "no" } }
]], "--metrics", "bonus,care_undecided,tier_who")
    assert.equal("customer tier campaign offer channel cost value net reason care_rank care_who "
      .. "card card_lounge card_share late bonus care_undecided tier_who", table.concat(header, " "))
    local function shown(row)
      return table.concat({ row.tier, row.care_rank, row.care_who, row.card, row.card_lounge,
        row.card_share, row.late, row.bonus, row.care_undecided, row.tier_who }, " ")
    end
    assert.equal("far 1  silver false 1 no 10 false ", shown(rows[1]))
    assert.equal("close 2 Ms Li; Mr Wu gold true 0.5 yes 20 false Ms Li; Mr Wu", shown(rows[2]))
    assert.equal("far 1     no 10 true ", shown(rows[3]))
  end)
end)

return M
