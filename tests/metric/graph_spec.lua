-- Random referrals against a second implementation, written here from the documentation and
-- without a thought for speed; and the same rows in another order and on other numbers of threads.
local data = require("metric.dataset")

local NONE = 11

local function random_case(n, edges)
  local people, rows = {}, {}
  for i = 1, n do
    people[i] = {
      id = string.char(96 + i),
      opened = math.random() < 0.3 and ("2024-01-%02d"):format(math.random(3)) or nil,
    }
  end
  for i = 1, edges do
    local referee = math.random(n + 1)
    rows[i] = {
      customer = people[math.random(n)].id, date = ("2024-01-%02d"):format(math.random(4)),
      referee = people[referee] and people[referee].id or "stranger",
      status = ({ "pending", "paid" })[math.random(3)],
    }
  end
  return people, rows
end

local function board_of(people, rows, threads)
  return data.board({
    as_of = "2024-12-31", threads = threads,
    people = { columns = { { "opened", "date" } }, rows = people },
    tables = { {
      name = "referrals", date = "date", rows = rows,
      columns = { { "referee", "label" }, { "date", "date" }, { "status", "label" } },
    } },
  })
end

-- Takes away the latest credit of each ring.
local function cut(people, credit)
  for _, one in ipairs(people) do
    local members, at = {}, one.id
    for _ = 1, #people do
      at = credit[at] and credit[at].customer
    end
    local from = at -- as many steps up as there are customers end in a ring, or nowhere
    while at do
      members[#members + 1] = at
      at = credit[at].customer
      if at == from then
        break
      end
    end
    table.sort(members, function(a, b)
      if credit[a].date ~= credit[b].date then
        return credit[a].date > credit[b].date
      end
      return a < b
    end)
    if members[1] then
      credit[members[1]] = nil
    end
  end
end

local function credits(people, rows)
  local known, credit = {}, {}
  for _, one in ipairs(people) do
    known[one.id] = one
  end
  for _, row in ipairs(rows) do
    local opened, old = known[row.customer].opened, credit[row.referee]
    local fits = known[row.referee] and row.referee ~= row.customer
      and not (opened and row.date < opened)
    if fits and (not old or row.date < old.date
        or (row.date == old.date and row.customer < old.customer)) then
      credit[row.referee] = row
    end
  end
  cut(people, credit)
  local referrer = {}
  for id, row in pairs(credit) do
    referrer[id] = row.customer
  end
  return referrer
end

local function qualified(rows, referrer, id)
  local n = 0
  for friend, by in pairs(referrer) do
    local last, is = "", false
    for _, row in ipairs(rows) do
      if by == id and row.customer == id and row.referee == friend and row.status
        and row.date >= last then
        is = row.status == "paid" or (is and row.date == last)
        last = row.date
      end
    end
    n = n + (is and 1 or 0)
  end
  return n
end

local function below(referrer, id)
  local count, all, depth = 0, 0, 0
  for friend, by in pairs(referrer) do
    if by == id then
      local _, more, deep = below(referrer, friend)
      count, all, depth = count + 1, all + 1 + more, math.max(depth, deep + 1)
    end
  end
  return count, all, depth
end

-- Who is reached in one step more, until it is the customer itself.
local function ring(rows, id)
  local reached = { [id] = true }
  for size = 1, NONE - 1 do
    local further = {}
    for _, row in ipairs(rows) do
      if reached[row.customer] and row.customer ~= row.referee then
        further[row.referee] = true
      end
    end
    if further[id] then
      return size
    end
    reached = further
  end
  return NONE
end

local function busiest(rows, id)
  local days, most = {}, 0
  for _, row in ipairs(rows) do
    if row.customer == id then
      days[row.date] = (days[row.date] or 0) + 1
      most = math.max(most, days[row.date])
    end
  end
  return most
end

local function expected(people, rows)
  local referrer = credits(people, rows)
  local out = {
    referrer = referrer, referred_count = {}, referred_qualified = {}, generation = {},
    referral_depth = {}, referral_reach = {}, ring_size = {}, self_referral = {},
    referrals_a_day = {},
  }
  for _, one in ipairs(people) do
    local id, up = one.id, one.id
    out.referred_count[id], out.referral_reach[id], out.referral_depth[id] = below(referrer, id)
    out.referred_qualified[id] = qualified(rows, referrer, id)
    out.ring_size[id] = ring(rows, id)
    out.referrals_a_day[id] = busiest(rows, id)
    out.generation[id], out.self_referral[id] = 0, false
    while referrer[up] do
      up = referrer[up]
      out.generation[id] = out.generation[id] + 1
    end
    for _, row in ipairs(rows) do
      out.self_referral[id] = out.self_referral[id] or (row.customer == id and row.referee == id)
    end
  end
  return out
end

local function shuffle(list)
  for i = #list, 2, -1 do
    local k = math.random(i)
    list[i], list[k] = list[k], list[i]
  end
end

describe("random referrals", function()
  it("are what a second implementation finds, in every order", function()
    math.randomseed(4)
    for _ = 1, 2000 do
      local n = math.random(1, 9)
      local people, rows = random_case(n, math.random(0, 2 * n))
      local wanted = expected(people, rows)
      shuffle(rows)
      local board, ids = board_of(people, rows)
      for name, values in pairs(wanted) do
        assert.same(values, data.values(board, ids, name), name)
      end
    end
  end)

  it("have rings of every size, found from every side", function()
    math.randomseed(5)
    local seen = {}
    for _ = 1, 300 do
      local people, rows = random_case(24, 12)
      local size = math.random(2, 12)
      shuffle(people)
      for i = 1, size do
        rows[#rows + 1] = {
          customer = people[i].id, referee = people[i % size + 1].id, date = "2024-01-01",
        }
      end
      local board, ids = board_of(people, rows)
      for id, found in pairs(data.values(board, ids, "ring_size")) do
        assert.equal(ring(rows, id), found)
        seen[found] = true
      end
    end
    for size = 2, NONE do
      assert.is_true(seen[size], size)
    end
  end)

  it("are the same on any number of threads", function()
    math.randomseed(6)
    local people, rows = {}, {}
    for i = 1, 9000 do
      people[i] = { id = ("%05d"):format(i) }
    end
    for i = 1, 18000 do
      rows[i] = {
        customer = people[math.random(9000)].id, referee = people[math.random(9000)].id,
        date = ("2024-01-%02d"):format(math.random(31)),
      }
    end
    local one, ids = board_of(people, rows, 1)
    shuffle(rows)
    local many = board_of(people, rows, 4)
    for _, name in ipairs({ "referrer", "ring_size", "referral_reach", "referrals_a_day" }) do
      assert.same(data.values(one, ids, name), data.values(many, ids, name), name)
    end
    assert.equal(one:notes(), many:notes())
  end)
end)
