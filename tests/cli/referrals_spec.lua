-- Referrals from files to metrics, and what breaks naive ways of following them.
local cli = require("cli")
local host = require("library.host")
local lfs = require("lfs")

-- A line of text for each i from 1 to n.
local function lines(path, header, n, line)
  local file = assert(io.open(cli.folder() .. "/" .. path, "wb"))
  file:write(header, "\n")
  for i = 1, n do
    file:write(line(i), "\n")
  end
  assert(file:close())
end

-- The rows of the CSV that `measure` writes, by the customer's id.
local function measure(folder, metrics)
  local run = cli.run({ "measure", folder, "--metrics", metrics, "-o", "rows.csv" })
  assert.equal(0, run.status, run.err)
  local rows = {}
  for line in cli.read(cli.folder() .. "/rows.csv"):gmatch("[^\r\n]+") do
    local id, rest = line:match("^([^,]*),(.*)$")
    rows[id] = rest
  end
  return rows, run
end

-- The summary of a score by a policy with these settings of a referral, as one line.
local function reward(folder, settings, status)
  cli.write(cli.folder() .. "/bring.lua",
    'policy "Bring" { currency = "CNY" }\nreferral "bring" {\n' .. settings .. "\n}\n")
  local run = cli.run({ "score", folder, "bring.lua", "-o", "o.csv", "--rewards", "rewards.csv",
    "--referrals", "all.csv" })
  assert.equal(status or 0, run.status, run.err)
  return run.out:match("\n  bring, ([^\n]*)") or run.err
end

local function rows_of(path)
  local rows, n = cli.read(cli.folder() .. "/" .. path), 0
  for _ in rows:gmatch("\n") do
    n = n + 1
  end
  return n - 1
end

describe("referrals in files", function()
  after_each(cli.clean)

  -- Ids stand by number here and referees by bytes: 9 before 10, "10" before "9".
  -- Under the sanitizers, whose frames are larger, of a hundred thousand: nothing else is done.
  it("may be a chain of a million", function()
    local n = host.sanitized() and 100000 or 1000000
    lfs.mkdir(cli.folder() .. "/chain")
    lines("chain/customers.csv", "id", n, tostring)
    lines("chain/referrals.csv", "referrer,referee,date", n - 1, function(i)
      return i .. "," .. i + 1 .. ",2024-01-01"
    end)
    local rows, run = measure("chain", "generation,referral_depth,referral_reach,ring_size")
    for _, i in ipairs({ 1, 2, 9, 10, 11, 99, 100, n // 2, n - 1, n }) do
      local above, below = i - 1, n - i
      assert.equal(("%d,%d,%d,11"):format(above, below, below), rows[tostring(i)])
    end
    assert.is_nil(run.err:find("not credited"))
    assert.equal(("%d referrals: granted %d; to be paid %d.00 CNY"):format(n - 1, n - 1, n - 1),
      reward("chain", "reward = friend(1)"))
    assert.equal(n - 1, rows_of("rewards.csv"))
  end)

  -- Everyone brings two, for twelve generations.
  it("gain 8190 customers from one, who are all paid for", function()
    lfs.mkdir(cli.folder() .. "/two")
    lines("two/customers.csv", "id", 2 ^ 13 - 1, tostring)
    lines("two/referrals.csv", "referrer,referee,date", 2 ^ 13 - 2, function(i)
      return (i + 1) // 2 .. "," .. i + 1 .. ",2024-01-01"
    end)
    local rows = measure("two", "referral_reach,referral_depth,generation")
    assert.equal("8190,12,0", rows["1"])
    assert.equal("0,0,12", rows["8191"])
    assert.matches("^8190 referrals: granted 8190; to be paid 4914000.00 CNY",
      reward("two", "reward = both(300)"))
    assert.equal(2 * 8190, rows_of("rewards.csv"))
    cli.write(cli.folder() .. "/cascade.lua", [[
policy "Cascade" { currency = "CNY" }
params { referral_branching = 2, referral_generations = 12 }
metrics { gained = "referral_cascade" }
campaign "thank" { when = "gained == 8190", offer = gift "a card" }
]])
    local run = cli.run({ "score", "two", "cascade.lua", "-o", "o.csv" })
    assert.matches("thank: granted 8191\n", run.out)
  end)

  it("may be a ring of a thousand, and name whom nobody knows", function()
    lfs.mkdir(cli.folder() .. "/ring")
    lines("ring/customers.csv", "id,opened", 1000, function(i)
      return i .. ",2024-01-01"
    end)
    lines("ring/referrals.csv", "referrer,referee,date,status", 1002, function(i)
      local odd = { [1001] = "7,4711,2024-03-01,paid", [1002] = "7,8,2023-12-31,paid" }
      return odd[i] or ("%d,%d,2024-02-01,paid"):format(i, i % 1000 + 1)
    end)
    local rows, run = measure("ring", "referrer,ring_size,referred_qualified,referrals_a_day")
    assert.equal(",11,1,1", rows["1"]) -- the root, since its id stands first
    assert.equal("6,11,1,1", rows["7"])
    assert.equal("999,11,0,1", rows["1000"])
    assert.matches("referrals: 999 of 1002 are credited; not credited: 1 of nobody who is a "
      .. "customer, 1 from before the referrer joined, 1 that would close a ring of credits",
      run.err)
    assert.matches("ring_size: 1000 customers are in a ring of more than 10", run.err)
    assert.matches("^1002 referrals: granted 999, closes a ring 1, referrer joined later 1, no "
      .. "customer 1; to be paid 1998.00 CNY",
      reward("ring", "reward = both(1), block = 'ring_size <= 10'"))
  end)

  it("are of customers: who is none cannot refer, and is not yet a friend", function()
    lfs.mkdir(cli.folder() .. "/odd")
    cli.write(cli.folder() .. "/odd/customers.csv", "id,opened,kind\na,2024-02-01,x\n"
      .. "b,2024-02-02,y\nc,2024-02-02,\nd,2024-03-01,x\n")
    cli.write(cli.folder() .. "/odd/referrals.csv", "referrer,referee,date\na,b,2024-02-01\n"
      .. "c,b,2024-02-02\na,c,2024-01-31\nb,b,2024-02-03\nz,c,2024-02-03\nb,y,2024-02-03\n"
      .. "b,c,2024-02-04\na,d,2024-02-28\na,b,2024-02-28\n")
    local all = reward("odd", 'reward = by "friend.kind" { x = both(1), w = both(2) }', 4)
    assert.equal("8 referrals: granted 1, no reward 1, missing value 1, credited to another 1, "
      .. "repeated 1, self-referral 1, referrer joined later 1, no customer 1; to be paid 2.00 CNY",
      all)
    assert.matches("\nbring,a,c,2024%-01%-31,referrer joined later,", cli.read(cli.folder()
      .. "/all.csv"))
    local run = cli.run({ "score", "odd", "bring.lua", "-o", "o.csv" })
    assert.matches("referrals.csv:6:1: referrer 'z': no such customer", run.err)
  end)

  it("are paid nothing of a budget of 0, nor beyond a cap", function()
    lfs.mkdir(cli.folder() .. "/caps")
    cli.write(cli.folder() .. "/caps/customers.csv", "id\na\nb\nc\nd\n")
    cli.write(cli.folder() .. "/caps/referrals.csv", "referrer,referee,date\na,d,2024-01-03\n"
      .. "a,c,2024-01-01\nb,a,2024-01-02\n")
    assert.equal("3 referrals: granted 0, budget 3; to be paid 0.00 CNY",
      reward("caps", "reward = both(1), caps = { budget = 0 }"))
    assert.equal(0, rows_of("rewards.csv"))
    assert.equal("3 referrals: granted 2, cap 1; to be paid 4.00 CNY",
      reward("caps", "reward = both(1), caps = { total = 2 }"))
    assert.matches("\nbring,a,d,2024%-01%-03,cap,", cli.read(cli.folder() .. "/all.csv"))
    assert.equal("3 referrals: granted 2, cap 1; to be paid 4.00 CNY",
      reward("caps", "reward = both(1), caps = { customer = 1 }"))
    assert.equal("3 referrals: granted 1, budget 2; to be paid 2.00 CNY", -- never in part
      reward("caps", "reward = both(1), caps = { budget = 3.99 }"))
    assert.equal("3 referrals: granted 2, budget 1; to be paid 4.00 CNY",
      reward("caps", "reward = both(1), caps = { budget = 4 }"))
  end)

  it("have keys that files bring back whole", function()
    lfs.mkdir(cli.folder() .. "/keys")
    cli.write(cli.folder() .. "/keys/customers.csv", 'id\na/b%\n"c,d"\n-e\n')
    cli.write(cli.folder() .. "/keys/referrals.csv",
      'referrer,referee,date\na/b%,"c,d",2024-01-03\n"c,d",-e,2024-01-04\n')
    local settings = 'programme = "=1+1", reward = both(1)'
    assert.matches("granted 2", reward("keys", settings))
    local rewards = cli.read(cli.folder() .. "/rewards.csv")
    assert.is_truthy(rewards:find("%3D1+1/bring/a%2Fb%25/c,d/referrer", 1, true))
    cli.write(cli.folder() .. "/keys/rewards.csv", (rewards:gsub("\n\"'%-e\"", "\n-e")))
    assert.equal("2 referrals: granted 0, already rewarded 2; to be paid 0.00 CNY",
      reward("keys", settings))
  end)

  it("are refused where what was paid cannot be told", function()
    lfs.mkdir(cli.folder() .. "/told")
    cli.write(cli.folder() .. "/told/customers.csv", "id\na\nb\n")
    assert.matches("bring.lua:2:.*: the referral 'bring' needs the table referrals",
      reward("told", "reward = both(1)", 1))
    cli.write(cli.folder() .. "/told/referrals.csv", "referrer,referee,date\na,b,2024-01-03\n")
    cli.write(cli.folder() .. "/told/rewards.csv", "customer,date,amount\na,2024-01-03,5\n")
    assert.matches("bring.lua:2:.*the table rewards is to have key %(text%), amount %(money%)",
      reward("told", "reward = both(1)", 1))
  end)

  it("are not to be written for a policy that has none", function()
    cli.write(cli.folder() .. "/none.lua", 'policy "none" {}\ntiers "t" { { "all" } }\n')
    cli.write(cli.folder() .. "/one.csv", "customer,date,amount\na,2024-01-03,5\n")
    local run = cli.run({ "score", "one.csv", "none.lua", "--rewards", "r.csv" })
    assert.equal(2, run.status)
    assert.matches("%-%-rewards is about the referrals of a policy, and none.lua has none", run.err)
  end)

  it("without a customers table are of those who refer", function()
    lfs.mkdir(cli.folder() .. "/alone")
    cli.write(cli.folder() .. "/alone/referrals.csv",
      "referrer,referee,date\na,b,2024-01-01\nb,c,2024-01-02\n")
    local rows, run = measure("alone", "referrer,referred_count")
    assert.same({ customer = "referrer,referred_count", a = ",1", b = "a,0" }, rows)
    assert.matches("1 of nobody who is a customer", run.err)
  end)

  it("stop a rule where they are misused, and nowhere else", function()
    lfs.mkdir(cli.folder() .. "/abuse")
    cli.write(cli.folder() .. "/abuse/customers.csv", "id\na\nb\nc\nd\ne\n")
    cli.write(cli.folder() .. "/abuse/referrals.csv", "referrer,referee,date\na,b,2024-01-01\n"
      .. "b,a,2024-01-02\nc,c,2024-01-02\nd,e,2024-01-02\n")
    cli.write(cli.folder() .. "/bring.lua", [[
policy "Bring a friend" { currency = "CNY" }
campaign "thanks" {
  when  = "referred_count > 0",
  never = "self_referral or ring_size <= 3 or referrals_a_day > 3",
  offer = cash(300),
  value = "500",
}
]])
    local run = cli.run({ "score", "abuse", "bring.lua", "-o", "rows.csv" })
    assert.equal(0, run.status, run.err)
    local granted = {}
    for id in cli.read(cli.folder() .. "/rows.csv"):gmatch("\n(%w+),[^\n]*thanks") do
      granted[#granted + 1] = id
    end
    assert.same({ "d" }, granted)
  end)
end)
