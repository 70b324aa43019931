local exact = require("patron_core").metric.exact

describe("an exact sum", function()
  it("rounds once", function()
    assert.equal(0.0, exact())
    assert.equal(0.6, exact(0.1, 0.2, 0.3)) -- 0.6000000000000001 from left to right
    assert.equal(1.0, exact(1e100, 1.0, -1e100))
    assert.equal(2.0 ^ 53 + 2, exact(2.0 ^ 53, 1.0, 5e-324)) -- above a half
    assert.equal(2.0 ^ 53, exact(2.0 ^ 53, 1.0)) -- a half, to even
    assert.equal(2.0 ^ 53, exact(2.0 ^ 53, 1.0, -5e-324)) -- below it
    assert.equal("0.0", tostring(exact(-0.0)))
  end)

  it("is the sum of integers scaled down", function()
    math.randomseed(1)
    for _ = 1, 200 do
      local sum, values = 0, {}
      for i = 1, math.random(1, 40) do
        local x = math.random(-(1 << 40), 1 << 40)
        sum = sum + x
        values[i] = x / 1024
      end
      assert.equal(sum / 1024, exact(table.unpack(values)))
    end
  end)

  it("has the same bits in any order", function()
    math.randomseed(2)
    for _ = 1, 100 do
      local values = {}
      for i = 1, 50 do
        values[i] = (math.random() - 0.5) * 2.0 ^ math.random(-300, 300)
      end
      local first = exact(table.unpack(values))
      for _ = 1, 10 do
        for i = #values, 2, -1 do
          local k = math.random(i)
          values[i], values[k] = values[k], values[i]
        end
        assert.equal(first, exact(table.unpack(values)))
      end
    end
  end)

  it("leaves the doubles without breaking", function()
    local values = {}
    for i = 1, 100 do
      values[i] = 1.7e308
    end
    local sum = exact(table.unpack(values))
    assert.is_true(sum ~= sum or sum == math.huge)
  end)
end)
