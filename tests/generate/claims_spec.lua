-- What docs/generate.md claims of generated bases, measured on the files alone.
local cli = require("cli")
local made = require("generate.made")

local first_day, last_day = made.day("2023-01-01"), made.day("2025-12-31")
local new_year = made.day("2025-01-01") -- what comes after is "the following year"

local base = {} -- kind -> its tables

local function load_base(kind, customers, names)
  local folder = made.make(kind, customers, kind)
  base[kind] = { folder = folder }
  for _, name in ipairs(names) do
    base[kind][name] = made.rows(folder, name)
  end
end

lazy_setup(function()
  collectgarbage("generational") -- a million rows stay
  load_base("bank", 12000, { "customers", "transactions", "events", "points", "referrals",
    "contacts", "relations", "accounts", "truth" })
  load_base("retail", 12000, { "customers", "transactions", "products", "events", "referrals",
    "contacts", "relations", "truth" })
  for _, b in pairs(base) do
    b.uses = made.by_customer(b.transactions)
    b.truth_of = {}
    for _, row in ipairs(b.truth) do
      b.truth_of[row.customer] = row
    end
  end
end)

lazy_teardown(function()
  base = nil
  collectgarbage("incremental")
  cli.clean()
end)

-- For millions of cells: luassert formats what it is given, whether it fails or not.
local function check(holds, what)
  if not holds then
    error(what, 2)
  end
end

local function within(low, x, high, what)
  if not (low <= x and x <= high) then
    error(("%s is %.4f, not from %g to %g"):format(what, x, low, high), 2)
  end
end

-- Counts of yes and no, by group.
local function tally()
  local groups = {}
  return groups, function(group, yes)
    local g = groups[group] or { n = 0, yes = 0 }
    groups[group] = g
    g.n = g.n + 1
    g.yes = g.yes + (yes and 1 or 0)
  end
end

local function share(group)
  assert.is_true(group ~= nil and group.n >= 50, "too few to say anything")
  return group.yes / group.n
end

-- The share rises from group to group, by more than chance does at 3 standard errors from the
-- first to the last.
local function rises(groups, count, what)
  for i = 2, count do
    assert.is_true(share(groups[i]) > share(groups[i - 1]), ("%s: %.3f in group %d, %.3f before"):
      format(what, share(groups[i]), i, share(groups[i - 1])))
  end
  local p, q = share(groups[1]), share(groups[count])
  local error = math.sqrt(p * (1 - p) / groups[1].n + q * (1 - q) / groups[count].n)
  assert.is_true(q - p > 3 * error, what .. ": no more than chance")
end

-- Fifths by a key, 1 the lowest.
local function fifths(list, key)
  table.sort(list, function(a, b)
    if key(a) ~= key(b) then
      return key(a) < key(b)
    end
    return a.customer < b.customer
  end)
  for i, x in ipairs(list) do
    x.fifth = (i - 1) * 5 // #list + 1
  end
end

-- Customers with their purchases until a day: recency, frequency (days with a purchase), mean gap,
-- money, and whether they bought in the year behind it.
local function summaries(b, from, until_day)
  local list = {}
  for customer, rows in pairs(b.uses) do
    local days, seen, money, back = {}, {}, 0, false
    for _, row in ipairs(rows) do
      if row.amount > 0 and row.date >= from and row.date < until_day and not seen[row.date] then
        seen[row.date] = true
        days[#days + 1] = row.date
      end
      if row.date >= from and row.date < until_day then
        money = money + row.amount
      end
      back = back or row.amount > 0 and row.date >= until_day and row.date < until_day + 365
    end
    if #days > 0 then
      table.sort(days)
      list[#list + 1] = { customer = customer, recency = until_day - days[#days],
        frequency = #days, money = money, churned = not back,
        gap = #days > 1 and (days[#days] - days[1]) / (#days - 1) or nil }
    end
  end
  return list
end

for _, kind in ipairs({ "bank", "retail" }) do
  describe("in a generated base of kind " .. kind .. ",", function()
    it("spend is as unequal as it is (Gini 0.5 to 0.8)", function()
      local spends, total = {}, 0
      for _, c in ipairs(base[kind].customers) do
        local sum = 0
        for _, row in ipairs(base[kind].uses[c.customer] or {}) do
          sum = sum + row.amount
        end
        spends[#spends + 1] = math.max(sum, 0)
        total = total + spends[#spends]
      end
      table.sort(spends)
      local weighted = 0
      for i, x in ipairs(spends) do
        weighted = weighted + i * x
      end
      within(0.5, 2 * weighted / (#spends * total) - (#spends + 1) / #spends, 0.8, "Gini")
    end)

    it("churn in the following year rises with R/F", function()
      local groups, count = tally()
      for _, s in ipairs(summaries(base[kind], first_day, new_year)) do
        if s.gap then
          local ratio = s.recency / s.gap
          count(ratio <= 1 and 1 or ratio < 1.5 and 2 or 3, s.churned)
        end
      end
      rises(groups, 3, "churn by R/F")
    end)

    it("churn in the following year rises with recency and falls with frequency", function()
      local list = summaries(base[kind], first_day, new_year)
      local by_recency, count_recency = tally()
      local by_rarity, count_rarity = tally()
      fifths(list, function(s) return s.recency end)
      for _, s in ipairs(list) do
        local f = s.frequency
        count_recency(s.fifth, s.churned)
        count_rarity(f == 1 and 5 or f == 2 and 4 or f <= 4 and 3 or f <= 9 and 2 or 1, s.churned)
      end
      rises(by_recency, 5, "churn by recency")
      rises(by_rarity, 5, "churn by rarity")
    end)

    it("RFM scores persist from one year to the next", function()
      local before = summaries(base[kind], made.day("2024-01-01"), new_year)
      local after = {}
      for _, s in ipairs(summaries(base[kind], new_year, last_day + 1)) do
        after[s.customer] = s
      end
      local both = {}
      for _, s in ipairs(before) do
        if after[s.customer] then
          both[#both + 1] = s
        end
      end
      for what, least in pairs({ recency = 0.24, frequency = 0.4, money = 0.35 }) do
        local function key(s)
          return s[what]
        end
        local then_top = {}
        fifths(both, key)
        for _, s in ipairs(both) do
          then_top[s.customer] = s.fifth == (what == "recency" and 1 or 5)
        end
        local list = {}
        for _, s in ipairs(both) do
          list[#list + 1] = after[s.customer]
        end
        fifths(list, key)
        local stayed = 0
        for _, s in ipairs(list) do
          stayed = stayed + (then_top[s.customer] and s.fifth == (what == "recency" and 1 or 5)
            and 1 or 0)
        end
        within(least, stayed / (#list / 5), 0.95, "of the best fifth by " .. what .. ", the share "
          .. "that is in it again (by chance 0.2)")
      end
    end)

    -- Cohen's kappa: 0 is chance, 1 is that all stay where they were.
    it("RFM segments persist from one year to the next", function()
      local function segments(as_of)
        local run = cli.run({ "measure", kind, "--as-of", as_of, "--metrics", "rfm_segment" })
        assert.equal(0, run.status, run.err)
        local map = {}
        for customer, segment in run.out:gmatch("\n(C%d+),([^\n]+)") do
          map[customer] = segment
        end
        return map
      end
      local before, after = segments("2024-12-31"), segments("2025-12-31")
      local counts_before, counts_after, same, n = {}, {}, 0, 0
      for customer, segment in pairs(before) do
        local now = after[customer]
        n = n + 1
        same = same + (segment == now and 1 or 0)
        counts_before[segment] = (counts_before[segment] or 0) + 1
        counts_after[now] = (counts_after[now] or 0) + 1
      end
      local chance = 0
      for segment, count in pairs(counts_before) do
        chance = chance + count / n * (counts_after[segment] or 0) / n
      end
      check(n > 5000, "too few to say anything")
      within(0.2, (same / n - chance) / (1 - chance), 0.9, "kappa")
    end)

    it("there are seasons, weekdays and feasts", function()
      local months, weekdays, feast, all = {}, {}, 0, 0
      for _, row in ipairs(base[kind].transactions) do
        if row.amount > 0 and row.date >= made.day("2024-01-01") and row.date < new_year then
          local month = tonumber(os.date("!%m", row.date * 86400))
          local weekday = (row.date + 3) % 7
          months[month] = (months[month] or 0) + 1
          weekdays[weekday] = (weekdays[weekday] or 0) + 1
          feast = feast + (row.date == made.day("2024-11-11") and 1 or 0)
          all = all + 1
        end
      end
      assert.is_true(months[11] > 1.2 * months[2] and months[11] > 1.1 * months[8])
      assert.is_true(weekdays[5] > 1.1 * weekdays[1], "Saturdays against Tuesdays")
      assert.is_true(feast / all > 1.8 / 366, "the 11th of November")
    end)

    it("arms were drawn by lot, and answers are what the transactions show", function()
      local b = base[kind]
      local window = kind == "bank" and 60 or 30
      local arms = {}
      for _, contact in ipairs(b.contacts) do
        local last, bought = -math.huge, false
        for _, row in ipairs(b.uses[contact.customer]) do
          if row.amount > 0 then
            last = row.date <= contact.date and math.max(last, row.date) or last
            bought = bought or row.date > contact.date and row.date <= contact.date + window
          end
        end
        check((bought and 1 or 0) == contact.response, contact.customer)
        local arm = arms[contact.arm] or { n = 0, silent = 0, rate = 0 }
        arms[contact.arm] = arm
        arm.n = arm.n + 1
        arm.silent = arm.silent + contact.date - last
        arm.rate = arm.rate + b.truth_of[contact.customer][kind == "bank" and "uses_a_week"
          or "orders_a_week"]
      end
      local control = arms.control
      local shares = kind == "bank" and { control = 0.2, sms = 0.4, phone = 0.4 }
        or { control = 0.3, email = 0.35, voucher = 0.35 }
      for name, expected in pairs(shares) do
        local arm, n = arms[name], #b.contacts
        assert.near(expected, arm.n / n, 4 * math.sqrt(expected * (1 - expected) / n))
        assert.near(control.silent / control.n, arm.silent / arm.n, 15)
        within(0.85, arm.rate / arm.n / (control.rate / control.n), 1.15, "rates of " .. name)
      end
    end)

    it("the campaign's measured effect is the true one, and truth.json tells it", function()
      local b = base[kind]
      local text = cli.read(b.folder .. "/truth.json")
      local answered, n = {}, {}
      for _, contact in ipairs(b.contacts) do
        local arm = contact.arm
        n[arm] = (n[arm] or 0) + 1
        answered[arm] = (answered[arm] or 0) + contact.response
        check(b.truth_of[contact.customer]["responds_" .. arm] == contact.response,
          contact.customer)
      end
      local truth, all = {}, 0
      local date = b.contacts[1].date
      for _, row in ipairs(b.truth) do
        if row.responds_control then
          for arm in pairs(n) do
            check(row["responds_" .. arm] == 0 or not (row.left and row.left <= date),
              row.customer .. " answers after leaving")
            check(row["responds_" .. arm] >= row.responds_control, row.customer)
          end
          all = all + 1
          for arm in pairs(n) do
            truth[arm] = (truth[arm] or 0) + row["responds_" .. arm]
          end
        end
      end
      assert.equal(#b.contacts, all)
      for arm, count in pairs(n) do
        local said = tonumber(text:match('"arm": "' .. arm .. '".-"true_effect": ([%d.e-]+)'))
        assert.near((truth[arm] - truth.control) / all, said, 1e-12)
        if arm ~= "control" then
          local p, q = answered[arm] / count, answered.control / n.control
          local error = math.sqrt(p * (1 - p) / count + q * (1 - q) / n.control)
          assert.near(said, p - q, 3.5 * error)
          assert.is_true(said > 0.005)
        end
      end
    end)

    it("a friend was brought by who was a customer before", function()
      local b = base[kind]
      local since = {}
      for _, c in ipairs(b.customers) do
        since[c.customer] = c.opened or b.uses[c.customer][1].date
      end
      local seen = {}
      for _, row in ipairs(b.referrals) do
        check(since[row.referrer] <= row.date and row.date <= since[row.referee], row.referee)
        check(not seen[row.referee], row.referee)
        seen[row.referee] = true
      end
      for _, c in ipairs(b.customers) do
        check((seen[c.customer] or false) == (c.acquired_by == "referral"), c.customer)
      end
      within(0.09, #b.referrals / #b.customers, 0.16, "the share of friends")
    end)

    it("people have Chinese names, and families share a city and often a surname", function()
      local b = base[kind]
      local by_id = {}
      for _, c in ipairs(b.customers) do
        local length = utf8.len(c.name)
        check(length == 2 or length == 3, c.name)
        by_id[c.customer] = c
      end
      local same, members = 0, 0
      local homes = {}
      for _, row in ipairs(b.relations) do
        check(row.household or row.employer, row.customer)
        if row.household then
          homes[row.household] = (homes[row.household] or 0) + 1
          local head, c = by_id["C" .. row.household:sub(2)], by_id[row.customer]
          check(head.city == c.city, c.customer)
          if head ~= c then
            members = members + 1
            same = same + (head.name:sub(1, 3) == c.name:sub(1, 3) and 1 or 0)
          end
        end
      end
      within(0.45, same / members, 0.6, "the share of relatives with the head's surname")
      for _, n in pairs(homes) do
        check(n >= 2 and n <= 4, "the size of a household")
      end
    end)

    it("employers are of very different sizes", function()
      local sizes, employed, largest = {}, 0, 0
      for _, row in ipairs(base[kind].relations) do
        if row.employer then
          sizes[row.employer] = (sizes[row.employer] or 0) + 1
          largest = math.max(largest, sizes[row.employer])
          employed = employed + 1
        end
      end
      local alone = 0
      for _, n in pairs(sizes) do
        alone = alone + (n == 1 and 1 or 0)
      end
      within(0.01, largest / employed, 0.04, "the largest employer's share")
      within(0.02, alone / employed, 0.1, "the share of who are their employer's only customer")
    end)

    it("complaints raise churn, settled ones less", function()
      local b = base[kind]
      local complaints, settled = {}, {}
      for _, e in ipairs(b.events) do
        if e.type == "complaint" then
          complaints[#complaints + 1] = e
        elseif e.type == "resolved" then
          settled[e.customer] = settled[e.customer] or {}
          table.insert(settled[e.customer], e.date)
        end
      end
      -- Leavers within half a year of a complaint, against those within half a year of a purchase.
      local groups, count = tally()
      for _, e in ipairs(complaints) do
        local good = false
        for _, date in ipairs(settled[e.customer] or {}) do
          good = good or date > e.date and date <= e.date + 15
        end
        local left = b.truth_of[e.customer].left
        count(good and 2 or 3, left and left < e.date + 180)
      end
      for _, row in ipairs(b.transactions) do
        local left = b.truth_of[row.customer].left
        count(1, left and left < row.date + 180)
      end
      assert.is_true(share(groups[3]) > 1.5 * share(groups[2]), "open against settled complaints")
      assert.is_true(share(groups[3]) > 1.5 * share(groups[1]), "open complaints against none")
    end)
  end)
end

describe("in a generated shop,", function()
  -- Closed form of Pareto/NBD: r beta / (alpha (s - 1)) (1 - (beta / (beta + t)) ^ (s - 1)).
  local function expected_repeats(weeks)
    local r, alpha, s, beta = 0.55328, 10.57768, 0.60624, 11.66875
    return r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + weeks)) ^ (s - 1))
  end

  local function orders_of(rows)
    local seen, days = {}, {}
    for _, row in ipairs(rows) do
      if not seen[row.order] then
        seen[row.order] = true
        days[#days + 1] = row.date
      end
    end
    return days
  end

  it("most customers buy once", function()
    local once = 0
    for _, rows in pairs(base.retail.uses) do
      once = once + (#orders_of(rows) == 1 and 1 or 0)
    end
    within(0.4, once / #base.retail.customers, 0.7, "the share of one-time buyers")
  end)

  -- Complaints and the campaign move it a little from the pure model.
  it("repeat orders are those of Pareto/NBD as estimated for CDNOW", function()
    assert.near(1.4734, expected_repeats(52), 1e-3) -- as published
    for weeks, tolerance in pairs({ [26] = 0.07, [52] = 0.07, [104] = 0.08 }) do
      local n, sum = 0, 0
      for _, rows in pairs(base.retail.uses) do
        local days = orders_of(rows)
        if days[1] + 7 * weeks <= last_day + 1 then
          n = n + 1
          for i = 2, #days do
            sum = sum + (days[i] < days[1] + 7 * weeks and 1 or 0)
          end
        end
      end
      local expected = expected_repeats(weeks)
      within(1 - tolerance, sum / n / expected, 1 + tolerance, "repeats in " .. weeks .. " weeks")
    end
  end)

  it("an amount is quantity times price, or a tenth less", function()
    local price, margin = {}, {}
    for _, p in ipairs(base.retail.products) do
      price[p.product], margin[p.product] = p.price, p.margin
      within(0.2, p.margin / p.price, 0.5, p.product)
    end
    local reduced, lines = 0, 0
    for _, row in ipairs(base.retail.transactions) do
      local list = math.floor(price[row.product] * row.quantity * 100 + 0.5)
      local paid = math.floor(row.amount * 100 + 0.5)
      local off = list - paid
      local tenth = list >= 0 and list // 10 or -(-list // 10)
      check(off == 0 or off == tenth, row.order)
      check(math.floor(margin[row.product] * row.quantity * 100 + 0.5) - off
        == math.floor(row.margin * 100 + 0.5), row.order)
      reduced = reduced + (off ~= 0 and 1 or 0)
      lines = lines + 1
    end
    within(0.13, reduced / lines, 0.17, "the share of reduced lines")
  end)

  it("what comes back was bought before", function()
    local bought, returned, lines = {}, 0, 0
    for _, row in ipairs(base.retail.transactions) do
      local key = row.order .. " " .. row.product .. " " .. math.abs(row.quantity)
      if row.quantity > 0 then
        bought[key] = row
        lines = lines + 1
      else
        returned = returned + 1
        within(3, row.date - bought[key].date, 14, "days until a return")
        check(row.amount == -bought[key].amount, row.order)
      end
    end
    within(0.03, returned / lines, 0.05, "the share returned")
  end)

  it("partners are bought together", function()
    local both, n = 0, 0
    local orders = {}
    for _, row in ipairs(base.retail.transactions) do
      if row.quantity > 0 then
        orders[row.order] = orders[row.order] or {}
        table.insert(orders[row.order], tonumber(row.product:sub(2)) - 1)
      end
    end
    for _, list in pairs(orders) do
      if #list >= 2 then
        n = n + 1
        both = both + (list[1] ~ 1 == list[2] and 1 or 0)
      end
    end
    within(0.28, both / n, 0.36, "the share of second products that are the partner")
  end)
end)

describe("in a generated bank, as in I1 of the catalogue,", function()
  local function events(kind, fn)
    for _, e in ipairs(base.bank.events) do
      if e.type == kind then
        fn(e)
      end
    end
  end

  it("a fee is charged once a year, or waived for six uses", function()
    for _, kind in ipairs({ "fee_charged", "fee_waived" }) do
      events(kind, function(e)
        local uses = 0
        for _, row in ipairs(base.bank.uses[e.customer] or {}) do
          uses = uses + (row.date >= e.date - 365 and row.date <= e.date and 1 or 0)
        end
        -- Uses that were given up before leaving, or that the campaign brought, are seen or not.
        local left = base.bank.truth_of[e.customer].left
        if not (left and e.date > left - 90) then
          check(kind == "fee_waived" and uses >= 6 or kind == "fee_charged" and uses <= 6,
            e.customer .. " " .. kind)
        end
      end)
    end
    for _, c in ipairs(base.bank.customers) do
      local months = (tonumber(os.date("!%m", c.fee_due * 86400))
        - tonumber(os.date("!%m", c.opened * 86400))) % 12
      check(months == 4, c.customer)
      within(last_day + 1, c.fee_due, last_day + 366, "the next fee")
    end
  end)

  -- Days at risk and leavers inside and outside of the 60 days behind an event.
  local function hazard_ratio(kind, days)
    local function rate(from, to)
      local left_in, at_risk = 0, 0
      events(kind, function(e)
        local left = base.bank.truth_of[e.customer].left or math.huge
        if left > e.date + from then
          at_risk = at_risk + math.min(left, e.date + to) - (e.date + from)
          left_in = left_in + (left < e.date + to and 1 or 0)
        end
      end)
      assert.is_true(left_in >= 30, "too few to say anything")
      return left_in / at_risk
    end
    return rate(0, days) / rate(2 * days, 4 * days)
  end

  it("a fee that is charged drives customers away, one that is waived does not", function()
    within(2.2, hazard_ratio("fee_charged", 60), 4.5, "leaving after a fee, against later")
    within(0.6, hazard_ratio("fee_waived", 60), 1.6, "leaving after a waiver, against later")
  end)

  it("all points redeemed at once, or the balance withdrawn, announce a leaver", function()
    local balance = {}
    local groups, count = tally()
    for _, row in ipairs(base.bank.points) do
      local had = balance[row.customer] or 0
      balance[row.customer] = had + row.points
      check(balance[row.customer] >= 0, row.customer)
      if row.points < 0 and row.date <= last_day - 60 then
        local used = false
        for _, use in ipairs(base.bank.uses[row.customer]) do
          used = used or use.date > row.date + 31
        end
        count(balance[row.customer] == 0 and 2 or 1, not used)
      end
    end
    within(0.99, share(groups[2]), 1, "leavers among who redeemed all")
    within(0, share(groups[1]), 0.5, "leavers among who redeemed some")
    events("balance_withdrawn", function(e)
      local left = base.bank.truth_of[e.customer].left
      check(left and left - e.date >= 0 and left - e.date <= 30, e.customer)
    end)
  end)

  it("who is about to leave uses the card less", function()
    local before, last = 0, 0
    events("card_closed", function(e)
      for _, use in ipairs(base.bank.uses[e.customer] or {}) do
        local ago = e.date - use.date
        check(ago >= 0, e.customer .. " used a closed card")
        last = last + (ago <= 90 and 1 or 0)
        before = before + (ago > 90 and ago <= 180 and 1 or 0)
      end
    end)
    within(0.3, last / before, 0.6, "uses in the last 90 days against the 90 before")
  end)

  it("points are the whole yuan of each use, credited by quarter", function()
    local earned, spent = {}, {}
    for _, row in ipairs(base.bank.points) do
      if row.type == "earned" then
        check(os.date("!%d", (row.date + 1) * 86400) == "01", "credited within a month")
        earned[row.customer] = (earned[row.customer] or 0) + row.points
      end
    end
    for customer, rows in pairs(base.bank.uses) do
      spent[customer] = 0
      for _, row in ipairs(rows) do
        spent[customer] = spent[customer] + row.amount // 1
      end
    end
    local checked = 0
    for customer, points in pairs(earned) do
      if not base.bank.truth_of[customer].left then
        check(spent[customer] == points, customer)
        checked = checked + 1
      end
    end
    assert.is_true(checked > 1000)
  end)

  -- Leavers a day at risk, for customers who fall in the group.
  local function leaving(fn)
    local days, left_in = 0, 0
    for _, c in ipairs(base.bank.customers) do
      if fn(c) then
        local from = math.max(c.opened, first_day)
        local left = base.bank.truth_of[c.customer].left or math.huge
        days = days + math.min(left, last_day + 1) - from
        left_in = left_in + (left <= last_day and 1 or 0)
      end
    end
    assert.is_true(left_in > 100, "too few to say anything")
    return left_in / days
  end

  it("friends, payroll customers and those with more accounts leave less", function()
    local held = {}
    for _, row in ipairs(base.bank.accounts) do
      held[row.customer] = (held[row.customer] or 0) + 1
    end
    local function ratio(fn)
      return leaving(fn) / leaving(function(c) return not fn(c) end)
    end
    within(0.68, ratio(function(c) return c.acquired_by == "referral" end), 0.96, "friends")
    within(0.45, ratio(function(c) return c.salary end), 0.8, "payroll")
    within(0.5, ratio(function(c) return (held[c.customer] or 0) >= 2 end), 0.85, "accounts")
  end)

  it("a relative who leaves takes others along", function()
    local household = {}
    for _, row in ipairs(base.bank.relations) do
      household[row.customer] = row.household
    end
    local inside = { days = 0, left = 0 }
    local outside = { days = 0, left = 0 }
    for _, c in ipairs(base.bank.customers) do
      local home = household[c.customer]
      local head = home and base.bank.truth_of["C" .. home:sub(2)]
      if head and head.customer ~= c.customer and head.left and head.left <= last_day - 180 then
        local from = math.max(c.opened, first_day)
        local left = base.bank.truth_of[c.customer].left or math.huge
        local function count(into, a, z)
          a = math.max(a, from)
          if left > a and z > a then
            into.days = into.days + math.min(left, z) - a
            into.left = into.left + (left < z and 1 or 0)
          end
        end
        count(inside, head.left, head.left + 180)
        count(outside, first_day, head.left)
        count(outside, head.left + 180, last_day + 1)
      end
    end
    assert.is_true(inside.left >= 30 and outside.left >= 30)
    within(1.8, (inside.left / inside.days) / (outside.left / outside.days), 4.5,
      "leaving within 180 days of the head, against other days")
  end)
end)
