local base = require("patron_core").base

describe("numbers as text", function()
  it("read as Lua reads them", function()
    for _, text in ipairs({ "0", "1", "-1", "12.5", "1e3", "0.1", "123456789.123456789", "5e-324",
      "1.7976931348623157e308", "9007199254740993", "0.30000000000000004", "1e22", "1e23" }) do
      assert.equal(tonumber(text) + 0.0, base.double(text), text)
    end
  end)

  it("refuse what is no number", function()
    for _, text in ipairs({ "", "-", ".", "1,5", "0x10", "inf", "nan", "1e", "1 2", "--1",
      "1e400" }) do
      assert.is_nil(base.double(text), text)
    end
    assert.equal(1.5, base.double("1,5", ","))
  end)

  it("print so that they read back the same, at random", function()
    math.randomseed(7)
    for _ = 1, 20000 do
      local x = string.unpack("d", string.pack("i8", math.random(0)))
      if x == x and math.abs(x) ~= math.huge then
        local text = base.print_double(x)
        assert.equal(x, base.double(text), text)
        assert.equal(x, tonumber(text) + 0.0)
      end
    end
  end)

  it("print the digits that printf finds first", function()
    local function significant(text)
      return (text:gsub("^-", ""):gsub("e.*", ""):gsub("%.", ""):gsub("^0+", ""):gsub("0+$", ""))
    end
    local function check(x)
      local digits, wanted = 15
      repeat
        wanted = ("%%.%dg"):format(digits):format(x)
        digits = digits + 1
      until tonumber(wanted) == x
      local text = base.print_double(x)
      assert.equal(significant(wanted), significant(text))
      assert.equal(x, base.double(text))
    end
    math.randomseed(8)
    for power = -25, 60 do
      for _ = 1, 300 do
        check((1 + math.random()) * 2.0 ^ power)
        check(-math.random(1 << 53) * 2.0 ^ (power - 53)) -- among them halves of the last digit
        check(tonumber(("%de%d"):format(math.random(10 ^ 15 // 1, 10 ^ 17 // 1), power - 30)))
      end
      for step = -3, 3 do -- the doubles on both sides of a power of two are not as near
        local bits = string.unpack("i8", string.pack("d", 2.0 ^ power))
        check((string.unpack("d", string.pack("i8", bits + step))))
      end
    end
  end)

  it("print shortest, integers without a point", function()
    local cases = { [0.1] = "0.1", [3.0] = "3", [1e300] = "1e+300", [-2.5] = "-2.5", [0.3] = "0.3",
      [1e15] = "1000000000000000", [0.1 + 0.2] = "0.30000000000000004", [1e-7] = "1e-7",
      [123456.789] = "123456.789", [1 / 3] = "0.3333333333333333", [0.00001234] = "0.00001234" }
    for x, text in pairs(cases) do
      assert.equal(text, base.print_double(x))
    end
  end)

  it("keep integers within int64", function()
    assert.equal(math.maxinteger, base.integer("9223372036854775807"))
    assert.equal(math.mininteger, base.integer("-9223372036854775808"))
    assert.is_nil(base.integer("9223372036854775808"))
    assert.is_nil(base.integer("-9223372036854775809"))
    assert.is_nil(base.integer("1.0"))
    for _, x in ipairs({ 0, -1, math.maxinteger, math.mininteger }) do
      assert.equal(("%d"):format(x), base.print_integer(x))
    end
  end)
end)

describe("money", function()
  it("is read exactly, rounding half to even beyond the currency's decimals", function()
    local cases = { ["12.5"] = 1250, ["0.01"] = 1, ["-3"] = -300, ["1.005"] = 100, ["1.015"] = 102,
      ["1.0151"] = 102, ["1.0051"] = 101, ["+7.10"] = 710, [".5"] = 50, ["2.994"] = 299 }
    for text, minor in pairs(cases) do
      assert.equal(minor, (base.money(text, 2)), text)
    end
    assert.is_true(select(2, base.money("1.005", 2)))
    assert.is_false(select(2, base.money("1.0500", 2)))
  end)

  it("refuses what is no amount, or too large", function()
    for _, text in ipairs({ "", "abc", "1,234.00", "1e3", "-", ".", "99999999999999999" }) do
      assert.is_nil((base.money(text, 2)), text)
    end
    assert.equal(1234, (base.money("12,34", 2, ",")))
  end)

  it("prints with its decimals", function()
    assert.equal("12.50", base.print_money(1250, 2))
    assert.equal("-0.05", base.print_money(-5, 2))
    assert.equal("7", base.print_money(7, 0))
    assert.equal("0.007", base.print_money(7, 3))
  end)

  it("rounds computed numbers to minor units in one place", function()
    assert.equal(1250, base.round_money(12.5, 2))
    assert.equal(2, base.round_money(0.025, 2)) -- half to even, on 2.5
    assert.is_nil(base.round_money(0 / 0, 2))
    assert.is_nil(base.round_money(1 / 0, 2))
    assert.is_nil(base.round_money(2 ^ 60, 2))
    for minor = -1000, 1000 do
      assert.equal(minor, base.round_money(minor / 100, 2))
    end
  end)

  it("knows the decimals of currencies", function()
    assert.same({ 2, 0, 3, -1, -1 }, { base.decimals("CNY"), base.decimals("JPY"),
      base.decimals("KWD"), base.decimals("yuan"), base.decimals("cny") })
  end)
end)
