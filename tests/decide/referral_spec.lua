-- Referrals against an independent implementation: the same programmes, decided by stock Lua.
local cli = require("cli")

local AS_OF = "2025-06-30"

local dataset = [[{
  "name": "random", "as_of": "2025-06-30", "currency": "CNY",
  "tables": {
    "customers": { "file": "customers.csv", "columns": {
      "customer": "label", "opened": "date", "kind": "label", "spend": "money",
      "closed": "flag" } },
    "referrals": { "file": "referrals.csv", "columns": {
      "referrer": "label", "referee": "label", "date": "date", "programme": "label",
      "weight": "integer" } },
    "rewards": { "file": "rewards.csv", "columns": {
      "customer": "label", "date": "date", "programme": "label", "amount": "money",
      "key": "text" } }
  }
}]]

local policy = [[
policy "random" { currency = "CNY" }
inputs { kind = label, spend = money, closed = flag }
referral "steps" {
  programme = "p",
  hold      = days(30),
  block     = "spend > 900",
  qualifies = "friend.spend >= 100 and 100 // (referral.weight - 7) ~= 12345",
  reward    = steps {
    { 1, by "friend.kind" { a = both(10), b = referrer("friend.spend * 0.1") } },
    { 3, both(50) },
  },
  value     = "friend.spend - spend",
  claw_back = "friend.closed",
  caps      = { customer = { 2, per = months(3) }, total = 25, budget = 1200 },
}
referral "all" {
  reward = friend("7.5"),
  caps   = { budget = { 400, per = months(2) } },
}
]]

local function random_base(seed)
  math.randomseed(seed)
  local people, rows, by_id = {}, {}, {}
  local function maybe(value, share)
    return math.random() >= (share or 0.06) and value or nil
  end
  local function day(from, to)
    local n = math.random(from, to)
    return os.date("!%Y-%m-%d", os.time({ year = 2025, month = 1, day = 1, hour = 12 }) + n * 86400)
  end
  for i = 1, 400 do
    people[i] = {
      id = ("K%03d"):format(i), opened = maybe(day(-200, 120), 0.3),
      kind = maybe(({ "a", "a", "b", "b", "c" })[math.random(5)]),
      spend = maybe(math.random(0, 100000)),
      closed = maybe(math.random() < 0.2),
    }
    by_id[people[i].id] = people[i]
  end
  for i = 1, 700 do
    rows[i] = {
      from = people[math.random(40)].id,
      to = math.random() < 0.05 and "X" .. math.random(9) or people[math.random(#people)].id,
      date = day(0, 179), programme = maybe(math.random() < 0.8 and "p" or "q", 0.1),
      weight = math.random(0, 15),
    }
  end
  return { people = people, rows = rows, by_id = by_id, paid = {} }
end

-- ---- who is credited, and in which order rows come ----------------------------------------------

local function credits(base)
  local credit = {}
  for _, r in ipairs(base.rows) do
    local from, to = base.by_id[r.from], base.by_id[r.to]
    if to and to ~= from and not (from.opened and r.date < from.opened) then
      local c = credit[r.to]
      if not c or r.date < c.date or (r.date == c.date and r.from < c.from) then
        credit[r.to] = { from = r.from, date = r.date }
      end
    end
  end
  for _, one in ipairs(base.people) do -- cut every ring at its latest, of several at the first id
    local path, at = {}, one.id
    while at and not path[at] do
      path[at] = true
      at = credit[at] and credit[at].from
    end
    if at then
      local latest, member = at, at
      repeat
        local x, y = credit[member], credit[latest]
        if x.date > y.date or (x.date == y.date and member < latest) then
          latest = member
        end
        member = x.from
      until member == at
      credit[latest] = nil
    end
  end
  return credit
end

local function ordered(base)
  local rows = { table.unpack(base.rows) }
  local function key(r)
    local known = base.by_id[r.to] and 1 or 0 -- who is nobody comes first
    local weight = ("%03d"):format(r.weight)
    return table.concat({ r.from, r.date, known, r.to, r.programme or "", weight }, "\0")
  end
  table.sort(rows, function(x, y) return key(x) < key(y) end)
  return rows
end

local function standing(base, credit, r)
  local from, to = base.by_id[r.from], base.by_id[r.to]
  if not to then
    return "no customer"
  elseif to == from then
    return "self-referral"
  elseif from.opened and r.date < from.opened then
    return "referrer joined later"
  elseif not credit[r.to] then
    return "closes a ring"
  end
  return credit[r.to].from == r.from and "open" or "credited to another"
end

-- ---- the two programmes -----------------------------------------------------------------------

local function minor(x) -- half to even
  local low = math.floor(x)
  local rest = x - low
  return math.tointeger((rest > 0.5 or (rest == 0.5 and low % 2 == 1)) and low + 1 or low)
end

local function later(date, days)
  local y, m, d = date:match("(%d+)-(%d+)-(%d+)")
  return os.date("!%Y-%m-%d", os.time({ year = y, month = m, day = d, hour = 12 }) + days * 86400)
end

local function judge_steps(from, to, r)
  if not from.spend then
    return "suppressed"
  elseif from.spend > 90000 then
    return "blocked"
  elseif later(r.date, 30) > AS_OF then
    return "pending"
  elseif not to.spend then
    return "missing value"
  elseif to.spend < 10000 then
    return "not qualified"
  elseif r.weight == 7 then
    return "fault"
  end
  return "open"
end

local function price_steps(from, to, rank)
  local amounts
  if rank >= 3 then
    amounts = { 5000, 5000 }
  elseif not to.kind then
    return "missing value"
  elseif to.kind == "a" then
    amounts = { 1000, 1000 }
  elseif to.kind == "b" then
    amounts = { minor(to.spend / 100 * 0.1 * 100), 0 }
  else
    return "no reward"
  end
  return "open", amounts, minor((to.spend / 100 - from.spend / 100) * 100)
end

local programmes = {
  { name = "steps", programme = "p", judge = judge_steps, price = price_steps, claws = true,
    customer = 2, since = "2025-03-30", total = 25, budget = 120000 },
  { name = "all", judge = function() return "open" end,
    price = function() return "open", { 0, 750 }, 0 end, budget = 40000,
    budget_since = "2025-04-30" },
}

-- What was paid: paid[block][from .. to][party] = { amount, date }, and back the same.
local function history(base, block)
  local of, count, total, spent = {}, {}, 0, 0
  for _, p in ipairs(base.paid) do
    if p.block == block.name then
      local pair = of[p.from .. p.to] or { from = p.from, given = {}, back = {} }
      of[p.from .. p.to] = pair
      pair[p.back and "back" or "given"][p.party] = p
      if p.date > (block.budget_since or "") then
        spent = spent + p.amount
      end
    end
  end
  for _, pair in pairs(of) do
    local date = ""
    for _, p in pairs(pair.given) do
      date = p.date > date and p.date or date
    end
    if not next(pair.back) then
      total = total + 1
      if date > (block.since or "") then
        count[pair.from] = (count[pair.from] or 0) + 1
      end
    end
  end
  return of, count, total, spent
end

local function decide(base, block, rows, credit)
  local of, count, total, spent = history(base, block)
  local met, out, rank = {}, {}, {}
  for i, r in ipairs(rows) do
    local from, to = base.by_id[r.from], base.by_id[r.to]
    local o = { row = r, reason = standing(base, credit, r), amounts = { 0, 0 }, value = 0 }
    out[i] = o
    local elsewhere = block.programme and r.programme and r.programme ~= block.programme
    local pair = r.from .. r.to
    if elsewhere then
      o.reason = "other programme"
    elseif o.reason == "open" or o.reason == "credited to another"
      or o.reason == "closes a ring" then
      if met[pair] then
        o.reason = "repeated"
      else
        o.past = of[pair]
      end
      met[pair] = true
    end
    if o.past and next(o.past.back) then
      o.reason = "clawed back"
    end
    if o.past and block.claws and to.closed and
      ((o.past.given[1] and not o.past.back[1]) or (o.past.given[2] and not o.past.back[2])) then
      o.reason = "clawed back"
    end
    if o.reason == "clawed back" then
      for party = 1, 2 do
        if o.past.given[party] and not o.past.back[party] then
          o.amounts[party] = -o.past.given[party].amount
        end
      end
    elseif o.reason == "open" then
      o.reason = block.judge(from, to, r)
    end
    if o.reason == "open" or (o.past and o.reason ~= "clawed back") then
      rank[r.from] = (rank[r.from] or 0) + 1
    end
    if o.reason == "open" then
      o.reason, o.amounts, o.value = block.price(from, to, rank[r.from])
    end
  end
  local queue = {}
  for i, o in ipairs(out) do
    if o.reason == "open" then
      queue[#queue + 1] = { o = o, key = o.row.date .. ("%06d"):format(i) }
    end
  end
  table.sort(queue, function(x, y) return x.key < y.key end)
  for _, q in ipairs(queue) do
    local o, from = q.o, q.o.row.from
    for party = 1, 2 do
      if o.past and o.past.given[party] then
        o.amounts[party] = 0
      end
    end
    local due = o.amounts[1] + o.amounts[2]
    if due == 0 then
      o.reason = "already rewarded"
    elseif not o.past and ((block.customer and (count[from] or 0) >= block.customer) or
      (block.total and total >= block.total)) then
      o.reason = "cap"
    elseif spent + due > block.budget then
      o.reason = "budget"
    else
      o.reason = "granted"
      spent = spent + due
      count[from] = (count[from] or 0) + (o.past and 0 or 1)
      total = total + (o.past and 0 or 1)
    end
  end
  for _, o in ipairs(out) do
    if o.past and o.reason ~= "granted" and o.reason ~= "clawed back" and o.reason ~= "fault" then
      o.reason = "already rewarded"
    end
  end
  return out
end

-- ---- files ------------------------------------------------------------------------------------

local function money(x)
  return ("%s%d.%02d"):format(x < 0 and "-" or "", math.abs(x) // 100, math.abs(x) % 100)
end

local function expected(base)
  local rows, credit, lines = ordered(base), credits(base), {}
  local by_block = {}
  for k, block in ipairs(programmes) do
    by_block[k] = decide(base, block, rows, credit)
  end
  for i, r in ipairs(rows) do
    for k, block in ipairs(programmes) do
      local o = by_block[k][i]
      local paid = (o.reason == "granted" or o.reason == "clawed back") and
        o.amounts[1] + o.amounts[2] ~= 0
      lines[#lines + 1] = table.concat({ block.name, r.from, r.to, r.date, o.reason,
        o.reason == "pending" and later(r.date, 30) or "", paid and money(o.amounts[1]) or "",
        paid and money(o.amounts[2]) or "",
        paid and money(o.reason == "granted" and o.value or 0) or "",
        o.reason == "fault" and "7,attempt to divide by zero" or "," }, ",")
    end
  end
  return lines, by_block
end

local function shuffled(list)
  local out = { table.unpack(list) }
  for i = #out, 2, -1 do
    local k = math.random(i)
    out[i], out[k] = out[k], out[i]
  end
  return out
end

local function write(folder, base)
  os.execute("mkdir -p " .. cli.folder() .. "/" .. folder)
  local function csv(name, header, list, line)
    local out = { header }
    for _, x in ipairs(list) do
      out[#out + 1] = line(x)
    end
    cli.write(cli.folder() .. "/" .. folder .. "/" .. name, table.concat(out, "\n") .. "\n")
  end
  cli.write(cli.folder() .. "/" .. folder .. "/dataset.json", dataset)
  csv("customers.csv", "customer,opened,kind,spend,closed", base.people, function(c)
    local closed = c.closed == nil and "" or tostring(c.closed)
    return table.concat({ c.id, c.opened or "", c.kind or "", c.spend and money(c.spend) or "",
      closed }, ",")
  end)
  csv("referrals.csv", "referrer,referee,date,programme,weight", base.rows, function(r)
    return table.concat({ r.from, r.to, r.date, r.programme or "", r.weight }, ",")
  end)
  csv("rewards.csv", "customer,date,programme,amount,key", base.paid, function(p)
    local to = p.party == 1 and p.from or p.to
    return table.concat({ to, p.date, p.programme, money(p.amount), p.key }, ",")
  end)
end

local function lines_of(text)
  local out = {}
  for line in text:gmatch("([^\n]*)\n") do
    out[#out + 1] = line
  end
  return out
end

-- Pays what the file of --rewards says, but for a share that is lost on the way.
local function pay(base, text, date, lost)
  local lines = lines_of(text)
  for i = 2, #lines do
    local customer, programme, amount, key, other, block, role =
      lines[i]:match("^([^,]*),[^,]*,([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*)$")
    local party = role == "referrer" and 1 or 2
    local cents = math.tointeger((amount:gsub("%.", ""))) -- has two decimals
    base.paid[#base.paid + (math.random() < (lost or 0) and 0 or 1)] = {
      block = block, programme = programme, key = key, amount = cents, date = date, party = party,
      back = cents < 0, from = party == 1 and customer or other,
      to = party == 1 and other or customer,
    }
  end
  return #lines - 1
end

local function score(folder, threads)
  return cli.run({ "score", folder, "random.lua", "-o", "o.csv", "--rewards", "rewards.csv",
    "--referrals", "referrals.csv", "--threads", threads or 2, "--json" })
end

local function file(name)
  return cli.read(cli.folder() .. "/" .. name)
end

describe("referrals", function()
  before_each(function()
    cli.write(cli.folder() .. "/random.lua", policy)
  end)
  after_each(cli.clean)

  it("come to what stock Lua comes to, row by row, run after run", function()
    local seen, reasons = {}, 0
    for seed = 1, 3 do
      local base = random_base(seed)
      for round, date in ipairs({ "2025-03-30", "2025-04-30", "2025-05-15", AS_OF }) do
        write("base", base)
        local run = score("base")
        assert.equal(4, run.status, run.err) -- a division by zero, which is said
        assert.matches("a rule failed for %d+ referrals?, which %l+ not rewarded", run.err)
        local want, by_block = expected(base)
        local got = lines_of(file("referrals.csv"))
        assert.equal("referral,referrer,friend,date,reason,until,to_referrer,to_friend,value,line,"
          .. "fault", got[1])
        assert.equal(#want + 1, #got)
        for i, line in ipairs(want) do
          assert.equal(line, (got[i + 1]:gsub('"', "")), ("seed %d round %d"):format(seed, round))
        end
        for _, block in ipairs(by_block) do
          for _, o in ipairs(block) do
            seen[o.reason] = true
          end
        end
        pay(base, file("rewards.csv"), date, 0.2)
        for _, one in ipairs(base.people) do -- some leave, and what they brought is taken back
          one.closed = one.closed or (math.random() < 0.1 or nil)
        end
      end
    end
    for _ in pairs(seen) do
      reasons = reasons + 1
    end
    assert.equal(19, reasons, "every reason is met")
  end)

  it("are paid once", function()
    local base, rounds, paid = random_base(4), 0
    repeat -- what is taken back leaves room in the budget
      write("base", base)
      score("base")
      paid, rounds = pay(base, file("rewards.csv"), AS_OF), rounds + 1
      assert.is_true(rounds < 9)
    until paid == 0
    local keys, sum = {}, 0
    for _, p in ipairs(base.paid) do
      assert.is_nil(keys[p.key], p.key)
      keys[p.key] = true
      sum = sum + (p.block == "all" and p.amount or 0)
    end
    assert.is_true(#base.paid > 50)
    assert.is_true(sum > 30000 and sum <= 40000)
  end)

  it("do not depend on threads or on the order of the input, and their counts add up", function()
    local base = random_base(5)
    write("base", base)
    local run = score("base", 1)
    local rewards, referrals = file("rewards.csv"), file("referrals.csv")
    for name, counts in run.out:gmatch('"(%l+)":({"granted":[^}]*"other programme":%d+)') do
      local sum = 0
      for n in counts:gmatch(":(%d+)") do
        sum = sum + n
      end
      assert.equal(#base.rows, sum, name)
    end
    assert.is_truthy(run.out:find('"referrals":{"steps":{"granted":', 1, true))
    base.rows, base.people = shuffled(base.rows), shuffled(base.people)
    write("shuffled", base)
    for _, threads in ipairs({ 1, 2, 4 }) do
      score("shuffled", threads)
      assert.equal(rewards, file("rewards.csv"))
      assert.equal(referrals, file("referrals.csv"))
    end
  end)
end)
