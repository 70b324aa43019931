-- The scanner against libcsv alone, fed one byte at a time: any cut into chunks, and any number of
-- threads, must give what that gives.
local load = require("patron_core").load

local function place(text, offset)
  local line, start = 1, 1
  for lf in text:sub(1, offset):gmatch("()\n") do
    line, start = line + 1, lf + 1
  end
  return line, offset + 2 - start
end

-- What is wrong with a whole record, as the scanner must say it.
local function flaw(record, columns)
  for i, field in ipairs(record) do
    if field:find("\0", 1, true) then
      return "NUL byte", i - 1
    elseif not utf8.len(field) then
      return "not UTF-8", i - 1
    end
  end
  if #record < columns then
    return "too few fields", 0
  elseif #record > columns then
    return "too many fields", columns
  end
end

-- The records as load.scan gives them, or nil and the line of an unclosed quote.
local function expected(text, delimiter, columns)
  local out = {}
  for _, record in ipairs(load.reference(text, delimiter)) do
    if record.unclosed then
      return nil, record.unclosed
    end
    local fault, column = flaw(record, columns)
    if record.broken then
      fault, column = "quote out of place", #record
    end
    if fault then
      out[#out + 1] = ("%d!%s,%d\n"):format(record.at, fault, column)
    else
      out[#out + 1] = ("%d|%s\n"):format(record.at, table.concat(record, "|"))
    end
  end
  return table.concat(out)
end

local pieces = {
  "a", "bc", "12", " ", "\t", "客", "", "", ",", ",", ",", ",", "\n", "\n", "\n", "\r\n", "\r",
    '"', '"',
  '""', '"x"', '"p,q"', '"two\nlines"', '"a""b"', '"\r\n"', "\n\n", "\0", "\xff", ";",
}

local function generate(random, tame)
  local out = {}
  for _ = 1, random(60) do
    local piece = pieces[random(tame and 16 or #pieces)]
    out[#out + 1] = piece
  end
  return table.concat(out)
end

-- Rows that are mostly well formed, so that chunks begin inside quoted fields of good rows.
local function generate_rows(random)
  local fields = { "7", "abc", '"q"', '"a,b"', '"line\nline"', '"""\n,"""', "", '" x "', "客户" }
  local out = {}
  for _ = 1, random(12) do
    local row = {}
    for _ = 1, random(10) == 1 and 2 or 3 do
      row[#row + 1] = fields[random(#fields)]
    end
    out[#out + 1] = table.concat(row, ",") .. (random(9) == 1 and '"' or "")
  end
  return table.concat(out, random(4) == 1 and "\r\n" or "\n") .. (random(2) == 1 and "\n" or "")
end

local function check(text, delimiter)
  local want, unclosed = expected(text, delimiter, 3)
  for _, threads in ipairs { 1, 2, 4 } do
    for chunk = 1, 64 do
      local got, message = load.scan(text, delimiter, 3, chunk, threads)
      local where = ("%q, chunk %d, threads %d"):format(text, chunk, threads)
      if want then
        assert.are.equal(want, got, where)
      else
        assert.is_nil(got, where)
        assert.matches("the quote that opens here is never closed", message, 1, true)
        local line = tonumber(message:match("^t.csv:(%d+):"))
        assert.is_true(line >= place(text, unclosed), where)
      end
    end
  end
end

describe("scan", function()
  -- A generator of its own, so that a failure can be repeated.
  local function generator(seed)
    return function(n)
      seed = (seed * 6364136223846793005 + 1442695040888963407)
      return (seed >> 33) % n + 1
    end
  end

  it("gives what libcsv gives for wild text, for any chunk and number of threads", function()
    local random = generator(1)
    for _ = 1, 40 do
      check(generate(random, false), ",")
    end
  end)

  it("does so for nearly good rows", function()
    local random = generator(2)
    for _ = 1, 60 do
      check(generate_rows(random), ",")
    end
  end)

  it("does so for tabs as the delimiter", function()
    local random = generator(3)
    for _ = 1, 10 do
      check(generate(random, true):gsub(",", "\t"), "\t")
    end
  end)

  -- Longer than what is looked through at once for CRs and bytes that are not ASCII.
  it("does so for long files in which most is simple, and some is not", function()
    local random = generator(4)
    local odd = { "客", "\r", '"\r\n"', "\0", "\xff", 'a"b', '"a\n\nb"' }
    for _ = 1, 3 do
      local rows = {}
      for i = 1, 20000 do
        local field = random(1500) == 1 and odd[random(#odd)] or "x"
        rows[i] = i .. "," .. field .. "," .. ("y"):rep(random(12) - 1)
      end
      local text = table.concat(rows, "\n")
      local want = assert(expected(text, ",", 3))
      for _, how in ipairs { { 1, 1 << 30 }, { 2, 100000 }, { 2, 7777 }, { 1, 65536 } } do
        assert.is_true(want == load.scan(text, ",", 3, how[2], how[1]))
      end
    end
  end)

  it("has generators that reach every kind of record", function()
    local random, seen = generator(1), {}
    for _ = 1, 40 do
      local want = expected(generate(random, false), ",", 3)
      seen[want and "read" or "unclosed"] = true
      for fault in (want or ""):gmatch("!([^,]+),") do
        seen[fault] = true
      end
    end
    for _, kind in ipairs { "read", "unclosed", "quote out of place", "NUL byte", "not UTF-8",
      "too few fields", "too many fields" } do
      assert.is_true(seen[kind], kind)
    end
  end)

  it("goes on behind a stray quote with the next line", function()
    assert.are.equal("0|1|2|3\n6!quote out of place,0\n16|4|5|6\n22|7|8|9\n",
      load.scan('1,2,3\n"x" y,2,3\n4,5,6\n7,8,9\n', ",", 3, 4096, 1))
  end)

  it("loses one row, not all, to a quote that is closed much later", function()
    local text = '"x,2,3\n' .. ("4,5,6\n"):rep(50) .. '7,"8",9\n'
    local got = load.scan(text, ",", 3, 4096, 2)
    assert.are.equal(51, select(2, got:gsub("|%d|%d|%d\n", "")))
    assert.are.equal(1, select(2, got:gsub("!quote out of place", "")))
  end)

  it("names the line where an unclosed quote opens", function()
    local text = '1,2,3\n4,"multi\nline", "never\nclosed\n7,8,9\n'
    for chunk = 1, 50 do
      local _, message, status = load.scan(text, ",", 3, chunk, 2)
      assert.are.equal("t.csv:3:7: the quote that opens here is never closed; close it, or " ..
        "remove it",
        message)
      assert.are.equal(1, status)
    end
  end)

  it("takes a field of 1 MB and refuses a longer one", function()
    local field = ("x"):rep(1 << 20)
    for _, quote in ipairs { "", '"' } do
      local text = "1,2," .. quote .. field .. quote .. "\n4,5,6\n"
      assert.are.equal("0|1|2|" .. field .. "\n", load.scan(text, ",", 3, 4096,
        2):match("^[^\n]*\n"))
      local _, message = load.scan("1,2,3\n" .. text:gsub("xx", "xxxx", 1), ",", 3, 4096, 2)
      assert.are.equal("t.csv:2:5: this field is over 1 MB; is its quote never closed?", message)
    end
  end)

  it("refuses a row over 16 MB", function()
    local row = ("x"):rep(1000) .. ","
    local text = "1,2,3\n" .. row:rep(17000) .. "\n"
    local _, message = load.scan(text, ",", 3, 1 << 20, 2)
    assert.matches("t.csv:2:1: this row is over 16 MB", message, 1, true)
    local quoted = "1,2,3\n" .. ('"' .. ("x"):rep(100000) .. '\n",'):rep(170) .. "\n"
    assert.matches("t.csv:2:1: this row is over 16 MB", select(2, load.scan(quoted, ",", 3, 4096,
      2)),
      1, true)
  end)

  it("takes 4,096 columns and refuses more", function()
    local text = "a" .. (",a"):rep(4095) .. "\n"
    assert.matches("^0|a", load.scan(text, ",", 4096, 4096, 1))
    local _, message = load.scan("1\n" .. "a," .. text, ",", 4096, 4096, 1)
    assert.are.equal("t.csv:2:1: this row has more than 4096 columns; is it a CSV file?", message)
  end)
end)
