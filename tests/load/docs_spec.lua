-- docs/datasets.md is true: its example loads, and its tables have what the program has.
local load = require("patron_core").load
local folder = require("load.folder")

local function document()
  local file = assert(io.open("docs/datasets.md"))
  local text = file:read("a")
  file:close()
  return text
end

local function rows(heading)
  return document():match("\n## " .. heading .. "\n(.*)"):gsub("\n## .*", "")
end

describe("docs/datasets.md", function()
  it("shows a dataset.json that loads", function()
    local path = folder {
      ["dataset.json"] = document():match("```json\n(.-)```"),
      ["customers.csv"] = "id;opted_out;potential;phone\n1;no;low;7\n2;yes;;\n",
      ["sales.csv"] = "buyer;date;gross\n1;24.12.2024;3,50\n2;1.1.2025;2\n",
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ "customer", "opted_out", "potential" }, d.people.names)
    assert.are.equal("3.50", d.transactions.column.amount[1])
    assert.are.equal(1, d.source[2].after_as_of)
  end)

  it("lists all tables with their roles, the required ones in bold", function()
    local text, tables = rows("Tables and roles"), 0
    for name, roles in pairs(load.roles()) do
      local said = text:match("\n| `" .. name .. "` |([^\n]*)|\n"):gsub(" %(money%)", "")
      local want = {}
      for i, role in ipairs(roles) do
        want[i] = role.required and "**" .. role.name .. "**" or role.name
      end
      assert.are.equal(table.concat(want, ", "), said:match("^%s*(.-)%s*$"), name)
      tables = tables + 1
    end
    assert.are.equal(tables, select(2, text:gsub("\n| `", "")))
  end)

  it("lists all usual words for a missing value", function()
    local said = {}
    for word in document():match("these are known:\n(.-)%.\n"):gmatch("`(.-)`") do
      said[#said + 1] = word
    end
    assert.are.same(load.missing_words(), said)
  end)

  it("lists all reasons to reject a row, in the order of the program", function()
    local said = {}
    for reason in rows("Bad rows and bad files"):gmatch("\n| `([^`]+)` |") do
      said[#said + 1] = reason
    end
    assert.are.same(load.faults(), said)
  end)
end)
