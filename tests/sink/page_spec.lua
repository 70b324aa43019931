-- The page of a run, in a browser: what it shows are the figures of the document it was made from.
-- run.json has every part, and texts that would break out of where they stand.
local browser = require("browser")
local cli = require("cli")
local json = require("dkjson")
local sink = require("patron_core").sink

local source = assert(cli.read("tests/sink/run.json"))

local function document()
  return assert(json.decode(source, 1, nil))
end

local function page(run)
  local path = cli.folder() .. "/page.html"
  sink.page(path, type(run) == "string" and run or json.encode(run))
  return path
end

local function look(run)
  local lack = browser.lack()
  if lack then
    pending(lack)
  end
  local seen, console = browser.look(page(run))
  assert.same({}, console)
  return seen
end

-- ---- figures ------------------------------------------------------------------------------------

local function digits(text)
  local shown = text:gsub("%%", ""):gsub("[-.,]", ""):gsub("^0+", ""):gsub("0+$", "")
  return #shown
end

-- That a figure is the document's, and its text what it rounds to: of grade C to two digits, else
-- to what is shown of it, four at least.
local function check(cell, expected, grade, where)
  if expected == nil then
    assert.equal("–", cell, where)
    return
  elseif type(expected) == "string" then
    assert.equal(expected, cell, where)
    return
  end
  assert.is_table(cell, where .. ": no figure")
  assert.equal(expected, tonumber(cell.value), where)
  local shown = tonumber((cell.text:gsub("[,%%]", "")))
  assert.is_truthy(shown, where .. ": " .. cell.text)
  shown = cell.text:find("%%") and shown / 100 or shown
  local size = expected == 0 and 1 or 10 ^ math.floor(math.log(math.abs(expected), 10))
  local decimals = #(cell.text:match("%.(%d+)") or "")
  local step = 10 ^ -decimals / (cell.text:find("%%") and 100 or 1)
  local slack = grade == "C" and size / 10 or math.max(step, size / 1000)
  assert.is_true(math.abs(shown - expected) <= slack / 2 * (1 + 1e-9),
    where .. ": " .. expected .. " is shown as " .. cell.text)
  assert.is_true(grade ~= "C" or digits(cell.text) <= 2, where .. ": too fine: " .. cell.text)
end

-- Cells, row by row; a row of `expected` ends with its grade, or false for what is counted.
local function check_table(seen, expected, where)
  assert.equal(#expected, #seen, where .. ": rows")
  for i, row in ipairs(expected) do
    assert.equal(row.n, #seen[i], where .. ": columns")
    for k = 1, row.n do
      check(seen[i][k], row[k], row.grade, ("%s, row %d, column %d"):format(where, i, k))
    end
  end
end

-- A row of that many cells, of which some may be nil.
local function row(grade, ...)
  local cells = table.pack(...)
  cells.grade = grade
  return cells
end

local function each(list, of)
  local out = {}
  for i, x in ipairs(list) do
    out[i] = of(x)
  end
  return out
end

local function ends(r)
  return r.mean, r.p5, r.p95
end

local function range(r)
  return r.mean, r.p5, r.p50, r.p95
end

local function range_row(grade, name, r)
  return row(grade, name, range(r))
end

local function data_of(picture, label)
  for _, d in ipairs(picture.datasets) do
    if d.label == label then
      return d.data
    end
  end
  error("there is no " .. label .. " in: " .. picture.says, 2)
end

local function ys(points)
  return each(points, function(p) return p.y end)
end

-- ---- the page -----------------------------------------------------------------------------------

describe("the page of a run", function()
  local run, seen = document()

  setup(function()
    if not browser.lack() then
      seen = look(source)
    end
  end)
  before_each(function()
    if not seen then
      pending(browser.lack())
    end
  end)
  teardown(cli.clean)

  local function of(section)
    return seen.sections[section].tables, seen.sections[section].pictures
  end

  it("has every part that the run has, with pictures that are drawn", function()
    local pictures = { money = 0, distribution = 1, campaigns = 1, reach = 2, why_not = 0,
      tornado = 1, inputs = 0, budget = 2, sweep = 0, versus = 1, months = 7, due = 0,
      findings = 0 }
    local found = {}
    for id, section in pairs(seen.sections) do
      found[id] = #section.pictures
      for _, p in ipairs(section.pictures) do
        assert.is_true(p.ink > 20000 and p.colours > 10, p.says .. ": " .. p.ink)
      end
    end
    assert.same(pictures, found)
  end)

  it("has the sections that the documentation lists", function()
    local guide = assert(cli.read("docs/report.md"))
    for _, title in ipairs(seen.titles) do
      assert.is_truthy(guide:find("\n| " .. title .. " |", 1, true), title)
    end
  end)

  it("shows no text of the run as anything but text", function()
    assert.is_false(seen.hacked)
    assert.equal(0, seen.images)
    assert.equal(run.policy .. " – Patron", seen.title)
  end)

  it("heads with the net, its chance, the reach, cost and earnings", function()
    local n, c, e = run.net, run.cost.total, run.earns
    local expected = { n.mean, n.p5, n.p95, n.probability_positive, run.reach.offers,
      run.reach.customers, c.mean, c.p5, c.p95, e.mean, e.p5, e.p95 }
    assert.equal(#expected, #seen.headlines)
    for i, x in ipairs(expected) do
      check(seen.headlines[i], x, (i == 5 or i == 6) and "A" or "C", "headline " .. i)
    end
  end)

  it("shows what it costs and earns", function()
    local tables = of("money")
    local c, n = run.cost, run.net
    check_table(tables[1], { range_row("C", "Cost", c.total),
      range_row("C", "– contacts", c.contact), range_row("C", "– offers", c.offers),
      range_row("C", "– of them to those who would have stayed or bought anyway", c.sure_things),
      range_row("C", "Earns", run.earns), range_row("C", "Net", n) }, "amounts")
    check_table(tables[2], {
      row("C", "Net in the worst 5 of 100 cases, on average", n.worst_5_percent),
      row("C", "Chance that the net is above 0", n.probability_positive),
      row("C", "Net for each unit of cost", run.roi.mean), row("C", "– at 5%", run.roi.p5),
      row("C", "– at 95%", run.roi.p95),
      row("C", "Months until it has paid for itself", run.payback_months),
      row("C", "Error of the draws themselves, in the expected net", n.monte_carlo_error),
    }, "facts")
  end)

  it("shows how the net is distributed", function()
    local tables, pictures = of("distribution")
    local d, bins = run.distribution, {}
    for i, n in ipairs(d.counts) do
      bins[i] = row("C", d.edges[i], d.edges[i + 1], n)
      assert.same({ x = (d.edges[i] + d.edges[i + 1]) / 2, y = n }, pictures[1].datasets[1].data[i])
    end
    for i, cells in ipairs(tables[1]) do
      assert.equal(bins[i][3], tonumber(cells[3].value))
      cells[3], bins[i].n = nil, 2
    end
    check_table(tables[1], bins, "bins")
  end)

  it("shows every campaign with its effect, by its own grade", function()
    local tables, pictures = of("campaigns")
    local amounts = each(run.campaigns, function(c)
      local cells = row(c.grade or "C", c.campaign, c.offers, c.cost.mean, c.earns.mean,
        range(c.net))
      cells[9], cells.n = c.grade or "–", 9
      return cells
    end)
    for i, cells in ipairs(tables[1]) do
      check(table.remove(cells, 2), table.remove(amounts[i], 2), "A", "offers")
      amounts[i].n = 8
    end
    check_table(tables[1], amounts, "amounts")
    check_table(tables[2], each({ table.unpack(run.campaigns, 1, 3) }, function(c)
      local u = c.uplift
      return row(c.grade, c.campaign, u.of == "" and "the stated value" or u.of, u.base, u.mean,
        u.p5, u.p95, u.break_even or "never", u.probability_above, c.largest_offer)
    end), "effects")
    assert.same(each(run.campaigns, function(c) return c.net.mean end),
      data_of(pictures[1], "expected"))
    assert.same(each(run.campaigns, function(c) return { c.net.p5, c.net.p95 } end),
      data_of(pictures[1], "5% to 95%"))
  end)

  it("shows whom it reaches, and whom not", function()
    local tables, pictures = of("reach")
    for i, scheme in ipairs(run.reach.by) do
      check_table(tables[i], each(scheme.classes, function(c)
        return row("A", c.class == "(none)" and "in none" or c.class, c.customers, c.offers)
      end), scheme.scheme)
      for _, key in ipairs({ "customers", "offers" }) do
        assert.same(each(scheme.classes, function(c) return c[key] end), data_of(pictures[i], key))
      end
    end
    check_table(tables[3], each(run.reach.channels, function(c)
      return row("A", c.channel, c.offers)
    end), "channels")
    local why, sum = of("why_not"), 0
    check_table({ why[1][1] }, { row("A", "get an offer", run.reach.offers) }, "reached")
    for _, cells in ipairs(why[1]) do
      sum = sum + tonumber(cells[2].value)
      local n = cells[1] == "get an offer" and run.reach.offers
        or cells[1] == "are let go" and run.reach.let_go or run.why_not[cells[1]]
      assert.equal(n, tonumber(cells[2].value), cells[1])
    end
    assert.equal(run.reach.customers, sum)
    assert.equal("–", why[2][1][6]) -- no cap on the first campaign
    assert.equal("890", why[2][2][6].text)
  end)

  it("shows what decides, and what all of it rests on", function()
    local tables, pictures = of("tornado")
    check_table(tables[1], each(run.tornado, function(t)
      return row("C", t.input, t.low, t.high, t.swing, t.flips and "yes" or "no", t.worth_knowing,
        t.worth_knowing_each)
    end), "tornado")
    for key, name in pairs({ low = "at its 5%", high = "at its 95%" }) do
      assert.same(each(run.tornado, function(t) return { (t.low + t.high) / 2, t[key] } end),
        data_of(pictures[1], name))
    end
    assert.same({ "effect of waive the fee", "(may turn the sign)" }, pictures[1].labels[1])
    local inputs = of("inputs")
    check_table(inputs[1], each(run.inputs, function(i)
      return row(i.grade, i.name, i.mean, i.p5, i.p95,
        i.grade .. (i.assumed and ", its spread assumed" or ""), i.source)
    end), "inputs")
    local e = run.inputs[3].experiment
    check_table(inputs[3], { row("A", run.inputs[3].name, e.source, e.treated, e.control,
      e.measured, e.low, e.high) }, "experiments")
    assert.equal("effect_spread", run.assumptions[2].name) -- which counts for nothing here
    check_table(inputs[2], each({ run.assumptions[1], run.assumptions[3] }, function(a)
      return row("A", a.name, a.value, a.unit, a.help, a.given and "--assume" or a.source)
    end), "assumptions")
  end)

  it("shows what a budget earns, and what else could be done with it", function()
    local tables, pictures = of("budget")
    local b, says = run.budget, seen.sections.budget.text
    check(says[1], b.price.cost, "A", "price")
    check(says[2], b.price.value, "C", "price")
    check_table(each(tables[1], function(cells) return { cells[2] } end),
      each({ b.budget, b.cost, b.best.budget, b.flat.from, b.flat.to, b.all },
        function(x) return row("A", x) end), "paid")
    check_table(each(tables[2], function(cells) return { cells[2] } end),
      each({ b.value, b.promise, b.bound, b.gap, b.best.net },
        function(x) return row("C", x) end), "earned")
    for i, cells in ipairs(tables[3]) do
      check(table.remove(cells, 1), b.curve[i].cost, "A", "cost")
    end
    check_table(tables[3], each(b.curve, function(p) return row("C", p.value) end), "curve")
    assert.same(each(b.curve, function(p) return { x = p.cost, y = p.value } end),
      data_of(pictures[1], "best use of the budget"))
    assert.same({ { x = b.compare[3].cost, y = b.compare[3].value } },
      data_of(pictures[1], "highest value first"))
    for i, cells in ipairs(tables[4]) do
      check(table.remove(cells, 2), b.compare[i].offers, "A", "offers")
      check(table.remove(cells, 2), b.compare[i].cost, "A", "cost")
    end
    check_table(tables[4], each(b.compare, function(c)
      return row("C", c.name, c.value, c.net)
    end), "compare")
    assert.same(each(b.compare, function(c) return c.net end), data_of(pictures[2], "net"))
  end)

  it("shows what is due and owed today", function()
    local tables = of("due")
    local r, p = run.referrals["bring a friend"], run.points.stars
    check_table(tables[1], { row("A", "granted", r.granted), row("A", "ring", r.ring),
      row("A", "paid, CNY", r["(paid)"]), row("A", "clawed back, CNY", r["(clawed back)"]),
      row("A", "value, CNY", r["(value)"]) }, "referrals")
    check_table(tables[2], { row("A", "customers", p.customers), row("A", "balance", p.balance),
      row("A", "liability, CNY", p.liability) }, "points")
  end)

  it("shows a sweep of two params as a grid", function()
    local tables = of("sweep")
    for i, cells in ipairs(tables[2]) do
      check(table.remove(cells, 3), run.sweep.points[i].offers, "A", "offers")
    end
    check_table(tables[2], each(run.sweep.points, function(p)
      return row("C", p.values[1], p.values[2], p.cost.mean, p.net.mean, p.net.p5, p.net.p95,
        p.probability_positive)
    end), "sweep")
    assert.same({ "10,000", "0.5" }, { tables[2][2][1].text, tables[2][2][2].text }) -- as typed
    local best, says = run.sweep.points[run.sweep.best + 1], seen.sections.sweep.text
    for i, x in ipairs({ ends(best.net) }) do
      check(says[i], x, "C", "best " .. i)
    end
    for i, p in ipairs(run.sweep.points) do -- three shares for each value of gold_clv
      local line = tables[1][(i - 1) // 3 + 1]
      assert.equal(tostring(p.values[1]):gsub("%.0$", ""), line[1])
      check(line[(i - 1) % 3 + 2], p.net.mean, "C", "grid " .. i)
    end
  end)

  it("shows the difference to another policy, by the grade of both", function()
    local tables, pictures = of("versus")
    local v, says = run.versus, seen.sections.versus.text
    for i, x in ipairs({ v.difference.mean, v.difference.p5, v.difference.p95,
      v.probability_better }) do
      check(says[i], x, "B", "versus " .. i)
    end
    assert.same({ v.difference.mean }, data_of(pictures[1], "expected"))
    assert.same({ { v.difference.p5, v.difference.p95 } }, data_of(pictures[1], "5% to 95%"))
    check_table(tables[1], { range_row("B", "Net", v.difference), range_row("B", "Cost", v.cost),
      range_row("B", "Earns", v.earns) }, "difference")
    check_table(tables[2], { row("A", "Offers of this one", v.offers.before),
      row("A", "Offers of the other", v.offers.after),
      row("A", "Customers for whom something changes", v.changed) }, "changes")
    check_table(tables[3], { row("A", "waive the fee", "nothing", 2200),
      row("A", "nothing", "waive the fee", 200) }, "moves")
  end)

  it("shows how it goes on, month by month", function()
    local tables, pictures = of("months")
    local keys = { "customers", "revenue", "margin", "cost", "offers", "equity" }
    local names = { "Customers at the month's end", "Revenue", "Margin", "Cost of offers", "Offers",
      "Equity of the base at the month's end" }
    local function one(key)
      return each(run.months, function(m) return m[key] end)
    end
    local function check_band(picture, name, list)
      local ends_of = { "", ", 95%", ", 5%" }
      for i, key in ipairs({ "mean", "p95", "p5" }) do
        assert.same(each(list, function(r) return r[key] end),
          ys(data_of(picture, name .. ends_of[i])))
      end
    end
    for i, key in ipairs(keys) do
      check_band(pictures[i], names[i], one(key))
      check_table(each(tables[i], function(cells) return { table.unpack(cells, 2) } end),
        each(one(key), function(r) return
          row((i == 1 or i == 5) and "A" or "C", range(r)) end), key)
    end
    for i, class in ipairs({ "gold", "silver", "classic" }) do
      local list = each(one("classes"), function(c) return c[class] end)
      check_band(pictures[7], class, list)
      check_table(each(tables[6 + i], function(cells) return { table.unpack(cells, 2) } end),
        each(list, function(r) return row("A", range(r)) end), class)
    end
    local o = run.over_time
    for i, pair in ipairs({ o.against_nothing, o.versus }) do
      local cells = each(tables[9 + i], function(line) return { table.unpack(line, 2) } end)
      check_table(cells, each({ "earned", "customers", "equity", "cost" }, function(key)
        local x = pair[key]
        return row("C", x.mean, x.p5, x.p50, x.p95, x.probability_more)
      end), "more " .. i)
    end
    local after = o.equity_after
    check_table(each({ table.unpack(tables[12], 1, 9) }, function(cells) return { cells[2] } end),
      each({ o.earned.mean, o.earned.p5, o.earned.p95, o.earned_after.mean,
        o.monte_carlo_error, o.equity,
        after.retained.mean, after.developed.mean, after.acquired.mean },
        function(x) return row("C", x) end), "over time")
    check_table(each({ table.unpack(tables[12], 10) }, function(cells) return { cells[2] } end),
      each({ o.runs, o.sample, o.without_history, o.without_effect },
        function(x) return row("A", x) end), "runs")
    check_table({ table.unpack(tables[13], 1, 2) }, each(o.inputs, function(i)
      return row("A", i.name, i.value, i.source, i.assumed and "yes" or "no")
    end), "inputs of months")
    check(tables[13][3][2], o.assumed.fatigue, "A", "fatigue")
    local prose = table.concat(seen.sections.months.prose, "\n")
    assert.is_truthy(prose:find("Nobody <i>ever</i> bought.", 1, true), prose)
    local says = seen.sections.months.text
    for i, x in ipairs({ o.elasticity.equity, ends(o.elasticity.earned) }) do
      check(says[i], x, "C", "elasticity " .. i)
    end
  end)
end)

describe("the page", function()
  after_each(cli.clean)

  it("leaves out of months what there is none of", function()
    local run = document()
    run.over_time.without_effect, run.over_time.without_history = 0, 0
    assert.equal(2, #look(run).sections.months.tables[12] - 9) -- runs, customers
  end)

  -- What every run has.
  local function least()
    local all, run = document(), {}
    for _, key in ipairs({ "policy", "data", "seed", "draws", "currency", "grade", "reach",
      "why_not", "cost", "earns", "net" }) do
      run[key] = all[key]
    end
    return run
  end

  it("leaves out what the run has not", function()
    local run = least()
    run.reach.by, run.reach.channels, run.currency = {}, nil, nil
    run.campaigns, run.tornado, run.findings = {}, {}, {}
    run.roi, run.payback_months = json.null, json.null
    local seen, parts = look(run), {}
    for id in pairs(seen.sections) do
      parts[#parts + 1] = id
    end
    table.sort(parts)
    assert.same({ "money", "why_not" }, parts)
    local facts = seen.sections.money.tables[2]
    assert.same({ "Months until it has paid for itself", "–" }, facts[3])
  end)

  it("shows what rests on evidence to its last unit, and small amounts to the cent", function()
    local run = least()
    run.grade, run.net.mean, run.net.p5 = "B", 369880.25, 12.345
    local seen = look(run)
    assert.same({ value = "369880.25", text = "369,880" }, seen.headlines[1])
    assert.same({ value = "12.345", text = "12.35" }, seen.headlines[2])
    assert.same({ value = "0.7085", text = "70.9%" }, seen.headlines[4])
  end)

  it("shows no chance as certain that is not", function()
    local run, all = least(), document()
    run.net.probability_positive = 0.99975
    run.versus, run.campaigns = all.versus, { all.campaigns[1] }
    run.versus.grade, run.versus.probability_better = "C", 1
    run.campaigns[1].grade, run.campaigns[1].uplift.probability_above = "A", 0.0001
    local seen = look(run)
    assert.equal("99%", seen.headlines[4].text)
    assert.equal("100%", seen.sections.versus.text[4].text)
    assert.equal("0.1%", seen.sections.campaigns.tables[2][1][8].text)
  end)

  it("says when a budget is too much", function()
    local run = least()
    run.budget = document().budget
    assert.equal(2, #look(run).sections.budget.text) -- what the next money earns
    run.budget.flat.to, run.budget.best.net = run.budget.cost - 1, 2 * run.budget.value
    local text = look(run).sections.budget.text
    check(text[3], run.budget.best.budget, "A", "best budget")
  end)

  it("says which net to believe, of a budget and where `score` counts another one", function()
    local run = least()
    run.budget = document().budget
    run.budget.net = { mean = -1200, p5 = -2000, p50 = -1100, p95 = 500 }
    run.budget.probability_positive, run.net.scored = 0.25, run.net.mean + run.earns.mean
    local seen = look(run)
    check(seen.sections.budget.text[3], -1200, "A", "net of a budget")
    check(seen.sections.budget.text[6], 0.25, "A", "its chance")
    check(seen.sections.money.tables[2][2][2], run.net.scored, "C", "what score counts")
  end)

  it("shows a sweep of one param as a line in its band", function()
    local run = least()
    run.sweep = document().sweep
    run.sweep.params = { "gold_clv" }
    local points = {}
    for i = 1, #run.sweep.points, 3 do
      points[#points + 1] = run.sweep.points[i]
      points[#points].values[2] = nil
    end
    run.sweep.points, run.sweep.best = points, 1
    local pictures = look(run).sections.sweep.pictures
    for i, key in ipairs({ "mean", "p95", "p5" }) do
      assert.same(each(points, function(p) return p.net[key] end),
        ys(pictures[1].datasets[i].data))
    end
  end)

  it("shows a sweep over texts as a row for each", function()
    local run = least()
    run.sweep = document().sweep
    run.sweep.params, run.sweep.best = { "kind" }, 1
    run.sweep.points = { table.unpack(run.sweep.points, 1, 2) }
    run.sweep.points[1].values, run.sweep.points[2].values = { "a<b" }, { "c" }
    local section = look(run).sections.sweep
    assert.same({ { "a<b" }, { "c" } }, section.pictures[1].labels)
    assert.same("a<b", section.tables[1][1][1])
  end)

  it("draws as many rows as a sheet has room for, and says so", function()
    local run = least()
    run.campaigns = {}
    for i = 1, 30 do
      local c = document().campaigns[1]
      c.campaign = "campaign " .. i .. (" of a policy whose names go on and on"):rep(3)
      run.campaigns[i] = c
    end
    local section = look(run).sections.campaigns
    assert.equal(30, #section.tables[1])
    assert.equal(24, #section.pictures[1].labels)
    assert.is_truthy(section.pictures[1].says:find("The first 24 of 30.", 1, true))
  end)

  it("asks nothing of a network, and holds its library's licence", function()
    local html = cli.read(page(source))
    assert.is_truthy(html:find("default-src 'none'", 1, true))
    assert.is_nil(html:find("<link", 1, true))
    assert.is_nil(html:find("<script%s+[^>]*src"))
    assert.is_truthy(html:find("Copyright (c) 2014-2022 Chart.js Contributors", 1, true))
    assert.is_truthy(html:find("Permission is hereby granted, free of charge", 1, true))
  end)

  it("holds the document to the byte, but for what would end it", function()
    local html = cli.read(page(source))
    local held = html:match(
      '<script type="application/json" id="run">(.-)</script>\n</body>\n</html>\n$')
    assert.equal(source, (held:gsub("\\u003c", "<")))
    assert.is_nil(held:find("<", 1, true))
  end)

  it("can be printed", function()
    local lack = browser.lack("pdftotext")
    if lack then
      pending(lack)
    end
    local sheets, printed = browser.print(page(source))
    assert.is_true(sheets >= 5 and sheets <= 15, sheets)
    for _, title in ipairs({ "What it costs and earns", "What decides", "Budget", "Over time",
      "effect of waive the fee" }) do
      assert.is_truthy(printed:find(title, 1, true), title)
    end
  end)

  it("has titles and sentences on the sheet of what they are about", function()
    local lack = browser.lack("pdftotext")
    if lack then
      pending(lack)
    end
    local run = document()
    for i = 1, 3 do -- so that a sheet ends where the budget begins
      run.inputs[#run.inputs + 1] = run.inputs[i]
    end
    local _, printed = browser.print(page(run))
    local budget = printed:match("Budget\n[^\f]*The next [^\f]*budget earn[^\f]*")
    assert.is_truthy(budget and budget:find("Cost of its best use", 1, true), budget)
  end)
end)
