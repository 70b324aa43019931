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
local function read_csv(path, types)
  local rows, header = {}, {}
  local all = lines(cli.read(path))
  for name in all[1]:gmatch("[^,]+") do
    header[#header + 1] = name
  end
  for i = 2, #all do
    local row, column = {}, 0
    local line = all[i] .. ","
    while line ~= "" do
      local text, rest = line:match('^"([^"]*)",(.*)$')
      if not text then
        text, rest = line:match("^([^,]*),(.*)$")
      end
      line = rest
      column = column + 1
      local name = header[column]
      local kind = types:match("%f[%w]" .. name .. "=(%a)")
      row[column] = text ~= "" and ('"%s":%s'):format(name, kind == "n" and text
        or kind == "f" and tostring(text == "yes" or text == "1") or '"' .. text .. '"') or ""
      row.customer = row.customer or text -- the first column
    end
    rows[#rows + 1] = row
  end
  return rows
end

local function members(row, from)
  local kept = {}
  for i = from, #row do
    if row[i] ~= "" then
      kept[#kept + 1] = row[i]
    end
  end
  return table.concat(kept, ",")
end

-- A record, a line each, of the customer of each of `rows`. files: name of a table -> its types.
local function records(rows, folder, files)
  local of, fields = {}, {}
  for name, types in pairs(files) do
    for _, row in ipairs(read_csv(folder .. "/" .. name .. ".csv", types)) do
      local own = of[row.customer] or {}
      of[row.customer] = own
      own[name] = own[name] or {}
      if name == "customers" then
        fields[row.customer] = members(row, 1)
      else
        table.insert(own[name], "{" .. members(row, 2) .. "}")
      end
    end
  end
  local out = {}
  for i, row in ipairs(rows) do
    local text = { fields[id_of(row)] }
    for name, list in pairs(of[id_of(row)]) do
      if name ~= "customers" then
        text[#text + 1] = ('"%s":[%s]'):format(name, table.concat(list, ","))
      end
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
    local input = records(rows, "samples/bank", {
      customers = "annual_fee=n opted_out=f in_collections=f",
      transactions = "amount=n margin=n",
      events = "",
    })
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

  lazy_setup(function()
    local words = { "generate", "retail", "--customers", "2000", "--seed", "7", "-o", "shop" }
    assert.equal(0, cli.run(words).status)
  end)

  local function all_records(rows)
    return records(rows, cli.folder() .. "/shop", {
      customers = "born=n opted_out=f",
      transactions = "quantity=n amount=n margin=n",
      events = "",
      contacts = "cost=n response=f",
      referrals = "",
      relations = "",
    })
  end

  local with_functions = [[
tiers "club" {
  { "gold", when = function(orders, spend) return orders * spend > 500 end },
  { "rest" },
}
campaign "come back" {
  when  = function(recency_days, rf_ratio) return recency_days > 10 and rf_ratio > 1 end,
  value = function(spend) return spend // 10 end,
  cost  = "1",
  offer = gift "a voucher",
}]]

  for _, policy in ipairs({ "policies/churn-warning.lua", "policies/rfm.lua", "functions.lua" }) do
    it("is the row of the batch by " .. policy .. ", by id and as a record", function()
      cli.write(cli.folder() .. "/functions.lua", with_functions)
      local words = { "shop", policy, "--metrics",
        "spend,orders,recency_days,rf_ratio,abc_class,born,city" }
      local rows = batch(words)
      assert.equal(2000, #rows)
      assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows) }))
      local run = host.run({ "records", table.unpack(words) }, { input = all_records(rows) })
      assert_rows(rows, run)
    end)
  end

  it("is the row of the batch when all that is open is a model and a few others", function()
    local rfm = "policies/rfm.lua"
    assert.equal(0, cli.run({ "fit", "shop", rfm, "-o", "model.json" }).status)
    local words = { "generate", "retail", "--customers", "5", "--seed", "8", "-o", "few" }
    assert.equal(0, cli.run(words).status)
    local rows = batch({ "shop", rfm })
    words = { "records", "few", rfm, "--model", "model.json" }
    assert_rows(rows, host.run(words, { input = all_records(rows) }))
  end)

  it("is the row of the batch out of a packed file", function()
    assert.equal(0, cli.run({ "pack", "shop", "-o", "shop.patron" }).status)
    local rows = batch({ "shop", "policies/rfm.lua" })
    local words = { "rows", "shop.patron", "policies/rfm.lua" }
    assert_rows(rows, host.run(words, { input = ids(rows) }))
  end)
end)

describe("a member of the club alone", function()
  lazy_teardown(cli.clean)

  it("has the tier of the batch, by the tiers before and by lines through all", function()
    local words = { "samples/club", "policies/loyalty-tiers.lua" }
    local rows = batch(words)
    assert.equal(12, #rows)
    assert_rows(rows, host.run({ "rows", table.unpack(words) }, { input = ids(rows) }))
    local input = records(rows, "samples/club",
      { customers = "", transactions = "amount=n margin=n", tier_history = "" })
    assert_rows(rows, host.run({ "records", table.unpack(words) }, { input = input }))
  end)
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
