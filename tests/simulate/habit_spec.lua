-- Who stays without an offer, by the firm's own history: against what is true of generated
-- customers in the year to come, and where history says nothing.
local json = require("dkjson")
local cli = require("cli")
local made = require("generate.made")

local function policy(when)
  return 'campaign "x" { when = "' .. when
    .. '", offer = cash(1), cost = 1, value = 10000, effect = { retention = 0, sd = 0 } }\n'
end

local function simulate(data, text, ...)
  cli.write(cli.folder() .. "/p.lua", text)
  local run = cli.run({ "simulate", data, "p.lua", ... })
  assert.equal(0, run.status, run.err)
  return run.out
end

describe("who stays without an offer", function()
  lazy_teardown(cli.clean)

  it("is what is true of generated customers, within the intervals", function()
    local folder = cli.folder()
    local uses = made.expected(made.make("bank", "10000", "bank", "--seed", "7"))
    for _, when in ipairs({ "recency_days >= 0", "recency_days <= 30",
      "recency_days > 60 and recency_days <= 120", "recency_days > 365" }) do
      local out = json.decode(simulate("bank", policy(when), "--json"))
      assert.equal("B", out.inputs[2].grade)
      assert.equal("who stays without an offer", out.inputs[2].name)
      os.remove(folder .. "/rows.csv")
      assert.equal(0, cli.run({ "score", "bank", "p.lua", "-o", "rows.csv" }).status)
      local n, sum = 0, 0
      for row in made.cells(folder .. "/rows.csv") do
        if row.reason == "granted" then
          n = n + 1
          sum = sum + 1 - math.exp(-uses[row.customer]) -- the chance of a use within the year
        end
      end
      assert.is_true(n > 500)
      assert.equal(n, out.campaigns[1].offers)
      local sure = out.cost.sure_things
      assert(sure.p5 <= sum and sum <= sure.p95, ("%s: %.1f in %.1f..%.1f"):format(when, sum,
        sure.p5, sure.p95))
      -- and without what years differ by, not far off
      assert.near(sum / n, out.campaigns[1].uplift.base, 0.02)
    end
  end)

  it("is the same for any number of threads", function()
    local one = simulate("bank", policy("recency_days <= 90"), "--json", "--threads", "1")
    assert.equal(one, simulate("bank", policy("recency_days <= 90"), "--json", "--threads", "3"))
  end)

  it("keeps an offer from keeping more than there are to lose", function()
    local text = policy("recency_days <= 30"):gsub("retention = 0,", "retention = 0.2,")
    local out = json.decode(simulate("bank", text, "--json", "--assume", "base_spread=0",
      "--assume", "value_spread=0"))
    local c = out.campaigns[1]
    assert.near((1 - c.uplift.base) * c.offers * 10000, out.earns.mean, 0.1 * out.earns.mean)
  end)

  it("is not known where the history is too short or purchases too rare", function()
    local folder = cli.folder()
    local function rows(every, years)
      local out = { "customer,date,amount" }
      for c = 1, 40 do
        for d = 0, years * 365, every do
          out[#out + 1] = ("C%d,%s,10"):format(c, os.date("!%Y-%m-%d", 1735646400 - d * 86400))
        end
      end
      cli.write(folder .. "/t.csv", table.concat(out, "\n") .. "\n")
    end
    rows(30, 1)
    assert.truthy(simulate("t.csv", policy("orders > 0")):find(
      "and the transactions do not go back 24 months", 1, true))
    rows(500, 6)
    assert.truthy(simulate("t.csv", policy("orders > 0")):find(
      "and customers buy less than once a year", 1, true))
    rows(30, 3)
    local out = json.decode(simulate("t.csv", policy("orders > 0"), "--json"))
    assert.is_true(out.campaigns[1].uplift.base > 0.99) -- all who were there came again
  end)
end)
