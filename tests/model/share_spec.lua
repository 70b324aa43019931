local model = require("patron_core").model

local TOP, MIDDLE, TAIL = 0, 1, 2

local function classes(values)
  local total, top, tail, out = model.share({ values }, 80, 10, table.unpack(values))
  return out, total, top, tail
end

describe("classes by share", function()
  it("have the customer who crosses the line in the first class", function()
    -- 50 + 29 = 79 of 100: the next one crosses 80 and still is A.
    local out, total, top, tail = classes({ 50, 29, 8, 5, 3, 2, 1, 1, 1, 0 })
    assert.equal(100, total)
    assert.equal(8, top)
    assert.equal(0, tail)
    assert.same({ TOP, TOP, TOP, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, TAIL }, out)
    -- 50 + 30 = 80 reaches it: nobody more.
    out = classes({ 50, 30, 7, 5, 3, 2, 1, 1, 1, 0 })
    assert.same({ TOP, TOP, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, TAIL }, out)
  end)

  it("keep ties together", function()
    local out = classes({ 40, 20, 20, 20, 0, 0, 0, 0, 0, 0 })
    assert.same({ TOP, TOP, TOP, TOP, TAIL, TAIL, TAIL, TAIL, TAIL, TAIL }, out)
    out = classes({ 1, 1, 1, 1 })
    assert.same({ TOP, TOP, TOP, TOP }, out)
  end)

  it("count refunds against the total", function()
    -- The total is 100: 60 + 40 reach its 80 % though 110 were earned.
    local out, total, top, tail = classes({ 60, 40, 10, -10 })
    assert.equal(100, total)
    assert.equal(40, top)
    assert.equal(-10, tail)
    assert.same({ TOP, TOP, MIDDLE, TAIL }, out)
  end)

  it("round a part of a head up", function()
    local _, _, _, tail = classes({ 5, 4, 3, 2, 1, 1.5, 2.5, 3.5, 4.5, 5.5, 0.5 })
    assert.equal(1, tail) -- 1.1 heads are 2
  end)

  it("need something to share", function()
    assert.is_nil(model.share({ {} }, 80, 10))
    assert.is_nil(model.share({ { 0, 0 } }, 80, 10))
    assert.is_nil(model.share({ { 5, -5 } }, 80, 10))
    assert.is_nil(model.share({ { -5 } }, 80, 10))
  end)

  it("do not depend on order or parts", function()
    math.randomseed(5)
    local values = {}
    for i = 1, 300 do
      values[i] = math.random(-200, 2000) + 0.0
    end
    local whole = { model.share({ values }, 80, 10) }
    for _ = 1, 10 do
      local parts = { {}, {}, {} }
      for i = #values, 2, -1 do
        local k = math.random(i)
        values[i], values[k] = values[k], values[i]
      end
      for _, x in ipairs(values) do
        local part = parts[math.random(3)]
        part[#part + 1] = x
      end
      assert.same(whole, { model.share(parts, 80, 10) })
    end
  end)
end)
