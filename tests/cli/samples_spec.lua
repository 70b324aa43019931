-- The samples give what the texts behind them print (the nine customers and the four measures of a
-- bank), worked out by hand here.
local cli = require("cli")

-- The rows of a CSV without quoted cells in the columns that are asked for, by customer.
local function rows(text)
  local header, list = nil, {}
  for line in text:gmatch("[^\n]+") do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do
      cells[#cells + 1] = cell
    end
    if not header then
      header = cells
    else
      local row = {}
      for i, name in ipairs(header) do
        row[name] = cells[i]
      end
      list[row.customer] = row
      list[#list + 1] = row
    end
  end
  return list
end

local function score(arguments)
  table.insert(arguments, 1, "score")
  local run = cli.run(arguments)
  assert.equal(0, run.status, run.err)
  return rows(run.out)
end

describe("samples/rfm-nine under policies/churn-warning.lua", function()
  lazy_teardown(cli.clean)

  -- R / F and spend an order to two decimals (the text cuts, and prints 004's 180.35 as 180.25),
  -- the state it prints, and the band of its rule.
  local printed = {
    ["001"] = { 2.64, 189.33, "abnormal", "high risk" },
    ["002"] = { 1.44, 152.40, "normal", "at risk" },
    ["003"] = { 1.06, 87.36, "normal", "at risk" },
    ["004"] = { 1.75, 180.35, "abnormal", "high risk" },
    ["005"] = { 1.15, 151.83, "normal", "at risk" },
    ["006"] = { 0.95, 91.57, "normal", "stable" },
    ["007"] = { 0.85, 177.69, "normal", "stable" },
    ["008"] = { 1.88, 127.87, "abnormal", "high risk" },
    ["009"] = { 1.33, 129.61, "normal", "at risk" },
  }

  it("reproduces the printed table", function()
    local got = score({ "samples/rfm-nine", "policies/churn-warning.lua", "--metrics",
      "rf_ratio,spend_per_order,rf_warning" })
    assert.equal(9, #got)
    for id, want in pairs(printed) do
      local row = got[id]
      assert.equal(want[1], math.floor(tonumber(row.rf_ratio) * 100) / 100, id)
      -- the text cuts to two decimals, Patron rounds: 180.355 is 180.36
      local cut = tonumber(row.spend_per_order) - want[2]
      assert.is_true(cut > -1e-9 and cut < 0.01 + 1e-9, id)
      assert.equal(want[3], row.tier, id)
      assert.equal(want[4], row.rf_warning, id)
    end
  end)

  it("moves the state with the threshold", function()
    local got = score({ "samples/rfm-nine", "policies/churn-warning.lua", "--set", "alarm=1.4" })
    assert.equal("abnormal", got["002"].tier) -- 1.44
    assert.equal("normal", got["009"].tier) -- 1.33
  end)
end)

describe("samples/bank under policies/card-retention.lua", function()
  lazy_teardown(cli.clean)

  -- Months since opening as of 2025-06-30, and what the customer gets. Nothing: false.
  local expected = {
    C001 = "waive the fee",
    C002 = "waive the fee", -- 5 months: opened on 1 January
    C003 = false, -- 6 months to the day
    C004 = false, -- low potential
    C005 = false, -- potential unknown
    C006 = false, -- no fee due
    C007 = false, -- opted out
    C008 = "put it right",
    C009 = "put it right", -- 6 months: opened on 31 December, and June has no 31st
    C010 = false, -- brought little
    C011 = false, -- the complaint is 90 days old
    C012 = false, -- 12 months to the day
    C013 = "lift",
    C014 = "lift", -- 12 months to the day
    C015 = false, -- brought little
    C016 = false, -- uses the card as ever
    C017 = false, -- in collections
    C018 = "let go",
    C019 = "let go", -- 12 months to the day
    C020 = false, -- brought much
    C021 = false, -- fee unknown
    C022 = "waive the fee", -- has not used the card yet
    C023 = "let go",
    C024 = false, -- not known to have opted out: left alone
  }

  it("takes the four measures, to the day of the month", function()
    local got = score({ "samples/bank", "policies/card-retention.lua" })
    assert.equal(24, #got)
    for id, want in pairs(expected) do
      assert.equal(want or "", got[id].campaign, id)
    end
  end)

  it("sorts the card holders into tiers by what they brought", function()
    local got = score({ "samples/bank", "policies/card-retention.lua" })
    local tiers = { C016 = "diamond", C020 = "diamond", C013 = "gold", C018 = "classic" }
    for id, tier in pairs(tiers) do
      assert.equal(tier, got[id].tier, id)
    end
  end)

  it("says why there is no offer", function()
    local run = cli.run({ "score", "samples/bank", "policies/card-retention.lua", "-o", "d.csv",
      "--candidates", "c.csv" })
    assert.equal(0, run.status, run.err)
    local text = cli.read(cli.folder() .. "/c.csv")
    for _, line in ipairs({ "C007,waive the fee,never", "C024,waive the fee,suppressed",
      "C005,waive the fee,missing value", "C003,waive the fee,ineligible",
      "C021,let go,missing value", "C017,lift,never" }) do
      local customer, campaign, reason = line:match("([^,]*),([^,]*),(.*)")
      local found
      for candidate in text:gmatch("[^\n]+") do
        if candidate:find("^" .. customer .. ",") and candidate:find(campaign, 1, true) then
          found = candidate
        end
      end
      assert.is_truthy(found, line)
      assert.is_truthy(found:find(reason, 1, true), found)
    end
  end)

  it("passes its own tests, as the other policies do", function()
    local run = cli.run({ "test", "policies" })
    assert.equal(0, run.status, run.out .. run.err)
  end)
end)

describe("samples/friends under policies/bring-a-friend.lua", function()
  lazy_teardown(cli.clean)

  -- H2: 300 each for an individual, 500 for a business owner, 100 for a student, due when the
  -- account is opened, without a cap. F02 was paid for, F06 has left.
  it("pays what a bank pays, once, and takes it back", function()
    local run = cli.run({ "score", "samples/friends", "policies/bring-a-friend.lua", "-o", "o.csv",
      "--rewards", "rewards.csv", "--referrals", "referrals.csv" })
    assert.equal(0, run.status, run.err)
    local paid = {}
    local text = cli.read(cli.folder() .. "/rewards.csv")
    for customer, amount, other in text:gmatch("\n(F%d+),[^,]*,[^,]*,([-%d.]+),[^,]*,(F%d+)") do
      paid[customer .. " for " .. other] = amount
    end
    assert.same({
      ["F01 for F03"] = "500.00", ["F03 for F01"] = "500.00",
      ["F01 for F04"] = "100.00", ["F04 for F01"] = "100.00",
      ["F05 for F15"] = "300.00", ["F15 for F05"] = "300.00", -- F05 was before F01
      ["F05 for F17"] = "300.00", ["F17 for F05"] = "300.00",
      ["F05 for F06"] = "-300.00", ["F06 for F05"] = "-300.00",
    }, paid)
    local why = {}
    for from, to, reason in cli.read(cli.folder() .. "/referrals.csv"):gmatch(
      "\n[^,]*,(F%d+),(%w+),[^,]*,([^,]*)") do
      why[from .. " " .. to] = reason
    end
    assert.equal("already rewarded", why["F01 F02"])
    assert.equal("credited to another", why["F01 F15"])
    assert.equal("blocked", why["F09 F13"]) -- four on one day
    assert.equal("missing value", why["F05 F18"]) -- nobody wrote down of which kind
    assert.equal("no customer", why["F16 G99"])
    local manifest = cli.read(cli.folder() .. "/o.csv.manifest.json")
    assert.is_truthy(manifest:find('"file":"rewards.csv","sha256":"', 1, true))
    assert.is_truthy(manifest:find('"referrals":{"bring a friend":{"granted":4,'
      .. '"already rewarded":1,"clawed back":1,', 1, true))
  end)

  it("asks who is glad, and not who complains, was asked thrice or opted out", function()
    local got = score({ "samples/friends", "policies/bring-a-friend.lua" })
    local asked = {}
    for _, row in ipairs(got) do
      asked[row.customer] = row.campaign ~= "" and row.campaign or nil
    end
    assert.same({ F01 = "ask at a delivery", F02 = "ask at a visit", F03 = "ask when it helped",
      F05 = "ask at a decision", F08 = "ask at a visit" }, asked)
  end)

  it("explains a referral to both", function()
    local function explain(customer)
      return cli.run({ "explain", "samples/friends", "policies/bring-a-friend.lua", customer }).out
    end
    local made, received = explain("F05"), explain("F06")
    assert.matches("bring a friend, brought F06 on 2025%-01%-05: clawed back: ", made)
    assert.matches("claw_back\n      yes   friend.closed   %(friend.closed = true%)\n"
      .. "    to the referrer %-300.00, to the friend %-300.00", made)
    assert.matches("bring a friend, brought F18 on 2025%-06%-16: missing value: ", made)
    assert.matches("%?     friend.kind == 'student'   %(friend.kind is missing%)", made)
    assert.matches("bring a friend, brought by F05 on 2025%-01%-05: clawed back: ", received)
    local json = cli.run({ "explain", "samples/friends", "policies/bring-a-friend.lua", "F15",
      "--json" }).out
    assert.is_truthy(json:find('"role":"friend","other":"F05","date":"2025-05-02","reason":'
      .. '"granted"', 1, true))
    assert.is_truthy(json:find('"to_referrer":300.00,"to_friend":300.00', 1, true))
    assert.is_truthy(json:find('"other":"F01","date":"2025-05-06","reason":"credited to another"',
      1, true))
  end)
end)

describe("samples/lost under policies/win-back.lua", function()
  lazy_teardown(cli.clean)

  -- C11: of A's 200,000 there are 20,000 to come, of B's 150,000 100,000: B goes first.
  it("calls first who has most still to bring", function()
    local run = cli.run({ "score", "samples/lost", "policies/win-back.lua", "-o", "o.csv",
      "--metrics", "remaining,loss", "--playbooks", "sheets" })
    assert.equal(0, run.status, run.err)
    local said = cli.read(cli.folder() .. "/sheets/visit-head-of-customer-success.txt")
    assert.matches("%-%-%- 1 of 3: 乙公司: .-\ncustomer  B\n.-\n%-%-%- 2 of 3: 甲公司: .-"
      .. "\ncustomer  A\n", said)
    local got = rows(cli.read(cli.folder() .. "/o.csv"):gsub('"[^"]*"', "quoted"))
    assert.equal("20000.00", got.A.remaining)
    assert.equal("100000.00", got.B.remaining)
    assert.equal("100200.00", got.B.loss) -- and five times 40 to find another
  end)

  it("knows three kinds and eight reasons", function()
    local run = cli.run({ "score", "samples/lost", "policies/win-back.lua" })
    local got = rows(run.out:gsub('"[^"]*"', "quoted"))
    local kinds = { A = "fault", L01 = "competitive", L02 = "competitive", L03 = "fault",
      L04 = "fault", L05 = "fault", L06 = "competitive", L07 = "natural", L09 = "not known" }
    for customer, kind in pairs(kinds) do
      assert.equal(kind, got[customer].why_kind, customer)
    end
    assert.equal("never", got.L05.reason)
    assert.equal("part as friends", got.L07.campaign)
    assert.equal("ineligible", got.L08.reason) -- gone for more than a year
    assert.equal("ineligible", got.L10.reason) -- 500 to come
  end)
end)

describe("samples/firm under policies/key-accounts.lua", function()
  lazy_teardown(cli.clean)

  it("is in touch within the week, on the day, and without a reason", function()
    local run = cli.run({ "score", "samples/firm", "policies/key-accounts.lua" })
    local got = rows(run.out:gsub('"[^"]*"', "quoted"))
    local expected = {
      K01 = "birthday", -- and 92.5 % of the talk was informal
      K02 = "no agenda", -- a decision takes 8 months, and 80 % was
      K03 = "follow up", -- visited five days ago
      K04 = "birthday", -- the visit was followed up
      K05 = "", -- no visit, no birthday near, one of the others
      K06 = "birthday", -- today; the visit was ten days ago
      K07 = "", -- opted out
      K08 = "", -- nobody knows the birthday
    }
    for customer, campaign in pairs(expected) do
      assert.equal(campaign, got[customer].campaign, customer)
    end
  end)
end)
