-- The clauses that blocks record, against those that expr_explain tells row by row.
local expr = require("patron_core").expr
local generator = require("expr.generator")

local SIGN = { ["true"] = "T", ["false"] = "F", ["not reached"] = "-", missing = "?", fault = "!" }

local function told(parsed, row)
  local signs, texts = {}, {}
  local clauses, value = parsed:explain(row)
  for i, clause in ipairs(clauses) do
    signs[i], texts[i] = SIGN[clause.truth], clause.text
  end
  return table.concat(signs), texts, value == true
end

local function compare(parsed, text, size)
  local patterns, texts, values = parsed:record(size)
  for row = 1, generator.rows do
    local pattern, wanted, value = told(parsed, row)
    assert(patterns[row] == pattern,
      ("%s\nrow %d: recorded %s, explained %s"):format(text, row, patterns[row], pattern))
    assert(values[row] == value, text)
    assert.same(wanted, texts)
  end
  return table.concat(patterns)
end

describe("recorded clauses", function()
  it("are those of an explanation, at every row of random conditions", function()
    local seen, clauses = {}, 0
    for seed = 1, 6 do
      local random = generator.random(seed)
      local world = expr.world(generator.rows, generator.names(random))
      local gen = generator.generator(random)
      for _ = 1, 40 do
        local a, b, c = gen.bool(3), gen.bool(3), gen.bool(4)
        for _, text in ipairs({ c, ("%s and not (%s or %s)"):format(a, b, c),
          ("not %s or %s and %s"):format(c, a, b) }) do
          local signs = compare(world:parse(text, "condition"), text, ({ 64, 7, 1 })[random(3)])
          clauses = clauses + #signs
          for sign in signs:gmatch(".") do
            seen[sign] = (seen[sign] or 0) + 1
          end
        end
      end
    end
    assert.is_true(clauses > 50000)
    for _, sign in pairs(SIGN) do
      assert.is_true((seen[sign] or 0) > 1000, sign .. " was met " .. (seen[sign] or 0) .. " times")
    end
  end)

  it("are those of constants, too, and of what no row comes to", function()
    local world = expr.world(generator.rows, generator.names(generator.random(1)))
    for _, text in ipairs({ "true", "not true and f1", "true and false or f1",
      "false and (f1 or f2)", "1 // 0 > 1 or f1", "pf or f1 and f2",
      "(f1 and f2) == f2 and not f1" }) do
      compare(world:parse(text, "condition"), text, 64)
    end
  end)
end)

describe("a clause", function()
  local world = expr.world(2, {
    { name = "days", type = "integer", values = { 45, nil } },
    { name = "clv", type = "money", values = { 1250000, 100 } },
  })
  local parsed = world:parse("days < 50 and not (clv > 20 or days + clv > 3)", "condition")

  it("can be asked at which value it comes out the other way, reached or not", function()
    local clause = parsed:flip(1, 1)
    assert.same({ "true", "days", 50 }, { clause.truth, clause.column, clause.threshold })
    clause = parsed:flip(2, 2)
    assert.same({ "false", "clv", 20.01 }, { clause.truth, clause.column, clause.threshold })
    clause = parsed:flip(1, 3)
    assert.same({ "true", "days", -12497 }, { clause.truth, clause.column, clause.threshold })
  end)

  it("cannot where a value is missing", function()
    local clause = parsed:flip(2, 1)
    assert.same({ "missing", "days" }, { clause.truth, clause.missing })
    assert.is_nil(clause.threshold)
  end)
end)
