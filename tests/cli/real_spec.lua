-- Public data that nobody made for Patron, through the command line as a newcomer would: the counts
-- that its literature prints hold. The files are kept beside the project (tests/data.lua).
local cli = require("cli")
local data = require("data")
local lfs = require("lfs")

local function needed(name)
  local path = data(name)
  if not path then
    pending("needs " .. name .. " of the public data (PATRON_DATA)")
  end
  return path:find("^/") and path or lfs.currentdir() .. "/" .. path -- the program runs elsewhere
end

-- The rows of `patron measure`, each a table by column name; and by customer.
local function measure(path, as_of, metrics)
  local run = cli.run({ "measure", path, "--as-of", as_of, "--metrics", metrics, "-o", "m.ndjson" })
  assert.equal(0, run.status, run.err)
  local rows = {}
  for line in cli.read(cli.folder() .. "/m.ndjson"):gmatch("[^\n]+") do
    local row = {}
    for name, value in line:gmatch('"([%w_]+)":"?([^",}]*)') do
      row[name] = tonumber(value) or value
    end
    rows[#rows + 1] = row
    rows[row.customer] = row
  end
  return rows
end

local function total(rows, name)
  local sum = 0
  for _, row in ipairs(rows) do
    sum = sum + row[name]
  end
  return sum
end

describe("CDNOW", function()
  after_each(cli.clean)
  local name = "cdnow/transactions.csv"

  it("has its customers, rows and days of purchase", function()
    local rows = measure(needed(name), "1998-06-30", "orders,purchase_days")
    assert.equal(2357, #rows)
    assert.equal(6919, total(rows, "orders"))
    assert.equal(6696, total(rows, "purchase_days"))
  end)

  it("has its repeat purchases and zero-repeaters as of 1997-09-30, and after it", function()
    local early = measure(needed(name), "1997-09-30", "purchase_days,spend")
    local late = measure(needed(name), "1998-06-30", "purchase_days,spend")
    local zero = 0
    for _, row in ipairs(early) do
      zero = zero + (row.purchase_days == 1 and 1 or 0)
    end
    assert.equal(2357, #early)
    assert.equal(2457, total(early, "purchase_days") - #early)
    assert.equal(1411, zero)
    assert.equal(1882, total(late, "purchase_days") - total(early, "purchase_days"))
    assert.near(70976.39, total(late, "spend") - total(early, "spend"), 0.005)
  end)

  it("is scored by the policies for shops, everybody once", function()
    for _, as_of in ipairs({ "1997-09-30", "1998-06-30" }) do
      for _, policy in ipairs({ "policies/rfm.lua", "policies/churn-warning.lua" }) do
        local run = cli.run({ "score", needed(name), policy, "--as-of", as_of, "-o", "d.csv" })
        assert.equal(0, run.status, run.err)
        local _, lines = cli.read(cli.folder() .. "/d.csv"):gsub("\n", "")
        assert.equal(2358, lines)
      end
    end
  end)

  it("has no rhythm for those who bought on one day", function()
    local run = cli.run({ "score", needed(name), "policies/churn-warning.lua", "--as-of",
      "1997-09-30", "-o", "d.csv" })
    assert.is_truthy(run.out:find("no tier 1411", 1, true), run.out)
    assert.is_truthy(run.err:find("left out because they lie after the as-of date: 1959 of 6919",
      1, true), run.err)
  end)
end)

describe("the RFM example of 995 customers", function()
  after_each(cli.clean)

  it("has the scores that its quantiles give", function()
    local rows = measure(needed("rfm_orders/orders.csv"), "2006-12-31", "rfm,orders")
    assert.equal(995, #rows)
    assert.equal(4906, total(rows, "orders"))
    local scores = { ["Abbey O'Reilly"] = 343, ["Add Senger"] = 412, ["Aden Lesch"] = 323,
      ["Aden Murphy"] = 544, ["Admiral Senger"] = 433 }
    for customer, rfm in pairs(scores) do
      assert.equal(rfm, rows[customer].rfm, customer)
    end
  end)

  -- The lowest value that scores 2 .. 5 (for recency: the highest) lies just beyond its cut.
  it("is cut at the printed quantiles", function()
    local cuts = { r_score = { 481, 296.4, 180, 114 }, f_score = { 3, 4, 5, 7 },
      m_score = { 254.8, 381, 505.4, 665 } }
    local of = { r_score = "recency_days", f_score = "orders", m_score = "spend" }
    local rows = measure(needed("rfm_orders/orders.csv"), "2006-12-31",
      "recency_days,orders,spend,r_score,f_score,m_score")
    for _, row in ipairs(rows) do
      for score, list in pairs(cuts) do
        local above = 0
        for _, cut in ipairs(list) do
          above = above + (row[of[score]] > cut and 1 or 0)
        end
        assert.equal(score == "r_score" and 5 - above or 1 + above, row[score], row.customer)
      end
    end
  end)
end)

describe("other public files", function()
  after_each(cli.clean)

  it("of customers alone are read, and what their policies lack is said", function()
    local path = needed("telco/Telco-Customer-Churn.csv")
    local run = cli.run({ "profile", path })
    assert.equal(0, run.status, run.err)
    assert.is_truthy(run.out:find("7043 rows read, 7043 accepted, 0 rejected", 1, true), run.out)
    assert.is_truthy(run.out:find("TotalCharges [^\n]*; missing in 11\n"), run.out)
    run = cli.run({ "score", path, "policies/rfm.lua" })
    assert.equal(1, run.status)
    assert.is_truthy(run.err:find("policies/rfm.lua:18:22: r_score needs the table transactions", 1,
      true), run.err)
    run = cli.run({ "measure", needed("clusters/mall_customers.csv") })
    assert.equal(1, run.status)
    assert.is_truthy(run.err:find("no metric can be computed from this data", 1, true), run.err)
  end)

  it("with prices have amounts, refunds among them", function()
    local rows = measure(needed("baskets/online_retail_micro.csv"), "2010-12-01",
      "orders,spend,units")
    assert.equal(12, total(rows, "orders"))
    -- credit notes: one piece at 27.50, which lowers both
    assert.near(1731.34, total(rows, "spend") + 27.50 + 4.65, 0.005)
  end)

  it("without a customer are refused with what to write", function()
    for _, name in ipairs({ "campaigns/hillstrom.csv", "baskets/groceries.csv" }) do
      local run = cli.run({ "profile", needed(name) })
      assert.equal(1, run.status)
      assert.is_truthy(run.err:find(":1:1: no column of this", 1, true), run.err)
      assert.is_truthy(run.err:find("dataset.json", 1, true), run.err)
    end
  end)
end)
