local data = require("metric.dataset")

-- What the help says, written again: is the customer still here, did it buy often or much?
local function segment(r, f, m)
  if f <= 2 and m <= 2 then
    return "low value"
  elseif r <= 2 then
    return "at risk"
  elseif f >= 4 and m >= 4 then
    return "high value"
  end
  return "potential"
end

describe("RFM segments", function()
  it("cover all 125 cells, with the codes of the catalogue in theirs", function()
    local rows, count = {}, {}
    for r = 1, 5 do
      for f = 1, 5 do
        for m = 1, 5 do
          rows[#rows + 1] = { id = ("%d%d%d"):format(r, f, m), r_score = r, f_score = f,
            m_score = m }
        end
      end
    end
    local columns = { { "r_score", "integer" }, { "f_score", "integer" }, { "m_score", "integer" } }
    local board, ids = data.board({
      as_of = "2024-01-01", people = { columns = columns, rows = rows },
    })
    local got, rfm = data.values(board, ids, "rfm_segment"), data.values(board, ids, "rfm")
    for _, row in ipairs(rows) do
      local label = got[row.id]
      assert.equal(segment(row.r_score, row.f_score, row.m_score), label)
      assert.equal(tonumber(row.id), rfm[row.id])
      count[label] = (count[label] or 0) + 1
    end
    assert.same({ ["low value"] = 20, ["at risk"] = 42, ["high value"] = 12, potential = 51 },
      count)
    assert.equal("high value", got["555"])
    assert.equal("potential", got["551"])
    assert.equal("potential", got["515"])
    assert.equal("low value", got["111"])
    assert.equal("at risk", got["155"])
    assert.equal("at risk", got["115"])
  end)

  it("have no code where given scores are beyond integers", function()
    local board = data.board({
      as_of = "2024-01-01",
      people = {
        columns = { { "r_score", "number" }, { "f_score", "integer" }, { "m_score", "integer" } },
        rows = { { id = "a", r_score = 1e300, f_score = 1, m_score = 1 } },
      },
    })
    assert.matches("^rfm of customer a has no answer: .* beyond what the column can hold",
      select(2, board:column("rfm")))
  end)
end)

describe("RFM scores", function()
  it("are by fifths, with the most recent at 5", function()
    local rows = {}
    for i = 1, 10 do
      rows[i] = { id = ("%02d"):format(i), recency_days = i, orders = i, spend = 10 * i }
    end
    local board = data.board({
      as_of = "2024-01-01",
      people = {
        columns = { { "recency_days", "integer" }, { "orders", "integer" }, { "spend", "money" } },
        rows = rows,
      },
    })
    local rfm = board:column("rfm")
    assert.same({ 511, 511, 422, 422, 333, 333, 244, 244, 155, 155 },
      { table.unpack(rfm, 1, 10) })
  end)

  it("leave out who never bought, and count a free purchase", function()
    local rows = {}
    for i = 1, 5 do
      rows[i] = { customer = "b" .. i, date = ("2024-01-%02d"):format(i), amount = i - 1 }
    end
    local board, ids = data.board({
      as_of = "2024-02-01", people = { rows = { { id = "never 1" }, { id = "never 2" } } },
      tables = { data.transactions(rows) },
    })
    -- A cut is a value here, and a value on a cut does not exceed it.
    assert.same({ b1 = 1, b2 = 2, b3 = 3, b4 = 4, b5 = 5 }, data.values(board, ids, "m_score"))
    assert.same({ b1 = 1, b2 = 1, b3 = 1, b4 = 1, b5 = 1 }, data.values(board, ids, "f_score"))
    assert.same({ b1 = 1, b2 = 2, b3 = 3, b4 = 4, b5 = 5 }, data.values(board, ids, "r_score"))
  end)

  it("are missing in an empty base", function()
    local board = data.board({
      as_of = "2024-02-01", people = { rows = { { id = "never" } } },
      tables = { data.transactions({}) },
    })
    assert.equal(1, board:column("rfm_segment").missing)
  end)
end)
