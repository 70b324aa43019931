local core = require("patron_core")

local path

local function read(text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
  return core.model.read(path)
end

local good = [[
{
  "patron_model": 1,
  "patron": "0.1.0",
  "dataset": "bank",
  "data_sha256": "c0ffee",
  "as_of": "2025-06-30",
  "currency": "CNY",
  "decimals": 2,
  "customers": 24,
  "learned": {
    "abc_class": {"values":24,"from":"money","total":123456,"top":2000,"tail":-5},
    "f_score": {"values":22,"from":"integer","cuts":[1,2.5,2.5,4]},
    "r_score": {"values":0,"from":"integer"}
  }
}
]]

-- The model with one line changed, and what reading it says.
local function with(from, to)
  local at, behind = good:find(from, 1, true)
  assert(at, from)
  local _, message, status = read(good:sub(1, at - 1) .. to .. good:sub(behind + 1))
  return message and message:gsub("^" .. path:gsub("%p", "%%%0"), "MODEL"), status
end

describe("a model", function()
  before_each(function()
    path = os.tmpname()
  end)
  after_each(function()
    os.remove(path)
  end)

  it("is read, and printed as it was", function()
    local learned, text = read(good)
    assert.equal(good, text)
    assert.same({
      abc_class = { values = 24, from = "money", total = 123456, top = 2000, tail = -5 },
      f_score = { values = 22, from = "integer", cuts = { 1, 2.5, 2.5, 4 } },
      r_score = { values = 0, from = "integer" },
    }, learned)
  end)

  it("is what docs/models.md shows", function()
    local file = assert(io.open("docs/models.md"))
    local shown = file:read("a"):match("```json\n(.-)```")
    file:close()
    local learned, text = read(shown)
    assert.equal(shown, text)
    assert.equal(4, #learned.f_score.cuts)
  end)

  it("stands in order of names, whatever order it was read in", function()
    local cuts = '    "f_score": {"values":22,"from":"integer","cuts":[1,2.5,2.5,4]},\n'
    local at, behind = good:find(cuts, 1, true)
    local moved = good:sub(1, at - 1) .. good:sub(behind + 1)
    moved = moved:gsub('"learned": {\n', function(s)
      return s .. cuts
    end)
    assert.not_equal(good, moved)
    assert.equal(good, select(2, read(moved)))
  end)

  it("keeps every number to the bit", function()
    math.randomseed(7)
    local numbers = { 0x1p53, 0x1p53 + 2, 0x1p63, -0x1p60, 1e22, 5e-324, 2.2250738585072014e-308,
      1.7976931348623157e308, 0.1, 1 / 3, -0.0, 123456789012345.67 }
    for _ = 1, 400 do
      local x = string.unpack("d", string.pack("i8", math.random(0)))
      if x == x and x ~= math.huge and x ~= -math.huge then
        numbers[#numbers + 1] = x
      end
    end
    table.sort(numbers)
    for first = 1, #numbers - 1, 99 do
      local some = { table.unpack(numbers, first, math.min(first + 98, #numbers)) }
      local texts = {}
      for i, x in ipairs(some) do
        texts[i] = ("%.17e"):format(x)
      end
      local text = good:gsub("%[1,2.5,2.5,4%]", "[" .. table.concat(texts, ",") .. "]")
      local learned, printed = read(text)
      local again = read(printed)
      for i, x in ipairs(some) do
        assert.equal(string.pack("d", x), string.pack("d", learned.f_score.cuts[i]))
        assert.equal(string.pack("d", x), string.pack("d", again.f_score.cuts[i]))
      end
    end
  end)

  it("is refused with its place where it is damaged", function()
    for _, case in ipairs({
      { '"as_of": "2025-06-30"', '"as_of": "2025-06-31"', ":6:12: this must be a day" },
      { '"currency": "CNY",', "", ":1:1: \"currency\" is missing here" },
      { '"currency": "CNY"', '"currency": 7', ":7:15: this must be a string" },
      { '"currency": "CNY"', '"currency": "CNY", "colour": 1', "no key \"colour\" here" },
      { '"decimals": 2', '"decimals": 2.5', ":8:15: this must be a whole number" },
      { '"decimals": 2', '"decimals": 5', ":8:15: this must be a whole number" },
      { '"decimals": 2', '"customers": 2', "stands here for the second time" },
      { '"customers": 24', '"customers": 9007199254740993', "may lose digits" },
      { '"customers": 24', '"customers": -1', "a whole number" },
      { "[1,2.5,2.5,4]", "[1,2.5,2.25,4]", ":12:60: cuts rise" },
      { "[1,2.5,2.5,4]", "[]", ":12:53: this must be a list" },
      { "[1,2.5,2.5,4]", "[1,null]", ":12:56: this must be a number" },
      { "[1,2.5,2.5,4]", "[1,1e999]", ":12:56: this must be a number" },
      { '"total":123456,', "", "no key \"top\" here" },
      { '"total":123456', '"total":0', ":11:54: the total must be above 0" },
      { ',"tail":-5', "", "\"tail\" is missing here" },
      { '"from":"integer","cuts"', '"from":"colour","cuts"', ":12:36: this is no type" },
      { '"values":22,', "", "\"values\" is missing here" },
      { '"learned": {', '"learned": 4, "x": {', "no key \"x\" here" },
      { '"patron_model": 1', '"patron_model": 2',
        ":2:19: a model of format 2, by Patron 0.1.0; this one reads format 1" },
      { '"patron_model": 1,', "", "is no model: `patron fit DATA POLICY -o FILE` writes one" },
      { "}\n}", "}", "this is no JSON" },
      { "}\n}", "}\n}{}", "this is no JSON" },
    }) do
      local message, status = with(case[1], case[2])
      assert.truthy(message, case[2])
      assert.equal(1, status)
      assert.truthy(message:find("MODEL:", 1, true) == 1, message)
      assert.truthy(message:find(case[3], 1, true), message)
    end
  end)

  it("survives any cut and any byte", function()
    for n = 0, #good - 3 do
      assert.is_nil((read(good:sub(1, n))))
    end
    for at = 1, #good do
      for _, byte in ipairs({ "\0", "\255", '"', "9", "{" }) do
        read(good:sub(1, at - 1) .. byte .. good:sub(at + 1)) -- must come back
      end
    end
  end)
end)
