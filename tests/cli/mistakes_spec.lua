-- What beginners write. Each mistake is answered with its place and with what to do, and the status
-- says whose it is: 1 the file's, 2 the command line's.
local cli = require("cli")
local lfs = require("lfs")

-- `said` are parts of the answer; `status` is 1 unless it is given.
local function answered(arguments, said, status)
  local run = cli.run(arguments)
  local text = run.out .. run.err
  assert.equal(status or 1, run.status, text)
  for _, part in ipairs(type(said) == "table" and said or { said }) do
    assert.is_truthy(text:find(part, 1, true), "no '" .. part .. "' in: " .. text)
  end
  assert.is_nil(text:find(":0:", 1, true), text) -- no column that is not known
end

describe("a purchases file", function()
  after_each(cli.clean)

  local function scored(text, ...)
    cli.write(cli.folder() .. "/t.csv", text)
    answered({ "score", "t.csv", "policies/rfm.lua" }, { ... })
  end

  it("with other headers says which dataset.json names them", function()
    scored("buyer_ref,when,how_much\n1,2025-01-01,3\n", "t.csv:1:1:", "recognised as the customer",
      "buyer_ref, when, how_much", '"as": "customer"')
  end)

  it("with dates that can be read in two ways, or in none, asks which", function()
    scored("customer,date,amount\n1,01/02/2025,3\n", "t.csv:1:10:", "D/M/YYYY and as M/D/YYYY",
      '"format"')
    scored("customer,date,amount\n1,Jan 3 2025,3\n", "t.csv:1:10:", "'Jan 3 2025'", '"format"')
  end)

  it("with decimal commas, semicolons or tabs says what to write", function()
    scored('customer,date,amount\n1,2025-01-02,"3,50"\n', "t.csv:2:14:", '"decimal": ","')
    scored("customer;date;amount\n1;2025-01-02;3,50\n", "t.csv:1:1:", '"delimiter": ";"')
    scored("customer\tdate\tamount\n1\t2025-01-02\t3\n", "t.csv:1:1:", '"delimiter": "\\t"')
  end)

  it("with currency signs says what an amount is", function()
    scored("customer,date,amount\n1,2025-01-02,$3.50\n", "t.csv:2:14:", "without currency")
  end)

  it("with a quote that is not closed says where it opens", function()
    scored('customer,date,amount\n1,2025-01-02,"3.50\n2,2025-01-03,4\n', "t.csv:2:14:",
      "never closed")
  end)

  it("with the delimiter beside the file is told where it stands", function()
    cli.write(cli.folder() .. "/t.csv", "customer;date;amount\n1;2025-01-02;3\n")
    cli.write(cli.folder() .. "/dataset.json",
      '{ "tables": { "transactions": { "file": "t.csv", "delimiter": ";" } } }')
    answered({ "score", "dataset.json", "policies/rfm.lua" },
      { "dataset.json:1:50:", 'no key "delimiter" here, it stands beside "tables"' })
  end)

  it("in UTF-16 says how to convert it", function()
    scored(("customer,date,amount\n1,2025-01-02,3\n"):gsub(".", "%0\0"), "t.csv", "UTF-16LE",
      "iconv")
  end)

  it("of JSON that is cut off or broken says where", function()
    local row = '{"customer":1,"date":"2025-01-02","amount":3}'
    cli.write(cli.folder() .. "/t.json", "[" .. row .. ",\n")
    answered({ "score", "t.json", "policies/rfm.lua" }, { "t.json:2:1:", "cut off" })
    cli.write(cli.folder() .. "/t.json", "[" .. row .. ",\n{'customer':1}]")
    answered({ "score", "t.json", "policies/rfm.lua" }, { "t.json:2:2:", "near here" })
  end)
end)

describe("a policy", function()
  after_each(cli.clean)

  local head = 'policy "P" { currency = "CNY" }\n'
    .. 'inputs { potential = { "low", "high" }, opted_out = flag }\n'
    .. 'tiers "club" { { "gold", when = "orders > 5" }, { "bronze" } }\n'

  local function checked(text, ...)
    cli.write(cli.folder() .. "/p.lua", text)
    answered({ "check", "p.lua" }, { ... })
  end

  -- Conditions stand from line 4, column 25.
  for condition, said in pairs({
    ["recency_dys > 3"] = { "p.lua:4:25:", "did you mean `recency_days`?" },
    ["recency > 3"] = { "p.lua:4:25:", "did you mean `recency_days`?" },
    ["orders = 3"] = { "p.lua:4:32:", "write ==" },
    ["orders != 3"] = { "p.lua:4:32:", "write ~=" },
    ["orders <> 3"] = { "p.lua:4:32:", "write ~=" },
    ["orders => 3"] = { "p.lua:4:32:", "write >=" },
    ["orders > 3 && spend > 3"] = { "p.lua:4:36:", "write and" },
    ["orders > 3 AND spend > 3"] = { "p.lua:4:36:", "write and" },
    ["!opted_out"] = { "p.lua:4:25:", "write not" },
    ["orders or 0 > 3"] = { "p.lua:4:32:", "default(orders" },
    ["orders ~= nil"] = { "p.lua:4:35:", "has(x)" },
    ["3 < orders < 5"] = { "p.lua:4:36:", "3 < orders and orders < 5" },
    ["tier >= 'gold'"] = { "p.lua:4:30:", "at_least(tier" },
    ["tier == 'golden'"] = { "p.lua:4:33:", "did you mean 'gold'?" },
    ["not tier == 'gold'"] = { "p.lua:4:25:", "not (tier == ...)" },
    ["potential == 'High'"] = { "p.lua:4:38:", "did you mean 'high'?" },
    ["potential == high"] = { "p.lua:4:38:", "'high'" },
    ["potential == 'high"] = { "p.lua:4:38:", "put ' at its end" },
    ["potential == ’high’"] = { "p.lua:4:38:", "typographic" },
    ["potential > 3"] = { "p.lua:4:35:", "cannot be compared" },
    ["orders"] = { "p.lua:4:25:", "takes a condition" },
    ["(orders > 3"] = { "p.lua:4:", "close the parenthesis" },
    ["spend > 1,000"] = { "p.lua:4:34:", "thousands are written 1000" },
    ["orders > 10%"] = { "p.lua:4:37:", "written 0.12" },
    ["first_purchase > 2025-01-31"] = { "p.lua:4:40:", "date('2025-01-31')" },
  }) do
    it("with the condition " .. condition, function()
      checked(head .. 'campaign "c" { when  = "' .. condition .. '", offer = gift "x" }\n',
        table.unpack(said))
    end)
  end

  it("with a comma, a brace or a quote too few", function()
    checked('policy "P" {}\ncampaign "c" {\n  when = "orders > 3"\n  offer = gift "x",\n}\n',
      "p.lua:4: error:", "is a comma missing")
    checked('policy "P" {}\ncampaign "c" {\n  when = "orders > 3",\n  offer = gift "x",\n',
      "p.lua:5: error:", "is a } or a quote missing")
    checked('policy "P" {}\ncampaign "c"\n  when = "orders > 3",\n  offer = gift "x",\n}\n',
      "p.lua:4: error:", "is the { missing that opens the block?")
    checked('policy "P"\n  currency = "CNY"\n}\n', "p.lua:3: error:",
      "is a value missing, or the { that opens the block?")
    checked('policy "P" {}\ncampaign "c" {\n  when = "orders > 3,\n  offer = gift "x" }\n',
      "p.lua:3: error:", "never closed")
  end)

  it("with quotes within quotes", function()
    for _, text in ipairs({ 'potential == "high"', 'potential == "高"' }) do
      checked('policy "P" {}\ncampaign "c" {\n  when = "' .. text .. '", offer = gift "x" }\n',
        "p.lua:3: error:", "a quote within a text ends it")
    end
  end)

  it("with a condition in two texts, of which Lua would take one", function()
    checked(head .. 'campaign "c" { when = "orders > 1" and "spend > 3", offer = gift "x" }\n',
      "p.lua:4:36: error:", 'write `and` within the quotes')
    checked(head .. 'tiers "t" { { "a", when = "orders > 1" or "spend > 3" }, { "b" } }\n',
      "p.lua:4:40: error:", 'write `or` within the quotes')
    cli.write(cli.folder() .. "/p.lua", head
      .. 'local much = true and "orders > 1" or "orders > 3"\n'
      .. 'local few = much == "orders > 1" and "a" or "b"\n'
      .. 'campaign "c" { when = much, offer = gift(few), cost = 1 }\n')
    answered({ "check", "p.lua" }, "is sound", 0)
  end)

  it("with names without quotes, or in the place of a list", function()
    checked('campaign spring { when = "orders > 1", offer = gift "x" }\n', "p.lua:1: error:",
      'campaign "spring" { ... }')
    checked('tiers "t" { gold = "orders > 1", { "b" } }\n', "p.lua:1:13:",
      '{ "gold", when = "..." }')
  end)

  it("with a word of a block, or a text, where Lua looks for a value", function()
    checked('campaign "c" { when == "orders > 1", offer = gift "x" }\n', "p.lua:1:16:",
      "write `when = ...`")
    checked('campaign "c" { when = "orders > 1", offer = gift "x", channel = { phone } }\n',
      "p.lua:1:67:", 'a text stands in quotes, "phone"')
    checked('decision_table "d" { reads = { "orders" }, gives = { "who" }, { ">= 3", "Li" } }\n',
      "p.lua:1:", "at_least(3)")
  end)

  it("with the types of other languages", function()
    checked("inputs { vip = boolean }\n", "p.lua:1:16:", "did you mean `flag`?")
    checked("inputs { pace = float }\n", "p.lua:1:17:", "did you mean `number`?")
  end)

  it("with a window beside its number", function()
    checked('campaign "c" { when = "orders > 1", offer = gift "x", '
      .. "caps = { customer = 1, per = months(6) } }\n", "p.lua:1:", "{ 2, per = months(1) }")
  end)

  it("with signs of a word processor, or comments of another language", function()
    checked("policy “P” {}\n", "p.lua:1: error:", "typographic")
    checked('policy "P" {}\n// a comment\n', "p.lua:2: error:", "begins with --")
  end)

  it("with a model of other data, or one in their place", function()
    local bank, rfm = "samples/bank", "policies/rfm.lua"
    local model, folder = cli.folder() .. "/model.json", cli.folder()
    answered({ "fit", bank, rfm, "-o", model }, "learned from 24 customers", 0)
    answered({ "score", model, rfm }, "is a model, no data: give it as --model")
    cli.write(folder .. "/shop.csv", "customer,date,amount\nA,2025-06-01,5.00\n")
    answered({ "score", folder .. "/shop.csv", rfm, "--model", model },
      "model.json was learned from a small bank's credit cards, and judges shop", 0)
    answered({ "generate", "bank", "--customers", "1e6", "-o", folder .. "/new" },
      "--customers takes a whole number, got '1e6'", 2)
  end)

  it("with words that are none", function()
    checked('campaign "c" {\n  when = "orders > 3", ofer = gift "x" }\n', "p.lua:2:24:",
      "did you mean `offer`?")
    checked('campain "c" { when = "orders > 3", offer = gift "x" }\n', "p.lua:1:1:",
      "did you mean `campaign`?")
    checked('campaign "c" { when = orders > 3, offer = gift "x" }\n', "p.lua:1:23:", "in quotes")
    checked('campaign "c" { when = "orders > 3", offer = gift "x", holdout = 10 }\n', "p.lua:1:",
      "a share from 0 to below 1")
  end)

  it("whose call sheets name what some lack has no note of offers that are lost by it", function()
    local text = 'inputs { fee_due = date }\nplaybook "p" { text = "%s" }\n'
      .. 'campaign "c" { when = "%s", offer = gift "x", cost = 1, channel = "sms", '
      .. 'playbook = "p" }\n'
    local function notes(...)
      cli.write(cli.folder() .. "/p.lua", text:format(...))
      return cli.run({ "check", "p.lua", "samples/bank" }).out
    end
    local said = notes("Due on {fee_due}.", "orders > 3")
    assert.matches("they have a gap in their call sheet", said, 1, true)
    assert.is_nil(said:find("no offer", 1, true))
    assert.matches("they get no offer", notes("Due soon.", "fee_due - today < 30"), 1, true)
  end)

  it("that is empty", function()
    checked("", "p.lua: ", "a policy declares campaigns or tiers")
    checked("-- later\n", "p.lua: ", 'write a campaign "..."')
  end)

  it("without tests has nothing to pass, and says so", function()
    cli.write(cli.folder() .. "/p.lua", 'campaign "c" { when = "orders > 3", offer = gift "x" }\n')
    answered({ "test", "p.lua" }, "it has no `test` blocks", 0)
  end)

  it("that is sound is told what it has", function()
    cli.write(cli.folder() .. "/p.lua", [[
tiers "card" { { "gold", when = "orders > 3" }, { "base" } }
segments "stage" { { "new", when = "orders < 2" }, { "others" } }
matrix "worth" { rows = { by = "orders", cuts = { 3 }, names = { "low", "high" } },
  columns = { by = "spend", cuts = { 30 }, names = { "low", "high" } },
  cells = { low = { low = "a", high = "b" }, high = { low = "c", high = "d" } } }
tree "way" { "orders > 3", yes = "x", no = "y" }
tree "other" { "orders > 3", yes = "x", no = "y" }
decision_table "care" { reads = { "stage" }, gives = { "owner" }, { "new", "Li" }, { any, "Xu" } }
loyalty "miles" { earn = "amount" }
channel "phone" { when = "orders > 1" }
contact_policy "rarely" { rest = days(7) }
referral "bring" { reward = both(3) }
campaign "c" { when = "orders > 3", offer = gift "x", cost = "1", channel = "phone",
  playbook = "p" }
playbook "p" { title = "Hello", text = "Hello" }]])
    answered({ "check", "p.lua" }, "is sound: 1 tier system, 1 segmentation, 1 matrix, 2 trees, "
      .. "1 decision table, 1 loyalty programme, 1 campaign, 1 contact policy, "
      .. "1 referral programme, 1 playbook, 0 tests\n", 0)
  end)

  -- A run's messages, one a line.
  local function told(text, data)
    cli.write(cli.folder() .. "/p.lua", text)
    local lines = {}
    for line in cli.run({ "score", data or "samples/bank", "p.lua" }).err:gmatch("[^\n]+") do
      lines[#lines + 1] = line
    end
    return lines
  end

  it("with several mistakes is told each once, in their order", function()
    assert.same({
      "patron: p.lua:2:11: error: there is no name `tenure`: did you mean `tenure_days`?",
      "patron: p.lua:3:25: error: there is no name `ordrs`: did you mean `orders`?",
      "patron: p.lua:6:11: there is no name `spnd`: did you mean `spend`? (the last of 3 errors)",
    }, told('campaign "c" {\n  when = "tenure > 3", offer = gift "x", cost = 3,\n  value = "3", '
      .. 'never = "ordrs > 3",\n  goal = "x", channel = "call" }\nchannel "call" {\n'
      .. '  when = "spnd > 3" }\n'))
  end)

  it("with warnings is told them in one line by a run, and each by check", function()
    local inputs = 'inputs { annual_fee = money, fee_due = date }\n'
    local campaign = 'campaign "c" { when = "orders > 3", offer = gift "x", cost = 3 }\n'
    local said = told(inputs .. campaign)
    assert.equal("patron: p.lua: 2 warnings; patron check shows them", said[1])
    assert.is_nil(table.concat(said, "\n"):find("annual_fee", 1, true))
    answered({ "check", "p.lua" }, { "p.lua:1:10: warning:", "p.lua:1:30: warning:" }, 0)
    assert.matches("p.lua:1:10: warning: no rule reads", told(inputs:gsub(", fee.-date", "")
      .. campaign)[1], 1, true)
  end)

  it("whose rule fails for the customers of the data is told that by check, too", function()
    cli.write(cli.folder() .. "/p.lua",
      'campaign "c" {\n  when = "orders > 3", offer = gift "x", cost = -3 }\n')
    answered({ "check", "p.lua", "samples/bank", "--strict" }, { "p.lua:2:49: warning: this fails "
      .. "19 times, for C001 first: a cost is not below 0; what an offer brings belongs" })
    assert.is_nil(cli.run({ "check", "p.lua", "samples/bank" }).out:find("for none of", 1, true))
  end)

  it("with a comma between thousands is told how numbers are written", function()
    checked('campaign "c" { when = "orders > 3", offer = gift "x", cost = 20,000 }', "p.lua:1:65:",
      "20000 for 20,000")
  end)

  it("for other data is told so once", function()
    local text = 'inputs { a = money, b = date, c = flag }\n'
      .. 'campaign "x" { when = "a > 3 and b < today and not c", offer = gift "x", cost = 3 }\n'
    assert.same({ "patron: p.lua:1:10: the data has none of the 3 columns that `inputs` expects, "
      .. "neither `a` nor `b` ...: is it the data of this policy?" }, told(text))
    assert.same({ "patron: p.lua:1:10: the data has no column `a`; add it to the customers, let "
      .. "`metrics` compute it, or drop it here" }, told((text:gsub("b = date, c = flag",
      "fee_due = date, opted_out = flag"):gsub("b <", "fee_due <"):gsub("not c", "not opted_out"))))
  end)

  it("whose metric reads no column of the table is shown those that there are", function()
    local said = told('metrics { m = sum "transactions" { "profit" } }\n'
      .. 'campaign "c" { when = "m > 3", offer = gift "x", cost = 3 }\n')
    assert.same({ "patron: p.lua:1:37: m: there is no name `profit`; the columns of transactions "
      .. "and the params are date, amount, margin, merchant" }, said)
  end)

  it("that reads what the data lacks, by the line that reads it", function()
    cli.write(cli.folder() .. "/p.lua", 'campaign "c" {\n  when = "clv > 3", offer = gift "x" }\n')
    answered({ "check", "p.lua" }, "is sound: 0 tier systems, 1 campaign, 0 tests", 0)
    for _, arguments in ipairs({ { "check", "p.lua", "samples/bank" },
      { "score", "samples/bank", "p.lua" } }) do
      answered(arguments, { "p.lua:2:10:", "clv_perpetual needs yearly_margin" })
    end
  end)
end)

describe("an effect from an experiment", function()
  after_each(cli.clean)

  it("that is not in the data, or has no such arm, is told by check, too", function()
    lfs.mkdir(cli.folder() .. "/d")
    cli.write(cli.folder() .. "/d/customers.csv", "customer\nA\nB\nC\nD\n")
    cli.write(cli.folder() .. "/d/contacts.csv", "customer,date,campaign,arm,response\n"
      .. "A,2025-01-01,spring,control,0\nB,2025-01-01,spring,control,1\n"
      .. "C,2025-01-01,spring,phone,1\nD,2025-01-01,spring,phone,0\n")
    for from, said in pairs({
      ['"sprin"'] = "did you mean 'spring'?",
      ['"autumn"'] = "the table contacts has spring",
      ['"spring", arm = "call"'] = "spring has no arm 'call'; beside the control it has phone",
    }) do
      cli.write(cli.folder() .. "/p.lua", 'campaign "c" {\n  when = "true", value = 3, offer = '
        .. 'gift "x", effect = { retention = 0.1, sd = 0.05, from = ' .. from .. " } }\n")
      answered({ "check", "p.lua" }, "is sound", 0)
      for _, arguments in ipairs({ { "check", "p.lua", "d" }, { "score", "d", "p.lua" } }) do
        answered(arguments, { "p.lua:1:1: ", said })
      end
    end
  end)
end)

describe("the command line", function()
  lazy_teardown(cli.clean)
  local bank, retention = "samples/bank", "policies/card-retention.lua"

  it("with files that are not there, or not what stands there", function()
    answered({ "score", "sample/bank", retention }, "sample/bank: cannot read")
    answered({ "score", bank, "policies/card.lua" }, "policies/card.lua: cannot read")
    answered({ "score", bank, "policies/Rfm.lua" }, "did you mean policies/rfm.lua?")
    answered({ "score", "samples/Bank", retention }, "did you mean samples/bank?")
    answered({ "score", "sampels", retention }, "did you mean samples?")
    answered({ "plan-test", bank, "--outcome", "spend", "-o", "x.xlsx" }, "in .csv, .json or", 2)
    answered({ "score", retention, bank }, { retention .. " is a policy", "DATA POLICY" }, 2)
    answered({ "score", bank, "policies" }, "policies is a folder", 2)
    answered({ "check", "samples/bank/events.csv" }, "is a file of data", 2)
    answered({ "profile", retention }, "is a policy", 2)
    answered({ "recall", "decisions.csv", "bacaa" }, "score --clauses", 2)
    answered({ "recall", "bacaa", "key.json" }, "the order is CLAUSES CODE", 2)
  end)

  it("with words that are none", function()
    answered({ "scores", bank, retention }, "did you mean 'score'?", 2)
    answered({ "score", bank, retention, "--asof", "2025-06-30" }, "did you mean --as-of?", 2)
    answered({ "score", bank, retention, "-h" }, "`patron score --help`", 2)
    answered({ "help", "scroe" }, "did you mean 'score'?", 2)
    answered({ "score", bank, retention, "--set", "high_valu=3" }, "did you mean high_value?", 2)
    answered({ "score", bank, retention, "--set", "budget=3" }, "it has high_value, drop", 2)
    answered({ "score", bank, retention, "--set", "high_value=much" }, "a whole number", 2)
    answered({ "score", bank, retention, "--set", "high_value=5" }, "allows 200 to 2000", 2)
    answered({ "metrics", "recency" }, "did you mean 'recency_days'?")
    answered({ "measure", bank, "recency_days" }, "write --metrics recency_days", 2)
    answered({ "measure", bank, "--metrics", "recency" }, "did you mean recency_days?")
    answered({ "measure", bank, "--metrics", "card" }, "as of its tiers, need the POLICY")
    answered({ "plan-test", bank, "--outcome", "merchant" }, "the table transactions has it")
  end)

  it("with days that are none, or to come", function()
    answered({ "score", bank, retention, "--as-of", "2025-13-40" }, "write it as YYYY-MM-DD", 2)
    answered({ "score", bank, retention, "--as-of", "2999-01-01" }, "in the future")
    for _, day in ipairs({ "30.06.2025", "20250630", "6/30/2025", "2025-06-30 08:00" }) do
      answered({ "score", bank, retention, "--as-of", day }, "YYYY-MM-DD: 2025-06-30\n", 2)
    end
    answered({ "score", bank, retention, "--as-of", "01/02/2025" }, "YYYY-MM-DD\n", 2)
  end)

  it("with a customer who is not there", function()
    answered({ "explain", bank, retention, "C999" }, "ids look like 'C001'")
  end)

  it("takes options wherever they stand, and asks for help in every way", function()
    answered({ "score", "--as-of", "2025-06-30", bank, "--threads=1", retention }, "C024,classic",
      0)
    answered({ "help", "score" }, "patron score DATA POLICY", 0)
    answered({ "-h" }, "patron explain", 0)
  end)
end)
