-- Fit on the whole base, score its parts: everybody gets what the whole gives them.
local cli = require("cli")

local function path(name)
  return cli.folder() .. "/" .. name
end

local function ran(arguments, options)
  local run = cli.run(arguments, options)
  assert.equal(0, run.status, run.command .. "\n" .. run.err)
  return run
end

local function said(run, status, text)
  assert.equal(status, run.status, run.err)
  assert.is_truthy(run.err:find(text, 1, true), run.err)
end

local function lines(text)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    list[#list + 1] = line
  end
  return list
end

local function part_of(id, parts)
  local h = 5381
  for i = 1, #id do
    h = (h * 33 + id:byte(i)) % 0x7fffffff
  end
  return h % parts + 1
end

-- Splits a CSV by its first column, the customer, last rows first; each part has the header.
local function split(file, parts, to)
  local all = lines(cli.read(file))
  local out = {}
  for i = 1, parts do
    out[i] = { all[1] }
  end
  for i = #all, 2, -1 do
    local own = out[part_of(all[i]:match("^[^,]*"), parts)]
    own[#own + 1] = all[i]
  end
  for i = 1, parts do
    cli.write(to:format(i), table.concat(out[i], "\n") .. "\n")
  end
end

-- The rows of a whole and of its parts, headers aside, sorted.
local function sorted(texts)
  local rows = {}
  for _, text in ipairs(texts) do
    local own = lines(text)
    rows.header = own[1]
    table.move(own, 2, #own, #rows + 1, rows)
  end
  table.sort(rows)
  return rows
end

local quantiles = [[
policy "All that compares" { currency = "CNY" }
tiers "class" {
  { "top", when = "abc_class == 'A' and m_score >= 4" },
  { "some", when = "abc_class ~= 'C' or rfm >= 300" },
  { "rest" },
}
campaign "keep" {
  when = "rfm_segment == 'at risk' and spend_share > 0.0001",
  offer = gift("a tin of tea"), cost = "5", value = "100 * spend_share + r_score",
}
campaign "more" {
  when = "f_score + m_score >= 6", never = "abc_class == 'C'",
  offer = gift("a book"), cost = "8", value = "m_score * 4", holdout = 0.2,
}
]]

local columns = "r_score,f_score,m_score,rfm,rfm_segment,abc_class,spend_share"

describe("a base in parts, with one model", function()
  after_each(cli.clean)

  local function same(whole, parts, policy)
    local model = ran({ "fit", whole, policy, "--metrics", columns, "-o", "model.json" })
    assert.is_truthy(model.out:find("learned from", 1, true))
    local arguments = { "score", whole, policy, "--metrics", columns, "-o", "whole.csv" }
    ran(arguments)
    local texts, identities = {}, {}
    for i, part in ipairs(parts) do
      arguments[2], arguments[7] = part, "part.csv"
      arguments[8], arguments[9] = "--model", "model.json"
      ran(arguments)
      texts[i] = cli.read(path("part.csv"))
      identities[i] = cli.read(path("part.csv.manifest.json")):match('"identity":"(%x+)"')
    end
    local expected, got = sorted({ cli.read(path("whole.csv")) }), sorted(texts)
    for i, row in ipairs(expected) do
      assert.equal(row, got[i])
    end
    assert.same(expected, got)
    local identity = cli.read(path("whole.csv.manifest.json")):match('"identity":"(%x+)"')
    for i = 1, #parts do
      assert.equal(identity, identities[i])
    end
    return expected
  end

  -- Folders of the parts, named like the whole and a number.
  local function split_folder(whole, parts, tables)
    local folders = {}
    for i = 1, parts do
      folders[i] = ("part%d"):format(i)
      os.execute("mkdir -p '" .. path(folders[i]) .. "'")
    end
    for _, name in ipairs(tables) do
      split(whole .. "/" .. name .. ".csv", parts, path("part%d/" .. name .. ".csv"))
    end
    return folders
  end

  it("is a shop's of 3000 customers, as folders and as snapshots", function()
    ran { "generate", "retail", "--customers", "3000", "--seed", "4", "-o", "shop" }
    cli.write(path("all.lua"), quantiles)
    local folders = split_folder(path("shop"), 4, { "customers", "transactions", "events" })
    local snapshots = {}
    for i, folder in ipairs(folders) do
      snapshots[i] = folder .. ".patron"
      ran { "pack", folder, "-o", snapshots[i], "--as-of", "2025-12-31" }
    end
    assert.equal(3000, #same("shop", folders, "policies/rfm.lua"))
    local text = table.concat(same("shop", snapshots, "all.lua"), "\n")
    for _, word in ipairs({ ",top,", ",some,", ",rest,", ",keep,", ",more,", "holdout" }) do
      assert.is_truthy(text:find(word, 1, true), word)
    end
    assert.is_truthy(cli.run({ "score", "part1", "all.lua", "--model", "model.json" }).err
      :find("as of 2025-12-31, the day of the model", 1, true))
  end)

  it("is the sample bank's three tables", function()
    cli.write(path("all.lua"), quantiles)
    local folders = split_folder("samples/bank", 3, { "customers", "transactions", "events" })
    for _, folder in ipairs(folders) do
      cli.write(path(folder .. "/dataset.json"), cli.read("samples/bank/dataset.json"))
    end
    same("samples/bank", folders, "policies/rfm.lua")
    same("samples/bank", folders, "all.lua")
  end)
end)

describe("fit", function()
  after_each(cli.clean)

  it("writes what the policy asks for, or all that the data allows", function()
    ran { "fit", "samples/bank", "policies/rfm.lua", "-o", "m.json" }
    local model = cli.read(path("m.json"))
    assert.is_truthy(model:find('\n    "f_score": {"values":23,"from":"integer","cuts":[', 1, true))
    assert.is_nil(model:find("abc_class", 1, true))
    ran { "fit", "samples/bank", "-o", "all.json" }
    assert.is_truthy(cli.read(path("all.json")):find("abc_class", 1, true))
    ran { "fit", "samples/bank", "--metrics", "abc_class", "-o", "abc.json" }
    assert.is_nil(cli.read(path("abc.json")):find("f_score", 1, true))
    local run = ran { "fit", "samples/bank", "policies/card-retention.lua", "-o", "none.json" }
    assert.is_truthy(run.err:find("so the model is empty", 1, true))
    said(cli.run({ "fit", "samples/bank" }), 2, "say where to write: -o FILE")
  end)

  it("learns from nothing that a policy can declare anew", function()
    local inputs, todo = { today = "" }, {}
    for name, list in ran({ "metrics", "--json" }).out
      :gmatch('{"name":"([^"]+)".-"inputs":(.-),"title"') do
      inputs[name] = list:match('^"(.*)"$') or ""
    end
    ran { "fit", "samples/bank", "-o", "all.json" }
    for name in cli.read(path("all.json")):gmatch('"([%w_]+)": {"values"') do
      todo[#todo + 1] = name
    end
    assert.equal(5, #todo)
    for _, name in ipairs(todo) do -- which grows
      for input in assert(inputs[name], name .. " is no metric"):gmatch("[%w_]+") do
        todo[#todo + 1] = input
      end
    end
  end)

  it("gives a model that explain and measure take, too", function()
    ran { "fit", "samples/bank", "-o", "m.json" }
    local whole = ran { "measure", "samples/bank", "--metrics", columns }
    local judged = ran { "measure", "samples/bank", "--metrics", columns, "--model", "m.json" }
    assert.equal(whole.out, judged.out)
    local text = cli.read(path("m.json"))
    cli.write(path("m.json"), (text:gsub('("r_score": .-"cuts":%[)[^%]]*', "%11,2,3,4")))
    judged = ran { "explain", "samples/bank", "policies/rfm.lua", "C001", "--model", "m.json" }
    assert.are_not.equal(ran({ "explain", "samples/bank", "policies/rfm.lua", "C001" }).out,
      judged.out)
  end)

  it("is refused where the model does not fit the run", function()
    ran { "fit", "samples/bank", "policies/rfm.lua", "-o", "m.json" }
    local score = { "score", "samples/bank", "policies/rfm.lua", "--model", "m.json" }
    local text = cli.read(path("m.json"))
    local function with(from, to)
      local at, behind = text:find(from, 1, true)
      cli.write(path("m.json"), text:sub(1, at - 1) .. to .. text:sub(behind + 1))
      return cli.run(score)
    end
    said(with("2025-06-30", "2025-07-01"), 1, "m.json: was fitted as of 2025-07-01, and 2025-06-30 "
      .. "knows nothing of that day yet")
    said(with('"CNY"', '"JPY"'), 1, "m.json: was fitted in JPY with 2 decimals, and the data is in "
      .. "CNY with 2")
    said(with('"decimals": 2', '"decimals": 0'), 1, "m.json: was fitted in CNY with 0 decimals")
    said(with('"f_score"', '"g_score"'), 1, "m.json: this model has not learned f_score: `patron "
      .. "fit` it again, with this policy or with --metrics f_score")
    said(with('"cuts":[', '"cuts":[-9,'), 1, "this is not what f_score learns")
    said(with('"patron_model": 1', '"patron_model": 9'), 1, "m.json:2:19: a model of format 9")
    said(with('"from":"integer"', '"from":"money"'), 1, "was learned from values of type money")
    said(with("{", "["), 1, "m.json:")
    said(cli.run({ "score", "samples/bank", "policies/rfm.lua", "--model", "none.json" }), 1,
      "none.json: cannot read")
    cli.write(path("m.csv"), text)
    said(cli.run({ "score", "samples/bank", "policies/rfm.lua", "--model", "m.csv", "-o",
      "m.csv" }), 2, "this file is read")
  end)

  it("names the model in the manifest, and its numbers in the identity", function()
    ran { "fit", "samples/bank", "policies/rfm.lua", "-o", "m.json" }
    local score = { "score", "samples/bank", "policies/rfm.lua", "-o", "o.csv" }
    local function manifest()
      ran(score)
      return cli.read(path("o.csv.manifest.json"))
    end
    local own = manifest()
    assert.is_nil(own:find('"model":', 1, true))
    score[6], score[7] = "--model", "m.json"
    local given = manifest()
    assert.is_truthy(given:find('"model":{"file":"m.json","sha256":"%x+","as_of":"2025%-06%-30"}'))
    assert.equal(own:match('"identity":"(%x+)"'), given:match('"identity":"(%x+)"'))
    cli.write(path("m.json"), (cli.read(path("m.json")):gsub('"cuts":%[4', '"cuts":[3')))
    assert.are_not.equal(given:match('"identity":"(%x+)"'), manifest():match('"identity":"(%x+)"'))
  end)
end)
