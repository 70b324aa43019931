-- Who gets what, against an independent slow implementation: random policies over random customers
-- with a random history, decided here by trying one candidate after the other, the best of all
-- first, without any thought of what is scarce.
local cli = require("cli")

local AS_OF = "2025-06-30"
local DAY = 86400

local function number_of(date)
  local y, m, d = date:match("(%d+)-(%d+)-(%d+)")
  return os.time({ year = y, month = m, day = d, hour = 12 }) // DAY
end

local function date_of(number)
  return os.date("%Y-%m-%d", number * DAY + DAY // 2)
end

local TODAY = number_of(AS_OF)

-- n calendar months before today, which is the last day of a month of 30.
local function months_ago(n)
  local month = 2025 * 12 + 5 - n
  local y, m = month // 12, month % 12 + 1
  local last = os.date("*t", os.time({ year = y, month = m + 1, day = 0, hour = 12 })).day
  return number_of(("%d-%02d-%02d"):format(y, m, math.min(30, last)))
end

local function pick(list)
  return list[math.random(#list)]
end

local function chance(p)
  return math.random() < p
end

-- ---- random customers, and what was done for them -----------------------------------------------

local function customers(n)
  local list = {}
  for i = 1, n do
    list[i] = {
      id = ("K%03d"):format(i),
      clv = math.random(0, 300), -- few values, so that there are ties
      visits = math.random(0, 9),
      phone = chance(0.7),
      kind = pick({ "a", "b", "c" }),
    }
    for _, name in ipairs({ "visits", "phone" }) do
      if chance(0.08) then
        list[i][name] = nil
      end
    end
  end
  return list
end

local function history(list, campaigns, channels)
  local rows = {}
  for _, who in ipairs(list) do
    for _ = 1, chance(0.5) and math.random(0, 4) or 0 do
      rows[#rows + 1] = {
        id = who.id, day = TODAY - math.random(-5, 120),
        campaign = pick({ pick(campaigns).name, "long ago", "" }),
        arm = pick({ "", "a", "b", "control", "holdout" }),
        channel = pick({ pick(channels).name, "owl", "" }),
        cost = chance(0.8) and math.random(0, 300) or nil,
      }
    end
  end
  return rows
end

local function rewards(list, campaigns)
  local rows = {}
  for _ = 1, 10 do
    rows[#rows + 1] = { id = pick(list).id, day = TODAY - math.random(-5, 120),
      programme = pick({ pick(campaigns).name, "friends" }), amount = math.random(0, 500) }
  end
  return rows
end

-- ---- random policies ----------------------------------------------------------------------------

local function window()
  return pick({ {}, { days = math.random(1, 90) }, { months = math.random(1, 4) } })
end

local function limit(most)
  return { most = most, per = window() }
end

-- Rules as what both sides can read: the text, and a function that fails on a missing value, or
-- gives that.
local WHEN = {
  { "true", function() return true end },
  { "clv > 50", function(c) return c.clv > 50 end },
  { "visits ~= 3", function(c) return c.visits + 0 ~= 3 end },
  { "visits % 2 == 0 or kind == 'b'", function(c) return c.visits % 2 == 0 or c.kind == "b" end },
}
local REACH = {
  { "phone", function(c) return c.phone end },
  { "visits < 7", function(c) return c.visits < 7 end },
}
local COST = {
  { "0", function() return 0 end },
  { "10", function() return 10 end },
  { "visits * 3", function(c) return c.visits * 3 end },
  { "1 + clv // 10", function(c) return 1 + c.clv // 10 end },
}
local VALUE = {
  { "20", function() return 20 end },
  { "clv", function(c) return c.clv end },
  { "3 * (1 + clv // 10)", function(c) return 3 * (1 + c.clv // 10) end },
  { "visits * 12 - 30", function(c) return c.visits * 12 - 30 end },
}
local EFFECT = { 0.5, 0.25, -0.5 }

local function random_channel(i)
  return {
    name = ({ "phone", "sms", "letter" })[i],
    when = chance(0.5) and pick(REACH) or nil,
    never = chance(0.3) and pick(REACH) or nil,
    cost = chance(0.6) and pick(COST) or nil,
    capacity = chance(0.5) and pick({ 0, 3, 10, 30 }) or nil,
  }
end

local function random_ways(channels)
  local list = { table.unpack(channels) }
  for i = #list, 2, -1 do
    local k = math.random(i)
    list[i], list[k] = list[k], list[i]
  end
  for _ = 1, math.random(0, 2) do
    list[#list] = nil
  end
  return list
end

local function random_campaign(i, channels, allocate)
  local c = {
    name = "c" .. i, index = i,
    when = pick(WHEN), cost = pick(COST), value = pick(VALUE),
    effect = chance(0.3) and pick(EFFECT) or nil,
    channels = chance(0.8) and random_ways(channels) or {},
    priority = allocate == "priority" and chance(0.8) and math.random(3) or nil,
    holdout = chance(0.3) and 0.3 or nil,
  }
  if chance(0.2) then
    c.from = TODAY - math.random(-3, 60)
  end
  if chance(0.1) then
    c.to = TODAY + math.random(-3, 10)
  end
  c.to = c.to and math.max(c.to, c.from or 0)
  c.customer = chance(0.3) and limit(pick({ 0, 1, 2, 2 })) or nil
  c.total = chance(0.4) and limit(pick({ 0, 5, 20, 40, 1000 })) or nil
  c.budget = chance(0.6) and limit(pick({ 0, 100, 500, 1500, 100000 })) or nil
  c.class = chance(0.4) and { high = pick({ 0, 2, 8 }), low = chance(0.5) and 10 or nil } or nil
  return c
end

local function random_policy()
  local p = { allocate = pick({ "net", "net per cost", "priority" }), channels = {},
    campaigns = {}, pressures = {}, holdout = chance(0.3) and 0.2 or nil }
  for i = 1, 3 do
    p.channels[i] = random_channel(i)
  end
  for i = 1, math.random(1, 5) do
    p.campaigns[i] = random_campaign(i, p.channels, p.allocate)
  end
  for i = 1, math.random(0, 2) do
    p.pressures[i] = {
      name = "p" .. i,
      customer = chance(0.7) and limit(pick({ 0, 1, 2, 3, 3 })) or nil,
      channels = chance(0.4) and { pick(p.channels).name } or nil,
      campaigns = chance(0.4) and { p.campaigns[1].name } or nil,
    }
    if not p.pressures[i].customer or chance(0.3) then
      p.pressures[i].rest = { days = math.random(1, 30) }
    end
  end
  return p
end

-- ---- as files -----------------------------------------------------------------------------------

local function duration(d)
  return d.days and ("days(%d)"):format(d.days) or d.months and ("months(%d)"):format(d.months)
end

local function limit_text(name, l)
  local per = l and duration(l.per)
  return not l and "" or per and ("%s = { %d, per = %s }, "):format(name, l.most, per)
    or ("%s = %d, "):format(name, l.most)
end

local function rule_text(name, rule)
  return rule and ("%s = %q, "):format(name, rule[1]) or ""
end

local function list_text(name, list)
  return list and ('%s = { "%s" }, '):format(name, table.concat(list, '", "')) or ""
end

local function caps_text(c)
  local class = c.class and ('class = by "level" { high = %d%s }, '):format(c.class.high,
    c.class.low and ", low = " .. c.class.low or "") or ""
  return ("caps = { %s%s%s%s}, "):format(limit_text("customer", c.customer),
    limit_text("total", c.total), limit_text("budget", c.budget), class)
end

local function period_text(c)
  if not c.from and not c.to then
    return ""
  end
  return ("period = { %s%s}, "):format(c.from and ('from = "%s", '):format(date_of(c.from)) or "",
    c.to and ('to = "%s", '):format(date_of(c.to)) or "")
end

local function policy_text(p)
  local out = { ('policy "random" { currency = "CNY", allocate = %q%s }'):format(p.allocate,
    p.holdout and ", holdout = " .. p.holdout or ""),
    "inputs { clv = money, visits = integer, phone = flag, kind = label }",
    'tiers "level" { { "high", when = "clv >= 200" }, { "low", when = "clv >= 20" } }' }
  for _, k in ipairs(p.channels) do
    out[#out + 1] = ('channel "%s" { %s%s%s%s }'):format(k.name, rule_text("when", k.when),
      rule_text("never", k.never), rule_text("cost", k.cost),
      k.capacity and "capacity = " .. k.capacity or "")
  end
  for _, c in ipairs(p.campaigns) do
    local names = {}
    for i, k in ipairs(c.channels) do
      names[i] = k.name
    end
    out[#out + 1] = ('campaign "%s" { offer = gift "x", %s%s%s%s%s%s%s%s%s }'):format(c.name,
      rule_text("when", c.when), rule_text("cost", c.cost), rule_text("value", c.value),
      c.effect and ("effect = { retention = %s }, "):format(c.effect) or "",
      #names > 0 and list_text("channel", names) or "", period_text(c), caps_text(c),
      c.priority and ("priority = %d, "):format(c.priority) or "",
      c.holdout and "holdout = " .. c.holdout or "")
  end
  for _, q in ipairs(p.pressures) do
    out[#out + 1] = ('contact_policy "%s" { %s%s%s%s }'):format(q.name,
      limit_text("customer", q.customer), q.rest and "rest = " .. duration(q.rest) .. ", " or "",
      list_text("channels", q.channels), list_text("campaigns", q.campaigns))
  end
  return table.concat(out, "\n") .. "\n"
end

local dataset = [[{ "name": "random", "as_of": "]] .. AS_OF .. [[", "currency": "CNY", "tables": {
  "customers": { "file": "customers.csv", "columns": { "clv": "money", "visits": "integer",
    "phone": "flag", "kind": "label" } },
  "contacts": { "file": "contacts.csv" },
  "rewards": { "file": "rewards.csv" } } }]]

local function shuffled(list)
  local out = { table.unpack(list) }
  for i = #out, 2, -1 do
    local k = math.random(i)
    out[i], out[k] = out[k], out[i]
  end
  return out
end

local function write_base(folder, list, contacts, paid)
  os.execute("mkdir -p " .. folder)
  local rows = { "customer,clv,visits,phone,kind" }
  for _, c in ipairs(list) do
    rows[#rows + 1] = ("%s,%d,%s,%s,%s"):format(c.id, c.clv, c.visits or "",
      c.phone == nil and "" or c.phone and "true" or "false", c.kind)
  end
  cli.write(folder .. "/customers.csv", table.concat(rows, "\n") .. "\n")
  rows = { "customer,date,campaign,arm,channel,cost" }
  for _, t in ipairs(contacts) do
    rows[#rows + 1] = ("%s,%s,%s,%s,%s,%s"):format(t.id, date_of(t.day), t.campaign, t.arm,
      t.channel, t.cost or "")
  end
  cli.write(folder .. "/contacts.csv", table.concat(rows, "\n") .. "\n")
  rows = { "customer,date,programme,amount" }
  for _, t in ipairs(paid) do
    rows[#rows + 1] = ("%s,%s,%s,%d"):format(t.id, date_of(t.day), t.programme, t.amount)
  end
  cli.write(folder .. "/rewards.csv", table.concat(rows, "\n") .. "\n")
  cli.write(folder .. "/dataset.json", dataset)
end

-- ---- deciding, slowly ---------------------------------------------------------------------------

local function too_long_ago(l, campaign)
  if l.per.days then
    return TODAY - l.per.days
  elseif l.per.months then
    return months_ago(l.per.months)
  end
  return campaign and campaign.from and campaign.from - 1 or -math.huge
end

local function counts(t)
  return t.day <= TODAY and t.arm ~= "control" and t.arm ~= "holdout"
end

local function has(list, x)
  for _, y in ipairs(list) do
    if x == y then
      return true
    end
  end
  return false
end

-- How many contacts with a customer (nil: all) a limit counts.
local function contacts_in(contacts, id, l, campaign, fits)
  local n = 0
  for _, t in ipairs(contacts) do
    n = n + ((not id or t.id == id) and counts(t) and t.day > too_long_ago(l, campaign)
      and fits(t) and 1 or 0)
  end
  return n
end

local function reached(l, contacts, id, campaign, fits)
  return l and contacts_in(contacts, id, l, campaign, fits) >= l.most
end

local function is_pressed(p, contacts, who, campaign, channel)
  for _, q in ipairs(p.pressures) do
    local covers = (not q.campaigns or has(q.campaigns, campaign.name))
      and (not q.channels or (channel and has(q.channels, channel.name)))
    local function fits(t)
      return (not q.campaigns or has(q.campaigns, t.campaign))
        and (not q.channels or has(q.channels, t.channel))
    end
    local rest = q.rest and { most = 1, per = q.rest }
    if covers and (reached(q.customer, contacts, who.id, nil, fits)
      or reached(rest, contacts, who.id, nil, fits)) then
      return true
    end
  end
  return false
end

-- What a rule gives (nothing: `otherwise`); nil where a value is missing.
local function evaluate(rule, who, otherwise)
  if not rule then
    return otherwise
  end
  local ok, result = pcall(rule[2], who)
  if ok then
    return result
  end
end

-- A condition on a missing value is neither true nor false.
local function is_open(k, who)
  return evaluate(k.when, who, true) == true and evaluate(k.never, who, false) == false
    and evaluate(k.cost, who, 0) ~= nil
end

-- A reason, or the ways of making the offer, the preferred first.
local function propose(p, contacts, who, c)
  if TODAY < (c.from or -math.huge) or TODAY > (c.to or math.huge) then
    return "period"
  end
  local when = evaluate(c.when, who)
  if not when then
    return when == nil and "missing value" or "ineligible"
  elseif reached(c.customer, contacts, who.id, c,
    function(t) return t.campaign == c.name end) then
    return "customer cap"
  end
  local value, cost = evaluate(c.value, who), evaluate(c.cost, who)
  value = value and value * (c.effect or 1)
  local ways, pressed = {}, false
  for _, k in ipairs(#c.channels > 0 and c.channels or { false }) do
    if not k or is_open(k, who) then
      if is_pressed(p, contacts, who, c, k) then
        pressed = true
      else
        local contact = k and evaluate(k.cost, who, 0) or 0
        ways[#ways + 1] = { channel = k, contact = contact }
      end
    end
  end
  if #ways == 0 then
    return pressed and "contact policy" or "no channel"
  elseif not value or not cost then
    return "missing value"
  end
  for _, w in ipairs(ways) do
    w.cost, w.value, w.net = cost + w.contact, value, value - cost - w.contact
  end
  return nil, ways
end

-- Whether x goes before y, by the first way of each.
local function goes_before(p, x, y)
  local a, b = x.ways[1], y.ways[1]
  if p.allocate == "priority" then
    local i, k = x.campaign.priority or math.huge, y.campaign.priority or math.huge
    if i ~= k then
      return i < k
    end
  elseif p.allocate == "net per cost" then
    local function ratio(w) -- exact in doubles: amounts are small
      return w.cost == 0 and (w.net == 0 and 0 or w.net > 0 and math.huge or -math.huge)
        or w.net / w.cost
    end
    if ratio(a) ~= ratio(b) then
      return ratio(a) > ratio(b)
    end
  end
  if a.net ~= b.net then
    return a.net > b.net
  elseif x.campaign ~= y.campaign then
    return x.campaign.index < y.campaign.index
  end
  return x.who.id < y.who.id
end

local function class_of(who)
  return who.clv >= 200 and "high" or who.clv >= 20 and "low" or nil
end

local function spent_before(contacts, paid, c)
  local sum, after = 0, too_long_ago(c.budget, c)
  for _, t in ipairs(contacts) do
    sum = sum + (counts(t) and t.campaign == c.name and t.day > after and t.cost or 0)
  end
  for _, t in ipairs(paid) do
    sum = sum + (t.day <= TODAY and t.programme == c.name and t.day > after and t.amount or 0)
  end
  return sum
end

-- What there is: by campaign its budget, total and classes, by channel its capacity.
local function stocks(p, list, contacts, paid)
  local class, left = {}, {}
  for _, who in ipairs(list) do
    class[who.id] = class_of(who)
  end
  for _, c in ipairs(p.campaigns) do
    local function own(t)
      return t.campaign == c.name
    end
    local s = { class = {} }
    s.budget = c.budget and math.max(0, c.budget.most - spent_before(contacts, paid, c))
      or math.huge
    s.total = c.total and math.max(0, c.total.most - contacts_in(contacts, nil, c.total, c, own))
      or math.huge
    for name, most in pairs(c.class or {}) do
      s.class[name] = math.max(0, most - contacts_in(contacts, nil, { per = {} }, c,
        function(t) return own(t) and class[t.id] == name end))
    end
    left[c] = s
  end
  for _, k in ipairs(p.channels) do
    left[k] = k.capacity or math.huge
  end
  return left
end

-- The way that is taken, or the reason why none is: that of the way that came furthest.
local function try(left, x)
  local s, class = left[x.campaign], class_of(x.who)
  if s.total < 1 then
    return "total cap"
  elseif class and (s.class[class] or 1) < 1 then
    return "class cap"
  end
  local reason = "capacity"
  for _, w in ipairs(x.ways) do
    if not w.channel or left[w.channel] >= 1 then
      if w.cost <= s.budget then
        return nil, w
      end
      reason = "budget"
    end
  end
  return reason
end

local function take(left, x, w)
  local s, class = left[x.campaign], class_of(x.who)
  s.total, s.budget = s.total - 1, s.budget - w.cost
  if class and s.class[class] then
    s.class[class] = s.class[class] - 1
  end
  if w.channel then
    left[w.channel] = left[w.channel] - 1
  end
end

-- Reasons by customer and campaign, the ways, and what was left. `held` says who is held out.
local function decide(p, list, contacts, paid, held)
  local reasons, line, settled = {}, {}, {}
  local left = stocks(p, list, contacts, paid)
  for _, who in ipairs(list) do
    reasons[who.id] = {}
    for _, c in ipairs(p.campaigns) do
      local reason, ways = propose(p, contacts, who, c)
      reasons[who.id][c.name] = { reason = reason or "outbid", way = ways and ways[1] }
      if not reason then
        line[#line + 1] = { who = who, campaign = c, ways = ways }
      end
    end
  end
  table.sort(line, function(x, y) return goes_before(p, x, y) end)
  for _, x in ipairs(line) do
    local out = reasons[x.who.id][x.campaign.name]
    if not settled[x.who] then
      local reason, way = try(left, x)
      out.reason, out.way = reason or "granted", way or out.way
      if way then
        settled[x.who] = true
        local control = held(x.who.id, x.campaign.name)
        if control then
          out.reason = control
        else
          take(left, x, way)
        end
      end
    end
  end
  return reasons, left
end

-- ---- comparing ----------------------------------------------------------------------------------

local function parse(text)
  local out = {}
  for line in text:gmatch("[^\n]+") do
    local id, campaign, reason, channel, cost, value, net =
      line:match("^([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),")
    if id ~= "customer" then
      out[id] = out[id] or {}
      out[id][campaign] = { reason = reason, channel = channel, cost = tonumber(cost),
        value = tonumber(value), net = tonumber(net) }
    end
  end
  return out
end

-- Who is held out is drawn by a hash; the engine says who of the winners, and that is checked
-- elsewhere. Among those whom it calls controls, though, it must be the same on both sides.
local function controls_of(got)
  return function(id, campaign)
    local reason = got[id][campaign].reason
    return (reason == "holdout" or reason == "policy holdout") and reason or nil
  end
end

local function compare(p, list, want, got, text)
  for _, who in ipairs(list) do
    for _, c in ipairs(p.campaigns) do
      local w, g = want[who.id][c.name], got[who.id][c.name]
      local at = ("%s %s\n%s"):format(who.id, c.name, text)
      assert.equal(w.reason, g.reason, at)
      if w.way then
        assert.equal(w.way.channel and w.way.channel.name or "", g.channel, at)
        assert.equal(w.way.cost, g.cost, at)
        assert.equal(w.way.value, g.value, at)
        assert.equal(w.way.net, g.net, at)
      else
        assert.is_nil(g.cost, at)
      end
    end
  end
end

local seen = {} -- how often each reason came up

describe("campaigns that are scarce", function()
  local folder = cli.folder()
  teardown(cli.clean)

  local function score(data, threads)
    local run = cli.run({ "score", data, "p.lua", "-o", "o.csv", "--candidates", "c.csv", "--raw",
      "--threads", threads or 2 })
    assert.equal(0, run.status, run.err)
    return cli.read(folder .. "/o.csv"), cli.read(folder .. "/c.csv")
  end

  it("decide as the slow implementation does, row by row", function()
    for seed = 1, 120 do
      math.randomseed(seed)
      local list, p = customers(120), random_policy()
      local contacts = history(list, p.campaigns, p.channels)
      local paid = rewards(list, p.campaigns)
      local text = ("seed %d\n%s"):format(seed, policy_text(p))
      write_base(folder .. "/base", list, contacts, paid)
      cli.write(folder .. "/p.lua", policy_text(p))
      local rows, candidates = score("base")
      local got = parse(candidates)
      local want, left = decide(p, list, contacts, paid, controls_of(got))
      compare(p, list, want, got, text)

      -- Nothing was spent that there was not.
      for _, c in ipairs(p.campaigns) do
        assert.is_true(left[c].budget >= 0 and left[c].total >= 0, text)
      end
      for _, row in pairs(got) do
        local offers, n = 0, 0
        for _, x in pairs(row) do
          seen[x.reason] = (seen[x.reason] or 0) + 1
          n = n + 1
          offers = offers + ((x.reason == "granted" or x.reason:find("holdout")) and 1 or 0)
        end
        assert.equal(#p.campaigns, n)
        assert.is_true(offers <= 1, text)
      end

      -- The order of the input and the threads change nothing.
      if seed % 10 == 0 then
        write_base(folder .. "/other", shuffled(list), shuffled(contacts), shuffled(paid))
        local again, all = score("other", 1)
        assert.equal(rows, again, text)
        assert.equal(candidates, all, text)
      end
    end
    for _, reason in ipairs({ "granted", "holdout", "policy holdout", "outbid", "budget",
      "capacity", "total cap", "class cap", "customer cap", "contact policy", "no channel",
      "missing value", "ineligible", "period" }) do
      assert.is_true((seen[reason] or 0) > 50, reason .. " " .. tostring(seen[reason]))
    end
  end)
end)
