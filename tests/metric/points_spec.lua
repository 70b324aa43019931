-- Points: the rules that docs/points.md states, one by one, and all of them together against an
-- implementation of its own that follows every single point.
local cli = require("cli")

local figures = { "earned", "redeemed", "expired", "balance", "expiring", "expires_on" }

local function names(programme)
  local list = {}
  for i, figure in ipairs(figures) do
    list[i] = programme .. "_" .. figure
  end
  return table.concat(list, ",")
end

local function lines(rows)
  return table.concat(rows, "\n") .. "\n"
end

-- A dataset of these rows; each is "customer,date,number" and what else the header names.
local function write(spec)
  local folder = cli.folder() .. "/points-data"
  os.execute("mkdir -p '" .. folder .. "'")
  local tables = {}
  for _, name in ipairs({ "customers", "transactions", "points" }) do
    if spec[name] then
      tables[#tables + 1] = ('"%s": { "file": "%s.csv" }'):format(name, name)
      cli.write(folder .. "/" .. name .. ".csv", lines(spec[name]))
    end
  end
  cli.write(folder .. "/dataset.json", ('{ "name": "t", "as_of": "%s", "currency": "EUR", "tables":'
    .. " { %s } }"):format(spec.as_of or "2024-12-31", table.concat(tables, ", ")))
end

local function score(policy, ...)
  cli.write(cli.folder() .. "/points.lua", 'policy "P" { currency = "EUR" }\n' .. policy)
  return cli.run({ "score", "points-data", "points.lua", ... })
end

-- The figures by customer, each as one text.
local function settle(policy, programme, ...)
  local run = score(policy, "--metrics", names(programme or "miles"), ...)
  local out = {}
  for line in run.out:gsub("^[^\n]*\n", ""):gmatch("[^\n]+") do
    local id, values = line:match("^([^,]+),,,,,,,,(.*)$")
    if id then
      out[id] = values
    end
  end
  return out, run
end

local header = { booked = "customer,date,points", spend = "customer,date,amount" }

describe("points", function()
  after_each(cli.clean)

  it("are earned, redeemed from the oldest, and expire on their day", function()
    write({ points = { header.booked,
      "a,2022-12-30,10", "a,2022-12-31,20", "a,2023-01-01,40", "a,2023-06-01,-15",
      "b,2022-12-31,20", "b,2024-12-31,-5", "b,2024-12-31,3",
      "c,2022-12-31,20", "c,2024-12-30,-5" } })
    local got = settle('loyalty "miles" { expire = months(24), soon = days(1) }')
    -- earned, redeemed, expired, balance, expiring, expires_on
    assert.equal("70,15,15,40,40,2025-01-01", got.a)
    assert.equal("23,5,20,-2,0,", got.b) -- gone on the day itself, so 3 are paid with and 2 owed
    assert.equal("20,5,15,0,0,", got.c)  -- the day before, they could still be used
  end)

  it("take a month that is too short at its last day", function()
    write({ as_of = "2024-02-28", points = { header.booked, "a,2023-08-31,7", "b,2023-08-29,7" } })
    local got = settle('loyalty "miles" { expire = months(6) }')
    assert.equal("7,0,0,7,7,2024-02-29", got.a)
    assert.equal("7,0,0,7,7,2024-02-29", got.b)
  end)

  it("last for ever where nothing says how long", function()
    write({ points = { header.booked, "a,1990-01-01,7", "a,1990-01-01,-2" } })
    assert.equal("7,2,0,5,0,", settle('loyalty "miles" {}').a)
  end)

  it("may be redeemed before they are earned: what is owed is paid by the next", function()
    write({ points = { header.booked, "a,2024-01-01,-30", "a,2024-02-01,20", "a,2024-03-01,25" } })
    assert.equal("45,30,0,15,15,2025-03-01",
      settle('loyalty "miles" { expire = months(12), soon = months(12) }').a)
  end)

  it("may be redeemed on the day they are earned, in any order of rows", function()
    write({ points = { header.booked, "a,2024-01-01,-30", "a,2024-01-01,30" } })
    assert.equal("30,30,0,0,0,", settle('loyalty "miles" { expire = days(1) }').a)
  end)

  it("of purchases are whole: cut towards 0, and taken back by refunds", function()
    write({ transactions = { header.spend, "a,2024-05-01,9.99", "a,2024-06-01,-9.99",
      "b,2024-05-01,9.99", "c,2024-05-01,30.00", "d,2024-05-01,-0.50", "e,2024-05-01,100" } })
    local got = settle([[loyalty "miles" { earn = "0.1 * amount", where = "amount < 100" }]])
    assert.equal("0,0,0,0,0,", got.b)
    assert.equal("3,0,0,3,0,", got.c) -- 0.1 * 30 is 3.0000000000000004, and 3 is meant
    got = settle([[loyalty "miles" { earn = "amount" }]])
    assert.equal("0,0,0,0,0,", got.a)
    assert.equal("9,0,0,9,0,", got.b)
    assert.equal("0,0,0,0,0,", got.d)
    assert.equal("100,0,0,100,0,", got.e)
  end)

  it("of the table count where `booked` holds, so several programmes share it", function()
    write({ transactions = { header.spend, "a,2024-05-01,50" },
      points = { "customer,date,points,type", "a,2024-01-01,30,air", "a,2024-01-01,4,hotel",
        "a,2024-02-01,-10,air", "a,2024-02-02,1," } })
    local policy = [[
      loyalty "miles" { booked = "type == 'air'" }
      loyalty "stars" { booked = "type == 'hotel'", earn = 1 }
      loyalty "none" { booked = false, earn = "amount" }
    ]]
    assert.equal("30,10,0,20,0,", settle(policy).a)
    assert.equal("5,0,0,5,0,", settle(policy, "stars").a)
    assert.equal("50,0,0,50,0,", settle(policy, "none").a)
  end)

  it("are 0 of whoever has no rows", function()
    write({ customers = { "customer", "a", "b" }, points = { header.booked, "a,2024-01-01,5" } })
    assert.same({ a = "5,0,0,5,0,", b = "0,0,0,0,0," }, (settle('loyalty "miles" {}')))
  end)

  it("are owed at their value times the share that is redeemed, if any are left", function()
    write({ customers = { "customer,gold", "a,true", "b,false", "c,", "d,true" },
      points = { header.booked, "a,2024-01-01,1000", "b,2024-01-01,333", "c,2024-01-01,100",
        "d,2024-01-01,-50", "b,2024-01-02,-33", "a,2020-01-01,67" } })
    local policy = [[params { share = 0.5 }
      inputs { gold = flag }
      loyalty "miles" {
        unit_value = "gold and 0.02 or 0.0101", redeems = "share", expire = months(24),
      }
    ]]
    local run = score(policy, "--metrics", "miles_liability", "--json", "-o", "o.csv")
    assert.equal(0, run.status, run.err)
    local rows = cli.read(cli.folder() .. "/o.csv")
    assert.is_truthy(rows:find("\na,,,,,,,,10.00\nb,,,,,,,,1.52\nc,,,,,,,,\nd,,,,,,,,0.00\n", 1,
      true), rows) -- 300 * 0.0101 * 0.5 is 1.515: to the even cent; whether c is gold nobody knows
    assert.is_truthy(run.out:find('"points":{"miles":{"customers":3,"earned":1500,"redeemed":83,'
      .. '"expired":67,"balance":1350,"expiring":0,"liability":11.52,'
      .. '"unit_value":"gold and 0.02 or 0.0101","redeems":"share"}}', 1, true), run.out)
    run = score(policy, "-o", "o.csv")
    assert.is_truthy(run.out:find("\n  miles: balance 1350 points, of 3 customers with some; "
      .. "expiring 0; owed 11.52 EUR, unit_value gold and 0.02 or 0.0101, redeems share; so far "
      .. "55.3 % of the 150 that are gone were redeemed\n", 1, true), run.out)
  end)

  it("that cannot be computed leave the customer without figures, which is said", function()
    write({ transactions = { header.spend, "a,2024-05-01,50", "b,2024-05-01,0", "c,2024-05-01,7" },
      points = { header.booked, "c,2024-01-01,9007199254740993" } })
    local got, run = settle([[loyalty "miles" { earn = "10 // (amount * 100 // 1)" }]])
    assert.equal("0,0,0,0,0,", got.a)
    assert.equal(",,,,,", got.b)
    assert.equal(",,,,,", got.c)
    assert.equal(4, run.status)
    got, run = settle([[loyalty "miles" { earn = "1e300 * amount", unit_value = 1 }]])
    assert.equal(",,,,,", got.a)
    assert.equal(4, run.status)
  end)

  it("are refused where nothing could earn them", function()
    write({ customers = { "customer", "a" } })
    local run = score('loyalty "miles" {}', "--metrics", "miles_balance")
    assert.equal(1, run.status)
    assert.equal("patron: points.lua:2:1: miles: nothing earns points: write `earn`, or bring a "
      .. "table points\n", run.err)
    run = score('loyalty "miles" { earn = "amount" }', "--metrics", "miles_balance")
    assert.equal("patron: points.lua:2:1: miles: `earn` counts rows of transactions, and the data "
      .. "has no such table\n", run.err)
    write({ points = { header.booked, "a,2024-01-01,many" } })
    run = score('loyalty "miles" {}')
    assert.equal("patron: points.lua:2:1: miles: the table points needs a column points of whole "
      .. "numbers\n", run.err)
  end)
end)

-- ---- an implementation of its own ------------------------------------------------------------

local function add_months(date, n)
  local y, m, d = date:match("^(%d+)-(%d+)-(%d+)$")
  local months = y * 12 + m - 1 + n
  y, m = months // 12, months % 12 + 1
  local lengths = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
  local leap = y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
  local length = m == 2 and leap and 29 or lengths[m]
  return ("%04d-%02d-%02d"):format(y, m, math.min(tonumber(d), length))
end

-- Every point is a thing of its own, that knows the day on which it is gone.
local function follow(rows, as_of, last, soon)
  local days, order = {}, {}
  for _, row in ipairs(rows) do
    if not days[row.date] then
      days[row.date] = { earned = 0, taken = 0, redeemed = 0 }
      order[#order + 1] = row.date
    end
    local day = days[row.date]
    local n = row.points
    if row.cents then
      n = math.abs(row.cents) * 37 // 10000 * (row.cents < 0 and -1 or 1)
    end
    if n > 0 then
      day.earned = day.earned + n
    else
      local word = row.cents and "taken" or "redeemed"
      day[word] = day[word] - n
    end
  end
  table.sort(order)
  local own, first, owed, sum = {}, 1, 0, { earned = 0, redeemed = 0, expired = 0 }
  local function clear(today)
    while own[first] and own[first] <= today do
      first = first + 1
      sum.expired = sum.expired + 1
    end
  end
  for _, date in ipairs(order) do
    local day = days[date]
    clear(date)
    for _ = 1, day.earned do
      if owed > 0 then
        owed = owed - 1
      else
        own[#own + 1] = add_months(date, last)
      end
    end
    for _ = 1, day.taken + day.redeemed do
      if own[first] then
        first = first + 1
      else
        owed = owed + 1
      end
    end
    sum.earned = sum.earned + day.earned - day.taken
    sum.redeemed = sum.redeemed + day.redeemed
  end
  clear(as_of)
  local expiring = 0
  for i = first, #own do
    expiring = expiring + (own[i] <= soon and 1 or 0)
  end
  return ("%d,%d,%d,%d,%d,%s"):format(sum.earned, sum.redeemed, sum.expired,
    #own - first + 1 - owed, expiring, own[first] or "")
end

local function random_rows(random, customers)
  local all = {}
  for i = 1, customers do
    for _ = 1, random(0, 14) do
      local date = ("%d-%02d-%02d"):format(random(2021, 2024), random(1, 12), random(1, 28))
      local row = { customer = "c" .. i, date = random(4) == 1 and date:sub(1, 7) .. "-01" or date }
      if random(2) == 1 then
        row.cents = random(-30000, 120000)
      else
        row.points = random(-250, 200)
      end
      all[#all + 1] = row
    end
  end
  return all
end

local function shuffled(random, list)
  local out = { table.unpack(list) }
  for i = #out, 2, -1 do
    local k = random(i)
    out[i], out[k] = out[k], out[i]
  end
  return out
end

local function write_rows(all)
  local spend, booked = { header.spend }, { header.booked }
  for _, row in ipairs(all) do
    if row.cents then
      spend[#spend + 1] = ("%s,%s,%.2f"):format(row.customer, row.date, row.cents / 100)
    else
      booked[#booked + 1] = ("%s,%s,%d"):format(row.customer, row.date, row.points)
    end
  end
  write({ transactions = spend, points = booked })
end

describe("points of many customers", function()
  after_each(cli.clean)

  it("are what following every single one of them gives, whatever the order and threads", function()
    math.randomseed(20241231)
    local all = random_rows(math.random, 400)
    local by, expected = {}, {}
    for _, row in ipairs(all) do
      by[row.customer] = by[row.customer] or {}
      table.insert(by[row.customer], row)
    end
    for id, rows in pairs(by) do
      expected[id] = follow(rows, "2024-12-31", 13, "2025-06-30")
    end
    local policy = [[
      loyalty "miles" { earn = "0.37 * amount", expire = months(13), soon = months(6) }
    ]]
    write_rows(all)
    assert.same(expected, (settle(policy, "miles", "--threads", "1")))
    write_rows(shuffled(math.random, all))
    assert.same(expected, (settle(policy, "miles", "--threads", "2")))
  end)
end)

describe("the stock policy of points", function()
  after_each(cli.clean)

  it("passes its tests, and finds both of its groups in a generated bank", function()
    local run = cli.run({ "test", "policies/points.lua" })
    assert.equal(0, run.status, run.out)
    cli.run({ "generate", "bank", "--customers", "4000", "-o", "bank" })
    run = cli.run({ "score", "bank", "policies/points.lua", "-o", "decisions.csv" })
    assert.equal(0, run.status, run.err)
    local left = {}
    for id, date in cli.read(cli.folder() .. "/bank/truth.csv"):gmatch("\n(C%d+),([%d-]*)") do
      left[id] = date ~= ""
    end
    local called, texted, right = 0, 0, 0
    for line in cli.read(cli.folder() .. "/decisions.csv"):gmatch("[^\n]+") do
      local id, campaign = line:match("^(C%d+),([^,]*)")
      if campaign == "ask why" then
        called, right = called + 1, right + (left[id] and 1 or 0)
      elseif campaign == "use them" then
        texted = texted + 1
      end
    end
    assert.is_true(called >= 5 and texted >= 5, called .. " and " .. texted)
    assert.is_true(right >= 0.7 * called, right .. " of " .. called .. " leave")
  end)
end)
