-- dataset.json is read strictly: whatever is not understood is refused, with its place.
local load = require("patron_core").load
local folder = require("load.folder")

local function refusal(json, csv)
  local path = folder { ["dataset.json"] = json, ["t.csv"] = csv or "customer,date,amount\n" }
  local d, message, status = load.dataset { path = path }
  assert.is_nil(d, json)
  assert.are.equal(1, status)
  return (message:gsub("/[^ ]*/lua_[^ /]*/", ""))
end

local function with_table(entries)
  return '{ "tables": { "transactions": { "file": "t.csv", ' .. entries .. " } } }"
end

local function with_column(column)
  return with_table('"columns": { ' .. column .. " }")
end

describe("dataset.json", function()
  it("must be JSON, to the end", function()
    for text, place in pairs {
      ['{ "name": "x", }'] = "1:17", ["{\n  'name': 1 }"] = "2:4", ['{ "name": "x" '] = "1:15",
      [""] = "1:1",
    } do
      assert.are.equal("dataset.json:" .. place .. ": here or just before, this is no JSON; " ..
        "look for a " ..
        "missing or stray comma, quote or bracket", refusal(text))
    end
    assert.matches("^dataset.json:2:1: here or just before, this is no JSON",
      refusal(with_table('"columns": {}') .. "\n{}"))
    assert.matches("must be an object", refusal("[]"))
  end)

  it("must not lose anything that cJSON would", function()
    local cases = {
      ['{ "name": "a\\u0000b" }'] = "1:13: \\u0000 cannot stand in a string",
      ['{ "name": "a",\n  "name": "b" }'] =
        '2:3: "name" stands here for the second time (first on line 1); remove one',
      ['{ "as_of": 9007199254740993 }'] =
        "1:12: this integer is not below 2^53 and may lose digits; write it as a string",
      ['{ "name": "\xff" }'] = "1:12: this byte is not UTF-8 text; save the file as UTF-8",
      ['{ "name": "a\0" }'] = "1:13: this byte is not UTF-8 text; save the file as UTF-8",
    }
    for json, message in pairs(cases) do
      assert.are.equal("dataset.json:" .. message, refusal(json))
    end
  end)

  it("may begin with a byte order mark", function()
    local path = folder {
      ["dataset.json"] = "\xef\xbb\xbf" .. with_table('"columns": {}'),
      ["t.csv"] = "customer,date,amount\n1,2024-01-01,1\n",
    }
    assert.are.equal(1, assert(load.dataset { path = path }).transactions.n)
    assert.matches("^dataset.json:1:6: there is no key \"nome\"",
      refusal("\xef\xbb\xbf{ \"nome\": 1 }"))
  end)

  it("has known keys only, and says which is meant", function()
    local cases = {
      ['{ "tabels": {} }'] = '1:3: there is no key "tabels"; do you mean "tables"?',
      ['{ "Name": "x" }'] = '1:3: there is no key "Name"; do you mean "name"?',
      ['{ "zzz": 1 }'] = '1:3: there is no key "zzz"; there are name, as_of, currency, ' ..
        'delimiter, ' ..
        "decimal, encoding, date_formats, missing, tables",
      [with_table('"colums": {}')] = '1:50: there is no key "colums"; do you mean "columns"?',
      [with_column('"date": { "formats": "x" }')] =
        '1:73: there is no key "formats"; do you mean "format"?',
      ['{ "tables": { "transaction": { "file": "t.csv" } } }'] =
        '1:15: there is no table "transaction"; do you mean "transactions"?',
      [with_column('"dat": "date"')] = "1:63: t.csv has no column 'dat'; do you mean 'date'?",
      [with_column('"elsewhere": "date"')] =
        "1:63: t.csv has no column 'elsewhere'; its headers are customer, date, amount",
    }
    for json, message in pairs(cases) do
      assert.are.equal("dataset.json:" .. message, refusal(json))
    end
  end)

  it("has values that mean something", function()
    local cases = {
      ['{ "name": 1 }'] = "1:11: this must be a string, and not empty",
      ['{ "name": "" }'] = "1:11: this must be a string, and not empty",
      ['{ "as_of": "2024-02-30" }'] = '1:12: this must be a day of the calendar: "YYYY-MM-DD"',
      ['{ "as_of": "2024-02-03 10:00" }'] = '1:12: this must be a day of the calendar: ' ..
        '"YYYY-MM-DD"',
      ['{ "currency": "yuan" }'] = "1:15: this must be a currency's ISO code, e.g. \"CNY\"",
      ['{ "delimiter": ",,"}'] = '1:16: this must be one character, e.g. ";" or "\\t"',
      ['{ "delimiter": "\\""}'] = '1:16: this must be one character, e.g. ";" or "\\t"',
      ['{ "decimal": ";" }'] = '1:14: this must be "." or ","',
      ['{ "encoding": "Big5" }'] = "1:15: there are UTF-8, GB18030 (also named GBK and GB2312), " ..
        "ISO-8859-1 (Latin-1) and Windows-1252; convert each file with: iconv -f Big5 -t UTF-8 " ..
        'FILE > NEW, and write "encoding": "UTF-8"',
      ['{ "date_formats": "D/M/YYYY" }'] = '1:19: this must be a list of strings: ["..."]',
      ['{ "date_formats": ["D/M/YYYY", "D/M"] }'] = "1:32: this is no date format; write it " ..
        "with " ..
        'YYYY, MM, DD (M and D for one or two digits), e.g. "D/M/YYYY"',
      ['{ "name": "x" }'] = '1:1: say which tables there are: "tables": { "transactions": { ' ..
        '"file": ' ..
        '"....csv" } }',
      ['{ "tables": {} }'] = '1:13: this must be an object with a table: { "transactions": { ' ..
        '... } }',
      ['{ "tables": { "transactions": {} } }'] = '1:31: say the table\'s "file": "....csv"',
      [with_column('"date": "day"')] = "1:71: this is no type; there are integer, number, " ..
        "money, date, " ..
        "flag, label, text",
      [with_column('"date": { "type": 3 }')] = "1:81: this must be a string, and not empty",
      [with_column('"date": { "ignore": "yes" }')] = "1:83: this must be true or false",
      [with_column('"date": "label"')] = '1:71: "date" is a date, not a label; leave out its ' ..
        'type or ' ..
        "name it otherwise",
      [with_column('"amount": { "format": "D/M/YYYY" }')] = '1:73: only a date has a "format"',
      [with_column('"amount": { "values": ["a"] }')] = '1:73: only a label has "values"',
    }
    for json, message in pairs(cases) do
      assert.are.equal("dataset.json:" .. message, refusal(json))
    end
  end)

  it("must not give two columns one name", function()
    assert.are.equal("dataset.json:1:63: columns 'customer' and 'when' would both be named " ..
      "'customer'; give one another name with \"as\", or \"ignore\" it",
      refusal(with_column('"when": { "as": "customer" }'), "customer,date,when,amount\n"))
  end)

  it("must say a day that is not in the future", function()
    local json = with_table('"columns": {}'):gsub("^{", '{ "as_of": "2999-01-01",')
    assert.are.equal("dataset.json:1:12: as of 2999-01-01: this day lies in the future, and " ..
      "nothing is " ..
      "known of it; give a day up to today", refusal(json))
  end)

  it("wins over what headers seem to be, and leaves the rest to be found out", function()
    local path = folder {
      ["dataset.json"] = [[{ "currency": "JPY", "date_formats": ["D.M.YYYY", "YYYY-MM-DD"],
        "tables": { "transactions": { "file": "t.csv", "columns": {
          "buyer": { "as": "customer" }, "customer": { "as": "name" }, "gross": { "as": "amount" },
          "amount": { "ignore": true } } } } }]],
      ["t.csv"] = "customer,buyer,date,gross,amount,n\n" ..
        "Li,7,3.2.2024,100,9,1\nWu,8,2024-02-04,200,9,2\n",
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ "name", "date", "amount", "n" }, d.transactions.names)
    assert.are.same({ "2024-02-03", "2024-02-04" },
      { table.unpack(d.transactions.column.date, 1, 2) })
    assert.are.same({ "100", "200" }, { table.unpack(d.transactions.column.amount, 1, 2) })
    assert.are.equal("integer", d.transactions.column.n.type)
    assert.are.equal("JPY", d.currency)
  end)

  it("takes any other table, with customers and dates if it has them", function()
    local path = folder {
      ["dataset.json"] = [[{ "tables": { "visits": { "file": "v.csv" },
        "shops": { "file": "s.csv" } } }]],
      ["v.csv"] = "customer,date,minutes\n2,2024-01-02,5\n1,2024-01-01,7\n",
      ["s.csv"] = "shop,city\nb,x\na,y\n",
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ "7", "5" }, { table.unpack(d.visits.column.minutes, 1, 2) })
    assert.are.same({ 0, 1, 2 }, d.visits.start)
    assert.are.same({ "b", "a" }, { table.unpack(d.shops.column.shop, 1, 2) })
  end)

  it("can be given itself as the path", function()
    local path = folder {
      ["bank.json"] = with_table('"columns": {}'),
        ["t.csv"] = "customer,date,amount\n1,2024-01-01,1\n",
    }
    assert.are.equal("bank", assert(load.dataset { path = path .. "/bank.json" }).name)
  end)
end)
