local expr = require("patron_core").expr
local reference = require("expr.reference")

local function documentation()
  local f = assert(io.open("docs/expressions.md"))
  local text = f:read("a")
  f:close()
  return text
end

describe("the functions", function()
  it("are documented from their table", function()
    local rows = {}
    for _, f in ipairs(expr.functions()) do
      table.insert(rows, ("| `%s` | %s |"):format(f[2], f[3]))
    end
    local wanted = table.concat(rows, "\n")
    local got = documentation():match("| function | what it gives |\n|%-%-%-|%-%-%-|\n(.-)\n\n")
    assert.equal(wanted, got, "docs/expressions.md should have:\n" .. wanted)
  end)

  it("each have a meaning in Lua, to be tested against", function()
    for _, f in ipairs(expr.functions()) do
      assert.is_function(reference.functions[f[1]], f[1])
      assert.equal(f[1] .. "(", f[2]:sub(1, #f[1] + 1))
    end
  end)
end)

describe("round", function()
  it("rounds halves away from zero", function()
    local world = expr.world(6, { { name = "x", type = "number",
      values = { 0.5, -0.5, 2.5, 0.49999999999999994, -1.5, 4503599627370497.5 } } })
    assert.same({ 1, -1, 3, 0, -2, 4503599627370498 }, (world:parse("round(x)"):rows()))
    world = expr.world(3, { { name = "x", type = "number", values = { 0.125, -2.675, 1e300 } } })
    assert.same({ 0.13, -2.68, 1e300 }, (world:parse("round(x, 2)"):rows()))
  end)
end)

describe("months", function()
  it("are of the calendar, and clamped to the month's last day", function()
    local world = expr.world(1, { { name = "x", type = "integer", values = { 1 } } })
    local function same(a, b)
      assert.is_true(world:parse(a .. " == date('" .. b .. "')"):rows()[1], a .. " is not " .. b)
    end
    same("date('2024-01-31') + months(x)", "2024-02-29")
    same("date('2023-01-31') + months(1)", "2023-02-28")
    same("date('2024-03-31') - months(x)", "2024-02-29")
    same("months(12) + date('2024-02-29')", "2025-02-28")
    same("date('2024-12-15') + months(1)", "2025-01-15")
    local _, stops = world:parse("date('9999-12-31') + months(x)"):rows()
    assert.equal("date outside of the calendar (years 1 to 9999)", stops[1])
  end)
end)
