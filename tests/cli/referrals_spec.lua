-- Referrals from files to metrics, and what breaks naive ways of following them.
local cli = require("cli")
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

describe("referrals in files", function()
  after_each(cli.clean)

  -- Ids stand by number here and referees by bytes: 9 before 10, "10" before "9".
  it("may be a chain of a million", function()
    local n = 1000000
    lfs.mkdir(cli.folder() .. "/chain")
    lines("chain/customers.csv", "id", n, tostring)
    lines("chain/referrals.csv", "referrer,referee,date", n - 1, function(i)
      return i .. "," .. i + 1 .. ",2024-01-01"
    end)
    local rows, run = measure("chain", "generation,referral_depth,referral_reach,ring_size")
    for _, i in ipairs({ 1, 2, 9, 10, 11, 99, 100, 500000, 999999, 1000000 }) do
      local above, below = i - 1, n - i
      assert.equal(("%d,%d,%d,11"):format(above, below, below), rows[tostring(i)])
    end
    assert.is_nil(run.err:find("not credited"))
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
