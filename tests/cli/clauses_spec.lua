-- What every clause came to, from the code in a row and its key alone, against what `explain` finds
-- in the data.
local cli = require("cli")
local json = require("dkjson")

local function rows_of(text)
  local rows, header = {}, nil
  for line in text:gmatch("[^\n]+") do
    local id, code = line:match("^([^,]*),.*,([^,]*)$")
    if header then
      rows[id] = code
    end
    header = header or line
  end
  assert.is_truthy(header:find(",clauses$"))
  return rows
end

local function score(data, policy, ...)
  local run = cli.run({ "score", data, policy, "-o", "rows.csv", "--clauses", "key.json", ... })
  assert.is_true(run.status == 0 or run.status == 4, run.err)
  return rows_of(cli.read(cli.folder() .. "/rows.csv"))
end

local function recall(code)
  local run = cli.run({ "recall", "key.json", code, "--json" })
  assert.equal(0, run.status, run.err)
  return json.decode(run.out).clauses
end

-- The clauses as `recall` should give them: { owner, class or word, text, truth }.
local function explained(data, policy, customer, ...)
  local run = cli.run({ "explain", data, policy, customer, "--json", ... })
  assert.equal(0, run.status, run.err)
  local x, out = json.decode(run.out), {}
  local function rule(owner, part, told, reached)
    for _, clause in ipairs(told and told.clauses or {}) do
      out[#out + 1] = { owner, part, clause.text, reached and clause.truth or "not reached" }
    end
    if told and told.arguments then
      local truth = told.fault and "fault" or told.missing and "missing" or tostring(told.result)
      out[#out + 1] = { owner, part, "function", reached and truth or "not reached" }
    end
  end
  for _, scheme in ipairs(x.schemes) do
    for _, class in ipairs(scheme.classes) do
      rule(scheme.scheme, class.name, class.when, class.reached)
    end
  end
  for _, campaign in ipairs(x.campaigns) do
    rule(campaign.campaign, "when", campaign.when, true)
    rule(campaign.campaign, "never", campaign.never, campaign.when.result == true)
  end
  return out
end

local function told(code)
  local out = {}
  for _, clause in ipairs(recall(code)) do
    out[#out + 1] = clause.of ~= "channel" and { clause.name, clause.class or clause.word,
      clause.text:match("^function%(") and "function" or clause.text, clause.truth } or nil
  end
  return out
end

describe("the codes of clauses", function()
  after_each(cli.clean)

  for _, case in ipairs({
    { "samples/bank", "policies/card-retention.lua" },
    { "samples/rfm-nine", "policies/churn-warning.lua" },
    { "samples/bank/transactions.csv", "policies/rfm.lua", "--set", "alarm=1.2" },
  }) do
    it("tell what explain tells of every customer: " .. case[2], function()
      local rows = score(table.unpack(case))
      local n = 0
      for customer, code in pairs(rows) do
        assert.same(explained(case[1], case[2], customer, table.unpack(case, 3)), told(code))
        n = n + 1
      end
      assert.is_true(n >= 9)
    end)
  end

  local HEADER = "id,a,b,c,d,e,f,g,h\n"
  local DATA = [[{ "name": "x", "as_of": "2025-06-30", "tables": { "customers": {
    "file": "customers.csv", "columns": { "id": { "as": "customer" }, "a": "integer",
    "b": "integer", "c": "integer", "d": "integer", "e": "integer", "f": "integer",
    "g": "integer", "h": "integer" } } } }]]

  local function make(n)
    math.randomseed(3)
    local rows, given = {}, {}
    for i = 1, n do
      local row = { ("c%05d"):format(i) }
      for k = 1, 8 do
        row[k + 1] = math.random(8) == 1 and "" or math.random(0, 2)
      end
      rows[i], given[i] = table.concat(row, ",") .. "\n", row
    end
    cli.write(cli.folder() .. "/customers.csv", HEADER .. table.concat(rows))
    cli.write(cli.folder() .. "/dataset.json", DATA)
    return given
  end

  -- The channel is asked where the only campaign of it is still open.
  local function of_channel(row)
    local function equal(x)
      return x == "" and "missing" or tostring(x == 1)
    end
    if row[2] ~= "" then
      return { "not reached", "not reached" }
    end
    return { equal(row[3]), equal(row[3]) == "false" and equal(row[4]) or "not reached" }
  end

  -- Of the wide tiers there are more patterns than letters, and the clauses of the first campaign
  -- are more than fit one group.
  local POLICY = [[
    tiers "wide" {
      { "1", when = "b == 2" }, { "2", when = "c == 2" }, { "3", when = "d == 2" },
      { "4", when = "e == 2" }, { "5", when = "f == 2" }, { "6", when = "g == 2" }, { "rest" },
    }
    tiers "t" { { "x", when = function(a, b) return 6 // a > b end }, { "y", when = "a == c" } }
    campaign "many" {
      when = "(a > 1 or b > 1) and (c > 1 or d > 1) and (e > 0 or f > 1) and (g > 0 or h // a > 0)",
      never = "a > 1 and b > 1 or c == 2 and d == 2 or e + f == 2",
      offer = gift "x", cost = 1, value = 2,
    }
    channel "c" { when = "b == 1 or c == 1" }
    campaign "all" { when = true, never = "has(a)", offer = gift "y", channel = "c" }
  ]]

  it("take more letters and groups where there are more patterns and clauses", function()
    local given = make(5000)
    cli.write(cli.folder() .. "/p.lua", POLICY)
    local rows = score(".", "p.lua")
    local key = json.decode(cli.read(cli.folder() .. "/key.json"))
    assert.equal(7, #key.groups)
    assert.equal(6, #key.groups[4].clauses)
    assert.is_true(#key.groups[1].patterns > 52, #key.groups[1].patterns)
    for i = 1, 5000, 311 do
      local id = ("c%05d"):format(i)
      assert.equal(8, #rows[id])
      assert.same(explained(".", "p.lua", id), told(rows[id]), id)
      local channel = {}
      for _, clause in ipairs(recall(rows[id])) do
        channel[#channel + 1] = clause.of == "channel" and clause.truth or nil
      end
      assert.same(of_channel(given[i]), channel, id)
    end
  end)

  it("are the same for any number of threads", function()
    make(20000)
    cli.write(cli.folder() .. "/p.lua", POLICY)
    score(".", "p.lua", "--threads", "1")
    local rows, key = cli.read(cli.folder() .. "/rows.csv"), cli.read(cli.folder() .. "/key.json")
    for _, threads in ipairs({ 2, 5 }) do
      score(".", "p.lua", "--threads", threads)
      assert.equal(rows, cli.read(cli.folder() .. "/rows.csv"))
      assert.equal(key, cli.read(cli.folder() .. "/key.json"))
    end
  end)

  it("tell of the last pass where a function is called no more, for it keeps state", function()
    make(5000)
    cli.write(cli.folder() .. "/p.lua", [[
      local seen = 0
      campaign "x" {
        when = "a > 0", offer = gift "x",
        never = function(b) seen = seen + 1 return seen % 2 == 0 end,
      }
    ]])
    local rows = score(".", "p.lua")
    for i = 1, 5000, 611 do
      local id = ("c%05d"):format(i)
      assert.same(explained(".", "p.lua", id), told(rows[id]), id)
    end
  end)

  it("leave the rest of the rows as it is, and stand in the manifest", function()
    score("samples/bank", "policies/card-retention.lua")
    local with = cli.read(cli.folder() .. "/rows.csv")
    local manifest = json.decode(cli.read(cli.folder() .. "/rows.csv.manifest.json"))
    assert.equal("key.json", manifest.outputs[2].file)
    cli.run({ "score", "samples/bank", "policies/card-retention.lua", "-o", "plain.csv" })
    assert.equal(cli.read(cli.folder() .. "/plain.csv"), (with:gsub(",[^,\n]*\n", "\n")))
  end)

  it("need rows, and a file for the key", function()
    local function refused(said, ...)
      local run = cli.run({ "score", "samples/bank", "policies/rfm.lua", ... })
      assert.equal(2, run.status)
      assert.is_truthy(run.err:find(said, 1, true), run.err)
    end
    refused("--clauses takes a file for the key", "--clauses", "-")
    refused("give -o FILE, too", "--json", "--clauses", "key.json")
    refused("another option writes this file", "-o", "x.csv", "--clauses", "x.csv")
  end)

  it("are refused with the key of another run, or what is none", function()
    score("samples/bank", "policies/card-retention.lua")
    local function refused(said, ...)
      local run = cli.run({ "recall", ... })
      assert.equal(1, run.status)
      assert.is_truthy(run.err:find(said, 1, true), run.err)
    end
    refused("is not of this key", "key.json", "baca")
    refused("is not of this key", "key.json", "bacaaa")
    refused("is not of this key", "key.json", "zzzzz")
    refused("is not of this key", "key.json", "b-caa")
    refused("dataset.json:1:1: this is no key", "samples/bank/dataset.json", "a")
    cli.write(cli.folder() .. "/bad.json",
      '{"policy":"x","file":"y","groups":[{"clauses":[{"text":"a"}],"patterns":["T"]}]}')
    refused("bad.json:1:", "bad.json", "a")
    cli.write(cli.folder() .. "/bad.json",
      '{"policy":"x","file":"y","groups":[{"scheme":"s","clauses":[],"patterns":["T"]}]}')
    refused("bad.json:1:", "bad.json", "a")
  end)
end)
