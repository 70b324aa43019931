-- Files that gzip compressed give what they hold; what cannot be unpacked is refused.
local load = require("patron_core").load
local folder = require("load.folder")

local function rows(n)
  local out = { "customer,date,amount,note" }
  for i = 1, n do
    out[i + 1] = ("c%d,2024-01-%02d,%d,%s"):format(i % 500, i % 28 + 1, i * 7919 % 1000, "张伟王芳")
  end
  return table.concat(out, "\n") .. "\n"
end

-- Writes x.csv, and x.csv.gz of it, or of what the filter makes of it.
local function pack(name, text, filter)
  local path = folder { [name] = text }
  local file = path .. "/" .. name
  assert(os.execute(("%s <%s | gzip >%s.gz"):format(filter or "cat", file, file)))
  return file
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function refusal(path)
  local d, message, status = load.dataset { path = path }
  assert.is_nil(d)
  assert.equal(1, status)
  return message:sub(#path + 1)
end

describe("a file that gzip compressed", function()
  it("gives what it holds, on any number of threads", function()
    local file = pack("sales.csv", rows(60000)) -- over 2 MB: several steps
    local want = assert(load.dataset { path = file, values = false })
    for threads = 1, 3 do
      local got = assert(load.dataset { path = file .. ".gz", values = false, threads = threads })
      assert.equal(want.transactions.hash, got.transactions.hash)
      assert.equal("sales", got.name)
      assert.equal(#read(file .. ".gz"), got.source[1].bytes) -- the fingerprint's: as it lies there
    end
  end)

  it("may be JSON, of another encoding, and under a name that does not say so", function()
    local lines = '{"customer":"a","date":"2024-01-02","amount":"NULL"}\n' ..
      '{"customer":"b","date":"2024-01-02","amount":3}\n'
    for name, text in pairs { ["transactions.ndjson"] = lines,
      ["transactions.json"] = "[" .. lines:gsub("}\n{", "},{") .. "]" } do
      local d = assert(load.dataset { path = pack(name, text) .. ".gz" })
      assert.equal("3.00", d.transactions.column.amount[1])
    end
    local file = pack("sales.csv", rows(50), "iconv -t GB18030")
    local want = assert(load.dataset { path = file })
    local got = assert(load.dataset { path = file .. ".gz" })
    assert.equal(want.transactions.hash, got.transactions.hash)
    write(file, read(file .. ".gz"))
    assert.equal(want.transactions.hash, load.dataset({ path = file }).transactions.hash)
  end)

  it("is found in a folder by its name", function()
    local file = pack("events.csv", "customer,date,type\na,2024-01-02,call\n")
    os.remove(file)
    write(file:gsub("events.csv", "customers.csv"), "customer\na\n")
    local d = assert(load.dataset { path = file:match("(.*)/") })
    assert.equal(1, d.events.n)
  end)

  it("may be of several members", function()
    local file = pack("sales.csv", rows(20))
    local want = assert(load.dataset { path = file })
    local text = rows(20)
    local half = text:find("\n", #text // 2, true)
    local first = pack("sales.csv", text:sub(1, half)) .. ".gz"
    write(first, read(first) .. read(pack("sales.csv", text:sub(half + 1)) .. ".gz"))
    assert.equal(want.transactions.hash, load.dataset({ path = first }).transactions.hash)
  end)

  it("has its bad rows named by their lines", function()
    local file = pack("sales.csv", rows(5) .. "x,2024-02-30,1,y\n")
    assert.equal(7, load.dataset({ path = file .. ".gz" }).source[1].rejects[1].line)
  end)

  it("is refused when it is cut off, damaged, or goes on with something else", function()
    local file = pack("sales.csv", rows(5000)) .. ".gz"
    local whole = read(file)
    for _, n in ipairs { 2, 11, #whole // 2, #whole - 8, #whole - 1 } do
      write(file, whole:sub(1, n))
      assert.equal(": is compressed with gzip, and is cut off: fetch or export it again",
        refusal(file))
    end
    local damaged = ": is compressed with gzip, and is damaged: fetch or export it again"
    for _, text in ipairs { whole .. "more", whole:sub(1, -9) .. ("x"):rep(8),
      whole:sub(1, 2) .. "\xff" .. whole:sub(4) } do
      write(file, text)
      assert.equal(damaged, refusal(file))
    end
    assert.matches("is empty", refusal(pack("sales.csv", "") .. ".gz"), 1, true)
  end)

  it("is refused when far more is in it than rows take", function()
    local file = pack("sales.csv", "customer,date,amount\n",
      "(cat; yes 'a,2024-01-02,1' | head -c 300000000)") .. ".gz"
    assert.is_true(#read(file) < 1000000)
    assert.matches("more than 64 MB and 200 times its size is in it", refusal(file), 1, true)
  end)
end)
