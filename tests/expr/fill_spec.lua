local expr = require("patron_core").expr

-- More rows than a task has, so that several threads have work.
local ROWS = 60000

local function big_world()
  local x, y, label = {}, {}, {}
  for i = 1, ROWS do
    x[i] = i % 7 ~= 0 and i * 37 % 1000 or nil
    y[i] = i % 11
    label[i] = ("label %d"):format(i * 31 % 97)
  end
  return expr.world(ROWS, {
    { name = "x", type = "integer", values = x },
    { name = "y", type = "integer", values = y },
    { name = "label", type = "label", values = label },
    { name = "spend", type = "money", decimals = 3, values = x },
  }), x, y, label
end

describe("a column that an expression fills", function()
  local world, x, y, label = big_world()

  it("is the same on any number of threads, faults included", function()
    for _, threads in ipairs({ 1, 2, 4 }) do
      local values, type_name, missing, faults, first = world:parse("x // y"):column(threads)
      assert.equal("integer", type_name)
      local wanted_missing, wanted_faults = 0, 0
      for i = 1, ROWS do
        local wanted = x[i] and y[i] ~= 0 and x[i] // y[i] or nil
        assert(values[i] == wanted, i)
        wanted_missing = wanted_missing + (wanted == nil and 1 or 0)
        wanted_faults = wanted_faults + ((x[i] and y[i] == 0) and 1 or 0)
      end
      assert.same({ wanted_missing, wanted_faults, 11 }, { missing, faults, first })
    end
  end)

  it("holds money in minor units of the columns it is made of", function()
    local values, type_name = world:parse("spend * 1.5"):column(2)
    assert.equal("money", type_name)
    assert.equal(math.floor(x[2] * 1.5 + 0.5), values[2])
    assert.is_nil(values[7])
  end)

  it("has labels in a dictionary of its own", function()
    local values, type_name, missing = world:parse("label .. '!'"):column(2)
    assert.equal("label", type_name)
    assert.equal(0, missing)
    for i = 1, ROWS do
      assert(values[i] == label[i] .. "!", i)
    end
    values, type_name = world:parse("x > 500 and 'high' or 'low'"):column(2)
    assert.equal("label", type_name)
    for i = 1, ROWS do
      assert(values[i] == (x[i] and (x[i] > 500 and "high" or "low") or nil), i)
    end
  end)

  it("misses what it cannot hold", function()
    local w = expr.world(4, {
      { name = "n", type = "number", values = { 0.0, 1.5, 1e300, nil } },
      { name = "m", type = "money", values = { 0, 100, 2 ^ 49 | 0, nil } },
      { name = "d", type = "date", values = { 0, 2932896, -719162, nil } },
    })
    assert.same({ nil, 1.5, nil, nil }, { table.unpack(w:parse("n * n / n"):column(), 1, 4) })
    assert.same({ nil, 100.0, 100.0, nil }, { table.unpack(w:parse("m * 100 / m"):column(), 1, 4) })
    assert.same({ 0, 400, nil, nil }, { table.unpack(w:parse("m * 4"):column(), 1, 4) })
    assert.same({ 1, nil, -719161, nil }, { table.unpack(w:parse("d + 1"):column(), 1, 4) })
    local _, _, missing, faults = w:parse("d + 1"):column()
    assert.same({ 2, 0 }, { missing, faults })
  end)

  it("may have no rows", function()
    local w = expr.world(0, { { name = "n", type = "number", values = {} } })
    local values, _, missing, faults, first = w:parse("n > 1"):column(4)
    assert.same({ {}, 0, 0, 0 }, { values, missing, faults, first })
  end)

  it("is made again and again while memory runs out at every allocation in turn", function()
    for _, text in ipairs({ "x > 500 and (label == 'label 7' or default(spend, 0) > 3)",
      "label .. x > 'label' or x // y > 3" }) do
      local failures, missing = world:exhaust(text)
      assert.is_true(failures > 10)
      assert.equal(select(3, world:parse(text):column()), missing)
    end
  end)
end)
