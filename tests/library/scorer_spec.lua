-- One customer alone, by id or as a record, against the row that a batch writes.
local cli = require("cli")
local host = require("library.host")

local function lines(text)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    list[#list + 1] = line
  end
  return list
end

-- The batch's rows by id.
local function batch(words)
  local call = { "score", table.unpack(words) }
  call[#call + 1] = "-o"
  call[#call + 1] = "batch.ndjson"
  local run = cli.run(call)
  assert.equal(0, run.status, run.err)
  return lines(cli.read(cli.folder() .. "/batch.ndjson"))
end

local function id_of(row)
  return row:match('^{"customer":"([^"]*)"')
end

local function assert_rows(expected, run)
  assert.equal(0, run.status, run.err)
  local got = lines(run.out)
  assert.equal(#expected, #got)
  for i, row in ipairs(expected) do
    assert.equal(row, got[i])
  end
end

local function ids(rows)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = id_of(row)
  end
  return table.concat(list, "\n") .. "\n"
end

-- The rows of a CSV file whose cells have no quotes inside, as members of JSON objects. `types`
-- says what is no text: n a number, f a flag.
local function read_csv(path, names, types)
  local rows = {}
  local all = lines(cli.read(path))
  local header = {}
  for name in all[1]:gmatch("[^,]+") do
    header[#header + 1] = names and names[name] or name
  end
  for i = 2, #all do
    local cells, column = {}, 0
    local line = all[i] .. ","
    while line ~= "" do
      local text, rest = line:match('^"([^"]*)",(.*)$')
      if not text then
        text, rest = line:match("^([^,]*),(.*)$")
      end
      line = rest
      column = column + 1
      local name = header[column]
      local kind = types:match(name .. "=(%a)")
      if text ~= "" then
        cells[#cells + 1] = ('"%s":%s'):format(name, kind == "n" and text
          or kind == "f" and tostring(text == "yes") or '"' .. text .. '"')
      end
      cells[name] = text
    end
    rows[#rows + 1] = cells
  end
  return rows
end

local function without_customer(row)
  local kept = {}
  for _, cell in ipairs(row) do
    if not cell:find('^"customer":') then
      kept[#kept + 1] = cell
    end
  end
  return "{" .. table.concat(kept, ",") .. "}"
end

-- tables: name -> rows. In the order of `rows`, as NDJSON.
local function records(rows, people, tables)
  local of = {}
  for name, list in pairs(tables) do
    for _, row in ipairs(list) do
      local own = of[row.customer] or {}
      of[row.customer] = own
      own[name] = own[name] or {}
      table.insert(own[name], without_customer(row))
    end
  end
  local fields = {}
  for _, row in ipairs(people or {}) do
    fields[row.customer] = table.concat(row, ",")
  end
  local out = {}
  for i, row in ipairs(rows) do
    local id = id_of(row)
    local text = { fields[id] or ('"customer":"%s"'):format(id) }
    for name, list in pairs(of[id] or {}) do
      text[#text + 1] = ('"%s":[%s]'):format(name, table.concat(list, ","))
    end
    out[i] = "{" .. table.concat(text, ",") .. "}\n"
  end
  return table.concat(out)
end

describe("a customer of the bank alone", function()
  lazy_teardown(cli.clean)
  local words = { "samples/bank", "policies/card-retention.lua", "--metrics",
    "recency_days,spend,rf_ratio,uses_3m,fee_in,city,opted_out,opened" }
  local rows

  lazy_setup(function()
    rows = batch(words)
    assert.equal(24, #rows)
  end)

  it("by id is the row of the batch", function()
    assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows) }))
  end)

  it("as a record is the row of the batch, in whatever order its rows come", function()
    local function csv(name, types)
      return read_csv("samples/bank/" .. name .. ".csv", nil, types)
    end
    local people = csv("customers", "annual_fee=n opted_out=f in_collections=f")
    local tables = { transactions = csv("transactions", "amount=n margin=n"),
      events = csv("events", "") }
    local input = records(rows, people, tables)
    assert_rows(rows, host.run({ "records", table.unpack(words) }, { input = input }))
  end)

  it("may be asked for in a German locale", function()
    local env, why = host.german()
    if not env then
      return pending(why)
    end
    assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows), env = env }))
  end)
end)

describe("a customer of a shop of 2,000 alone", function()
  lazy_teardown(cli.clean)
  local path

  lazy_setup(function()
    path = cli.folder() .. "/shop.csv"
    assert(os.execute("lua5.4 samples/shop.lua 2000 >'" .. path .. "'"))
  end)

  for _, policy in ipairs({ "churn-warning", "rfm" }) do
    it("is the row of the batch by " .. policy .. ", by id and as a record", function()
      local words = { "shop.csv", "policies/" .. policy .. ".lua", "--metrics",
        "spend,orders,recency_days,rf_ratio" }
      local rows = batch(words)
      assert.equal(2000, #rows)
      assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows) }))
      local buys = read_csv(path, { customer_id = "customer", order_id = "order" },
        "amount=n quantity=n")
      local input = records(rows, nil, { transactions = buys })
      assert_rows(rows, host.run({ "records", table.unpack(words) }, { input = input }))
    end)
  end
end)

describe("a customer alone with a model", function()
  lazy_teardown(cli.clean)

  it("is judged by it, and not by the data, which may be a snapshot", function()
    assert.equal(0, cli.run({ "pack", "samples/bank", "-o", "bank.patron" }).status)
    assert.equal(0, cli.run({ "fit", "samples/bank", "-o", "model.json" }).status)
    local words = { "bank.patron", "policies/rfm.lua", "--metrics", "rfm" }
    local own = batch(words)
    local model = cli.folder() .. "/model.json"
    cli.write(model, (cli.read(model):gsub('("r_score": .-"cuts":%[)[^%]]*', "%11,2,3,4")))
    words[5], words[6] = "--model", "model.json"
    local rows = batch(words)
    assert.are_not.same(own, rows)
    assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows) }))
  end)
end)

describe("a record", function()
  lazy_teardown(cli.clean)

  local function answer(...)
    local run = host.run({ "records", "samples/bank", "policies/card-retention.lua" },
      { input = table.concat({ ... }, "\n") .. "\n" })
    assert.equal(0, run.status, run.err)
    return lines(run.out)
  end

  it("is refused with its place and what is wrong", function()
    local wrong = {
      { "", "1:1: here or just before, this is no JSON" },
      { "[]", "1:1: here stands an object: {\"customer\": ...}" },
      { "{}", "1:1: customer must be given" },
      { '{"customer": null}', "1:1: customer must be given" },
      { '{"customer": "N", "cty": "x"}',
        "1:19: customers has no column 'cty'; did you mean 'city'?" },
      { '{"customer": "N", "city": true}', "1:27: city takes a text" },
      { '{"customer": "N", "opted_out": "no"}', "1:32: opted_out takes true or false" },
      { '{"customer": "N", "opened": "1.2.25"}', "1:29: opened takes a day" },
      { '{"customer": "N", "opened": "2025-02-30"}', "1:29: opened takes a day" },
      { '{"customer": "N", "annual_fee": "much"}', "1:33: annual_fee takes a number" },
      { '{"customer": "N", "annual_fee": 1e400}', "1:33: annual_fee takes a number" },
      { '{"customer": "N", "events": {}}', "1:29: events takes its rows" },
      { '{"customer": "N", "events": [1]}', "1:30: here stands an object" },
      { '{"customer": "N", "events": [{"type": "x"}]}', "1:30: date must be given" },
      { '{"customer": "N", "events": [{"date": "2025-01-01", "kind": "x"}]}',
        "1:53: events has no column 'kind'" },
      { '{"customer": "N", "customer": "M"}', "stands here for the second time" },
      { '{"customer": "N"} x', "no JSON" },
    }
    local input = {}
    for i, case in ipairs(wrong) do
      input[i] = case[1]
    end
    -- One behind them all is scored as if nothing had been.
    input[#input + 1] = '{"customer": "N"}'
    local got = answer(table.unpack(input))
    for i, case in ipairs(wrong) do
      assert.truthy(got[i]:find("^1 record:"), got[i])
      assert.truthy(got[i]:find(case[2], 1, true), got[i])
    end
    assert.truthy(got[#input]:find('{"customer":"N","tier":null', 1, true) or
      got[#input]:find('{"customer":"N","tier":"classic"', 1, true), got[#input])
  end)

  it("rounds as a file does, and knows nothing after the day of the data", function()
    local run = host.run({ "records", "samples/bank", "policies/card-retention.lua", "--metrics",
      "spend,margin_12m" }, { input = '{"customer":"N","transactions":['
        .. '{"date":"2025-06-30","amount":1.015,"margin":"0.10"},'
        .. '{"date":"2025-06-01","amount":"2.345","margin":0.2},'
        .. '{"date":"2025-07-01","amount":5,"margin":5}]}\n' })
    assert.truthy(run.out:find('"spend":3.36,"margin_12m":0.30}', 1, true), run.out)
  end)

  it("of an unknown id is refused, and the next is answered", function()
    local run = host.run({ "rows", "samples/bank", "policies/card-retention.lua" },
      { input = "C999\nC001\n" })
    local got = lines(run.out)
    assert.truthy(got[1]:find("there is no customer 'C999' among the 24", 1, true))
    assert.equal("C001", id_of(got[2]))
  end)
end)
