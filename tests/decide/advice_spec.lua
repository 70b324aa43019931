-- What would keep or raise a tier, through the program.
local cli = require("cli")
local json = require("dkjson")

local TYPES = { spend = "money", visits = "integer", score = "number", last = "date", vip = "flag" }
local NAMES = { "spend", "visits", "score", "last", "vip" }

local function write(policy, rows)
  cli.write(cli.folder() .. "/policy.lua", policy)
  local out = { "id,spend,visits,score,last,vip,before,since" }
  for _, r in ipairs(rows) do
    local cells = { r.id }
    for i, name in ipairs(NAMES) do cells[i + 1] = r[name] == nil and "" or tostring(r[name]) end
    cells[7], cells[8] = r.before or "", r.before and "2024-05-01" or ""
    out[#out + 1] = table.concat(cells, ",")
  end
  cli.write(cli.folder() .. "/customers.csv", table.concat(out, "\n") .. "\n")
  cli.write(cli.folder() .. "/dataset.json", [[{ "name": "x", "currency": "CNY", "tables": {
    "customers": { "file": "customers.csv", "columns": { "id": { "as": "customer" },
    "spend": "money", "visits": "integer", "score": "number", "last": "date", "vip": "flag",
    "before": "label", "since": "date" } } } }]])
end

local function explain(id, as_of)
  local run = cli.run({ "explain", ".", "policy.lua", id, "--as-of", as_of, "--json" })
  assert.equal(0, run.status, run.err)
  return json.decode(run.out).schemes[1]
end

local function texts(tiers)
  local out = {}
  for i, a in ipairs(tiers.advice) do out[i] = a.text end
  return out
end

local MEMORY = 'previous = "before", since = "since", review = months(12), grace = days(60),'

-- The tiers of rows on a day.
local function decide(policy, rows, as_of)
  write(policy, rows)
  local run = cli.run({ "score", ".", "policy.lua", "--as-of", as_of, "-o", "out.csv", "--raw" })
  assert.equal(0, run.status, run.err)
  local out = {}
  for id, tier in cli.read(cli.folder() .. "/out.csv"):gmatch("\n([^,]*),([^,]*)") do
    out[id] = tier
  end
  return out
end

local function double_before(x)
  local bits = string.unpack("<i8", string.pack("<d", x))
  if x == 0 then return -5e-324 end
  return (string.unpack("<d", string.pack("<i8", x > 0 and bits - 1 or bits + 1)))
end

-- One unit back towards what it was.
local function back(name, value, rising)
  local kind = TYPES[name]
  if kind == "flag" then return not value end
  if kind == "money" then return ("%.2f"):format(value + (rising and -0.01 or 0.01)) end
  if kind == "integer" then return value + (rising and -1 or 1) end
  if kind == "date" then
    local y, m, d = value:match("(%d+)-(%d+)-(%d+)")
    return os.date("!%Y-%m-%d", os.time({ year = y, month = m, day = d, hour = 12 })
      + (rising and -86400 or 86400))
  end
  return ("%.17g"):format(rising and double_before(value) or -double_before(-value))
end

describe("advice", function()
  after_each(cli.clean)

  it("says what would keep a tier and by when, and what would raise it", function()
    write('tiers "card" { { "gold", when = "spend >= 1000", keep = "spend >= 800" }, '
      .. '{ "silver", when = "spend >= 500 and visits > 2" }, { "classic" }, ' .. MEMORY .. " }", {
        { id = "grace", spend = 388, visits = 1, before = "gold" },
        { id = "kept", spend = 388, visits = 1, before = "silver" },
        { id = "new", spend = 700, visits = 1 },
        { id = "top", spend = 1000, visits = 1, before = "gold" },
        { id = "unknown", visits = 5, before = "gold" },
      })
    assert.same({ "412.00 more spend by 2025-06-30 keeps gold" },
      texts(explain("grace", "2025-05-31")))
    assert.same({ "412.00 more spend by 2025-05-01 keeps gold" },
      texts(explain("grace", "2025-04-01")))
    assert.same({ "612.00 more spend raises to gold" }, texts(explain("kept", "2025-05-31")))
    assert.same({ "300.00 more spend raises to gold", "2 more visits raises to silver" },
      texts(explain("new", "2025-05-31")))
    assert.same({}, texts(explain("top", "2025-05-31")))
    assert.same({}, texts(explain("unknown", "2025-05-31")))
    local run = cli.run({ "score", ".", "policy.lua", "--as-of", "2025-05-31", "--advice" })
    assert.matches("\ngrace,[^\n]*,412.00 more spend by 2025%-06%-30 keeps gold\n", run.out)
    assert.matches("\nnew,[^\n]*,300.00 more spend raises to gold; 2 more visits raises to "
      .. "silver\n", run.out)
    assert.matches("\ntop,[^\n]*,\n", run.out)
    assert.matches("  advice: 412.00 more spend by 2025%-06%-30 keeps gold\n",
      cli.run({ "explain", ".", "policy.lua", "grace", "--as-of", "2025-05-31" }).out)
  end)

  it("prints no number where a rule is not monotone, and says so", function()
    write('tiers "card" { { "gold", when = "visits >= 5 and visits < 10 and spend >= 9" }, '
      .. '{ "classic" } }',
      { { id = "a", spend = 9, visits = 3 }, { id = "b", spend = 1, visits = 7 } })
    local a = explain("a", "2025-05-31")
    assert.same({ "visits: the rule is not monotone in it, so no number raises to gold" }, texts(a))
    assert.is_false(a.advice[1].monotone)
    assert.is_nil(a.advice[1].value)
    assert.same({ "8.00 more spend raises to gold" }, texts(explain("b", "2025-05-31")))
    local run = cli.run({ "score", ".", "policy.lua", "--as-of", "2025-05-31", "--advice" })
    assert.matches("\na,[^\n]*,\n", run.out)
  end)

  it("leaves out what nobody can change: lines, days, and what is decided", function()
    write([[
      metrics { rich = quantile(0.5, "spend"), twice = "2 * visits" }
      tiers "care" { { "close", when = "spend >= 99999" , days = 5 }, { "far", days = 9 } }
      tiers "card" { { "gold", when = "spend >= rich and today > last and care_days < 6" ..
        " or twice >= 12" }, { "classic" } }]],
      { { id = "a", spend = 1, visits = 1, last = "2025-01-01" },
        { id = "b", spend = 9, visits = 1, last = "2025-01-01" } })
    local run = cli.run({ "explain", ".", "policy.lua", "a", "--as-of", "2025-05-31", "--json" })
    assert.same({ "10.0 or more" }, { (texts(json.decode(run.out).schemes[2])[1] or "")
      :gsub("^10 more twice raises to gold$", "10.0 or more") .. "" })
    assert.equal(1, #json.decode(run.out).schemes[2].advice)
  end)

  it("is refused where a benefit has its name", function()
    write('tiers "card" { { "gold", when = "spend > 5", advice = "x" }, { "classic" } }',
      { { id = "a", spend = 1, visits = 1 } })
    local run = cli.run({ "score", ".", "policy.lua", "--as-of", "2025-05-31", "--advice" })
    assert.equal(1, run.status)
    assert.matches("the policy has a column card_advice of its own", run.err)
  end)

  it("is each customer's own, whatever number of threads writes it", function()
    local rows = { "id,spend" }
    for i = 1, 9000 do
      rows[i + 1] = ("%d,%s"):format(i, i % 7 == 0 and "" or i % 20)
    end
    os.execute("mkdir -p " .. cli.folder() .. "/many")
    cli.write(cli.folder() .. "/many/customers.csv", table.concat(rows, "\n") .. "\n")
    cli.write(cli.folder() .. "/p.lua",
      'inputs { spend = integer }\ntiers "t" { { "high", when = "spend >= 10" }, { "low" } }\n')
    for _, threads in ipairs({ "1", "3" }) do
      local run = cli.run({ "score", "many", "p.lua", "--advice", "-o", "rows.json",
        "--threads", threads })
      assert.equal(0, run.status, run.err)
      local n = 0
      for _, row in ipairs(json.decode(cli.read(cli.folder() .. "/rows.json"))) do
        local i = tonumber(row.customer)
        local needed = i % 7 ~= 0 and i % 20 < 10 and 10 - i % 20
        assert.equal(needed and ("%d more spend raises to high"):format(needed) or nil,
          row.t_advice)
        n = n + 1
      end
      assert.equal(9000, n)
    end
  end)

  it("is silent where a function decides", function()
    write('tiers "card" { { "gold", when = function(spend) return spend > 5 end }, { "classic" } }',
      { { id = "a", spend = 1, visits = 1 } })
    assert.same({}, texts(explain("a", "2025-05-31")))
  end)

  -- Random tiers and customers: with the value the tier is another, with one unit less it is not.
  it("changes the tier when it is followed, and not one unit before", function()
    local checked, kept, mixed = 0, 0, 0
    local rank = { gold = 4, silver = 3, bronze = 2, classic = 1 }
    for seed = 1, 40 do
      math.randomseed(seed)
      local function pick(...) return (select(math.random(select("#", ...)), ...)) end
      local function clause(strict)
        local level = math.random(1, 12)
        return pick(
          ("spend >= %d"):format(level * 100), ("visits > %d"):format(level),
          ("score >= %s"):format(level / 8), ("spend / 7 + 13 * visits > %d"):format(level * 20),
          ("spend * score >= %d"):format(level * 50),
          ("last >= date('2025-%02d-11')"):format(level),
          ("visits - 2 * score >= %d"):format(level - 3), "vip",
          ("min(spend, 90 * visits) >= %d"):format(level * 70),
          ("floor(spend / 50) >= %d"):format(level), ("2.5 - score / 3 <= %s"):format(level / 5),
          strict and "vip" or ("visits %% %d == 0"):format(level + 1))
      end
      local function condition()
        local text = clause()
        for _ = 1, math.random(0, 2) do text = text .. pick(" and ", " or ") .. clause() end
        return text
      end
      local policy = ('tiers "card" { { "gold", when = "%s", keep = "%s" }, '
        .. '{ "silver", when = "%s", keep = "%s" }, { "bronze", when = "%s" }, { "classic" }, %s }')
        :format(condition(), condition(), condition(), condition(), condition(), MEMORY)
      local rows = {}
      for i = 1, 6 do
        local r = { id = "c" .. i, spend = ("%.2f"):format(math.random(0, 120000) / 100),
          visits = math.random(0, 12), score = math.random(0, 16) / 8, vip = math.random(3) == 1,
          last = ("2025-%02d-05"):format(math.random(12)),
          before = pick(nil, "gold", "silver", "bronze") }
        if math.random(8) == 1 then r[pick("spend", "visits", "score")] = nil end
        rows[i] = r
      end
      local now = decide(policy, rows, "2025-05-31")
      local raised, keeping, expected = {}, {}, {}
      for _, r in ipairs(rows) do
        for k, a in ipairs(explain(r.id, "2025-05-31").advice) do
          if not a.monotone then
            mixed = mixed + 1
          else
            local value, rising = a.value, a.value == true
            if TYPES[a.column] == "date" then
              value = os.date("!%Y-%m-%d", value * 86400)
              rising = value > r[a.column]
            elseif TYPES[a.column] ~= "flag" then
              rising = value > tonumber(r[a.column])
            end
            for _, less in ipairs({ false, true }) do
              local copy = {}
              for key, v in pairs(r) do copy[key] = v end
              copy.id = r.id .. "-" .. k .. (less and "-" or "+")
              copy[a.column] = TYPES[a.column] == "number" and ("%.17g"):format(value) or value
              if less then copy[a.column] = back(a.column, value, rising) end
              table.insert(a.to == "keep" and keeping or raised, copy)
              expected[copy.id] = { tier = a.tier, less = less, now = now[r.id], text = a.text
                .. "\n" .. policy }
            end
          end
        end
      end
      for id, tier in pairs(decide(policy, raised, "2025-05-31")) do
        local e = expected[id]
        checked = checked + 1
        if e.less then
          assert.is_true(rank[tier] <= rank[e.now], e.text)
        else
          assert.equal(e.tier, tier, e.text)
        end
      end
      -- The grace of all ends on 30 June.
      for id, tier in pairs(decide(policy, keeping, "2025-07-01")) do
        local e = expected[id]
        kept = kept + 1
        if e.less then -- a higher one may come with less
          assert.not_equal(e.tier, tier, e.text)
        else
          assert.is_true(rank[tier] >= rank[e.tier], e.text)
        end
      end
    end
    assert.is_true(checked > 100, tostring(checked))
    assert.is_true(kept > 30, tostring(kept))
    assert.is_true(mixed > 10, tostring(mixed))
  end)
end)
