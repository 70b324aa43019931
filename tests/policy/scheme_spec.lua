-- What classes say of themselves: details, which are columns of the scheme.
local cli = require("cli")
local run = require("policy.run")

local function says(cases)
  for i = 1, #cases, 2 do
    assert.equal(cases[i + 1], run.compiled(cases[i]), cases[i])
  end
end

local function tiers(gold, rest)
  return 'tiers "card" { { "gold", when = "orders > 1", ' .. gold .. ' }, { "classic", '
    .. (rest or "") .. " } }"
end

describe("the details of a class", function()
  it("are text, a list of texts, a number, true or false", function()
    local function rule(when)
      return 'campaign "x" { when = "' .. when .. '", offer = gift "x" }'
    end
    says({
      tiers('owner = "Ms Li"') .. rule("card_owner == 'Ms Li' or tier_owner == 'Ms Li'"), "",
      tiers('lounge = true, rank = 2, share = 0.5')
        .. rule("card_lounge and tier_rank > card_share"), "",
      tiers('owner = "Ms Li"') .. rule("card_owner == 'Mr Li'"),
      "error 1:120 `card_owner` is never 'Mr Li': did you mean 'Ms Li'?",
      tiers("owner = days(3)"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got `days`",
      tiers("owner = {}"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got an empty table",
      tiers("owner = { 1 }"),
      "error 1:55 tiers 'card': `owner` takes text, a list of texts, a number, true or false, "
        .. "got a table",
    })
  end)

  it("have one type in all classes", function()
    says({
      tiers("rank = 1", "rank = 0.5"), "",
      tiers("rank = 1", 'rank = "low"'),
      "error 1:79 tiers 'card': `rank` is \"low\" here, and 1 in line 1",
    })
  end)

  it("are no slips of the keyboard, and no other names", function()
    says({
      tiers('whem = "orders > 0"'),
      "error 1:47 tiers 'card': unknown word `whem`; did you mean `when`?",
      tiers('["the owner"] = "x"'),
      "error 1:48 'card_the owner' cannot name a detail of a tiers block: use letters, digits and "
        .. "_, and begin with a letter",
      "params { card_owner = 1 } " .. tiers('owner = "x"'),
      "error 1:73 'card_owner' is a detail of a tiers block here and a param in line 1; choose "
        .. "another name",
      tiers("undecided = true"),
      "error 1:47 'card_undecided' is a detail of a tiers block here and the mark of a tiers block "
        .. "in line 1; choose another name",
    })
  end)
end)

-- The findings of a text but for notes, one a line: "error 1:5 what is wrong".
local function found(text, options)
  local out = {}
  options = options or {}
  options.compile = true
  for _, finding in ipairs(run.load(text, options).findings) do
    if not finding:find("^note ") then
      out[#out + 1] = finding:gsub("^(%S+) %S+ ", "%1 ")
    end
  end
  return table.concat(out, "\n")
end

local function finds(cases)
  for i = 1, #cases, 2 do
    assert.equal(cases[i + 1], found(cases[i]), cases[i])
  end
end

describe("segments", function()
  it("have names and conditions, and no rank", function()
    finds({
      'segments "s" { { "a", when = "orders > 1", goal = "more" }, { "b" } }\n'
        .. 'campaign "x" { when = "s == \'a\' and segment ~= \'b\' and segment_goal == \'more\' '
        .. 'and not segment_undecided", offer = gift "x" }', "",
      'segments "s" { { "a", when = "orders >" }, { "b" } }',
      "error 1:39 the expression ends too early: a value is missing: a name, a number or a text in "
        .. "quotes",
      'segments "s" { "a" }',
      'error 1:16 segments \'s\': a segment is written { "name", when = "..." }, got "a"',
      'segments "s" { }', "error 1:1 segments 's': has 0 segments; it takes 1 to 1000",
      'segments "s" { { "a", when = "orders > 1" }, { "a" } }',
      "error 1:46 'a' is a segment here and a segment in line 1; choose another name",
      'segments "s" { { "a" }, stages = 3 }',
      "error 1:25 segments 's': unknown word `stages`; the words here are: none",
      'segments "s" { { "a", when = "orders > 1" }, { "b" } }\n'
        .. 'campaign "x" { when = "at_least(s, \'a\')", offer = gift "x" }',
      "error 2:33 `s` is a label, and at_least(tier, 'gold') takes a label whose values are "
        .. "ordered, such as tiers",
      'segments "s" { { "a" } } inputs { segment = label }',
      "error 1:35 `segment` is an input here and the first segments block already; choose another "
        .. "name",
      'params { segment = 1 }', "warning 1:10 no rule reads the param `segment`",
    })
  end)
end)

describe("a matrix", function()
  local function matrix(rows, columns, cells)
    return ('matrix "m" {\n  rows = %s,\n  columns = %s,\n  cells = %s,\n}'):format(
      rows or '{ by = "spend", cuts = { 5 }, names = { "low", "high" } }',
      columns or '{ by = "orders", cuts = { 2 }, names = { "few", "many" } }',
      cells or '{ low = { few = "a", many = "b" }, high = { few = "c", many = "d" } }')
  end

  it("has two axes and every cell", function()
    finds({
      matrix(), "",
      'matrix "m" { cells = {} }', "error 1:12 matrix 'm': `columns` is missing: it takes an axis\n"
        .. "error 1:12 matrix 'm': `rows` is missing: it takes an axis",
      matrix(nil, nil, '{ low = { few = "a", many = "b" }, high = { few = "c" } }'),
      "error 4:53 matrix 'm': the cell of row 'high' and column 'many' is missing",
      matrix(nil, nil, '{ low = { few = "a", many = "b" } }'),
      "error 4:11 matrix 'm': `cells` needs high = { few = \"...\", ... }",
      matrix(nil, nil, '{ low = { few = "a", manny = "b", many = "c" }, '
        .. 'high = { few = "c", many = "d" } }'),
      "error 4:32 matrix 'm': 'manny' is no level of the columns; did you mean 'many'?",
      matrix(nil, nil, '{ low = { few = 3, many = "b" }, high = { few = "c", many = "d" } }'),
      "error 4:27 matrix 'm': a cell is written \"name\" or { \"name\", ... }, got 3",
      matrix(nil, nil, '{ low = { few = { "a", n = 1 }, many = { "a", n = 2 } }, '
        .. 'high = { few = "c", many = "d" } }'),
      "error 4:57 matrix 'm': `n` is said in line 4 already",
    })
  end)

  it("has levels that fit its cuts", function()
    finds({
      matrix('{ by = "spend", cuts = { 5, 9 }, names = { "low", "high" } }'),
      "error 2:10 matrix 'm': 2 cuts make 3 levels, but `names` has 2",
      matrix('{ by = "spend", cuts = { 9, 5 }, names = { "low", "high", "top" } }',
        nil, '{ low = { few = "a", many = "b" }, high = { few = "c", many = "d" }, '
        .. 'top = { few = "e", many = "f" } }'),
      "error 2:38 matrix 'm': the cuts go up, and this one does not",
      matrix('{ by = "spend", cuts = { true }, names = { "low", "high" } }'),
      "error 2:33 matrix 'm': `cuts` takes a list of numbers, \"median\" or \"mean\", got a table",
      matrix('{ by = "spend", cuts = "mode", names = { "low", "high" } }'),
      "error 2:33 matrix 'm': `cuts` takes a list of numbers, \"median\" or \"mean\", got \"mode\"",
      matrix('{ by = "spend", cuts = { quantile(2) }, names = { "low", "high" } }'),
      "error 2:33 matrix 'm': `cuts` takes a list of numbers, \"median\" or \"mean\", got a table",
      matrix('{ by = "spend", names = { "low" }, cuts = { 1 } }'),
      "error 2:34 matrix 'm': `names` takes two texts or more, got a table",
      matrix('{ cuts = { 1 }, names = { "low", "high" } }'),
      "error 2:10 matrix 'm': `by` is missing: it takes an expression",
      matrix('{ by = "spend", cuts = { quantile(0.25) }, names = { "low", "high" } }',
        '{ by = "orders", cuts = "mean", names = { "few", "many" } }'), "",
    })
  end)

  it("says where an expression in it is wrong", function()
    finds({
      matrix('{ by = "spend / orderz", cuts = { 5 }, names = { "low", "high" } }'),
      "error 2:26 there is no name `orderz`: did you mean `orders`?",
      matrix('{ by = "spend", cuts = { "lime" }, names = { "low", "high" } }'),
      "error 2:36 there is no name `lime`; check its spelling, or declare it under inputs or "
        .. "metrics",
      "inputs { size = { 'small', 'large' } }\n" .. matrix('{ by = "size", names = { "small", '
        .. '"lagre" } }', nil,
        '{ small = { few = "a", many = "b" }, lagre = { few = "c", many = "d" } }'),
      "error 3:44 `size` is never 'lagre': did you mean 'large'?",
    })
  end)
end)

describe("what is checked of classes", function()
  after_each(cli.clean)

  local function notes(text)
    local out = {}
    cli.write(cli.folder() .. "/p.lua", text)
    for code in cli.run({ "check", "p.lua" }).out:gmatch("%[([%w-]+)%]\n") do
      out[#out + 1] = code
    end
    return table.concat(out, ", ")
  end

  it("asks trees and matrices for no last class: their rest is what is missing", function()
    assert.equal("", notes('tree "t" { "orders > 1", yes = "a", no = "b" }'))
    assert.equal("", notes('tree "t" { "orders > 1", yes = "a", '
      .. 'no = { "spend > 5", yes = "a", no = "b" } }'))
    assert.equal("no-last-class",
      notes('segments "s" { { "a", when = "orders > 1" }, { "b", when = "orders <= 1" } }'))
  end)

  it("lets rows of a table that collects stand beside each other", function()
    local rows = '{ any, "a" }, { at_least(3), "b" }, { at_least(5), "c" } }'
    assert.equal("", notes('decision_table "t" { hit = "collect", reads = { "orders" }, '
      .. 'gives = { "x" }, ' .. rows))
    assert.equal("shadowed, shadowed",
      notes('decision_table "t" { reads = { "orders" }, gives = { "x" }, ' .. rows))
    assert.equal("never-holds", notes('decision_table "t" { hit = "collect", '
      .. 'reads = { "orders", "orders" }, gives = { "x" }, { at_least(3), below(2), "a" } }'))
  end)
end)

describe("a tree", function()
  it("has branches with a condition, yes and no, and leaves", function()
    finds({
      'tree "t" { "orders > 1", yes = { "spend > 5", yes = "a", no = { "b", n = 1 } }, no = "c" }',
      "",
      'tree "t" { "orders > 1", yes = "a" }',
      "error 1:10 tree 't': `no` is missing: it takes a leaf or a branch",
      'tree "t" { "a" }',
      "error 1:10 tree 't': `no` is missing: it takes a leaf or a branch\n"
        .. "error 1:10 tree 't': `yes` is missing: it takes a leaf or a branch",
      'tree "t" { yes = "a", no = "b" }',
      "error 1:10 tree 't': a branch is written { \"a condition\", yes = ..., no = ... }; what "
        .. "only a function can say is declared as a metric and named here",
      'tree "t" { function(orders) return orders > 1 end, yes = "a", no = "b" }',
      "error 1:10 tree 't': a branch is written { \"a condition\", yes = ..., no = ... }; what "
        .. "only a function can say is declared as a metric and named here",
      'tree "t" { "orders > 1", yes = 3, no = "b" }',
      "error 1:32 tree 't': `yes` takes a leaf or a branch, got 3",
      'tree "t" { "orders > 1", yes = { "x", yse = "a", no = "b" }, no = "b" }',
      "error 1:39 tree 't': unknown word `yse`; did you mean `yes`?",
    })
  end)

  it("says where a condition in it is wrong", function()
    finds({
      'tree "t" {\n  "orders > 1",\n  yes = { "spend > 5 or orderz > 2", yes = "a", no = "a" },\n'
        .. '  no = "a",\n}', "error 3:25 there is no name `orderz`: did you mean `orders`?",
      'tree "t" { "orders + 1", yes = "a", no = "b" }',
      "error 1:12 `(orders + 1)` is a number, and `not` takes a condition: compare it, or ask "
        .. "has(...)\nerror 1:12 `(orders + 1)` is a number, and this place takes a condition: "
        .. "compare it, or ask has(...)",
    })
  end)
end)

describe("a decision table", function()
  local function table_of(rows, head)
    return ('decision_table "t" {\n  %s,\n  %s,\n}'):format(
      head or 'reads = { "orders", "spend" }, gives = { "who", "days" }', rows)
  end

  it("has rows of cells that are read and cells that are given", function()
    finds({
      table_of('{ 3, any, "a", 1 }, { { 1, 2 }, at_least(5), "b", 2 }, { above(2), at_most(3), '
        .. '"c", 0 },\n{ below(9), from_to(1, 2.5), "d", -1 }, { any, any, "e", 2 }'), "",
      table_of('{ 3, any, "a" }'),
      "error 3:3 decision_table 't': a row is { ... } of 4 cells: 2 that are read, then 2 that are "
        .. "given; got a table of 3",
      table_of('{ 3, any, "a", n = 2 }'),
      "error 3:3 decision_table 't': a row is { ... } of 4 cells: 2 that are read, then 2 that are "
        .. "given; got a table of 3",
      table_of('{ 3, any, any, 1 }'),
      "error 3:13 decision_table 't': `who` takes text, a list of texts, a number, true or false, "
        .. "got `any`",
      table_of('{ 3, any, "a", 1 }, { any, any, "b", "soon" }'),
      "error 3:40 decision_table 't': `days` is \"soon\" here, and 1 in line 3",
    })
    for _, cell in ipairs({ "days(3)", "from_to(3, 3)", "from_to(1)", 'above("x")', "at_least()",
      "{ any }", "{}" }) do
      assert.equal("error 3:10 decision_table 't': a cell is a value, a list of values, any, "
        .. "at_least(n), above(n), at_most(n), below(n), or from_to(a, b) with a below b; got",
        found(table_of("{ any, " .. cell .. ', "a", 1 }')):match("^(.-got)"), cell)
    end
  end)

  it("has its own words", function()
    finds({
      table_of('{ 1, any, "a", 1 }', 'gives = { "who", "days" }'),
      "error 1:20 decision_table 't': `reads` is missing: it takes a list of expressions",
      table_of('{ 1, any, "a", 1 }', 'hit = "any", reads = { "orders" }, gives = { "who" }'),
      "error 2:9 decision_table 't': `hit` takes \"first\" or \"collect\", got \"any\"\n"
        .. "error 3:3 decision_table 't': a row is { ... } of 2 cells: 1 that are read, then 1 "
        .. "that are given; got a table of 4",
    })
  end)

  it("takes only labels and types that its columns have", function()
    local inputs = "inputs { size = { 'small', 'large' }, vip = flag }\n"
    local function of(cell)
      return inputs .. 'tiers "card" { { "gold", when = "spend > 1" }, { "classic" } }\n'
        .. table_of(cell, 'reads = { "size", "vip", "card" }, gives = { "n" }')
    end
    finds({
      of('{ "small", true, at_least("gold"), 1 }, { any, false, "classic", 2 }'), "",
      of('{ "smal", true, any, 1 }'), "error 5:5 `size` is never 'smal': did you mean 'small'?",
      of('{ { "small", "big" }, true, any, 1 }'),
      "error 5:16 `size` is never 'big'; it is one of 'large', 'small'",
      of('{ 3, true, any, 1 }'),
      "error 5:5 `size` is a label, `3` is a number: they cannot be compared",
      of('{ "small", "yes", any, 1 }'),
      "error 5:14 `vip` is a flag (true or false), `'yes'` is a text: they cannot be compared; a "
        .. "flag is a condition itself: write it alone, or with not before it",
      of('{ "small", true, at_least("silver"), 1 }'),
      "error 5:29 `card` is never 'silver'; it is one of 'gold', 'classic'",
      of('{ "small", at_least(1), any, 1 }'),
      "error 5:23 `vip` is a flag (true or false), `1` is a number: they cannot be compared; a "
        .. "flag is a condition itself: write it alone, or with not before it",
    })
  end)
end)
