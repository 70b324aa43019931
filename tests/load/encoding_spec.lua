-- GB18030 and other encodings: what is converted gives what UTF-8 gives.
local load = require("patron_core").load
local folder = require("load.folder")

-- As iconv(1) does it.
local function encode(text, encoding)
  local path = folder { ["in"] = text }
  assert(os.execute(("iconv -f UTF-8 -t %s %s/in >%s/out"):format(encoding, path, path)))
  local file = assert(io.open(path .. "/out", "rb"))
  local out = file:read("a")
  file:close()
  return out
end

local function essence(path, options)
  options = options or {}
  options.path = path
  local d, message = load.dataset(options)
  assert.is_truthy(d, message)
  return d.people.hash .. d.transactions.hash, d
end

-- Every kind of sequence (one, two and four bytes, trail bytes that are ASCII: '|', '\', digits)
-- among usual names, so that the encoding shows.
local odd = { "𠮷野家", "€", "😀", "é", "ü1", "丂|", "亅\\", "倈", "ＡＢ", "abc", "龥", "㐂", "ﾟ" }
local names = { "张伟", "王芳", "李娜", "刘洋", "陈静", "赵军", "黄勇", "周杰", "吴磊", "徐明" }

local function name_at(i)
  return i % 10 == 0 and odd[i // 10 % #odd + 1] or names[i % #names + 1]
end

local function rows(n)
  local out = { "客户,日期,金额,备注" }
  for i = 1, n do
    out[#out + 1] = ('%s%d,2024-01-%02d,%d.5,"%s, ""%s"""'):format(name_at(i), i % 7, i % 28 + 1, i,
      name_at(i * 7), name_at(i * 3))
  end
  return table.concat(out, "\n") .. "\n"
end

local function as_json(csv)
  local out = {}
  for line in csv:gmatch("\n([^\n]+)") do
    local customer, date, amount, note = line:match('^([^,]*),([^,]*),([^,]*),"(.*)"$')
    out[#out + 1] = ('{"客户":"%s","日期":"%s","金额":%s,"备注":"%s"}'):format(
      customer:gsub("\\", "\\\\"), date, amount, (note:gsub("\\", "\\\\"):gsub('""', '\\"')))
  end
  return "[" .. table.concat(out, ",") .. "]"
end

describe("GB18030", function()
  it("is recognised, said, and gives what UTF-8 gives, in CSV and JSON", function()
    local text = rows(400)
    local path = folder { ["t.csv"] = text }
    local want = essence(path .. "/t.csv")
    for name, utf8 in pairs { ["t.csv"] = text, ["t.json"] = as_json(text),
      ["bom.csv"] = "\u{feff}" .. text } do
      local there = folder { [name] = encode(utf8, "GB18030") } .. "/" .. name
      for _, chunk in ipairs { 0, 17, 1000 } do
        local got, d = essence(there, { chunk = chunk, threads = 2 })
        assert.are.equal(want, got, name)
        assert.are.equal(there .. ": read as GB18030", d.note[1])
        assert.matches('"encoding": "GB18030"', d.description, 1, true)
      end
    end
  end)

  it("is converted in pieces that lose nothing", function()
    local text = rows(60000) -- over two pieces of a megabyte
    local want = essence(folder { ["t.csv"] = text } .. "/t.csv")
    local gb = folder { ["t.csv"] = encode(text, "GB18030"),
      ["t.json"] = encode(as_json(text), "GB18030") } -- a single line
    for threads = 1, 3 do
      assert.are.equal(want, (essence(gb .. "/t.csv", { threads = threads })))
    end
    assert.are.equal(want, (essence(gb .. "/t.json", { threads = 2 })))
  end)

  it("can be declared, for all tables or one, and the description says so again", function()
    local customers, sales = "id,姓名\n1,张伟\n", "customer,date,amount\n1,2024-01-01,3\n"
    local function check(json, files)
      files["dataset.json"] = json
      local path = folder(files)
      local d = assert(load.dataset { path = path })
      assert.are.equal("张伟", d.people.column["姓名"][1])
      files["dataset.json"] = d.description
      assert.are.equal(d.people.hash, assert(load.dataset { path = folder(files) }).people.hash)
    end
    local gb = encode(customers, "GB18030")
    for _, name in ipairs { "GB18030", "gb18030", "GBK", "gb2312" } do
      check(('{"encoding":"%s","tables":{"customers":{"file":"c.csv"},' ..
        '"transactions":{"file":"t.csv"}}}'):format(name), { ["c.csv"] = gb, ["t.csv"] = sales })
      check(('{"encoding":"utf-8","tables":{"customers":{"file":"c.csv","encoding":"%s"},' ..
        '"transactions":{"file":"t.csv"}}}'):format(name), { ["c.csv"] = gb, ["t.csv"] = sales })
    end
  end)

  it("keeps lines in messages, and rejects what is no character", function()
    local head = encode("客户,日期,金额,姓名\n", "GB18030")
    local row = encode("a,2024-01-01,3,张\n", "GB18030")
    -- A lead byte alone, before a line end, a comma and digits; bytes that begin nothing.
    local bad = { "\xd5\n", "\x81,\n", "\x81\x300\n", "\xff\n", "x\x80x\n" }
    local text = head .. row
    for i, tail in ipairs(bad) do
      text = text .. ("b%d,2024-01-01,3,"):format(i) .. tail
    end
    local path = folder {
      ["dataset.json"] = '{"encoding":"GB18030","tables":{"transactions":{"file":"t.csv"}}}',
      ["t.csv"] = text .. "c,2024-02-30,3,x\n" .. row,
    }
    for _, chunk in ipairs { 0, 1, 50 } do
      local d = assert(load.dataset { path = path, chunk = chunk, threads = 2,
        rejects = path .. "/rejects.csv" })
      assert.are.equal(2, d.source[1].accepted)
      assert.are.same({ ["not in the encoding"] = #bad, ["no such date"] = 1 }, d.source[1].reasons)
      local first = d.source[1].rejects[1]
      assert.are.same({ 3, 17 }, { first.line, first.column })
      assert.are.equal(8, d.source[1].rejects[#d.source[1].rejects].line)
      assert.matches("^not in the encoding; these bytes are none of its characters; ", first.text)
    end
    local file = assert(io.open(path .. "/rejects.csv"))
    assert.is_truthy(utf8.len((file:read("a"))))
    file:close()
  end)

  it("is not taken for what it is not", function()
    local function refusal(json, text)
      local path = folder { ["dataset.json"] = json, ["t.csv"] = text }
      local d, message = load.dataset { path = path }
      assert.is_nil(d)
      return (message:gsub("/[^ ]*/lua_[^ /]*/", ""))
    end
    local text = rows(10)
    local tables = '"tables":{"transactions":{"file":"t.csv"}}}'
    assert.are.equal('t.csv: this is UTF-8, not GB18030; take "encoding" out of dataset.json, ' ..
      "or say it for each table", refusal('{"encoding":"GB18030",' .. tables, text))
    assert.are.equal('t.csv: this is GB18030 (or GBK), not UTF-8; write "encoding": "GB18030" ' ..
      "into dataset.json", refusal('{"encoding":"UTF-8",' .. tables, encode(text, "GB18030")))
    -- Latin-1 is not recognised, and its rows are rejected with what to do.
    local latin = "customer,date,amount,note\n1,2024-01-01,3,x\n2,2024-01-01,3,\xe9t\xe9\n"
    local d = assert(load.dataset { path = folder { ["t.csv"] = latin } .. "/t.csv" })
    assert.are.equal("not UTF-8; save the file as UTF-8, or say its encoding in dataset.json",
      d.source[1].rejects[1].text)
  end)
end)

describe("other encodings", function()
  it("are read when they are declared", function()
    for name, bytes in pairs { ["ISO-8859-1"] = "\xe9t\xe9", ["Latin-1"] = "\xe9t\xe9",
      ["windows-1252"] = "\x80 \xe9" } do
      local d = assert(load.dataset { path = folder {
        ["dataset.json"] = ('{"encoding":"%s","tables":{"customers":{"file":"c.csv"}}}'):format(
          name),
        ["c.csv"] = "id,note\n1," .. bytes .. "\n",
      } })
      assert.are.equal(bytes:byte() == 0x80 and "€ é" or "été", d.people.column.note[1])
      assert.matches('"encoding": "' .. (name == "windows-1252" and "W" or "ISO-8859-1"),
        d.description, 1, true)
    end
  end)
end)
