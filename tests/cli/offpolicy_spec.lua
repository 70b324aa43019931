-- patron evaluate --off-policy and --uplift: golden.md's figures about Hillstrom, a log with
-- chances of its own whose truth is known, and what is refused. (How it is computed: tests/trial.)
local cli = require("cli")
local json = require("dkjson")
local data = require("data")

local function near(want, got, most)
  assert.is_true(math.abs(want - got) <= most, ("want %.12g, got %.12g"):format(want, got))
end

local interest = [[
policy "mail by interest" {}
inputs { mens = integer, womens = integer }
campaign "Womens E-Mail" { when = "mens == 0 and womens == 1", offer = gift "a mail", value = "1",
  cost = "0", holdout = 0.2 }
campaign "Mens E-Mail" { when = "mens == 1", offer = gift "a mail", value = "1", cost = "0" }
]]

-- Sunny customers bring 10 with a mail and 4 without, others 5 and 6; the sunny got it by chance
-- 0.8, the others by 0.3. A mail for the sunny alone is worth 8.
local function weather(n)
  local seed, rows, sums = 3, { "customer,sunny,arm,p,gain,city" }, { 0, 0, 0, 0 }
  local function random()
    seed = seed * 6364136223846793005 + 1442695040888963407
    return (seed >> 11) * 2.0 ^ -53
  end
  for i = 1, n do
    local sunny = random() < .5
    local p = sunny and .8 or .3
    local mailed = random() < p
    local gain = (sunny and (mailed and 10 or 4) or (mailed and 5 or 6)) + random() * 4 - 2
    gain = math.floor(gain * 1e6) / 1e6
    rows[#rows + 1] = ("%d,%s,%s,%s,%.6f,%s"):format(i, sunny and "yes" or "no",
      mailed and "mail" or "control", mailed and p or 1 - p, gain, i % 3 == 0 and "Oslo" or "Rome")
    if mailed == sunny then
      local w = 1 / (mailed and p or 1 - p)
      sums[1], sums[2] = sums[1] + w * gain, sums[2] + w
      sums[3], sums[4] = sums[3] + w * w, sums[4] + 1
    end
  end
  cli.write(cli.folder() .. "/log.csv", table.concat(rows, "\n") .. "\n")
  cli.write(cli.folder() .. "/dataset.json", [[{ "tables": { "customers": { "file": "log.csv",
    "columns": { "sunny": "flag", "gain": "number" } } } }]])
  cli.write(cli.folder() .. "/p.lua", [[policy "sun" {}
    inputs { sunny = flag }
    campaign "mail" { when = "sunny", offer = gift "a mail", value = "1", cost = "0" }
  ]])
  return sums
end

local function evaluate(...)
  return cli.run({ "evaluate", ... })
end

describe("patron evaluate", function()
  after_each(cli.clean)

  -- Couples who are alike in all: with --cluster four hundred say what two hundred do.
  it("takes its errors from clusters", function()
    local rows = { "customer,home,sunny,arm,p,gain,age" }
    for i = 0, 399 do
      local k = i // 2
      rows[#rows + 1] = ("K%03d,H%d,%s,%s,0.5,%d,%d"):format(i, k, k % 3 > 0 and "yes" or "no",
        k * 11 % 7 > 3 and "mail" or "control", k * k % 13, k * 29 % 61)
    end
    cli.write(cli.folder() .. "/log.csv", table.concat(rows, "\n") .. "\n")
    cli.write(cli.folder() .. "/p.lua", [[policy "sun" {} inputs { sunny = flag }
      campaign "mail" { when = "sunny", offer = gift "a mail", value = "1", cost = "0" }]])
    local function of(...)
      local run = evaluate("log.csv", "--arms", "arm", "--outcome", "gain", "--json", ...)
      return assert(json.decode(run.out), run.err)
    end
    local chances = { "p.lua", "--off-policy", "--propensity", "p" }
    local alone = of(table.unpack(chances)).off_policy.policies[1]
    local homes = of("--cluster", "home", table.unpack(chances)).off_policy.policies[1]
    near(alone.inverse.value, homes.inverse.value, 1e-12)
    near(math.sqrt(2), homes.inverse.error / alone.inverse.error, .01)
    near(math.sqrt(2), homes.normalised.error / alone.normalised.error, .01)
    local score = { "--uplift", "age", "--shares", "4,3" }
    local one = of(table.unpack(score)).uplift.arms[1].qini
    local two = of("--cluster", "home", table.unpack(score)).uplift.arms[1].qini
    near(one.above, two.above, 1e-12)
    assert.is_true(two.error ~= one.error) -- parts of the customers are parts of the homes
  end)

  it("gives golden.md's values of policies on Hillstrom", function()
    local path = data("campaigns/hillstrom.csv")
    if not path then
      pending("campaigns/hillstrom.csv is not here")
      return
    end
    cli.write(cli.folder() .. "/dataset.json", ('{ "tables": { "customers": { "file": "%s", ' ..
      '"numbered": true } } }'):format(path))
    cli.write(cli.folder() .. "/p.lua", interest)
    local run = evaluate(".", "p.lua", "--arms", "segment", "--control", "No E-Mail", "--outcome",
      "spend", "--off-policy", "--by", "channel", "--uplift", "history", "--json")
    assert.equal(0, run.status, run.err)
    local said = assert(json.decode(run.out))
    local p = said.off_policy.policies
    assert.equal("mail by interest", p[1].policy)
    assert.equal(21386, p[1].matched)
    near(1.432155, p[1].inverse.value, 1e-6)
    near(.120619, p[1].inverse.error, 2e-6)
    near(1.428628, p[1].normalised.value, 1e-6)
    for i, value in ipairs { .651953, 1.420860, 1.079911 } do
      near(value, p[i + 1].inverse.value, 1e-6)
      near(p[i + 1].inverse.value, p[i + 1].robust.value, .01)
    end
    near(1.0509082812500001, said.off_policy.logged, 1e-12)
    local mens = said.uplift.arms[1]
    assert.equal("Mens E-Mail", mens.arm)
    near(.769827, mens.effect, 1e-6)
    near(0.4608884881, mens.qini.value, 1e-10)
    near(0.0759749102, mens.qini.above, 1e-10)
    near(0.0761159810, mens.auuc.above, 1e-10)
    assert.are.equal(10, #mens.qini_curve)
  end)

  it("weighs by chances of its own, as a sum in Lua does, and finds the truth", function()
    local sums = weather(20000)
    local run = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
      "--propensity", "p", "--json")
    assert.equal(0, run.status, run.err)
    local said = assert(json.decode(run.out))
    local p = said.off_policy.policies[1]
    near(sums[1] / 20000, p.inverse.value, 1e-9)
    near(sums[1] / sums[2], p.normalised.value, 1e-9)
    near(sums[2] ^ 2 / sums[3], p.effective, 1e-6)
    assert.equal(sums[4], p.matched)
    for _, way in ipairs { "inverse", "normalised", "robust" } do
      near(8, p[way].value, 4 * p[way].error)
    end
    -- The mean of the arm forgets that the sunny got most mails; the residuals mend that.
    assert.is_true(math.abs(p.direct.value - 8) > .5)
    assert.are.same({}, said.outcomes)
    assert.is_nil(said.ratio)
    local screen = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
      "--propensity", "p").out
    assert.is_truthy(screen:find("given by the chances in p: they are not compared", 1, true))
  end)

  it("is surer with a model that knows what matters", function()
    weather(5000)
    local function error_by(...)
      local run = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
        "--propensity", "p", "--json", ...)
      local p = json.decode(run.out).off_policy.policies[1]
      near(8, p.robust.value, 4 * p.robust.error)
      return p.robust.error
    end
    cli.write(cli.folder() .. "/p.lua", cli.read(cli.folder() .. "/p.lua")
      .. 'segments "sky" { { "sunny", when = "sunny" }, { "grey" } }\n')
    local knowing, without = error_by("--by", "sky"), error_by()
    -- Gains of 10 and 6 vary by 4, and what is left, 16 / 12, weighs (1 / .8 + 1 / .7) / 2.
    near(math.sqrt((4 + 16 / 12 * (1 / .8 + 1 / .7) / 2) / 5000), knowing, .001)
    assert.is_true(knowing < without)
  end)

  it("takes a campaign for the one arm of its own experiment", function()
    weather(1000)
    local contacts = { "customer,date,campaign,arm" }
    for line in io.lines(cli.folder() .. "/log.csv") do
      local id, arm = line:match("^(%d+),%a+,(%a+)")
      if id then
        contacts[#contacts + 1] = ("%s,2024-05-01,mail,%s"):format(id,
          arm == "mail" and "letter" or "control")
      end
    end
    cli.write(cli.folder() .. "/contacts.csv", table.concat(contacts, "\n") .. "\n")
    cli.write(cli.folder() .. "/dataset.json", [[{ "tables": { "customers": { "file": "log.csv",
      "columns": { "sunny": "flag", "gain": "number" } }, "contacts": { "file": "contacts.csv" } }
      }]])
    local function value(...)
      local run = evaluate(".", "p.lua", "--outcome", "gain", "--off-policy", "--propensity", "p",
        "--json", ...)
      assert.equal(0, run.status, run.err)
      return json.decode(run.out).off_policy.policies[1].inverse
    end
    assert.are.same(value("--arms", "arm"), value("--campaign", "mail"))
  end)

  it("judges a policy that gives nothing, and cannot be without customers", function()
    weather(400)
    cli.write(cli.folder() .. "/p.lua", 'policy "none" {}\ntiers "t" { { "all" } }\n')
    local run = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
      "--propensity", "p", "--json")
    local p = json.decode(run.out).off_policy.policies
    assert.are.same(p[2].inverse, p[1].inverse)
  end)

  it("gives no value where a few customers would speak for all", function()
    weather(110)
    local run = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
      "--propensity", "p", "--json")
    assert.equal(1, run.status)
    local p = json.decode(run.out).off_policy.policies[2]
    assert.is_false(p.known)
    assert.equal(json.null, p.inverse.value or json.null)
    local screen = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
      "--propensity", "p").out
    assert.is_truthy(screen:find("at least 100 are needed", 1, true), screen)
  end)

  it("gives no value where all brought the same, which tells no error", function()
    weather(600)
    local path = cli.folder() .. "/log.csv"
    cli.write(path, (cli.read(path):gsub("(,mail,[%d.]+,)[%d.]+", "%10")))
    local function said(...)
      return evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
        "--propensity", "p", ...).out
    end
    assert.matches("no value of mail: all %d+ who got what it gives brought the same,", said())
    local known = {}
    for i, p in ipairs(json.decode(said("--json")).off_policy.policies) do
      known[i] = ("%s %s %s"):format(p.policy or p.all, p.known, p.inverse.value and "told" or "-")
    end
    assert.same({ "sun true told", "control true told", "mail false -" }, known)
  end)

  it("names the customer whose chance was none", function()
    weather(200)
    local path = cli.folder() .. "/log.csv"
    local text = cli.read(path)
    local function refused(chance, why)
      cli.write(path, (text:gsub("\n17,(%a+),(%a+),[%d.]+", "\n17,%1,%2," .. chance)))
      local run = evaluate(".", "p.lua", "--arms", "arm", "--outcome", "gain", "--off-policy",
        "--propensity", "p")
      assert.equal(1, run.status)
      assert.is_truthy(run.err:find(why, 1, true), run.err)
    end
    refused("0", "customer 17: p is 0, but the arm '")
    refused("1.5", "customer 17: p is 1.5, but the arm '")
    refused("", "customer 17: p is missing")
  end)

  it("says that no number is one where one score is all there is", function()
    weather(300)
    local run = evaluate(".", "--arms", "arm", "--shares", "45,55", "--outcome", "gain",
      "--uplift", "p", "--json")
    assert.equal(0, run.status, run.err)
    assert.is_number(json.decode(run.out).uplift.arms[1].qini.error)
  end)

  for _, case in ipairs {
    { { "--off-policy" }, "name the policy, too", 2 },
    { { "p.lua", "--propensity", "p" }, "--propensity is for the value of a policy", 2 },
    { { "p.lua", "--off-policy", "--propensity", "p", "--uplift", "p" }, "drawn alike for all", 2 },
    { { "p.lua", "--off-policy", "--propensity", "city" }, "a chance is a number", 1 },
    { { "--shares", "45,55", "--uplift", "city" }, "a score is a number", 1 },
    { { "q.lua", "--off-policy", "--propensity", "p" }, "name campaigns as the arms are named", 1 },
    { { "p.lua", "--off-policy", "--propensity", "p", "--outcome", "city" }, "no number that is",
      1 },
  } do
    it("refuses " .. table.concat(case[1], " "), function()
      weather(300)
      cli.write(cli.folder() .. "/q.lua", (cli.read(cli.folder() .. "/p.lua")
        :gsub('campaign "mail"', 'campaign "letter"')))
      local run = evaluate(".", "--arms", "arm", "--outcome", "gain", table.unpack(case[1]))
      assert.equal(case[3], run.status, run.err)
      assert.is_truthy(run.err:find(case[2], 1, true), run.err)
    end)
  end
end)
