-- What is written as CSV, as a JSON array and as lines says the same, to a peer and when it is read
-- back; and the encodings of CSV.
local cli = require("cli")
local load = require("patron_core").load

local function run(arguments)
  local result = cli.run(arguments)
  assert.equal(0, result.status, result.err)
  return result
end

local function at(name)
  return cli.folder() .. "/" .. name
end

-- Purchases of people whose names are hard to write.
local names = { "张伟", "𠮷野家", "€", "😀", "王\\芳", 'q"q', "丂|", "a,b", " blank ", "x\u{85}" }

local function purchases()
  local rows = { "客户,日期,金额" }
  for i = 1, 60 do
    rows[#rows + 1] = ('"%s",2024-%02d-%02d,%d.%02d'):format(names[i % #names + 1]:gsub('"', '""'),
      i % 12 + 1, i % 28 + 1, i * 37 % 500, i)
  end
  cli.write(at("p.csv"), table.concat(rows, "\n") .. "\n")
end

-- Python's own readers: every value of the JSON is the text of the CSV.
local peer = [==[
import csv, json, sys
def same(a, b):
    if isinstance(a, bool):
        a = str(a).lower()
    return ("" if a is None else a) == b
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
array = json.load(open(sys.argv[2], encoding="utf-8"), parse_float=str, parse_int=str)
lines = [json.loads(x, parse_float=str, parse_int=str)
         for x in open(sys.argv[3], encoding="utf-8", newline="\n").read().split("\n")[:-1]]
assert array == lines and len(rows) == len(array), "array and lines"
for row, object in zip(rows, array):
    assert list(row) == list(object), "columns"
    for key in row:
        assert same(object[key], row[key]), (key, object[key], row[key])
print(len(rows))
]==]

local has_python = os.execute("python3 -c 1 2>/dev/null")

describe("rows", function()
  after_each(cli.clean)

  -- Writes NAME.csv, .json and .ndjson by three runs; `make` gives the arguments for a file.
  local function write_all(name, make)
    for _, suffix in ipairs { "csv", "json", "ndjson" } do
      run(make(name .. "." .. suffix))
    end
  end

  local function ask_peer(name)
    if not has_python then
      return pending("python3 is not here")
    end
    cli.write(at("peer.py"), peer)
    os.execute(("cd %s && python3 peer.py %s.csv %s.json %s.ndjson >peer.out 2>&1"):format(
      cli.folder(), name, name, name))
    return tonumber(cli.read(at("peer.out"))) or cli.read(at("peer.out"))
  end

  local function read_back()
    local want = assert(load.dataset { path = at("customers.csv") }).people
    for _, suffix in ipairs { "json", "ndjson" } do
      local got = assert(load.dataset { path = at("customers." .. suffix) }).people
      assert.same(want.names, got.names)
      assert.equal(want.hash, got.hash)
    end
    return want
  end

  it("of measure are the same in every format, and when they are read back", function()
    write_all("customers", function(file)
      return { "measure", "samples/bank", "-o", file }
    end)
    assert.equal(24, ask_peer("customers"))
    assert.equal(24, read_back().n)
    purchases()
    write_all("customers", function(file)
      return { "measure", "p.csv", "--raw", "-o", file }
    end)
    assert.equal(#names, ask_peer("customers"))
    assert.equal(#names, read_back().n)
  end)

  it("of score are, too, and its candidates", function()
    local score = { "score", "samples/bank", "policies/card-retention.lua" }
    write_all("customers", function(file)
      return { score[1], score[2], score[3], "-o", file, "--metrics", "spend,recency_days" }
    end)
    assert.equal(24, ask_peer("customers"))
    assert.equal(24, read_back().n)
    write_all("candidates", function(file)
      return { score[1], score[2], score[3], "--candidates", file }
    end)
    assert.equal(24 * 4, ask_peer("candidates"))
  end)

  it("may be none", function()
    cli.write(at("customers.csv"), "id,n\n")
    for suffix, text in pairs { json = "[]\n", ndjson = "", csv = "customer,n\n" } do
      run { "measure", "customers.csv", "--metrics", "n", "-o", "o." .. suffix }
      assert.equal(text, cli.read(at("o." .. suffix)))
    end
  end)
end)

describe("--encoding", function()
  after_each(cli.clean)

  it("writes CSV in GB18030, which reads back as what it was", function()
    purchases()
    run { "measure", "p.csv", "--raw", "-o", "customers.csv" }
    local utf8_text = cli.read(at("customers.csv"))
    run { "measure", "p.csv", "--raw", "-o", "gb.csv", "--encoding", "GB18030" }
    assert(os.execute(("cd %s && iconv -f GB18030 -t UTF-8 gb.csv >back.csv"):format(cli.folder())))
    assert.equal(utf8_text, cli.read(at("back.csv")))
    cli.write(at("dataset.json"),
      '{"encoding":"GB18030","tables":{"customers":{"file":"gb.csv"}}}')
    assert.equal(assert(load.dataset { path = at("customers.csv") }).people.hash,
      assert(load.dataset { path = at("dataset.json") }).people.hash)
    local out = run { "measure", "p.csv", "--encoding", "gb18030", "--metrics", "orders" }.out
    assert.is_truthy(out:find("\xd5\xc5\xce\xb0", 1, true)) -- 张伟
  end)

  it("does so over many blocks of rows, on any number of threads", function()
    local rows = { "id,name" }
    for i = 1, 20000 do
      rows[i + 1] = i .. "," .. names[1 + i % 5]
    end
    cli.write(at("customers.csv"), table.concat(rows, "\n") .. "\n")
    for threads = 1, 3 do
      run { "measure", "customers.csv", "--metrics", "name", "-o", "gb.csv", "--encoding",
        "gb18030", "--threads", threads }
      assert(os.execute(("cd %s && iconv -f GB18030 -t UTF-8 gb.csv >back.csv"):format(
        cli.folder())))
      assert.equal(table.concat(rows, "\n"):gsub("^id", "customer") .. "\n",
        cli.read(at("back.csv")))
    end
  end)

  it("can begin CSV with a byte order mark", function()
    cli.write(at("customers.csv"), "id,n\n张,1\n")
    run { "measure", "customers.csv", "--metrics", "n", "-o", "o.csv", "--encoding", "utf-8-bom" }
    assert.equal("\u{feff}customer,n\n张,1\n", cli.read(at("o.csv")))
    assert.equal(1, assert(load.dataset { path = at("o.csv") }).customers)
  end)

  it("is refused for JSON, and for what it does not know, before anything is read", function()
    local function refused(arguments, said)
      local result = cli.run(arguments)
      assert.equal(2, result.status)
      assert.equal("patron: " .. said .. "\n", result.err)
    end
    for _, options in ipairs { { "-o", "o.json" }, { "--candidates", "o.json" } } do
      refused({ "score", "none", "none.lua", options[1], options[2], "--encoding", "gb18030" },
        "JSON is always UTF-8, as its standard says: --encoding gb18030 is for .csv, not for " ..
        "o.json")
    end
    refused({ "measure", "none", "--encoding", "big5" },
      "--encoding takes utf-8, utf-8-bom or gb18030, not 'big5'")
    refused({ "measure", "none", "-o", "x.txt" },
      "cannot tell the format of 'x.txt': end its name in .csv, .json or .ndjson")
  end)

  it("refuses a character that GB18030 lacks, and writes nothing", function()
    cli.write(at("customers.csv"), "id,n\n\u{e78d},1\n")
    local result = cli.run { "measure", "customers.csv", "--metrics", "n", "-o", "o.csv",
      "--encoding", "gb18030" }
    assert.equal(1, result.status)
    assert.matches("has a character for private use, which GB18030 lacks; write UTF-8", result.err,
      1, true)
    assert.is_nil(cli.read(at("o.csv")))
  end)
end)

describe("profile", function()
  after_each(cli.clean)

  it("says the encoding and the format in the dataset.json that it prints", function()
    purchases()
    assert(os.execute(("cd %s && iconv -f UTF-8 -t GB18030 p.csv >gb.csv"):format(cli.folder())))
    run { "measure", "p.csv", "-o", "want.csv" }
    local result = run { "profile", "gb.csv", "-o", "dataset.json" }
    assert.matches("gb.csv: read as GB18030", result.err, 1, true)
    run { "measure", ".", "-o", "got.csv" }
    assert.equal(cli.read(at("want.csv")), cli.read(at("got.csv")))
    cli.write(at("p.json"), '[{"customer":"a","date":"2024-01-01","amount":1}]')
    assert.matches('"file": "p.json"', run { "profile", "p.json" }.out, 1, true)
  end)
end)

describe("score", function()
  after_each(cli.clean)

  it("decides the same for purchases in every format and encoding", function()
    purchases()
    local csv, lines = cli.read(at("p.csv")), {}
    for name, date, amount in csv:gmatch('\n"([^\n]*)",([%d-]+),([%d.]+)') do
      lines[#lines + 1] = ('{"客户":"%s","日期":"%s","金额":%s}'):format(
        name:gsub("\\", "\\\\"):gsub('""', '\\"'), date, amount)
    end
    cli.write(at("p.ndjson"), table.concat(lines, "\n"))
    cli.write(at("p.json"), "[" .. table.concat(lines, ",") .. "]")
    for _, name in ipairs { "csv", "json" } do
      assert(os.execute(("cd %s && iconv -f UTF-8 -t GB18030 p.%s >gb.%s"):format(cli.folder(),
        name, name)))
    end
    local want = run({ "score", "p.csv", "policies/rfm.lua" }).out
    assert.equal(#names + 1, select(2, want:gsub("\n", "")))
    for _, name in ipairs { "p.ndjson", "p.json", "gb.csv", "gb.json" } do
      assert.equal(want, run({ "score", name, "policies/rfm.lua" }).out, name)
    end
  end)
end)
