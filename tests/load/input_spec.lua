-- Bad input: what makes a file unusable is refused with what it is and what to do, and what makes a
-- row unusable is counted, placed and written out.
local load = require("patron_core").load
local folder = require("load.folder")

local function csv(text)
  return folder { ["t.csv"] = text } .. "/t.csv"
end

-- The message (with the path cut to the file's name) and the status of a file that is refused.
local function refusal(text, options)
  options = options or {}
  options.path = options.path or csv(text)
  local d, message, status = load.dataset(options)
  assert.is_nil(d)
  return message:gsub("/[^ ]*/lua_[^ /]*/", ""):gsub("/no/such/", ""), status
end

local function advice(entry)
  return ('write a dataset.json beside it, { %s, "tables": { "transactions": { "file": "t.csv" ' ..
    '} } }, '
    .. 'and give the folder'):format(entry)
end

local header = "customer,date,amount\n"

describe("a file is refused that", function()
  it("is not there, is a folder's child that cannot be, or is empty", function()
    local message, status = refusal(nil, { path = "/no/such/t.csv" })
    assert.are.equal("t.csv: cannot read: No such file or directory; check the path", message)
    assert.are.equal(1, status)
    for _, text in ipairs { "", "\xef\xbb\xbf", "\n\n  \n" } do
      assert.are.equal("t.csv: is empty; a CSV file needs at least a line of headers",
        refusal(text))
    end
  end)

  it("is another format", function()
    for magic, name in pairs {
      ["PK\3\4"] = "a zip archive or an Excel workbook (.xlsx): save the sheet as CSV UTF-8",
      ["\xd0\xcf\x11\xe0"] = "an Excel workbook (.xls): save the sheet as CSV UTF-8",
      ["(\xb5/\xfd"] = "compressed with zstd: unpack it with unzstd",
      ["PAR1"] = "a Parquet file: export it as CSV",
    } do
      assert.are.equal("t.csv: this is no CSV file but " .. name, refusal(magic .. ("\0x"):rep(50)))
    end
  end)

  it("is UTF-16, with or without a byte order mark", function()
    local little = (header .. "1,2024-01-01,3\n"):gsub(".", "%0\0")
    local big = (header .. "1,2024-01-01,3\n"):gsub(".", "\0%0")
    for text, order in pairs {
      ["\xff\xfe" .. little] = "LE", [little] = "LE", ["\xfe\xff" .. big] = "BE", [big] = "BE",
    } do
      assert.are.equal(("t.csv: this is UTF-16, not UTF-8; convert it: iconv -f UTF-16%s -t " ..
        "UTF-8 " ..
        "t.csv > NEW.csv"):format(order), refusal(text))
    end
  end)

  it("has another delimiter than the one that is said", function()
    for delimiter, said in pairs { [";"] = { "semicolon", ";" }, ["\t"] = { "tab", "\\t" },
      ["|"] = { "bar", "|" } } do
      local text = header:gsub(",", delimiter) .. "1;2024-01-01;3,5\n"
      assert.are.equal(("t.csv:1:1: the fields of this file are separated by a %s; %s"):format(
        said[1], advice(('"delimiter": "%s"'):format(said[2]))), refusal(text))
    end
    local path = folder {
      ["dataset.json"] = '{"delimiter":";","tables":{"transactions":{"file":"t.csv"}}}',
      ["t.csv"] = header,
    }
    assert.are.equal('t.csv:1:1: the fields of this file are separated by a comma; write ' ..
      '"delimiter": "," into dataset.json', refusal(nil, { path = path }))
  end)

  it("has decimal commas", function()
    assert.are.equal("t.csv:2:14: no row of this file can be used, the first for this reason: " ..
      "amount '3,50': other decimal sign; say which one it is in dataset.json: " ..
      advice('"decimal": ","'), refusal(header .. '1,2024-01-01,"3,50"\n2,2024-01-01,"4,20"\n'))
  end)

  it("ends its lines in CR alone", function()
    assert.are.equal("t.csv: its lines end in CR alone, as on old Macs; convert it: tr '\\r' " ..
      "'\\n' < " ..
      "t.csv > NEW.csv", refusal((header:gsub("\n", "\r"))))
  end)

  it("has an empty header name, or one twice", function()
    assert.are.equal("t.csv:1:10: column 2 of the header has no name; give it one, or remove " ..
      "the column",
      refusal("customer,,date,amount\n"))
    assert.are.equal("t.csv:1:22: column 4 of the header has no name; give it one, or remove " ..
      "the column",
      refusal("customer,date,amount,\n"))
    assert.are.equal("t.csv:2:11: columns 2 and 5 of the header are both named 'date'; rename one",
      refusal('customer,date,"x\ny",amount,date\n'))
  end)

  it("has a broken header", function()
    assert.matches("^t.csv:1:12: quote out of place in the header; ", (refusal('customer,da"te\n')))
    assert.matches("^t.csv:1:10: NUL byte in the header; ", (refusal("customer,da\0te\n")))
    assert.matches("^t.csv:1:10: not UTF%-8 in the header; ", (refusal("customer,da\xffte\n")))
    assert.are.equal("t.csv:1:10: the quote that opens here is never closed; close it, or " ..
      "remove it",
      refusal('customer,"date\n1,2\n'))
  end)

  it("lacks the customer, the date or the amount", function()
    local function lacking(role, headers)
      return ("t.csv:1:1: no column of this transactions file is recognised as the %s; its " ..
        "headers " ..
        "are %s. To say which one it is, write a dataset.json beside it, { \"tables\": { " ..
        "\"transactions\": { \"file\": \"t.csv\", \"columns\": { \"HEADER\": { \"as\": \"%s\" } " ..
        "} } } }, " ..
        "and give the folder"):format(role, headers, role)
    end
    assert.are.equal(lacking("amount", "customer, date, n"), refusal("customer,date,n\n"))
    local people = ' ("customers" for a file that lists them, one a row)'
    assert.are.equal(lacking("date", "customer, n, amount") .. people,
      refusal("customer,n,amount\n"))
    assert.are.equal(lacking("customer", "who, date, amount") .. people,
      refusal("who,date,amount\n"))
  end)

  it("has dates that can be read in two ways, or in none", function()
    local function declare(format)
      return ('write a dataset.json beside it, { "tables": { "transactions": { "file": "t.csv", ' ..
        '"columns": { "date": { "as": "date", "type": "date", "format": "%s" } } } } }, and ' ..
        'give the ' ..
        'folder'):format(format)
    end
    assert.are.equal("t.csv:1:10: dates like '03/04/2024' can be read as D/M/YYYY and as " ..
      "M/D/YYYY; " ..
      "say which: " .. declare("D/M/YYYY"), refusal(header .. "1,03/04/2024,1\n2,05/06/2024,1\n"))
    assert.are.equal("t.csv:1:10: dates like 'Jan 4' have no format that is recognised; say how " ..
      "day, " ..
      "month and year stand in them (D, M, YYYY): " .. declare("..."), refusal(header .. "1,Jan " ..
      "4,1\n"))
  end)

  it("names a customer twice", function()
    local text = 'id,name\n7,"two\nlines"\n8,b\n" 7",c\n7,d\n'
    for chunk = 1, 20 do
      assert.are.equal("t.csv:6:1: customer '7' stands here for the second time, first on line " ..
        "2; " ..
        "keep one of the two rows", refusal(nil, { path = csv(text), chunk = chunk, threads = 2 }))
    end
  end)

  it("has a quote that is never closed", function()
    assert.are.equal("t.csv:3:3: the quote that opens here is never closed; close it, or remove it",
      refusal(header .. '1,2024-01-01,3\n1,"2024-01-01,3\n1,2024-01-01,3\n'))
  end)

  it("has no row that can be used", function()
    assert.are.equal("t.csv:2:3: no row of this file can be used, the first for this reason: " ..
      "date " ..
      "'2024-02-30': no such date; the calendar does not have it",
        refusal(header .. "1,2024-02-30,3\n"))
  end)

  it("has a date in the future as its latest", function()
    assert.are.equal("t.csv: the latest date in it, 2999-01-01, lies in the future; mend that " ..
      "row, or " ..
      "say --as-of DATE", refusal(header .. "1,2024-01-01,3\n1,2999-01-01,3\n"))
    local path = csv(header .. "1,2024-01-01,3\n1,2999-01-01,3\n")
    assert.are.equal(1, load.dataset { path = path, as_of = "2024-06-30" }.transactions.n)
  end)
end)

describe("the as-of date", function()
  it("is a day of the calendar, and not in the future", function()
    local message, status = refusal(header .. "1,2024-01-01,3\n", { as_of = "2024-02-30" })
    assert.are.equal("as of '2024-02-30': this is no day; write it as YYYY-MM-DD", message)
    assert.are.equal(2, status)
    message, status = refusal(header .. "1,2024-01-01,3\n", { as_of = "2999-01-01" })
    assert.are.equal("as of 2999-01-01: this day lies in the future, and nothing is known of " ..
      "it; give " ..
      "a day up to today", message)
    assert.are.equal(1, status)
  end)

  it("can be before all rows", function()
    local d = assert(load.dataset { path = csv(header .. "1,2024-01-01,3\n"),
      as_of = "2020-01-01" })
    assert.are.equal(0, d.customers)
    assert.are.same({ "left out because they lie after the as-of date: 1 of 1 rows" },
      d.source[1].notes)
  end)
end)

describe("a folder is refused", function()
  it("without a file that can be taken for a table", function()
    local message = refusal(nil, { path = folder {} })
    assert.matches("there is no dataset.json here, and no file that ends in .csv, .json or " ..
      ".ndjson; ", message, 1,
      true)
    assert.matches("there is no CSV file here, but the workbook 'Sales.XLSX': save its",
      refusal(nil, { path = folder { ["Sales.XLSX"] = "PK" } }), 1, true)
    message = refusal(nil, { path = folder { ["a.csv"] = header, ["b.csv"] = header } })
    assert.matches("no file is named like a table", message, 1, true)
  end)
end)

describe("a header without rows", function()
  it("is a table of no rows, and that is said", function()
    for _, text in ipairs { header, header:sub(1, -2), header .. "\n\r\n",
      "\xef\xbb\xbf" .. header } do
      local d = assert(load.dataset { path = csv(text) })
      assert.are.equal(0, d.transactions.n)
      assert.are.equal(0, d.customers)
      assert.are.same({ "has a header and no rows" }, d.source[1].notes)
    end
  end)
end)

describe("a bad row", function()
  local text = header:gsub("\n", ",note\n") .. table.concat({
    '1,2024-01-01,3,"two\nlines"', -- line 2
    "1,2024-02-30,3,a", -- 4
    '2,2024-01-01,x,"b\nc"', -- 5
    ",2024-01-01,3,d", -- 7
    "2,,3,e", -- 8
    "2,2024-01-01,,f", -- 9
    "2,2024-01-01,1.234.5,g", -- 10
    "2,2024-01-01", -- 11
    "2,2024-01-01,3,h,i", -- 12
    '2,2024-01-01,3,"j"k', -- 13
    "2,2024-01-01,3,l\0", -- 14
    "2,2024-01-01,3,\xe9t\xe9", -- 15
    "x\0y,2024-01-01,3,m", -- 16
    '2,"1. May",3,n', -- 17
    '2,2024-01-02,"1,50",o', -- 18
    "2,2024-01-01,1e3,p", -- 19
    "3,2024-01-03,4,q", -- 20
  }, "\n")

  it("is counted by its reason and has its place, behind fields of several lines, too", function()
    local want = {
      { 4, 3, "no such date", "date '2024-02-30': no such date; the calendar does not have it" },
      { 5, 14, "no amount" }, { 7, 1, "empty field" }, { 8, 3, "empty field" },
      { 9, 14, "empty field" }, { 10, 14, "no amount" }, { 11, 1, "too few fields" },
      { 12, 18, "too many fields" }, { 13, 19, "quote out of place" }, { 14, 16, "NUL byte" },
      { 15, 16, "not UTF-8" }, { 16, 1, "NUL byte" }, { 17, 3, "no date" },
      { 18, 14, "other decimal sign" }, { 19, 14, "no amount" },
    }
    for _, chunk in ipairs { 0, 1, 9, 40 } do
      local d = assert(load.dataset { path = csv(text), chunk = chunk, threads = 2 })
      local source = d.source[1]
      assert.are.equal(17, source.read)
      assert.are.equal(2, source.accepted)
      assert.are.equal(#want, #source.rejects)
      for i, reject in ipairs(source.rejects) do
        assert.are.same({ want[i][1], want[i][2], want[i][3] },
          { reject.line, reject.column, reject.reason })
        assert.are.equal(want[i][4] or reject.text, reject.text)
      end
      assert.are.same({ "two\nlines", "q" }, { table.unpack(d.transactions.column.note, 1, 2) })
    end
  end)

  it("is kept for the report a few times for each reason, and counted always", function()
    local rows = ("1,2024-02-30,1\n"):rep(10) .. "1,2024-01-01,1\n"
    local source = assert(load.dataset { path = csv(header .. rows) }).source[1]
    assert.are.same({ ["no such date"] = 10 }, source.reasons)
    assert.are.equal(3, #source.rejects)
  end)

  it("is written to the rejects file as it stands, every one", function()
    local path = folder {
      ["t.csv"] = header .. '1,2024-01-01,3\n2,2024-02-30,"3"\r\n"a""b",x,"p\nq"\n',
    }
    assert(load.dataset { path = path .. "/t.csv", rejects = path .. "/rejects.csv" })
    local file = assert(io.open(path .. "/rejects.csv", "rb"))
    local text_written = file:read("a"):gsub('"[^"\n]*/t%.csv', '"t.csv')
    file:close()
    assert.are.equal('place,reason,row\n' ..
      '"t.csv:3:3","no such date","2,2024-02-30,""3"""\n' ..
      '"t.csv:4:8","no date","""a""""b"",x,""p\nq"""\n', text_written)
  end)

  it("stops everything when asked to, and leaves no rejects file", function()
    local path = folder { ["t.csv"] = header .. "1,2024-01-01,3\n1,2024-01-02,x\n1,2024-01-02,y\n" }
    local d, message, status = load.dataset {
      path = path .. "/t.csv", strict = true, rejects = path .. "/rejects.csv",
    }
    assert.is_nil(d)
    assert.matches("t.csv:3:14: amount 'x': no amount; ", message, 1, true)
    assert.are.equal(1, status)
    assert.is_nil(io.open(path .. "/rejects.csv"))
  end)

  it("is one of a customer whom the customers table does not have", function()
    local path = folder {
      ["customers.csv"] = "id\n1\n2\n",
        ["transactions.csv"] = header .. "1,2024-01-01,3\n3,2024-01-01,4\n",
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ ["no such customer"] = 1 }, d.source[2].reasons)
    assert.are.equal("customer '3': no such customer; the customers table does not have it",
      d.source[2].rejects[1].text)
    assert.are.equal(2, d.customers)
  end)

  it("is one with an id of nothing, or with a label outside its closed set", function()
    local path = folder {
      ["dataset.json"] = [[{ "tables": { "customers": { "file": "c.csv", "columns": {
        "grade": { "values": ["low", "high"] }, "n": "integer", "f": "flag" } } } }]],
      ["c.csv"] = 'id,grade,n,f\n"",low,1,yes\n1,top,1,no\n2,low,1.5,no\n3,high,2,perhaps\n4,,,\n',
    }
    local d = assert(load.dataset { path = path })
    assert.are.same({ ["empty field"] = 1, ["label not in the closed set"] = 1, ["no integer"] = 1,
      ["no flag"] = 1 }, d.source[1].reasons)
    assert.are.equal(1, d.customers)
  end)

  it("may be the fault of a time of day, which is dropped with a note", function()
    local d = assert(load.dataset {
      path = csv(header .. "1,2024-01-01 08:26,3\n1,2024-01-02T10:00:00Z,3\n1,2024-01-03,3\n"),
    })
    assert.are.same({ "date: the time of day is dropped in 2 of 3 rows" }, d.source[1].notes)
    assert.are.equal(3, d.transactions.n)
  end)
end)
