-- patron evaluate, from the command line: a bank's campaign whose true effect is known, Hillstrom's
-- experiment (tests/data.lua), hand sets, and what is refused or left out.
local cli = require("cli")
local data = require("data")
local json = require("dkjson")
local lfs = require("lfs")

local bank = { "--campaign", "use it again", "--shares", "0.2,0.4,0.4" }

local function with(words, more)
  local all = table.move(words, 1, #words, 1, {})
  return table.move(more or {}, 1, #(more or {}), #all + 1, all)
end

local function evaluate(folder, words, more, options)
  return cli.run(with({ "evaluate", folder, table.unpack(words) }, more), options)
end

local function document(folder, words, more, status)
  local run = evaluate(folder, words, with({ "--json" }, more))
  assert.equal(status or 0, run.status, run.err)
  return assert(json.decode(run.out)), run
end

local function by(list, key)
  local found = {}
  for _, x in ipairs(list) do
    found[x[key]] = x
  end
  return found
end

-- A folder of customers and their contacts, each as CSV.
local function write(customers, contacts)
  local at = cli.folder() .. "/own"
  lfs.mkdir(at)
  cli.write(at .. "/customers.csv", customers)
  local tables = '"customers": { "file": "customers.csv" }'
  if contacts then
    cli.write(at .. "/contacts.csv", contacts)
    tables = tables .. ', "contacts": { "file": "contacts.csv" }'
  end
  cli.write(at .. "/dataset.json", '{ "name": "own", "currency": "EUR", "as_of": "2025-06-30", '
    .. '"tables": { ' .. tables .. ' } }')
  return "own"
end

local function is_refused(run, ...)
  assert.equal(1, run.status, run.err)
  for _, piece in ipairs({ ... }) do
    assert.truthy(run.err:find(piece, 1, true), piece .. "\n" .. run.err)
  end
end

describe("a bank's campaign", function()
  local truth
  lazy_setup(function()
    local run = cli.run({ "generate", "bank", "--customers", 6000, "--seed", 7, "-o", "bank" })
    assert.equal(0, run.status, run.err)
    truth = json.decode(cli.read(cli.folder() .. "/bank/truth.json")).campaign
  end)
  lazy_teardown(cli.clean)

  it("is a page", function()
    cli.golden("evaluate-bank", with({ "evaluate", "bank", table.unpack(bank) },
      { "--worth", "60", "--by", "card_type" }))
    cli.golden("help-evaluate", { "evaluate", "--help" })
  end)

  it("has the arms of the table, and effects about the true ones", function()
    local x = document("bank", bank)
    local arms, effects = by(x.arms, "arm"), by(x.outcomes[1].effects, "arm")
    for _, arm in ipairs(truth.arms) do
      assert.equal(arm.contacted, arms[arm.arm].customers)
      local e = effects[arm.arm]
      if e then
        assert.near(arm.answered / arm.contacted, e.mean, 1e-12)
        assert(math.abs(e.difference.value - arm.true_effect) < 3 * e.difference.error, arm.arm)
        assert(e.difference.low <= arm.true_effect and arm.true_effect <= e.difference.high)
        assert.equal(arm.answered, e.sure_things.answered)
      end
    end
    assert.equal("control", x.arms[1].arm)
    assert.equal("2025-03-15", x.first)
    assert.equal(8 * arms.phone.customers, arms.phone.cost)
    assert.equal("all arms", x.outcomes[1].effects[3].arm)
  end)

  it("costs and earns to the cent", function()
    local e = document("bank", bank, { "--worth", "60" }).outcomes[1].effects[1]
    local k, phone = e.earnings, by(truth.arms, "arm").phone
    local cost = 8 * phone.contacted
    assert.equal("phone", e.arm)
    assert.equal(cost, k.cost)
    assert.near(k.cost + k.net.value, k.earned.value, 1e-9)
    assert.near(e.difference.value * phone.contacted * 60, k.earned.value, 0.005)
    assert.near(e.difference.low * phone.contacted * 60 - cost, k.net.low, 0.005)
    assert.near(k.net.value / k.cost, k.roi, 1e-12)
    assert.near(8 / 60, k.break_even, 1e-12)
    assert.equal(8 * phone.answered, e.sure_things.cost)
    assert.near(e.sure_things.share * e.sure_things.cost, e.sure_things.wasted, 0.005)
  end)

  it("takes the shares as plan-test does, too", function()
    local function shares(list)
      return document("bank", { "--campaign", "use it again", "--shares", list })
    end
    assert.equal(json.encode(shares("0.2,0.41,0.39")),
      json.encode(shares("sms=0.39,control=0.2,phone=0.41")))
    for _, list in ipairs({ "control=1,sms=2,mail=2",
      "control=1,sms=2,sms=2", "control=1,sms=2" }) do
      is_refused(evaluate("bank", { "--campaign", "use it again", "--shares", list }),
        "3 arms with customers, each of which takes one, the control first: control, phone, sms")
    end
  end)

  it("is the same for any number of threads", function()
    local one = evaluate("bank", bank, { "--json", "--before", "annual_fee", "--threads", 1 })
    for _, threads in ipairs({ 2, 5 }) do
      assert.equal(one.out,
        evaluate("bank", bank, { "--json", "--before", "annual_fee", "--threads", threads }).out)
    end
  end)

  it("says that money is counted whole, unless its worth is said", function()
    local hint = " (all of it counts; --worth 0.3: a margin of 30 %)\n"
    local spend = with(bank, { "--outcome", "spend" })
    assert.truthy(evaluate("bank", spend).out:find("by spend at 1 a unit" .. hint, 1, true))
    local out = evaluate("bank", spend, { "--worth", "0.25" }).out
    assert.truthy(out:find("by spend at 0.25 a unit\n", 1, true), out)
  end)

  it("stops at arms that are not as planned", function()
    local x = document("bank", { "--campaign", "use it again" }, {}, 1)
    assert.is_false(x.ratio.holds)
    assert.same({}, x.outcomes)
    local run = evaluate("bank", { "--campaign", "use it again" })
    assert.equal(1, run.status)
    assert.truthy(run.out:find("THE ARMS ARE NOT AS PLANNED", 1, true))
    assert.truthy(run.out:find("without\n--shares the plan is taken to be equal arms;", 1, true))
    run = evaluate("bank", { "--campaign", "use it again", "--shares", "1,1,5" })
    assert.truthy(run.out:find("--shares was not what was planned;", 1, true), run.out)
    assert.is_nil(run.out:find("difference  error", 1, true))
  end)

  it("is made surer by what the policy knew before, and by tier", function()
    cli.write(cli.folder() .. "/before.lua", [[
      policy "Before" { currency = "CNY" }
      metrics {
        uses_before  = count "transactions" { last = months(9), ending = days(291) },
        spend_after  = sum "transactions" { "amount", last = days(291) },
      }
      tiers "use" { { "often", when = "uses_before >= 6" }, { "some", when = "uses_before >= 2" },
        { "seldom" } }
    ]])
    local x = document("bank", { "before.lua", table.unpack(bank) },
      { "--outcome", "spend_after", "--before", "uses_before", "--by", "use" })
    local r = x.outcomes[1]
    assert.is_true(r.before.used)
    for _, e in ipairs(r.effects) do
      assert(e.adjusted.difference.error < e.difference.error)
      assert.near(math.sqrt(1 - r.before.rho2), e.adjusted.difference.error / e.difference.error,
        0.05)
      assert.equal(3, #e.segments)
      assert.equal("often", e.segments[1].segment)
      local raw, shrunk = {}, {}
      for i, s in ipairs(e.segments) do
        raw[i], shrunk[i] = s.difference.value, s.shrunk.value
      end
      assert(math.max(table.unpack(shrunk)) - math.min(table.unpack(shrunk))
        < math.max(table.unpack(raw)) - math.min(table.unpack(raw)))
    end
    assert.equal("CNY", x.data.currency)
    assert.is_table(r.effects[1].earnings) -- spend is money, and worth itself
  end)

  -- The call was on 15 March; as of 31 December that is 291 days ago.
  it("takes no value from before that counts what came after, and notes the reverse", function()
    cli.write(cli.folder() .. "/windows.lua", [[
      policy "Windows" { currency = "CNY" }
      metrics {
        until_it = count "transactions" { ending = days(291) },
        into_it  = count "transactions" { last = months(9), ending = days(290) },
        earlier  = count "transactions" { last = months(2), ending = days(292) },
      }
    ]])
    local function of(outcome, before, status)
      return document("bank", { "windows.lua", table.unpack(bank) },
        { "--outcome", outcome, "--before", before }, status)
    end
    local _, run = of("orders", "until_it")
    assert.equal("", run.err)
    _, run = of("earlier", "annual_fee")
    assert.truthy(run.err:find(
      "earlier ends on 2025-03-14, before the first contact (2025-03-15)", 1, true), run.err)
    is_refused(evaluate("bank", { "windows.lua", table.unpack(bank) }, { "--before", "into_it" }),
      "--before into_it counts until 2025-03-16, and the first contact was on 2025-03-15",
      "ending = days(291)")
    is_refused(evaluate("bank", bank, { "--before", "spend" }),
      "--before spend counts until 2025-12-31")
  end)

  it("is compared with what was foretold", function()
    local run = cli.run({ "simulate", "bank", "policies/use-it-again.lua", "--json" })
    assert.equal(0, run.status, run.err)
    cli.write(cli.folder() .. "/forecast.json", run.out)
    local own = by(json.decode(run.out).campaigns, "campaign")["use it again"]
    local x = document("bank", bank, { "--worth", "60", "--forecast", "forecast.json" })
    local f, e = by(x.forecast.figures, "figure"), x.outcomes[1].effects[3]
    assert.equal(own.uplift.p5, f.uplift.p5)
    assert.equal(e.difference.value, f.uplift.actual)
    assert.equal(own.net.mean, f.net.mean)
    assert.equal(e.earnings.net.low, f.net.low)
    assert.equal(own.offers, f.offers.mean)
    assert.is_nil(f.offers.inside) -- foretold without an interval
    assert.equal(truth.contacted - x.arms[1].customers, f.offers.actual)
    run = evaluate("bank", bank, { "--forecast", "forecast.json" })
    assert.truthy(run.out:find("foretold in forecast.json\n", 1, true))
    -- Neither below what was foretold nor above it.
    local d = e.difference.value
    for off, inside in pairs({ [0] = true, [-1] = false, [1] = false }) do
      local uplift = { mean = d + off, p5 = d + off - 1e-6, p95 = d + off + 1e-6 }
      cli.write(cli.folder() .. "/own.json",
        json.encode({ campaigns = { { campaign = "use it again", uplift = uplift } } }))
      x = document("bank", bank, { "--forecast", "own.json" })
      assert.equal(inside, x.forecast.figures[1].inside)
    end
  end)

  -- What was measured has an error, as what was foretold has: so far apart are the two by chance.
  it("is as near to the forecast as both are sure", function()
    local d = document("bank", bank, { "--worth", "60" }).outcomes[1].effects[3].difference
    local function inside(off, reach)
      local mean = d.value + off
      cli.write(cli.folder() .. "/near.json", json.encode({ campaigns = { {
        campaign = "use it again",
        uplift = { mean = mean, p5 = mean - reach, p95 = mean + reach },
        net = { mean = 0, p5 = -1, p95 = 1 } } } }))
      local x = document("bank", bank, { "--worth", "60", "--forecast", "near.json" })
      return by(x.forecast.figures, "figure").uplift.inside
    end
    local reach = 0.5 * d.error
    local both = math.sqrt(reach ^ 2 + (1.6449 * d.error) ^ 2)
    for _, side in ipairs({ 1, -1 }) do
      assert.is_true(inside(side * 0.99 * both, reach))
      assert.is_false(inside(side * 1.01 * both, reach))
    end
  end)

  it("says what is wrong with a forecast", function()
    local function refused(text, ...)
      cli.write(cli.folder() .. "/bad.json", text)
      is_refused(evaluate("bank", bank, { "--forecast", "bad.json" }), "bad.json:", ...)
    end
    refused("{", "bad.json:1")
    refused("{}", 'no list of "campaigns"', "patron simulate --json")
    refused('{"campaigns":[{"campaign":"use it agan"},{"campaign":"other"}]}',
      "no campaign 'use it again'; it has 'use it agan', 'other'\n")
    refused('{"campaigns":[{"campaign":"use it again","uplift":{"mean":1}}]}',
      "mean, p5 and p95")
    is_refused(evaluate("bank", bank, { "--forecast", "none.json" }), "none.json")
  end)

  it("that is misspelt is suggested", function()
    is_refused(evaluate("bank", { "--campaign", "use it agan" }), "did you mean 'use it again'?")
    is_refused(evaluate("bank", { "--campaign", "xyz" }),
      "up to the as-of date the table contacts has use it again")
    is_refused(evaluate("bank", bank, { "--control", "none" }),
      "no arm 'none'; its arms are control, phone, sms")
    is_refused(evaluate("bank", { "--arms", "card_type" }),
      "none of the arms of card_type is called control", "--control", "classic, gold, platinum")
    is_refused(evaluate("bank", { "--arms", "orders" }), "orders has more than 16 arms")
    is_refused(evaluate("bank", { "--campaign", "use it again", "--shares", "1,1,1,1" }),
      "--shares has 4 shares", "3 arms with customers", "was an arm left empty?")
    is_refused(evaluate("bank", bank, { "--outcome", "card_type" }), "card_type is a label")
    is_refused(evaluate("bank", bank, { "--outcome", "ordrs" }), "ordrs", "orders")
    is_refused(evaluate("bank", bank, { "--by", "spend" }), "--by spend: it has", "too many")
    is_refused(evaluate("bank", bank, { "--before", "card_type" }), "--before card_type: it is a")
  end)

  it("takes options that fit", function()
    for _, words in ipairs({ {}, { "--campaign", "a", "--arms", "b" },
      { "--campaign", "use it again", "--planned", "0" },
      { "--campaign", "use it again", "--shares", "1,x,1" },
      { "--campaign", "use it again", "--shares", "1,0,1" },
      { "--campaign", "use it again", "--shares", "control=,phone=1,sms=1" },
      { "--campaign", "use it again", "--set", "a=1" },
      with(bank, { "--worth", "-3" }) }) do
      local run = evaluate("bank", words)
      assert.equal(2, run.status, run.err)
    end
  end)
end)

describe("Hillstrom's experiment", function()
  after_each(cli.clean)

  it("gives the figures that are known of it", function()
    local path = data("campaigns/hillstrom.csv")
    if not path then
      pending("needs campaigns/hillstrom.csv of the public data (PATRON_DATA)")
    end
    local at = cli.folder() .. "/hillstrom"
    lfs.mkdir(at)
    lfs.link(path:find("^/") and path or lfs.currentdir() .. "/" .. path, at .. "/hillstrom.csv",
      true)
    cli.write(at .. "/dataset.json", [[{ "tables": { "customers": { "file": "hillstrom.csv",
      "numbered": true } } }]])
    local x = document("hillstrom", { "--arms", "segment", "--control", "No E-Mail", "--outcome",
      "visit,conversion,spend", "--before", "history" })
    local function near(expected, got)
      assert.near(expected, got, 6e-7)
    end
    near(.202531, x.ratio.chi_square)
    assert.equal(2, x.ratio.freedom)
    local outcome = by(x.outcomes, "outcome")
    for name, control in pairs({ visit = .106167, conversion = .005726, spend = .652789 }) do
      near(control, outcome[name].control.mean)
      assert.equal(21306, outcome[name].control.customers)
    end
    near(11.588200, outcome.spend.control.deviation)
    for _, row in ipairs({
      { "visit", "Mens E-Mail", 21307, .182757, .076590, .003386, .580919 },
      { "conversion", "Mens E-Mail", 21307, .012531, .006805, .000921, .456947 },
      { "spend", "Mens E-Mail", 21307, 1.422617, .769827, .145247 },
      { "visit", "Womens E-Mail", 21387, .151400, .045233, .003234 },
      { "conversion", "Womens E-Mail", 21387, .008837 },
      { "spend", "Womens E-Mail", 21387, 1.077202, .424412, .130333 },
    }) do
      local name, arm, customers, mean, difference, deviation, sure = table.unpack(row)
      local e = by(outcome[name].effects, "arm")[arm]
      assert.equal(customers, e.customers)
      near(mean, e.mean)
      if difference then
        near(difference, e.difference.value)
        near(deviation, e.difference.error)
      end
      if sure then -- of rates rounded to six digits
        assert.near(sure, e.sure_things.share, 5e-6)
      end
    end
    local mens = by(outcome.visit.effects, "arm")["Mens E-Mail"]
    assert.near(2262 / 21306 / (3894 / 21307), mens.sure_things.share, 1e-12)
    near(17.754205, by(outcome.spend.effects, "arm")["Mens E-Mail"].deviation)
    near(15.116106, by(outcome.spend.effects, "arm")["Womens E-Mail"].deviation)
    -- Six comparisons: Holm counts them all, and of the two arms the best is picked. The halves by
    -- scipy, as in tests/trial/multiple_spec.lua.
    assert.equal(6, x.comparisons)
    local spend = by(outcome.spend.effects, "arm")
    assert.near(spend["Womens E-Mail"].difference.p, spend["Womens E-Mail"].p_holm, 1e-15)
    assert.near(6 * mens.difference.p, mens.p_holm, 1e-100)
    assert.is_nil(spend["all arms"].p_holm)
    assert.equal("Mens E-Mail", outcome.spend.winner.arm)
    assert.near(.7584411203691, outcome.spend.winner.value, 1e-9)
    assert.is_false(outcome.visit.before.used) -- what they spent before says too little
  end)
end)

describe("a small experiment", function()
  after_each(cli.clean)

  local contacts = "customer,date,campaign,arm,cost,response\n"

  it("adds up a customer's contacts", function()
    write("customer\nA\nB\nC\nD\n", contacts .. "A,2025-05-01,x,mail,1.10,0\n"
      .. "A,2025-05-09,x,mail,1.15,1\nB,2025-05-01,x,mail,1.10,0\nC,2025-05-01,x,holdout,0,0\n"
      .. "D,2025-05-01,x,policy holdout,0,1\nA,2025-05-01,y,other,7,1\n")
    local x = document("own", { "--campaign", "x" })
    assert.equal(2, #x.arms)
    assert.same({ 2, 2, 2 }, { x.arms[1].customers, x.arms[2].customers, x.arms[1].contacts })
    assert.same({ 3, 3.35 }, { x.arms[2].contacts, x.arms[2].cost })
    local r = x.outcomes[1]
    assert.is_true(r.answer)
    local e = r.effects[1]
    assert.same({ 0.5, 0.5, 0 }, { r.control.mean, e.mean, e.difference.value })
    assert.same({ 1, 2.25, 2.25 }, { e.sure_things.share, e.sure_things.cost,
      e.sure_things.wasted })
    assert.same({ "2025-05-01", "2025-05-09" }, { x.first, x.last })
  end)

  it("is refused where arms overlap, where nobody was reached or held out", function()
    write("customer\nA\nB\nC\n", contacts .. "A,2025-05-01,x,mail,1,0\nA,2025-05-09,x,phone,1,1\n"
      .. "B,2025-05-01,x,control,0,0\nC,2025-05-01,y,control,0,0\nB,2025-05-01,z,mail,0,0\n"
      .. "A,2025-05-01,w,,0,0\n")
    is_refused(evaluate("own", { "--campaign", "x" }), "the arms of x overlap",
      "1 customer is in two of them, A in 'mail' and 'phone'")
    is_refused(evaluate("own", { "--campaign", "y" }), "y reached nobody")
    is_refused(evaluate("own", { "--campaign", "z" }), "none of the arms of z is called control",
      "they are mail; give the control one of these names in the data")
    is_refused(evaluate("own", { "--campaign", "w" }), "no contact of w says its arm")
  end)

  it("does not trust a value from before that the arms differ in", function()
    local rows = { "customer,arm,bought,before" }
    for i = 1, 40 do
      rows[i + 1] = ("K%d,%s,%d,%d"):format(i, i % 2 == 0 and "control" or "mail",
        i % 7 + 9 * (i % 2), i % 7 + 8 * (i % 2))
    end
    write(table.concat(rows, "\n") .. "\n")
    local x, run = document("own", { "--arms", "arm", "--outcome", "bought", "--before", "before" })
    local b = x.outcomes[1].before
    assert(b.rho2 > 0.99 and b.arms_differ_p < 1e-6)
    assert.is_false(b.used)
    assert.is_nil(x.outcomes[1].effects[1].adjusted)
    assert.truthy(run.err:find("before differs between the arms as chance hardly makes it", 1,
      true), run.err)
  end)

  it("has arms and segments in columns of any type", function()
    write("customer,mailed,bought,age\nA,1,3,30\nB,1,5,30\nC,0,2,40\nD,0,1,30\nE,,7,30\n")
    local x = document("own", { "--arms", "mailed", "--control", "0", "--outcome", "bought", "--by",
      "age" })
    assert.same({ "0", "1", 2, 2 }, { x.arms[1].arm, x.arms[2].arm, x.arms[1].customers,
      x.arms[2].customers })
    local e = x.outcomes[1].effects[1]
    assert.equal(2.5, e.difference.value)
    assert.same({ 1, e.difference.p }, { x.comparisons, e.p_holm }) -- of one, nothing is picked
    assert.is_nil(x.outcomes[1].winner)
    assert.same({ "30", 1, 1 }, { e.segments[1].segment, #e.segments, e.outside })
  end)

  it("says who is left out", function()
    write("customer,bought\nA,1\nB,2\nC,\nD,4\nE,6\nF,5\n", "customer,date,campaign,arm\n"
      .. "A,2025-05-01,x,mail\nB,2025-05-01,x,mail\nC,2025-05-01,x,mail\nD,2025-05-01,x,control\n"
      .. "E,2025-05-01,x,control\nF,2025-05-01,x,\n")
    local x, run = document("own", { "--campaign", "x", "--outcome", "bought" }, {}, 4)
    assert.truthy(run.err:find("left out: 1 customer of x whose arm no contact says", 1, true))
    assert.truthy(run.err:find("bought is missing for 1 of 3 in mail", 1, true))
    assert.same({ 1, 1 }, { x.left_out, x.outcomes[1].missing })
    assert.same({ 2, -3.5 }, { x.outcomes[1].effects[1].customers,
      x.outcomes[1].effects[1].difference.value })
    is_refused(evaluate("own", { "--campaign", "x" }), "--outcome NAME", "no `response`")
  end)

  it("takes the arms from the file that plan-test wrote", function()
    local rows = { "customer,home,kind,bought" }
    for i = 1, 400 do
      rows[i + 1] = ("K%03d,H%d,%s,%d"):format(i, i // 2, i % 3 == 0 and "old" or "new", i * i % 17)
    end
    write(table.concat(rows, "\n") .. "\n")
    local run = cli.run({ "plan-test", "own", "--outcome", "bought", "--name", "may", "--arms",
      "none=.25,mail=.75", "--strata", "kind", "--cluster", "home", "-o", "may.csv", "--json" })
    assert.equal(0, run.status, run.err)
    local planned = json.decode(run.out)
    local words = { "--arms", "may.csv", "--control", "none", "--shares", "1,3", "--outcome",
      "bought", "--cluster", "home", "--by", "kind" }
    local x, quiet = document("own", words)
    assert.equal("", quiet.err)
    assert.equal("may.csv", x.campaign)
    local arm = { none = x.arms[1], mail = x.arms[2] }
    for _, a in ipairs(planned.arms) do
      assert.equal(a.customers, arm[a.arm].customers)
      assert.near(a.share, arm[a.arm].planned_share, 1e-12)
    end
    local r = x.outcomes[1]
    assert.same({ planned.arms[1].clusters, planned.arms[2].clusters },
      { r.control.units, r.effects[1].units })
    assert.equal(planned.strata[1].arms.mail, r.effects[1].segments[1].treated)

    -- Who is gone since is told, and nothing else than such a file is taken.
    local at = cli.folder() .. "/may.csv"
    local text = cli.read(at)
    cli.write(at, text .. "GONE,new,,mail\n")
    x, run = document("own", words, {}, 4)
    assert.equal(arm.mail.customers, x.arms[2].customers)
    assert.truthy(run.err:find("left out: 1 customer of may.csv, who is not in the data", 1, true))
    cli.write(at, text .. "K001,new,,mail\n")
    is_refused(evaluate("own", words), "may.csv:402:1", "'K001' stands here for the second time")
    cli.write(at, "customer,arm\nA,mail\nB,none\n")
    is_refused(evaluate("own", words), "none of the customers of may.csv is in the data")
    is_refused(evaluate("own", { "--arms", "own/customers.csv", "--outcome", "bought" }),
      "has no column `arm`", "patron plan-test -o FILE")
    is_refused(evaluate("own", { "--arms", "june.csv", "--outcome", "bought" }), "june.csv")
  end)

  it("has no interval where nothing varies", function()
    write("customer,arm,bought\nA,mail,1\nB,mail,1\nC,control,1\nD,control,1\n")
    local x = document("own", { "--arms", "arm", "--outcome", "bought" })
    local e = x.outcomes[1].effects[1]
    assert.same({ 0, 0 }, { e.difference.value, e.difference.error })
    assert.same({}, { e.difference.low, e.difference.p }) -- null
    local run = evaluate("own", { "--arms", "arm", "--outcome", "bought", "--worth", "2", "--by",
      "arm" })
    assert.equal(0, run.status, run.err)
    assert.truthy(run.out:find("nothing varies", 1, true))
    write("customer,arm,bought\nA,mail,0\nB,mail,0\nC,control,1\nD,control,0\n")
    local none = document("own", { "--arms", "arm", "--outcome", "bought" }).outcomes[1].effects[1]
    assert.same({ 0 }, { none.sure_things.answered, none.sure_things.share }) -- of none, no share
    is_refused(evaluate("own", { "--campaign", "x" }), "no table contacts", "--arms")
    is_refused(evaluate("own", { "--arms", "arm" }), "--outcome NAME")
  end)

  it("does not hang on the order of rows", function()
    local rows, function_of = {}, function(i)
      return i * 7919 % 101 / 7
    end
    for i = 1, 60 do
      rows[i] = ("K%02d,%s,%.17g,%d,%s"):format(i, i % 3 == 0 and "control" or "mail",
        function_of(i), i % 5, i % 4 == 0 and "a" or i % 4 == 1 and "b" or "c")
    end
    local words = { "--arms", "arm", "--shares", "1,2", "--outcome", "bought", "--before", "was",
      "--by", "kind", "--cost", "was", "--worth", "1" }
    local function out()
      write("customer,arm,bought,was,kind\n" .. table.concat(rows, "\n") .. "\n")
      local x = document("own", words)
      x.data = nil
      return json.encode(x, { keyorder = { "arm" } }), x
    end
    local first, x = out()
    assert.equal(20, x.arms[1].customers)
    local cost = 0
    for i = 1, 60 do
      cost = cost + (i % 3 ~= 0 and i % 5 or 0)
    end
    assert.equal(cost, x.arms[2].cost)
    table.sort(rows, function(a, b)
      return a:sub(3) > b:sub(3)
    end)
    assert.equal(first, (out()))
  end)

  it("takes its errors from clusters", function()
    local rows = { "customer,arm,bought,home" }
    for i = 0, 39 do -- homes of two who do the same
      rows[#rows + 1] = ("K%d,%s,%d,%s"):format(i, i // 2 % 2 == 0 and "control" or "mail",
        i // 4 % 3, i < 38 and "H" .. i // 2 or "")
    end
    local words = { "--arms", "arm", "--outcome", "bought" }
    write(table.concat(rows, "\n") .. "\n")
    local alone = document("own", words).outcomes[1].effects[1]
    local x, run = document("own", words, { "--cluster", "home" })
    local homes = x.outcomes[1].effects[1]
    assert.equal("", run.err)
    assert.same({ 20, 20, 11 }, { alone.units, homes.customers, homes.units })
    assert.equal(alone.difference.value, homes.difference.value)
    assert(homes.difference.error > 1.3 * alone.difference.error)
    assert.near(1 / 21, x.ratio.chi_square, 1e-12) -- 10 homes against 9 and two who are alone
    rows[2] = rows[2]:gsub("control", "mail")
    write(table.concat(rows, "\n") .. "\n")
    run = evaluate("own", words, { "--cluster", "home" })
    assert.truthy(run.err:find("1 cluster is in two arms (--cluster home)", 1, true), run.err)
  end)

  -- Couples who do alike, one of each in either segment: two segments say no more than one.
  it("takes the stratified error from clusters that lie across segments", function()
    local rows = { "customer,arm,bought,home,kind" }
    for i = 0, 79 do
      rows[#rows + 1] = ("K%d,%s,%d,H%d,%s"):format(i, i // 2 % 2 == 0 and "control" or "mail",
        i // 2 * 7 % 11, i // 2, i % 2 == 0 and "he" or "she")
    end
    write(table.concat(rows, "\n") .. "\n")
    local e = document("own", { "--arms", "arm", "--outcome", "bought", "--cluster", "home",
      "--by", "kind" }).outcomes[1].effects[1]
    for _, key in ipairs({ "value", "error", "freedom", "always_low" }) do
      assert.near(e.difference[key], e.stratified[key], 1e-9)
    end
    -- What they do not share is told: nobody of either kind is in both arms.
    local run = evaluate("own", { "--arms", "arm", "--outcome", "bought", "--by", "arm" })
    assert.truthy(run.out:find("each is in one arm only: there is nothing to compare", 1, true))
    local none = document("own", { "--arms", "arm", "--outcome", "bought", "--by", "arm" })
    assert.is_nil(none.outcomes[1].effects[1].stratified.value)
  end)

  it("plans its shares by the policy's holdouts", function()
    local rows, people = { "customer,date,campaign,arm,response" }, { "customer" }
    for i = 1, 100 do
      people[i + 1] = "K" .. i
      rows[#rows + 1] = ("K%d,2025-05-01,x,%s,%d"):format(i, i <= 19 and "holdout" or "mail", i % 3)
    end
    write(table.concat(people, "\n") .. "\n", table.concat(rows, "\n") .. "\n")
    cli.write(cli.folder() .. "/own.lua", [[policy "Own" { holdout = 0.1 }
      campaign "x" { when = "true", offer = cash(20), holdout = 0.1 }]])
    local x = document("own", { "own.lua", "--campaign", "x" })
    assert.near(0.19, x.arms[1].planned_share, 1e-12)
    assert.near(0, x.ratio.chi_square, 1e-12)
  end)
end)
