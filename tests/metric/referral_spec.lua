local data = require("metric.dataset")

local columns = {
  { "referee", "label" }, { "date", "date" }, { "status", "label" },
}

-- rows: { referrer, referee, date, status }, a day of January 2024 as a number.
local function referrals(rows)
  local out = {}
  for i, row in ipairs(rows) do
    local day = type(row[3]) == "number" and ("2024-01-%02d"):format(row[3]) or row[3]
    out[i] = { customer = row[1], referee = row[2], date = day, status = row[4] }
  end
  return { name = "referrals", date = "date", columns = columns, rows = out }
end

-- A board of these customers: ids, or { id =, opened =, ... }.
local function board_of(people, rows, spec)
  spec = spec or {}
  local customers = {}
  for i, one in ipairs(people) do
    customers[i] = type(one) == "string" and { id = one } or one
  end
  spec.as_of = "2024-12-31"
  spec.people = { columns = spec.columns or {}, rows = customers }
  spec.tables = { referrals(rows), table.unpack(spec.tables or {}) }
  return data.board(spec)
end

local function values(name, ...)
  local board, ids = board_of(...)
  return data.values(board, ids, name), board
end

describe("the referrer", function()
  it("is the first by date, and of one day the one whose id stands first", function()
    assert.same({ x = "b" }, values("referrer", { "a", "b", "c", "x" },
      { { "a", "x", 5 }, { "b", "x", 3 }, { "c", "x", 4 } }))
    assert.same({ x = "a" }, values("referrer", { "a", "b", "c", "x" },
      { { "c", "x", 3 }, { "b", "x", 3 }, { "a", "x", 3 } }))
  end)

  it("is nobody where it is oneself, or no customer is named", function()
    local referrer, board = values("referrer", { "a", "b", "x" },
      { { "x", "x", 1 }, { "a", "x", 2 }, { "a", "stranger", 1 }, { "b", nil, 1 } })
    assert.same({ x = "a" }, referrer)
    assert.equal("referrals: 1 of 4 are credited; not credited: 2 of nobody who is a customer, "
      .. "1 of oneself\n", board:notes())
  end)

  it("has joined before it refers, where that is known", function()
    local people = {
      { id = "a", opened = "2024-01-05" }, { id = "b", opened = "2024-01-04" }, { id = "c" },
      { id = "x" }, { id = "y" },
    }
    local rows = { { "a", "x", 4 }, { "b", "x", 6 }, { "a", "y", 5 }, { "c", "y", 6 } }
    local referrer, board = values("referrer", people, rows, { columns = { { "opened", "date" } } })
    assert.same({ x = "b", y = "a" }, referrer)
    assert.equal("referrals: 2 of 4 are credited; not credited: 1 from before the referrer joined, "
      .. "1 of customers whom another had referred first\n", board:notes())
    assert.same({ x = "a", y = "a" }, values("referrer", people, rows)) -- without the column
  end)

  it("counts a pair once, however often it stands there", function()
    local rows = { { "a", "x", 2 }, { "a", "x", 2 }, { "a", "x", 9 } }
    local board, ids = board_of({ "a", "x" }, rows)
    assert.same({ a = 1, x = 0 }, data.values(board, ids, "referred_count"))
    assert.equal("referrals: 1 of 3 are credited; not credited: 2 repeated\n", board:notes())
  end)

  it("of a ring loses the latest credit, so that who was there first is a root", function()
    local rows = { { "a", "b", 1 }, { "b", "c", 2 }, { "c", "a", 3 }, { "c", "d", 3 } }
    local board, ids = board_of({ "a", "b", "c", "d" }, rows)
    assert.same({ b = "a", c = "b", d = "c" }, data.values(board, ids, "referrer"))
    assert.same({ a = 0, b = 1, c = 2, d = 3 }, data.values(board, ids, "generation"))
    assert.equal("referrals: 3 of 4 are credited; not credited: 1 that would close a ring of "
      .. "credits\n", board:notes())
    -- All on one day: the customer whose id stands first is the root.
    assert.same({ b = "a", c = "b" }, values("referrer", { "a", "b", "c" },
      { { "a", "b", 1 }, { "b", "c", 1 }, { "c", "a", 1 } }))
  end)

  it("says nothing where all is credited", function()
    local board = board_of({ "a", "b" }, { { "a", "b", 1 } })
    board:column("referrer")
    assert.equal("", board:notes())
  end)

  it("is refused without the table, and without labels", function()
    local board = data.board({ as_of = "2024-12-31", people = { rows = { { id = "a" } } } })
    local _, err = board:column("generation")
    assert.equal("generation needs the table referrals; this dataset has customers only: add it to "
      .. "dataset.json, or give customers the column referrer", err)
    board = data.board({ as_of = "2024-12-31", people = { rows = { { id = "a" } } }, tables = { {
      name = "referrals", date = "date", columns = { { "referee", "integer" }, { "date", "date" } },
      rows = { { customer = "a", referee = 1, date = "2024-01-01" } },
    } } })
    for _, name in ipairs({ "referrer", "ring_size", "self_referral" }) do
      _, err = board:column(name)
      assert.equal(name .. " needs the column referee of referrals as label, and it is given as "
        .. "integer: change its type in dataset.json", err)
    end
  end)
end)

describe("a customer alone", function()
  local function alone(given, customer)
    customer.id = "a"
    return board_of({ customer }, { { "a", "a", 1 }, { "a", "x", 1 } },
      { alone = true, columns = given })
  end

  it("is not followed to others who are not there", function()
    local board = alone({}, {})
    for name in ("referrer referred_count referred_qualified generation referral_depth "
      .. "referral_reach ring_size"):gmatch("%S+") do
      local _, err = board:column(name)
      assert.equal(name .. " follows referrals from customer to customer, and here is one customer "
        .. "alone: give customers the column " .. name
        .. ", or decide for all of them at once", err)
    end
  end)

  it("has what its own rows say, and what it is given", function()
    local board, ids = alone({ { "ring_size", "integer" } }, { ring_size = 3 })
    assert.same({ a = 3 }, data.values(board, ids, "ring_size"))
    assert.same({ a = true }, data.values(board, ids, "self_referral"))
    assert.same({ a = 2 }, data.values(board, ids, "referrals_a_day"))
  end)

  it("without a dataset has what is put, else nothing", function()
    local board = data.alone({})
    for _, name in ipairs({ "referrer", "generation", "ring_size", "referrer_same_household" }) do
      assert.equal(1, board:column(name).missing, name)
    end
  end)
end)

describe("what follows from the referrer", function()
  it("is that of a tree", function()
    local board, ids = board_of({ "a", "b", "c", "d", "e" },
      { { "a", "b", 1 }, { "b", "c", 2 }, { "a", "d", 2 } })
    assert.same({ a = 2, b = 1, c = 0, d = 0, e = 0 }, data.values(board, ids, "referred_count"))
    assert.same({ a = 0, b = 1, c = 2, d = 1, e = 0 }, data.values(board, ids, "generation"))
    assert.same({ a = 2, b = 1, c = 0, d = 0, e = 0 }, data.values(board, ids, "referral_depth"))
    assert.same({ a = 3, b = 1, c = 0, d = 0, e = 0 }, data.values(board, ids, "referral_reach"))
  end)

  it("takes a column of the customers table, with what it holds", function()
    local people = {
      { id = "a", referrer = "a" }, { id = "b", referrer = "a" }, { id = "c", referrer = "zz" },
      { id = "p", referrer = "q" }, { id = "q", referrer = "p" }, { id = "r", referrer = "q" },
    }
    local board, ids = data.board({
      as_of = "2024-12-31", people = { columns = { { "referrer", "label" } }, rows = people },
    })
    assert.same({ a = 1, b = 0, c = 0, p = 1, q = 2, r = 0 },
      data.values(board, ids, "referred_count"))
    -- Nobody in a ring was first, and below one nobody knows how far that is.
    assert.same({ a = 0, b = 1, c = 0 }, data.values(board, ids, "generation"))
    assert.same({ a = 1, b = 0, c = 0, r = 0 }, data.values(board, ids, "referral_depth"))
    assert.same({ a = 1, b = 0, c = 0, r = 0 }, data.values(board, ids, "referral_reach"))
  end)

  it("gains 8190 customers in twelve generations that bring two each", function()
    local people, rows = { "00001" }, {}
    for i = 2, 2 ^ 13 - 1 do
      people[i] = ("%05d"):format(i)
      rows[#rows + 1] = { people[i // 2], people[i], "2024-02-01" }
    end
    local board, ids = board_of(people, rows)
    assert.equal(8190, data.values(board, ids, "referral_reach")["00001"])
    assert.equal(12, data.values(board, ids, "referral_depth")["00001"])
    assert.equal(12, data.values(board, ids, "generation")["08191"])
    assert.equal(2, data.values(board, ids, "referred_count")["00001"])
    assert.equal("", board:notes())
  end)
end)

describe("referred_qualified", function()
  it("goes by the last status under the referrer that is credited", function()
    local people = { "a", "b", "x", "y", "z" }
    local board, ids = board_of(people, {
      { "a", "x", 1, "pending" }, { "a", "x", 9, "rewarded" }, { "a", "y", 1, "paid" },
      { "a", "y", 8, "reversed" }, { "b", "z", 1, "qualified" }, { "b", "z", 5 },
      { "b", "x", 9, "qualified" },
    })
    assert.same({ a = 1, b = 1, x = 0, y = 0, z = 0 },
      data.values(board, ids, "referred_qualified"))
    assert.same({ a = 2, b = 1, x = 0, y = 0, z = 0 }, data.values(board, ids, "referred_count"))
  end)

  it("takes a qualified one of one day, in whatever order they stand", function()
    for _, statuses in ipairs({ { "合格", "pending" }, { "pending", "合格" } }) do
      local qualified = values("referred_qualified", { "a", "x" },
        { { "a", "x", 1, "pending" }, { "a", "x", 2, statuses[1] }, { "a", "x", 2, statuses[2] } })
      assert.same({ a = 1, x = 0 }, qualified)
    end
  end)
end)

describe("marks of abuse", function()
  it("know who referred itself", function()
    assert.same({ a = true, b = false, c = false }, values("self_referral", { "a", "b", "c" },
      { { "a", "b", 1 }, { "a", "a", 2 }, { "b", "a", 1 } }))
  end)

  it("count the most referrals of one day, credited or not", function()
    assert.same({ a = 3, b = 1, c = 0 }, values("referrals_a_day", { "a", "b", "c" }, {
      { "a", "b", 1 }, { "a", "c", 2 }, { "a", "nobody", 2 }, { "a", "a", 2 }, { "a", "c", 3 },
      { "b", "c", 2 },
    }))
  end)

  it("find rings that no credit shows", function()
    -- x has referred b first, and still a and b have referred each other.
    assert.same({ a = 2, b = 2, x = 11 }, values("ring_size", { "a", "b", "x" },
      { { "x", "b", 1 }, { "a", "b", 2 }, { "b", "a", 3 } }))
  end)

  it("find the smallest of several rings, and none in a referral of oneself", function()
    local sizes = values("ring_size", { "a", "b", "c", "d", "e" }, {
      { "a", "b", 1 }, { "b", "c", 1 }, { "c", "a", 1 }, { "b", "d", 1 }, { "d", "b", 1 },
      { "e", "e", 1 }, { "d", "e", 1 },
    })
    assert.same({ a = 3, b = 2, c = 3, d = 2, e = 11 }, sizes)
  end)

  local function ring(n)
    local people, rows = {}, {}
    for i = 1, n do
      people[i] = ("%04d"):format(i)
    end
    for i = 1, n do
      rows[i] = { people[i], people[i % n + 1], 1 }
    end
    return board_of(people, rows)
  end

  it("know rings up to 10, and say where there are longer ones", function()
    for _, n in ipairs({ 2, 3, 9, 10 }) do
      local board, ids = ring(n)
      for _, size in pairs(data.values(board, ids, "ring_size")) do
        assert.equal(n, size)
      end
      assert.equal("", board:notes())
    end
    for _, n in ipairs({ 11, 1000 }) do
      local board, ids = ring(n)
      for _, size in pairs(data.values(board, ids, "ring_size")) do
        assert.equal(11, size)
      end
      assert.equal(("ring_size: %d customers are in a ring of more than 10, but in no smaller one; "
        .. "they have 11, as those in none\n"):format(n), board:notes())
      local generation = data.values(board, ids, "generation")
      assert.equal(0, generation["0001"])
      assert.equal(n - 1, generation[("%04d"):format(n)])
    end
  end)

  it("mean in a rule what they say", function()
    local board = board_of({ "a", "b", "c", "d" },
      { { "a", "b", 1 }, { "b", "a", 2 }, { "c", "c", 3 } })
    assert.same({ true, true, true, false },
      board:condition("self_referral or ring_size <= 3 or referrals_a_day > 3", 4))
  end)
end)

describe("households", function()
  local function relations(rows)
    return {
      name = "relations", columns = { { "household", "label" } }, rows = rows,
    }
  end

  it("are those of relations, the first of several", function()
    local homes = relations({
      { customer = "a", household = "h2" }, { customer = "a", household = "h1" },
      { customer = "b", household = "h1" }, { customer = "x", household = "h2" },
      { customer = "y" },
    })
    local rows = { { "a", "b", 1 }, { "a", "x", 1 }, { "a", "y", 1 }, { "b", "z", 1 } }
    local board, ids = board_of({ "a", "b", "x", "y", "z" }, rows, { tables = { homes } })
    assert.same({ a = "h1", b = "h1", x = "h2" }, data.values(board, ids, "household"))
    assert.same({ a = false, b = true, x = false, y = false, z = false },
      data.values(board, ids, "referrer_same_household"))
  end)
end)

describe("referral_cascade", function()
  local function joins(m, n, d)
    local board = data.alone({ constants = {
      data.number("referral_branching", m), data.number("referral_generations", n),
      d and data.number("referral_fading", d),
    } })
    local column, err = board:column("referral_cascade")
    return column and column[1], err
  end

  it("has the text's 8190, and the limits of a dying branch", function()
    assert.equal(8190, joins(2, 12))
    assert.near(1, joins(0.5, 100), 1e-9) -- m / (1 - m)
    assert.near(4, joins(0.8, 100), 1e-8)
    assert.equal(0, joins(2, 0))
  end)

  it("fades", function()
    assert.near(2 + 2 * 1 + 2 * 1 * 0.5, joins(2, 3, 0.5), 1e-12)
    assert.equal(2, joins(2, 12, 1))
  end)

  it("refuses what means nothing", function()
    assert.matches("must not be negative", select(2, joins(-1, 3)))
    assert.matches("whole number from 0 to 100", select(2, joins(2, 2.5)))
    assert.matches("whole number from 0 to 100", select(2, joins(2, 101)))
    assert.matches("referral_fading must be from 0 to 1", select(2, joins(2, 3, 1.5)))
  end)
end)
