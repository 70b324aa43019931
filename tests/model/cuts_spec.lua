local model = require("patron_core").model

-- Type 7, written down from Hyndman and Fan's definition.
local function quantile(sorted, part, parts)
  local h = (#sorted - 1) * part / parts
  local low = math.floor(h + 1e-9)
  local x, y = sorted[low + 1], sorted[math.min(low + 2, #sorted)]
  return x + (h - low) * (y - x)
end

describe("quantile cuts", function()
  it("are of type 7", function()
    local cuts = model.cuts({ { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 } }, 5)
    assert.near(2.8, cuts[1], 1e-12)
    assert.near(4.6, cuts[2], 1e-12)
    assert.near(6.4, cuts[3], 1e-12)
    assert.near(8.2, cuts[4], 1e-12)
    math.randomseed(3)
    for n = 1, 60 do
      local values = {}
      for i = 1, n do
        values[i] = math.random(0, 40) / 4
      end
      local got = model.cuts({ values }, 7)
      table.sort(values)
      for i = 1, 6 do
        assert.near(quantile(values, i, 7), got[i], 1e-9)
      end
    end
  end)

  it("hit a value exactly where the quantile is one", function()
    -- (n - 1) * 0.6 is a whole number for all these n, but not in floating point.
    for n = 6, 1001, 5 do
      local values = {}
      for i = 1, n do
        values[i] = i * 0.1
      end
      local cuts, parts = model.cuts({ values }, 5, values[(n - 1) // 5 * 3 + 1])
      assert.equal(values[(n - 1) // 5 * 3 + 1], cuts[3])
      assert.equal(3, parts[1])
    end
  end)

  it("put equal values in one part, the lower", function()
    local _, parts = model.cuts({ { 1, 1, 1, 1, 1, 1, 1, 1, 2, 9 } }, 5, 1, 2, 9, 0, 100)
    assert.same({ 1, 5, 5, 1, 5 }, parts)
    _, parts = model.cuts({ { 4, 4, 4 } }, 5, 4, 4.5)
    assert.same({ 1, 5 }, parts)
  end)

  it("are the same for merged parts, in any order", function()
    math.randomseed(11)
    local values = {}
    for i = 1, 500 do
      values[i] = math.random(-1000, 1000) / 8
    end
    local whole = model.cuts({ values }, 10)
    for _ = 1, 20 do
      local parts = { {}, {}, {}, {} }
      for i = #values, 2, -1 do
        local k = math.random(i)
        values[i], values[k] = values[k], values[i]
      end
      for _, x in ipairs(values) do
        local part = parts[math.random(4)]
        part[#part + 1] = x
      end
      assert.same(whole, (model.cuts(parts, 10)))
    end
  end)

  it("need a value", function()
    assert.is_nil(model.cuts({ {} }, 5))
    assert.is_nil(model.cuts({}, 5))
  end)
end)
