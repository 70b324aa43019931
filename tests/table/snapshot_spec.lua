-- Snapshots that were harmed: by chance, which the sums tell; and on purpose, with sums that fit.
local core = require("patron_core")
local cli = require("cli")

local whole, path, expected

-- Values, names, counts; not where they lie.
local function contents(path_)
  local d, message, status = core.load.dataset({ path = path_ })
  if not d then
    return nil, message, status
  end
  d.note = nil
  for _, t in pairs(d) do
    if type(t) == "table" then
      t.hash = nil
    end
  end
  return d
end

local function try(bytes)
  os.remove(path) -- writing over it would wait for the disk
  cli.write(path, bytes)
  return contents(path)
end

local function put(bytes, at, replacement)
  return bytes:sub(1, at) .. replacement .. bytes:sub(at + #replacement + 1)
end

local function word(bytes, at)
  return (string.unpack("<i8", bytes, at + 1))
end

-- ---- the layout: offsets count from 0 --------------------------------------------------------

local SUM, SUMMED, TABLES, SPANS = 64, 72, 96, 152
local HEADER, ENTRY = 11 * 8, 15 * 8

local function head_size(bytes)
  return word(bytes, 56)
end

local function regions(bytes)
  local list = {}
  for i = 1, word(bytes, TABLES) do
    list[i] = { at = word(bytes, SPANS + 16 * (i - 1)), n = word(bytes, SPANS + 16 * (i - 1) + 8) }
  end
  return list
end

local function sum(bytes, from, to)
  return string.pack("<i8", core.table.sum(bytes:sub(from + 1, to)))
end

-- Makes every sum fit again; what is where is taken from the whole file.
local function reseal(bytes)
  for _, r in ipairs(regions(whole)) do
    local directory, columns = word(whole, r.at + 8), word(whole, r.at + 32)
    local groups, start = word(whole, r.at + 48), word(whole, r.at + 56)
    for c = 0, columns - 1 do
      local e = r.at + HEADER + c * ENTRY
      bytes = put(bytes, e + 56,
        sum(bytes, r.at + word(whole, e + 40), r.at + word(whole, e + 48)))
    end
    if groups >= 0 then
      bytes = put(bytes, r.at + 64, sum(bytes, r.at + start, r.at + start + 8 * (groups + 1)))
    end
    bytes = put(bytes, r.at, sum(bytes, r.at + 8, r.at + directory))
  end
  return put(bytes, SUM, sum(bytes, SUMMED, head_size(whole)))
end

describe("a snapshot", function()
  setup(function()
    path = cli.folder() .. "/base.patron"
    assert.equal(0, cli.run({ "pack", "samples/bank", "-o", "base.patron" }).status)
    whole = cli.read(path)
    expected = assert(contents(path))
  end)
  teardown(cli.clean)

  it("holds what the files do", function()
    local d = assert(contents(cli.folder() .. "/samples/bank"))
    d.source, expected.source = nil, nil -- without the first rejects and notes
    assert.same(d, expected)
  end)

  it("is laid out as this spec has it", function()
    assert.equal(whole, reseal(whole))
    assert.equal(#whole, word(whole, 48))
    assert.equal(3, #regions(whole))
  end)

  it("is refused wherever it is cut, and with more behind it", function()
    for n = 0, #whole - 1, 37 do
      local d, message, status = try(whole:sub(1, n))
      assert.is_nil(d)
      assert.equal(1, status)
      assert.truthy(message:find(path, 1, true), message)
    end
    local _, message = try(whole .. "x")
    assert.truthy(message:find("has more bytes than were packed", 1, true), message)
  end)

  it("is refused or the same with any byte changed", function()
    math.randomseed(11)
    local places, refused = {}, 0
    for at = 0, head_size(whole) - 1 do
      places[#places + 1] = at
    end
    for _, r in ipairs(regions(whole)) do
      for at = r.at, r.at + word(whole, r.at + 8) - 1, 3 do
        places[#places + 1] = at
      end
    end
    for _ = 1, 1500 do
      places[#places + 1] = math.random(0, #whole - 1)
    end
    for _, at in ipairs(places) do
      local byte = whole:byte(at + 1)
      local d, message, status = try(put(whole, at, string.char(byte ~ (1 << math.random(0, 7)))))
      if d then
        d.source = nil
        assert.same(expected, d)
      else
        refused = refused + 1
        assert.equal(1, status)
        assert.truthy(message:find(path, 1, true), message)
      end
    end
    assert.is_true(refused > 1000)
  end)

  it("leads nowhere if its sums fit, too", function()
    math.randomseed(12)
    local values = { 0, -1, 1, 7, 64, 4096, 1 << 31, 1 << 40, math.maxinteger, math.mininteger }
    local read, refused = 0, 0
    local function hurt(at, x)
      if at + 8 <= #whole then
        local d = try(reseal(put(whole, at, string.pack("<i8", x))))
        read, refused = read + (d and 1 or 0), refused + (d and 0 or 1)
      end
    end
    for at = SUMMED, head_size(whole) - 8, 8 do
      for _, x in ipairs(values) do
        hurt(at, x)
      end
    end
    for _, r in ipairs(regions(whole)) do
      for at = r.at, r.at + HEADER + ENTRY * word(whole, r.at + 32) - 8, 8 do
        hurt(at, values[math.random(#values)])
        hurt(at, word(whole, at) + math.random(-70, 70))
      end
      for _ = 1, 300 do -- offsets, codes, dates, numbers
        local at = r.at + word(whole, r.at + 8) + 4 * math.random(0, r.n // 4)
        hurt(at, values[math.random(#values)])
      end
    end
    assert.is_true(read > 100 and refused > 500, read .. " " .. refused)
  end)

  it("says who packed it, if that was another version or machine", function()
    local function said(bytes)
      return (select(2, try(bytes)):gsub("^.*patron: ", ""))
    end
    assert.equal("was packed by Patron 0.1.0, as a snapshot of version 2; this one reads version "
      .. "1: use that Patron, or `patron pack` the data again", said(put(whole, 12, "\2\0\0\0")))
    assert.equal("was packed on a machine of the other byte order; `patron pack` the data again",
      said(put(whole, 8, "\1\2\3\4")))
    assert.equal("is no snapshot, or its beginning is damaged; `patron pack` the data again",
      said("customer,date,amount\n1,2024-01-01,3\n"))
    assert.equal("is cut: it has 8192 of its 24576 bytes; copy it again, or `patron pack` the "
      .. "data again", said(whole:sub(1, 8192)))
    local r = regions(whole)[2]
    local entry = r.at + HEADER
    local _, message = try(put(whole, r.at + word(whole, entry + 40), "\xff"))
    assert.truthy(message:find("is damaged: ", 1, true), message)
    assert.truthy(message:find("is not as it was packed", 1, true), message)
  end)
end)
