-- Lines that are learned from all customers (B16), against a reference in Lua.
local cli = require("cli")

local policy = [[
metrics {
  rich = quantile(0.8, "spend"), middle = median "spend", usual = average "spend",
  best5 = top_heads(0.05, "spend"), best80 = top_share(0.8, "spend"),
  often = quantile(0.333333, "visits"), half = median "2 * score",
}
campaign "all" {
  when = "spend >= rich or spend >= middle or spend >= usual or spend >= best5 or spend >= best80"
    .. " or visits >= often or score >= half",
  offer = gift "x",
}
]]

local header = "id,spend,visits,score\n"

local function write(rows)
  cli.write(cli.folder() .. "/customers.csv", header .. table.concat(rows))
  cli.write(cli.folder() .. "/dataset.json", [[{ "name": "x", "as_of": "2025-06-30",
    "currency": "CNY", "tables": { "customers": { "file": "customers.csv", "columns": {
    "id": { "as": "customer" }, "spend": "money", "visits": "integer", "score": "number" } } } }]])
end

local function customers(n, seed)
  math.randomseed(seed)
  local rows, spend, visits, score = {}, {}, {}, {}
  for i = 1, n do
    spend[i], visits[i] = math.random(0, 300) * 25 - 1000, math.random(0, 9)
    score[i] = math.random(0, 40) / 8
    rows[i] = ("c%03d,%.2f,%d,%s\n"):format(i, spend[i] / 100, visits[i], score[i])
  end
  return rows, spend, visits, score
end

local function sorted(list)
  local out = table.move(list, 1, #list, 1, {})
  table.sort(out)
  return out
end

-- Type 7 with an exact fraction.
local function quantile(list, part, parts)
  local s = sorted(list)
  local at = (#s - 1) * part
  local low, rest = at // parts, at % parts
  if rest == 0 then return s[low + 1] end
  return s[low + 1] + (s[low + 2] - s[low + 1]) * (rest / parts)
end

local function measured(options)
  local words = { "score", ".", "policy.lua", "--metrics",
    "rich,middle,usual,best5,best80,often,half", "--raw", "-o", "out.csv" }
  for _, word in ipairs(options or {}) do words[#words + 1] = word end
  local run = cli.run(words)
  assert.equal(0, run.status, run.err)
  local text = cli.read(cli.folder() .. "/out.csv")
  local names, first = text:match("^([^\n]*)\n([^\n]*)\n")
  local out, values = {}, {}
  for value in (first .. ","):gmatch("([^,]*),") do values[#values + 1] = value end
  local i = 0
  for name in (names .. ","):gmatch("([^,]*),") do
    i = i + 1
    out[name] = tonumber(values[i])
  end
  return out, text
end

describe("lines that are learned", function()
  before_each(function()
    cli.write(cli.folder() .. "/policy.lua", policy)
  end)
  after_each(cli.clean)

  it("are what a reference makes of all customers", function()
    for seed, n in ipairs({ 200, 37, 5, 1 }) do
      local rows, spend, visits, score = customers(n, seed)
      write(rows)
      local got = measured()
      local s, total, sum = sorted(spend), 0, 0
      for _, x in ipairs(s) do total = total + x end
      local best80
      for i = #s, 1, -1 do
        sum, best80 = sum + s[i], s[i]
        if sum * 5 >= total * 4 then break end
      end
      assert.equal(quantile(spend, 4, 5) / 100, got.rich)
      assert.equal(quantile(spend, 1, 2) / 100, got.middle)
      assert.equal(total / #s / 100, got.usual)
      assert.equal(s[#s - math.max(1, (#s + 19) // 20) + 1] / 100, got.best5)
      assert.equal(total > 0 and best80 / 100 or nil, got.best80)
      assert.equal(quantile(visits, 333333, 1000000), got.often)
      local doubled = {}
      for i, x in ipairs(score) do doubled[i] = 2 * x end
      assert.equal(quantile(doubled, 1, 2), got.half)
    end
  end)

  it("do not depend on the order of customers, nor on who ties", function()
    local rows = customers(120, 9)
    write(rows)
    local expected = measured()
    for i = 1, #rows // 2 do rows[i], rows[#rows + 1 - i] = rows[#rows + 1 - i], rows[i] end
    write(rows)
    assert.same(expected, (measured({ "--threads", "3" })))
  end)

  it("are a model: a part of the base is held against the lines of the whole", function()
    local rows = customers(100, 3)
    write(rows)
    local whole = measured()
    assert.equal(0, cli.run({ "fit", ".", "policy.lua", "-o", "model.json" }).status)
    assert.matches('"best5": {"values":100,"from":"money","line":%d+,"how":"top_heads%(0.05%) '
      .. 'spend"}',
      cli.read(cli.folder() .. "/model.json"))
    write({ rows[50], rows[77] })
    assert.same(whole, (measured({ "--model", "model.json" })))
    assert.not_same(whole, (measured()))
    cli.write(cli.folder() .. "/policy.lua", (policy:gsub("0%.05", "0.06")))
    local run = cli.run({ "score", ".", "policy.lua", "--model", "model.json" })
    assert.equal(1, run.status)
    assert.matches("model.json:%d+:%d+: this is not what best5 learns, which is "
      .. "top_heads%(0.06%) spend: `patron fit` the model again", run.err)
  end)

  it("say how they are written", function()
    write({ "a,1,1,1\n" })
    for text, message in pairs({
      ["quantile(1.2, 'spend')"] = "`x` is written quantile%(a share from 0 to 1 with at most 6 "
        .. "decimals, \"an expression\"%)",
      ["quantile 'spend'"] = "`x` is written quantile",
      ["median(0.5, 'spend')"] = "`x` is written median \"an expression\"",
      ["median 'id'"] = "1:23: x: there is no name `id`",
      ["top_share(0.8, 'spnd')"] = "`spnd`: did you mean `spend`",
      ["average 'today'"] = "`today` is a date, and a number must stand here",
      ["average 'x'"] = "cannot depend on itself",
    }) do
      cli.write(cli.folder() .. "/p.lua", "metrics { x = " .. text .. " }\n"
        .. "campaign 'c' { when = 'x > 0', offer = gift 'g' }\n")
      local run = cli.run({ "score", ".", "p.lua" })
      assert.not_equal(0, run.status, text)
      assert.matches(message, run.err)
    end
  end)
end)
