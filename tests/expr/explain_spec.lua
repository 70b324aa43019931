local core = require("patron_core")
local expr, base = core.expr, core.base
local generator = require("expr.generator")

local function world()
  return expr.world(3, {
    { name = "clv", type = "money", values = { 1250000, 2500000, nil } },
    { name = "recency_days", type = "integer", values = { 45, 100, 10 } },
    { name = "pace", type = "number", values = { 0.25, 0.5, 1.0 } },
    { name = "opted_out", type = "flag", values = { false, true, false } },
    { name = "joined", type = "date", values = { 19000, 19900, nil } },
    { name = "segment", type = "label", values = { "low", "high", nil },
      labels = { "low", "high" } },
    { name = "tier", type = "label", values = { "classic", "gold", "classic" },
      labels = { "diamond", "gold", "classic" }, ordered = true },
    { name = "gold_clv", type = "integer", constant = 20000 },
    { name = "churn_cut", type = "number", constant = 0.35 },
    { name = "today", type = "date", constant = 20000 },
  })
end

local function explain(text, row)
  return world():parse(text, "condition"):explain(row or 1)
end

describe("the clauses of a condition", function()
  it("are the leaves of its tree, with what they read", function()
    local clauses, value = explain("clv >= gold_clv and (recency_days < 60 or not opted_out)", 2)
    assert.is_true(value == false)
    assert.equal(3, #clauses)
    assert.equal("clv >= gold_clv", clauses[1].text)
    assert.equal("clv = 25000.00, gold_clv = 20000", clauses[1].values)
    assert.same({ "true", "false", "true" },
      { clauses[1].truth, clauses[2].truth, clauses[3].truth })
    assert.same({ 0, 21, 46 }, { clauses[1].offset, clauses[2].offset, clauses[3].offset })
    assert.same({ true, true, false }, { clauses[1].wanted, clauses[2].wanted, clauses[3].wanted })
    assert.equal("recency_days", clauses[2].column)
    assert.equal(59, clauses[2].threshold)
    assert.equal(41 / 59, clauses[2].distance)
    assert.is_false(clauses[3].threshold)
  end)

  it("print dates, constants and labels as people read them", function()
    local clauses = explain("joined + days(100) < today and segment == 'high' and pace > churn_cut")
    assert.equal("joined = 2022-01-08, today = 2024-10-04", clauses[1].values)
    assert.equal("segment = low", clauses[2].values)
    assert.equal("pace = 0.25, churn_cut = 0.35", clauses[3].values)
  end)

  it("are not reached behind what decided", function()
    local clauses = explain("opted_out and clv > 5 or recency_days < 60 or pace > 1")
    assert.equal("false", clauses[1].truth)
    assert.equal("not reached", clauses[2].truth)
    assert.equal("true", clauses[3].truth)
    assert.equal("not reached", clauses[4].truth)
    assert.equal("clv = 12500.00", clauses[2].values)
    assert.equal("true", clauses[2].alone)
  end)

  it("count what the condition lacks, and name the nearest of it", function()
    local function lacks(text, misses, nearest)
      local _, _, _, got, clause = explain(text)
      assert.same({ misses, nearest }, { got, clause }, text)
    end
    lacks("clv > 5", 0, 0)
    lacks("recency_days > 50 and clv > 20000", 2, 1) -- 45 to 51, 12500 to 20000.01
    lacks("recency_days > 400 and clv > 13000", 2, 2)
    lacks("recency_days > 50 or clv > 13000", 1, 2)
    lacks("recency_days > 400 and pace > 9 or clv > 90000", 1, 3)
    lacks("not (recency_days < 50 or clv < 13000)", 2, 2)
    lacks("not (recency_days < 50 and clv < 13000)", 1, 2)
  end)

  it("say which value was missing, and what comes behind is not reached", function()
    local clauses, value, missing = explain("opted_out or clv + 1 > pace or pace > 0", 3)
    assert.is_nil(value)
    assert.equal("clv", missing)
    assert.equal("missing", clauses[2].truth)
    assert.equal("clv", clauses[2].missing)
    assert.equal("clv = missing, pace = 1", clauses[2].values)
    assert.equal("not reached", clauses[3].truth)
  end)

  it("say that they faulted", function()
    local clauses, value, fault = explain("recency_days // 0 > 1 or pace > 0")
    assert.is_nil(value)
    assert.equal("attempt to divide by zero", fault)
    assert.equal("fault", clauses[1].truth)
    assert.equal("not reached", clauses[2].truth)
  end)
end)

describe("the threshold of a clause", function()
  local cases = {
    -- text, column, threshold (of the first row)
    { "recency_days > 50", "recency_days", 51 },
    { "recency_days >= 50", "recency_days", 50 },
    { "50 < recency_days", "recency_days", 51 },
    { "recency_days < 40", "recency_days", 39 },
    { "recency_days < 40.5", "recency_days", 40 },
    { "recency_days == 7", "recency_days", 7 },
    { "recency_days ~= 45", "recency_days", 46 },
    { "not (recency_days < 50)", "recency_days", 50 },
    { "2 * recency_days > 101", "recency_days", 51 },
    { "recency_days - 10 >= 100 / 2", "recency_days", 60 },
    { "-recency_days > -3", "recency_days", 2 },
    { "recency_days // 10 == 9", "recency_days", 90 },
    { "clv >= gold_clv", "clv", 20000.0 },
    { "clv > gold_clv", "clv", 20000.01 },
    { "clv < 100", "clv", 99.99 },
    { "clv == 0.1", "clv", 0.1 },
    { "0.8 * clv >= gold_clv", "clv", 25000.0 },
    { "clv / 3 > gold_clv", "clv", 60000.01 },
    { "clv >= recency_days * 1000", "clv", 45000.0 },
    { "pace > churn_cut", "pace", 0.35 + 2 ^ -54 },
    { "pace >= churn_cut", "pace", 0.35 },
    { "pace == 2", "pace", 2.0 },
    { "pace < -1", "pace", -1.0000000000000002 },
    { "pace > 0.5 and opted_out", "pace", 0.5000000000000001 },
    { "joined > today", "joined", 20001 },
    { "joined >= date('2024-10-04')", "joined", 20000 },
    { "today - joined <= 30", "joined", 19970 },
    { "joined + months(1) >= today", "joined", 19970 },
    { "opted_out", "opted_out", true },
    { "not (recency_days < 60)", "recency_days", 60 },
    { "segment == 'high'", "segment", "high" },
    { "'high' == segment", "segment", "high" },
    { "not (segment ~= 'high')", "segment", "high" },
    { "one_of(segment, 'high')", "segment", "high" },
    { "one_of(recency_days, 1, 2)", "recency_days", 1 },
    { "one_of(recency_days, 2.5, 3.0)", "recency_days", 3 },
    { "one_of(clv, 0.001, 7)", "clv", 7.0 },
    { "one_of(pace, 7)", "pace", 7.0 },
    { "at_least(tier, 'gold')", "tier", "gold" },
    { "round(pace) == 3", "pace", 2.5 },
    { "default(recency_days, 0) > 50", "recency_days", 51 },
  }
  for _, case in ipairs(cases) do
    it("of " .. case[1], function()
      local clause = explain(case[1])[1]
      assert.equal(case[2], clause.column)
      assert.equal(case[3], clause.threshold)
      assert.equal(math.type(case[3]), math.type(clause.threshold))
    end)
  end

  it("is not claimed where there is none", function()
    for _, text in ipairs({ "recency_days > recency_days + 1", "recency_days * 0 > 1",
      "has(clv - clv) == false", "segment ~= 'low'", "recency_days * recency_days == 3",
      "pace ^ 2 < 0", "recency_days / 2 == 0.3", "starts_with(segment, 'x')", "gold_clv < 5" }) do
      local clause = explain(text)[1]
      assert.equal("false", clause.truth, text)
      assert.is_nil(clause.threshold, text)
    end
  end)
end)

-- On generated customers and conditions: where the clause's column is set to the threshold as it is
-- printed, the clause alone comes out as wanted.
describe("setting a value to its printed threshold", function()
  local FORMS = {
    "i1 %s int", "int %s i1", "2 * i1 %s int", "i1 - i2 %s int", "i1 %s i2 + int", "-i2 %s int",
    "m1 %s float", "m2 %s 1.5 * m1", "0.35 * m1 + 10 %s float", "m2 / 7 %s m1", "100 - m1 %s m2",
    "n1 %s float", "n2 %s n1", "n1 * 0.1 %s float", "(n1 + 3) / 7 %s n2", "d1 %s today",
    "d1 %s d2 + 30", "today - d1 %s int", "d2 - months(3) %s d1", "i1 %s n1", "n2 %s i1",
    "max(i1, i2) %s int", "m1 %s floor(n2)", "clamp(n1, 0, 10) %s float",
  }
  local FLAGS = { "f1", "f2", "seg == 'high'", "seg2 == 'low'", "one_of(seg, 'mid', 'low')",
    "at_least(tier, 'gold')", "seg2 ~= 'mid'", "one_of(i1, 3, 10)",
    "one_of(m1, 0.001, 12.5, i1)", "one_of(i1, n1, 4.0)" }
  local COMPARISON = { "<", "<=", ">", ">=", "==", "~=" }

  local function pick(random, list)
    return list[random(#list)]
  end

  local function clause(random)
    if random(4) == 1 then
      return pick(random, FLAGS)
    end
    local text = pick(random, FORMS):format(pick(random, COMPARISON))
    text = text:gsub("%f[%w]int%f[%W]", tostring(random(200) - 50))
    return (text:gsub("%f[%w]float%f[%W]", ("%.2f"):format(random(100000) / 100 - 100)))
  end

  local function condition(random, depth)
    if depth == 0 or random(4) == 1 then
      return clause(random)
    end
    local x = condition(random, depth - 1)
    local kind = random(5)
    if kind == 1 then
      return "not (" .. x .. ")"
    end
    return ("(%s %s %s)"):format(x, kind <= 3 and "and" or "or", condition(random, depth - 1))
  end

  -- Through its text, as a reader would.
  local function printed(x)
    if math.type(x) == "integer" then
      return base.integer(base.print_integer(x))
    elseif math.type(x) == "float" then
      return base.double(base.print_double(x))
    end
    return x
  end

  local function stored(type_name, x)
    return type_name == "money" and math.tointeger(math.floor(x * 100 + 0.5)) or x
  end

  it("flips it", function()
    local seed = tonumber(os.getenv("PATRON_SEED")) or os.time()
    local random = generator.random(seed)
    local flipped, plain, plain_found, one_step = 0, 0, 0, 0
    local STEP = { integer = 1, date = 1, money = 1 }
    for round = 1, 40 do
      local names = generator.names(random)
      local w, by_name = expr.world(generator.rows, names), {}
      for _, n in ipairs(names) do
        by_name[n.name] = n
      end
      for _ = 1, 25 do
        local text, row = condition(random, 3), random(generator.rows)
        local about = ("PATRON_SEED=%d, round %d, row %d: %s"):format(seed, round, row, text)
        local parsed = assert(w:parse(text, "condition"))
        for _, c in ipairs((parsed:explain(row))) do
          local wrong = c.alone == (c.wanted and "false" or "true")
          assert.is_true(wrong or c.threshold == nil, about)
          local is_plain = c.text:match("^[im]1 [<>]=? [-%d.]+$")
            or c.text:match("^d1 [<>]=? today")
          if wrong and is_plain then
            plain = plain + 1
            plain_found = plain_found + (c.threshold ~= nil and 1 or 0)
          end
          if c.threshold ~= nil then
            local n = by_name[c.column]
            local leaf, to = assert(w:parse(c.text)), stored(n.type, printed(c.threshold))
            w:set(c.column, row, to)
            assert.equal(c.wanted, leaf:rows()[row], about .. "\n" .. c.text)
            flipped = flipped + 1
            if is_plain and to ~= n.values[row] then -- one step short of it does not
              w:set(c.column, row, to + (to > n.values[row] and -1 or 1) * STEP[n.type])
              assert.equal(not c.wanted, leaf:rows()[row], about .. "\n" .. c.text)
              one_step = one_step + 1
            end
            w:set(c.column, row, n.values[row])
          end
        end
      end
    end
    assert.is_true(flipped > 500, flipped)
    assert.is_true(one_step > 20, one_step)
    assert.is_true(plain > 20 and plain_found == plain, plain_found .. " of " .. plain)
  end)
end)
