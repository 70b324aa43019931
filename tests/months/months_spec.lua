-- Months against closed forms, by z-scores at fixed seeds, and what must not change anything.
local lfs = require("lfs")
local core = require("patron_core").months

local program = lfs.currentdir() .. "/" .. (os.getenv("PATRON_BUILD") or "build/release")
  .. "/patron"
local folders = {}

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

-- n customers, whose columns are given as { name, type, value }; each has the purchases, as { date,
-- amount, margin }. Values and purchases may be functions of 1 to n. Options: `as_of`, and
-- `contacts` and `referrals`, rows of these tables.
local function base(n, columns, purchases, options)
  local folder = os.tmpname()
  os.remove(folder)
  assert(lfs.mkdir(folder))
  folders[#folders + 1] = folder
  local names, types, values = { "customer" }, { '"customer": "label"' }, {}
  for i, c in ipairs(columns) do
    names[i + 1], types[i + 1], values[i] = c[1], ('"%s": "%s"'):format(c[1], c[2]), c[3]
  end
  local people, rows = { table.concat(names, ",") }, { "customer,date,amount,margin" }
  for k = 1, n do
    local id = ("C%05d"):format(k)
    local own = { id }
    for i, v in ipairs(values) do
      own[i + 1] = type(v) == "function" and tostring(v(k)) or tostring(v)
    end
    people[#people + 1] = table.concat(own, ",")
    for _, p in ipairs(type(purchases) == "function" and purchases(k) or purchases or {}) do
      rows[#rows + 1] = table.concat({ id, p[1], p[2], p[3] }, ",")
    end
  end
  write(folder .. "/customers.csv", table.concat(people, "\n") .. "\n")
  local tables = ('"customers": { "file": "customers.csv", "columns": { %s } }'):format(
    table.concat(types, ", "))
  if purchases then
    write(folder .. "/transactions.csv", table.concat(rows, "\n") .. "\n")
    tables = tables .. ', "transactions": { "file": "transactions.csv", "columns": '
      .. '{ "customer": "label", "date": "date", "amount": "money", "margin": "money" } }'
  end
  if options and options.contacts then
    write(folder .. "/contacts.csv", "customer,date,campaign,channel,cost\n"
      .. table.concat(options.contacts, "\n") .. "\n")
    tables = tables .. ', "contacts": { "file": "contacts.csv", "columns": { "customer": "label", '
      .. '"date": "date", "campaign": "label", "channel": "label", "cost": "money" } }'
  end
  if options and options.referrals then
    write(folder .. "/referrals.csv", "referrer,referee,date,programme\n"
      .. table.concat(options.referrals, "\n") .. "\n")
    tables = tables .. ', "referrals": { "file": "referrals.csv", "columns": '
      .. '{ "referrer": "label", "referee": "label", "date": "date", '
      .. '"programme": "label" } }'
  end
  write(folder .. "/dataset.json", ('{ "name": "equal customers", "as_of": "%s", '
    .. '"currency": "EUR", "tables": { %s } }'):format(options and options.as_of or "2024-12-31",
    tables))
  return folder
end

local function policy(text)
  local path = os.tmpname()
  folders[#folders + 1] = path
  write(path, 'policy "months" { currency = "EUR" }\n' .. text)
  return path
end

local function run(options)
  options.helper = program
  options.policy = policy(options.policy)
  return assert(core.months(options))
end

-- Over the runs: the mean of f(run), and its standard error.
local function over(runs, f)
  local sum, squares, n = 0, 0, #runs
  for _, r in ipairs(runs) do
    local x = f(r)
    sum, squares = sum + x, squares + x * x
  end
  local mean = sum / n
  return mean, math.sqrt(math.max(squares / n - mean * mean, 0) / (n - 1))
end

local function agrees(expected, runs, f)
  local mean, error = over(runs, f)
  local z = (mean - expected) / math.max(error, 1e-9)
  assert(error > 0 and math.abs(z) < 4, ("%s +- %s is not %s"):format(mean, error, expected))
end

local nothing = 'campaign "none" { when = "false", offer = let_go() }\n'

local function steady(retention, pace, margin)
  return { { "retention_rate", "number", retention }, { "purchases_a_year", "number", pace },
    { "yearly_margin", "money", margin } }
end

describe("months", function()
  teardown(function()
    for _, folder in ipairs(folders) do
      os.execute("rm -rf " .. folder)
    end
  end)

  it("keep as many customers as the chance to stay says", function()
    local r = run({ data = base(1000, steady(0.7, 12, 100)), policy = nothing, months = 24,
      runs = 60 })
    agrees(700, r.runs, function(x) return x[12].customers end)
    agrees(490, r.runs, function(x) return x[24].customers end)
  end)

  local function deviation(runs, f)
    local mean, error = over(runs, f)
    return error * math.sqrt(#runs), mean
  end

  it("draw once a run how likely all stay, and what all purchases bring", function()
    local data = base(4000, steady(0.7, 12, 120), { { "2024-12-01", 20, 10 } })
    local function of(more)
      local options = { data = data, policy = nothing, months = 12, runs = 200 }
      for name, value in pairs(more) do options[name] = value end
      return run(options).runs
    end
    local function there(x) return x[12].customers end
    local chance = math.sqrt(4000 * 0.7 * 0.3)
    assert.near(chance, (deviation(of({}), there)), 0.2 * chance)
    local both = math.sqrt(chance ^ 2 + (4000 * 0.05) ^ 2)
    local sd, mean = deviation(of({ base_spread = 0.05 }), there)
    assert.near(both, sd, 0.2 * both)
    assert.near(2800, mean, 4 * both / math.sqrt(200))
    local function revenue(x) return x[1].revenue / x[1].customers end
    sd, mean = deviation(of({ value_spread = 0.1 }), revenue)
    assert.near(0.1, sd / mean, 0.02)
    -- whoever surely stays does so
    data = base(50, steady(1, 12, 120))
    for _, x in ipairs(of({ base_spread = 0.1 })) do
      assert.equal(50, x[12].customers)
    end
  end)

  it("keep who stood as they stand now as often as those were kept", function()
    -- Half bought every month and go on, half fell silent three years ago and never came back.
    local function purchases(k)
      local list = {}
      for month = 1, 36 do
        local silent = month > 2 and k % 2 == 0
        if not silent then
          list[#list + 1] = { ("%d-%02d-10"):format(2022 + (month - 1) // 12, (month - 1) % 12 + 1),
            20, 10 }
        end
      end
      return list
    end
    local r = run({ data = base(2000, {}, purchases), policy = nothing, months = 12, runs = 20 })
    for _, x in ipairs(r.runs) do
      assert.is_true(x[12].customers > 980 and x[12].customers < 1020, x[12].customers)
    end
  end)

  it("lose as many as left in a year, also of those who bought before they left", function()
    -- Everybody buys every month until they leave, 2 % a month.
    math.randomseed(5)
    local there = 0
    local function purchases()
      local list, first = {}, math.random(1, 20)
      for month = first, 36 do
        list[#list + 1] = { ("%d-%02d-10"):format(2022 + (month - 1) // 12, (month - 1) % 12 + 1),
          20, 10 }
        if math.random() < 0.02 then return list end
      end
      there = there + 1
      return list
    end
    local r = run({ data = base(3000, {}, purchases), policy = nothing, months = 12, runs = 20 })
    local mean = over(r.runs, function(x) return x[12].customers end)
    assert.near(1, mean / (there * 0.98 ^ 12), 0.05)
  end)

  it("take who nothing is told of to stay as the others do", function()
    -- A tenth leaves in the last year; of every tenth customer nobody knows when they came, and
    -- nobody buys anything.
    local function opened(k) return k % 10 == 0 and "" or "2020-01-01" end
    local function left(k) return k % 10 == 1 and "2024-06-01" or "" end
    local columns = { { "opened", "date", opened }, { "left", "date", left },
      { "purchases_a_year", "number", 4 }, { "yearly_margin", "money", 100 } }
    local r = run({ data = base(1000, columns), policy = nothing, months = 12, runs = 20 })
    local mean = over(r.runs, function(x) return x[12].customers end)
    assert.near(900 * 8 / 9, mean, 10)
    assert.near(900 * 100 * (8 / 9) / (1.12 - 8 / 9), r.equity / 100, 5000)
  end)

  it("make customers worth Gupta and Lehmann's multiples", function()
    -- At i = 12 %: a yearly margin of 100 at .6, .7, .8, .9 (golden.md, 1).
    for retention, worth in pairs({ [0.6] = 1.15, [0.7] = 1.67, [0.8] = 2.50, [0.9] = 4.09 }) do
      local r = run({ data = base(10, steady(retention, 12, 100)), policy = nothing })
      assert.near(worth, r.equity / 100 / 10 / 100, 0.005)
    end
  end)

  it("hold the margin of who as good as never buys within an amount", function()
    -- 1e20 of margin a purchase would be none.
    local never = ("%.20f"):format(1e-18)
    local r = run({ data = base(10, steady(0.8, never, 100)), policy = nothing })
    assert.is_true(r.equity >= 0 and r.equity < 250 * 10 * 100)
  end)

  it("are refused where the sums would run over", function()
    local r, message = core.months({ helper = program, policy = policy(nothing),
      data = base(2000, steady(1, 12, 10000000000000)) })
    assert.is_nil(r)
    assert.truthy(message:find("more than an amount of money can be", 1, true))
  end)

  it("earn what the discounted margins of those who stay are", function()
    local months, d, r = 60, 1.12 ^ (1 / 12), 0.7 ^ (1 / 12)
    local expected = 0
    for m = 1, months do
      expected = expected + 1000 * 100 / 12 * (r / d) ^ m
    end
    expected = expected + 1000 * (r / d) ^ months * 100 * 0.7 / (1.12 - 0.7)
    local result = run({ data = base(1000, steady(0.7, 12, 100)), policy = nothing,
      months = months, runs = 60 })
    agrees(expected, result.runs, function(x) return x.earned / 100 end)
  end)

  it("buy as often as the pace says, by Poisson's law", function()
    local r = run({ data = base(1000, steady(1, 18, 180),
      { { "2024-12-01", 20, 10 } }), policy = nothing, months = 2, runs = 200 })
    agrees(1500, r.runs, function(x) return x[1].revenue / 100 / 20 end)
    agrees(1500, r.runs, function(x) -- whose variance is its mean
      return (x[2].revenue / 100 / 20 - 1500) ^ 2
    end)
  end)

  -- Purchases by recency: p = .3 .2 .15 .05, none beyond four months.
  local function by_recency(p4)
    return ([[
      params { referral_branching = 0, discount_rate = 7.916100448256 } -- a fifth a month
      metrics { gone = "months_between(last_purchase, today)",
        purchases_a_year = "12 * (gone < 1 and 0.3 or gone < 2 and 0.2 or gone < 3 and 0.15 "
          .. "or gone < 4 and %s or 0)" }
    ]]):format(p4)
  end
  local bought = { { "2024-12-15", 100, 40 } }
  local staying = { { "retention_rate", "number", 1 } }

  it("give Dwyer's customers by recency", function()
    local r = run({ data = base(1000, staying, bought), policy = by_recency(0.05) .. nothing,
      months = 8, runs = 150, purchases = 1 })
    for t, buyers in ipairs({ 300, 230, 195, 139.7, 95.67, 70.113, 50.8035, 36.418 }) do
      agrees(buyers, r.runs, function(x) return x[t].revenue / 10000 end)
    end
  end)

  -- Mailed at 4 each at the beginning of a month, with a purchase at its end: what a customer is
  -- worth who has just bought, horizon by horizon, 20 % a month.
  local function mailed(last, p4, months)
    return run({ data = base(400, staying, bought), months = months, runs = 250, purchases = 1,
      policy = by_recency(p4) .. ([[
        campaign "mail" { when = "gone < %d", offer = gift "a letter", cost = "4", value = "5" }
      ]]):format(last) }).runs
  end
  local function worth(run_, horizon)
    local sum = 40
    for t = 0, horizon do
      sum = sum - (run_[t + 1] and run_[t + 1].cost / 40000 / 1.2 ^ t or 0)
      sum = sum + (t > 0 and run_[t].margin / 40000 / 1.2 ^ t or 0)
    end
    return sum
  end

  it("give Pfeifer and Carraway's customer values", function()
    local runs = mailed(4, 0.05, 50)
    agrees(50.114969, runs, function(x) return worth(x, 4) end)
    agrees(52.319609, runs, function(x) return worth(x, 49) end)
    agrees(53.149425, mailed(3, 0, 50), function(x) return worth(x, 49) end)
  end)

  it("bring as many friends as the cascade does", function()
    for branching, joins in pairs({ [0.5] = 1, [0.8] = 4 }) do
      local r = run({ data = base(200, steady(1, 0, 0)), months = 50, runs = 100, fatigue = 1,
        policy = ([[
          params { referral_branching = %s }
          campaign "tell" { when = "true", offer = gift "x", value = "1",
            effect = { referral = %s }, caps = { customer = 1 } }
        ]]):format(branching, branching) })
      agrees(200 * joins, r.runs, function(x)
        local sum = 0
        for m = 1, 50 do sum = sum + x[m].joined end
        return sum
      end)
    end
  end)

  it("pay for friends within the budget, and for none who close a ring", function()
    local rows = {}
    for k = 1, 20 do rows[k] = ("C%05d,C%05d,2024-06-15,"):format(k, 50 + k) end
    for k = 21, 25 do rows[k] = ("C%05d,C%05d,2024-06-15,"):format(k, k) end -- oneself
    local data = base(100, steady(1, 0, 0), nil, { referrals = rows })
    local function bring(caps)
      return run({ data = data, months = 12, runs = 150, policy = nothing .. ([[
        params { referrals_a_year = 1.2, referral_branching = 0 }
        referral "friends" { reward = both(10), %s }
      ]]):format(caps) }).runs
    end
    local free = bring("")
    agrees(100 * 0.1 * 0.8, free, function(x) return x[1].joined end) -- a fifth are refused
    for _, x in ipairs(free) do
      assert.equal(x[5].joined * 2000, x[5].cost)
    end
    for _, x in ipairs(bring("caps = { budget = 1000 }")) do -- of which 400 is due today
      local paid = 0
      for m = 1, 12 do paid = paid + x[m].cost end
      assert.equal(60000, paid)
    end
  end)

  -- Of 20 and of 200 a friend; `first` rows of the one programme, the others of 40 of the other.
  describe("with two referral blocks", function()
    local function bring(first, terms, branching, other_first)
      local rows, blocks = {}, {}
      for k = 1, 40 do
        local programme = first and (k <= first and "small" or "large") or ""
        rows[k] = ("C%05d,C%05d,2024-06-15,%s"):format(k, 50 + k, programme)
      end
      for i, name in ipairs({ "small", "large" }) do
        blocks[i] = ('referral "%s" { programme = "%s", reward = both(%d), %s }\n'):format(name,
          name, 10 ^ i, terms[name] or "")
      end
      local text = other_first and blocks[2] .. blocks[1] or blocks[1] .. blocks[2]
      return run({ data = base(100, steady(1, 0, 0), nil, { referrals = rows }), months = 12,
        runs = 300, policy = nothing .. text .. ([[
          params { referrals_a_year = 1.2, referral_branching = %s }
        ]]):format(branching or 0) }).runs
    end
    local function paid(x)
      local sum = 0
      for m = 1, 12 do sum = sum + x[m].cost / 100 end
      return sum
    end

    it("pay by each block's share of the last year's referrals", function()
      agrees(10 * (0.75 * 20 + 0.25 * 200), bring(30, {}), function(x) return x[3].cost / 100 end)
      for _, x in ipairs(bring(nil, {})) do -- a row without a programme belongs to both
        assert.equal(x[3].joined * 220, x[3].cost / 100)
      end
    end)

    it("pay within each one's own budget, whichever comes first", function()
      local terms = { large = "caps = { budget = 2600 }" } -- of which 2000 is due today
      for _, other_first in ipairs({ false, true }) do
        agrees(12 * 10 * 0.75 * 20 + 600, bring(30, terms, 0, other_first), paid)
      end
    end)

    it("pay within each one's own cap of a referrer", function()
      local terms = { small = "caps = { customer = 1 }", large = "caps = { customer = 9 }" }
      local generation = 10 * ((1 - math.exp(-1.5)) * 20 + 1.5 * 200)
      agrees(10 * (0.5 * 20 + 0.5 * 200) + generation, bring(20, terms, 3),
        function(x) return x[2].cost / 100 end)
    end)
  end)

  it("tell the equity of who stayed, of what they have become, and of who joined", function()
    -- Worth 200 each; from March on they buy half as often. Some bring friends in January.
    local r = run({ data = base(200, { { "retention_rate", "number", 0.7 },
      { "yearly_margin", "money", 120 } }), months = 6, runs = 60, policy = [[
        params { referral_branching = 0 }
        metrics { purchases_a_year = "today < date('2025-02-20') and 12 or 6" }
        campaign "tell" { when = "true", offer = gift "x", value = "1",
          effect = { referral = 0.5 }, caps = { customer = 1 } }
      ]] })
    assert.equal(200 * 20000, r.equity)
    agrees(200 * 0.7 ^ 0.5 * 20000, r.runs, function(x) return x[6].retained end)
    local friends = 0
    for _, x in ipairs(r.runs) do
      assert.equal(0, x[2].developed)
      assert.equal(x[6].retained / -2, x[6].developed)
      assert.equal(x[6].customers * 20000, x[6].retained + x[6].acquired)
      assert.equal(x[6].equity, x[6].retained + x[6].developed + x[6].acquired)
      friends = friends + x[6].acquired
    end
    assert.is_true(friends > 0)
  end)

  it("let a chain of friends end as often as it must", function()
    for branching, extinct in pairs({ [1.2] = 0.686302, [1.5] = 0.417188, [2] = 0.203188 }) do
      local r = run({ data = base(1, steady(1, 0, 0)), months = 30, runs = 1500, policy = ([[
        params { referral_branching = %s }
        campaign "tell" { when = "true", offer = gift "x", value = "1",
          effect = { referral = %s }, caps = { customer = 1 } }
      ]]):format(branching, branching) })
      agrees(extinct, r.runs, function(x) return x[30].joined == 0 and 1 or 0 end)
    end
  end)

  it("have the elasticities that are known of retention", function()
    local function change(retention, points)
      local data = base(50, { { "retention_rate", "number", retention },
        { "purchases_a_year", "number", 12 }, { "yearly_margin", "money", 1000 } })
      local text = "params { discount_rate = 0.05 }\n" .. nothing
      local now = run({ data = data, policy = text }).equity
      local then_ = run({ data = data, policy = text, elasticity = "retention=" .. points }).equity
      return then_ / now - 1
    end
    assert.near(0.25, change(0.70, "+0.05"), 1e-6)
    assert.near(-0.247, change(0.85, "-0.05"), 1e-3)
    assert.near(0.85, change(0.934, "+0.05"), 0.01)
  end)

  it("take pace, amounts and margins in proportion, and stop at certainty", function()
    local data = base(50, { { "retention_rate", "number", 0.98 } },
      { { "2024-11-15", 100, 40 }, { "2024-12-15", 100, 40 } })
    local function equity(elasticity)
      return run({ data = data, policy = nothing, elasticity = elasticity })
    end
    local now = equity(nil).equity
    for _, name in ipairs({ "frequency", "spend", "margin" }) do
      -- worth comes in whole minor units
      assert.near(1.1, equity(name .. "=0.1").equity / now, 1e-5)
    end
    local sure = equity("retention=0.05")
    assert.equal(50, sure.clamped)
    assert.near(1 / 0.12 / (0.98 / 0.14), sure.equity / now, 1e-5)
  end)

  it("are the same for any number of threads, and other for another seed", function()
    local data = base(5000, steady(0.8, 6, 50), { { "2024-11-15", 20, 10 } })
    local text = [[
      tiers "card" { { "gold", when = "orders >= 4" }, { "classic" } }
      campaign "more" { when = "card == 'gold'", offer = gift "x", cost = "1", value = "2",
        effect = { frequency = 2 }, caps = { customer = { 1, per = months(6) }, budget = 900 } }
    ]]
    local function figures(seed, threads)
      return run({ data = data, policy = text, months = 9, runs = 7, seed = seed,
        threads = threads }).runs
    end
    local one = figures(1, 1)
    assert.same(one, figures(1, 4))
    assert.are_not.same(one, figures(2, 1))
assert.equal(90000, one[1][2].cost + one[1][3].cost + one[1][4].cost)
  end)

  -- A cap in total that nobody reaches keeps all customers together.
  it("go the same way in parts of the customers as all together", function()
    local function when(k, every, text) return k % every == 0 and text or "" end
    local contacts = {}
    for k = 7, 9000, 7 do
      contacts[#contacts + 1] = ("C%05d,2024-11-%02d,more,,1"):format(k, k % 30 + 1)
    end
    local data = base(9000, {
      { "retention_rate", "number", function(k) return 0.5 + k % 11 / 25 end },
      { "yearly_margin", "money", function(k) return k % 90 end },
      { "away", "flag", function(k) return k % 5 == 0 end },
      { "kind", "label", function(k) return when(k, 4, "big") end },
      { "card_before", "label", function(k) return when(k, 3, "gold") end },
      { "since", "date", function(k) return when(k, 3, "2024-07-31") end },
    }, function(k)
      local day = ("2024-%02d-%02d"):format(k % 12 + 1, k % 28 + 1)
      return k % 6 > 0 and { { day, k % 50, k % 20 }, { "2024-12-05", 9, 3 } } or {}
    end, { contacts = contacts })
    local function figures(total)
      return run({ data = data, months = 9, runs = 3, policy = ([[
        metrics { lately = count "transactions" { last = months(3) } }
        tiers "card" { { "gold", when = "lately >= 2 or spend > 90" }, { "classic" },
          previous = "card_before", since = "since", review = months(3), fall = "one tier" }
        campaign "more" { when = "card == 'gold' and recency_days < 60", never = "away",
          offer = gift "x", cost = "1", value = "2", effect = { frequency = 2 },
          caps = { customer = { 1, per = months(6) }%s } }
        campaign "friends" { when = "kind == 'big' and not away", offer = gift "y", cost = "1",
          value = "1", effect = { referral = 0.01 } }
      ]]):format(total) }).runs
    end
    local apart = figures("")
    assert.same(figures(", total = 1000000"), apart)
    for m = 1, 9 do
      assert.is_true(apart[1][m].offers > 1000 and apart[1][m].joined > 0)
    end
  end)

  it("ask functions of the policy, on every thread", function()
    local data = base(300, steady(0.8, 12, 50), { { "2024-11-15", 20, 10 } })
    local function offers(when, threads)
      local list = {}
      for i, r in ipairs(run({ data = data, months = 6, runs = 3, threads = threads,
        policy = ([[ campaign "x" { when = %s, offer = gift "x", cost = "1", value = "2" } ]])
          :format(when) }).runs) do
        for m = 1, 6 do list[#list + 1] = i .. ":" .. r[m].offers end
      end
      return table.concat(list, " ")
    end
    local expected = offers('"orders >= 3 and recency_days < 40"', 1)
    local asked = "function(orders, recency_days) if orders < 3 then return false end "
      .. "return recency_days < 40 end"
    assert.matches("3:%d%d", expected)
    assert.equal(expected, offers(asked, 1))
    assert.equal(expected, offers(asked, 3))
  end)

  it("do not change for others when a customer is added", function()
    local text = nothing
    local function figures(n)
      return run({ data = base(n, { { "retention_rate", "number", 0.7 },
        { "purchases_a_year", "number", function(k) return k > 300 and 0 or 12 end },
        { "yearly_margin", "money", 120 } }), policy = text, months = 12, runs = 5 }).runs
    end
    local less, more = figures(300), figures(301)
    for i = 1, 5 do
      for m = 1, 12 do
        local extra = more[i][m].customers - less[i][m].customers
        assert.is_true(extra == 0 or extra == 1)
        assert.equal(less[i][m].margin, more[i][m].margin)
      end
    end
  end)

  it("stand for the whole base by a sample", function()
    local r = run({ data = base(3000, steady(0.7, 12, 100)), months = 12, runs = 60, sample = 500,
      policy = [[ campaign "all" { when = "true", offer = gift "x", cost = "1", value = "2",
        caps = { total = 600 } } ]] })
    agrees(2100, r.runs, function(x) return x[12].customers end)
    for _, x in ipairs(r.runs) do
      assert.equal(600, x[1].offers)
      assert.equal(0, x[2].offers)
    end
  end)

  it("read labels by the calendar in a sample, too", function()
    local r = run({ data = base(3000, steady(1, 12, 100)), months = 8, runs = 1, sample = 500,
      policy = [[
        metrics { phase = "today < date('2025-04-01') and 'early' or 'late'" }
        campaign "all" { when = "phase == 'late'", offer = gift "x", cost = "1", value = "2" }
      ]] })
    for m = 1, 8 do
      assert.equal(m <= 4 and 0 or 3000, r.runs[1][m].offers)
    end
  end)
end)

describe("what months grant", function()
  -- In each of 14 months; windows are calendar months, and so easier told in the middle of one.
  local function offers(caps, options)
    options = options or {}
    options.as_of = "2024-12-15"
    local r = run({ data = base(10, steady(1, 12, 100), nil, options), months = 14,
      policy = ([[
        channel "phone" { capacity = 4 }
        channel "mail" {}
        campaign "all" { when = "true", offer = gift "x", cost = "3", value = "5",
          channel = "%s", %s }
      ]]):format(options.channel or "mail", caps) })
    local list = {}
    for m = 1, 14 do list[m] = r.runs[1][m].offers end
    return table.concat(list, " "), r
  end

  it("is within the caps of a customer, which end with their window", function()
    assert.equal("10 0 0 0 0 0 0 0 0 0 0 0 10 0",
      (offers("caps = { customer = { 1, per = months(12) } }")))
    assert.equal("10 10 0 0 0 0 10 10 0 0 0 0 10 10",
      (offers("caps = { customer = { 2, per = months(6) } }")))
  end)

  it("counts what was done before the simulation, too", function()
    local caps = "caps = { customer = { 1, per = months(12) } }"
    assert.equal("9 0 0 1 0 0 0 0 0 0 0 0 9 0", (offers(caps,
      { contacts = { "C00003,2024-03-15,all,mail,3" } })))
  end)

  it("is within totals, budgets and capacities", function()
    assert.equal("10 5 0 0 0 0 0 0 0 0 0 0 0 0", (offers("caps = { total = 15 }")))
    assert.equal("5 0 0 0 0 0 0 0 0 0 0 0 0 0", (offers("caps = { budget = 17 }")))
    assert.equal("5 0 0 5 0 0 5 0 0 5 0 0 5 0",
      (offers("caps = { budget = { 17, per = months(3) } }")))
    assert.equal("4 4 4 4 4 4 4 4 4 4 4 4 4 4", (offers("", { channel = "phone" })))
  end)
end)

describe("what an offer changes", function()
  local function give(effect, options)
    options.policy = ([[
      campaign "give" { when = "true", offer = gift "x", value = "5", effect = { %s },
        caps = { customer = %s } }
    ]]):format(effect, options.caps or "1")
    options.data = base(2000, steady(options.stay or 1, options.pace or 12, 100))
    options.runs = 60
    return run(options).runs
  end
  local function purchases(x, from, to)
    local sum = 0
    for m = from, to do sum = sum + x[m].margin end
    return sum * 12 / 10000
  end

  it("is the chance to stay, for a year", function()
    local runs = give("retention = 0.3", { stay = 0.5, months = 24 })
    agrees(1600, runs, function(x) return x[12].customers end)
    agrees(800, runs, function(x) return x[24].customers end)
  end)

  it("is more purchases, of which a share is missing afterwards", function()
    local runs = give("frequency = 6", { months = 18 })
    agrees(2000 * 18, runs, function(x) return purchases(x, 1, 12) end)
    agrees(2000 * (3 - 0.2 * 6), runs, function(x) return purchases(x, 13, 15) end)
    agrees(2000 * 3, runs, function(x) return purchases(x, 16, 18) end)
  end)

  it("is less after each contact of a year", function()
    -- Four contacts, a month apart: 0.02 x (1 + 0.9 + 0.81 + 0.729) more stay in a year.
    local runs = give("retention = 0.02", { stay = 0.5, months = 12, caps = "4" })
    local kept = { 0.5 }
    local sum = 0.5
    for k = 0, 3 do
      sum = sum + 0.02 * 0.9 ^ k
      kept[k + 1] = sum
    end
    local there = 2000
    for m = 1, 12 do
      there = there * kept[math.min(m, 4)] ^ (1 / 12)
    end
    agrees(there, runs, function(x) return x[12].customers end)
  end)
end)

describe("months of doing nothing", function()
  local data, bought = nil, { { "2024-10-15", 20, 10 }, { "2024-11-15", 20, 10 } }
  setup(function()
    data = base(3000, { { "retention_rate", "number", 0.7 }, { "yearly_margin", "money", 90 } },
      bought)
  end)

  -- Without classes, which nobody may have followed.
  local function runs(text, idle, from)
    local r = run({ data = from or data, policy = text, months = 9, runs = 4, idle = idle }).runs
    for _, months in ipairs(r) do
      for m = 1, 9 do months[m].classes = nil end
    end
    return r
  end

  it("are those of a policy that offers nothing", function()
    local call = [[ campaign "call" { when = "%s", offer = gift "x", cost = "1", value = "2",
      effect = { retention = 0.1 }, channel = "phone" }
      channel "phone" { capacity = 900 }
      contact_policy "rarely" { customer = { 1, per = months(3) } }
      tiers "card" { { "gold", when = "orders >= 3" }, { "classic" } } ]]
    local never = runs(call:format("orders > 9000"))
    assert.same(never, runs(nothing))
    assert.same(never, runs(call:format("card == 'gold'"), true))
    assert.are_not.same(never, runs(call:format("card == 'gold'")))
  end)

  it("go on with tiers that are remembered, where customers do by them", function()
    local remembered = base(500, { { "before", "label", "gold" },
      { "yearly_margin", "money", 90 } }, bought)
    local text = [[
      metrics { retention_rate = "before == 'gold' and 0.9 or 0.3" }
      tiers "card" { { "gold", when = "orders >= 4" }, { "classic" }, previous = "before" }
      campaign "c" { when = "%s", offer = gift "x", cost = "1", value = "2",
        effect = { retention = 0.1 } }
    ]]
    local idle = runs(text:format("true"), true, remembered)
    assert.same(runs(text:format("false"), false, remembered), idle)
    assert.is_true(idle[1][9].customers < 400) -- they fell, and left the sooner
  end)

  it("bring the same friends, whom nobody is rewarded for", function()
    local rows = {}
    for k = 1, 400 do rows[k] = ("C%05d,C%05d,2024-06-15,"):format(k, 1000 + k) end
    local friends = base(3000, steady(0.9, 12, 50), bought, { referrals = rows })
    local text = nothing .. 'referral "friends" { reward = both(10), caps = { customer = 1 } }\n'
    local with, without = runs(text, false, friends), runs(text, true, friends)
    for i = 1, 4 do
      for m = 1, 9 do
        assert.equal(with[i][m].joined, without[i][m].joined)
        assert.equal(with[i][m].customers, without[i][m].customers)
        assert.is_true(with[i][m].joined > 0 and with[i][m].cost > 0)
        assert.equal(0, without[i][m].cost)
      end
    end
  end)
end)

describe("tiers in months", function()
  it("move with what customers do, and fall by their own reviews and grace", function()
    local r = run({ data = base(20, { { "retention_rate", "number", 1 },
      { "purchases_a_year", "number", 0 }, { "card_before", "label", "gold" },
      { "since", "date", "2024-12-31" } }, { { "2024-09-30", 100, 40 } }), months = 12, policy = [[
        metrics { lately = sum "transactions" { "amount", last = months(6) } }
        tiers "card" { { "gold", when = "lately >= 50" }, { "classic" },
          previous = "card_before", since = "since", review = months(6), grace = months(2),
          fall = "one tier" }
      ]] .. nothing })
    local golden = {}
    for m = 1, 12 do golden[m] = r.runs[1][m].classes[1] end
    -- Reviewed on 2025-06-30, when nothing was spent for six months; in grace until 2025-08-30.
    assert.equal("20 20 20 20 20 20 20 20 0 0 0 0", table.concat(golden, " "))
    assert.same({ "retention_rate", "purchases_a_year" }, r.frozen)
  end)

  it("count what is bought in windows of months, in the data and simulated", function()
    local r = run({ data = base(100, { { "retention_rate", "number", 1 },
      { "purchases_a_year", "number", 12 } }, { { "2024-10-15", 7, 3 }, { "2024-12-10", 7, 3 } }),
      months = 8, purchases = 1, policy = [[
        metrics { three = count "transactions" { last = months(3) },
          before = count "transactions" { last = months(3), ending = months(3) },
          paid = sum "transactions" { "amount", last = months(2) } }
        segments "pace" {
          { "start", when = "three == 2 and before == 0 and paid == 7 and orders == 2" },
          { "second", when = "three == 2 and before == 1 and paid == 14 and orders == 3" },
          { "fifth", when = "three == 3 and before == 2 and paid == 14 and orders == 6" },
          { "seventh", when = "three == 3 and before == 3 and orders == 8" },
          { "other" } }
      ]] .. nothing })
    local seen = {}
    for m, class in pairs({ [1] = 1, [2] = 2, [5] = 3, [7] = 4 }) do
      seen[#seen + 1] = m .. ":" .. r.runs[1][m].classes[class]
    end
    table.sort(seen)
    assert.equal("1:100 2:100 5:100 7:100", table.concat(seen, " "))
  end)

  it("list the columns that stay as they are", function()
    local r = run({ data = base(3, { { "city", "label", "Ulm" }, { "size", "number", 2 } },
      { { "2024-12-01", 5, 1 } }), policy = [[
        metrics { large = "size > 1 and orders > 0" }
        campaign "x" { when = "large and city == 'Ulm' and recency_days < 60", offer = let_go() }
      ]] })
    table.sort(r.frozen)
    assert.same({ "city", "size" }, r.frozen)
  end)
end)

describe("bad input to months", function()
  local function refused(options)
    options.helper = program
    options.policy = policy(options.policy or nothing)
    local result, message = core.months(options)
    assert.is_nil(result)
    return message
  end

  it("is refused with what to do", function()
    local fine = base(3, steady(0.8, 12, 100))
    assert.matches("%-%-months is a number of months from 1 to 60",
      refused({ data = fine, months = 0 }))
    assert.matches("%-%-runs is a number of runs from 1", refused({ data = fine, runs = 0 }))
    assert.matches("retention_rate of customer C00001 is 1.5: it is to be a share",
      refused({ data = base(3, steady(1.5, 12, 100)) }))
    assert.matches("purchases_a_year of customer C00001 is %-1",
      refused({ data = base(3, steady(1, -1, 100)) }))
    assert.matches("did you mean retention", refused({ data = fine, elasticity = "retentoin=0.1" }))
    assert.matches("a share from %-1 to 1", refused({ data = fine, elasticity = "retention=5" }))
    assert.matches("discount_rate is 0 a year",
      refused({ data = fine, policy = "params { discount_rate = 0 }\n" .. nothing }))
  end)

  it("is a missing chance to stay, for which the base's stands", function()
    local r = run({ data = base(1000, { { "retention_rate", "number",
      function(k) return k % 2 == 0 and 1 or "" end } }), policy = nothing, months = 12, runs = 40,
      retention = 0.6 })
    agrees(800, r.runs, function(x) return x[12].customers end)
  end)

  it("is no chance to stay at all: then the history tells", function()
    -- All bought in the year before last, three of four again, once or twice.
    local r = run({ data = base(1000, {}, function(k)
      local list = { { "2023-06-15", 10, 5 } }
      for i = 1, k % 4 == 0 and 0 or 1 + k % 2 do list[i + 1] = { "2024-06-15", 10, 5 } end
      return list
    end), policy = nothing, months = 12, runs = 60 })
    agrees(750, r.runs, function(x) return x[12].customers end)
    -- 1,250 purchases in a year of 1,000 customers, who leave evenly.
    agrees(1250 / 12 * 0.75 ^ (1 / 12), r.runs, function(x) return x[1].revenue / 1000 end)
  end)

  it("is customers without a history, who do as the base does", function()
    local r = run({ data = base(5, {}, {}), policy = nothing, months = 2, retention = 1 })
    assert.equal(5, r.strangers)
    assert.equal(5, r.runs[1][2].customers)
    assert.equal(0, r.runs[1][2].revenue)
  end)
end)
