-- The tables of a run, against the document they were made from.
local cli = require("cli")
local json = require("dkjson")
local sink = require("patron_core").sink

local function folder()
  return cli.folder() .. "/tables"
end

local function write(run)
  return sink.tables(folder(), type(run) == "string" and run or json.encode(run))
end

-- Rows of a table whose texts need no quotes, each { column = text }, and its head.
local function read(name)
  local rows, head = {}, nil
  for line in assert(cli.read(folder() .. "/" .. name)):gmatch("([^\n]*)\n") do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do
      cells[#cells + 1] = cell
    end
    if head then
      local row = {}
      for i, cell in ipairs(cells) do
        row[head[i]] = cell
      end
      rows[#rows + 1] = row
    else
      head = cells
    end
  end
  return rows, head
end

-- Every number of an object, by its path.
local function numbers(x, above, out)
  for key, value in pairs(x) do
    local name = above and above .. "_" .. key or key
    if type(value) == "number" then
      out[name] = value
    elseif type(value) == "table" and name ~= "data" and #value == 0 then
      numbers(value, name, out)
    end
  end
  return out
end

local function check_rows(name, list)
  local rows = read(name)
  assert.equal(#list, #rows, name)
  for i, x in ipairs(list) do
    for key, value in pairs(numbers(x, nil, {})) do
      assert.equal(value, tonumber(rows[i][key]), name .. ", row " .. i .. ", " .. key)
    end
  end
end

describe("the tables of a run", function()
  local text = assert(cli.read("tests/sink/run.json"))
  local run = assert(json.decode(text, 1, nil))
  after_each(cli.clean)

  it("hold every number of the document", function()
    write(text)
    for name, list in pairs({ campaigns = run.campaigns, channels = run.reach.channels,
      reasons = run.reach.campaigns, tornado = run.tornado, budget = run.budget.curve,
      compare = run.budget.compare, months = run.months }) do
      check_rows(name .. ".csv", list)
    end
    local figures = {}
    for _, row in ipairs((read("figures.csv"))) do
      figures[row.figure] = tonumber(row.value)
    end
    assert.same(numbers(run, nil, {}), figures)
  end)

  it("hold the classes of each scheme, the bins and the points of a sweep", function()
    write(text)
    local reach = read("reach.csv")
    assert.same({ scheme = "card", class = "silver", customers = "9000", offers = "5010" },
      reach[2])
    assert.same({ scheme = "mood", class = "steady", customers = "18000", offers = "4210" },
      reach[6])
    local bins, d = read("distribution.csv"), run.distribution
    assert.equal(#d.counts, #bins)
    for i, bin in ipairs(bins) do
      assert.same({ d.edges[i], d.edges[i + 1], d.counts[i] },
        { tonumber(bin.from), tonumber(bin.to), tonumber(bin.draws) })
    end
    for i, point in ipairs((read("sweep.csv"))) do
      local p = run.sweep.points[i]
      assert.same({ p.values[1], p.values[2], p.net.p95 }, { tonumber(point.values_gold_clv),
        tonumber(point.values_share), tonumber(point.net_p95) })
    end
  end)

  it("are those that have rows, each with the sum of what it holds", function()
    local sums = write({ seed = 7, reach = { customers = 2, by = {} }, campaigns = {},
      inputs = { { name = "a", mean = 1, sd = 0.12000000000000002, assumed = true },
        { name = "b", assumed = false, why = "said so" } } })
    local names = {}
    for name, sum in pairs(sums) do
      names[#names + 1] = name
      local pipe = io.popen("sha256sum '" .. folder() .. "/" .. name .. "'")
      assert.equal(sum, pipe:read("a"):match("^%x+"))
      pipe:close()
    end
    table.sort(names)
    assert.same({ "figures.csv", "inputs.csv" }, names)
    local rows = read("inputs.csv")
    assert.equal("0.12", rows[1].sd)
    assert.same({ "a", "1", "true", "" }, { rows[1].name, rows[1].mean, rows[1].assumed,
      rows[1].why })
    assert.same({ "b", "", "false", "said so" }, { rows[2].name, rows[2].mean, rows[2].assumed,
      rows[2].why })
  end)

  it("are in the documentation", function()
    local guide = assert(cli.read("docs/report.md"))
    for name in pairs(write(text)) do
      assert.is_truthy(guide:find("`" .. name .. "`", 1, true), name)
    end
  end)

  it("have no formulas for spreadsheets", function()
    write(text)
    local campaigns = cli.read(folder() .. "/campaigns.csv")
    assert.is_truthy(campaigns:find("\n\"'=1+2 points\",1400,", 1, true), campaigns)
  end)
end)
