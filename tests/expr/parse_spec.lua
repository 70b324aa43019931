local expr = require("patron_core").expr

local function world()
  local some = { 1, 2 }
  return expr.world(2, {
    { name = "clv", type = "money", values = some },
    { name = "annual_fee", type = "money", values = some },
    { name = "recency_days", type = "integer", values = some },
    { name = "pace", type = "number", values = { 0.5, 1.5 } },
    { name = "opted_out", type = "flag", values = { true, false } },
    { name = "in_collections", type = "flag", values = { true, false } },
    { name = "first_purchase", type = "date", values = some },
    { name = "last_purchase", type = "date", values = some },
    { name = "potential", type = "label", values = { "low", "high" }, labels = { "low", "high" } },
    { name = "city", type = "label", values = { "a", "b" } },
    { name = "note", type = "text", values = { "a", "b" } },
    { name = "tier", type = "label", values = { "gold", "classic" },
      labels = { "diamond", "gold", "classic" }, ordered = true },
    { name = "friend.spend", type = "money", values = some },
    { name = "c.客户 编号", type = "text", values = { "a", "b" } },
    { name = "gold_clv", type = "integer", constant = 20000 },
    { name = "wanted", type = "label", constant = "high" },
    { name = "today", type = "date", constant = 20000 },
  })
end

-- Asserts that the text is refused at the bytes of `where` (its n-th occurrence), with the message.
local function refused(text, where, message, want, nth)
  local e, got, offset, length = world():parse(text, want)
  assert.is_nil(e, "accepted: " .. text)
  local first, last = 0, 0
  for _ = 1, nth or 1 do
    first, last = text:find(where, last + 1, true)
  end
  if where == "" then
    first, last = #text + 1, #text
  end
  local at = ("%s\n-> %s (at %d, %d bytes)"):format(text, got, offset, length)
  assert.equal(first - 1, offset, at)
  assert.equal(last - first + 1, length, at)
  assert.is_truthy(got:find(message, 1, true), at .. "\nwanted: " .. message)
end

local function accepted(text, type_name, want)
  local e, why = world():parse(text, want)
  assert.is_truthy(e, text .. ": " .. tostring(why))
  assert.equal(type_name, (e:about()), text)
end

describe("a word or sign of another language", function()
  local cases = {
    { "clv != 5", "!=", "write ~=" }, { "clv <> 5", "<>", "write ~=" },
    { "opted_out && in_collections", "&&", "write and" },
    { "opted_out || in_collections", "||", "write or" },
    { "!opted_out", "!", "write not" }, { "clv = 5", "=", "write ==" },
    { "clv === 5", "===", "write ==" }, { "clv => 5", "=>", "write >=" },
    { "clv =< 5", "=<", "write <=" }, { "clv ** 2", "**", "write ^" },
    { "#note", "#", "no length operator" }, { "clv & 1", "&", "no bit operators" },
    { "clv | 1", "|", "no bit operators" }, { "clv ~ 1", "~", "no bit operators" },
    { "~ clv", "~", "no bit operators" }, { "clv << 1", "<<", "no bit operators" },
    { "clv >> 1", ">>", "no bit operators" }, { "clv == {}", "{", "one_of(" },
    { "note:sub(1) == 'a'", ":", "no methods" },
    { "clv > 1 ? 2", "?", "condition and this or that" },
    { "clv > 1;", ";", "one expression" }, { "max(...)", "...", "varargs" },
    { "clv -- what it is", "--", "comments" }, { "[[a]] == note", "[[", "in quotes" },
    { "clv == nil", "nil", "has(x)" }, { "return clv > 5", "return", "leave out the return" },
    { "goto done", "goto", "one expression" }, { "function() end", "function", "no functions" },
    { "if opted_out then", "if", "condition and this or that" },
    { "while true", "while", "loops" }, { "local a", "local", "no variables" },
    { "city in ('a', 'b')", "in", "one_of(" },
    { "opted_out AND clv > 5", "AND", "write and" }, { "NOT opted_out", "NOT", "write not" },
    { "opted_out == TRUE", "TRUE", "write true" }, { "clv is null", "is", "has(x)" },
    { "clv == NULL", "NULL", "has(x)" }, { "clv between 1", "between", "low <= x and x <= high" },
    { "note like 'a'", "like", "starts_with(" }, { "clv > 5 then", "then", "condition and this" },
    { "math.floor(pace)", "math.floor", "did you mean `floor`" },
    { "（clv > 5)", "（", "write (" }, { "clv ＞ 5", "＞", "write >" },
    { "note == “a”", "“", "write '" }, { "客户 == 'a'", "客", 'c["name"]' },
    { "clv > 5 $", "$", "remove it" }, { "clv \1", "\1", "control character" },
    { "clv > 0x10", "0x10", "is no number" }, { "clv > 3x", "3x", "is no number" },
    { "clv > 1..2", "1..2", "is no number" }, { "clv > 1e999", "1e999", "is no number" },
  }
  for _, case in ipairs(cases) do
    it("is answered with Lua's: " .. case[1], function()
      refused(case[1], case[2], case[3])
    end)
  end
end)

describe("a text that is no expression", function()
  local cases = {
    { "", "", "ends too early" }, { "   ", "", "ends too early" },
    { "clv >", "", "ends too early" }, { "(clv > 5", "", "ends too early" },
    { "min(clv, 5", "", "ends too early" }, { "clv > 5)", ")", "cannot stand here" },
    { "clv 5", "5", "an operator is missing" }, { "clv > * 5", "*", "a value is missing" },
    { "min(, 5)", ",", "a value is missing" }, { "min(clv 5)", "5", "comma" },
    { "friend.", "", "a name must follow the point" },
    { "friend.spend.5", ".5", "an operator is missing" },
    { "c[5]", "5", "name in quotes" }, { 'c["a"', "", "close the name with ]" },
    { "note == 'abc", "'abc", "not closed: put '" },
    { 'note == "a\nb"', '"a', 'not closed: put "' },
    { "note == '\\q'", "\\q", "no such escape" }, { "note == '\\x4'", "\\x", "no such escape" },
    { "note == '\\999'", "\\9", "no such escape" }, { "note == 'a\\", "\\", "no such escape" },
  }
  for _, case in ipairs(cases) do
    it(("is refused where it fails: %q"):format(case[1]), function()
      if case[3]:find("escape") and #case[2] == 1 then
        assert.is_nil((world():parse(case[1])))
      else
        refused(case[1], case[2], case[3])
      end
    end)
  end

  it("may be long and deep, to a limit", function()
    local terms = {}
    for i = 1, 900 do terms[i] = "clv > " .. i end
    local long = world():parse(table.concat(terms, " or "))
    assert.same({ false, false }, (long:rows()))
    assert.same({ false, false }, (long:blocks(64)))
    assert.equal(900, #long:explain(1))
    for i = 1, 1100 do terms[i] = "clv > " .. i end
    local _, why = world():parse(table.concat(terms, " or "))
    assert.matches("too long: give parts of it a name under metrics", why)
    accepted(("("):rep(100) .. "clv > 5" .. (")"):rep(100), "flag")
    for _, opening in ipairs({ "(", "not ", "- ", "abs(", "1 ^ ", "'a' .. " }) do
      _, why = world():parse(opening:rep(100000 // #opening) .. "1")
      assert.matches("65536 bytes", why)
      _, why = world():parse(opening:rep(5000) .. "1")
      assert.matches("nested too deeply", why)
    end
    _, why = world():parse("one_of(pace" .. (", 1"):rep(2000) .. ")")
    assert.matches("up to 1000 arguments", why)
  end)

  it("is refused whatever its bytes are", function()
    for seed = 1, 3000 do
      local bytes = {}
      for i = 1, seed % 40 do
        bytes[i] = string.char((seed * 7919 * i + i * i * 104729) % 256)
      end
      local text = table.concat(bytes)
      local e, why, offset, length = world():parse(text)
      assert.is_true(e ~= nil or (#why > 0 and offset + length <= #text), ("%q"):format(text))
    end
  end)
end)

describe("a name", function()
  it("that is unknown is answered with the nearest", function()
    refused("cvl > 5", "cvl", "did you mean `clv`?")
    refused("clv > gold_clc", "gold_clc", "did you mean `gold_clv`?")
    refused("friend.spent > 5", "friend.spent", "did you mean `friend.spend`?")
    refused("florr(pace)", "florr", "did you mean `floor`?")
    refused("zzzzzz > 5", "zzzzzz", "check its spelling")
    refused("zzzzzz(5)", "zzzzzz", "docs/expressions.md")
    refused("clv(5) > 1", "clv", "is a value, no function")
    refused("min > 5", "min", "is a function: write min(x, y, ...)")
  end)

  it("may be a label without its quotes", function()
    refused("potential == high", "high", "write it in quotes, 'high'")
    refused("one_of(potential, low, 'high')", "low", "write it in quotes, 'low'")
    refused("city == lindon", "lindon", "a text is written in quotes")
  end)

  it("may have a prefix, or any bytes in c[...]", function()
    accepted("friend.spend > 5", "flag")
    accepted("friend['spend'] > 5", "flag")
    accepted('c["客户 编号"] == "a"', "flag")
    local e = world():parse('friend.spend > clv and clv > 1 and c["客户 编号"] == "a"')
    assert.same({ "friend.spend", "clv", "c.客户 编号" }, (select(3, e:about())))
  end)
end)

describe("types", function()
  local cases = {
    -- dates
    { "first_purchase + last_purchase > today", "+", "date - date is a number of days" },
    { "first_purchase < 30", "<", "today - a_date < 30" },
    { "30 > first_purchase", ">", "today - a_date < 30" },
    { "first_purchase < '2025-01-01'", "<", "date('2025-01-31')" },
    { "first_purchase * 2", "*", "a date takes + or -" },
    { "2 - first_purchase", "-", "a date takes + or -" },
    { "-first_purchase", "-", "has no negative" },
    { "first_purchase + pace", "pace", "write floor(pace)" },
    { "first_purchase + clv", "+", "has no meaning for them" },
    { "first_purchase .. ''", "first_purchase", "joins texts and numbers" },
    { "max(first_purchase, 5)", "max(first_purchase, 5)", "no order among each other" },
    { "abs(first_purchase)", "first_purchase", "abs(x) takes a number" },
    { "year(5)", "5", "year(d) takes a date" },
    { "date('2025-02-30') < today", "'2025-02-30'", "no date of the calendar" },
    { "date(note) < today", "note", "no date of the calendar" },
    { "default(first_purchase, 5)", "5", "cannot stand for it" },
    { "months(3) * 2", "months(3)", "only be added to a date" },
    { "recency_days < months(3)", "months(3)", "only be added to a date" },
    { "months(3)", "months(3)", "only be added to a date" },
    { "abs(months(3))", "months(3)", "only be added to a date" },
    { "months(pace)", "pace", "takes a whole number: write floor" },
    { "first_purchase + months('3')", "'3'", "takes a whole number" },
    { "first_purchase + days(pace)", "pace", "takes a whole number: write floor" },
    -- labels
    { "potential < 'high'", "<", "labels have no order" },
    { "potential < potential", "<", "labels have no order" },
    { "tier >= 'gold'", ">=", "at_least(tier, '...')" },
    { "potential == 'hihg'", "'hihg'", "did you mean 'high'?" },
    { "'hihg' ~= potential", "'hihg'", "did you mean 'high'?" },
    { "one_of(potential, 'low', 'mid')", "'mid'", "it is one of" },
    { "tier == 'silver'", "'silver'", "it is one of 'diamond', 'gold', 'classic'" },
    { "at_least(tier, 'silver')", "'silver'", "it is one of" },
    { "at_least(city, 'a')", "city", "whose values are ordered" },
    { "at_least(tier, city)", "city", "write the label itself" },
    { "potential == 5", "==", "they cannot be compared" },
    { "clv == '5'", "==", "a number is written without quotes" },
    { "potential + 1", "potential", "texts are joined with .." },
    { "-potential", "potential", "takes numbers" },
    { "starts_with(clv, 'a')", "clv", "takes a text" },
    -- conditions
    { "not tier == 'gold'", "not", "not (tier == ...), or ~= in place of ==" },
    { "not clv > 5", "not", "write not (clv > ...)" },
    { "clv and opted_out", "clv", "`and` takes a condition" },
    { "not clv", "clv", "`not` takes a condition" },
    { "not potential", "potential", "potential == '...'" },
    { "clv or 0", "or", "write default(clv, 0)" },
    { "potential or 'low'", "or", "write default(potential, 'low')" },
    { "opted_out or 5", "or", "make them alike" },
    { "opted_out and 5 or 'a'", "or", "make them alike" },
    { "opted_out and 5", "opted_out and 5", "(opted_out and 5 or ...)" },
    { "(opted_out and 5) + 1", "(opted_out and 5)", "false where its condition" },
    { "1 .. (opted_out and 5)", "(opted_out and 5)", "false where its condition" },
    { "abs(opted_out and 5)", "opted_out and 5", "false where its condition" },
    { "(opted_out and 5) and opted_out", "(opted_out and 5)", "false where its condition" },
    { "1 < recency_days < 3", "<", "write 1 < recency_days and recency_days < 3", nil, 2 },
    { "clv == annual_fee == opted_out", "==", "do not chain", nil, 2 },
    { "opted_out < true", "<", "is a flag: it has no order" },
    { "opted_out == 1", "==", "write it alone" },
    { "opted_out + 1", "opted_out", "(flag and 1 or 0)" },
    { "opted_out .. ''", "opted_out", "joins texts and numbers" },
    -- what is never missing
    { "has(gold_clv)", "gold_clv", "never missing" },
    { "default(5, 6)", "5", "never missing" },
    -- arguments
    { "clamp(clv, 1) > 5", "clamp(clv, 1)", "it is clamp(x, low, high)" },
    { "sqrt(clv, 1) > 5", "sqrt(clv, 1)", "too many arguments: it is sqrt(x)" },
    { "has() and true", "has()", "lacks arguments" },
    { "round(clv, 1.5)", "1.5", "0 to 15" },
    { "round(clv, recency_days)", "recency_days", "0 to 15" },
    { "round(clv, 16)", "16", "0 to 15" },
    -- the place
    { "clv", "clv", "this place takes a condition", "condition" },
    { "opted_out and 5", "opted_out and 5", "false where", "condition" },
    { "opted_out", "opted_out", "a number must stand here", "number" },
    { "potential", "potential", "a number must stand here", "number" },
    { "first_purchase", "first_purchase", "a number must stand here", "number" },
  }
  for _, case in ipairs(cases) do
    it("refuse " .. case[1], function()
      refused(case[1], case[2], case[3], case[4], case[5])
    end)
  end

  it("of results are those of columns", function()
    accepted("clv > 5", "flag", "condition")
    accepted("recency_days + 1", "integer", "number")
    accepted("recency_days / 2", "number", "number")
    accepted("recency_days ^ 2", "number")
    accepted("opted_out and 1 or 2.5", "number", "number")
    accepted("potential", "label")
    accepted("note .. '!'", "label")
    accepted("today - first_purchase", "integer")
    accepted("first_purchase + 30", "date")
    accepted("30 + first_purchase", "date")
    accepted("first_purchase + days(30)", "date")
    accepted("first_purchase - months(3)", "date")
    accepted("months(3) + first_purchase", "date")
    accepted("default(first_purchase, today)", "date")
    accepted("min(first_purchase, date('2024-02-29'))", "date")
    accepted("months_between(first_purchase, today)", "integer")
  end)

  it("keep money where it stays money", function()
    for _, text in ipairs({ "clv + 10", "10 - clv", "clv + annual_fee", "2 * clv", "clv * 0.5",
      "clv / 2", "clv // 2", "clv % 100", "-clv", "abs(clv)", "max(clv, 0)", "clamp(clv, 0, 100)",
      "floor(clv)", "round(clv, 1)", "default(clv, 0)", "opted_out and clv or 0" }) do
      accepted(text, "money", "number")
    end
    for _, text in ipairs({ "clv / annual_fee", "clv * clv", "2 / clv", "clv ^ 2", "sqrt(clv)" }) do
      accepted(text, "number", "number")
    end
    accepted("clv // annual_fee", "number")
  end)

  it("keep the labels that a result can have", function()
    local function labels(text)
      return (select(2, world():parse(text):about()))
    end
    assert.same({ "high", "low" }, labels("potential"))
    assert.same({ "a", "b" }, labels("clv > 5 and 'a' or 'b'"))
    assert.same({ "a", "b", "c" }, labels("clv > 5 and 'a' or opted_out and 'c' or 'b'"))
    assert.same({ "high", "low", "none" }, labels("default(potential, 'none')"))
    assert.same({ "diamond", "gold", "classic" }, labels("tier"))
    assert.is_nil(labels("city"))
    assert.is_nil(labels("default(city, 'none')"))
    assert.is_nil(labels("note .. 'a'"))
    refused("(clv > 5 and 'a' or 'b') == 'c'", "'c'", "it is one of 'a', 'b'")
  end)
end)

describe("literals", function()
  local function value(text)
    return world():parse(text):rows()[1]
  end

  it("are Lua's", function()
    for _, text in ipairs({ "12", "0", "1e2", "1E+2", ".5", "5.", "0.1", "9223372036854775807",
      "9223372036854775808", "123456789012345678901234567890", "3.14159265358979323846",
      [['a']], [["a"]], [['\n\t\\\'\"\65\0\x41\127']], [["it's"]], "'\\\n'", "true", "false" }) do
      local wanted = load("return " .. text)()
      assert.equal(wanted, value(text), text)
      assert.equal(math.type(wanted), math.type(value(text)), text)
    end
  end)
end)
