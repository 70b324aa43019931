-- Tiers with memory, through the program.
local cli = require("cli")

local MEMORY = [[
tiers "card" {
  { "gold", when = "spend >= 1000", keep = "spend >= 800", owner = "Ms Li" },
  { "silver", when = "spend >= 500", keep = "spend >= 400" },
  { "classic" },
  %s,
}
]]

local COLUMNS = 'previous = "before", since = "since", reviewed = "reviewed"'

local function lines(text)
  local names, rows
  for line in text:gmatch("[^\n]+") do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do cells[#cells + 1] = cell end
    if not names then
      names, rows = cells, {}
    else
      local row = {}
      for i, name in ipairs(names) do row[name] = cells[i] ~= "" and cells[i] or nil end
      rows[row.customer] = row
    end
  end
  return rows
end

-- Decides for rows { id, spend, before, since, reviewed }; history: rows of tier_history as text.
local function score(memory, as_of, rows, history, options)
  local folder = cli.folder()
  cli.write(folder .. "/policy.lua", (options and options.policy or MEMORY):format(memory))
  local out = { "id,spend,before,since,reviewed" }
  for _, row in ipairs(rows) do
    local cells = {}
    for i = 1, 5 do cells[i] = row[i] or "" end
    out[#out + 1] = table.concat(cells, ",")
  end
  cli.write(folder .. "/customers.csv", table.concat(out, "\n") .. "\n")
  local tables = ""
  if history then
    cli.write(folder .. "/history.csv", history)
    tables = ', "tier_history": { "file": "history.csv" }'
  end
  cli.write(folder .. "/dataset.json", [[{ "name": "x", "currency": "CNY", "tables": {
    "customers": { "file": "customers.csv", "columns": { "id": { "as": "customer" },
    "spend": "money", "before": "label", "since": "date", "reviewed": "date" } }]] .. tables
    .. " } }")
  local words = { "score", ".", "policy.lua", "--as-of", as_of, "-o", "out.csv" }
  for _, word in ipairs(options or {}) do words[#words + 1] = word end
  local run = cli.run(words)
  if run.status ~= 0 and run.status ~= 4 then return nil, run end
  return lines(cli.read(folder .. "/out.csv")), run
end

-- "gold kept until 2025-03-01, entered ..., reviewed ..."
local function told(row)
  local s = (row.tier or "none") .. " " .. (row.card_state or "-")
  if row.card_until then s = s .. " until " .. row.card_until end
  if row.card_entered then s = s .. ", entered " .. row.card_entered end
  if row.card_reviewed then s = s .. ", reviewed " .. row.card_reviewed end
  return s
end

local function one(memory, as_of, row, history, options)
  local rows, run = score(memory, as_of, { row }, history, options)
  assert(rows, run.err)
  return told(rows[row[1]])
end

local YEARLY = COLUMNS .. ", review = months(12), grace = days(60)"

describe("tiers with memory", function()
  after_each(cli.clean)

  it("are entered by whoever had none, or a lower one", function()
    assert.equal("gold new until 2026-06-30, entered 2025-06-30",
      one(YEARLY, "2025-06-30", { "a", 1000 }))
    assert.equal("gold entered until 2026-06-30, entered 2025-06-30",
      one(YEARLY, "2025-06-30", { "a", 1000, "silver", "2025-01-01" }))
  end)

  it("stay until they are reviewed, whatever happens", function()
    assert.equal("gold kept until 2025-09-01, entered 2024-09-01",
      one(YEARLY, "2025-06-30", { "a", 0, "gold", "2024-09-01" }))
    assert.equal("gold kept until 2026-05-31, entered 2020-05-31, reviewed 2025-05-31",
      one(YEARLY, "2025-06-30", { "a", 0, "gold", "2020-05-31", "2025-05-31" }))
  end)

  it("pass a review by `keep`, and are reviewed as often again", function()
    assert.equal("gold kept until 2026-05-01, entered 2024-05-01, reviewed 2025-05-01",
      one(YEARLY, "2025-05-01", { "a", 800, "gold", "2024-05-01" }))
    -- A run after that day, or in grace, makes no other dates.
    assert.equal("gold kept until 2026-05-01, entered 2024-05-01, reviewed 2025-05-01",
      one(YEARLY, "2025-06-30", { "a", 800, "gold", "2024-05-01" }))
  end)

  it("have their grace from the review that they do not pass, and fall behind it", function()
    local row = { "a", 799.99, "gold", "2024-05-01" }
    assert.equal("gold kept until 2025-05-01, entered 2024-05-01", one(YEARLY, "2025-04-30", row))
    for _, day in ipairs({ "2025-05-01", "2025-06-01", "2025-06-30" }) do
      assert.equal("gold in grace until 2025-06-30, entered 2024-05-01", one(YEARLY, day, row))
    end
    assert.equal("silver fell until 2026-07-01, entered 2025-07-01", one(YEARLY, "2025-07-01", row))
    assert.equal("gold kept until 2026-05-01, entered 2024-05-01, reviewed 2025-05-01",
      one(YEARLY, "2025-06-01", { "a", 800, "gold", "2024-05-01" }))
  end)

  it("fall though the next review is due before the next run", function()
    local memory = COLUMNS .. ", review = months(1), grace = days(20)"
    local row = { "a", 0, "gold", "2025-01-15" }
    assert.equal("gold in grace until 2025-03-07, entered 2025-01-15",
      one(memory, "2025-02-28", row))
    assert.equal("classic fell until 2025-04-30, entered 2025-03-31",
      one(memory, "2025-03-31", row))
    -- Also where grace is longer than the time between reviews.
    memory = COLUMNS .. ", review = months(1), grace = days(60)"
    assert.equal("gold in grace until 2025-04-16, entered 2025-01-15",
      one(memory, "2025-04-15", row))
    assert.equal("classic fell", one(memory, "2025-04-30", row):match("%w+ %w+"))
  end)

  it("fall at once without a grace", function()
    local memory = COLUMNS .. ", review = months(12)"
    assert.equal("silver fell until 2026-05-01, entered 2025-05-01",
      one(memory, "2025-05-01", { "a", 799, "gold", "2024-05-01" }))
  end)

  it("fall to what holds, by one, or never", function()
    local row = { "a", 0, "gold", "2024-01-01" }
    local memory = COLUMNS .. ", review = months(12)"
    assert.equal("classic", one(memory, "2025-05-01", row):match("%w+"))
    local function falling(how)
      return one(memory .. ", fall = " .. how, "2025-05-01", row)
    end
    assert.equal("classic fell", falling("'to what holds'"):match("%w+ %w+"))
    assert.equal("silver fell", falling("'one tier'"):match("%w+ %w+"))
    assert.equal("gold kept, entered 2024-01-01", falling("'never'"))
  end)

  it("are reviewed by every run unless a time is said", function()
    local memory = COLUMNS .. ", grace = days(30)"
    assert.equal("gold kept, entered 2024-01-01, reviewed 2025-05-01",
      one(memory, "2025-05-01", { "a", 800, "gold", "2024-01-01", "2025-04-30" }))
    assert.equal("gold in grace until 2025-05-30, entered 2024-01-01, reviewed 2025-04-30",
      one(memory, "2025-05-01", { "a", 0, "gold", "2024-01-01", "2025-04-30" }))
    assert.equal("classic fell, entered 2025-06-01",
      one(memory, "2025-06-01", { "a", 0, "gold", "2024-01-01", "2025-04-30" }))
  end)

  it("are valid for a time after their entry, whatever the reviews", function()
    local memory = COLUMNS .. ", valid = months(12), review = months(1)"
    assert.equal("gold kept until 2025-05-31, entered 2024-05-31",
      one(memory, "2025-05-30", { "a", 0, "gold", "2024-05-31" }))
    assert.equal("gold kept until 2025-06-30, entered 2024-05-31, reviewed 2025-05-31",
      one(memory, "2025-06-29", { "a", 900, "gold", "2024-05-31" }))
    assert.equal("classic fell until 2026-06-30, entered 2025-06-30",
      one(memory, "2025-06-30", { "a", 0, "gold", "2024-05-31", "2025-05-31" }))
  end)

  it("are not lost for want of data", function()
    -- A missing value in keep.
    assert.equal("gold kept, entered 2024-05-01", one(YEARLY, "2025-08-01",
      { "a", nil, "gold", "2024-05-01" }))
    -- Without keep, a missing value in when.
    local no_keep = (MEMORY:gsub(', keep = "[^"]*"', ""))
    assert.equal("gold kept, entered 2024-05-01", one(YEARLY, "2025-08-01",
      { "a", nil, "gold", "2024-05-01" }, nil, { policy = no_keep }))
    assert.equal("silver kept, entered 2024-05-01", one(YEARLY, "2025-08-01",
      { "a", nil, "silver", "2024-05-01" }, nil, { policy = no_keep }))
    -- Without a day the clock begins with this run.
    assert.equal("gold kept until 2026-08-01, entered 2025-08-01",
      one(YEARLY, "2025-08-01", { "a", 0, "gold" }))
    -- Reviews that nobody made are forgiven, but for the last.
    assert.equal("gold in grace until 2025-06-30, entered 2019-05-01",
      one(YEARLY, "2025-06-01", { "a", 0, "gold", "2019-05-01" }))
    assert.equal("gold in grace until 2025-06-30, entered 2019-05-01, reviewed 2022-05-01",
      one(YEARLY, "2025-06-01", { "a", 0, "gold", "2019-05-01", "2022-05-01" }))
    assert.equal("classic fell until 2026-07-01, entered 2025-07-01",
      one(YEARLY, "2025-07-01", { "a", 0, "gold", "2019-05-01", "2022-05-01" }))
  end)

  it("take a tier from later, or of another policy, for none, and say so", function()
    local rows, run = score(YEARLY, "2025-06-30", {
      { "a", 600, "gold", "2025-07-01" }, { "b", 600, "platinum", "2024-01-01" },
      { "c", 600, "silver", "2024-07-01", "2025-12-31" },
    })
    assert.equal("silver new until 2026-06-30, entered 2025-06-30", told(rows.a))
    assert.equal("silver new until 2026-06-30, entered 2025-06-30", told(rows.b))
    assert.equal("silver kept until 2025-07-01, entered 2024-07-01", told(rows.c))
    assert.matches("card: gold 0, silver 3, classic 0\n    new 2, kept 1; 1 with a tier before "
      .. "that the policy does not have; 1 with one from after the as%-of date\n",
      run.err .. run.out)
    local json = cli.run({ "score", ".", "policy.lua", "--as-of", "2025-06-30", "--json" }).out
    assert.matches('"%(states%)":{"new":2,"entered":0,"kept":1,"in grace":0,"fell":0,'
      .. '"tier before unknown":1,"tier before is later":1}', json)
  end)

  it("are nobody's where `keep` fails, which is recorded", function()
    local policy = (MEMORY:gsub("spend >= 800", "month(since) // 0 > spend"))
    local rows, run = score(YEARLY, "2025-08-01",
      { { "a", 600, "gold", "2024-05-01" }, { "b", 600, "gold", "2025-05-01" } }, nil,
      { policy = policy })
    assert.equal("none -", told(rows.a))
    assert.equal("gold kept until 2026-05-01, entered 2025-05-01", told(rows.b))
    assert.equal(4, run.status)
    local json = cli.run({ "score", ".", "policy.lua", "--as-of", "2025-08-01", "--json" }).out
    assert.matches('"failures":{"total":1,"first":%[{"customer":"a","tier":"gold","line":2,'
      .. '"reason":"attempt to divide by zero"}%]}', json)
  end)

  it("are explained with the rule that kept them, or did not", function()
    assert(score(YEARLY, "2025-07-01", { { "a", 600, "gold", "2024-05-01" },
      { "b", 1200, "silver", "2024-05-01" }, { "c", 900, "gold", "2024-05-01" } }))
    local function explained(id)
      return cli.run({ "explain", ".", "policy.lua", id, "--as-of", "2025-07-01" }).out
    end
    assert.matches("card: silver, fell until 2026%-07%-01, entered 2025%-07%-01\n"
      .. "  gold: no\n      no    spend >= 1000 [^\n]*\n    keep\n"
      .. "      no    spend >= 800", explained("a"))
    assert.matches("card: gold, entered until", explained("b"))
    assert.matches("\n  gold: kept\n      no ", explained("c"))
    assert.not_matches("keep", explained("b"))
  end)

  it("leave nobody with a tier that has none left", function()
    local policy = [[tiers "card" { { "gold", when = "spend >= 1000" }, %s }]]
    assert.equal("none fell", one(COLUMNS, "2025-06-30", { "a", 5, "gold", "2025-01-01" }, nil,
      { policy = policy }))
    assert.equal("none -", one(COLUMNS, "2025-06-30", { "a", 5 }, nil, { policy = policy }))
  end)

  it("are new for all where nothing tells of the tier before, which check notes", function()
    assert.equal("gold new until 2026-06-30, entered 2025-06-30",
      one("review = months(12)", "2025-06-30", { "a", 1000, "silver" }))
    assert.matches("note: nothing says which tier of 'card' customers had before, so each is new: "
      .. "add the table tier_history", cli.run({ "check", "policy.lua", "." }).out)
  end)

  it("read the table tier_history where no column is named", function()
    local memory = "review = months(12), grace = days(60)"
    local history = "customer,date,tier\n"
      .. "a,2023-01-10,silver\na,2024-05-01,gold\n" -- entered gold then
      .. "b,2022-02-01,gold\nb,2023-02-01,gold\nb,2024-02-01,gold\n" -- reviewed twice
      .. "c,2024-05-01,gold\nc,2024-06-30,gold\nc,2025-04-30,gold\n" -- a row a run: no reviews
      .. "d,2026-01-01,gold\n" -- does not exist yet
      .. "e,2024-01-01,platinum\n"
    local rows = assert(score(memory, "2025-06-30",
      { { "a", 0 }, { "b", 900 }, { "c", 0 }, { "d", 0 }, { "e", 0 } }, history))
    assert.equal("gold in grace until 2025-06-30, entered 2024-05-01", told(rows.a))
    assert.equal("gold kept until 2026-02-01, entered 2022-02-01, reviewed 2025-02-01",
      told(rows.b))
    assert.equal("gold in grace until 2025-06-30, entered 2024-05-01", told(rows.c))
    assert.equal("classic new until 2026-06-30, entered 2025-06-30", told(rows.d))
    assert.equal("classic new until 2026-06-30, entered 2025-06-30", told(rows.e))
  end)

  it("tell systems apart in tier_history, and rows in grace from reviews", function()
    local policy = [[
      tiers "card" { { "gold", when = "spend >= 1000" }, { "classic" }, %s }
      tiers "care" { { "gold", when = "spend >= 5000" }, { "plain" }, review = months(12) }
    ]]
    local history = "customer,date,tier,scheme,state\na,2024-01-01,gold,,entered\n"
      .. "a,2024-03-01,gold,care,new\na,2025-01-15,gold,card,in grace\n"
      .. "a,2025-03-02,gold,care,kept\n"
    local rows = assert(score("review = months(12), grace = days(60)", "2025-02-20",
      { { "a", 0 } }, history, { policy = policy }))
    assert.equal("gold in grace until 2025-03-02, entered 2024-01-01", told(rows.a))
    assert.equal("2024-03-01", rows.a.care_entered)
    assert.equal("kept", rows.a.care_state)
    rows = assert(score("review = months(12), grace = days(60)", "2025-03-03",
      { { "a", 0 } }, history, { policy = policy }))
    assert.equal("classic fell until 2026-03-03, entered 2025-03-03", told(rows.a))
    assert.equal("2025-03-01", rows.a.care_reviewed)
  end)

  -- Each run is fed what the one before wrote. Spend changes once, before the first review.
  it("come to the same tiers in monthly runs as in ones every five days", function()
    local function day(n)
      return os.date("!%Y-%m-%d", 1704110400 + n * 86400) -- from 2024-01-01
    end
    local levels, people = { 0, 450, 700, 850, 1200 }, 40
    math.randomseed(5)
    local course = {}
    for i = 1, people do
      course[i] = { levels[math.random(5)], levels[math.random(5)] }
    end
    local function run(step)
      local rows, seen = {}, {}
      for i = 1, people do rows[i] = { ("p%02d"):format(i) } end
      for n = 0, 510, step do
        for i, c in ipairs(course) do rows[i][2] = n < 30 and c[1] or c[2] end
        local memory = COLUMNS .. ", review = months(3), grace = days(40)"
        local out = assert(score(memory, day(n), rows))
        for i = 1, people do
          local r = out[rows[i][1]]
          rows[i] = { rows[i][1], nil, r.tier, r.card_entered, r.card_reviewed }
          if n % 30 == 0 then
            seen[#seen + 1] = day(n) .. " " .. rows[i][1] .. " " .. r.tier
              .. (r.card_state == "in grace" and r.card_until or "")
          end
        end
      end
      return seen
    end
    local often, monthly = run(5), run(30)
    assert.equal(18 * people, #monthly)
    assert.matches("gold2024", table.concat(monthly, " ")) -- somebody was in grace
    for i = 1, #often do assert.equal(often[i], monthly[i]) end
  end)

  it("never lower a tier because a value rose", function()
    for seed = 1, 12 do
      math.randomseed(seed)
      local tiers = { "gold", "silver", "classic" }
      local rank = { gold = 3, silver = 2, classic = 1 }
      local low, high = {}, {}
      for i = 1, 60 do
        local spend = math.random(0, 1200)
        local before = tiers[math.random(4)]
        local since = before and ("2024-%02d-01"):format(math.random(12))
        local reviewed = since and math.random(2) == 1 and "2025-01-15" or nil
        low[i] = { ("c%02d"):format(i), spend, before, since, reviewed }
        high[i] = { low[i][1], spend + math.random(0, 600), before, since, reviewed }
      end
      local memory = COLUMNS .. (", review = months(%d)"):format(math.random(2, 12))
        .. ({ "", ", grace = days(30)" })[math.random(2)]
        .. ({ "", ", fall = 'one tier'", ", valid = months(6)" })[math.random(3)]
      local a = assert(score(memory, "2025-06-30", low))
      local b = assert(score(memory, "2025-06-30", high))
      for i = 1, 60 do
        assert.is_true(rank[b[low[i][1]].tier] >= rank[a[low[i][1]].tier], memory)
      end
    end
  end)

  it("are decided alike by any number of threads", function()
    local rows = {}
    for i = 1, 3000 do
      rows[i] = { ("c%04d"):format(i), i % 1300, i % 3 == 0 and "gold" or i % 5 == 0 and "x" or nil,
        ("2024-%02d-15"):format(i % 12 + 1) }
    end
    local alone = assert(score(YEARLY, "2025-06-30", rows, nil, { "--threads", "1" }))
    assert.same(alone, (score(YEARLY, "2025-06-30", rows, nil, { "--threads", "4" })))
  end)

  it("say what their words take", function()
    local function says(memory, message, options)
      local rows, run = score(memory, "2025-06-30", { { "a", 1, "gold", "2024-01-01" } }, nil,
        options)
      assert.is_nil(rows)
      assert.matches(message, run.err)
    end
    says("since = 'since'", "`since` says when a tier was entered or reviewed, and no column")
    says("previous = 'befor'", "`previous`: there is no column or metric befor: did you mean bef")
    says("previous = 'since'", "`previous` names a column with tiers, as labels, and `since` is of "
      .. "type date")
    says("previous = 'before', since = 'before'", "`since` names a column with dates")
    says("fall = 'two tiers'", "`fall` takes \"to what holds\", \"one tier\" or \"never\", got")
    says("grace = days(10), fall = 'never'", "`grace` comes before a fall, and fall is \"never\"")
    says("previous = 'before', grace = days(30)", "every run is a review here")
    says("review = 12", "`review` takes days%(n%) or months%(n%), got 12")
    says("keep = 'spend > 1'", "unknown word `keep`")
    says(COLUMNS, "there is no name `spnd`",
      { policy = (MEMORY:gsub("keep = \"spend", "keep = \"spnd")) })
  end)
end)
