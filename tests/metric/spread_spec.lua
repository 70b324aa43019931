local data = require("metric.dataset")

local function spend(values)
  local rows = {}
  for i, x in ipairs(values) do
    rows[i] = { id = ("%03d"):format(i), spend = x or nil }
  end
  return data.board({
    as_of = "2024-01-01", people = { columns = { { "spend", "money" } }, rows = rows },
  })
end

describe("ABC classes", function()
  it("give A to those who bring 80 %, C to the last tenth of heads", function()
    local board = spend({ 1, 0.5, 500, 300, 2, 3, 50, 50, 49, 44.5 })
    local class, share = board:column("abc_class"), board:column("spend_share")
    local got = {}
    for i = 1, 10 do
      got[i] = class[i]
    end
    assert.equal("BCAABBBBBB", table.concat(got))
    assert.equal(0.5, share[3])
    assert.equal(0.0005, share[2])
  end)

  it("leave out whose spend is missing", function()
    local board = spend({ 4, false, 1 })
    local class, share = board:column("abc_class"), board:column("spend_share")
    assert.same({ "A", nil, "C" }, { class[1], class[2], class[3] })
    assert.same({ 0.8, nil, 0.2 }, { share[1], share[2], share[3] })
  end)

  it("let shares pass 1 with negative spend, and have none without a total", function()
    local board = spend({ 150, -50 })
    assert.equal(1.5, board:column("spend_share")[1])
    assert.equal(-0.5, board:column("spend_share")[2])
    board = spend({ 50, -50 })
    assert.equal(2, board:column("spend_share").missing)
    assert.equal(2, board:column("abc_class").missing)
  end)

  it("add up to the share of the text on a long-tailed base", function()
    local values = {}
    for i = 1, 1000 do
      values[i] = math.floor(1e6 / i) / 100
    end
    local board = spend(values)
    local class, share = board:column("abc_class"), board:column("spend_share")
    local sum, before, c = 0, 0, 0
    for i = 1, 1000 do
      if class[i] == "A" then
        before = sum
        sum = sum + share[i]
      end
      c = c + (class[i] == "C" and 1 or 0)
    end
    assert.is_true(before < 0.8 and sum >= 0.8)
    assert.is_true(c >= 100 and c < 110) -- ties go with the line
  end)
end)
