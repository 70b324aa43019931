-- What metrics learn from a whole base, and how they judge its parts by it.
local data = require("metric.dataset")

local path

-- Customers with purchases: many ties, some who never bought, some refunds.
local function people(n, seed)
  math.randomseed(seed)
  local rows, purchases = {}, {}
  for i = 1, n do
    local id = ("%04d"):format(i)
    rows[i] = { id = id }
    for _ = 1, math.random(0, 6) do
      purchases[#purchases + 1] = {
        customer = id,
        date = ("2024-%02d-%02d"):format(math.random(12), math.random(28)),
        amount = math.random(-20, 400) / 4,
      }
    end
  end
  return rows, purchases
end

local function board(rows, purchases)
  return data.board({
    as_of = "2024-12-31", people = { rows = rows }, tables = { data.transactions(purchases) },
  })
end

local learning = { "r_score", "f_score", "m_score", "spend_share", "abc_class" }
local judged = { "r_score", "f_score", "m_score", "rfm", "rfm_segment", "spend_share", "abc_class" }

local function values(b, ids)
  local out = {}
  for _, name in ipairs(judged) do
    out[name] = data.values(b, ids, name)
  end
  return out
end

local function save(b)
  local file = assert(io.open(path, "wb"))
  assert(file:write(b:learned()))
  file:close()
end

describe("what metrics learn", function()
  before_each(function()
    path = os.tmpname()
  end)
  after_each(function()
    os.remove(path)
  end)

  it("judges any part of the base as the whole was", function()
    for seed = 1, 4 do
      local rows, purchases = people(300, seed)
      local whole, ids = board(rows, purchases)
      local expected = values(whole, ids)
      save(whole)
      local got = {}
      for _, name in ipairs(judged) do
        got[name] = {}
      end
      for part = 0, 4 do
        local some, bought, mine = {}, {}, {}
        for i, row in ipairs(rows) do
          if i * 7 % 5 == part then
            some[#some + 1] = row
            mine[row.id] = true
          end
        end
        for _, purchase in ipairs(purchases) do
          if mine[purchase.customer] then
            bought[#bought + 1] = purchase
          end
        end
        local own, own_ids = board(some, bought)
        assert.is_nil(own:use_model(path))
        for name, column in pairs(values(own, own_ids)) do
          for id, x in pairs(column) do
            got[name][id] = x
          end
        end
      end
      assert.same(expected, got)
    end
  end)

  it("is the same in whatever order it was asked for, and rows came", function()
    local rows, purchases = people(200, 9)
    local one = board(rows, purchases)
    for i = 1, #learning do
      assert(one:column(learning[i]))
    end
    for i = #purchases, 2, -1 do
      local k = math.random(i)
      purchases[i], purchases[k] = purchases[k], purchases[i]
    end
    local other = board(rows, purchases)
    for i = #learning, 1, -1 do
      assert(other:column(learning[i]))
    end
    assert.equal(one:learned(), other:learned())
  end)

  it("is only what was asked for", function()
    local b = board(people(50, 3))
    assert(b:column("recency_days"))
    assert.is_nil(b:learned():find("score", 1, true))
    assert(b:column("rfm"))
    for _, name in ipairs({ "r_score", "f_score", "m_score" }) do
      assert.truthy(b:learned():find('"' .. name .. '": {"values":', 1, true))
    end
    assert.is_nil(b:learned():find("abc_class", 1, true))
  end)

  it("may be nothing: then nobody is judged by it either", function()
    local nobody = board({ { id = "1" } }, {})
    assert.equal(1, nobody:column("r_score").missing)
    assert.truthy(nobody:learned():find('"r_score": {"values":0,"from":"integer"}', 1, true))
    save(nobody)
    local b = board(people(20, 5))
    b:use_model(path)
    assert.equal(20, b:column("r_score").missing)
  end)

  it("lets one customer be judged without a base", function()
    local rows, purchases = people(100, 6)
    local whole, ids = board(rows, purchases)
    local expected = values(whole, ids)
    save(whole)
    for _, id in ipairs({ "0001", "0050", "0100" }) do
      local alone = data.alone({})
      for _, name in ipairs({ "recency_days", "orders", "spend" }) do
        local x = data.values(whole, ids, name)[id]
        alone:put({ name = name, type = name == "spend" and "money" or "integer", x, n = 1 })
      end
      alone:use_model(path)
      for _, name in ipairs(judged) do
        assert.same(expected[name][id], (alone:column(name)[1]), name)
      end
    end
  end)

  it("is refused where it does not fit", function()
    local rows, purchases = people(30, 8)
    local whole = board(rows, purchases)
    assert(whole:column("r_score"))
    save(whole)
    local b = board(rows, purchases)
    b:use_model(path)
    local _, message, status = b:column("abc_class")
    assert.equal(path .. ": this model has not learned abc_class: `patron fit` it again, with "
      .. "this policy or with --metrics abc_class", message)
    assert.equal(1, status)

    local text = whole:learned():gsub('"cuts":%[[^,]*,', '"cuts":[')
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    b = board(rows, purchases)
    b:use_model(path)
    assert.truthy(select(2, b:column("r_score")):find("this is not what r_score learns", 1, true))

    assert(whole:column("abc_class"))
    save(whole)
    b = data.board({ as_of = "2024-12-31", people = {
      columns = { { "spend", "number" } }, rows = { { id = "1", spend = 3 } },
    } })
    b:use_model(path)
    assert.truthy(select(2, b:column("abc_class")):find(
      "abc_class was learned from values of type money, and here they are of type number", 1, true))
  end)
end)
