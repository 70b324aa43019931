-- JSON arrays and lines: the same table as CSV gives, for any cut into chunks and any number of
-- threads; and what is wrong is said with its place.
local load = require("patron_core").load
local folder = require("load.folder")

local function generator(seed)
  return function(n)
    seed = (seed * 6364136223846793005 + 1442695040888963407)
    return (seed >> 33) % n + 1
  end
end

local function put(name, text)
  return folder { [name] = text } .. "/" .. name
end

local function refusal(name, text)
  local d, message, status = load.dataset { path = put(name, text) }
  assert.is_nil(d)
  assert.are.equal(1, status)
  return (message:gsub("^/[^ ]*/lua_[^ /]*/", ""))
end

-- ---- the same table ------------------------------------------------------------------------

local strings = {
  "C7", "a b", 'q"q', "back\\slash", "a,b", "北京", "𠮷", "€", "two\nlines", "tab\there", "/",
  "007", "x\u{80}", "{", "}]", '{"a":1},{', "",
}

-- A string of JSON in one of the ways in which it can be written.
local function json_string(s, random)
  return '"' .. s:gsub(utf8.charpattern, function(c)
    local code = utf8.codepoint(c)
    if c == '"' or c == "\\" then
      return "\\" .. c
    elseif code < 32 or random(5) == 1 then
      if code < 0x10000 then
        return (random(2) == 1 and "\\u%04x" or "\\u%04X"):format(code)
      end
      code = code - 0x10000
      return ("\\u%04x\\u%04x"):format(0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff))
    end
  end) .. '"'
end

local function csv_field(s)
  return '"' .. s:gsub('"', '""') .. '"'
end

local numbers = {
  { "3.5", "3.5", "3.50", "35e-1", "0.35E+1" }, { "7", "7", "7.0", "0.7e1", "70E-1" },
  { "-12", "-12", "-12.00", "-1.2e1" }, { "0", "0", "0.0", "0e9" },
  { "0.1", "0.1", "1e-1", "0.1000" }, { "12345678901234567", "12345678901234567" },
  { "0.000001", "1e-6", "0.000001" },
}

local keys = { "customer", "date", "amount", "note", "flag", "n" }

-- A row as { csv = field, json = value or nil }, by key.
local function make_row(i, random)
  local function text(s)
    return { csv = csv_field(s), json = json_string(s, random) }
  end
  local function number(list)
    return { csv = list[1], json = list[random(#list - 1) + 1] }
  end
  local row = {
    customer = text("C" .. random(5)),
    date = text(("2024-%02d-%02d"):format(random(12), random(28))),
    amount = number(numbers[random(5)]),
    note = text(strings[random(#strings)]),
    flag = random(2) == 1 and { csv = "true", json = "true" } or { csv = "no", json = '"no"' },
    n = i == 1 and { csv = "3.5", json = "3.5" } or number(numbers[random(#numbers)]),
  }
  for _, key in ipairs(keys) do
    if i > 1 and random(8) == 1 and key ~= "customer" then
      row[key] = { csv = "", json = random(2) == 1 and "null" or nil } -- may be a bad row
    end
  end
  return row
end

local function blanks(random)
  return ({ "", "", " ", "\t", "  " })[random(5)]
end

-- Keys in any order but in the first object, which settles that of the columns.
local function object(i, row, random)
  local order, members = { table.unpack(keys) }, {}
  for k = #order, 2, -1 do
    local other = i > 1 and random(k) or k
    order[k], order[other] = order[other], order[k]
  end
  for _, key in ipairs(order) do
    if row[key].json then
      members[#members + 1] = blanks(random) .. json_string(key, i > 1 and random or
        function() return 2 end) .. blanks(random) .. ":" .. blanks(random) .. row[key].json
    end
  end
  return "{" .. table.concat(members, ",") .. blanks(random) .. "}"
end

-- The same rows as CSV, lines and array.
local function make_table(random)
  local csv, objects = { table.concat(keys, ",") }, {}
  for i = 1, random(12) do
    local row, fields = make_row(i, random), {}
    for k, key in ipairs(keys) do
      fields[k] = row[key].csv
    end
    csv[i + 1] = table.concat(fields, ",")
    objects[i] = object(i, row, random)
  end
  local gap = ({ ",", ",\n", " ,\n  ", ",\r\n\t" })[random(4)]
  return table.concat(csv, "\n"), table.concat(objects, random(3) == 1 and "\r\n\n" or "\n"),
    (random(2) == 1 and "\xef\xbb\xbf" or "") .. "[" .. table.concat(objects, gap) .. "]\n"
end

-- What must be equal: the tables to the byte, and the rejects by reason. (Which of two empty fields
-- comes first depends on the order of keys.)
local function essence(path, chunk, threads)
  local d, message = load.dataset { path = path, chunk = chunk, threads = threads }
  if not d then
    return message:match("no row of this file can be used") or message
  end
  local out = { d.people.hash, d.transactions.hash, d.customers, d.source[1].read }
  for _, reject in ipairs(d.source[1].rejects) do
    out[#out + 1] = reject.reason
  end
  return table.concat(out, "\n")
end

describe("JSON", function()
  it("gives the table that CSV gives, however it is written and cut", function()
    local random = generator(1)
    for i = 1, 40 do
      local csv, lines, array = make_table(random)
      local path = folder { ["t.csv"] = csv, ["t.ndjson"] = lines, ["t.json"] = array,
        ["lines.json"] = lines } -- of one line it would be a dataset.json
      local want = essence(path .. "/t.csv", 0, 1)
      for _, name in ipairs { "t.ndjson", "t.json", lines:find("\n") and "lines.json" } do
        for _, chunk in ipairs { 0, 5 + 3 * i, 100, i == 1 and 1 or 9 } do
          assert.are.equal(want, essence(path .. "/" .. name, chunk, 1 + i % 2),
            name .. ", " .. lines)
        end
      end
    end
  end)

  it("has the columns of all records, in the order in which they first come", function()
    local lines = '{"amount":1,"customer":"a"}\n{"x":1} {}\n{"y":true,"customer":"b",' ..
      '"date":"2024-01-01","amount":2}\n{"customer":"a","z":null,"date":"2024-01-01",' ..
      '"amount":2,"y":false}'
    for chunk = 1, #lines do
      local d = assert(load.dataset { path = put("t.ndjson", lines), chunk = chunk, threads = 2 })
      assert.are.same({ "amount", "y", "date", "z" }, d.transactions.names)
      assert.are.same({ "false", "true" },
        { table.unpack(d.transactions.column.y, 1, 2) })
      assert.are.equal(4, d.source[1].read)
      assert.are.equal(2, d.source[1].accepted)
    end
  end)

  it("takes numbers as they are, and never through a double", function()
    local path = folder {
      ["dataset.json"] = [[{ "tables": { "customers": { "file": "t.ndjson", "columns": {
        "i": "integer", "m": "money", "x": "number", "id": { "as": "customer" } } } } }]],
      ["t.ndjson"] = table.concat({
        '{"id":1,"i":9223372036854775807,"m":9007199254740.93,"x":0.1}',
        '{"id":2.0,"i":-9223372036854775808,"m":0.005,"x":1e300}',
        '{"id":"3","i":1e3,"m":1e2,"x":123456789012345678901234567890}',
        '{"id":4,"i":9223372036854775808,"m":1}',
        '{"id":5,"i":1.5,"m":1}',
        '{"id":6,"i":1e19,"m":1}',
        '{"id":7,"i":1e-1,"m":1}',
        '{"id":8,"i":"12","m":"1.10","x":"2"}',
        '{"id":9,"i":1,"m":1,"x":1e999}',
      }, "\n"),
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ "1", "2", "3", "8" }, { table.unpack(d.people.column.customer, 1, 4) })
    assert.are.same({ "9223372036854775807", "-9223372036854775808", "1000", "12" },
      { table.unpack(d.people.column.i, 1, 4) })
    assert.are.same({ "9007199254740.93", "0.00", "100.00", "1.10" },
      { table.unpack(d.people.column.m, 1, 4) })
    assert.are.same({ "0.1", "1e+300", "1.2345678901234568e+29", "2" },
      { table.unpack(d.people.column.x, 1, 4) })
    assert.are.same({ ["no integer"] = 4, ["no number"] = 1 }, d.source[1].reasons)
    local first = d.source[1].rejects[1]
    assert.are.same({ 4, 13 }, { first.line, first.column })
    assert.are.equal("i '9223372036854775808': no integer; digits with an optional sign are read",
      first.text)
  end)

  it("reads numbers with a point where commas are declared for CSV", function()
    local path = folder {
      ["dataset.json"] = [[{ "decimal": ",", "tables": { "transactions": { "file": "t.json" } } }]],
      ["t.json"] = '[{"customer":"a","date":"2024-01-01","amount":3.5},' ..
        '{"customer":"a","date":"2024-01-02","amount":"4,25"}]',
    }
    assert.are.same({ "3.50", "4.25" },
      { table.unpack(assert(load.dataset { path = path }).transactions.column.amount, 1, 2) })
  end)

  it("lets anything stand in a column that is ignored", function()
    local rows = '{"customer":"a","address":{"lines":["x",{"y":[]}],"zip":1}},' ..
      '{"address":[{"customer":"no"},{}],"customer":"b"},{"customer":"c"}'
    local path = folder {
      ["dataset.json"] = [[{ "tables": { "customers": { "file": "t.json", "columns": {
        "address": { "ignore": true } } } } }]],
      ["t.json"] = "[" .. rows .. "]",
    }
    for chunk = 1, #rows do
      local d = assert(load.dataset { path = path, chunk = chunk, threads = 2 })
      assert.are.same({ "a", "b", "c" }, { table.unpack(d.people.column.customer, 1, 3) })
      assert.are.same({ "customer" }, d.people.names)
    end
  end)

  it("stands for tables of a folder without a description", function()
    local path = folder {
      ["customers.json"] = '[{"id":"a"},{"id":"b"}]',
      ["transactions.ndjson"] = '{"customer":"b","date":"2024-01-01","amount":1}',
      ["decisions.csv.manifest.json"] = "{}",
    }
    local d = assert(load.dataset { path = path })
    assert.are.equal(2, d.customers)
    assert.are.equal(1, d.transactions.n)
    local twice = folder { ["customers.json"] = "[]", ["customers.csv"] = "id\n1\n" }
    local _, message = load.dataset { path = twice }
    assert.matches("customers.csv and customers.json would be the same table; remove one", message,
      1, true)
  end)
end)

-- ---- what is wrong -------------------------------------------------------------------------

describe("a bad row of JSON", function()
  local good = '{"customer":"a","date":"2024-01-01","amount":3}'
  local bad = {
    { '5', 1, "no object" },
    { '["customer"]', 1, "no object" },
    { '{"customer":"a","customer":"b"}', 17, "repeated key" },
    { '{"customer":"a","date":"2024-01-01","amount":{"a":[]}}', 46, "nested value" },
    { '{"customer":[],"amount":1}', 13, "nested value" },
    { '{"customer":"\\ud800x"}', 14, "half a character" },
    { '{"customer":"\\udc00\\ud800"}', 14, "half a character" },
    { '{"customer":"\\ud800\\u0041"}', 14, "half a character" },
    { '{"a\\u0000":1}', 4, "NUL byte" },
    { '{"customer":"\\\\\\u0000"}', 16, "NUL byte" },
    { '{"customer":"\xc0\xaf"}', 14, "not UTF-8" },
    { '{"customer":"x\xed\xa0\x80"}', 15, "not UTF-8" },
    { '{"amount":3,"customer":"a","date":"2024-02-30"}', 35, "no such date" },
    { '{"amount":"3 EUR","customer":"a","date":"2024-02-01"}', 11, "no amount" },
    { '{"amount":99999999999999999999,"customer":"a","date":"2024-02-01"}', 11, "no amount" },
    { '{"amount":3,"date":"2024-02-01"}', 1, "empty field" },
    { '{"amount":3,"customer":null,"date":"2024-02-01"}', 24, "empty field" },
    { '{}', 1, "empty field" },
  }
  local broken = {
    { '{"customer":"a"} {}', 18 }, { '{"customer":"a"}x', 17 }, { '{"customer":"a"},', 17 },
    { '{"customer":"a"', 16 }, { '{"customer":"a', 14 }, { '{"customer":}', 13 },
    { '{"customer" "a"}', 15 }, { "{'customer':1}", 2 }, { '{"customer":01}', 13 },
    { '{"customer":+1}', 13 }, { '{"customer":1.}', 14 }, { '{"customer":.5}', 13 },
    { '{"customer":1e}', 14 }, { '{"customer":NaN}', 13 }, { '{"customer":Infinity}', 13 },
    { '{"customer":True}', 13 }, { '{"customer":nul}', 15 }, { '{"customer":"a\tb"}', 14 },
    { '{"customer":"\\x"}', 14 }, { '{"customer":"\\u12g4"}', 17 }, { '{"a":1,}', 8 },
    { '{,}', 2 }, { '{1:2}', 2 }, { '{"a":1 // x\n', 7 }, { '}', 1 }, { ']', 1 }, { 'x', 1 },
    { '{"a":[1,2}', 10 }, { '{"a":{"b":1]}', 11 }, { '\0', 1 }, { '{"a"\0:1}', 5 },
    { '\xef\xbb\xbf{}', 1 }, { '"' , 1 }, { '5 6', 3 },
  }

  it("is rejected for its reason, with its place, however the file is cut", function()
    local text = { good }
    for _, row in ipairs(bad) do
      text[#text + 1] = row[1]
    end
    for chunk = 0, 90, 9 do
      for name, whole in pairs {
        ["t.ndjson"] = table.concat(text, "\n"),
        ["t.json"] = "[" .. table.concat(text, ",\n") .. "]",
      } do
        local path = folder { [name] = whole }
        local d = assert(load.dataset { path = path .. "/" .. name, chunk = chunk,
          rejects = path .. "/rejects.csv" })
        assert.are.equal(#text, d.source[1].read)
        assert.are.equal(#bad, d.source[1].rejected)
        local file = assert(io.open(path .. "/rejects.csv"))
        assert.are.equal("place,reason,row", file:read("l"))
        for i, row in ipairs(bad) do
          local line = file:read("l")
          assert.are.equal(('t%s:%d:%d","%s","%s"'):format(name:sub(2), i + 1, row[2], row[3],
            (row[1]:gsub('"', '""'))), line:match("/(t%.%a+:.*)$"))
        end
        file:close()
      end
    end
  end)

  it("that is no JSON costs a line its row, and an array the file", function()
    for _, case in ipairs(broken) do
      local text = good .. "\n" .. case[1] .. "\n" .. good
      local d = assert(load.dataset { path = put("t.ndjson", text) })
      local reject = d.source[1].rejects[1]
      assert.are.equal("broken JSON", reject.reason, case[1])
      assert.are.same({ 2, case[2] }, { reject.line, reject.column }, case[1])
      assert.are.equal(3, d.source[1].read)
      assert.are.equal(2, d.source[1].accepted)
    end
    for _, row in ipairs { '{"a":}', '{"a":01}', "{'a':1}", '{"a":1,}', '{"a":"\t"}' } do
      for chunk = 1, 60, 7 do
        local path = put("t.json", "[" .. good .. ",\n" .. row .. ",\n" .. good .. "]")
        local d, message = load.dataset { path = path, chunk = chunk, threads = 2 }
        assert.is_nil(d)
        assert.matches("t.json:2:%d+: near here: ", message)
      end
    end
  end)

  it("can be written as JSON, too", function()
    local row = '{"place":"t.csv:%d:17","reason":"not UTF-8","row":"\\"=1\\",2024-02-30,\\ufffd"}'
    local want = { [".ndjson"] = row:format(2) .. "\n" .. row:format(3) .. "\n",
      [".json"] = "[\n" .. row:format(2) .. ",\n" .. row:format(3) .. "\n]\n" }
    for suffix, text in pairs(want) do
      local path = folder { ["t.csv"] = "customer,date,amount\n" ..
        ('"=1",2024-02-30,\xff\n'):rep(2) .. "a,2024-01-01,1\n" }
      local rejects = path .. "/rejects" .. suffix
      assert(load.dataset { path = path .. "/t.csv", rejects = rejects })
      assert.are.equal(text:gsub("\\ufffd", "\u{fffd}"),
        (assert(io.open(rejects)):read("a"):gsub('"/[^"]*/lua_[^"/]*/', '"')))
    end
    local path = put("t.csv", "customer,date,amount\na,2024-01-01,1\n")
    assert(load.dataset { path = path, rejects = path .. ".json" })
    assert.are.equal("[]\n", assert(io.open(path .. ".json")):read("a"))
  end)

  it("says what is wrong, and what to do", function()
    local function said(row)
      return assert(load.dataset { path = put("t.ndjson", good .. "\n" .. row) })
        .source[1].rejects[1].text
    end
    assert.are.equal("amount: nested value; give its parts keys of their own, or ignore the " ..
      "column in dataset.json", said('{"amount":{}}'))
    assert.are.equal("amount: repeated key; a key must stand once in an object",
      said('{"amount":1,"amount":1}'))
    assert.are.equal("broken JSON; the object must end on its line", said('{"amount":1,'))
    assert.are.equal("broken JSON; a line must hold one object only", said('{} {}'))
    assert.are.equal("broken JSON; near here: malformed number, a digit is required " ..
      "after the decimal point", said('{"amount":1.}'))
    assert.are.equal("half a character; \\ud800 to \\udfff must come in pairs",
      said('{"amount":"\\ud800"}'))
  end)
end)

describe("a file of JSON is refused that", function()
  local good = '{"customer":"a","date":"2024-01-01","amount":3}'

  it("is an array that is cut off, or that something follows", function()
    local cut = ": the file ends before its array does: is it cut off?"
    assert.are.equal("t.json:1:49" .. cut, refusal("t.json", "[" .. good))
    assert.are.equal("t.json:2:1" .. cut, refusal("t.json", "[" .. good .. ",\n"))
    assert.are.equal("t.json:1:52" .. cut, refusal("t.json", "[" .. good .. ',{"'))
    for _, behind in ipairs { "x", "[]", ",", "]", "{}" } do
      assert.matches("^t.json:2:%d: near here: trailing garbage",
        refusal("t.json", "[" .. good .. "]\n" .. behind))
    end
  end)

  it("has no object, or none that can be used", function()
    local empty = "is empty; without an object it is not known what its columns are: leave it out"
    for _, text in ipairs { "[]", " [ ]\n", "[" } do
      assert.are.equal("t.json: " .. empty, refusal("t.json", text))
    end
    for _, text in ipairs { "", "\n \n", "\xef\xbb\xbf" } do
      assert.are.equal("t.ndjson: " .. empty, refusal("t.ndjson", text))
    end
    assert.are.equal("t.ndjson:1:1: this is no JSON: it begins neither with [ nor with {",
      refusal("t.ndjson", "customer,date\n"))
    assert.are.equal("t.json:1:2: no row of this file can be used, the first for this reason: " ..
      'no object; a row must be an object: {"key": value, ...}', refusal("t.json", "[[1,2]]"))
    assert.are.equal("t.ndjson:1:2: no row of this file can be used, the first for this " ..
      "reason: broken JSON; the object must end on its line", refusal("t.ndjson", '{\n"a":1\n}\n'))
  end)

  it("has rows or values that are too large", function()
    local long = ("x"):rep((1 << 20) + 1)
    for _, row in ipairs { '{"a":"' .. long .. '"}', '{"' .. long .. '":1}' } do
      assert.matches("^t.json:2:%d: this %a+ is over 1 MB; is its quote never closed%?",
        refusal("t.json", "[" .. good .. ",\n" .. row .. "]"))
    end
    assert.equal("t.json:2:6: this value is over 1 MB; is its quote never closed?",
      refusal("t.json", "[" .. good .. ',\n{"a":"' .. ("x"):rep(17 << 20)))
    assert.matches("^t.json:2:1: this row is over 16 MB", refusal("t.json",
      "[" .. good .. ",\n{" .. ('"a":1,'):rep(3 << 20) .. '"a":1}]'))
    assert.matches("^t.ndjson:2:1: this line is over 16 MB", refusal("t.ndjson",
      good .. "\n" .. (" "):rep(17 << 20)))
    local keys_of = {}
    for i = 1, 4097 do
      keys_of[i] = ('{"k%d":1}'):format(i)
    end
    assert.matches("^t.ndjson:4097:2: here the file has its 4097th different key",
      refusal("t.ndjson", table.concat(keys_of, "\n")))
  end)

  it("hides behind another name", function()
    assert.are.equal("t.csv:1:1: this is JSON; end the file's name in .json or .ndjson",
      refusal("t.csv", "[\n " .. good .. "]"))
    assert.are.equal("t.txt:1:1: this is JSON; end the file's name in .json or .ndjson",
      refusal("t.txt", good .. "\n"))
  end)

  it("has a key of nothing", function()
    assert.are.equal("t.ndjson:2:2: column 4 of the header has no name; give it one, or remove " ..
      "the column", refusal("t.ndjson", good .. '\n{"":1}'))
  end)
end)

-- ---- damage --------------------------------------------------------------------------------

local function damage(text, random)
  local pieces = { '"', "\\", "{", "}", "[", "]", ",", ":", "\n", "\0", "\xff", "\\u", "e", ".",
    "-", "9", "null", "\\ud800", " ", "𠮷" }
  for _ = 1, random(3) do
    local at, kind = random(#text), random(4)
    if kind == 1 then
      text = text:sub(1, at - 1) .. text:sub(at + random(5))
    elseif kind == 2 then
      text = text:sub(1, at)
    else
      text = text:sub(1, at) .. pieces[random(#pieces)] .. text:sub(at + kind - 2)
    end
    if text == "" then
      return "{"
    end
  end
  return text
end

local function outcome(path, chunk, threads)
  local d, message = load.dataset { path = path, chunk = chunk, threads = threads }
  if not d then
    assert.is_truthy(message:match("%.n?d?json:%d+:%d+: .") or message:match("json: is empty; ")
      or message:match(": the latest date in it") or message:match("this is UTF%-16"), message)
    return message
  end
  local s = d.source[1]
  assert.are.equal(s.read, s.accepted + s.rejected)
  local out = { d.people.hash, d.transactions and d.transactions.hash or "", s.read }
  for _, reject in ipairs(s.rejects) do
    assert.is_true(reject.line > 0 and reject.column > 0)
    out[#out + 1] = ("%d:%d %s"):format(reject.line, reject.column, reject.text)
  end
  return table.concat(out, "\n")
end

describe("damaged JSON", function()
  it("is refused or its rows rejected, with places, and the same for any cut", function()
    local random = generator(7)
    for _ = 1, 200 do
      local _, lines, array = make_table(random)
      local path = folder {
        ["t.ndjson"] = damage(lines, random), ["t.json"] = damage(array, random),
      }
      for _, name in ipairs { "/t.ndjson", "/t.json" } do
        local want = outcome(path .. name, 0, 1)
        for _, chunk in ipairs { 23, 60 } do
          assert.are.equal(want, outcome(path .. name, chunk, 2))
        end
      end
    end
  end)
end)
