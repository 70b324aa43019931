local expr = require("patron_core").expr
local differential = require("expr.differential")

local function assert_same(report)
  assert.equal(0, report.differences, table.concat(report.examples, "\n"))
  assert.is_true(report.values >= 0.6 * report.rows)
end

describe("expressions mean what stock Lua means", function()
  it("every operator, every pair of types, every special value", function()
    local report = differential.operators(expr)
    assert_same(report)
    assert.is_true(report.expressions > 1000)
  end)

  it("20,000 generated expressions over 64 rows", function()
    local seed = tonumber(os.getenv("PATRON_SEED")) or os.time()
    local report = differential.generated(expr, 20000, seed)
    table.insert(report.examples, 1, "PATRON_SEED=" .. seed)
    assert_same(report)
    assert.equal(20000, report.expressions)
  end)

  -- Lua 5.4 compiles x - 0 to x + (-0), which is x + 0.
  it("but for x - 0 at -0.0, where Lua's compiler loses the sign", function()
    local world = expr.world(1, { { name = "x", type = "number", values = { -0.0 } } })
    local lua = load("local x = ... return x - 0")(-0.0)
    local values = world:parse("x - 0"):rows()
    assert.equal(math.huge, 1 / lua)
    assert.equal(-math.huge, 1 / values[1])
  end)
end)
