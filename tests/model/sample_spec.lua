local model = require("patron_core").model

describe("a sample", function()
  it("sorts any doubles as Lua does", function()
    math.randomseed(7)
    for _, n in ipairs({ 0, 1, 2, 100, 3000 }) do
      local values = { 0.0, 1e308, -1e308, 5e-324, -5e-324, 1.5, -1.5, 2 ^ 53 + 1 }
      for i = 1, n do
        values[#values + 1] = (math.random() - 0.5) * 10.0 ^ math.random(-20, 20)
        values[#values + 1] = math.random(-50, 50) + 0.0
        assert.is_true(i <= n)
      end
      local got = model.sorted({ values })
      table.sort(values)
      assert.same(values, got)
    end
    assert.same({}, model.sorted({}))
  end)
end)
